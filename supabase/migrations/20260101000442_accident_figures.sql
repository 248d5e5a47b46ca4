-- 事故四项指标: 起数, 死亡, 受伤, 直接经济损失 of a period against the same period of last year.

create function private.last_year(day date) returns date language sql immutable set search_path = '' as $$
  select case when extract(month from day) = 2 and extract(day from day) = 29
    then make_date(extract(year from day)::int - 1, 3, 1) else (day - interval '1 year')::date end
$$;
comment on function private.last_year(date) is
  'The first day of a period to the first day of the same period of last year. A 29 February that last year did not have begins with its 1 March, so that periods which meet still meet: months of last year add up to last year.';

create function private.accident_hits(filter jsonb) returns setof public.accidents language plpgsql stable
set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  given jsonb := coalesce(nullif(private.j(filter), 'null'), '{}');
  f private.ledger_filter := private.read_filter(given);
  grades int[];
  harm text := nullif(given ->> 'harm', '');
begin
  if harm not in ('deaths', 'injuries', 'loss') then
    raise exception '后果只能是 deaths、injuries 或 loss：%', left(harm, 40) using errcode = '22023';
  end if;
  grades := (
    select coalesce(array_agg(case when word ~ '^[1-4]$' then word::int else -1 end), '{}')
    from unnest(private.filter_list(given, 'grade')) word
    having private.filter_list(given, 'grade') is not null);
  return query
  select a.* from private.my_accidents a
  where (f.grid_ids is null or a.grid_id = any (f.grid_ids))
    and (f.sectors is null or a.sector_id = any (f.sectors))
    and (f.since is null or a.occurred_at >= f.since)
    and (f.until is null or a.occurred_at < f.until)
    and (f.enterprise is null or a.enterprise_id = f.enterprise)
    and (grades is null or a.grade = any (grades))
    and case harm when 'deaths' then a.deaths > 0 when 'injuries' then a.serious_injuries + a.minor_injuries > 0
      when 'loss' then a.loss > 0 else true end
    and (f.words is null or position(f.words in lower(a.title)) > 0 or position(f.words in lower(a.code)) > 0);
end $$;
comment on function private.accident_hits(jsonb) is
  'Accidents of the asker''s scope that a filter means: one meaning for figures and lists. {grid, sector, from, to (when it happened; whole days, Beijing time), enterprise, q} as private.read_filter() says, grade (1 extraordinary … 4 general; one or many), harm (deaths, injuries or loss: those that have any). A value that cannot be read raises 22023.';

create function public.accident_figures(
  p_grid int default null, p_sector text default null, p_from date default null, p_to date default null)
returns jsonb language plpgsql stable security definer set search_path = ''
set jit = off as $$
declare
  wanted record;
  last_day date := coalesce(p_to, private.today());
  first_day date := coalesce(p_from, case when last_day between '1949-01-01' and '2199-12-31' then date_trunc('year', last_day::timestamp)::date end);
  before_first date;
  before_last date;
