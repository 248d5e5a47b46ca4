-- 专项行动: what was undertaken, where and when; marked on the curve of the risk, so that one sees what came of it.
create table public.campaigns (
  id int generated always as identity primary key,
  name text not null check (char_length(btrim(name)) between 1 and 80 and name !~ '[[:cntrl:]]'),
  starts date not null,
  ends date not null check (ends >= starts),
  grid_id int not null references public.grids (id),
  sector_ids int[] not null default '{}' check (array_position(sector_ids, null) is null and cardinality(sector_ids) <= 100),
  description text check (char_length(description) <= 4000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.campaigns is '专项行动, 打非治违, 集中整治: a time in which a grid and all below it did something particular. Written by administrators.';
comment on column public.campaigns.ends is 'The last day of it.';
comment on column public.campaigns.sector_ids is 'Sectors it is about; none: all of them.';
create index campaigns_grid_id_idx on public.campaigns (grid_id, starts);

create trigger touch before update on public.campaigns for each row execute function private.touch();

create function private.check_campaign() returns trigger language plpgsql set search_path = '' as $$
declare
  unknown int;
begin
  select x.id into unknown from unnest(new.sector_ids) x (id) where not exists (select from public.sectors s where s.id = x.id) limit 1;
  if unknown is not null then
    raise exception '没有编号为 % 的行业领域', unknown using errcode = 'check_violation';
  end if;
  return new;
end $$;
comment on function private.check_campaign() is 'A campaign names sectors that exist.';
revoke execute on function private.check_campaign() from public;
create trigger check_sectors before insert or update of sector_ids on public.campaigns
  for each row execute function private.check_campaign();

alter table public.campaigns enable row level security;
revoke all on public.campaigns from anon, authenticated;
grant select, delete on public.campaigns to authenticated;
grant insert (name, starts, ends, grid_id, sector_ids, description), update (name, starts, ends, grid_id, sector_ids, description)
  on public.campaigns to authenticated;
create policy "People know the campaigns of the grids whose card they see" on public.campaigns
  for select to authenticated
  using ((select private.sees_all()) or grid_id = any ((select private.my_public_grid_ids())::int[]));
create policy "Administrators announce campaigns" on public.campaigns
  for insert to authenticated with check ((select private.is_admin()));
create policy "Administrators correct campaigns" on public.campaigns
  for update to authenticated using ((select private.is_admin())) with check ((select private.is_admin()));
create policy "Administrators remove campaigns" on public.campaigns
  for delete to authenticated using ((select private.is_admin()));
