-- 事故: what happened all the same.
create table public.accidents (
  id uuid primary key default gen_random_uuid(),
  code text not null unique check (char_length(code) between 1 and 40 and code !~ '[[:cntrl:]]'),
  title text not null check (char_length(title) between 1 and 120),
  kind text not null check (char_length(kind) between 1 and 40),
  enterprise_id uuid references public.enterprises (id),
  sector_id int references public.sectors (id),
  grid_id int references public.grids (id),
  location extensions.geometry(Point, 4326) not null,
  occurred_at timestamptz not null check (isfinite(occurred_at)),
  deaths int not null default 0 check (deaths between 0 and 100000),
  serious_injuries int not null default 0 check (serious_injuries between 0 and 100000),
  minor_injuries int not null default 0 check (minor_injuries between 0 and 100000),
  loss numeric(16, 2) not null default 0 check (loss >= 0 and loss <> 'NaN'),
  grade smallint generated always as (
    case
      when deaths >= 30 or serious_injuries >= 100 or loss >= 100000000 then 1
      when deaths >= 10 or serious_injuries >= 50 or loss >= 50000000 then 2
      when deaths >= 3 or serious_injuries >= 10 or loss >= 10000000 then 3
      else 4
    end) stored,
  summary text check (char_length(summary) <= 4000),
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint accidents_location_is_a_place check (
    extensions.st_x(location) between -180 and 180 and extensions.st_y(location) between -90 and 90)
);
comment on table public.accidents is '生产安全事故. Grade by 生产安全事故报告和调查处理条例 §3.';
comment on column public.accidents.grade is '1 特别重大, 2 重大, 3 较大, 4 一般: by deaths ≥30/≥10/≥3, serious injuries ≥100/≥50/≥10 or direct loss ≥100/50/10 million yuan.';
comment on column public.accidents.minor_injuries is 'Light injuries: part of the figure 受伤, not of the grade.';
comment on column public.accidents.loss is 'Direct economic loss in yuan.';
comment on column public.accidents.kind is 'GB/T 6441: 物体打击, 高处坠落, 机械伤害 …';
comment on column public.accidents.grid_id is 'The smallest area grid that covers the location, kept by trigger; null: outside every grid.';
comment on column public.accidents.location is 'EPSG:4326, lon/lat degrees.';
create index accidents_grid_id_idx on public.accidents (grid_id);
create index accidents_sector_id_idx on public.accidents (sector_id);
create index accidents_enterprise_id_idx on public.accidents (enterprise_id);
create index accidents_occurred_at_idx on public.accidents (occurred_at);
create index accidents_location_gist on public.accidents using gist (location);

create trigger touch before update on public.accidents for each row execute function private.touch_version();
create trigger place_new before insert on public.accidents for each row execute function private.place_row();
create trigger place_moved before update of location on public.accidents for each row execute function private.place_row();
-- an accident recolours the map
create trigger log_new after insert on public.accidents referencing new table as after_change
  for each statement execute function private.log_changes('accident', 'grid_id', 'sector_id', 'enterprise_id', 'row_version');
create trigger log_changed after update on public.accidents referencing old table as before_change new table as after_change
  for each statement execute function private.log_changes('accident', 'grid_id', 'sector_id', 'enterprise_id', 'row_version');
create trigger log_gone after delete on public.accidents referencing old table as after_change
  for each statement execute function private.log_changes('accident', 'grid_id', 'sector_id', 'enterprise_id', 'row_version');

alter table public.accidents enable row level security;
revoke all on public.accidents from anon, authenticated;
grant select, delete on public.accidents to authenticated;
grant insert (id, code, title, kind, enterprise_id, sector_id, location, occurred_at, deaths, serious_injuries, minor_injuries, loss, summary),
  update (code, title, kind, enterprise_id, sector_id, location, occurred_at, deaths, serious_injuries, minor_injuries, loss, summary)
  on public.accidents to authenticated;
create policy "People see accidents of their grids, sectors and own enterprise" on public.accidents
  for select to authenticated
  using (
    (select private.sees_all())
    or grid_id = any ((select private.my_grid_ids())::int[])
    or sector_id = any ((select private.my_sector_ids())::int[])
    or private.sector_grid(sector_id, grid_id) = any ((select private.my_sector_grids())::bigint[])
    or enterprise_id = any ((select private.my_enterprise_ids())::uuid[]));
create policy "Administrators record accidents" on public.accidents
  for insert to authenticated with check ((select private.is_admin()));
create policy "Administrators correct accidents" on public.accidents
  for update to authenticated using ((select private.is_admin())) with check ((select private.is_admin()));
create policy "Administrators remove accidents" on public.accidents
  for delete to authenticated using ((select private.is_admin()));

-- the same words for SECURITY DEFINER reads: see private.my_enterprises
create view private.my_accidents as
  select a.* from public.accidents a
  where (select private.sees_all())
    or a.grid_id = any ((select private.my_grid_ids())::int[])
    or a.sector_id = any ((select private.my_sector_ids())::int[])
    or private.sector_grid(a.sector_id, a.grid_id) = any ((select private.my_sector_grids())::bigint[])
    or a.enterprise_id = any ((select private.my_enterprise_ids())::uuid[]);
comment on view private.my_accidents is 'Accidents of the asker''s scope, as the policy on accidents says it.';
