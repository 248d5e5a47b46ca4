-- The grid tree: areas that tile, units that do not, departments without a polygon.
create function private.is_grid_code(code text) returns boolean language sql immutable set search_path = '' as $$
  select char_length(code) <= 40 and code ~ '^[0-9A-Za-z]+([_-][0-9A-Za-z]+)*$'
$$;
comment on function private.is_grid_code(text) is
  'Whether a text can be the code of a grid: letters A–Z, digits, between them single hyphens or underscores, at most 40. So a code can be typed, spoken, stand in an address and in a file name.';
revoke execute on function private.is_grid_code(text) from public;
grant execute on function private.is_grid_code(text) to authenticated, service_role;

create table public.grids (
  id int generated always as identity primary key,
  code text not null check (private.is_grid_code(code)),
  name text not null check (char_length(name) between 1 and 60 and name !~ '[[:cntrl:]]'),
  initials text generated always as (private.pinyin_initials(name)) stored,
  level smallint not null default 1 check (level between 1 and 9),
  kind text not null default 'area' check (kind in ('area', 'unit', 'department')),
  parent_id int references public.grids (id) check (parent_id <> id),
  path extensions.ltree not null,
  boundary extensions.geometry(MultiPolygon, 4326),
  center extensions.geometry(Point, 4326),
  area_m2 float8,
  population int check (population >= 0),
  version int not null default 1 check (version >= 1),
  retired_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  leaders text,
  -- A map of the county is read a thousand times for each time it is written: made when the grid is written. By hand,
  -- for json_build_object() is not immutable; the checks keep control characters out of names.
  feature json generated always as ((
    '{"type":"Feature","id":' || id || ',"properties":{"id":' || id
    || ',"code":"' || replace(replace(code, '\', '\\'), '"', '\"') || '","name":"' || replace(replace(name, '\', '\\'), '"', '\"')
    || '","level":' || level || ',"kind":"' || kind || '","parent_id":' || coalesce(parent_id::text, 'null')
    || ',"version":' || version || ',"leader":' || coalesce('"' || replace(replace(leaders, '\', '\\'), '"', '\"') || '"', 'null')
    || ',"center":' || coalesce('[' || round(extensions.st_x(center) * 1e6) / 1e6 || ',' || round(extensions.st_y(center) * 1e6) / 1e6 || ']', 'null')
    || '},"geometry":' || coalesce(extensions.st_asgeojson(case
      when boundary is null then center
      when extensions.st_npoints(boundary) between 4 and 20000 then extensions.st_simplifyvw(boundary, 5e-7) end, 5, 0), 'null')
    || '}')::json) stored,
  constraint grids_area_has_boundary check (kind <> 'area' or boundary is not null),
  constraint grids_department_has_no_boundary check (kind <> 'department' or boundary is null),
  -- the count comes first: GEOS must never meet an endless ring
  constraint grids_boundary_is_valid check (
    boundary is null
    or case when extensions.st_npoints(boundary) between 4 and 20000 then extensions.st_isvalid(boundary) else false end)
);
comment on table public.grids is
  '网格. Written only through commit_grid_boundaries(); read directly by everyone for the grids of their scope and up the tree.';
comment on column public.grids.level is '1 county, 2 township, 3 village … : one more than the parent''s, kept by trigger.';
comment on column public.grids.kind is 'area 块: tiles its parent; unit 一个单位一个网格: a footprint or a point, does not tile; department 条: no polygon.';
comment on column public.grids.path is 'Ids from the root to this grid, joined by dots; kept by trigger.';
comment on column public.grids.boundary is 'EPSG:4326 (WGS84 = CGCS2000 at this precision), lon/lat degrees. Valid, not empty, 2D, at most 20,000 vertices.';
comment on column public.grids.leaders is 'Names of its leaders, for the map; kept by trigger from memberships and profiles.';
comment on column public.grids.feature is 'The grid as the map of a county draws it (GeoJSON, borders simplified for 0.0005 degrees a pixel); see grid_features(). Never for a question of where something lies.';
-- read whole and often, and short: not packed
alter table public.grids alter column feature set storage external;
comment on column public.grids.center is 'A point inside the boundary (EPSG:4326) for labels; kept by trigger, given only for units without a footprint.';
comment on column public.grids.area_m2 is 'Square metres, see private.area_m2(); kept by trigger.';
comment on column public.grids.version is 'Grows by one with every committed change; a client names the version it edited.';
comment on column public.grids.retired_at is 'Set when the grid was merged away or abolished; the row stays for history.';

create unique index grids_code_key on public.grids (code) where retired_at is null;
create unique index grids_one_root on public.grids ((parent_id is null)) where parent_id is null and retired_at is null;
create index grids_parent_id_idx on public.grids (parent_id);
create index grids_path_idx on public.grids (path);
create index grids_path_gist on public.grids using gist (path);
create index grids_boundary_gist on public.grids using gist (boundary);

alter table public.grids enable row level security;
revoke all on public.grids from anon, authenticated;
grant select on public.grids to authenticated;
create policy "People see the grids of their scope and those above them" on public.grids
  for select to authenticated
  using ((select private.sees_all()) or id = any ((select private.my_public_grid_ids())::int[]));

-- path, level, centre and area follow from parent and boundary
create function private.derive_grid() returns trigger language plpgsql security definer
set search_path = extensions, pg_temp as $$
declare
  parent record;
begin
  if tg_op = 'INSERT' or new.parent_id is distinct from old.parent_id
    or new.path is distinct from old.path or new.level is distinct from old.level then
    if new.parent_id is null then
      new.path := text2ltree(new.id::text);
      new.level := 1;
    else
      select p.path, p.level into parent from public.grids p where p.id = new.parent_id;
      if not found then
        raise exception '上级网格不存在：%', new.parent_id using errcode = '23503';
      elsif parent.path ~ format('*.%s.*', new.id)::lquery then
        raise exception '网格不能成为自己的下级：%', new.name using errcode = '23514';
      end if;
      new.path := parent.path || new.id::text;
      new.level := parent.level + 1;
    end if;
  end if;
  if new.boundary is not null and (tg_op = 'INSERT' or new.boundary is distinct from old.boundary
    or new.center is distinct from old.center or new.area_m2 is distinct from old.area_m2) then
    -- the largest part carries the label
    new.center := ST_PointOnSurface(new.boundary);
    new.area_m2 := private.area_m2(new.boundary);
  end if;
  new.updated_at := now();
  return new;
end $$;
comment on function private.derive_grid() is 'Keeps path, level, center and area_m2 of a grid. DEFINER: reads the parent whoever writes.';
create trigger derive before insert or update of parent_id, path, level, boundary, center, area_m2, code, name, kind, version, retired_at
  on public.grids for each row
  -- commit_grid_boundaries() derives them set-based when it creates many
  when (current_setting('safegrid.placing', true) is distinct from 'bulk')
  execute function private.derive_grid();

create function private.move_subtree() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.grids set path = null where parent_id = new.id;
  return null;
end $$;
comment on function private.move_subtree() is 'A grid moved in the tree takes its children along (path null asks derive_grid() to compute it anew).';
create trigger move_subtree after update on public.grids for each row
  when (old.path::text is distinct from new.path::text) execute function private.move_subtree();

-- the same words as the policy, for SECURITY DEFINER reads: RLS would switch the GiST index off (&& is not leakproof)
create view private.my_public_grids as
  select g.* from public.grids g
  where g.retired_at is null
    and ((select private.sees_all()) or g.id = any ((select private.my_public_grid_ids())::int[]));
comment on view private.my_public_grids is 'Present grids whose public card the asker sees, as the policy on grids says it.';
