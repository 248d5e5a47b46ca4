-- What must hold between grids, checked on the state after the change (the change is rolled back when it does not).

create type private.grid_change as (
  change int, id int, fresh boolean, retire boolean, version int, code text, name text, kind text,
  parent_id int, population int, boundary extensions.geometry, center extensions.geometry,
  old_parent_id int, old_boundary extensions.geometry, old_kind text, old_area_m2 float8, leader jsonb,
  members_to int, members_to_code text);
comment on type private.grid_change is
  'One element of p_changes, read, checked and filled up from the present state. change: its index in p_changes, from 0. old_*: as it was. leader: who shall lead a new grid. members_to: the grid that the people of a retired one go to, or its code.';

create function private.violation(code text, message text, change int, grid_id int default null, grid_code text default null,
  other_code text default null, area_m2 float8 default null, shape extensions.geometry default null)
returns jsonb language sql immutable set search_path = extensions, pg_temp as $$
  select jsonb_build_object('type', 'Feature',
    'geometry', case when shape is not null then ST_AsGeoJSON(shape, 7, 0)::jsonb end,
    'properties', jsonb_strip_nulls(jsonb_build_object('code', code, 'message', message, 'change', change, 'grid_id', grid_id,
      'grid_code', grid_code, 'other_code', other_code, 'area_m2', round(area_m2::numeric, 1))))
$$;
comment on function private.violation(text, text, int, int, text, text, float8, extensions.geometry) is
  'A violation as a GeoJSON feature; its geometry is the piece of ground that is wrong.';

-- Borders as sums: each ring walked counter-clockwise, an edge walked both ways cancels. Exact, without one overlay, and
-- what a file with shared borders and an edit on shared arcs give. Edges are compared as the bytes of WKB.
create type private.border as (parent int, sign int, shape extensions.geometry);
comment on type private.border is 'A polygon counted (sign 1) or discounted (-1) in the sum that belongs to parent.';

create function private.sums_to_nothing(borders private.border[]) returns int[] language plpgsql stable
set search_path = extensions, pg_temp as $$
begin
  return (
    with ring as (
      -- nearly every outline is one ring, and need not be taken apart: its first point is byte 23 of the WKB
      select c.parent, c.sign, ST_AsBinary(ST_Multi(ST_ForcePolygonCCW(c.shape)), 'NDR') as wkb, ST_NPoints(c.shape) as points, 23 as first
      from unnest(borders) c
      where ST_NRings(c.shape) = 1
      union all
      select c.parent, c.sign, ST_AsBinary(r.geom, 'NDR'), ST_NPoints(r.geom), 14
      from unnest(borders) c
      cross join lateral ST_Dump(ST_ForcePolygonCCW(c.shape)) part
      cross join lateral ST_DumpRings(part.geom) r
      where ST_NRings(c.shape) > 1
      offset 0
    ), edge as (
      select r.parent, r.sign, substring(r.wkb from at for 16) as a, substring(r.wkb from at + 16 for 16) as b
      from ring r cross join lateral generate_series(r.first, r.first + 16 * (r.points - 2), 16) at
      offset 0
    ), left_over as (
      select e.parent from edge e
      group by e.parent, case when e.a < e.b then e.a || e.b else e.b || e.a end
      having sum(case when e.a < e.b then e.sign else -e.sign end) <> 0
    )
    select coalesce(array_agg(p.parent), '{}') from (select distinct c.parent from unnest(borders) c where c.shape is not null) p
    where not exists (select from left_over l where l.parent = p.parent));
end $$;
comment on function private.sums_to_nothing(private.border[]) is
  'Parents whose borders cancel, edge by edge: as many polygons counted as discounted lie over every place. A parent that is missing here is only not proven this way.';

create function private.tiled_exactly(parents int[]) returns int[] language plpgsql stable
set search_path = extensions, pg_temp as $$
declare
  borders private.border[];
