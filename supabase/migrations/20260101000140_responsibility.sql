-- 两条线: who answers for a place, by grid and by sector. Shared pieces of the cards; callers have checked the scope.

create function private.grid_people(grid int) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'user_id', p.id, 'name', p.name, 'title', p.title, 'phone', p.phone, 'position', m.position, 'photo_path', p.photo_path)
    order by array_position(array['leader', 'deputy', 'member', 'duty'], m.position), p.name, p.id), '[]')
  from public.memberships m join public.profiles p on p.id = m.user_id
  where m.grid_id = grid
$$;
comment on function private.grid_people(int) is 'Leader, deputies, members and duty officers of a grid, in this order.';

create function private.breadcrumb(grid int) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'code', a.code, 'name', a.name, 'level', a.level) order by a.level), '[]')
  from public.grids g
  cross join lateral unnest(string_to_array(g.path::text, '.')) step (id)
  join public.grids a on a.id = step.id::int
  where g.id = grid
$$;
comment on function private.breadcrumb(int) is 'From the root down to the grid itself.';

create function private.territorial_line(grid int) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'grid_id', a.id, 'code', a.code, 'name', a.name, 'level', a.level, 'people', private.grid_people(a.id))
    order by a.level desc), '[]')
  from public.grids g
  cross join lateral unnest(string_to_array(g.path::text, '.')) step (id)
  join public.grids a on a.id = step.id::int
  where g.id = grid
$$;
comment on function private.territorial_line(int) is '属地: the grid, then up the tree, each with its people.';

create function private.industry_line(sector int) returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('id', d.id, 'department', d.name, 'officers', coalesce((
      select jsonb_agg(jsonb_build_object('user_id', p.id, 'name', p.name, 'title', p.title, 'phone', p.phone) order by p.name, p.id)
      from public.department_officers o join public.profiles p on p.id = o.user_id
      where o.department_id = d.id), '[]'))
  from public.sectors s join public.departments d on d.id = s.department_id
  where s.id = sector
$$;
comment on function private.industry_line(int) is '行业: the department that owns the sector, and its officers; null when nobody owns it.';

create function private.sector_card(sector int) returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('id', s.id, 'code', s.code, 'name', s.name, 'department', d.name)
  from public.sectors s left join public.departments d on d.id = s.department_id
  where s.id = sector
$$;
comment on function private.sector_card(int) is 'A sector with the name of its department.';

create function private.refusal(field text, code text, message text) returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_object('status', 'rejected',
    'errors', jsonb_build_array(jsonb_build_object('field', field, 'code', code, 'message', message)))
$$;
comment on function private.refusal(text, text, text) is 'An expected failure as a value; the message is what the screen shows.';

create function private.box(sides float8[]) returns extensions.geometry language plpgsql immutable
set search_path = extensions, pg_temp as $$
begin
  if sides is null then
    return null;
  end if;
  if array_ndims(sides) <> 1 or cardinality(sides) <> 4 or array_position(sides, null) is not null
    or sides && array['NaN', 'Infinity', '-Infinity']::float8[]
    or sides[1] > sides[3] or sides[2] > sides[4] then
    raise exception '范围应为 [西, 南, 东, 北] 四个数：%', sides using errcode = '22023';
  end if;
  return ST_MakeEnvelope(sides[1], sides[2], sides[3], sides[4], 4326);
end $$;
comment on function private.box(float8[]) is '[west, south, east, north] in degrees to a polygon (EPSG:4326); null stays null; anything else raises 22023.';

revoke execute on all functions in schema private from public;

create function public.responsible_at(
  p_lon float8 default null, p_lat float8 default null, p_sector text default null, p_at timestamptz default null)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp
set jit = off as $$
declare
  place geometry;
  grid int;
  sector int;
  v_at timestamptz := coalesce(p_at, now());
  territorial jsonb;
begin
  if p_lon is null or p_lat is null then
    return private.refusal('lon', 'MISSING_FIELD', '缺少经度或纬度');
  end if;
  if not (p_lon between -180 and 180 and p_lat between -90 and 90) then
    return private.refusal('lon', 'OUT_OF_RANGE', format('经纬度超出范围：%s, %s', p_lon, p_lat));
  end if;
  place := ST_SetSRID(ST_MakePoint(p_lon, p_lat), 4326);
  if p_sector is not null then
    sector := private.sector_named(p_sector);
    if sector is null then
      return private.refusal('sector', 'UNKNOWN_SECTOR', format('没有这个行业领域：%s', left(p_sector, 60)));
    end if;
  end if;

  if v_at >= now() - interval '1 second' then
    grid := private.grid_at(place);
  else
    -- of that day: the boundaries as they were
    select v.grid_id into grid
    from public.grid_versions v join public.grids g on g.id = v.grid_id
    where v.kind = 'area' and v.valid_from <= v_at and (v.valid_to is null or v.valid_to > v_at) and ST_Covers(v.boundary, place)
    order by g.level desc, ST_Area(v.boundary), v.grid_id
    limit 1;
  end if;
  -- outside the asker's scope is answered like outside every grid
  if grid is not null and not private.sees_all() and not grid = any (private.my_public_grid_ids()) then
    grid := null;
  end if;
  territorial := case when v_at >= now() - interval '1 second' then private.territorial_line(grid) else private.territorial_line_at(grid, v_at) end;
  return jsonb_build_object(
    'territorial', territorial,
    'industry', case when sector is null or not private.sees_all() and private.my_public_grid_ids() = '{}' then null else private.industry_line(sector) end);
end $$;
comment on function public.responsible_at(float8, float8, text, timestamptz) is
  'Who answers for a point (EPSG:4326, degrees): territorial line from the smallest grid up, industry line by sector code, name or id; at a past moment by the boundaries and positions of then (phone numbers are those of now). territorial is [] outside every grid of the asker''s scope. DEFINER: spatial read (RLS switches GiST off); applies the scope itself.';

create function private.sector_named(word text) returns int language sql stable set search_path = '' as $$
  select s.id from public.sectors s
  where char_length(word) <= 60 and (s.code = btrim(word) or s.name = btrim(word) or s.id::text = btrim(word))
  order by s.code = btrim(word) desc, s.name = btrim(word) desc
  limit 1
$$;
comment on function private.sector_named(text) is 'A sector by its code, else its name, else its id; null when there is none, or for more than 60 characters.';

revoke execute on function private.sector_named(text) from public;
revoke execute on function public.responsible_at(float8, float8, text, timestamptz) from public, anon;
grant execute on function public.responsible_at(float8, float8, text, timestamptz) to authenticated, service_role;
