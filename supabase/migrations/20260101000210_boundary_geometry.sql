-- Reading a boundary that somebody sent, and measuring it. Nothing is repaired: what is wrong is refused, in words.

-- Series for the length of a degree on the WGS84 ellipsoid; exact to centimetres per degree.
create function private.metres_per_degree(lat float8, out lon float8, out lat_m float8) language sql immutable parallel safe
set search_path = '' as $$
  select 111412.84 * cos(radians(lat)) - 93.5 * cos(3 * radians(lat)) + 0.118 * cos(5 * radians(lat)),
    111132.954 - 559.822 * cos(2 * radians(lat)) + 1.175 * cos(4 * radians(lat))
$$;
comment on function private.metres_per_degree(float8) is 'Metres per degree of longitude and latitude at a latitude (WGS84; Snyder 1987).';

create function private.area_m2(shape extensions.geometry) returns float8 language plpgsql immutable parallel safe
set search_path = extensions, pg_temp as $$
declare
  lat float8;
begin
  if shape is null then
    return null;
  elsif ST_YMax(shape) - ST_YMin(shape) > 1 then
    return ST_Area(shape::geography);
  end if;
  lat := radians(ST_Y(ST_Centroid(shape)));
  -- metres_per_degree(), spelled out: a call costs more than the arithmetic
  return ST_Area(shape) * (111412.84 * cos(lat) - 93.5 * cos(3 * lat) + 0.118 * cos(5 * lat))
    * (111132.954 - 559.822 * cos(2 * lat) + 1.175 * cos(4 * lat));
end $$;
comment on function private.area_m2(extensions.geometry) is
  'Square metres of a polygon in EPSG:4326. Up to one degree high by the lengths of a degree at its centroid (within 1e-4 of the geodesic area, 20 times faster), else geodesic.';

create function private.part_counts(part extensions.geometry, tolerance_m float8) returns boolean language plpgsql immutable
set search_path = extensions, pg_temp as $$
declare
  m record;
  flat geometry;
begin
  select * into m from private.metres_per_degree((ST_YMin(part) + ST_YMax(part)) / 2);
  flat := ST_Scale(part, m.lon, m.lat_m);
  if ST_Area(flat) <= 1 then
    return false;
  end if;
  return tolerance_m <= 0
    -- one place far enough from every border is proof, and cheaper than to shrink a shape of a thousand corners
    or not ST_DWithin(ST_PointOnSurface(flat), ST_Boundary(flat), tolerance_m / 2)
    or not ST_IsEmpty(ST_Buffer(flat, -tolerance_m / 2));
end $$;
comment on function private.part_counts(extensions.geometry, float8) is
  'Whether a sliver matters: larger than 1 m² and wider than tolerance_m metres. Metres by scaling degrees at its own latitude: a sliver is small, so this is as good as UTM, needs no zone and no projection library.';

create function private.reaches_beyond(part extensions.geometry, edge extensions.geometry, tolerance_m float8) returns boolean
language plpgsql immutable set search_path = extensions, pg_temp as $$
declare
  m record;
begin
  select * into m from private.metres_per_degree((ST_YMin(part) + ST_YMax(part)) / 2);
  -- a point every 20 m, so that a strip across a bay is seen too
  return exists (
    select from ST_DumpPoints(ST_Segmentize(part, 20 / m.lat_m)) p
    where not ST_DWithin(p.geom, edge, greatest(tolerance_m, 0.1) / m.lon));
end $$;
comment on function private.reaches_beyond(extensions.geometry, extensions.geometry, float8) is
  'Whether a sliver leaves the neighbourhood (tolerance_m) of the shape whose edge it should be noise of. A thread of 1 m width can reach across a county and is no noise.';

create function private.parts_that_count(shape extensions.geometry, tolerance_m float8, edge extensions.geometry)
returns extensions.geometry language sql immutable set search_path = extensions, pg_temp as $$
  select ST_Collect(d.geom)
  from ST_Dump(ST_CollectionExtract(shape, 3)) d
  where private.part_counts(d.geom, tolerance_m) or private.reaches_beyond(d.geom, edge, tolerance_m)
$$;
comment on function private.parts_that_count(extensions.geometry, float8, extensions.geometry) is
  'The parts of an overlay that matter, together; null when none does. Noise is thin and stays beside edge.';

