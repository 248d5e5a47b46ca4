-- 问图: what one may know of any point of the map: whose it is, what lies around, today and on a past day.

create function private.place_moment(day date) returns timestamptz language sql stable set search_path = '' as $$
  select case when day is null or day >= private.today() then now() else private.end_of(day) end
$$;
comment on function private.place_moment(date) is 'Now for today and later days (and null), else the end of that day in China.';

create function public.place_card(
  p_lon float8 default null, p_lat float8 default null, p_on date default null, p_radius_m float8 default null)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp set jit = off as $$
declare
  moment timestamptz := private.place_moment(p_on);
  radius float8 := coalesce(p_radius_m, 500);
  line jsonb := public.responsible_at(p_lon, p_lat, null, moment);
  place geometry;
  around geometry;
  firms jsonb;
  dangers jsonb;
  mishaps jsonb;
begin
  if line ->> 'status' = 'rejected' then
    return line;
  elsif radius is null or not radius between 10 and 5000 then
    return private.refusal('radius', 'OUT_OF_RANGE', '范围应在 10 米到 5 公里之间');
  end if;
  place := ST_SetSRID(ST_MakePoint(p_lon, p_lat), 4326);
  -- a box that is never too small; metres are measured on the ellipsoid below
  around := ST_Expand(place, radius / (110000 * greatest(cos(radians(p_lat)), 0.01)), radius / 110000);
  with near as (
    select e.id, e.name, e.risk_level, e.sector_id, s.name as sector, ST_Distance(e.location::geography, place::geography) as metres
    from private.my_enterprises e join public.sectors s on s.id = e.sector_id
    where e.location && around and e.status <> 'closed'
  )
  select jsonb_build_object('total', count(*), 'rows', coalesce((jsonb_agg(jsonb_build_object('id', n.id, 'name', n.name,
    'level', coalesce(n.risk_level, 0), 'sector_id', n.sector_id, 'sector', n.sector, 'metres', round(n.metres::numeric)) order by n.metres, n.id)), '[]'))
  into firms from near n where n.metres <= radius;
  with near as (
    select h.id, h.code, h.title, h.severity, h.due_at, ST_Distance(h.location::geography, place::geography) as metres
    from private.my_hazards h
    where h.location && around and h.found_at <= moment
      and (h.state not in ('closed', 'rejected')
        or case h.state when 'closed' then h.closed_at else coalesce(h.verified_at, h.updated_at) end > moment)
  )
  select jsonb_build_object('total', count(*), 'rows', coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'code', n.code, 'title', n.title,
    'severity', n.severity, 'overdue', n.due_at < moment, 'metres', round(n.metres::numeric)) order by n.severity = 'general', n.metres, n.id), '[]'))
  into dangers from near n where n.metres <= radius;
  with near as (
    select a.id, a.title, a.grade, a.occurred_at, a.deaths, ST_Distance(a.location::geography, place::geography) as metres
    from private.my_accidents a where a.location && around and a.occurred_at <= moment
  )
  select jsonb_build_object('total', count(*), 'rows', coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'title', n.title, 'grade', n.grade,
    'occurred_at', n.occurred_at, 'deaths', n.deaths, 'metres', round(n.metres::numeric)) order by n.occurred_at desc, n.id), '[]'))
  into mishaps from near n where n.metres <= radius;
  return jsonb_build_object('status', 'ok', 'lon', p_lon, 'lat', p_lat, 'at', moment, 'radius_m', radius,
    'territorial', line -> 'territorial',
    'industry', case when private.sees_all() or private.my_public_grid_ids() <> '{}' then (
      select coalesce(jsonb_agg(jsonb_build_object('sector_id', s.id, 'sector', s.name,
        'enterprises', (select count(*) from jsonb_array_elements(firms -> 'rows') f where (f ->> 'sector_id')::int = s.id))
        || coalesce(private.industry_line(s.id), '{"id": null, "department": null, "officers": []}') order by s.sort, s.id), '[]')
      from public.sectors s) else '[]' end,
    'enterprises', firms, 'hazards', dangers, 'accidents', mishaps);
end $$;
comment on function public.place_card(float8, float8, date, float8) is
  'What one may know of a point (EPSG:4326, degrees), now or at the end of a day in China: {status: ok, at, radius_m, territorial (boundaries and people of then, see responsible_at()), industry: [{sector_id, sector, enterprises (of it within the radius), department, officers}] of every sector, enterprises: {total, rows: [{id, name, level, sector, metres}]} (those of today), hazards (open then), accidents (until then), each nearest or gravest first, within p_radius_m (500, 10..5000 metres on the ellipsoid)}. Only what is in the asker''s scope. Refused: no place, or one that is none. DEFINER: spatial read (RLS switches GiST off); applies the scope itself.';

revoke execute on function private.place_moment(date) from public;
revoke execute on function public.place_card(float8, float8, date, float8) from public, anon;
grant execute on function public.place_card(float8, float8, date, float8) to authenticated, service_role;
