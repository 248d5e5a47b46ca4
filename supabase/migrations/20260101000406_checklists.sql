-- 清单: 五落实五到位 of an enterprise, 五级五覆盖 of a grid, as found on one day.
create table public.checklists (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('five_assurances', 'five_levels')),
  enterprise_id uuid references public.enterprises (id) on delete cascade,
  grid_id int references public.grids (id),
  checked_at timestamptz not null default now(),
  checked_by uuid references public.profiles (id),
  created_at timestamptz not null default now(),
  constraint checklists_of_one_thing check (
    case kind when 'five_assurances' then enterprise_id is not null and grid_id is null
      else grid_id is not null and enterprise_id is null end)
);
comment on table public.checklists is '五落实 (five_assurances) of an enterprise or 五覆盖 (five_levels) of a grid, as found at one time; the newest holds until the next.';
create index checklists_enterprise_id_idx on public.checklists (enterprise_id, checked_at);
create index checklists_grid_id_idx on public.checklists (grid_id, checked_at);
create index checklists_checked_by_idx on public.checklists (checked_by);

create table public.checklist_items (
  checklist_id uuid not null references public.checklists (id) on delete cascade,
  code text not null check (code ~ '^[a-z][a-z0-9_]{0,39}$'),
  name text not null check (char_length(name) between 1 and 60),
  done boolean not null,
  note text check (char_length(note) <= 2000),
  primary key (checklist_id, code)
);
comment on table public.checklist_items is 'The points of a checklist. Of the five assurances: responsibility 责任, funds 资金, measures 措施, deadline 时限, plan 预案.';

create function private.log_checklists() returns trigger language plpgsql security definer set search_path = extensions, pg_temp as $$
begin
  execute format(
    'insert into public.change_log (entity, row_id, op, grid_id, path, sector_id, enterprise_id)
     select ''checklist'', x.id::text, %L, g.id, g.path, e.sector_id, x.enterprise_id
     from (%s) x left join public.enterprises e on e.id = x.enterprise_id
     left join public.grids g on g.id = coalesce(x.grid_id, e.grid_id)',
    case when tg_argv[0] = 'items' then 'update' else lower(tg_op) end,
    case when tg_argv[0] = 'items'
      then 'select distinct c.id, c.enterprise_id, c.grid_id from after_change i join public.checklists c on c.id = i.checklist_id'
      else 'select n.id, n.enterprise_id, n.grid_id from after_change n' end);
  return null;
end $$;
comment on function private.log_checklists() is
  'Logs checklists where their enterprise or grid is; with the argument items those whose points changed. Without a version: a point has none. DEFINER: nobody else writes the log.';
create trigger log_new after insert on public.checklists referencing new table as after_change
  for each statement execute function private.log_checklists();
create trigger log_changed after update on public.checklists referencing new table as after_change
  for each statement execute function private.log_checklists();
create trigger log_gone after delete on public.checklists referencing old table as after_change
  for each statement execute function private.log_checklists();
create trigger log_new after insert on public.checklist_items referencing new table as after_change
  for each statement execute function private.log_checklists('items');
create trigger log_changed after update on public.checklist_items referencing new table as after_change
  for each statement execute function private.log_checklists('items');
create trigger log_gone after delete on public.checklist_items referencing old table as after_change
  for each statement execute function private.log_checklists('items');
revoke execute on function private.log_checklists() from public;

alter table public.checklists enable row level security;
alter table public.checklist_items enable row level security;
revoke all on public.checklists, public.checklist_items from anon, authenticated;
grant select on public.checklists, public.checklist_items to authenticated;
create policy "People see the checklists of the grids and enterprises they see" on public.checklists
  for select to authenticated
  using (
    (select private.sees_all())
    or grid_id = any ((select private.my_grid_ids())::int[])
    or enterprise_id in (select e.id from public.enterprises e));
create policy "Who sees a checklist sees its points" on public.checklist_items
  for select to authenticated
  using (checklist_id in (select c.id from public.checklists c));

create view private.assurance_gaps as
  select c.enterprise_id, c.id as checklist_id, c.checked_at as since, c.until
  from (
    select x.id, x.enterprise_id, x.checked_at,
      lead(x.checked_at) over (partition by x.enterprise_id order by x.checked_at, x.id) as until
    from public.checklists x where x.kind = 'five_assurances'
  ) c
  where exists (select from public.checklist_items i where i.checklist_id = c.id and not i.done);
comment on view private.assurance_gaps is
  'Enterprises with a missing assurance: since the check that found it until the next check (null: the newest). An enterprise that nobody has checked is not judged.';
revoke all on private.my_accidents, private.assurance_gaps from public;
