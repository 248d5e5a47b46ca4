-- 研判简报: all that a page of figures says of a grid in a period, read in one snapshot, so that its figures agree.

create function private.briefing_cells(day date, shown int[]) returns setof private.matrix_cell
language plpgsql stable set search_path = extensions, pg_temp as $$
begin
  if day >= private.today() then
    return query select * from private.matrix_live(private.risk_rule(private.today()), now(), shown);
  elsif exists (select from private.risk_days d where day between d.first and d.last) then
    return query select * from private.matrix_past(day, shown);
  else
    return query select * from private.matrix_live(private.risk_rule(day), private.end_of(day), shown);
  end if;
end $$;
comment on function private.briefing_cells(date, int[]) is
  'Risk of these grids, in all and by sector, at the end of a day: live for today, else as private.risk_on() decides.';

create function private.hazard_total(filter jsonb) returns int language plpgsql stable set search_path = extensions, pg_temp as $$
declare
  n int;
begin
  execute 'select count(*) from public.hazards h where ' || private.hazard_where(private.read_filter(filter)) into n;
  return n;
end $$;
comment on function private.hazard_total(jsonb) is 'How many rows list_hazards() has for a filter.';

create function private.leader_of(grid int) returns jsonb language sql stable set search_path = '' as $$
  select p.value - 'photo_path' || jsonb_build_object('grid_id', g.id, 'grid', g.name)
  from public.grids g cross join lateral jsonb_array_elements(private.grid_people(g.id)) with ordinality p (value, nth)
  where g.id = grid and p.value ->> 'position' = 'leader'
  order by p.nth limit 1
$$;
comment on function private.leader_of(int) is 'The leader of a grid, to be called; null when it has none.';

create function private.nearest_leader(grid int) returns jsonb language sql stable set search_path = extensions, pg_temp as $$
  select l.leader
  from public.grids g join public.grids a on g.path <@ a.path
  cross join lateral (select private.leader_of(a.id) as leader) l
  where g.id = grid and l.leader is not null
  order by a.level desc limit 1
$$;
comment on function private.nearest_leader(int) is 'The leader of a grid, or of the nearest one above that has one.';

create function private.briefing_hazards(only_grid int, sector int, since date, upto date) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  scope jsonb := jsonb_strip_nulls(jsonb_build_object('grid', only_grid, 'sector', sector));
  found jsonb := scope || jsonb_build_object('from', since, 'to', upto);
  valid jsonb := '{"status": ["reported", "verified", "assigned", "rectifying", "submitted", "closed"]}'::jsonb;
begin
  return jsonb_build_object(
    'new', private.hazard_total(found || valid),
    'new_major', private.hazard_total(found || valid || '{"severity": "major"}'),
    'closed', private.hazard_total(scope || jsonb_build_object('status', 'closed', 'closed_from', since, 'closed_to', upto)),
    'new_closed', private.hazard_total(found || jsonb_build_object('status', 'closed', 'closed_to', upto)));
end $$;
comment on function private.briefing_hazards(int, int, date, date) is
  'Hazards of a period: new (found in it, not rejected), new_major, closed (in it, whenever found), new_closed (found and closed in it). Each is a total of list_hazards().';

