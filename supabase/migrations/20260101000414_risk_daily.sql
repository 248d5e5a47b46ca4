-- 每日风险: what every grid was on every day, kept as spans of days on which nothing changed.
create table public.risk_daily (
  id bigint generated always as identity primary key,
  grid_id int not null,
  sector_id int,
  since date not null,
  until date check (until > since),
  counts jsonb not null,
  points numeric not null,
  index numeric(5, 2) not null,
  level smallint not null check (level between 1 and 4),
  rule_id int not null
);
comment on table public.risk_daily is
  'Risk of a grid at the end of each day from since to the day before until (null: until further notice), in China; a day without a row is a day without anything that counts. Three years of a county are some 10^5 rows instead of 2×10^7. Written by refresh_risk() only: yesterday''s map is the same tomorrow. No foreign keys: nobody else writes here, and history outlives what it tells of.';
comment on column public.risk_daily.sector_id is 'Null: all sectors and what is of none.';
comment on column public.risk_daily.counts is 'How many records of each factor; factors without any are left out.';
comment on column public.risk_daily.level is '1 red, 2 orange, 3 yellow, 4 blue, by the rules of that day.';
comment on column public.risk_daily.rule_id is 'The rules it was judged by.';
create unique index risk_daily_key on public.risk_daily (grid_id, sector_id, since) nulls not distinct;
create unique index risk_daily_open_key on public.risk_daily (grid_id, sector_id) nulls not distinct where until is null;
create index risk_daily_day_idx on public.risk_daily (sector_id, (coalesce(until, 'infinity')));

create table private.risk_days (
  first date not null,
  last date not null,
  only_one boolean primary key default true check (only_one)
);
comment on table private.risk_days is 'The days that risk_daily knows: from the first to the last without a hole.';

alter table public.risk_daily enable row level security;
revoke all on public.risk_daily from anon, authenticated;
revoke insert, update, delete, truncate on public.risk_daily from service_role;
grant select on public.risk_daily to authenticated;
create policy "People see the past of what they see whole" on public.risk_daily
  for select to authenticated
  using (
    (select private.sees_all())
    or grid_id = any ((select private.my_grid_ids())::int[])
    or (sector_id = any ((select private.my_sector_ids())::int[]) and grid_id = any ((select private.my_public_grid_ids())::int[]))
    or private.sector_grid(sector_id, grid_id) = any ((select private.my_sector_grids())::bigint[]));

create function private.end_of(day date) returns timestamptz language sql immutable set search_path = '' as $$
  select (day + 1)::timestamp at time zone 'Asia/Shanghai'
$$;
comment on function private.end_of(date) is 'Midnight at the end of a day in China.';

create function private.first_day(moment timestamptz) returns date language sql immutable set search_path = '' as $$
  select ((moment at time zone 'Asia/Shanghai') - interval '1 microsecond')::date
$$;
comment on function private.first_day(timestamptz) is 'The first day at whose end a moment has come.';

create function private.keep_risk_day(day date) returns int language plpgsql set search_path = extensions, pg_temp as $$
declare
  rule public.risk_rules := private.risk_rule(day);
  written int;
