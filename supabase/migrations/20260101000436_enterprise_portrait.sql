-- 企业画像: everything one page shows of an enterprise, in one answer.

insert into public.settings (key, value) values ('portrait', '{
  "confirm_days": 365, "neighbours_m": 500, "repeat_times": 2, "repeat_months": 12,
  "full_points": 40, "full_open": 10, "full_days": 60, "full_visits": 6, "full_accidents": 20}');

create function private.portrait_setting(name text) returns int language plpgsql stable set search_path = '' as $$
declare
  given jsonb := (select s.value -> name from public.settings s where s.key = 'portrait');
begin
  if jsonb_typeof(given) = 'number' and (given #>> '{}')::numeric between 1 and 36500 then
    return (given #>> '{}')::numeric::int;
  end if;
  return case name when 'confirm_days' then 365 when 'neighbours_m' then 500 when 'repeat_times' then 2 when 'repeat_months' then 12
    when 'full_points' then 40 when 'full_open' then 10 when 'full_days' then 60 when 'full_visits' then 6 when 'full_accidents' then 20 end;
end $$;
comment on function private.portrait_setting(text) is
  'A number of settings key portrait ⚙: confirm_days (a confirmation holds), neighbours_m, repeat_times within repeat_months make a repeated hazard, full_*: what scores 0 (points, open, days, accidents) or 100 (visits) on the radar. What is missing or no number has its default.';

create function private.hazard_kind(title text) returns text language sql immutable set search_path = '' as $$
  select regexp_replace(lower(title), '[[:space:][:punct:][:digit:]，。、；：“”‘’（）《》【】！？－—·]', '', 'g')
$$;
comment on function private.hazard_kind(text) is 'What a hazard is by its title, numbers and punctuation aside: two of one kind at one enterprise are a repetition.';

create function private.portrait_figures(firm public.enterprises, since timestamptz)
returns table (enterprise_id uuid, points numeric, open numeric, timely numeric, days numeric, closed int, visits numeric, assurance numeric, accidents numeric)
language sql stable set search_path = '' as $$
  with peer as materialized (
    select e.id from public.enterprises e where e.sector_id = firm.sector_id and e.status <> 'closed' or e.id = firm.id
  ), weight as (
    select w.weights from (select (private.risk_rule(private.today())).weights) w
  ), points as (
    select r.enterprise_id, sum((w.weights ->> (array['enterprise_red', 'enterprise_orange', 'enterprise_yellow', 'enterprise_blue'])[r.level])::numeric) as n
    from public.risk_points r cross join weight w where r.enterprise_id in (select p.id from peer p) group by r.enterprise_id
  ), hazard as (
    select h.enterprise_id,
      sum(case h.severity when 'major' then (w.weights ->> 'hazard_major')::numeric else (w.weights ->> 'hazard_general')::numeric end)
        filter (where h.state <> 'closed') as open,
      count(*) filter (where h.closed_at >= since)::int as closed,
      100.0 * count(*) filter (where h.closed_at >= since and (h.due_at is null or h.closed_at <= h.due_at))
        / nullif(count(*) filter (where h.closed_at >= since), 0) as timely,
      percentile_cont(0.5) within group (order by extract(epoch from h.closed_at - h.found_at) / 86400) filter (where h.closed_at >= since) as days
    from public.hazards h cross join weight w
    where h.enterprise_id in (select p.id from peer p) and h.state <> 'rejected' and (h.state <> 'closed' or h.closed_at >= since)
      -- of the enterprise itself what the asker may see, so that the figure is that of the list
      and (h.enterprise_id <> firm.id or h.id in (select m.id from private.my_hazards m where m.enterprise_id = firm.id))
    group by h.enterprise_id
  ), visit as (
    select i.enterprise_id, count(distinct i.patrol_id) as n
    from public.patrols p join public.patrol_items i on i.patrol_id = p.id
    where p.day > private.today() - 90 and i.enterprise_id in (select x.id from peer x) group by i.enterprise_id
  ), newest as (
    select distinct on (c.enterprise_id) c.enterprise_id, c.id
    from public.checklists c where c.kind = 'five_assurances' and c.enterprise_id in (select p.id from peer p)
    order by c.enterprise_id, c.checked_at desc, c.id desc
  ), assurance as (
    select n.enterprise_id, 100.0 * count(*) filter (where i.done) / count(*) as n
    from newest n join public.checklist_items i on i.checklist_id = n.id group by n.enterprise_id
  ), accident as (
    select a.enterprise_id, sum((w.weights ->> (array['accident_extraordinary', 'accident_major', 'accident_larger', 'accident_general'])[a.grade])::numeric) as n
    from public.accidents a cross join weight w
    where a.enterprise_id in (select p.id from peer p) and a.occurred_at >= now() - interval '36 months'
      and (a.enterprise_id <> firm.id or a.id in (select m.id from private.my_accidents m where m.enterprise_id = firm.id))
    group by a.enterprise_id
  )
  select p.id, points.n, coalesce(hazard.open, 0), hazard.timely, hazard.days::numeric, coalesce(hazard.closed, 0), coalesce(visit.n, 0), assurance.n, coalesce(accident.n, 0)
  from peer p
  left join points on points.enterprise_id = p.id left join hazard on hazard.enterprise_id = p.id left join visit on visit.enterprise_id = p.id
  left join assurance on assurance.enterprise_id = p.id left join accident on accident.enterprise_id = p.id
$$;
comment on function private.portrait_figures(public.enterprises, timestamptz) is
  'The figures of the radar for an enterprise and all that are not closed of its sector. points: risk points by the weights of the risk index (null: none assessed); open: open hazards by the same weights; timely: percent of those closed since then that were within their term; days: median from found to closed; visits: patrols and inspections in 90 days; assurance: percent of the newest five-assurance checklist; accidents: by weight in 36 months.';

create function private.radar_score(value numeric, better text, "full" int) returns numeric language sql immutable set search_path = '' as $$
  -- least() passes over null: what is not known scores nothing
  select case when value is not null then round(100 * case better when 'less' then 1 - least(value, "full") / "full" else least(value, "full") / "full" end) end
$$;
comment on function private.radar_score(numeric, text, int) is 'How far out on the radar: 0..100, 100 the best; null for what is not known.';

create function private.portrait_radar(firm public.enterprises, since timestamptz) returns jsonb language sql stable set search_path = '' as $$
  with figure as materialized (select * from private.portrait_figures(firm, since)),
  axis as (
    select x.key, x.no, x.unit, x.better, x."full", own.value, peers.median, peers.n
    from (values (1, 'points', 'point', 'less', private.portrait_setting('full_points')), (2, 'open', 'point', 'less', private.portrait_setting('full_open')),
      (3, 'timely', 'percent', 'more', 100), (4, 'days', 'day', 'less', private.portrait_setting('full_days')),
      (5, 'visits', 'time', 'more', private.portrait_setting('full_visits')), (6, 'assurance', 'percent', 'more', 100),
      (7, 'accidents', 'point', 'less', private.portrait_setting('full_accidents'))) x (no, key, unit, better, "full")
    cross join lateral (
      select (to_jsonb(f) ->> x.key)::numeric as value from figure f where f.enterprise_id = firm.id) own
    cross join lateral (
      select percentile_cont(0.5) within group (order by (to_jsonb(f) ->> x.key)::numeric)::numeric as median, count(to_jsonb(f) ->> x.key)::int as n
      from figure f) peers
  )
  select jsonb_build_object('enterprises', (select count(*) from figure), 'closed', (select f.closed from figure f where f.enterprise_id = firm.id),
    'axes', jsonb_agg(jsonb_build_object('key', a.key, 'unit', a.unit, 'better', a.better, 'full', a."full", 'value', round(a.value, 1),
      'score', private.radar_score(a.value, a.better, a."full"),
      -- the middle of few is somebody's own figure: with one's own moved up and down, of three both others would show
      'median', case when a.n >= 5 then round(a.median, 1) end, 'n', a.n,
      'median_score', case when a.n >= 5 then private.radar_score(a.median, a.better, a."full") end)
      order by a.no))
  from axis a
$$;
comment on function private.portrait_radar(public.enterprises, timestamptz) is
  'The radar: axes {key, unit, better more | less, full, value, score 0..100, median of the whole county''s sector (null below five), median_score, n: how many have a figure}. score: 100 × value / full where more is better, else 100 × (1 − value / full), cut off at full. The median is of the whole sector whoever asks: it tells nobody''s figure.';

create function private.portrait_hazards(firm public.enterprises, since timestamptz) returns jsonb language sql stable set search_path = '' as $$
  with mine as materialized (
    select h.id, h.code, h.title, (select k.name from public.hazard_categories k where k.id = h.category_id) as category,
      h.severity, h.state, h.found_at, h.due_at, h.closed_at, h.photos,
      h.state not in ('closed', 'rejected') as open, coalesce(h.state not in ('closed', 'rejected') and h.due_at < now(), false) as overdue
    from private.my_hazards h where h.enterprise_id = firm.id
  ), recent as (
    select m.*, private.hazard_kind(m.title) as kind from mine m
    where m.state <> 'rejected' and m.found_at >= now() - make_interval(months => private.portrait_setting('repeat_months'))
  ), repeated as (
    select (array_agg(r.title order by r.found_at desc))[1] as title, count(*) as n, max(r.found_at) as last,
      jsonb_agg(jsonb_build_object('id', r.id, 'code', r.code, 'found_at', r.found_at, 'state', r.state) order by r.found_at desc) as rows
    from recent r where r.kind <> '' group by r.kind having count(*) >= private.portrait_setting('repeat_times')
  ), photo as (
    select m.id, m.title, f.path, m.found_at as at, false as after
    from mine m cross join lateral jsonb_array_elements_text(m.photos) f (path)
    union all
    select m.id, m.title, f.path, e.at, e.action = 'submit'
    from mine m join public.hazard_events e on e.hazard_id = m.id and e.action <> 'report' cross join lateral jsonb_array_elements_text(e.photos) f (path)
  )
  select jsonb_build_object(
    'counts', (select jsonb_build_object('open', count(*) filter (where m.open), 'major', count(*) filter (where m.open and m.severity = 'major'),
      'overdue', count(*) filter (where m.overdue), 'found', count(*) filter (where m.found_at >= since and m.state <> 'rejected'),
      'closed', count(*) filter (where m.closed_at >= since)) from mine m),
    'rows', (select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'code', x.code, 'title', x.title, 'category', x.category, 'severity', x.severity, 'state', x.state,
        'found_at', x.found_at, 'due_at', x.due_at, 'overdue', x.overdue) order by x.severity desc, x.found_at desc), '[]')
      from (select * from mine m where m.open order by m.severity desc, m.found_at desc limit 50) x),
    'repeat_times', private.portrait_setting('repeat_times'), 'repeat_months', private.portrait_setting('repeat_months'),
    'repeated', (select coalesce(jsonb_agg(jsonb_build_object('title', r.title, 'n', r.n, 'last', r.last, 'rows', r.rows) order by r.n desc, r.last desc), '[]') from repeated r),
    'photos', (select coalesce(jsonb_agg(jsonb_build_object('hazard_id', x.id, 'title', x.title, 'path', x.path, 'at', x.at, 'after', x.after) order by x.at desc), '[]')
      from (select * from photo p order by p.at desc limit 12) x))