begin
  select array_agg(row(x.parent, x.sign, x.boundary)::private.border) into borders from (
    select g.parent_id as parent, 1 as sign, g.boundary from public.grids g
    where g.parent_id = any (parents) and g.kind = 'area' and g.retired_at is null
    union all
    select g.id, -1, g.boundary from public.grids g where g.id = any (parents)) x;
  return private.sums_to_nothing(borders);
end $$;
comment on function private.tiled_exactly(int[]) is
  'Of these grids the ones whose area children less the grid itself sum to nothing: they tile it, without overlap, gap, or ground outside.';

create function private.redistributed(work private.grid_change[], parents int[]) returns int[] language plpgsql stable
set search_path = extensions, pg_temp as $$
declare
  borders private.border[];
begin
  -- new children less old children, less new outline and plus old outline of the parent when it changes too
  select array_agg(row(x.parent, x.sign, x.boundary)::private.border) into borders from (
    select w.parent_id as parent, 1 as sign, w.boundary from unnest(work) w
    where not w.retire and w.kind = 'area' and w.parent_id = any (parents)
    union all
    select w.old_parent_id, -1, w.old_boundary from unnest(work) w where w.old_kind = 'area' and w.old_parent_id = any (parents)
    union all
    select w.id, -1, w.boundary from unnest(work) w where not w.retire and w.id = any (parents)
    union all
    select w.id, 1, w.old_boundary from unnest(work) w where w.id = any (parents)) x;
  return private.sums_to_nothing(borders);
end $$;
comment on function private.redistributed(private.grid_change[], int[]) is
  'Of these grids the ones within which the change only hands ground from child to child (and from the parent''s own new ground to them): over every place lie as many children as before, so nothing new overlaps, sticks out or is left uncovered, whatever the number of siblings. Looks at the changed outlines alone.';

create function private.overlaps(work private.grid_change[], proven int[], tolerance_m float8) returns jsonb language plpgsql stable
set search_path = extensions, pg_temp as $$
declare
  asked int;
  answered int;
  faults jsonb;
begin
  with pair as materialized (
    select w.change, a.id, a.code, a.name, a.boundary, b.code as other_code, b.name as other_name, b.boundary as other
    from unnest(work) w
    -- one after the other: the planner would begin with every pair of the county, though few of them are asked for
    cross join lateral (select g.* from public.grids g where g.id = w.id and g.kind = 'area' offset 0) a
    cross join lateral (
      select g.* from public.grids g
      where g.parent_id = a.parent_id and g.id <> a.id and g.kind = 'area' and g.retired_at is null and g.boundary && a.boundary
      offset 0) b
    where not w.retire and not w.parent_id = any (proven)
      and not exists (select from unnest(work) other where other.id = b.id and other.change < w.change and not other.retire)
  ), cut as materialized (
    select p.*, case when ST_Relate(p.boundary, p.other, '2********') then ST_Intersection(p.boundary, p.other, 1e-8)
      else ST_GeomFromText('POLYGON EMPTY', 4326) end as part
    from pair p
  ), fault as (
    select c.*, private.parts_that_count(c.part, tolerance_m, ST_Boundary(c.other)) as ground from cut c where not ST_IsEmpty(c.part)
  )
  select (select count(*) from pair), (select count(*) from cut where part is not null), (
    select coalesce(jsonb_agg(private.violation('OVERLAP',
      format('“%s”与“%s”重叠 %s', f.name, f.other_name, private.area_words(private.area_m2(f.ground))),
      f.change, f.id, f.code, f.other_code, private.area_m2(f.ground), f.ground) order by f.change, f.other_code), '[]')
    from fault f where f.ground is not null)
  into asked, answered, faults;
  if asked is distinct from answered then
    raise exception '重叠检查没有算完（% / %）', answered, asked using errcode = 'SG002';
  end if;
  return faults;
end $$;
comment on function private.overlaps(private.grid_change[], int[], float8) is
  'OVERLAP between siblings of which one is touched. PGlite answers a failed overlay with no row at all: rows are counted, a missing one is a failure (SG002).';

