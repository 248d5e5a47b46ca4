-- 值班台: what the duty officer watches, what is counted there, and the last day once more.

create index hazards_closed_at_idx on public.hazards (closed_at) where closed_at is not null;
create index hazard_events_at_idx on public.hazard_events (at);

create function private.desk_rows(hazard_ids uuid[]) returns jsonb language sql stable security definer
set search_path = extensions, pg_temp as $$
  with shown as materialized (
    select h.*, coalesce(a.raised_at, h.found_at) as reported_at, private.alarm_brief(a) as alarm
    from public.hazards h left join public.hazard_alarms a on a.hazard_id = h.id
    where h.id = any (hazard_ids)
  ), place as materialized (
    select x.grid_id,
      jsonb_agg(u.name order by u.level) filter (where u.parent_id is not null) as names,
      jsonb_agg(jsonb_build_object('grid_id', u.id, 'grid', u.name, 'name', l.name, 'phone', l.phone) order by u.level desc)
        filter (where l.name is not null) as leaders
    from (select distinct s.grid_id from shown s) x
    join public.grids g on g.id = x.grid_id
    join public.grids u on u.path @> g.path
    left join lateral (
      select p.name, p.phone from public.memberships m join public.profiles p on p.id = m.user_id
      where m.grid_id = u.id and m.position in ('leader', 'deputy')
      order by p.phone is null, m.position = 'leader' desc, m.since, p.name collate "C" limit 1) l on true
    group by x.grid_id
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'code', s.code, 'title', s.title, 'severity', s.severity, 'state', s.state,
      'source', s.source, 'sector_id', s.sector_id, 'sector', c.name, 'enterprise_id', s.enterprise_id, 'enterprise', e.name,
      'grid_id', s.grid_id, 'place', coalesce(p.names, '[]'), 'leaders', coalesce(p.leaders, '[]'),
      'lon', round(ST_X(s.location)::numeric, 6), 'lat', round(ST_Y(s.location)::numeric, 6),
      'reporter', r.name, 'reporter_phone', r.phone, 'found_at', s.found_at, 'reported_at', s.reported_at, 'due_at', s.due_at,
      'alarm', s.alarm, 'seen_by', coalesce(k.names, '[]'), 'row_version', s.row_version) order by s.reported_at desc, s.id desc), '[]')
  from shown s
  left join public.sectors c on c.id = s.sector_id
  left join public.enterprises e on e.id = s.enterprise_id
  left join public.profiles r on r.id = s.reported_by
  left join place p on p.grid_id = s.grid_id
  left join lateral (
    select jsonb_agg(jsonb_build_object('name', x.person_name, 'role', x.role, 'at', x.at, 'counts', x.counts) order by x.at) as names
    from public.hazard_acknowledgements x where x.hazard_id = s.id) k on true
$$;
comment on function private.desk_rows(uuid[]) is
  'Hazards as the desk lists them, newest first; place: the grids below the root, leaders: nearest first. The caller has checked the scope. DEFINER: reads people and enterprises whoever asks.';

create function public.desk_feed(p_hazards uuid[] default null, p_hours int default null, p_limit int default null) returns jsonb
language plpgsql stable security definer set search_path = extensions, pg_temp set jit = off as $$
declare
  most int := least(greatest(coalesce(p_limit, 300), 1), 1000);
  since timestamptz := now() - make_interval(hours => least(greatest(coalesce(p_hours, 24), 1), 720));
  ids uuid[];
