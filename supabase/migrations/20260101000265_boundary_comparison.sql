-- Two dates side by side: which grids gained ground, which lost it, and where.

create function private.ground(whole extensions.geometry, taken extensions.geometry) returns extensions.geometry
language sql immutable set search_path = extensions, pg_temp as $$
  select case when not ST_IsEmpty(d.left_over) then d.left_over end
  from (select ST_Multi(ST_CollectionExtract(ST_Difference(whole, taken, 1e-8), 3))) d (left_over)
$$;
comment on function private.ground(extensions.geometry, extensions.geometry) is
  'The part of `whole` outside of `taken` as polygons on a lattice of 1e-8 degrees (a millimetre); null when nothing is left.';

create function public.boundary_comparison(
  p_grid int default null, p_from timestamptz default null, p_to timestamptz default null)
returns json language plpgsql stable security definer set search_path = extensions, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off as $$
declare
  visible int[] := case when private.sees_all() or p_grid = any (private.my_risk_grid_ids()) then null else private.my_public_grid_ids() end;
  earlier timestamptz := least(p_from, coalesce(p_to, now()));
  later timestamptz := greatest(p_from, coalesce(p_to, now()));
  answer json;
begin
  if not exists (select from public.grids g where g.id = p_grid and (visible is null or g.id = any (visible))) then
    return json_build_object('status', 'not_found');
  elsif p_from is null then
    return private.refusal('from', 'MISSING_FIELD', '请选择比较的起始日期')::json;
  end if;
  with a as materialized (
    select v.grid_id, v.version, v.code, v.name, v.boundary from public.grid_versions v
    where v.valid_from <= earlier and (v.valid_to is null or v.valid_to > earlier)
      and (v.parent_id = p_grid or v.grid_id = p_grid) and v.boundary is not null and v.kind = 'area'
      and (visible is null or v.grid_id = any (visible))
  ), b as materialized (
    select v.grid_id, v.version, v.code, v.name, v.boundary from public.grid_versions v
    where v.valid_from <= later and (v.valid_to is null or v.valid_to > later)
      and (v.parent_id = p_grid or v.grid_id = p_grid) and v.boundary is not null and v.kind = 'area'
      and (visible is null or v.grid_id = any (visible))
  ), pairs as materialized (
    select coalesce(b.grid_id, a.grid_id) as id, coalesce(b.code, a.code) as code, coalesce(b.name, a.name) as name,
      a.version as version_before, b.version as version_after, a.name as name_before,
      a.boundary as before, b.boundary as after,
      case
        when a.grid_id is null then 'created'
        when b.grid_id is null then 'gone'
        when not a.boundary = b.boundary then 'reshaped'
        when a.name <> b.name or a.code <> b.code then 'renamed'
      end as op
    from a full join b on b.grid_id = a.grid_id
  ), changed as materialized (
    -- gridSize always: without it an overlay may fail, and on the embedded engine without a word
    select p.*,
      case p.op when 'created' then p.after when 'reshaped' then private.ground(p.after, p.before) end as gained,
      case p.op when 'gone' then p.before when 'reshaped' then private.ground(p.before, p.after) end as lost
    from pairs p where p.op is not null
  )
  select json_build_object('status', 'ok', 'from', earlier, 'to', later,
    'grids', coalesce(json_agg(json_build_object(
      'id', c.id, 'code', c.code, 'name', c.name, 'self', c.id = p_grid, 'op', c.op, 'name_before', c.name_before,
      'version_before', c.version_before, 'version_after', c.version_after,
      'area_before', private.area_m2(c.before), 'area_after', private.area_m2(c.after),
      'gained_m2', coalesce(private.area_m2(c.gained), 0), 'lost_m2', coalesce(private.area_m2(c.lost), 0),
      'gained', ST_AsGeoJSON(c.gained, 7, 0)::json, 'lost', ST_AsGeoJSON(c.lost, 7, 0)::json)
      order by c.id <> p_grid, c.code, c.id), '[]'))
  into answer
  from changed c;
  return answer;
end $$;
comment on function public.boundary_comparison(int, timestamptz, timestamptz) is
  'What became of a grid and its direct children between two moments (p_to null: now; the order of the two does not matter): {status, from, to, grids: [{id, code, name, self, op: created | gone | reshaped | renamed, name_before, version_before, version_after, area_before, area_after, gained_m2, lost_m2, gained, lost}]}; gained and lost are GeoJSON (EPSG:4326), null for none. Unchanged grids are left out; gone means retired or given to another parent. not_found outside of the asker''s scope. json, not jsonb: see grid_features(). DEFINER: computes on outlines; applies the scope of grid_versions itself.';

revoke execute on function private.ground(extensions.geometry, extensions.geometry) from public;
revoke execute on function public.boundary_comparison(int, timestamptz, timestamptz) from public, anon;
grant execute on function public.boundary_comparison(int, timestamptz, timestamptz) to authenticated, service_role;