create function private.area_words(area_m2 float8) returns text language sql immutable set search_path = '' as $$
  select btrim(to_char(u.figure::numeric, case
      when u.figure >= 100 or u.unit = '平方米' and u.figure >= 10 then 'FM999,999,999,990'
      when u.figure >= 10 or u.unit = '平方米' then 'FM990.9' else 'FM990.99' end), ' .') || ' ' || u.unit
  from (
    select case when area_m2 < 1e4 then area_m2 when area_m2 < 1e6 then area_m2 / 1e4 else area_m2 / 1e6 end as figure,
      case when area_m2 < 1e4 then '平方米' when area_m2 < 1e6 then '公顷' else '平方公里' end as unit) u
$$;
comment on function private.area_words(float8) is
  'An area (m²) in the unit one would say it in: 平方米 below a hectare, 公顷 below a square kilometre, then 平方公里; about three figures, as the editor writes it.';

create function private.outside_parent(work private.grid_change[], proven int[], tolerance_m float8) returns jsonb language plpgsql stable
set search_path = extensions, pg_temp as $$
declare
  asked int;
  answered int;
  faults jsonb;
begin
  with pair as materialized (
    -- a touched grid within its parent; an untouched child within its touched parent
    select w.change, c.id, c.code, c.name, c.boundary, c.center, p.code as parent_code, p.name as parent_name, p.boundary as parent,
      false as orphaned
    from unnest(work) w
    join public.grids c on c.id = w.id
    join public.grids p on p.id = c.parent_id and p.boundary is not null
    where not w.retire and not (w.kind = 'area' and w.parent_id = any (proven))
    union all
    select w.change, c.id, c.code, c.name, c.boundary, c.center, p.code, p.name, p.boundary, true
    from unnest(work) w
    join public.grids p on p.id = w.id and p.boundary is not null
    join public.grids c on c.parent_id = p.id and c.retired_at is null
    where not w.retire and not w.fresh and not (c.kind = 'area' and p.id = any (proven))
      and not exists (select from unnest(work) other where other.id = c.id)
  ), ordered as materialized (
    -- by parent, so that PostGIS prepares each parent once
    select p.* from pair p where coalesce(p.boundary, p.center) is not null order by p.parent_code
  ), cut as materialized (
    select o.*, case
      when ST_Covers(o.parent, coalesce(o.boundary, o.center)) then ST_GeomFromText('POLYGON EMPTY', 4326)
      when o.boundary is null then ST_Expand(o.center, 1e-5)
      else ST_Difference(o.boundary, o.parent, 1e-8) end as part
    from ordered o
  ), fault as (
    select c.*, case when c.boundary is null then c.center else private.parts_that_count(c.part, tolerance_m, c.parent) end as ground
    from cut c where not ST_IsEmpty(c.part)
  )
  select (select count(*) from ordered), (select count(*) from cut where part is not null), (
    select coalesce(jsonb_agg(private.violation(
      case when f.orphaned then 'ORPHANED_CHILDREN' else 'OUTSIDE_PARENT' end,
      case when f.orphaned then format('“%s”改动后，下级“%s”有 %s落在外面', f.parent_name, f.name, private.area_words(private.area_m2(f.ground)))
        when f.boundary is null then format('“%s”落在上级“%s”之外', f.name, f.parent_name)
        else format('“%s”有 %s落在上级“%s”之外', f.name, private.area_words(private.area_m2(f.ground)), f.parent_name) end,
      f.change, f.id, f.code, f.parent_code, private.area_m2(f.ground), f.ground) order by f.change, f.code), '[]')
    from fault f where f.ground is not null)
  into asked, answered, faults;
  if asked is distinct from answered then
    raise exception '上级范围检查没有算完（% / %）', answered, asked using errcode = 'SG002';
  end if;
  return faults;
end $$;
comment on function private.outside_parent(private.grid_change[], int[], float8) is
  'OUTSIDE_PARENT of touched grids, ORPHANED_CHILDREN of touched parents. A missing row is a failure (SG002).';

create function private.gaps(work private.grid_change[], tiled int[], even int[], tolerance_m float8) returns jsonb language plpgsql stable
set search_path = extensions, pg_temp as $$
declare
  asked int;
  answered int;
  found jsonb;
