/**
 * Three years of duties done and not done ($1 = start of the day of seeding): who went on patrol in which week, which
 * leader inspected in which month, and what the yearly checks of enterprises found. Drawn from hashes of what they
 * belong to, so that they are the same on every machine; written by the database, for they are many.
 */

/** A byte 0..255 that belongs to some words. */
const byte = (words: string) => `get_byte(decode(md5(${words}), 'hex'), 0)`

/**
 * 150,000 rows made of grids and memberships that are there: looking each of them up once more would take most of the
 * time. Only where the database lets its owner do so; elsewhere they are looked up.
 */
export const UNCHECKED = (on: boolean) => `
  do $$ begin
    perform set_config('session_replication_role', '${on ? 'replica' : 'origin'}', true);
  exception when insufficient_privilege then
    null;
  end $$`

export const INSERT_PATROLS = `
  insert into public.patrols (id, grid_id, user_id, kind, started_at, ended_at)
  with village as materialized (
    select g.id, g.code, x.crew, cardinality(x.crew) as n,
      -- one village in ten is slack, the others miss a week now and then
      case when ${byte(`'slack' || g.code`)} < 26 then 40 else 5 end as misses,
      -- and one in eighty left off some weeks ago
      case when ${byte(`'idle' || g.code`)} < 3 then 3 + ${byte(`'weeks' || g.code`)} % 4 else 0 end as idle
    from public.grids g
    cross join lateral (
      select array_agg(m.user_id order by m.position desc, m.user_id) as crew from public.memberships m where m.grid_id = g.id) x
    where g.level = 3 and x.crew is not null
  )
  select md5('patrol' || v.code || w.monday)::uuid, v.id, v.crew[1 + get_byte(w.dice, 1) % v.n], 'patrol', w.at,
    w.at + make_interval(mins => 40 + get_byte(w.dice, 4) % 110)
  from village v
  cross join lateral (
    select d::date as monday, decode(md5(v.code || d::date), 'hex') as dice
    from generate_series(date_trunc('week', $1::timestamptz at time zone 'Asia/Shanghai') - interval '156 weeks', $1::timestamptz at time zone 'Asia/Shanghai', interval '1 week') d
    offset 0) s
  cross join lateral (
    select s.monday, s.dice, (s.monday + get_byte(s.dice, 2) % 5 + make_interval(hours => 8 + get_byte(s.dice, 3) % 9,
      mins => get_byte(s.dice, 5) % 60)) at time zone 'Asia/Shanghai' as at
    -- each hash once
    offset 0) w
  where get_byte(w.dice, 0) >= v.misses and w.at < $1::timestamptz - make_interval(weeks => v.idle)`

export const INSERT_INSPECTIONS = `
  insert into public.patrols (id, grid_id, user_id, kind, started_at, ended_at, note)
  select md5('inspection' || m.user_id || w.day)::uuid, m.grid_id, m.user_id, 'inspection', w.at, w.at + interval '2 hours', '带队检查'
  from public.memberships m
  join public.grids g on g.id = m.grid_id and g.level < 3 and m.position in ('leader', 'deputy')
  cross join lateral generate_series(date_trunc('month', $1::timestamptz at time zone 'Asia/Shanghai') - interval '36 months',
    $1::timestamptz at time zone 'Asia/Shanghai', interval '1 month') d
  cross join lateral (select d::date as day, decode(md5(g.code || m.user_id || d::date), 'hex') as dice) s
  cross join lateral (
    select s.day, (s.day + 2 + get_byte(s.dice, 1) % 24 + make_interval(hours => 9 + get_byte(s.dice, 2) % 6)) at time zone 'Asia/Shanghai' as at) w
  where get_byte(s.dice, 0) >= 14 and w.at < $1::timestamptz`

