-- 重大危险源 (GB 18218-2018): substances, the people around, the grade, and when it was assessed anew and why.

create table public.major_hazard_sources (
  id uuid primary key default gen_random_uuid(),
  enterprise_id uuid not null references public.enterprises (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 120),
  location extensions.geometry(Point, 4326),
  people int,
  people_unknown int,
  alpha numeric,
  ratio numeric,
  weighted numeric,
  r numeric,
  grade smallint check (grade between 1 and 4),
  assessed_at timestamptz,
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint major_hazard_sources_location_is_a_place check (
    location is null or extensions.st_x(location) between -180 and 180 and extensions.st_y(location) between -90 and 90)
);
comment on table public.major_hazard_sources is
  '危险化学品重大危险源 (units of GB 18218). What follows from substances and place is kept by trigger, see private.assess_sources(). Written through save_major_hazard_source().';
comment on column public.major_hazard_sources.location is 'EPSG:4326, lon/lat degrees; null: where its enterprise is.';
comment on column public.major_hazard_sources.people is 'People within prevention_rules.radius_m, see private.people_within().';
comment on column public.major_hazard_sources.people_unknown is 'How many grids within the radius have no population: people is then too low.';
comment on column public.major_hazard_sources.ratio is 'S = Σ q/Q: from 1 on it is a major hazard source (§4.2); weighted: Σ β·q/Q.';
comment on column public.major_hazard_sources.r is 'R = α × Σ β·q/Q.';
comment on column public.major_hazard_sources.grade is '1 … 4 for I … IV; null: S is below 1, no major hazard source.';
create index major_hazard_sources_enterprise_id_idx on public.major_hazard_sources (enterprise_id);

create table public.major_hazard_substances (
  source_id uuid not null references public.major_hazard_sources (id) on delete cascade,
  no smallint not null check (no >= 1),
  name text not null check (char_length(name) between 1 and 120),
  quantity numeric not null check (quantity >= 0 and quantity < 1000000000),
  threshold numeric not null check (threshold > 0 and threshold < 1000000000),
  beta numeric not null default 1 check (beta > 0 and beta <= 100),
  primary key (source_id, no)
);
comment on table public.major_hazard_substances is 'What is in a major hazard source: quantity q and threshold Q in tonnes (GB 18218 tables 1, 2), β by its toxicity or class (tables 3, 4).';

create table public.major_hazard_assessments (
  id bigint generated always as identity primary key,
  source_id uuid not null,
  enterprise_id uuid not null,
  cause text not null,
  people int,
  alpha numeric,
  ratio numeric,
  r numeric,
  from_grade smallint,
  grade smallint,
  rule_id int,
  changed_by uuid,
  at timestamptz not null default now()
);
comment on table public.major_hazard_assessments is
  'Every assessment of a major hazard source that gave another figure than the one before. cause: source (added, other place or substances), enterprise (it moved), grids (borders or population around it), rules, removed. Written by trigger only: no foreign keys.';
create index major_hazard_assessments_enterprise_id_idx on public.major_hazard_assessments (enterprise_id, at desc);
create index major_hazard_assessments_source_id_idx on public.major_hazard_assessments (source_id);

alter table public.major_hazard_sources enable row level security;
alter table public.major_hazard_substances enable row level security;
alter table public.major_hazard_assessments enable row level security;
revoke all on public.major_hazard_sources, public.major_hazard_substances, public.major_hazard_assessments from anon, authenticated;
revoke update, delete, truncate on public.major_hazard_assessments from service_role;
grant select on public.major_hazard_sources, public.major_hazard_substances, public.major_hazard_assessments to authenticated;
create policy "Who sees an enterprise sees its major hazard sources" on public.major_hazard_sources
  for select to authenticated
  using ((select private.sees_all()) or enterprise_id in (select e.id from public.enterprises e));
create policy "Who sees a major hazard source sees what is in it" on public.major_hazard_substances
  for select to authenticated
  using ((select private.sees_all()) or source_id in (select s.id from public.major_hazard_sources s));
create policy "Who sees an enterprise sees how its sources were assessed" on public.major_hazard_assessments
  for select to authenticated
  using ((select private.sees_all()) or enterprise_id in (select e.id from public.enterprises e));