begin
  with concerned as materialized (
    select t.parent, count(*) filter (where t.child) as children, count(*) filter (where t.arrived) as arrived, bool_or(t.made) as made
    from (
      select w.parent_id as parent, true as child, w.kind = 'area' and not w.retire and (w.fresh or w.old_parent_id is distinct from w.parent_id)
        as arrived, false as made from unnest(work) w
      union all
      select w.old_parent_id, true, false, false from unnest(work) w where w.old_parent_id is distinct from w.parent_id
      union all
      select w.id, false, false, w.fresh from unnest(work) w
    ) t
    where t.parent is not null and not t.parent = any (tiled)
    group by t.parent
  ), parent as materialized (
    select p.id, p.code, p.name, p.boundary, x.whole
    from concerned t
    join public.grids p on p.id = t.parent
    -- few changes among many children: look only where ground was given up. Children before the call? A look at one more
    -- than arrived in it, not at all of them.
    cross join lateral (select t.children > 20 or t.made or not exists (
      select from public.grids c where c.parent_id = p.id and c.kind = 'area' and c.retired_at is null offset t.arrived limit 1) as whole offset 0) x
    where p.kind = 'area' and p.retired_at is null and (x.whole or not p.id = any (even))
      and exists (select from public.grids c where c.parent_id = p.id and c.kind = 'area' and c.retired_at is null)
  ), given_up as materialized (
    select p.id as parent, case
      when w.id = p.id then ST_Difference(g.boundary, w.old_boundary, 1e-8)
      when w.retire or g.boundary is null or g.parent_id is distinct from p.id then w.old_boundary
      else ST_Difference(w.old_boundary, g.boundary, 1e-8) end as ground
    from parent p
    join unnest(work) w on w.old_boundary is not null and (w.old_parent_id = p.id or w.id = p.id)
    join public.grids g on g.id = w.id
    where not p.whole
  ), region as materialized (
    select p.id, p.code, p.name, p.boundary as ground from parent p where p.whole
    union all
    select p.id, p.code, p.name, ST_Intersection(u.ground, p.boundary, 1e-8)
    from parent p join given_up u on u.parent = p.id
    where not p.whole
  ), cut as materialized (
    select r.id, r.code, r.name, case
      when r.ground is null then null
      when ST_IsEmpty(r.ground) then r.ground
      else ST_Difference(ST_CollectionExtract(r.ground, 3), coalesce((
        select ST_Union(c.boundary, 1e-8) from public.grids c
        where c.parent_id = r.id and c.kind = 'area' and c.retired_at is null and c.boundary && r.ground),
        ST_GeomFromText('POLYGON EMPTY', 4326)), 1e-8) end as part
    from region r
  ), gap as (
    select c.id, c.code, c.name, d.geom as ground
    from cut c cross join lateral ST_Dump(ST_CollectionExtract(c.part, 3)) d
    where private.part_counts(d.geom, tolerance_m)
  )
  select (select count(*) from region), (select count(*) from cut where part is not null), (
    select coalesce(jsonb_agg(jsonb_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(g.ground, 7, 0)::jsonb,
      'properties', jsonb_build_object('grid_id', g.id, 'grid_code', g.code, 'grid_name', g.name,
        'area_m2', round(private.area_m2(g.ground)::numeric, 1),
        'message', format('“%s”内有盲区 %s', g.name, private.area_words(private.area_m2(g.ground)))))
      order by private.area_m2(g.ground) desc), '[]')
    from gap g)
  into asked, answered, found;
  if asked is distinct from answered then
    raise exception '盲区检查没有算完（% / %）', answered, asked using errcode = 'SG002';
  end if;
  return found;
end $$;
comment on function private.gaps(private.grid_change[], int[], int[], float8) is
  '盲区 that the change leaves: ground of a parent that no area child covers. tiled has none, even gave up none. A parent whose children are few-changed is looked at only where ground was given up, (old − new) − union(neighbours); else parent − union(children). A missing row is a failure (SG002).';
revoke execute on all functions in schema private from public;
