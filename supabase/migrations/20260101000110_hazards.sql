-- 隐患: from the report to the closure. Columns for the whole loop; written only through RPCs.
create table public.hazards (
  id uuid primary key default gen_random_uuid(),
  code text not null unique check (code ~ '^YH-[0-9]{8}-[0-9]{4,}$'),
  client_id uuid unique,
  title text not null check (char_length(title) between 1 and 120),
  description text check (char_length(description) <= 4000),
  severity text not null default 'general' check (severity in ('general', 'major')),
  state text not null default 'reported'
    check (state in ('reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed', 'rejected')),
  source text not null default 'patrol'
    check (source in ('patrol', 'inspection', 'enterprise', 'department', 'public', 'online')),
  sector_id int references public.sectors (id),
  category_id int references public.hazard_categories (id),
  enterprise_id uuid references public.enterprises (id),
  grid_id int references public.grids (id),
  location extensions.geometry(Point, 4326) not null,
  found_at timestamptz not null default now(),
  reported_by uuid references public.profiles (id),
  verified_by uuid references public.profiles (id),
  verified_at timestamptz,
  assigned_to uuid references public.profiles (id),
  assigned_by uuid references public.profiles (id),
  assigned_at timestamptz,
  rectifier uuid references public.profiles (id),
  submitted_at timestamptz,
  reviewer uuid references public.profiles (id),
  closed_at timestamptz,
  due_at timestamptz,
  assurance_person text check (char_length(assurance_person) <= 60),
  assurance_funds numeric(14, 2) check (assurance_funds >= 0),
  assurance_measures text check (char_length(assurance_measures) <= 2000),
  assurance_deadline date,
  assurance_plan text check (char_length(assurance_plan) <= 2000),
  funds_spent numeric(14, 2) check (funds_spent >= 0),
  listed_level text check (listed_level in ('county', 'province')),
  listed_at timestamptz,
  published_at timestamptz,
  delisted_at timestamptz,
  extension_asked_at timestamptz,
  extension_asked_by uuid references public.profiles (id),
  extension_until date,
  escalated_to int references public.grids (id),
  photos jsonb not null default '[]' check (jsonb_typeof(photos) = 'array'),
  version int not null default 1,
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint hazards_reviewer_is_not_the_rectifier check (reviewer is null or rectifier is null or reviewer <> rectifier),
  constraint hazards_closed_has_its_time check ((state = 'closed') = (closed_at is not null)),
  constraint hazards_location_is_a_place check (
    extensions.st_x(location) between -180 and 180 and extensions.st_y(location) between -90 and 90)
);
comment on table public.hazards is
  '隐患. Loop: reported → verified → assigned → rectifying → submitted → closed, or rejected. Open: neither closed nor rejected. Overdue: open and past due_at.';
comment on column public.hazards.code is 'YH-yyyymmdd-nnnn.';
comment on column public.hazards.client_id is 'Made by the device that reported it: the same one twice is one hazard.';
comment on column public.hazards.grid_id is 'The smallest area grid that covers the location, kept by trigger; null: outside every grid.';
comment on column public.hazards.category_id is '隐患类别; null: nobody chose one.';
comment on column public.hazards.location is 'EPSG:4326, lon/lat degrees.';
comment on column public.hazards.assurance_funds is '五落实, funds: yuan.';
comment on column public.hazards.funds_spent is 'Yuan.';
comment on column public.hazards.listed_level is '挂牌督办 at this level; null: never listed.';
comment on column public.hazards.due_at is 'By when the present step is to be done, by the terms in hazard_terms; the rectification''s from the assignment on.';
comment on column public.hazards.listed_at is 'When it was filed for supervised listing; published_at: when that was made public.';
comment on column public.hazards.extension_until is 'An extension asked for and not yet decided: the day asked for.';
comment on column public.hazards.escalated_to is 'Overdue: the grid up the tree that is called upon, see escalate_overdue(); null: not overdue.';
comment on column public.hazards.photos is 'Paths in the bucket hazards, as reported (before); those of later steps are in hazard_events.';
comment on column public.hazards.version is 'Grows with every step of the loop; a client names the version it acted on.';
comment on column public.hazards.row_version is 'Grows with every change of the row; a client keeps the higher.';
create index hazards_grid_id_idx on public.hazards (grid_id);
create index hazards_sector_id_idx on public.hazards (sector_id);
create index hazards_category_id_idx on public.hazards (category_id);
create index hazards_enterprise_id_idx on public.hazards (enterprise_id);
create index hazards_found_at_idx on public.hazards (found_at desc, id desc);
create index hazards_open_idx on public.hazards (grid_id, due_at) where state not in ('closed', 'rejected');
create index hazards_location_gist on public.hazards using gist (location);
create index hazards_reported_by_idx on public.hazards (reported_by);
create index hazards_verified_by_idx on public.hazards (verified_by);
create index hazards_assigned_to_idx on public.hazards (assigned_to);
create index hazards_assigned_by_idx on public.hazards (assigned_by);
create index hazards_rectifier_idx on public.hazards (rectifier);
create index hazards_reviewer_idx on public.hazards (reviewer);
create index hazards_extension_asked_by_idx on public.hazards (extension_asked_by);
create index hazards_escalated_to_idx on public.hazards (escalated_to);
create index hazards_due_at_idx on public.hazards (due_at) where state not in ('closed', 'rejected');

create trigger touch before update on public.hazards for each row execute function private.touch_version();

alter table public.hazards enable row level security;
revoke all on public.hazards from anon, authenticated;
-- every change is a step with a name under it: report_hazard(), advance_hazard(), for the service key too
revoke insert, update, delete, truncate on public.hazards from service_role;
grant select on public.hazards to authenticated;
create policy "People see hazards of their grids, sectors and own enterprise" on public.hazards
  for select to authenticated
  using (
    (select private.sees_all())
    or grid_id = any ((select private.my_grid_ids())::int[])
    or sector_id = any ((select private.my_sector_ids())::int[])
    or private.sector_grid(sector_id, grid_id) = any ((select private.my_sector_grids())::bigint[])
    or enterprise_id = any ((select private.my_enterprise_ids())::uuid[]));

-- the same words for SECURITY DEFINER reads: see private.my_enterprises
create view private.my_hazards as
  select h.*,
    h.state not in ('closed', 'rejected') as is_open,
    h.state not in ('closed', 'rejected') and h.due_at is not null and h.due_at < now() as is_overdue
  from public.hazards h
  where (select private.sees_all())
    or h.grid_id = any ((select private.my_grid_ids())::int[])
    or h.sector_id = any ((select private.my_sector_ids())::int[])
    or private.sector_grid(h.sector_id, h.grid_id) = any ((select private.my_sector_grids())::bigint[])
    or h.enterprise_id = any ((select private.my_enterprise_ids())::uuid[]);
comment on view private.my_hazards is 'Hazards of the asker''s scope, as the policy on hazards says it, with open and overdue said once.';