create function private.briefing_next(only_grids int[], sectors int[], whole boolean) returns jsonb
language sql stable set search_path = '' as $$
  with major as materialized (
    select h.*, g.name as grid, e.name as enterprise, p.name as holder, p.phone as holder_phone, s.name as sector
    from private.my_hazards h
    join public.grids g on g.id = h.grid_id
    left join public.enterprises e on e.id = h.enterprise_id
    left join public.profiles p on p.id = h.assigned_to
    left join public.sectors s on s.id = h.sector_id
    where h.is_open and h.severity = 'major' and h.grid_id = any (only_grids) and (sectors is null or h.sector_id = any (sectors))
      and (h.is_overdue or h.due_at < (private.today() + 8)::timestamp at time zone 'Asia/Shanghai')
  ), vacant as materialized (
    select g.id, g.code, g.name, g.level from public.grids g
    where whole and g.id = any (only_grids) and g.kind = 'area' and g.retired_at is null
      and not exists (select from public.memberships m where m.grid_id = g.id and m.position = 'leader')
  ), unowned as materialized (
    select s.id, s.name, s.sort,
      (select count(*) from private.my_enterprises e where e.sector_id = s.id and e.status <> 'closed' and e.grid_id = any (only_grids)) as enterprises,
      (select count(*) from private.my_hazards h where h.sector_id = s.id and h.is_open and h.grid_id = any (only_grids)) as open
    from public.sectors s where s.department_id is null and (sectors is null or s.id = any (sectors))
  )
  select jsonb_build_object(
    'majors', jsonb_build_object(
      'overdue', (select count(*) from major m where m.is_overdue),
      'soon', (select count(*) from major m where not m.is_overdue),
      'rows', (
        select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'code', m.code, 'title', m.title, 'state', m.state, 'due_at', m.due_at,
          'overdue', m.is_overdue, 'days', case when m.is_overdue then private.today() - (m.due_at at time zone 'Asia/Shanghai')::date
            else (m.due_at at time zone 'Asia/Shanghai')::date - private.today() end,
          'grid', m.grid, 'sector', m.sector, 'enterprise', m.enterprise,
          -- who answers for it: by name in the five assurances, else whom it was given to; and who answers for the place
          'person', coalesce(nullif(btrim(m.assurance_person), ''), m.holder),
          'phone', case when coalesce(nullif(btrim(m.assurance_person), ''), m.holder) = m.holder then m.holder_phone end,
          'leader', private.nearest_leader(m.grid_id))
          order by m.due_at, m.code), '[]')
        from (select * from major x order by x.due_at, x.code limit 8) m)),
    'vacant', jsonb_build_object(
      'count', (select count(*) from vacant),
      'rows', (select coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'code', v.code, 'name', v.name) order by v.level, v.code), '[]')
        from (select * from vacant x order by x.level, x.code limit 6) v)),
    'unowned', (
      select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name, 'enterprises', u.enterprises, 'open', u.open) order by u.sort, u.id), '[]')
      from unowned u where u.enterprises > 0 or u.open > 0))
$$;
comment on function private.briefing_next(int[], int[], boolean) is
  'What is to be done next, by rule: major hazards overdue or due within 7 days (the 8 that are due first), area grids without a leader, sectors with records and without a department. Of these grids, within the asker''s scope.';

create function private.briefing_warnings(only_grid int, sector text, since date, upto date) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  scope jsonb := jsonb_strip_nulls(jsonb_build_object('grid', only_grid, 'sector', sector));
  raised jsonb := public.list_warnings(scope || jsonb_build_object('from', since, 'to', upto), null, 0);
  waiting jsonb := public.list_warnings(scope || '{"state": "open"}', null, 3);
begin
  return jsonb_build_object(
    'raised', raised -> 'total', 'raised_open', raised #> '{counts,open}', 'handled', raised #> '{counts,handled}',
    'false_alarm', raised #> '{counts,false_alarm}', 'open', waiting -> 'total',
    'rows', (
      select coalesce(jsonb_agg(jsonb_build_object('id', r.value -> 'id', 'level', r.value -> 'level', 'raised_at', r.value -> 'raised_at',
        'reason', r.value -> 'reason', 'owner', r.value -> 'owner') order by r.nth), '[]')
      from jsonb_array_elements(waiting -> 'rows') with ordinality r (value, nth)));
end $$;
comment on function private.briefing_warnings(int, text, date, date) is
  'Warnings raised in a period and what became of them; those open now, with the three gravest. Each figure is a total of list_warnings().';

