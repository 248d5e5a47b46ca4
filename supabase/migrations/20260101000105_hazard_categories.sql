-- 隐患类别 ⚙: what kind of hazard it is, in the standard words of the field. The list is the county's own.
create table public.hazard_categories (
  id int generated always as identity primary key,
  code text not null unique check (code ~ '^[a-z][a-z0-9_]{0,39}$'),
  name text not null unique check (char_length(btrim(name)) between 1 and 30 and name = btrim(name)),
  sort int not null default 0,
  alike boolean not null default true,
  retired_at timestamptz
);
comment on table public.hazard_categories is
  '隐患类别 ⚙, each hazard has one or none. Administrators add, rename, sort and retire them; none is removed, for hazards and their history name it.';
comment on column public.hazard_categories.alike is
  'Whether hazards of it at one enterprise are 同类隐患 for the warning rule repeats; false: a mixed bag, the title decides.';
comment on column public.hazard_categories.retired_at is
  'Not chosen any more for what was found since; what has it keeps it. Null: in use.';

insert into public.hazard_categories (code, name, sort, alike) values
  ('fire', '消防安全', 10, true),
  ('electrical', '用电安全', 20, true),
  ('gas', '燃气安全', 30, true),
  ('hazchem', '危险化学品', 40, true),
  ('special_equipment', '特种设备', 50, true),
  ('confined_space', '有限空间', 60, true),
  ('special_work', '特殊作业', 70, true),
  ('facilities', '设备设施', 80, true),
  ('construction', '建筑施工', 90, true),
  ('transport', '交通运输', 100, true),
  ('site', '现场管理', 110, true),
  ('training', '教育培训', 120, true),
  ('records', '制度台账', 130, true),
  ('emergency', '应急管理', 140, true),
  ('other', '其他', 150, false);

alter table public.hazard_categories enable row level security;
revoke all on public.hazard_categories from anon, authenticated;
revoke delete, truncate on public.hazard_categories from service_role;
grant select on public.hazard_categories to authenticated;
grant insert (code, name, sort, alike, retired_at), update (code, name, sort, alike, retired_at) on public.hazard_categories to authenticated;
create policy "Everyone who is signed in knows the categories" on public.hazard_categories
  for select to authenticated using (true);
create policy "Administrators add categories" on public.hazard_categories
  for insert to authenticated with check ((select private.is_admin()));
create policy "Administrators change categories" on public.hazard_categories
  for update to authenticated using ((select private.is_admin())) with check ((select private.is_admin()));

create function private.category_named(word text) returns int language sql stable set search_path = '' as $$
  select k.id from public.hazard_categories k
  where char_length(word) <= 60 and (k.code = btrim(word) or k.name = btrim(word) or k.id::text = btrim(word))
  order by k.code = btrim(word) desc, k.name = btrim(word) desc
  limit 1
$$;
comment on function private.category_named(text) is
  'A category of hazards by its code, else its name, else its id, also a retired one; null when there is none, or for more than 60 characters.';

revoke execute on function private.category_named(text) from public;