-- ── the people around ────────────────────────────────────────────────────────────────────────────────────────────
create function private.circle(place extensions.geometry, radius_m float8) returns extensions.geometry language sql immutable
set search_path = extensions, pg_temp as $$
  -- 72 points of the geodesic circle, pushed out so that the polygon has the circle's area
  select ST_SetSRID(ST_MakePolygon(ST_MakeLine(array_agg(p.at order by p.n))), 4326)
  from (
    select n, ST_Project(place::geography, radius_m * 1.000635, radians(5 * (n % 72)))::geometry as at from generate_series(0, 72) n) p
$$;
comment on function private.circle(extensions.geometry, float8) is
  'What lies within a geodesic distance (metres) of a point, as a polygon of 72 corners in EPSG:4326 whose area is that of the circle within 1e-5.';

create function private.people_within(place extensions.geometry, radius_m float8, out people numeric, out unknown int)
language plpgsql stable set search_path = extensions, pg_temp as $$
declare
  circle geometry := private.circle(place, radius_m);
begin
  select coalesce(sum(g.population * private.area_m2(ST_Intersection(g.boundary, circle, 1e-8)) / nullif(g.area_m2, 0)), 0),
    count(*) filter (where g.population is null and ST_Intersects(g.boundary, circle))
  into people, unknown
  from public.grids g
  where g.boundary && circle and g.kind = 'area' and g.retired_at is null
    and not exists (select from public.grids c where c.parent_id = g.id and c.kind = 'area' and c.retired_at is null);
  -- GEOS fails silently in the embedded engine: no row is a failure, not nobody
  if people is null then
    raise exception '无法计算周边人数' using errcode = 'SG002';
  end if;
end $$;
comment on function private.people_within(extensions.geometry, float8) is
  'People within a geodesic distance of a point: of every lowest area grid the part of its population that its area within the circle is of its whole area (people are taken as spread evenly). unknown: grids of them without a population, which count nobody. Where no grid is, nobody is known to live. No other source of people is used.';

create function private.assess_sources(ids uuid[], cause text) returns void language plpgsql
set search_path = extensions, pg_temp as $$
declare
  rule public.prevention_rules;
  who uuid;
  firms uuid[];
begin
  if coalesce(cardinality(ids), 0) = 0 then
    return;
  end if;
  -- two at a time: the second assesses what the first one left. Enterprises first, as everywhere
  perform from public.enterprises e
  where e.id in (select s.enterprise_id from public.major_hazard_sources s where s.id = any (ids)) order by e.id for no key update;
  perform from public.major_hazard_sources s where s.id = any (ids) order by s.id for no key update;
  rule := private.prevention_rule();
  who := (select p.id from public.profiles p where p.id = (select auth.uid()));
  with asked as materialized (
    select s.*, round(n.people)::int as people_now, n.unknown as unknown_now, q.ratio as ratio_now, q.weighted as weighted_now
    from public.major_hazard_sources s
    join public.enterprises e on e.id = s.enterprise_id
    cross join lateral private.people_within(coalesce(s.location, e.location), rule.radius_m) n
    cross join lateral (
      select coalesce(sum(x.quantity / x.threshold), 0) as ratio, coalesce(sum(x.beta * x.quantity / x.threshold), 0) as weighted
      from public.major_hazard_substances x where x.source_id = s.id) q
    where s.id = any (ids)
  ), judged as materialized (
    select a.*, f.alpha_now, round(f.alpha_now * a.weighted_now, 4) as r_now,
      case
        when a.ratio_now < 1 then null
        when f.alpha_now * a.weighted_now >= rule.source_grades[1] then 1
        when f.alpha_now * a.weighted_now >= rule.source_grades[2] then 2
        when f.alpha_now * a.weighted_now >= rule.source_grades[3] then 3
        else 4 end::smallint as grade_now
    from asked a
    cross join lateral (
      -- the first of the falling steps that is reached
      select x.alpha as alpha_now from unnest(rule.alpha_people, rule.alpha) x (people, alpha)
      where a.people_now >= x.people order by x.people desc limit 1) f
  ), written as (
    update public.major_hazard_sources s set people = j.people_now, people_unknown = j.unknown_now, alpha = j.alpha_now,
      ratio = round(j.ratio_now, 4), weighted = round(j.weighted_now, 4), r = j.r_now, grade = j.grade_now, assessed_at = now()
    from judged j where s.id = j.id
  ), logged as (
    insert into public.major_hazard_assessments (source_id, enterprise_id, cause, people, alpha, ratio, r, from_grade, grade, rule_id, changed_by)
    select j.id, j.enterprise_id, assess_sources.cause, j.people_now, j.alpha_now, round(j.ratio_now, 4), j.r_now, j.grade, j.grade_now, rule.id, who
    from judged j
    where (j.people, j.alpha, j.ratio, j.r, j.grade) is distinct from (j.people_now, j.alpha_now, round(j.ratio_now, 4), j.r_now, j.grade_now)
  )
  select array_agg(distinct j.enterprise_id) into firms from judged j;
  perform private.regrade_enterprises(firms);