begin
  with weight as materialized (
    select w.key as factor, w.value::numeric as points from jsonb_each_text(rule.weights) w
  ), scale as materialized (
    select l.level, private.risk_scale(rule, l.level) as value from (select distinct g.level::int as level from public.grids g) l
  ), own as (
    select f.grid_id, f.sector_id, f.factor, count(*) as n
    from private.risk_facts(private.end_of(day), private.end_of(day)) f group by 1, 2, 3
  ), counted as (
    select step.id::int as grid_id, s.sector_id, o.factor, sum(o.n) as n
    from own o join public.grids g on g.id = o.grid_id
    cross join lateral unnest(string_to_array(g.path::text, '.')) step (id)
    cross join lateral (select o.sector_id where o.sector_id is not null union all select null::int) s
    group by 1, 2, 3
  ), summed as (
    select c.grid_id, c.sector_id, jsonb_object_agg(c.factor, c.n) as counts, sum(c.n * coalesce(w.points, 0)) as points,
      coalesce(sum(c.n) filter (where c.factor = 'overdue_major'), 0)::bigint as late,
      coalesce(sum(c.n) filter (where c.factor in ('accident_larger', 'accident_major', 'accident_extraordinary')), 0)::bigint as grave
    from counted c left join weight w on w.factor = c.factor
    group by 1, 2
  ), judged as materialized (
    select s.grid_id, s.sector_id, s.counts, s.points, x.index, private.risk_colour(rule.thresholds, x.index, s.late, s.grave) as level
    from summed s join public.grids g on g.id = s.grid_id and g.retired_at is null
    join scale z on z.level = g.level
    cross join lateral (select private.risk_index(s.points, z.value) as index) x
  ), same as materialized (
    select d.grid_id, d.sector_id from public.risk_daily d
    join judged j on j.grid_id = d.grid_id and j.sector_id is not distinct from d.sector_id
      and j.counts = d.counts and j.points = d.points and j.index = d.index and j.level = d.level
    where d.until is null
  ), closed as (
    update public.risk_daily d set until = day
    where d.until is null
      and not exists (select from same s where s.grid_id = d.grid_id and s.sector_id is not distinct from d.sector_id)
    returning 1
  )
  insert into public.risk_daily (grid_id, sector_id, since, counts, points, index, level, rule_id)
  select j.grid_id, j.sector_id, day, j.counts, j.points, j.index, j.level, rule.id
  from judged j
  where not exists (select from same s where s.grid_id = j.grid_id and s.sector_id is not distinct from j.sector_id)
    -- the old span must have ended before the new one begins
    and (select count(*) from closed) is not null;
  get diagnostics written = row_count;
  return written;
end $$;
comment on function private.keep_risk_day(date) is
  'Writes down a day that is over, the one after the last known: closes the spans that no longer hold and opens new ones.';

create function private.fill_risk(first_day date, last_day date) returns int language plpgsql set search_path = extensions, pg_temp as $$
declare
  written int;