create function private.briefing_duties(only_grids int[], since date, upto date) returns jsonb
language sql stable set search_path = '' as $$
  with owed as materialized (
    select d.grid_id, d.required, least(d.done, d.required) as done
    from private.duty_status_of(since, upto, only_grids) d
    where d.ends between since and upto and ((select private.sees_all()) or d.grid_id = any ((select private.my_grid_ids())::int[]))
  )
  select jsonb_build_object('required', coalesce(sum(o.required), 0), 'done', coalesce(sum(o.done), 0),
    'missed', coalesce(sum(o.required - o.done), 0),
    'grids', (
      select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'code', g.code, 'name', g.name, 'missed', x.missed, 'leader', private.leader_of(g.id))
        order by x.missed desc, g.code), '[]')
      from (
        select m.grid_id, sum(m.required - m.done) as missed from owed m
        group by 1 having sum(m.required - m.done) > 0 order by 2 desc, 1 limit 5) x
      join public.grids g on g.id = x.grid_id))
  from owed o
$$;
comment on function private.briefing_duties(int[], date, date) is
  'Duties whose period ended between two days: how often owed, done and missed, and the grids that missed most.';

create function public.risk_briefing(p_grid int default null, p_sector text default null, p_from date default null, p_to date default null)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp
set jit = off as $$
declare
  everything boolean := private.sees_all();
  judged int[] := case when everything then null else private.my_risk_grid_ids() end;
  whole_ids int[] := case when everything then null else private.my_grid_ids() end;
  today date := private.today();
  wanted record;
  span record;
  since date;
  upto date;
  past date;
  at public.grids;
  shown int[];
  below int[];
  whole boolean;
  one int;
  rule public.risk_rules;
  weights jsonb;
  risk jsonb;
  hazards jsonb;