end $$;
comment on function private.assess_sources(uuid[], text) is
  'Assesses major hazard sources by GB 18218: α from the people around, R = α × Σ β·q/Q, the grade; writes down what is not as it was, and grades their enterprises.';

create function private.regrade_enterprises(ids uuid[]) returns void language plpgsql set search_path = '' as $$
declare
  moved uuid[];
begin
  perform from public.enterprises e where e.id = any (ids) order by e.id for no key update;
  perform set_config('safegrid.judging', 'on', true);
  with judged as materialized (
    select e.id, s.n > 0 as by_assessment, d.declared, case when s.n > 0 then s.grade else d.declared end as grade
    from public.enterprises e
    cross join lateral (select count(*) as n, min(x.grade) as grade from public.major_hazard_sources x where x.enterprise_id = e.id) s
    cross join lateral (select case e.grade_by when 'assessment' then e.declared_grade else e.major_hazard_source_grade end as declared) d
    where e.id = any (ids)
  ), written as (
    update public.enterprises e set major_hazard_source_grade = j.grade, grade_by = case when j.by_assessment then 'assessment' else 'import' end,
      declared_grade = case when j.by_assessment then j.declared end
    from judged j
    where e.id = j.id and (e.major_hazard_source_grade, e.grade_by, e.declared_grade)
      is distinct from (j.grade, case when j.by_assessment then 'assessment' else 'import' end, case when j.by_assessment then j.declared end)
    returning e.id
  )
  select array_agg(w.id) into moved from written w;
  perform set_config('safegrid.judging', '', true);
  if array_remove((private.prevention_rule()).source_floor, null) <> '{}' then
    perform private.rejudge_enterprises(moved, 'source');
  end if;
end $$;
comment on function private.regrade_enterprises(uuid[]) is
  'Gives enterprises the gravest grade of their major hazard sources; one that has none left has the imported grade again.';

-- ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────
create function private.follow_sources() returns trigger language plpgsql security definer set search_path = extensions, pg_temp as $$
declare
  ids uuid[];
begin
  if coalesce(current_setting('safegrid.assessing', true), '') = 'later' and tg_op <> 'DELETE' then
    -- a source and its substances are written together, and judged once, when both are there
    return null;
  elsif tg_op = 'DELETE' then
    insert into public.major_hazard_assessments (source_id, enterprise_id, cause, from_grade, changed_by)
    select o.id, o.enterprise_id, 'removed', o.grade, (select p.id from public.profiles p where p.id = (select auth.uid()))
    from before_change o;
    perform private.regrade_enterprises(array(select distinct o.enterprise_id from before_change o));
    return null;
  elsif tg_op = 'UPDATE' then
    select array_agg(n.id) into ids from after_change n join before_change o on o.id = n.id where n.location is distinct from o.location;
  else
    select array_agg(n.id) into ids from after_change n;
  end if;
  perform private.assess_sources(ids, 'source');
  return null;
end $$;
comment on function private.follow_sources() is 'A source that is new, elsewhere or gone is assessed. DEFINER: nobody writes figures and grades.';
create trigger follow_new after insert on public.major_hazard_sources referencing new table as after_change
  for each statement execute function private.follow_sources();
create trigger follow_changed after update on public.major_hazard_sources referencing old table as before_change new table as after_change
  for each statement execute function private.follow_sources();
create trigger follow_gone after delete on public.major_hazard_sources referencing old table as before_change
  for each statement execute function private.follow_sources();

create function private.follow_substances() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if coalesce(current_setting('safegrid.assessing', true), '') <> 'later' then
    perform private.assess_sources(array(select distinct x.source_id from touched x), 'source');
  end if;
  return null;
end $$;
comment on function private.follow_substances() is 'Other substances, another grade. DEFINER: nobody writes figures and grades.';
create trigger follow_new after insert on public.major_hazard_substances referencing new table as touched
  for each statement execute function private.follow_substances();
create trigger follow_changed after update on public.major_hazard_substances referencing new table as touched
  for each statement execute function private.follow_substances();