begin
  if p_hazards is not null then
    ids := array(select h.id from private.my_hazards h where h.id = any (p_hazards[1:1000]));
  else
    -- all that waits, however old, and what came of late
    ids := array(
      select x.id from (
        select h.id, a.raised_at as at, true as waits
        from public.hazard_alarms a join private.my_hazards h on h.id = a.hazard_id
        where a.acknowledged_at is null and h.is_open
        union all
        select h.id, coalesce(a.raised_at, h.found_at), false
        from private.my_hazards h left join public.hazard_alarms a on a.hazard_id = h.id
        where (h.found_at >= since or h.id in (select b.hazard_id from public.hazard_alarms b where b.raised_at >= since))
          and (a.hazard_id is null or a.acknowledged_at is not null or not h.is_open)
      ) x
      order by x.waits desc, x.at desc, x.id limit most);
  end if;
  return jsonb_build_object('status', 'ok', 'now', clock_timestamp(), 'rows', private.desk_rows(ids),
    'minutes', jsonb_build_object('major', private.desk_setting('major_minutes', 5), 'general', private.desk_setting('general_minutes', 15)));
end $$;
comment on function public.desk_feed(uuid[], int, int) is
  'What the duty desk lists: everything open that is not acknowledged, however old, and what was reported in the last p_hours (24, 1..720), newest first, at most p_limit (300, 1..1000); with p_hazards only these. {status, now (the server''s clock), minutes: {major, general} (within which to acknowledge), rows: [{id, code, title, severity, state, sector, enterprise, place, leaders: [{grid, name, phone}], lon, lat (EPSG:4326), reporter, reporter_phone, found_at, reported_at, due_at, alarm: {raised_at, due_at, acknowledged_at, name, role, escalated_at, escalated_to} | null, seen_by, row_version}]}. What is not in the scope is left out. DEFINER: gathers from tables the asker need not read; applies the scope itself.';

create function public.desk_counts(p_grid int default null) returns jsonb
language plpgsql stable security definer set search_path = extensions, pg_temp set jit = off as $$
declare
  today date := private.today();
  ids int[];
  periods jsonb;
  waiting uuid[];
  waits int;
begin
  if p_grid is not null then
    select array_agg(x.id) into ids
    from private.my_public_grids g join public.grids x on x.path <@ g.path where g.id = p_grid;
    if ids is null then
      return private.refusal('grid', 'NOT_FOUND', '没有这个网格');
    end if;
  end if;
  with hit as materialized (
    select h.id, h.state, h.severity, h.sector_id, (h.found_at at time zone 'Asia/Shanghai')::date as found,
      (h.closed_at at time zone 'Asia/Shanghai')::date as closed, h.is_open, h.is_overdue,
      h.is_open and exists (select from public.hazard_alarms a where a.hazard_id = h.id and a.acknowledged_at is null) as waits
    from private.my_hazards h
    where (h.found_at >= (today - 29)::timestamp at time zone 'Asia/Shanghai' or h.closed_at >= (today - 29)::timestamp at time zone 'Asia/Shanghai')
      and (ids is null or h.grid_id = any (ids))
  ), period (days) as (values (1), (7), (30)
  ), counted as (
    select p.days, t.sector_id, grouping(t.sector_id) as whole,
      count(*) filter (where t.new) as reported, count(*) filter (where t.new and t.severity = 'major') as major,
      count(*) filter (where t.closed > today - p.days) as closed,
      count(*) filter (where t.new and t.is_open) as open, count(*) filter (where t.new and t.is_overdue) as overdue,
      count(*) filter (where t.new and t.waits) as waiting,
      count(*) filter (where t.new and t.state = 'reported') as s1, count(*) filter (where t.new and t.state = 'verified') as s2,
      count(*) filter (where t.new and t.state = 'assigned') as s3, count(*) filter (where t.new and t.state = 'rectifying') as s4,
      count(*) filter (where t.new and t.state = 'submitted') as s5, count(*) filter (where t.new and t.state = 'closed') as s6,
      count(*) filter (where t.new and t.state = 'rejected') as s7
    from period p left join lateral (
      select h.*, h.found > today - p.days as new from hit h
      where h.found > today - p.days or h.closed > today - p.days) t on true
    group by p.days, rollup (t.sector_id)
  ), told as (
    select c.days, c.whole, c.sector_id, s.name, s.sort, jsonb_build_object('reported', c.reported, 'major', c.major, 'closed', c.closed,
      'open', c.open, 'overdue', c.overdue, 'unacknowledged', c.waiting, 'states', jsonb_build_object('reported', c.s1, 'verified', c.s2,
        'assigned', c.s3, 'rectifying', c.s4, 'submitted', c.s5, 'closed', c.s6, 'rejected', c.s7)) as figures
    from counted c left join public.sectors s on s.id = c.sector_id
  )
  select jsonb_agg(jsonb_build_object('days', p.days, 'from', today - (p.days - 1), 'to', today,
      'total', (select t.figures from told t where t.days = p.days and t.whole = 1),
      'sectors', (
        select coalesce(jsonb_agg(t.figures || jsonb_build_object('sector_id', t.sector_id, 'sector', t.name) order by t.sort, t.sector_id), '[]')
        from told t
        -- a period in which nothing happened has one row of zeros, of no sector
        where t.days = p.days and t.whole = 0 and (t.figures ->> 'reported', t.figures ->> 'closed') <> ('0', '0'))) order by p.days)
  into periods from period p;

  select count(*), (array_agg(h.id order by a.raised_at desc, h.id))[1:500] into waits, waiting
  from public.hazard_alarms a join private.my_hazards h on h.id = a.hazard_id
  where a.acknowledged_at is null and h.is_open and (ids is null or h.grid_id = any (ids));
  return jsonb_build_object('status', 'ok', 'now', clock_timestamp(), 'today', today, 'periods', periods,
    'unacknowledged', jsonb_build_object('count', waits, 'ids', coalesce(to_jsonb(waiting), '[]'),
      'major', (select count(*) from public.hazard_alarms a join private.my_hazards h on h.id = a.hazard_id
        where a.acknowledged_at is null and h.is_open and h.severity = 'major' and (ids is null or h.grid_id = any (ids)))));
