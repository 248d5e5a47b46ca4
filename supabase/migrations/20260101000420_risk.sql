-- 风险四色: where it is red, and why. Today is live; past days are as they were written down.

create function private.my_risk_grid_ids() returns int[] language plpgsql stable security definer
set search_path = extensions, pg_temp as $$
begin
  return private.my_grid_ids() || coalesce((
    select array_agg(distinct g.id)
    from public.department_officers o
    join public.departments d on d.id = o.department_id
    join public.grids r on r.id = d.grid_id
    join public.grids g on g.path <@ r.path
    where o.user_id = (select auth.uid())), '{}');
end $$;
comment on function private.my_risk_grid_ids() is
  'Grids that are judged for the asker: those seen whole, and a department''s grids with its own sectors. Not the ones above: judging them by the part one sees would mislead.';

create type private.risk_state as (
  grid_id int, code text, grid_level int, counts jsonb, points numeric, index numeric, level int);
comment on type private.risk_state is
  'Risk of a grid: how many records of each factor over its subtree, points, index, level (1 red … 4 blue, 0 nothing to judge).';

create function private.risk_live(rule public.risk_rules, at_moment timestamptz, only_level int default null, sectors int[] default null,
  only_grid int default null)
returns setof private.risk_state language plpgsql stable set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := private.sees_all();
  judged int[] := case when everything then null else private.my_risk_grid_ids() end;
begin
  return query
  with weight as materialized (
    select w.key as factor, w.value::numeric as points from jsonb_each_text(rule.weights) w
  ), scale as materialized (
    select l.level, private.risk_scale(rule, l.level) as value from (select distinct g.level::int as level from public.grids g) l
  ), summed as (
    select c.grid_id, jsonb_object_agg(c.factor, c.n) as counts, sum(c.n * coalesce(w.points, 0)) as points,
      coalesce(sum(c.n) filter (where c.factor = 'overdue_major'), 0)::bigint as late,
      coalesce(sum(c.n) filter (where c.factor in ('accident_larger', 'accident_major', 'accident_extraordinary')), 0)::bigint as grave
    from private.risk_counts(at_moment, sectors, only_grid) c left join weight w on w.factor = c.factor
    group by c.grid_id
  )
  select g.id, g.code, g.level::int, coalesce(s.counts, '{}'), coalesce(s.points, 0), coalesce(x.index, 0),
    case when s.grid_id is null then 0 else private.risk_colour(rule.thresholds, x.index, s.late, s.grave) end
  from public.grids g
  left join summed s on s.grid_id = g.id
  left join scale z on z.level = g.level
  left join lateral (select private.risk_index(s.points, z.value) as index) x on s.grid_id is not null
  where g.retired_at is null and g.kind <> 'department' and (everything or g.id = any (judged))
    and (only_level is null or g.level = only_level) and (only_grid is null or g.id = only_grid)
  order by g.level, g.code;
end $$;
comment on function private.risk_live(public.risk_rules, timestamptz, int, int[], int) is
  'Risk of the grids that are judged for the asker, from the records as they are, as of a moment and by these rules. Formula: DESIGN of the risk index, private.risk_index() and private.risk_colour().';

create function private.risk_past(day date, only_level int default null, sectors int[] default null, only_grid int default null)
returns setof private.risk_state language plpgsql stable set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := private.sees_all();
  whole int[] := case when everything then null else private.my_grid_ids() end;
  judged int[] := case when everything then null else private.my_risk_grid_ids() end;
  own_sectors int[] := private.my_sector_ids();
  own_pairs bigint[] := private.my_sector_grids();
  only_sector int := case when cardinality(sectors) = 1 then sectors[1] end;
  rule public.risk_rules := private.risk_rule(day);