create trigger follow_gone after delete on public.major_hazard_substances referencing old table as touched
  for each statement execute function private.follow_substances();

create function private.follow_moved_enterprises() returns trigger language plpgsql security definer set search_path = extensions, pg_temp as $$
declare
  moved uuid[];
  firms uuid[];
begin
  if coalesce(current_setting('safegrid.judging', true), '') = 'on' then
    return null;
  end if;
  select array_agg(n.id) filter (where n.location is distinct from o.location),
    array_agg(n.id) filter (where n.grade_by = 'assessment' and n.major_hazard_source_grade is distinct from o.major_hazard_source_grade)
  into moved, firms
  from after_change n join before_change o on o.id = n.id
  where n.location is distinct from o.location or n.major_hazard_source_grade is distinct from o.major_hazard_source_grade;
  if firms is not null then
    -- as with levels: what somebody else wrote is the declared grade, the sources have the last word
    perform set_config('safegrid.judging', 'on', true);
    update public.enterprises e set declared_grade = n.major_hazard_source_grade
    from after_change n where e.id = n.id and n.id = any (firms);
    perform set_config('safegrid.judging', '', true);
    perform private.regrade_enterprises(firms);
  end if;
  if moved is not null then
    perform private.assess_sources(array(select s.id from public.major_hazard_sources s where s.enterprise_id = any (moved) and s.location is null), 'enterprise');
  end if;
  return null;
end $$;
comment on function private.follow_moved_enterprises() is 'The sources of an enterprise go with it; an imported grade holds only without any. DEFINER: nobody writes figures and grades.';
create trigger follow_moved_enterprises after update on public.enterprises referencing old table as before_change new table as after_change
  for each statement execute function private.follow_moved_enterprises();

create function private.follow_grids() returns trigger language plpgsql security definer set search_path = extensions, pg_temp as $$
declare
  ids uuid[];
  -- degrees that hold the radius at every latitude people live at
  reach float8 := (private.prevention_rule()).radius_m / 111000.0 * 3;
begin
  -- most counties have a few dozens, an empty one none: then nothing is compared
  if not exists (select from public.major_hazard_sources) then
    return null;
  end if;
  if tg_op = 'UPDATE' then
    with changed as (
      select n.boundary as after, o.boundary as before from after_change n join before_change o on o.id = n.id
      where n.kind = 'area' and ((n.population, n.retired_at) is distinct from (o.population, o.retired_at)
        or n.version <> o.version and n.boundary is distinct from o.boundary)
    )
    select array_agg(distinct s.id) into ids
    from changed c
    join public.major_hazard_sources s on true join public.enterprises e on e.id = s.enterprise_id
    where coalesce(s.location, e.location) && ST_Expand(c.after, reach) or coalesce(s.location, e.location) && ST_Expand(c.before, reach);
  else
    select array_agg(distinct s.id) into ids
    from after_change n
    join public.major_hazard_sources s on true join public.enterprises e on e.id = s.enterprise_id
    where n.kind = 'area' and coalesce(s.location, e.location) && ST_Expand(n.boundary, reach);
  end if;
  perform private.assess_sources(ids, 'grids');
  return null;
end $$;
comment on function private.follow_grids() is 'Other borders or another population: the sources around are assessed anew. DEFINER: nobody writes figures and grades.';
create trigger follow_new after insert on public.grids referencing new table as after_change
  for each statement execute function private.follow_grids();
create trigger follow_changed after update on public.grids referencing old table as before_change new table as after_change
  for each statement execute function private.follow_grids();

-- ── editing ──────────────────────────────────────────────────────────────────────────────────────────────────────
create function private.source_row(source public.major_hazard_sources) returns jsonb language sql stable
set search_path = extensions, pg_temp as $$
  select jsonb_build_object('id', source.id, 'enterprise_id', source.enterprise_id, 'name', source.name, 'version', source.row_version,
    'lon', round(ST_X(source.location) * 1e6) / 1e6, 'lat', round(ST_Y(source.location) * 1e6) / 1e6,
    'people', source.people, 'people_unknown', source.people_unknown, 'alpha', source.alpha, 'ratio', source.ratio,
    'weighted', source.weighted, 'r', source.r, 'grade', source.grade, 'assessed_at', source.assessed_at,
    'substances', (
      select coalesce(jsonb_agg(jsonb_build_object('name', x.name, 'quantity', x.quantity, 'threshold', x.threshold, 'beta', x.beta) order by x.no), '[]')
      from public.major_hazard_substances x where x.source_id = source.id),
    'history', (
      select coalesce(jsonb_agg(jsonb_build_object('at', a.at, 'cause', a.cause, 'people', a.people, 'alpha', a.alpha, 'r', a.r,
        'from_grade', a.from_grade, 'grade', a.grade) order by a.id desc), '[]')
      from (select * from public.major_hazard_assessments a where a.source_id = source.id order by a.id desc limit 20) a))
