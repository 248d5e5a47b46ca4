-- What the boundary editor opens: one grid and all that lies below it, exact.

create function private.may_edit_below(grid int) returns boolean language sql stable security definer set search_path = '' as $$
  select private.is_admin() or grid = any (private.my_led_grid_ids())
$$;
comment on function private.may_edit_below(int) is 'Whether the asker may change the children of a grid: administrator, leader or deputy of it or of one above.';

create function private.next_code(parent int) returns text language plpgsql stable security definer set search_path = '' as $$
declare
  above record;
  stem text;
  width int;
  last numeric;
  wanted text;
begin
  select g.code, g.level into above from public.grids g where g.id = parent;
  -- the pattern: the parent's code and a number of fixed width; else whatever most children begin with
  select s.stem, s.width, s.last into stem, width, last
  from (
    select case when starts_with(c.code, above.code) and substr(c.code, length(above.code) + 1) ~ '^[0-9]+$' then above.code
        else regexp_replace(c.code, '[0-9]+$', '') end as stem, c.code
    from public.grids c where c.parent_id = parent and c.kind = 'area'
  ) child
  cross join lateral (select child.stem, length(child.code) - length(child.stem) as width, substr(child.code, length(child.stem) + 1) as number) part
  cross join lateral (select part.stem, part.width, part.number::numeric as last where part.number <> '') s
  group by s.stem, s.width, s.last
  order by count(*) over (partition by s.stem, s.width) desc, s.width desc, s.last desc
  limit 1;
  if stem is null then
    -- no child yet: as wide as elsewhere on this level
    stem := above.code;
    last := 0;
    select length(c.code) - length(p.code) into width
    from public.grids c join public.grids p on p.id = c.parent_id
    where c.level = above.level + 1 and c.kind = 'area' and c.retired_at is null
      and starts_with(c.code, p.code) and substr(c.code, length(p.code) + 1) ~ '^[0-9]+$'
    group by 1 order by count(*) desc limit 1;
    width := coalesce(width, 2);
  end if;
  loop
    last := last + 1;
    wanted := stem || lpad(last::text, greatest(width, length(last::text)), '0');
    exit when not exists (select from public.grids g where g.code = wanted and g.retired_at is null);
  end loop;
  return case when char_length(wanted) <= 40 then wanted end;
end $$;
comment on function private.next_code(int) is
  'A code for a new child after the pattern of the children there are or were: 120119106001 … 120119106050 gives 120119106051. Retired codes are not suggested again. null when it would be longer than 40.';

create function public.open_boundaries(p_grid int default null) returns json language plpgsql stable security definer
set search_path = extensions, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off as $$
declare
  root record;
  itself text;
  cells text;
  units text;
begin
  -- a grid above one's own is seen, but not all that lies below it: half a coverage would look full of gaps
  select g.id, g.path into root from public.grids g
  where g.id = p_grid and g.kind = 'area' and g.retired_at is null
    and (private.sees_all() or g.id = any (private.my_risk_grid_ids()));
  if root.id is null then
    return json_build_object('status', 'not_found');
  end if;
  -- joined as text: see grid_features()
  select string_agg(f.feature, ',') filter (where f.id = root.id),
    string_agg(f.feature, ',') filter (where f.id <> root.id and f.kind = 'area'),
    string_agg(f.feature, ',') filter (where f.kind = 'unit')
  into itself, cells, units
  from (
    select g.id, g.kind,
      '{"type":"Feature","id":' || g.id || ',"geometry":' || coalesce(ST_AsGeoJSON(coalesce(g.boundary, g.center), 7, 0), 'null')
      || ',"properties":{"id":' || g.id || ',"code":' || to_json(g.code) || ',"name":' || to_json(g.name) || ',"level":' || g.level
      || ',"kind":"' || g.kind || '","parent_id":' || coalesce(g.parent_id::text, 'null') || ',"version":' || g.version
      || ',"leader":' || coalesce(to_json(g.leaders)::text, 'null') || ',"population":' || coalesce(g.population::text, 'null') || '}}' as feature
    from public.grids g
    where g.path <@ root.path and g.kind <> 'department' and g.retired_at is null
    order by g.level, g.code
  ) f;
  return ('{"status":"ok","may_edit":' || private.may_edit_below(root.id)
    || ',"next_code":' || coalesce(to_json(private.next_code(root.id))::text, 'null')
    || ',"grid":' || itself
    || ',"cells":{"type":"FeatureCollection","features":[' || coalesce(cells, '')
    || ']},"units":{"type":"FeatureCollection","features":[' || coalesce(units, '') || ']}}')::json;
end $$;
comment on function public.open_boundaries(int) is
  'One area grid and everything below it for the boundary editor, exact to 7 decimals (EPSG:4326): {status: ok, may_edit, next_code, grid: Feature, cells: FeatureCollection of the area grids below at every level, units: of the units (footprint or point)}; properties id, code, name, level, kind, parent_id, version, leader, population. A grid that the asker does not see whole, that is retired, no area or not there: {status: not_found}. Returns json: see grid_features(). DEFINER: spatial read (RLS switches GiST off); applies the scope itself.';

revoke execute on all functions in schema private from public;
revoke execute on function public.open_boundaries(int) from public, anon;
grant execute on function public.open_boundaries(int) to authenticated, service_role;