/** What was looked at on the patrols of the last five weeks: the enterprises of the village, two a time. */
export const INSERT_PATROL_ITEMS = `
  insert into public.patrol_items (patrol_id, no, enterprise_id, result)
  select p.id, x.no, x.id, case when ${byte(`x.id::text || p.day`)} < 8 then 'closed_door' else 'normal' end
  from public.patrols p
  cross join lateral (
    select e.id, row_number() over (order by md5(e.id::text || p.day)) as no
    from public.enterprises e where e.grid_id = p.grid_id and e.status = 'active'
    -- the grave ones come first every other time
    order by coalesce(e.risk_level <= 2, false) and ${byte(`p.day || e.code`)} < 128 desc, md5(e.id::text || p.day) limit 2) x
  where p.kind = 'patrol' and p.day > ($1::timestamptz at time zone 'Asia/Shanghai')::date - 35`

/** Before these five weeks, once in a month or two: the graver enterprises of the village, for a year. */
export const INSERT_EARLIER_ITEMS = `
  insert into public.patrol_items (patrol_id, no, enterprise_id, result)
  select p.id, row_number() over (partition by p.id order by e.code), e.id, case when ${byte(`e.id::text || p.day`)} < 12 then 'hazard' else 'normal' end
  from public.enterprises e
  join public.patrols p on p.grid_id = e.grid_id and p.kind = 'patrol'
    and p.day between ($1::timestamptz at time zone 'Asia/Shanghai')::date - 364 and ($1::timestamptz at time zone 'Asia/Shanghai')::date - 35
  where e.risk_level <= 2 and e.status = 'active' and ${byte(`e.code || p.day`)} < 40`

/** Enterprises of a level that matters, once a year: one in eleven points was missing. */
export const INSERT_CHECKLISTS = `
  with checked as (
    insert into public.checklists (id, kind, enterprise_id, checked_at, checked_by)
    select md5('checklist' || e.id || y)::uuid, 'five_assurances', e.id,
      $1::timestamptz - make_interval(days => y * 365 - get_byte(decode(md5(e.id::text), 'hex'), 1), hours => -10), o.user_id
    from public.enterprises e
    join public.sectors s on s.id = e.sector_id
    left join lateral (select min(x.user_id::text)::uuid as user_id from public.department_officers x where x.department_id = s.department_id) o on true
    cross join generate_series(1, 3) y
    where e.risk_level <= 3 and e.status <> 'closed'
    returning id, enterprise_id
  )
  insert into public.checklist_items (checklist_id, code, name, done)
  select c.id, i.code, i.name, ${byte(`c.id::text || i.code`)} >= 10
  from checked c
  cross join (values ('responsibility', '责任落实'), ('funds', '资金落实'), ('measures', '措施落实'), ('deadline', '时限落实'),
    ('plan', '预案落实')) i (code, name)`

export const INSERT_ACCIDENTS = `
  insert into public.accidents (id, code, title, kind, enterprise_id, sector_id, location, occurred_at, deaths,
    serious_injuries, minor_injuries, loss, summary)
  select r.id, r.code, r.title, r.kind, r.enterprise_id, s.id,
    extensions.st_setsrid(extensions.st_makepoint(r.lon, r.lat), 4326), r.occurred_at, r.deaths, r.serious_injuries, r.minor_injuries,
    r.loss, r.summary
  from jsonb_to_recordset($1::jsonb) as r(id uuid, code text, title text, kind text, enterprise_id uuid, sector text, lon float8,
    lat float8, occurred_at timestamptz, deaths int, serious_injuries int, minor_injuries int, loss numeric, summary text)
  join public.sectors s on s.code = r.sector`

/** The risk of every day of the three years before, from all of the above ($1, $2: the first day and the last). */
export const FILL_RISK = 'select private.fill_risk($1::date, $2::date)'

/** What suits this county: an ordinary grid is yellow at every level, and its worst stand out. */
export const INSERT_RULES = `
  insert into public.risk_rules (effective_from, weights, scales, note)
  select '2020-01-01', r.weights, '{"1": 12000, "2": 500, "3": 20}', '按本区规模校准' from public.risk_rules r order by r.id limit 1`