$$;
comment on function private.source_row(public.major_hazard_sources) is 'A major hazard source with its substances and its newest 20 assessments.';

create function private.source_faults(given jsonb) returns jsonb language sql stable set search_path = '' as $$
  with substance as (
    select m.x, m.n from jsonb_array_elements(case jsonb_typeof(given -> 'substances') when 'array' then given -> 'substances' else '[]' end)
      with ordinality m (x, n)
  )
  select coalesce(jsonb_agg(private.error_of(f.field, f.code, f.message)), '[]') from (
    select 'name' as field, 'MISSING_FIELD' as code, '缺少重大危险源名称' as message where private.word_of(given, 'name') is null
    union all
    select 'name', 'TOO_LONG', '重大危险源名称超过 120 个字' where char_length(private.word_of(given, 'name')) > 120
    union all
    select 'substances', 'MISSING_FIELD', '至少要有一种危险化学品' where (select count(*) from substance) = 0
    union all
    select 'substances', 'TOO_LONG', '一个单元最多 60 种危险化学品' where (select count(*) from substance) > 60
    union all
    select 'substances', 'MISSING_FIELD', format('第 %s 种危险化学品没有名称', s.n) from substance s where private.word_of(s.x, 'name') is null
    union all
    select 'substances', 'TOO_LONG', format('第 %s 种危险化学品的名称超过 120 个字', s.n) from substance s where char_length(private.word_of(s.x, 'name')) > 120
    union all
    select 'substances', 'BAD_VALUE', format('第 %s 种危险化学品的存量应为不小于 0 的数（吨）', s.n)
    from substance s where not coalesce(private.number_of(s.x, 'quantity') >= 0 and private.number_of(s.x, 'quantity') < 1000000000, false)
    union all
    select 'substances', 'BAD_VALUE', format('第 %s 种危险化学品的临界量应为大于 0 的数（吨）', s.n)
    from substance s where not coalesce(private.number_of(s.x, 'threshold') > 0 and private.number_of(s.x, 'threshold') < 1000000000, false)
    union all
    select 'substances', 'BAD_VALUE', format('第 %s 种危险化学品的校正系数 β 应为大于 0、不大于 100 的数', s.n)
    from substance s where s.x ? 'beta' and not coalesce(private.number_of(s.x, 'beta') > 0 and private.number_of(s.x, 'beta') <= 100, false)
    union all
    select 'lon', 'OUT_OF_RANGE', '经纬度超出范围'
    from (select private.number_of(given, 'lon') as lon, private.number_of(given, 'lat') as lat, private.bounds() as box) p
    where (given ->> 'lon' is not null or given ->> 'lat' is not null)
      and not coalesce(p.lon between p.box[1] and p.box[3] and p.lat between p.box[2] and p.box[4], false)) f
$$;
comment on function private.source_faults(jsonb) is 'What is wrong with a major hazard source, as errors in the user''s words.';

create function public.save_major_hazard_source(p_source jsonb default null) returns jsonb language plpgsql volatile security definer
set search_path = extensions, pg_temp set jit = off as $$
declare
  given jsonb := private.j(p_source);
  source public.major_hazard_sources;
  firm public.enterprises;
  key uuid;
  faults jsonb;
  place geometry;