end $$;
comment on function public.desk_counts(int) is
  'The figures of the desk over the asker''s scope, or one grid''s subtree: {status, now, today, periods: [{days 1 | 7 | 30, from, to, total, sectors: [figures with sector_id, sector]}], unacknowledged: {count, major, ids (the newest 500)}}, days of Beijing time; figures {reported, major, open, overdue, unacknowledged, states: of what was found in the period; closed: what was closed in it}. Each is the total of list_hazards() with {grid, sector, from, to, status | overdue | acknowledged: false}, closed with {status: closed, closed_from, closed_to}. A grid outside the scope: NOT_FOUND. DEFINER: ledger read; applies the scope itself.';

create function public.desk_replay(p_from timestamptz default null, p_to timestamptz default null) returns jsonb
language plpgsql stable security definer set search_path = extensions, pg_temp set jit = off as $$
declare
  upto timestamptz := coalesce(p_to, now());
  since timestamptz := coalesce(p_from, coalesce(p_to, now()) - interval '24 hours');
  hazards jsonb;
  events jsonb;
  n int;
begin
  if since >= upto or not isfinite(since) or not isfinite(upto) then
    return private.refusal('from', 'BAD_VALUE', '回放的起止时间不正确');
  elsif upto - since > interval '24 hours 1 minute' then
    return private.refusal('from', 'OUT_OF_RANGE', '一次最多回放 24 小时');
  end if;
  with happened as materialized (
    -- from there until now: where a hazard stood then follows from what came first since
    select e.hazard_id, e.at, e.action, e.from_state, e.to_state, e.actor_name, e.actor_role, e.seq
    from public.hazard_events e join private.my_hazards h on h.id = e.hazard_id
    where e.at >= since
    union all
    select k.hazard_id, k.at, 'acknowledge', null, null, k.person_name, k.role, 1000000
    from public.hazard_acknowledgements k join private.my_hazards h on h.id = k.hazard_id
    where k.at >= since and k.counts
    union all
    select a.hazard_id, a.escalated_at, 'call', null, null, null, null, 1000001
    from public.hazard_alarms a join private.my_hazards h on h.id = a.hazard_id
    where a.escalated_at >= since
  ), first as (
    select distinct on (x.hazard_id) x.hazard_id, x.from_state from happened x
    where x.seq < 1000000 order by x.hazard_id, x.seq
  ), taken as materialized (
    select h.id, h.title, h.severity, h.sector_id, h.grid_id, h.location,
      -- null: not yet reported
      case when f.hazard_id is null then h.state else f.from_state end as state
    from private.my_hazards h left join first f on f.hazard_id = h.id
    where h.is_open or h.id in (select x.hazard_id from happened x)
  ), told as materialized (
    select t.*, row_number() over (order by t.id) - 1 as nth from taken t
    where t.state not in ('closed', 'rejected')
      or t.id in (select x.hazard_id from happened x where x.at < upto)
  ), heard as materialized (
    select x.*, t.nth from happened x join told t on t.id = x.hazard_id where x.at < upto
    order by x.at, x.hazard_id, x.seq limit 20001
  )
  select (select jsonb_build_object('id', coalesce(jsonb_agg(t.id order by t.nth), '[]'), 'title', coalesce(jsonb_agg(t.title order by t.nth), '[]'),
      'level', coalesce(jsonb_agg(case t.severity when 'major' then 1 else 3 end order by t.nth), '[]'),
      'sector', coalesce(jsonb_agg(t.sector_id order by t.nth), '[]'), 'grid', coalesce(jsonb_agg(g.name order by t.nth), '[]'),
      'lon', coalesce(jsonb_agg(round(ST_X(t.location)::numeric, 6) order by t.nth), '[]'),
      'lat', coalesce(jsonb_agg(round(ST_Y(t.location)::numeric, 6) order by t.nth), '[]'),
      'state', coalesce(jsonb_agg(t.state order by t.nth), '[]')) from told t left join public.grids g on g.id = t.grid_id),
    (select jsonb_build_object('hazard', coalesce(jsonb_agg(x.nth order by x.at, x.hazard_id, x.seq), '[]'),
      'ms', coalesce(jsonb_agg(round(extract(epoch from x.at - since) * 1000) order by x.at, x.hazard_id, x.seq), '[]'),
      'action', coalesce(jsonb_agg(x.action order by x.at, x.hazard_id, x.seq), '[]'),
      'state', coalesce(jsonb_agg(x.to_state order by x.at, x.hazard_id, x.seq), '[]'),
      'who', coalesce(jsonb_agg(x.actor_name order by x.at, x.hazard_id, x.seq), '[]'),
      'role', coalesce(jsonb_agg(x.actor_role order by x.at, x.hazard_id, x.seq), '[]')) from heard x),
    (select count(*) from heard x)
  into hazards, events, n;
  return jsonb_build_object('status', 'ok', 'from', since, 'to', upto, 'truncated', n > 20000, 'hazards', hazards, 'events', events);
end $$;
comment on function public.desk_replay(timestamptz, timestamptz) is
  'What happened in the asker''s scope in a span of at most 24 hours (default: the last 24), as columns: {status, from, to, truncated (more than 20,000 events), hazards: {id, title, level 1 major | 3 general, sector, grid, lon, lat (EPSG:4326), state (at the beginning; null: not yet reported)}, events, oldest first: {hazard (index into hazards), ms (since from), action (of the loop, or acknowledge, or call: the leader was called upon), state (to which it led), who, role}}. DEFINER: ledger read; applies the scope itself.';

revoke execute on all functions in schema private from public;
revoke execute on function public.desk_feed(uuid[], int, int), public.desk_counts(int),
  public.desk_replay(timestamptz, timestamptz) from public, anon;
grant execute on function public.desk_feed(uuid[], int, int), public.desk_counts(int),
  public.desk_replay(timestamptz, timestamptz) to authenticated, service_role;