$$;
comment on function private.portrait_hazards(public.enterprises, timestamptz) is
  'Hazards of an enterprise in the asker''s scope: counts (open, major and overdue of these, found and closed since then), the open ones (at most 50), what was found again and again, the newest 12 photos.';

create function private.portrait_visits(firm public.enterprises, since date) returns jsonb language sql stable set search_path = '' as $$
  with visit as materialized (
    select p.id, p.kind, p.started_at, i.result, i.note, i.hazard_id, u.name as person, u.title, g.name as grid
    from public.patrol_items i join public.patrols p on p.id = i.patrol_id
    join public.grids g on g.id = p.grid_id left join public.profiles u on u.id = p.user_id
    where i.enterprise_id = firm.id and p.day >= since
  )
  select jsonb_build_object('count', count(*), 'hazards', count(*) filter (where v.result = 'hazard'), 'closed_door', count(*) filter (where v.result = 'closed_door'),
    'last', max(v.started_at),
    'rows', coalesce((select jsonb_agg(jsonb_build_object('id', x.id, 'kind', x.kind, 'at', x.started_at, 'result', x.result, 'note', x.note,
        'hazard_id', (select h.id from private.my_hazards h where h.id = x.hazard_id), 'person', x.person, 'title', x.title, 'grid', x.grid) order by x.started_at desc)
      from (select * from visit w order by w.started_at desc limit 200) x), '[]'))
  from visit v