begin
  if jsonb_typeof(given) is distinct from 'object' then
    return private.refusal('source', 'BAD_VALUE', '重大危险源应为对象');
  elsif nullif(given ->> 'id', '') is not null and private.uuid_of(given ->> 'id') is null then
    return private.refusal('id', 'BAD_VALUE', '重大危险源编号不正确');
  end if;
  key := coalesce(private.uuid_of(nullif(given ->> 'id', '')), gen_random_uuid());
  -- the enterprise first, as everywhere: whoever comes second waits, and then sees what the first one wrote
  select e.* into firm from public.enterprises e
  where e.id = coalesce((select s.enterprise_id from public.major_hazard_sources s where s.id = key), private.uuid_of(given ->> 'enterprise_id'))
    and e.id in (select x.id from private.my_enterprises x where x.id = e.id) for no key update;
  if firm.id is null then
    return jsonb_build_object('status', 'not_found');
  elsif not private.may_tend(firm) then
    return private.tend_refusal('source');
  end if;
  select * into source from public.major_hazard_sources s where s.id = key for update;
  if source.enterprise_id <> firm.id then
    return jsonb_build_object('status', 'not_found');
  end if;
  faults := private.source_faults(given);
  if jsonb_array_length(faults) > 0 then
    return jsonb_build_object('status', 'rejected', 'errors', faults);
  elsif source.id is not null and coalesce(given ->> 'version', '') <> source.row_version::text then
    return jsonb_build_object('status', 'conflict', 'message', '这个重大危险源刚被别人修改过', 'source', private.source_row(source));
  elsif source.id is null and nullif(given ->> 'version', '') is not null then
    return jsonb_build_object('status', 'conflict', 'message', '这个重大危险源刚被别人删除', 'source', null);
  end if;
  place := ST_SetSRID(ST_MakePoint(private.number_of(given, 'lon')::float8, private.number_of(given, 'lat')::float8), 4326);
  perform set_config('safegrid.assessing', 'later', true);
  insert into public.major_hazard_sources (id, enterprise_id, name, location) values (key, firm.id, private.word_of(given, 'name'), place)
  on conflict (id) do update set name = excluded.name, location = excluded.location, row_version = major_hazard_sources.row_version + 1, updated_at = now();
  delete from public.major_hazard_substances x where x.source_id = key;
  insert into public.major_hazard_substances (source_id, no, name, quantity, threshold, beta)
  select key, m.n, private.word_of(m.x, 'name'), private.number_of(m.x, 'quantity'), private.number_of(m.x, 'threshold'),
    coalesce(private.number_of(m.x, 'beta'), 1)
  from jsonb_array_elements(given -> 'substances') with ordinality m (x, n);
  perform set_config('safegrid.assessing', '', true);
  perform private.assess_sources(array[key], 'source');
  select * into source from public.major_hazard_sources s where s.id = key;
  return jsonb_build_object('status', 'ok', 'source', private.source_row(source));
end $$;
comment on function public.save_major_hazard_source(jsonb) is
  'Adds or changes a major hazard source: {id? (made by the client), enterprise_id, version (of what was seen; left out for a new one), name, lon?, lat? (EPSG:4326, degrees; left out: where the enterprise is), substances [{name, quantity, threshold (tonnes), beta? (1)}]} → {status: ok, source} | rejected with errors | conflict with source as it is now | not_found. People, α, R and grade are the database''s. Who may: private.may_tend(). DEFINER: nobody may write sources directly; rights are checked inside.';

create function public.remove_major_hazard_source(p_source uuid default null, p_version bigint default null) returns jsonb
language plpgsql volatile security definer set search_path = '' set jit = off as $$
declare
  source public.major_hazard_sources;
  firm public.enterprises;
begin
  select e.* into firm from public.enterprises e
  where e.id = (select s.enterprise_id from public.major_hazard_sources s where s.id = p_source)
    and e.id in (select x.id from private.my_enterprises x where x.id = e.id) for no key update;
  select * into source from public.major_hazard_sources s where s.id = p_source and s.enterprise_id = firm.id for update;
  if source.id is null then
    return jsonb_build_object('status', 'not_found');
  elsif not private.may_tend(firm) then
    return private.tend_refusal('source');
  elsif p_version is distinct from source.row_version then
    return jsonb_build_object('status', 'conflict', 'message', '这个重大危险源刚被别人修改过', 'source', private.source_row(source));
  end if;
  delete from public.major_hazard_sources s where s.id = source.id;
  return jsonb_build_object('status', 'ok');
end $$;
comment on function public.remove_major_hazard_source(uuid, bigint) is
  'Removes a major hazard source with its substances; its assessments stay. By whoever may change it (private.may_tend()), naming the version seen → {status: ok} | rejected | conflict | not_found. DEFINER: nobody may write sources directly; rights are checked inside.';

revoke execute on all functions in schema private from public;
revoke execute on function public.save_major_hazard_source(jsonb), public.remove_major_hazard_source(uuid, bigint) from public, anon;
grant execute on function public.save_major_hazard_source(jsonb), public.remove_major_hazard_source(uuid, bigint) to authenticated, service_role;
