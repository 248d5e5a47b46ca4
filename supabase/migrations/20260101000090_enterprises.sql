-- 生产经营单位: what the county watches.
create table public.enterprises (
  id uuid primary key default gen_random_uuid(),
  code text not null unique check (char_length(code) between 1 and 40 and code !~ '[[:cntrl:]]'),
  name text not null check (char_length(name) between 1 and 120 and name !~ '[[:cntrl:]]'),
  initials text generated always as (private.pinyin_initials(name)) stored,
  sector_id int not null references public.sectors (id),
  grid_id int references public.grids (id),
  location extensions.geometry(Point, 4326) not null,
  address text check (char_length(address) <= 200),
  scale text not null default 'small' check (scale in ('above', 'small', 'micro', 'individual')),
  risk_level smallint check (risk_level between 1 and 4),
  level_by text not null default 'import' check (level_by in ('import', 'assessment')),
  declared_level smallint check (declared_level between 1 and 4),
  legal_rep text check (char_length(legal_rep) <= 60),
  phone text check (char_length(phone) <= 30),
  safety_lead text check (char_length(safety_lead) <= 60),
  safety_phone text check (char_length(safety_phone) <= 30),
  employees int check (employees between 0 and 1000000),
  licence_expiry date,
  major_hazard_source_grade smallint check (major_hazard_source_grade between 1 and 4),
  grade_by text not null default 'import' check (grade_by in ('import', 'assessment')),
  declared_grade smallint check (declared_grade between 1 and 4),
  status text not null default 'active' check (status in ('active', 'suspended', 'closed')),
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint enterprises_location_is_a_place check (
    extensions.st_x(location) between -180 and 180 and extensions.st_y(location) between -90 and 90)
);
comment on table public.enterprises is '生产经营单位. Written through import_enterprises(); put into its grid by the database.';
comment on column public.enterprises.code is '统一社会信用代码, or a local code.';
comment on column public.enterprises.grid_id is 'The smallest area grid that covers the location, kept by trigger; null: outside every grid (unclaimed).';
comment on column public.enterprises.location is 'EPSG:4326, lon/lat degrees.';
comment on column public.enterprises.scale is 'above 规模以上, small 小型, micro 微型, individual 个体.';
comment on column public.enterprises.risk_level is '1 red 重大, 2 orange 较大, 3 yellow 一般, 4 blue 低; null: not assessed.';
comment on column public.enterprises.level_by is 'import: risk_level is what was imported; assessment: it follows from risk points, see private.rejudge_enterprises(), and declared_level keeps what was imported for when there are none left.';
comment on column public.enterprises.grade_by is 'The same for major_hazard_source_grade: import, or assessment of its major_hazard_sources.';
comment on column public.enterprises.major_hazard_source_grade is 'Grade I–IV of GB 18218, 1 the gravest; null: no major hazard source.';
comment on column public.enterprises.row_version is 'Grows with every change; a client keeps the higher.';
create index enterprises_grid_id_idx on public.enterprises (grid_id);
create index enterprises_sector_id_idx on public.enterprises (sector_id);
create index enterprises_location_gist on public.enterprises using gist (location);

create trigger touch before update on public.enterprises for each row execute function private.touch_version();

create table public.enterprise_users (
  user_id uuid not null references public.profiles (id) on delete cascade,
  enterprise_id uuid not null references public.enterprises (id) on delete cascade,
  primary key (user_id, enterprise_id)
);
comment on table public.enterprise_users is 'Accounts of an enterprise. The only source of its users'' rights.';
create index enterprise_users_enterprise_id_idx on public.enterprise_users (enterprise_id);

alter table public.enterprises enable row level security;
alter table public.enterprise_users enable row level security;
revoke all on public.enterprises, public.enterprise_users from anon, authenticated;
grant select on public.enterprises to authenticated;
grant select, delete on public.enterprise_users to authenticated;
grant insert (user_id, enterprise_id) on public.enterprise_users to authenticated;
create policy "People see enterprises of their grids, sectors, and their own" on public.enterprises
  for select to authenticated
  using (
    (select private.sees_all())
    or grid_id = any ((select private.my_grid_ids())::int[])
    or sector_id = any ((select private.my_sector_ids())::int[])
    or private.sector_grid(sector_id, grid_id) = any ((select private.my_sector_grids())::bigint[])
    or id = any ((select private.my_enterprise_ids())::uuid[]));
create policy "People see the accounts of the enterprises they see" on public.enterprise_users
  for select to authenticated
  using (user_id = (select auth.uid()) or enterprise_id in (select e.id from public.enterprises e));
create policy "Administrators give an enterprise its accounts" on public.enterprise_users
  for insert to authenticated with check ((select private.is_admin()));
create policy "Administrators take an enterprise's accounts back" on public.enterprise_users
  for delete to authenticated using ((select private.is_admin()));

-- What the asker may see, for SECURITY DEFINER reads: the same words as the policy. RLS would switch the GiST index
-- off (geom && bbox is not leakproof), so map and ledgers read this view and the policy stays as the backstop.
create view private.my_enterprises as
  select e.* from public.enterprises e
  where (select private.sees_all())
    or e.grid_id = any ((select private.my_grid_ids())::int[])
    or e.sector_id = any ((select private.my_sector_ids())::int[])
    or private.sector_grid(e.sector_id, e.grid_id) = any ((select private.my_sector_grids())::bigint[])
    or e.id = any ((select private.my_enterprise_ids())::uuid[]);
comment on view private.my_enterprises is 'Enterprises of the asker''s scope, as the policy on enterprises says it.';
