-- Boundaries as they were on any date, and who changed what and why.

create function public.boundaries_at(p_grid int default null, p_at timestamptz default null) returns json language plpgsql stable
security definer set search_path = extensions, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off as $$
declare
  visible int[] := case when private.sees_all() or p_grid = any (private.my_risk_grid_ids()) then null else private.my_public_grid_ids() end;
  moment timestamptz := coalesce(p_at, now());
  features text;
begin
  if not exists (select from public.grids g where g.id = p_grid and (visible is null or g.id = any (visible))) then
    return json_build_object('status', 'not_found');
  end if;
  -- joined as text: see open_boundaries()
  select string_agg('{"type":"Feature","id":' || v.grid_id || ',"geometry":' || ST_AsGeoJSON(v.boundary, 7, 0)
    || ',"properties":' || json_build_object('id', v.grid_id, 'code', v.code, 'name', v.name, 'level', g.level, 'parent_id', v.parent_id,
      'version', v.version, 'valid_from', v.valid_from, 'valid_to', v.valid_to, 'self', v.grid_id = p_grid) || '}',
    ',' order by v.grid_id <> p_grid, v.code, v.grid_id)
  into features
  from public.grid_versions v left join public.grids g on g.id = v.grid_id
  where v.valid_from <= moment and (v.valid_to is null or v.valid_to > moment)
    and (v.parent_id = p_grid or v.grid_id = p_grid) and v.kind = 'area' and v.boundary is not null
    and (visible is null or v.grid_id = any (visible));
  return ('{"type":"FeatureCollection","features":[' || coalesce(features, '') || ']}')::json;
end $$;
comment on function public.boundaries_at(int, timestamptz) is
  'FeatureCollection (EPSG:4326, 7 decimals) of a grid and its direct children, as both were at p_at (null: now): the grid itself first (self), then the children by code; properties id, code, name, level (of today), parent_id, version, valid_from, valid_to, self. Empty before the grid was drawn. {status: not_found} outside of the asker''s scope. json, not jsonb: see grid_features(). DEFINER: applies the scope of grid_versions itself.';

create function public.boundary_history(p_grid int default null, p_before timestamptz default null, p_limit int default null)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off as $$
declare
  visible int[] := case when private.sees_all() then null else private.my_public_grid_ids() end;
  most int := least(greatest(coalesce(p_limit, 30), 1), 200);
  root ltree;
  here int[];
  once int[];
  moments timestamptz[];
  answer jsonb;
begin
  select g.path into root from public.grids g where g.id = p_grid and (visible is null or g.id = any (visible));
  if root is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  here := array(select g.id from public.grids g where g.path <@ root and (visible is null or g.id = any (visible)));
  -- what once lay below and was given away belongs to this history until it left
  once := array(
    select distinct v.grid_id from public.grid_versions v
    where v.parent_id = any (here) and not v.grid_id = any (here)
      and (visible is null or v.parent_id = any (private.my_risk_grid_ids())));
  moments := array(
    select v.valid_from from public.grid_versions v
    left join public.grid_versions o on o.grid_id = v.grid_id and o.version = v.version - 1
    where (v.grid_id = any (here) or v.grid_id = any (once) and (v.parent_id = any (here) or o.parent_id = any (here)))
      and (p_before is null or v.valid_from < p_before)
    group by v.valid_from order by v.valid_from desc limit most + 1);

  with change as (
    select v.valid_from, v.changed_by, v.note, v.grid_id, v.code, v.name, v.version,
      case when v.retired then 'retired' when o.grid_id is null then 'created' when o.parent_id is distinct from v.parent_id then 'moved'
        when v.boundary is distinct from o.boundary then 'reshaped' else 'renamed' end as op,
      round(private.area_m2(o.boundary)) as area_before,
      case when v.grid_id = any (here) or v.parent_id = any (here) then round(private.area_m2(v.boundary)) end as area_after
    from public.grid_versions v
    left join public.grid_versions o on o.grid_id = v.grid_id and o.version = v.version - 1
    where v.valid_from = any (moments[:most])
      and (v.grid_id = any (here) or v.grid_id = any (once) and (v.parent_id = any (here) or o.parent_id = any (here)))
  ), edit as (
    select c.valid_from, c.changed_by, c.note, jsonb_agg(jsonb_build_object('grid_id', c.grid_id, 'code', c.code, 'name', c.name, 'op', c.op,
      'version', c.version, 'area_before', c.area_before, 'area_after', c.area_after) order by c.code, c.grid_id, c.version) as changes
    from change c group by c.valid_from, c.changed_by, c.note
  )
  select jsonb_agg(jsonb_build_object('at', e.valid_from, 'by', p.name, 'note', e.note, 'changes', e.changes) order by e.valid_from desc, p.name)
  into answer
  from edit e left join public.profiles p on p.id = e.changed_by;
  return jsonb_build_object('status', 'ok', 'edits', coalesce(answer, '[]'), 'next', case when cardinality(moments) > most then moments[most] end);
end $$;
comment on function public.boundary_history(int, timestamptz, int) is
  'Who changed what and why in a grid and all below it, retired grids and those given away included, newest first: {status, edits: [{at, by (null: the seed or the service key), note, changes: [{grid_id, code, name, op: created | reshaped | renamed | moved | retired, version, area_before, area_after}]}], next}. One edit is one commit; areas in m². p_before: only earlier ones (next of the page before); p_limit 30 (1..200) edits. {status: not_found} outside of the asker''s scope. DEFINER: applies the scope of grid_versions itself.';

revoke execute on function public.boundaries_at(int, timestamptz), public.boundary_history(int, timestamptz, int) from public, anon;
grant execute on function public.boundaries_at(int, timestamptz), public.boundary_history(int, timestamptz, int) to authenticated, service_role;
