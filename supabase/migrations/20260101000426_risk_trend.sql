-- 风险走势: how the risk of a grid went, day by day, and what happened meanwhile.

create function private.risk_states(from_day date, to_day date, only_level int default null, sectors int[] default null,
  only_grid int default null)
returns table (grid_id int, starts date, points numeric, index numeric, level int) language plpgsql stable
set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := private.sees_all();
  whole int[] := case when everything then null else private.my_grid_ids() end;
  judged int[] := case when everything then null else private.my_risk_grid_ids() end;
  own_sectors int[] := private.my_sector_ids();
  own_pairs bigint[] := private.my_sector_grids();
  only_sector int := case when cardinality(sectors) = 1 then sectors[1] end;
  -- whether every grid is told by one line of spans: all of it, or one sector
  plain boolean := only_sector is not null or everything or judged <@ whole;
  known private.risk_days;
begin
  select * into known from private.risk_days;
  from_day := greatest(from_day, known.first);
  to_day := least(to_day, known.last);
  if known.first is null or from_day > to_day then
    return;
  end if;
  return query
  with shown as materialized (
    select g.id, g.level::int as level, everything or g.id = any (whole) as is_whole
    from public.grids g
    where g.retired_at is null and g.kind <> 'department' and (everything or g.id = any (judged))
      and (only_level is null or g.level = only_level) and (only_grid is null or g.id = only_grid)
  ), part as materialized (
    select d.grid_id, greatest(d.since, from_day) as since, d.until, d.points, d.index, d.level::int as level,
      coalesce((d.counts ->> 'overdue_major')::int, 0) as late,
      coalesce((d.counts ->> 'accident_larger')::int, 0) + coalesce((d.counts ->> 'accident_major')::int, 0)
        + coalesce((d.counts ->> 'accident_extraordinary')::int, 0) as grave
    from public.risk_daily d join shown s on s.id = d.grid_id
    where d.since <= to_day and coalesce(d.until, 'infinity') > from_day
      and (only_grid is null or d.grid_id = only_grid)
      and case
        when only_sector is not null then d.sector_id = only_sector
          and (s.is_whole or d.sector_id = any (own_sectors) or private.sector_grid(d.sector_id, s.id) = any (own_pairs))
        when plain or s.is_whole then d.sector_id is null
        else d.sector_id = any (own_sectors) or private.sector_grid(d.sector_id, s.id) = any (own_pairs) end
  ), step as (
    -- up on the day a span begins, down on the day after its last; several sectors of a department are added up
    select p.grid_id, p.since as day, 1 as n, p.points, p.index, p.level, p.late, p.grave from part p
    union all
    select p.grid_id, p.until, -1, -p.points, -p.index, -p.level, -p.late, -p.grave from part p where p.until <= to_day
    union all
    -- sums are judged by the rules of their day
    select distinct p.grid_id, r.effective_from, 0, 0::numeric, 0::numeric, 0, 0, 0
    from part p cross join public.risk_rules r
    where not plain and r.effective_from > from_day and r.effective_from <= to_day
  ), change as (
    select t.grid_id, t.day, sum(t.n) as n, sum(t.points) as points, sum(t.index) as index, sum(t.level) as level,
      sum(t.late) as late, sum(t.grave) as grave
    from step t group by t.grid_id, t.day
  ), run as (
    select c.grid_id, c.day, sum(c.n) over w as n, sum(c.points) over w as points, sum(c.index) over w as index,
      sum(c.level) over w as level, sum(c.late) over w as late, sum(c.grave) over w as grave
    from change c
    window w as (partition by c.grid_id order by c.day)
  ), state as (
    select r.grid_id, r.day, r.points, case when r.n > 1 then x.index else r.index end as index,
      case when r.n > 1 then private.risk_colour((x.rule).thresholds, x.index, r.late::bigint, r.grave::bigint) else r.level end::int as level
    from run r join shown s on s.id = r.grid_id
    left join lateral (
      select u.rule, private.risk_index(r.points, private.risk_scale(u.rule, s.level)) as index
      from (select private.risk_rule(r.day) as rule) u) x on r.n > 1
  ), told as (
    select s.*, lag((s.points, s.index, s.level)) over (partition by s.grid_id order by s.day) as before from state s
  )
  select t.grid_id, t.day, t.points, t.index, t.level from told t
  where t.before is distinct from (t.points, t.index, t.level)
  order by t.grid_id, t.day;
end $$;
comment on function private.risk_states(date, date, int, int[], int) is
  'What the grids that are judged for the asker were on the days from from_day to to_day that are written down: one row for each day on which points, index or level became others, until the next row of the grid; before its first row there is nothing to judge (level 0). The same figures as private.risk_past() day by day.';

create function private.risk_span(p_from date, p_to date, most int, most_words text, out from_day date, out to_day date, out refusal jsonb)
language plpgsql stable set search_path = '' as $$
declare
  today date := private.today();