begin
  with fact as materialized (
    select f.grid_id, f.sector_id, f.factor, greatest(private.first_day(f.since), first_day) as since,
      private.first_day(f.until) as until
    from private.risk_facts(private.end_of(first_day), private.end_of(last_day)) f
  ), step as (
    -- one up on the day a record begins to count, one down on the day it no longer does
    select f.grid_id, f.sector_id, f.factor, x.day, sum(x.n)::int as n
    from fact f cross join lateral (values (f.since, 1), (f.until, -1)) x (day, n)
    where x.day <= last_day and f.until is distinct from f.since
    group by 1, 2, 3, 4
  ), chain as (
    -- for its grid and every grid above, for its sector and for all; what goes as much as comes is no change
    select up.id::int as grid_id, s.sector_id, t.factor, t.day, sum(t.n)::int as n
    from step t join public.grids p on p.id = t.grid_id
    cross join lateral unnest(string_to_array(p.path::text, '.')) up (id)
    cross join lateral (select t.sector_id where t.sector_id is not null union all select null::int) s
    group by 1, 2, 3, 4
    having sum(t.n) <> 0
  ), change as (
    select t.grid_id, t.sector_id, t.day,
      (sum(t.n) filter (where t.factor = 'enterprise_red'))::int as a, (sum(t.n) filter (where t.factor = 'enterprise_orange'))::int as b,
      (sum(t.n) filter (where t.factor = 'enterprise_yellow'))::int as c, (sum(t.n) filter (where t.factor = 'enterprise_blue'))::int as d,
      (sum(t.n) filter (where t.factor = 'hazard_general'))::int as e, (sum(t.n) filter (where t.factor = 'hazard_major'))::int as f,
      (sum(t.n) filter (where t.factor = 'overdue_general'))::int as g, (sum(t.n) filter (where t.factor = 'overdue_major'))::int as h,
      (sum(t.n) filter (where t.factor = 'duty_missed'))::int as i, (sum(t.n) filter (where t.factor = 'accident_general'))::int as j,
      (sum(t.n) filter (where t.factor = 'accident_larger'))::int as k, (sum(t.n) filter (where t.factor = 'accident_major'))::int as l,
      (sum(t.n) filter (where t.factor = 'accident_extraordinary'))::int as m, (sum(t.n) filter (where t.factor = 'assurance_missing'))::int as o,
      (sum(t.n) filter (where t.factor = 'enterprise_unassessed'))::int as u
    from chain t
    group by 1, 2, 3
  ), run as (
    select x.grid_id, x.sector_id, x.day, lead(x.day) over w as until,
      coalesce(sum(x.a) over w, 0) as a, coalesce(sum(x.b) over w, 0) as b, coalesce(sum(x.c) over w, 0) as c,
      coalesce(sum(x.d) over w, 0) as d, coalesce(sum(x.e) over w, 0) as e, coalesce(sum(x.f) over w, 0) as f,
      coalesce(sum(x.g) over w, 0) as g, coalesce(sum(x.h) over w, 0) as h, coalesce(sum(x.i) over w, 0) as i,
      coalesce(sum(x.j) over w, 0) as j, coalesce(sum(x.k) over w, 0) as k, coalesce(sum(x.l) over w, 0) as l,
      coalesce(sum(x.m) over w, 0) as m, coalesce(sum(x.o) over w, 0) as o,
      coalesce(sum(x.u) over w, 0) as u
    from change x
    window w as (partition by x.grid_id, x.sector_id order by x.day)
  ), ruled as materialized (
    -- the rules of the time, their weights read once
    select r.id, r.thresholds, r.starts, lead(r.starts) over (order by r.starts) as ends,
      (r.weights ->> 'enterprise_red')::numeric as wa, (r.weights ->> 'enterprise_orange')::numeric as wb, (r.weights ->> 'enterprise_yellow')::numeric as wc,
      (r.weights ->> 'enterprise_blue')::numeric as wd, (r.weights ->> 'hazard_general')::numeric as we, (r.weights ->> 'hazard_major')::numeric as wf,
      (r.weights ->> 'overdue_general')::numeric as wg, (r.weights ->> 'overdue_major')::numeric as wh, (r.weights ->> 'duty_missed')::numeric as wi,
      (r.weights ->> 'accident_general')::numeric as wj, (r.weights ->> 'accident_larger')::numeric as wk, (r.weights ->> 'accident_major')::numeric as wl,
      (r.weights ->> 'accident_extraordinary')::numeric as wm, (r.weights ->> 'assurance_missing')::numeric as wo
    from (
      select (private.risk_rule(d.day)).*, d.day as starts
      from (select distinct greatest(x.effective_from, first_day) as day from public.risk_rules x where x.effective_from <= last_day) d) r
  ), scale as materialized (
    select g.id as grid_id, r.id as rule_id, z.value
    from public.grids g
    join (
      select q.id, l.level, private.risk_scale(q, l.level) as value
      from public.risk_rules q cross join (select distinct p.level::int as level from public.grids p) l) z on z.level = g.level
    join ruled r on r.id = z.id
    where g.retired_at is null
  ), judged as (
    select x.*, u.id as rule_id, u.thresholds, greatest(x.day, u.starts) as starts,
      case when u.ends is null or x.until < u.ends then x.until else u.ends end as ends, z.value as scale,
      x.a * u.wa + x.b * u.wb + x.c * u.wc + x.d * u.wd + x.e * u.we + x.f * u.wf + x.g * u.wg
      + x.h * u.wh + x.i * u.wi + x.j * u.wj + x.k * u.wk + x.l * u.wl + x.m * u.wm + x.o * u.wo as points
    from run x
    join ruled u on u.starts < coalesce(x.until, 'infinity') and (u.ends is null or u.ends > x.day)
    join scale z on z.grid_id = x.grid_id and z.rule_id = u.id
    where x.a + x.b + x.c + x.d + x.e + x.f + x.g + x.h + x.i + x.j + x.k + x.l + x.m + x.o + x.u > 0
  )
  insert into public.risk_daily (grid_id, sector_id, since, until, counts, points, index, level, rule_id)
  select j.grid_id, j.sector_id, j.starts, j.ends, jsonb_strip_nulls(jsonb_build_object(
      'enterprise_red', nullif(j.a, 0), 'enterprise_orange', nullif(j.b, 0), 'enterprise_yellow', nullif(j.c, 0),
      'enterprise_blue', nullif(j.d, 0), 'hazard_general', nullif(j.e, 0), 'hazard_major', nullif(j.f, 0),
      'overdue_general', nullif(j.g, 0), 'overdue_major', nullif(j.h, 0), 'duty_missed', nullif(j.i, 0),
      'accident_general', nullif(j.j, 0), 'accident_larger', nullif(j.k, 0), 'accident_major', nullif(j.l, 0),
      'accident_extraordinary', nullif(j.m, 0), 'assurance_missing', nullif(j.o, 0), 'enterprise_unassessed', nullif(j.u, 0))),
    j.points, x.index, private.risk_colour(j.thresholds, x.index, j.h::bigint, (j.k + j.l + j.m)::bigint), j.rule_id
  from judged j
  cross join lateral (select private.risk_index(j.points, j.scale) as index) x;
  get diagnostics written = row_count;
  insert into private.risk_days (first, last) values (first_day, last_day);
  return written;
