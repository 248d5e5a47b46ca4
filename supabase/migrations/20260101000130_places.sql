-- Whose grid is this place: every enterprise and hazard is put into its grid by the database.

create function private.grid_at(place extensions.geometry) returns int language sql stable
set search_path = extensions, pg_temp as $$
  select g.id from public.grids g
  where g.kind = 'area' and g.retired_at is null and ST_Covers(g.boundary, place)
  order by g.level desc, g.area_m2, g.id
  limit 1
$$;
comment on function private.grid_at(extensions.geometry) is
  'The smallest area grid that covers a point (EPSG:4326): the deepest, on a shared border the smaller; null outside every grid.';

create function private.place_row() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  new.grid_id := private.grid_at(new.location);
  return new;
end $$;
comment on function private.place_row() is
  'Puts a new or moved row into its grid, whatever grid the writer named. DEFINER: reads all grids whoever writes.';
-- a bulk writer (import_enterprises, the seed) places its rows set-based, 6 times faster than row by row
create trigger place_new before insert on public.enterprises for each row
  when (current_setting('safegrid.placing', true) is distinct from 'bulk') execute function private.place_row();
create trigger place_moved before update of location on public.enterprises
  for each row execute function private.place_row();
create trigger place_new before insert on public.hazards for each row
  when (current_setting('safegrid.placing', true) is distinct from 'bulk') execute function private.place_row();
create trigger place_moved before update of location on public.hazards
  for each row execute function private.place_row();

-- Driven by polygon: nine times faster than the planner's own choice, and `offset 0` keeps it that way.
create function private.place_within(area extensions.geometry, may int[] default null) returns jsonb language plpgsql
set search_path = extensions, pg_temp as $$
declare
  enterprises int;
  hazards int;
begin
  with hit as materialized (
    select e.id, g.id as grid_id, g.level, g.area_m2
    from public.grids g
    cross join lateral (
      select x.id from public.enterprises x
      where ST_Covers(g.boundary, x.location) and (area is null or x.location && area) offset 0) e
    where g.kind = 'area' and g.retired_at is null and (area is null or g.boundary && area)
  ), best as (
    select distinct on (h.id) h.id, h.grid_id from hit h order by h.id, h.level desc, h.area_m2, h.grid_id
  )
  update public.enterprises e set grid_id = b.grid_id
  from public.enterprises old left join best b on b.id = old.id
  where e.id = old.id and (area is null or old.location && area) and old.grid_id is distinct from b.grid_id
    and (may is null or old.grid_id is null or old.grid_id = any (may));
  get diagnostics enterprises = row_count;

  with hit as materialized (
    select h.id, g.id as grid_id, g.level, g.area_m2
    from public.grids g
    cross join lateral (
      select x.id from public.hazards x
      where x.state not in ('closed', 'rejected')
        and ST_Covers(g.boundary, x.location) and (area is null or x.location && area) offset 0) h
    where g.kind = 'area' and g.retired_at is null and (area is null or g.boundary && area)
  ), best as (
    select distinct on (h.id) h.id, h.grid_id from hit h order by h.id, h.level desc, h.area_m2, h.grid_id
  )
  update public.hazards e set grid_id = b.grid_id
  from public.hazards old left join best b on b.id = old.id
  where e.id = old.id and old.state not in ('closed', 'rejected')
    and (area is null or old.location && area) and old.grid_id is distinct from b.grid_id
    and (may is null or old.grid_id is null or old.grid_id = any (may));
  get diagnostics hazards = row_count;

  return jsonb_build_object('enterprises', enterprises, 'hazards', hazards);
end $$;
comment on function private.place_within(extensions.geometry, int[]) is
  'may: only rows that are in one of these grids or in none (null: all), so that whoever draws a border cannot draw in what belongs to others. Puts every enterprise and every open hazard within the bounding box of area (null: everywhere) into its present grid, set-based. Closed hazards stay where they were closed. Returns how many moved.';
revoke execute on function private.grid_at(extensions.geometry), private.place_row(),
  private.place_within(extensions.geometry, int[]) from public;
grant execute on function private.grid_at(extensions.geometry), private.place_within(extensions.geometry, int[]) to service_role;