begin
  select * into wanted from private.risk_sectors(p_sector);
  if wanted.refusal is not null then
    return wanted.refusal;
  end if;
  one := wanted.sectors[1];
  select * into span from private.risk_span(
    coalesce(p_from, case when p_to < '1950-01-01' then p_to end, least(p_to, today) - 6, today - 6), p_to, 366, '一年');
  if span.refusal is not null then
    return span.refusal;
  end if;
  since := span.from_day;
  upto := span.to_day;
  past := since - 1;
  select g.* into at from public.grids g
  where g.retired_at is null and g.kind <> 'department' and (p_grid is null or g.id = p_grid) and (everything or g.id = any (judged))
  order by g.level, g.code limit 1;
  if at.id is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  whole := everything or at.id = any (whole_ids);
  shown := at.id || array(
    select g.id from public.grids g
    where g.parent_id = at.id and g.retired_at is null and g.kind <> 'department' and (everything or g.id = any (judged)));
  below := array(select g.id from public.grids g where g.path <@ at.path and g.retired_at is null);
  rule := private.risk_rule(upto);
  weights := rule.weights;

  with cell as materialized (
    select * from private.briefing_cells(upto, shown)
  ), earlier as materialized (
    select * from private.briefing_cells(past, shown)
  ), place as (
    -- of the chosen sector, or of all
    select g.id, g.code, g.name, coalesce(c.counts, '{}') as counts, coalesce(c.points, 0) as points, coalesce(c.index, 0) as index,
      coalesce(c.level, 0) as level, coalesce(b.counts, '{}') as counts_before, coalesce(b.points, 0) as points_before,
      coalesce(b.index, 0) as index_before, coalesce(b.level, 0) as level_before
    from public.grids g
    left join cell c on c.grid_id = g.id and c.sector_id is not distinct from one
    left join earlier b on b.grid_id = g.id and b.sector_id is not distinct from one
    where g.id = any (shown)
  ), part as (
    select p.id, w.key as factor, coalesce((p.counts ->> w.key)::int, 0) as n, coalesce((p.counts_before ->> w.key)::int, 0) as before,
      w.value::numeric as weight, coalesce((p.counts ->> w.key)::int, 0) * w.value::numeric as points
    from place p cross join lateral jsonb_each_text(weights) w
    where p.counts ? w.key or p.counts_before ? w.key
  ), told as (
    select p.*, (
        select coalesce(jsonb_agg(jsonb_build_object('factor', x.factor, 'weight', x.weight, 'count', x.n, 'points', x.points, 'before', x.before)
          order by x.points desc, x.factor), '[]')
        from part x where x.id = p.id) as parts,
      coalesce((p.counts ->> 'hazard_general')::int, 0) + coalesce((p.counts ->> 'hazard_major')::int, 0) as open,
      coalesce((p.counts ->> 'hazard_major')::int, 0) as major,
      coalesce((p.counts ->> 'overdue_general')::int, 0) + coalesce((p.counts ->> 'overdue_major')::int, 0) as overdue
    from place p
  )
  select jsonb_build_object(
    'risk', (
      select jsonb_build_object('index', x.index, 'level', x.level, 'points', x.points, 'parts', x.parts,
        'open', x.open, 'major', x.major, 'overdue', x.overdue, 'overdue_major', coalesce((x.counts ->> 'overdue_major')::int, 0),
        'enterprises', (select coalesce(sum(e.value::int), 0) from jsonb_each_text(x.counts) e where e.key like 'enterprise\_%'),
        'red_enterprises', coalesce((x.counts ->> 'enterprise_red')::int, 0),
        'duties_missed', coalesce((x.counts ->> 'duty_missed')::int, 0),
        'accidents_year', coalesce((select sum(e.value::int) from jsonb_each_text(x.counts) e where e.key like 'accident\_%'), 0),
        'before', jsonb_build_object('on', past, 'index', x.index_before, 'level', x.level_before, 'points', x.points_before,
          'open', coalesce((x.counts_before ->> 'hazard_general')::int, 0) + coalesce((x.counts_before ->> 'hazard_major')::int, 0),
          'major', coalesce((x.counts_before ->> 'hazard_major')::int, 0),
          'overdue', coalesce((x.counts_before ->> 'overdue_general')::int, 0) + coalesce((x.counts_before ->> 'overdue_major')::int, 0),
          'red_enterprises', coalesce((x.counts_before ->> 'enterprise_red')::int, 0)),
        'vetoes', (
          select coalesce(jsonb_agg(jsonb_build_object('rule', v.rule, 'level', v.level, 'count', v.n) order by v.level), '[]')
          from (values
            ('accident', 1, coalesce((x.counts ->> 'accident_larger')::int, 0) + coalesce((x.counts ->> 'accident_major')::int, 0)
              + coalesce((x.counts ->> 'accident_extraordinary')::int, 0)),
            ('overdue_major', 2, coalesce((x.counts ->> 'overdue_major')::int, 0))) v (rule, level, n)
          where v.n > 0))
      from told x where x.id = at.id),
    'levels', (
      select jsonb_build_object('count', count(*),
        'now', jsonb_build_array(count(*) filter (where x.level = 0), count(*) filter (where x.level = 1), count(*) filter (where x.level = 2),
          count(*) filter (where x.level = 3), count(*) filter (where x.level = 4)),
        'before', jsonb_build_array(count(*) filter (where x.level_before = 0), count(*) filter (where x.level_before = 1),
          count(*) filter (where x.level_before = 2), count(*) filter (where x.level_before = 3), count(*) filter (where x.level_before = 4)))
      from told x where x.id <> at.id),
    'grids', (
      select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'code', x.code, 'name', x.name, 'index', x.index, 'level', x.level,
        'points', x.points, 'before', x.index_before, 'level_before', x.level_before, 'open', x.open, 'major', x.major, 'overdue', x.overdue,
        'parts', (select coalesce(jsonb_agg(y.value order by y.nth), '[]')
          from jsonb_array_elements(x.parts) with ordinality y (value, nth) where y.nth <= 3 and (y.value ->> 'count')::int > 0),
        'leader', private.leader_of(x.id))
        order by x.level, x.index desc, x.major desc, x.overdue desc, x.code), '[]')
      from (
        select * from told t where t.id <> at.id and t.level > 0
        order by t.level, t.index desc, t.major desc, t.overdue desc, t.code limit 5) x),
    'sectors', (
      select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'code', s.code, 'name', s.name, 'index', c.index, 'level', c.level,
        'points', c.points, 'before', coalesce(b.index, 0),
        'open', coalesce((c.counts ->> 'hazard_general')::int, 0) + coalesce((c.counts ->> 'hazard_major')::int, 0),
        'major', coalesce((c.counts ->> 'hazard_major')::int, 0),
        'overdue', coalesce((c.counts ->> 'overdue_general')::int, 0) + coalesce((c.counts ->> 'overdue_major')::int, 0),
        'department', case when d.id is not null then jsonb_build_object('id', d.id, 'name', d.name) end,
        'officer', private.industry_line(s.id) -> 'officers' -> 0)
        order by c.level, c.index desc, s.sort, s.id), '[]')
      from cell c
      join public.sectors s on s.id = c.sector_id
      left join public.departments d on d.id = s.department_id
      left join earlier b on b.grid_id = at.id and b.sector_id = c.sector_id
      where c.grid_id = at.id))
  into risk;

  hazards := private.briefing_hazards(at.id, one, since, upto)
    || jsonb_build_object('before', private.briefing_hazards(at.id, one, past - (upto - since), past));
  return risk || jsonb_build_object(
    'status', 'ok', 'now', now(), 'today', today, 'live', upto = today,
    'period', jsonb_build_object('from', since, 'to', upto, 'days', upto - since + 1),
    'scope', jsonb_build_object(
      'grid', jsonb_build_object('id', at.id, 'code', at.code, 'name', at.name, 'level', at.level),
      'trail', private.breadcrumb(at.id),
      'leader', private.leader_of(at.id),
      'sector', private.sector_card(one), 'whole', whole,
      -- an officer of a department sees its sectors only, and is told which
      'sectors', case when not whole then (
        select coalesce(jsonb_agg(s.name order by s.sort, s.id), '[]') from public.sectors s
        where s.id = any (private.my_sector_ids()) or private.sector_grid(s.id, at.id) = any (private.my_sector_grids())) end),
    'hazards', hazards,
    'accidents', jsonb_build_object(
      'period', public.accident_figures(at.id, p_sector, since, upto) - 'months' - 'grades',
      'year', public.accident_figures(at.id, p_sector, date_trunc('year', upto::timestamp)::date, upto) - 'months' - 'grades'),
    'warnings', private.briefing_warnings(at.id, p_sector, since, upto),
    'duties', case when whole and one is null then private.briefing_duties(below, since, upto) end,
    'next', case when upto = today then private.briefing_next(below, wanted.sectors, whole) end);