$$;
comment on function private.portrait_visits(public.enterprises, date) is
  'Patrols, self-checks and inspections since a day that looked at an enterprise: who sees the enterprise sees who was there; hazard_id only of a hazard in the asker''s scope.';

create function private.portrait_checklist(firm public.enterprises) returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('at', c.checked_at, 'by', p.name, 'items', i.items, 'missing', i.missing)
  from (select x.* from public.checklists x where x.enterprise_id = firm.id and x.kind = 'five_assurances' order by x.checked_at desc, x.id desc limit 1) c
  left join public.profiles p on p.id = c.checked_by
  cross join lateral (
    select jsonb_agg(jsonb_build_object('code', t.code, 'name', t.name, 'done', t.done, 'note', t.note)
        order by array_position(array['responsibility', 'funds', 'measures', 'deadline', 'plan'], t.code), t.code) as items,
      count(*) filter (where not t.done) as missing
    from public.checklist_items t where t.checklist_id = c.id) i
$$;
comment on function private.portrait_checklist(public.enterprises) is 'The newest five-assurance checklist of an enterprise; null: never checked.';

create function private.portrait_neighbours(firm public.enterprises) returns jsonb language sql stable set search_path = extensions, pg_temp as $$
  with zone as materialized (select private.circle(firm.location, private.portrait_setting('neighbours_m') * 1.01) as box),
  near as materialized (
    select e.id, e.name, e.sector_id, e.risk_level, e.major_hazard_source_grade as grade, e.employees, round(ST_Distance(e.location::geography, firm.location::geography))::int as distance
    from private.my_enterprises e
    where e.location && (select z.box from zone z) and e.id <> firm.id and e.status <> 'closed'
  )
  select jsonb_build_object('radius_m', private.portrait_setting('neighbours_m'), 'count', count(*), 'employees', sum(n.employees),
    'rows', coalesce((select jsonb_agg(jsonb_build_object('id', x.id, 'name', x.name, 'sector', s.name, 'level', x.risk_level, 'grade', x.grade, 'distance', x.distance)
        order by x.distance, x.name)
      from (select * from near y where y.distance <= private.portrait_setting('neighbours_m') order by y.distance, y.name limit 200) x join public.sectors s on s.id = x.sector_id), '[]'))
  from near n where n.distance <= private.portrait_setting('neighbours_m')