begin
  -- as it was written: all of a grid that is seen whole, or one sector
  if only_sector is not null or (sectors is null and (everything or judged <@ whole)) then
    return query
    select g.id, g.code, g.level::int, coalesce(d.counts, '{}'), coalesce(d.points, 0), coalesce(d.index, 0), coalesce(d.level, 0)::int
    from public.grids g
    left join (
      select x.* from public.risk_daily x
      where x.since <= day and coalesce(x.until, 'infinity') > day
        -- in words that an index understands
        and (only_sector is null and x.sector_id is null or x.sector_id = only_sector)) d on d.grid_id = g.id
      and (everything or g.id = any (whole) or d.sector_id = any (own_sectors) or private.sector_grid(d.sector_id, g.id) = any (own_pairs))
    where g.retired_at is null and g.kind <> 'department' and (everything or g.id = any (judged))
      and (only_level is null or g.level = only_level) and (only_grid is null or g.id = only_grid)
    order by g.level, g.code;
    return;
  end if;
  return query
  with shown as (
    select g.id, g.code, g.level::int as level, g.id = any (whole) as is_whole
    from public.grids g
    where g.retired_at is null and g.kind <> 'department' and g.id = any (judged)
      and (only_level is null or g.level = only_level) and (only_grid is null or g.id = only_grid)
  ), part as (
    select s.id, s.code, s.level, d.counts, d.points, d.index, d.level as colour
    from shown s
    left join public.risk_daily d on d.grid_id = s.id and d.since <= day and coalesce(d.until, 'infinity') > day
      and case when s.is_whole then d.sector_id is null
        else d.sector_id = any (own_sectors) or private.sector_grid(d.sector_id, s.id) = any (own_pairs) end
  ), one as (
    select p.id, p.code, p.level, count(p.counts) as parts, (array_agg(p.counts))[1] as counts,
      coalesce(sum(p.points), 0) as points, max(p.index) as index, min(p.colour) as colour
    from part p group by p.id, p.code, p.level
  )
  select o.id, o.code, o.level,
    case when o.parts > 1 then m.counts else coalesce(o.counts, '{}') end, o.points,
    case when o.parts > 1 then x.index else coalesce(o.index, 0) end,
    case o.parts when 0 then 0 when 1 then o.colour
      else private.risk_colour(rule.thresholds, x.index, coalesce((m.counts ->> 'overdue_major')::bigint, 0),
        coalesce((m.counts ->> 'accident_larger')::bigint, 0) + coalesce((m.counts ->> 'accident_major')::bigint, 0)
        + coalesce((m.counts ->> 'accident_extraordinary')::bigint, 0)) end::int
  from one o
  left join lateral (
    -- several sectors of a department: their counts together, judged by the rules of that day
    select jsonb_object_agg(t.factor, t.n) as counts from (
      select c.key as factor, sum(c.value::int) as n
      from part p cross join lateral jsonb_each_text(p.counts) c where p.id = o.id group by c.key) t) m on o.parts > 1
  left join lateral (select private.risk_index(o.points, private.risk_scale(rule, o.level)) as index) x on o.parts > 1
  order by o.level, o.code;
end $$;
comment on function private.risk_past(date, int, int[], int) is
  'The same at the end of a past day, as it was written down (risk_daily). Of grids that exist now.';

create function private.risk_on(day date, only_level int default null, sectors int[] default null, only_grid int default null)
returns setof private.risk_state language plpgsql stable set search_path = extensions, pg_temp as $$
begin
  if day is null or day >= private.today() then
    return query select * from private.risk_live(private.risk_rule(private.today()), now(), only_level, sectors, only_grid);
  elsif exists (select from private.risk_days d where day between d.first and d.last) then
    return query select * from private.risk_past(day, only_level, sectors, only_grid);
  else
    return query select * from private.risk_live(private.risk_rule(day), private.end_of(day), only_level, sectors, only_grid);
  end if;
end $$;
comment on function private.risk_on(date, int, int[], int) is
  'Risk on a day: live for today (and null), as written down for past days, and for a day before the first one written what the records tell of it now.';

create function private.risk_sectors(given text, out sectors int[], out refusal jsonb) language plpgsql stable set search_path = '' as $$
begin
  if nullif(btrim(given), '') is not null then
    sectors := array[private.sector_named(given)];
    if sectors[1] is null then
      refusal := private.refusal('sector', 'UNKNOWN_SECTOR', format('没有这个行业领域：%s', left(given, 60)));
    end if;
  end if;
end $$;
comment on function private.risk_sectors(text) is 'The sector that an argument means (code, name or id), or why not; null for all.';

create function private.risk_day(inout given date, out refusal jsonb) language plpgsql stable set search_path = '' as $$
begin
  given := least(given, private.today());
  if given < '1949-10-01' then
    refusal := private.refusal('on', 'OUT_OF_RANGE', '日期应在 1949 年之后');
  end if;
end $$;
comment on function private.risk_day(date) is 'The day that an argument means (what is yet to come: today; null: now), or why not.';

create function public.risk_map(p_level int default null, p_sector text default null, p_on date default null, p_days int default 7)
returns jsonb language plpgsql stable security definer set search_path = ''
set jit = off as $$
declare
  wanted record;
  asked record;
  before date;
begin
  select * into wanted from private.risk_sectors(p_sector);
  select * into asked from private.risk_day(p_on);
  if coalesce(wanted.refusal, asked.refusal) is not null then
    return coalesce(wanted.refusal, asked.refusal);
  end if;
  before := coalesce(asked.given, private.today()) - least(greatest(coalesce(p_days, 7), 1), 3660);
  return (
    with earlier as (
      select b.grid_id, b.index from private.risk_past(before, p_level, wanted.sectors) b
      where exists (select from private.risk_days d where before between d.first and d.last)
    )
    select coalesce(jsonb_agg(jsonb_build_object('grid_id', r.grid_id, 'code', r.code, 'index', r.index, 'level', r.level,
      'points', r.points,
      'enterprises', coalesce((r.counts ->> 'enterprise_red')::int, 0) + coalesce((r.counts ->> 'enterprise_orange')::int, 0) + coalesce((r.counts ->> 'enterprise_yellow')::int, 0) + coalesce((r.counts ->> 'enterprise_blue')::int, 0)
        + coalesce((r.counts ->> 'enterprise_unassessed')::int, 0),
      'red', coalesce((r.counts ->> 'enterprise_red')::int, 0),
      'open_hazards', coalesce((r.counts ->> 'hazard_general')::int, 0) + coalesce((r.counts ->> 'hazard_major')::int, 0),
      'major_open', coalesce((r.counts ->> 'hazard_major')::int, 0),
      'overdue', coalesce((r.counts ->> 'overdue_general')::int, 0) + coalesce((r.counts ->> 'overdue_major')::int, 0),
      'trend', r.index - b.index) order by r.grid_level, r.code), '[]')
    from private.risk_on(p_on, p_level, wanted.sectors) r
    left join earlier b on b.grid_id = r.grid_id);