end $$;
comment on function public.risk_briefing(int, text, date, date) is
  'All figures of a briefing on a grid (null: the topmost that is judged for the asker) and sector (null: all) for the days p_from to p_to (default: the last 7; at most 366), in one snapshot. risk: as risk_map() and risk_breakdown() have it at the end of p_to (live today), before: at the end of the day before p_from; grids: the five worst below it with their three gravest parts and leader; levels: how many grids below have level 0…4; sectors: all that count, the worst first, with department and officer; hazards: totals of list_hazards(), before: of as many days before; accidents: accident_figures() of the period and of the year so far; warnings: totals of list_warnings(); duties: of periods that ended in it (null for who does not see the grid whole, and of one sector); next: what is to be done, of now only. Out of scope: {status: not_found}; bad sector or days: {status: rejected}. DEFINER: ledger read; applies the scope itself.';

revoke execute on function private.briefing_cells(date, int[]), private.hazard_total(jsonb), private.leader_of(int), private.nearest_leader(int),
  private.briefing_hazards(int, int, date, date), private.briefing_next(int[], int[], boolean),
  private.briefing_warnings(int, text, date, date), private.briefing_duties(int[], date, date) from public;
revoke execute on function public.risk_briefing(int, text, date, date) from public, anon;
grant execute on function public.risk_briefing(int, text, date, date) to authenticated, service_role;
