-- 盲区: what nobody answers for.

insert into public.settings (key, value) values ('staffing', '{"2": 2, "3": 1}') on conflict (key) do nothing;

create function public.blind_spots(p_grid int default null) returns jsonb language plpgsql stable security definer
set search_path = extensions, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off set work_mem = '64MB' as $$
declare
  everything boolean := private.sees_all();
  mine int[] := case when everything then null else private.my_risk_grid_ids() end;
  staffing jsonb := coalesce((select s.value from public.settings s where s.key = 'staffing' and jsonb_typeof(s.value) = 'object'), '{}');
  root record;
  parents int[];
  tiled int[];
  loose int[];
  asked int;
  answered int;
  gaps jsonb;
  unclaimed jsonb;
  understaffed jsonb;
begin
  select g.id, g.path, g.parent_id into root from public.grids g
  where g.id = p_grid and g.kind = 'area' and g.retired_at is null and (everything or g.id = any (mine));
  if p_grid is not null and root.id is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  parents := array(
    select g.id from public.grids g
    where g.kind = 'area' and g.retired_at is null and (everything or g.id = any (mine)) and (p_grid is null or g.path <@ root.path)
      and exists (select from public.grids c where c.parent_id = g.id and c.kind = 'area' and c.retired_at is null));

  -- most are tiled to the last digit, and that is proven without an overlay
  tiled := private.tiled_exactly(parents);
  loose := array(select p from unnest(parents) p where not p = any (tiled));
  with cut as materialized (
    select p.id, p.code, p.name, ST_Difference(p.boundary, (
      select ST_Union(c.boundary, 1e-8) from public.grids c where c.parent_id = p.id and c.kind = 'area' and c.retired_at is null), 1e-8) as part
    from public.grids p where p.id = any (loose)
  ), gap as (
    select c.id, c.code, c.name, d.geom as ground, private.area_m2(d.geom) as area
    from cut c cross join lateral ST_Dump(ST_CollectionExtract(c.part, 3)) d
    where private.part_counts(d.geom, 1)
  )
  select (select count(*) from unnest(loose)), (select count(*) from cut where part is not null), (
    select coalesce(jsonb_agg(jsonb_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(g.ground, 7, 0)::jsonb,
      'properties', jsonb_build_object('grid_id', g.id, 'grid_code', g.code, 'grid_name', g.name, 'area_m2', round(g.area::numeric, 1)))
      order by g.area desc), '[]') from gap g)
  into asked, answered, gaps;
  if asked is distinct from answered then
    -- the embedded engine answers a failed overlay with no row at all
    return private.refusal('grid', 'INVALID_GEOMETRY', format('盲区没有算完（%s / %s）', answered, asked));
  end if;

  select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'name', e.name, 'lon', round(ST_X(e.location) * 1e6) / 1e6,
    'lat', round(ST_Y(e.location) * 1e6) / 1e6, 'sector', s.name, 'grid_code', g.code) order by e.name, e.id), '[]')
  into unclaimed
  from private.my_enterprises e
  left join public.sectors s on s.id = e.sector_id
  left join public.grids g on g.id = e.grid_id
  where e.status <> 'closed'
    -- outside of everything, or in a gap: the smallest grid around it has grids below, and none of them covers it
    and (e.grid_id = any (parents) or (e.grid_id is null and (p_grid is null or root.parent_id is null)));

  select coalesce(jsonb_agg(jsonb_build_object('grid_id', x.id, 'code', x.code, 'name', x.name, 'level', x.level, 'leaders', x.leaders,
    'members', x.members, 'needed', x.needed, 'missing', case when x.leaders = 0 then 'leader' else 'members' end,
    'lon', round(ST_X(x.center) * 1e6) / 1e6, 'lat', round(ST_Y(x.center) * 1e6) / 1e6) order by x.level, x.code), '[]')
  into understaffed
  from (
    select g.id, g.code, g.name, g.level, g.center, coalesce(m.leaders, 0) as leaders, coalesce(m.members, 0) as members,
      case when jsonb_typeof(staffing -> g.level::text) = 'number' then (staffing ->> g.level::text)::numeric else 0 end as needed
    from public.grids g
    left join (
      select m.grid_id, count(*) filter (where m.position = 'leader') as leaders, count(distinct m.user_id) as members
      from public.memberships m where m.position in ('leader', 'deputy', 'member') group by m.grid_id) m on m.grid_id = g.id
    where g.kind = 'area' and g.retired_at is null and (everything or g.id = any (mine)) and (p_grid is null or g.path <@ root.path)
  ) x
  where x.leaders = 0 or x.members < x.needed;

  return jsonb_build_object('status', 'ok', 'gaps', jsonb_build_object('type', 'FeatureCollection', 'features', gaps),
    'unclaimed_enterprises', unclaimed, 'understaffed', understaffed, 'unpatrolled', null);
end $$;
comment on function public.blind_spots(int) is
  'What nobody answers for in a grid and below it (null: the asker''s whole scope): {status, gaps: FeatureCollection (EPSG:4326) of ground that no child covers, with the grid that has the gap; unclaimed_enterprises: outside every grid (whole county only) or in a gap, grid_code being the grid that has it; understaffed: area grids without a leader, or with fewer people (leader, deputies, members) than settings key staffing, {"<level>": people}, asks for; unpatrolled: null, as patrols are not recorded yet}. {status: not_found} for a grid that the asker does not see whole. A gap counts as in commit_grid_boundaries(). DEFINER: spatial read; applies the scope itself.';

revoke execute on function public.blind_spots(int) from public, anon;
grant execute on function public.blind_spots(int) to authenticated, service_role;