end $$;
comment on function public.risk_map(int, text, date, int) is
  'Risk index (0..100) and four-colour level of every grid of the asker''s scope (p_level null: all levels; p_sector: code, name or id; p_on: at the end of that day in China, default now). level 0: nothing to judge; points: see risk_breakdown(); enterprises include those not assessed yet, red are those of level 1; trend: index less that of p_days (1 to 3660) before, null where that day was not written down. Counts of a grid are the sum of its children''s and its own. DEFINER: ledger read; applies the scope itself. Formula: private.risk_index(), private.risk_facts().';

create function public.risk_breakdown(p_grid int default null, p_sector text default null, p_on date default null)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp
set jit = off as $$
declare
  wanted record;
  asked record;
  state private.risk_state;
  rule public.risk_rules;
  moment timestamptz;
  only_grids int[];
  found jsonb;
begin
  select * into wanted from private.risk_sectors(p_sector);
  if wanted.refusal is not null then
    return wanted.refusal;
  end if;
  select * into asked from private.risk_day(p_on);
  if asked.refusal is not null then
    return asked.refusal;
  end if;
  moment := case when p_on is null or p_on >= private.today() then now() else private.end_of(p_on) end;
  select * into state from private.risk_on(p_on, null, wanted.sectors, p_grid);
  if p_grid is null or state.grid_id is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  rule := private.risk_rule((moment at time zone 'Asia/Shanghai' - interval '1 microsecond')::date);
  only_grids := array(select g.id from public.grids g where g.path <@ (select b.path from public.grids b where b.id = p_grid));
  select jsonb_object_agg(f.factor, f.records) into found from (
    select x.factor, jsonb_agg(jsonb_build_object('kind', x.kind, 'id', x.id) order by x.id) as records
    from private.risk_facts(moment, moment, only_grids) x
    where wanted.sectors is null or x.sector_id = any (wanted.sectors)
    group by x.factor) f;
  return jsonb_build_object(
    'index', state.index, 'level', state.level, 'points', state.points,
    'scale', private.risk_scale(rule, state.grid_level), 'thresholds', rule.thresholds, 'rule', rule.id,
    'parts', (
      select coalesce(jsonb_agg(jsonb_build_object('factor', c.key, 'weight', (rule.weights ->> c.key)::numeric,
        'points', c.value::int * coalesce((rule.weights ->> c.key)::numeric, 0), 'count', c.value::int,
        'records', coalesce(found -> c.key, '[]')) order by c.value::int * coalesce((rule.weights ->> c.key)::numeric, 0) desc, c.key), '[]')
      from jsonb_each_text(state.counts) c where rule.weights ? c.key),
    'vetoes', (
      select coalesce(jsonb_agg(jsonb_build_object('rule', v.rule, 'level', v.level,
        'records', (select coalesce(jsonb_agg(r), '[]') from unnest(v.factors) f cross join lateral jsonb_array_elements(found -> f) r))
        order by v.level), '[]')
      from (values ('accident', 1, array['accident_larger', 'accident_major', 'accident_extraordinary']),
        ('overdue_major', 2, array['overdue_major'])) v (rule, level, factors)
      where state.counts ?| v.factors));
end $$;
comment on function public.risk_breakdown(int, text, date) is
  'Why a grid has its level: parts {factor, weight, count, points = weight × count, records: [{kind, id}]}, gravest first, which sum to points; index = 100 × (1 − exp(−points ÷ scale)); vetoes that hold, with their records. Of a past day the counts are those written down, the records those that the ledger tells of that day now. Out of scope: {status: not_found}. DEFINER: ledger read; applies the scope itself.';

revoke execute on function private.my_risk_grid_ids(), private.risk_live(public.risk_rules, timestamptz, int, int[], int),
  private.risk_past(date, int, int[], int), private.risk_on(date, int, int[], int), private.risk_sectors(text), private.risk_day(date) from public;
revoke execute on function public.risk_map(int, text, date, int), public.risk_breakdown(int, text, date) from public, anon;
grant execute on function public.risk_map(int, text, date, int), public.risk_breakdown(int, text, date) to authenticated, service_role;