end $$;
comment on function private.fill_risk(date, date) is
  'Writes down many past days at once, from what the records tell of them now: for a new county that brings its records. Refused by the keys when days are known already. Equals keep_risk_day() day by day (tested).';

create function public.refresh_risk(p_on date default null) returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  today date := private.today();
  upto date := least(coalesce(p_on, today - 1), today - 1);
  known private.risk_days;
  day date;
  days int := 0;
begin
  if not private.is_service() and not private.is_admin() then
    return private.refusal('risk', 'NOT_ALLOWED', '只有系统管理员可以生成每日风险');
  elsif p_on < '2000-01-01' then
    -- the first day written is where history begins: from a slip it would never arrive at today
    return private.refusal('on', 'OUT_OF_RANGE', '日期应在 2000 年之后');
  end if;
  -- one at a time, and nobody waits for it
  if not pg_try_advisory_xact_lock(hashtext('safegrid.risk')) then
    return jsonb_build_object('status', 'ok', 'days', 0);
  end if;
  select * into known from private.risk_days;
  if known.last is null then
    insert into private.risk_days (first, last) values (upto, upto - 1) returning * into known;
  end if;
  day := known.last + 1;
  -- a request has 8 seconds: a long pause is caught up in several calls
  while day <= upto and days < 14 loop
    perform private.keep_risk_day(day);
    update private.risk_days d set last = day where d.only_one;
    days := days + 1;
    day := day + 1;
  end loop;
  return jsonb_build_object('status', 'ok', 'days', days, 'last', (select d.last from private.risk_days d), 'behind', greatest(upto - day + 1, 0));
end $$;
comment on function public.refresh_risk(date) is
  'Writes down the risk of every day that is over and not yet known, up to p_on (default: yesterday, China), at most 14 a call; behind: how many are left. Days once written stay as they are. Called by a clock (pg_cron, the local server) or an administrator. DEFINER: writes what nobody may.';

revoke execute on function private.end_of(date), private.first_day(timestamptz), private.keep_risk_day(date),
  private.fill_risk(date, date) from public;
revoke execute on function public.refresh_risk(date) from public, anon;
grant execute on function public.refresh_risk(date) to authenticated, service_role;
