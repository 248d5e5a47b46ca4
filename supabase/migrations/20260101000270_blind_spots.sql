-- 盲区: what nobody answers for.

insert into public.settings (key, value) values ('staffing', '{"2": 2, "3": 1}') on conflict (key) do nothing;

create function private.uncovered(parents int[], out asked int, out answered int, out parent_ids int[], out grounds extensions.geometry[])
language plpgsql stable set search_path = extensions, pg_temp as $$
begin
  with border as materialized (
    select g.parent_id as parent, 1 as sign, g.boundary from public.grids g
    where g.parent_id = any (parents) and g.kind = 'area' and g.retired_at is null
    union all
    select g.id, -1, g.boundary from public.grids g where g.id = any (parents)
  ), ring as (
    select c.parent, c.sign, ST_AsBinary(r.geom, 'NDR') as wkb, ST_NPoints(r.geom) as points
    from border c
    cross join lateral ST_Dump(ST_ForcePolygonCCW(c.boundary)) part
    cross join lateral ST_DumpRings(part.geom) r
    offset 0
  ), edge as (
    select r.parent, r.sign, substring(r.wkb from 14 + 16 * i for 16) as a, substring(r.wkb from 30 + 16 * i for 16) as b
    from ring r cross join lateral generate_series(0, r.points - 2) i
    offset 0
  ), left_over as (
    select e.parent, case when e.a < e.b then e.a || e.b else e.b || e.a end as ends from edge e
    group by 1, 2
    having sum(case when e.a < e.b then e.sign else -e.sign end) <> 0
  ), loose as materialized (
    select l.parent, count(*) as edges from left_over l group by l.parent
  ), net as materialized (
    -- how many children lie over a place changes on these edges only
    select l.parent, ST_Polygonize(l.lines) as faces from (
      select l.parent, ST_UnaryUnion(ST_Collect(ST_GeomFromWKB('\x010200000002000000'::bytea || l.ends, 4326)), 1e-8) as lines
      from left_over l join loose x on x.parent = l.parent and x.edges <= 600 group by l.parent) l
    group by l.parent
  ), cut as materialized (
    -- where hardly any border is shared there is nothing to save
    select p.id as parent, ST_Difference(p.boundary, (
      select ST_Union(c.boundary, 1e-8) from public.grids c where c.parent_id = p.id and c.kind = 'area' and c.retired_at is null), 1e-8) as part
    from loose x join public.grids p on p.id = x.parent where x.edges > 600
  ), face as (
    select n.parent, f.geom, ST_PointOnSurface(f.geom) as inside from net n cross join lateral ST_Dump(n.faces) f
  ), bare as materialized (
    select f.parent, f.geom from face f join public.grids p on p.id = f.parent
    where ST_Covers(p.boundary, f.inside) and private.part_counts(f.geom, 1) and not exists (
      select from public.grids c
      where c.parent_id = f.parent and c.kind = 'area' and c.retired_at is null and c.boundary && f.inside and ST_Covers(c.boundary, f.inside))
    union all
    select c.parent, d.geom from cut c cross join lateral ST_Dump(ST_CollectionExtract(c.part, 3)) d where private.part_counts(d.geom, 1)
  )
  select (select count(*) from loose),
    (select count(*) from net n where n.faces is not null) + (select count(*) from cut where part is not null),
    (select coalesce(array_agg(b.parent order by b.parent, b.geom::bytea), '{}') from bare b),
    (select array_agg(b.geom order by b.parent, b.geom::bytea) from bare b)
  into asked, answered, parent_ids, grounds;
end $$;
comment on function private.uncovered(int[]) is
  'Ground of these grids that none of their area children covers, in parts larger than 1 m² and wider than 1 m: parent_ids and grounds side by side. Borders as sums, see sums_to_nothing(): edges that cancel are no border of any gap, so only what is left over is noded and made into faces, and each face is asked at one place whether a child is there; where nearly everything is left over, an overlay is cheaper. asked and answered count the grids with edges left over and those whose faces came back.';

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
  asked int;
  answered int;
  gaps jsonb;
  unclaimed jsonb;
  understaffed jsonb;
  unpatrolled jsonb;
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

  select u.asked, u.answered, (
    select coalesce(jsonb_agg(jsonb_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(g.ground, 7, 0)::jsonb,
      'properties', jsonb_build_object('grid_id', p.id, 'grid_code', p.code, 'grid_name', p.name, 'area_m2', round(private.area_m2(g.ground)::numeric, 1)))
      order by private.area_m2(g.ground) desc), '[]')
    from unnest(u.parent_ids, u.grounds) g (parent, ground) join public.grids p on p.id = g.parent)
  into asked, answered, gaps
  from private.uncovered(parents) u;
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

  -- only of grids seen whole: a department is not told of patrols
  select coalesce(jsonb_agg(jsonb_build_object('grid_id', g.id, 'code', g.code, 'name', g.name, 'level', g.level,
    'periods', cardinality(u.starts), 'per', r.per, 'last', u.last_day, 'lon', round(ST_X(g.center) * 1e6) / 1e6,
    'lat', round(ST_Y(g.center) * 1e6) / 1e6) order by cardinality(u.starts) desc, g.code), '[]')
  into unpatrolled
  from private.unpatrolled(private.today(), 2, case when not everything or p_grid is not null then array(
    select g.id from public.grids g
    where (everything or g.id = any (private.my_grid_ids())) and (p_grid is null or g.path <@ root.path)) end) u
  join public.grids g on g.id = u.grid_id and g.kind = 'area' and g.retired_at is null
  join public.duty_rules r on r.id = u.rule_id;

  return jsonb_build_object('status', 'ok', 'gaps', jsonb_build_object('type', 'FeatureCollection', 'features', gaps),
    'unclaimed_enterprises', unclaimed, 'understaffed', understaffed, 'unpatrolled', unpatrolled);
end $$;
comment on function public.blind_spots(int) is
  'What nobody answers for in a grid and below it (null: the asker''s whole scope): {status, gaps: FeatureCollection (EPSG:4326) of ground that no child covers, with the grid that has the gap; unclaimed_enterprises: outside every grid (whole county only) or in a gap, grid_code being the grid that has it; understaffed: area grids without a leader, or with fewer people (leader, deputies, members) than settings key staffing, {"<level>": people}, asks for; unpatrolled: area grids, seen whole, in which nobody has patrolled for the last two finished periods of a patrol duty nor since: {grid_id, code, name, level, periods (how many without a patrol by now), per, last (day of the last patrol | null), lon, lat}}. {status: not_found} for a grid that the asker does not see whole. A gap counts as in commit_grid_boundaries(). DEFINER: spatial read; applies the scope itself.';

revoke execute on function private.uncovered(int[]) from public;
revoke execute on function public.blind_spots(int) from public, anon;
grant execute on function public.blind_spots(int) to authenticated, service_role;