begin
  -- infinity has no days that could be counted, and the ends of the calendar none beside them
  if not (coalesce(p_from, today) between '0001-01-01' and '9999-12-31' and coalesce(p_to, today) between '0001-01-01' and '9999-12-31') then
    refusal := private.refusal('from', 'BAD_VALUE', '起止日期不正确');
    return;
  end if;
  to_day := least(coalesce(p_to, today), today);
  from_day := coalesce(p_from, to_day - 364);
  if p_to is not null and p_from > p_to then
    refusal := private.refusal('from', 'BAD_VALUE', '起始日期不能晚于截止日期');
  elsif from_day > to_day then
    refusal := private.refusal('from', 'BAD_VALUE', '起始日期不能晚于今天');
  elsif to_day - from_day >= most then
    refusal := private.refusal('from', 'OUT_OF_RANGE', format('时间跨度太长：一次最多查询%s', most_words));
  end if;
end $$;
comment on function private.risk_span(date, date, int, text) is
  'The days that two arguments mean (defaults: the year up to today; not after today), or why not: at most so many.';

create function public.risk_trend(p_grid int default null, p_sector text default null, p_from date default null, p_to date default null)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp
set jit = off as $$
declare
  wanted record;
  span record;
  today date := private.today();
  at public.grids;
  now_state private.risk_state;
begin
  select * into wanted from private.risk_sectors(p_sector);
  if wanted.refusal is not null then
    return wanted.refusal;
  end if;
  select * into span from private.risk_span(p_from, p_to, 1830, '五年');
  if span.refusal is not null then
    return span.refusal;
  end if;
  select g.* into at from public.grids g
  where g.retired_at is null and g.kind <> 'department' and (p_grid is null or g.id = p_grid)
    and (private.sees_all() or g.id = any (private.my_risk_grid_ids()))
  order by g.level, g.code limit 1;
  if at.id is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  if span.to_day = today then
    select * into now_state from private.risk_on(null, null, wanted.sectors, at.id);
  end if;
  return (
    with known as (
      select greatest(d.first, span.from_day) as first, least(d.last, span.to_day) as last from private.risk_days d
    ), state as (
      select s.starts, s.points, s.index, s.level, lead(s.starts) over (order by s.starts) as until
      from private.risk_states(span.from_day, span.to_day, null, wanted.sectors, at.id) s
    ), day as (
      select d::date as day, k.first is not null as is_known
      from generate_series(span.from_day, span.to_day, interval '1 day') d
      left join known k on d::date between k.first and k.last
    ), told as (
      select d.day,
        case when d.day = today then now_state.index when d.is_known then coalesce(s.index, 0) end as index,
        case when d.day = today then now_state.level when d.is_known then coalesce(s.level, 0) end as level,
        case when d.day = today then now_state.points when d.is_known then coalesce(s.points, 0) end as points
      from day d
      left join (
        select x::date as day, s.index, s.level, s.points
        from state s cross join generate_series(s.starts, coalesce(s.until - 1, span.to_day), interval '1 day') x) s on s.day = d.day
    )
    select jsonb_build_object('from', span.from_day, 'to', span.to_day,
      'grid', jsonb_build_object('id', at.id, 'code', at.code, 'name', at.name),
      'known', (select jsonb_build_object('first', k.first, 'last', k.last) from private.risk_days k),
      'index', jsonb_agg(t.index order by t.day), 'level', jsonb_agg(t.level order by t.day), 'points', jsonb_agg(t.points order by t.day),
      'accidents', (
        select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'title', a.title, 'on', x.day, 'grade', a.grade, 'deaths', a.deaths)
          order by a.occurred_at, a.id), '[]')
        from private.my_accidents a join public.grids g on g.id = a.grid_id
        cross join lateral (select (a.occurred_at at time zone 'Asia/Shanghai')::date as day) x
        where g.path <@ at.path and x.day between span.from_day and span.to_day
          and (wanted.sectors is null or a.sector_id = any (wanted.sectors))),
      'campaigns', (
        select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'from', c.starts, 'to', c.ends,
          'grid', jsonb_build_object('id', g.id, 'code', g.code, 'name', g.name), 'description', c.description)
          order by c.starts, c.id), '[]')
        from public.campaigns c join public.grids g on g.id = c.grid_id
        where at.path <@ g.path and c.starts <= span.to_day and c.ends >= span.from_day
          and (private.sees_all() or c.grid_id = any (private.my_public_grid_ids()))
          and (wanted.sectors is null or cardinality(c.sector_ids) = 0 or c.sector_ids && wanted.sectors)))
    from told t);
end $$;
comment on function public.risk_trend(int, text, date, date) is
  'How the risk of a grid (null: the topmost that is judged for the asker) and sector (null: all) went from one day to another, at most five years, default the year up to today: {from, to, grid, known: {first, last: the days written down}, index, level, points: one entry a day, null where it is not known, 0 where nothing was to be judged, today live; accidents: [{id, title, on, grade, deaths}] of its subtree; campaigns: [{id, name, from, to, grid, description}] of it and the grids above}. Out of scope: {status: not_found}; bad days: {status: rejected}. DEFINER: ledger read; applies the scope itself.';

revoke execute on function private.risk_states(date, date, int, int[], int), private.risk_span(date, date, int, text) from public;
revoke execute on function public.risk_trend(int, text, date, date) from public, anon;
grant execute on function public.risk_trend(int, text, date, date) to authenticated, service_role;