begin
  select * into wanted from private.risk_sectors(p_sector);
  if wanted.refusal is not null then
    return wanted.refusal;
  end if;
  if first_day is null or not (first_day between '1949-01-01' and '2199-12-31' and last_day between '1949-01-01' and '2199-12-31') then
    return private.refusal('from', 'OUT_OF_RANGE', '日期应在 1949 年至 2199 年之间');
  end if;
  if first_day > last_day then
    return private.refusal('from', 'BAD_VALUE', format('开始日期 %s 在结束日期 %s 之后', first_day, last_day));
  end if;
  if last_day >= (first_day + interval '10 years')::date then
    return private.refusal('to', 'OUT_OF_RANGE', '一次最多统计 10 年');
  end if;
  if p_grid is not null and not exists (select from private.my_public_grids g where g.id = p_grid) then
    return jsonb_build_object('status', 'not_found');
  end if;
  before_first := private.last_year(first_day);
  before_last := private.last_year(last_day + 1) - 1;

  return (
    with hit as materialized (
      select (a.occurred_at at time zone 'Asia/Shanghai')::date as day, a.grade, a.deaths, a.serious_injuries + a.minor_injuries as injuries, a.loss
      from private.accident_hits(jsonb_strip_nulls(jsonb_build_object('grid', p_grid, 'sector', p_sector,
        'from', least(first_day, before_first), 'to', greatest(last_day, before_last)))) a
    ), month as (
      -- the month, as far as the period goes
      select greatest(m::date, first_day) as starts, least((m + interval '1 month')::date - 1, last_day) as ends
      from generate_series(date_trunc('month', first_day::timestamp), last_day::timestamp, interval '1 month') m
    ), bar as (
      select m.starts, m.ends, private.last_year(m.starts) as was_starts, private.last_year(m.ends + 1) - 1 as was_ends from month m
    ), span as (
      select null::date as of, first_day as starts, last_day as ends, before_first as was_starts, before_last as was_ends
      union all
      select b.starts, b.* from bar b
    ), summed as (
      select s.of, s.starts, s.ends, s.was_starts, s.was_ends,
        count(*) filter (where h.day between s.starts and s.ends) as n, count(*) filter (where h.day between s.was_starts and s.was_ends) as was_n,
        coalesce(sum(h.deaths) filter (where h.day between s.starts and s.ends), 0) as deaths,
        coalesce(sum(h.deaths) filter (where h.day between s.was_starts and s.was_ends), 0) as was_deaths,
        coalesce(sum(h.injuries) filter (where h.day between s.starts and s.ends), 0) as injuries,
        coalesce(sum(h.injuries) filter (where h.day between s.was_starts and s.was_ends), 0) as was_injuries,
        coalesce(sum(h.loss) filter (where h.day between s.starts and s.ends), 0) as loss,
        coalesce(sum(h.loss) filter (where h.day between s.was_starts and s.was_ends), 0) as was_loss
      from span s left join hit h on h.day between s.starts and s.ends or h.day between s.was_starts and s.was_ends
      group by s.of, s.starts, s.ends, s.was_starts, s.was_ends
    ), said as (
      select s.of, jsonb_build_object('from', s.starts, 'to', s.ends) as period,
        jsonb_build_object('from', s.was_starts, 'to', s.was_ends) as before,
        jsonb_build_object('accidents', jsonb_build_object('now', s.n, 'before', s.was_n),
          'deaths', jsonb_build_object('now', s.deaths, 'before', s.was_deaths),
          'injuries', jsonb_build_object('now', s.injuries, 'before', s.was_injuries),
          'loss', jsonb_build_object('now', s.loss, 'before', s.was_loss)) as figures
      from summed s
    )
    select jsonb_build_object('period', t.period, 'before', t.before, 'figures', t.figures,
      'grades', (
        select jsonb_agg(jsonb_build_object('grade', g, 'now', (select count(*) from hit h where h.grade = g and h.day between first_day and last_day),
          'before', (select count(*) from hit h where h.grade = g and h.day between before_first and before_last)) order by g)
        from generate_series(1, 4) g),
      'months', (
        select jsonb_agg(jsonb_build_object('period', m.period, 'before', m.before, 'figures', m.figures) order by m.of)
        from said m where m.of is not null))
    from said t where t.of is null);
end $$;
comment on function public.accident_figures(int, text, date, date) is
  'The four figures of every report over a grid''s subtree (null: the whole scope) and a sector (code, name or id; null: all), for the days p_from to p_to in China (default: this year until today; at most 10 years) and the same days of last year (private.last_year()): figures {accidents, deaths, injuries (serious and light), loss (yuan)} each {now, before}; grades; months, each as far as the period goes, which add up to the period. Each figure counts the records of list_accidents() with the same grid, sector, from and to (and harm). Out of scope: {status: not_found}. DEFINER: ledger read; applies the scope itself.';

revoke execute on function private.last_year(date), private.accident_hits(jsonb) from public;
revoke execute on function public.accident_figures(int, text, date, date) from public, anon;
grant execute on function public.accident_figures(int, text, date, date) to authenticated, service_role;