$$;
comment on function private.portrait_neighbours(public.enterprises) is
  'Enterprises of the asker''s scope within settings portrait.neighbours_m of one (geodesic, metres), the nearest first. Nothing tells of those outside the scope.';

create function public.enterprise_portrait(p_enterprise uuid default null) returns jsonb language plpgsql stable security definer
set search_path = extensions, pg_temp set jit = off as $$
declare
  firm public.enterprises;
  since date := (private.today() - interval '12 months')::date;
  moment timestamptz := since::timestamp at time zone 'Asia/Shanghai';
begin
  select e.* into firm from public.enterprises e
  where e.id = p_enterprise and e.id in (select x.id from private.my_enterprises x where x.id = p_enterprise);
  if firm.id is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  return jsonb_build_object(
    'status', 'ok', 'taken_at', now(), 'since', since,
    'enterprise', private.basic_data(firm) || jsonb_build_object('id', firm.id, 'code', firm.code, 'version', firm.row_version,
      'risk_level', firm.risk_level, 'level_by', firm.level_by, 'declared_level', firm.declared_level,
      'major_hazard_source_grade', firm.major_hazard_source_grade, 'created_at', firm.created_at),
    'may', jsonb_build_object('edit', private.may_tend(firm), 'place', private.may_tend(firm) and (private.is_admin() or not firm.id = any (private.my_enterprise_ids()))),
    -- whoever sees it only by its sector sees only the hazards and accidents of their sectors
    'partial', not (private.sees_all() or firm.id = any (private.my_enterprise_ids()) or coalesce(firm.grid_id = any (private.my_grid_ids()), false)),
    'sector', private.sector_card(firm.sector_id), 'breadcrumb', private.breadcrumb(firm.grid_id),
    'responsible', jsonb_build_object('territorial', private.territorial_line(firm.grid_id), 'industry', private.industry_line(firm.sector_id)),
    'licences', (select coalesce(jsonb_agg(private.licence_row(l) order by l.expires_on nulls last, l.kind), '[]') from public.licences l where l.enterprise_id = firm.id),
    'levels', (
      select coalesce(jsonb_agg(jsonb_build_object('at', x.at, 'from', x.from_level, 'to', x.to_level, 'reason', x.reason, 'note', x.note, 'by', p.name) order by x.at desc, x.id desc), '[]')
      from (select * from public.enterprise_levels l where l.enterprise_id = firm.id order by l.at desc, l.id desc limit 30) x left join public.profiles p on p.id = x.changed_by),
    'thresholds', (select jsonb_build_object('lec', r.lec, 'ls', r.ls, 'source_grades', r.source_grades, 'radius_m', r.radius_m) from private.prevention_rule() r),
    'risk_points', (select coalesce(jsonb_agg(private.risk_point_row(r) order by r.level, r.score desc, r.name, r.id), '[]') from public.risk_points r where r.enterprise_id = firm.id),
    'sources', (select coalesce(jsonb_agg(private.source_row(s) order by s.grade, s.r desc, s.name, s.id), '[]') from public.major_hazard_sources s where s.enterprise_id = firm.id),
    'hazards', private.portrait_hazards(firm, moment),
    'visits', private.portrait_visits(firm, since),
    'checklist', private.portrait_checklist(firm),
    'accidents', (
      select jsonb_build_object('count', count(*), 'rows', coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'title', a.title, 'kind', a.kind, 'at', a.occurred_at,
        'grade', a.grade, 'deaths', a.deaths, 'serious_injuries', a.serious_injuries, 'loss', a.loss) order by a.occurred_at desc), '[]'))
      from private.my_accidents a where a.enterprise_id = firm.id),
    'neighbours', private.portrait_neighbours(firm),
    'confirmation', private.confirmation_of(firm),
    'radar', private.portrait_radar(firm, moment));
end $$;
comment on function public.enterprise_portrait(uuid) is
  'Everything the page of one enterprise shows: enterprise, sector, breadcrumb, responsible (both lines), licences, levels (history), risk_points with measures, sources (GB 18218), hazards (open, repeated, counts since a year, photos), visits, checklist (five assurances), accidents, neighbours, confirmation with what changed since, radar against the median of its sector, may (what the asker may change), partial (the asker sees it only by its sector). since: first day of the last 12 months. Out of scope: {status: not_found}. DEFINER: gathers from tables the asker need not read; applies the scope itself.';

revoke execute on all functions in schema private from public;
revoke execute on function public.enterprise_portrait(uuid) from public, anon;
grant execute on function public.enterprise_portrait(uuid) to authenticated, service_role;
