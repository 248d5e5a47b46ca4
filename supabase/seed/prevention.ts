/** Dual prevention, licences and confirmations of the demo county; drawn from hashes, written by the database. */

const byte = (words: string, n = 0) => `get_byte(decode(md5(${words}), 'hex'), ${n})`

/** $1: risk points with their measures. */
export const INSERT_RISK_POINTS = `
  with given as materialized (
    select * from jsonb_to_recordset($1::jsonb) as r(id uuid, enterprise_id uuid, name text, method text, l numeric, e numeric,
      c numeric, s numeric, accident_kinds text, control text, responsible text, responsible_post text,
      responsible_phone text, measures jsonb)
  ), points as (
    insert into public.risk_points (id, enterprise_id, name, method, l, e, c, s, accident_kinds, control, responsible,
      responsible_post, responsible_phone)
    select id, enterprise_id, name, method, l, e, c, s, accident_kinds, control, responsible, responsible_post, responsible_phone
    from given
  )
  insert into public.risk_measures (risk_point_id, no, category, content, person, phone, post)
  select g.id, m.no, m.x ->> 'category', m.x ->> 'content', m.x ->> 'person', m.x ->> 'phone', m.x ->> 'post'
  from given g cross join lateral jsonb_array_elements(g.measures) with ordinality m (x, no)`

/** $1: major hazard sources with what is in them. Assessed once, when all are there. */
export const INSERT_SOURCES = `
  with later as materialized (
    select set_config('safegrid.assessing', 'later', true) as x
  ), given as materialized (
    select r.* from later cross join jsonb_to_recordset($1::jsonb) as r(id uuid, enterprise_id uuid, name text, substances jsonb)
  ), sources as (
    insert into public.major_hazard_sources (id, enterprise_id, name, created_at)
    select id, enterprise_id, name, now() - interval '900 days' from given
  )
  insert into public.major_hazard_substances (source_id, no, name, quantity, threshold, beta)
  select g.id, m.no, m.x ->> 'name', (m.x ->> 'quantity')::numeric, (m.x ->> 'threshold')::numeric, (m.x ->> 'beta')::numeric
  from given g cross join lateral jsonb_array_elements(g.substances) with ordinality m (x, no)`

export const ASSESS_SOURCES = `
  do $$ begin
    perform set_config('safegrid.assessing', '', true);
    perform private.assess_sources(array(select s.id from public.major_hazard_sources s), 'source');
  end $$`

/** The licence that the import knew, and for the larger ones those that come with it, which hold longer. */
export const INSERT_LICENCES = `
  insert into public.licences (enterprise_id, kind, number, issuer, issued_on, expires_on)
  select e.id, x.kind, format('（示范）%s字〔%s〕%s号', x.word, extract(year from x.until - x.years * 365)::int,
      lpad((${byte(`e.code || x.kind`)} * 37 + 100)::text, 5, '0')), x.issuer, x.until - x.years * 365, x.until
  from public.enterprises e
  join public.sectors s on s.id = e.sector_id
  cross join lateral (
    select k.kind, k.word, k.issuer, 3 as years, e.licence_expiry as until
    from (values ('hazchem', 'hazchem_operation', '危化经', '区应急管理局'), ('mining', 'safety_production', 'FM安许证', '市应急管理局'),
      ('fireworks', 'fireworks', 'YHLS', '区应急管理局'), ('gas', 'gas', '燃气', '区城市管理委员会'), ('water', 'transport', '水运', '区交通运输局'),
      ('construction', 'construction', 'JZ安许证', '市住房和建设委员会'), ('road', 'transport', '交运管许可', '区交通运输局')) k (sector, kind, word, issuer)
    where k.sector = s.code and e.licence_expiry is not null
    union all
    select k.kind, k.word, k.issuer, k.years, e.licence_expiry + 20 + ${byte(`e.code || k.kind`)} * 2
    from (values ('standardisation', 'AQB', '区应急管理局', 3), ('personnel', '安管', '区应急管理局', 3), ('fire', '消验', '区消防救援支队', 5)) k (kind, word, issuer, years)
    where e.licence_expiry is not null and e.risk_level <= 2) x`

/** $1: start of the day of seeding, $2: the enterprise of the demo sign-in. Two of three were confirmed within 500 days. */
export const INSERT_CONFIRMATIONS = `
  insert into public.enterprise_confirmations (enterprise_id, confirmed_by, confirmed_at)
  select e.id, l.user_id, $1::timestamptz + interval '10 hours'
    - make_interval(days => case e.id when $2::uuid then 131 else 2 + ${byte('e.code', 3)} * 2 end)
  from public.enterprises e
  join lateral (select min(m.user_id::text)::uuid as user_id from public.memberships m where m.grid_id = e.grid_id and m.position = 'leader') l on l.user_id is not null
  where e.risk_level is not null and (${byte('e.code', 2)} < 170 or e.id = $2::uuid)`

/** What became another since: of one in eight a telephone, of some the head of safety and the number of employees. */
export const INSERT_CHANGES = `
  insert into public.enterprise_changes (enterprise_id, fields, at)
  select e.id, f.fields, c.confirmed_at + (least($1::timestamptz, now()) - c.confirmed_at) * (0.2 + ${byte('e.code', 5)} / 400.0)
  from public.enterprise_confirmations c join public.enterprises e on e.id = c.enterprise_id
  cross join lateral (
    select jsonb_object_agg(v.field, jsonb_build_array(v.old, v.new)) as fields
    from (values (0, 'safety_phone', '139' || lpad((80000 + ${byte('e.code', 6)})::text, 8, '0'), e.safety_phone),
      (16, 'employees', greatest(1, e.employees - 1 - ${byte('e.code', 7)} % 9)::text, e.employees::text),
      (24, 'safety_lead', '李' || substr(e.legal_rep, 2), e.safety_lead)) v (below, field, old, new)
    where v.old <> v.new and (${byte('e.code', 4)} >= v.below or e.id = $2::uuid)) f
  where f.fields is not null and (${byte('e.code', 4)} < 32 or e.id = $2::uuid)`

/** The grave ones were milder once. */
export const INSERT_LEVELS = `
  insert into public.enterprise_levels (enterprise_id, from_level, to_level, reason, note, at)
  select e.id, e.risk_level + 1, e.risk_level, 'point', w.name,
    $1::timestamptz - make_interval(days => 60 + ${byte('e.code', 8)} * 2, hours => -11)
  from public.enterprises e
  cross join lateral (select r.name from public.risk_points r where r.enterprise_id = e.id order by r.level, r.score desc, r.id limit 1) w
  where e.risk_level <= 2 and (${byte('e.code', 9)} < 90 or e.id = $2::uuid)`