create function private.why_invalid(shape extensions.geometry) returns text language plpgsql immutable
set search_path = extensions, pg_temp as $$
declare
  d record;
begin
  select v.reason, v.location into d from ST_IsValidDetail(shape) v;
  return case
    when d.reason ilike 'ring self-intersection%' then '同一圈边界在一点自我接触'
    when d.reason ilike 'self-intersection%' then '边界自相交'
    when d.reason ilike 'hole lies outside%' then '洞落在外边界之外'
    when d.reason ilike 'holes are nested%' or d.reason ilike 'nested holes%' then '洞中有洞'
    when d.reason ilike 'nested shells%' then '面中套面'
    when d.reason ilike 'interior is disconnected%' then '内部被洞割断'
    when d.reason ilike 'duplicate rings%' then '有两圈相同的边界'
    when d.reason ilike 'too few points%' then '边界点太少'
    when d.reason ilike 'invalid coordinate%' then '坐标不是有限的数'
    else '几何无效（' || coalesce(d.reason, '未知原因') || '）'
  end || coalesce(format('，位置 %s, %s', round(ST_X(d.location)::numeric, 6), round(ST_Y(d.location)::numeric, 6)), '');
end $$;
comment on function private.why_invalid(extensions.geometry) is 'Why a polygon is invalid and where, in Chinese.';

create function private.read_boundary(boundary jsonb, bounds float8[], out shape extensions.geometry, out code text, out message text)
language plpgsql immutable set search_path = extensions, pg_temp as $$
declare
  kind text := boundary ->> 'type';
  points text;
  west float8;
  south float8;
  east float8;
  north float8;
begin
  if jsonb_typeof(boundary) is distinct from 'object' or kind is null then
    code := 'INVALID_GEOMETRY';
    message := '边界不是 GeoJSON 几何';
    return;
  elsif kind not in ('Polygon', 'MultiPolygon') then
    code := 'INVALID_GEOMETRY';
    message := '边界只能是面（Polygon 或 MultiPolygon），这里是 ' || left(kind, 40);
    return;
  end if;
  points := (boundary -> 'coordinates')::text;
  if points is null or left(points, 1) <> '[' or strpos(points, '[]') > 0 then
    code := 'INVALID_GEOMETRY';
    message := '边界是空的，或有空的一圈';
    return;
  end if;
  -- the parser would take "NaN" for a number and null for 0
  if points ~ '[^][0-9., -]' then
    code := 'BAD_VALUE';
    message := '坐标里有不是数字的值';
    return;
  end if;
  begin
    -- type and coordinates alone: a "crs" member must not smuggle another system in
    shape := ST_SetSRID(ST_GeomFromGeoJSON('{"type":"' || kind || '","coordinates":' || points || '}'), 4326);
  exception when others then
    code := 'INVALID_GEOMETRY';
    message := '边界不是合规的 GeoJSON：坐标的层次不对';
    return;
  end;
  if ST_NPoints(shape) > 20000 then
    code := 'TOO_MANY_VERTICES';
    message := format('边界有 %s 个点，最多 20000 个', ST_NPoints(shape));
  elsif ST_CoordDim(shape) > 2 then
    code := 'BAD_VALUE';
    message := '坐标带有高程，请先去掉第三个数';
  -- every bracket is a point, a ring, a polygon or the whole: else numbers hid at another depth and were dropped
  elsif ST_IsEmpty(shape) or length(points) - length(replace(points, '[', ''))
    <> ST_NPoints(shape) + ST_NRings(shape) + (case kind when 'Polygon' then 1 else ST_NumGeometries(shape) + 1 end) then
    code := 'INVALID_GEOMETRY';
    message := '边界不是合规的 GeoJSON：坐标的层次不对';
  end if;
  if code is not null then
    shape := null;
    return;
  end if;

  west := ST_XMin(shape);
  south := ST_YMin(shape);
  east := ST_XMax(shape);
  north := ST_YMax(shape);
  if not (west >= bounds[1] and south >= bounds[2] and east <= bounds[3] and north <= bounds[4]) then
    code := 'OUT_OF_RANGE';
    message := case
      when south >= bounds[1] and west >= bounds[2] and north <= bounds[3] and east <= bounds[4] then
        format('经纬度疑似颠倒：经度 %s，纬度 %s', round(west::numeric, 6), round(south::numeric, 6))
      when greatest(abs(west), abs(south), abs(east), abs(north)) > 1e8 then '坐标里有大得离谱或不是有限的数'
      when greatest(abs(west), abs(south), abs(east), abs(north)) between 1000 and 1e8 then
        format('坐标疑似以米为单位（%s, %s），应为经纬度', round(west::numeric), round(south::numeric))
      else format('坐标超出范围：经度 %s 至 %s，纬度 %s 至 %s', left(west::text, 12), left(east::text, 12), left(south::text, 12), left(north::text, 12))
    end;
  -- rings, before GEOS sees them
  elsif (ST_NRings(shape) = 1 and (ST_NPoints(shape) < 4 or not ST_IsClosed(ST_ExteriorRing(ST_GeometryN(shape, 1)))))
    or (ST_NRings(shape) > 1 and exists (
    select from ST_Dump(shape) part cross join lateral ST_DumpRings(part.geom) ring
    where ST_NPoints(ring.geom) < 4 or not ST_IsClosed(ST_ExteriorRing(ring.geom)))) then
    code := 'INVALID_GEOMETRY';
    message := '边界没有闭合，或不足四个点：每一圈的首尾两点须相同';
  elsif ST_IsValid(shape) is not true then
    code := 'INVALID_GEOMETRY';
    message := private.why_invalid(shape);
  else
    shape := ST_Multi(shape);
    return;
  end if;
  shape := null;
end $$;
comment on function private.read_boundary(jsonb, float8[]) is
  'A GeoJSON Polygon or MultiPolygon (EPSG:4326, degrees) as a MultiPolygon, or the code and the words of what is wrong with it. Everything that GEOS chokes on is refused before GEOS sees it; the number of points is capped first. bounds: [west, south, east, north].';

create function private.plain_boundaries(given jsonb, bounds float8[]) returns extensions.geometry[] language plpgsql stable
set search_path = extensions, pg_temp as $$
begin
  return (
    select array_agg(
      -- GEOS is asked last, about nothing endless and nothing large
      case when ST_NPoints(s.shape) <= 20000 and ST_CoordDim(s.shape) = 2 then
        case when ST_XMin(s.shape) >= bounds[1] and ST_YMin(s.shape) >= bounds[2] and ST_XMax(s.shape) <= bounds[3] and ST_YMax(s.shape) <= bounds[4] then
          case when ST_IsValid(s.shape) then s.shape end end end order by e.i)
    from jsonb_array_elements(given) with ordinality e (x, i)
    cross join lateral (select e.x -> 'boundary' ->> 'type' as kind, e.x -> 'boundary' -> 'coordinates' as points offset 0) b
    cross join lateral (
      -- one polygon, [[[x, y], [x, y]]], is (((x y,x y))), sign for sign and back: what has any other depth, or anything
      -- else than numbers between the first bracket and the last, is no WKT
      select ST_GeomFromText('MULTIPOLYGON' || replace(replace(replace(replace((case
        when b.kind = 'Polygon' then b.points
        when b.kind = 'MultiPolygon' and b.points -> 1 is null then b.points -> 0 end)::text,
        ', ', ' '), '] [', ','), '[', '('), ']', ')'), 4326) as shape offset 0) s);
exception when others then
  return null;
end $$;
comment on function private.plain_boundaries(jsonb, float8[]) is
  'The boundaries of p_changes that are right at first sight, in its order and as read_boundary() reads them, in half of its time; null for any other, which read_boundary() has the words for, and as a whole when one cannot be read at all. WKT is read with every ring closed and of four points at least, or not.';

create function private.bounds() returns float8[] language sql stable set search_path = '' as $$
  select coalesce((
    select array[(s.value ->> 0)::float8, (s.value ->> 1)::float8, (s.value ->> 2)::float8, (s.value ->> 3)::float8]
    from public.settings s where s.key = 'bounds' and jsonb_typeof(s.value) = 'array' and jsonb_array_length(s.value) = 4),
    array[-180, -90, 180, 90])
$$;
comment on function private.bounds() is 'The deployment''s bounds [west, south, east, north] in degrees (settings key bounds); the world when not set.';
revoke execute on all functions in schema private from public;
