-- 双重预防: how risk points are judged, what controls them, and the level of an enterprise that follows.

create table public.prevention_rules (
  id int generated always as identity primary key,
  lec numeric[] not null default '{320, 160, 70}',
  ls numeric[] not null default '{20, 9, 4}',
  source_grades numeric[] not null default '{100, 50, 10}',
  alpha_people int[] not null default '{100, 50, 30, 1, 0}',
  alpha numeric[] not null default '{2.0, 1.5, 1.2, 1.0, 0.5}',
  radius_m int not null default 500 check (radius_m between 1 and 5000),
  source_floor smallint[] not null default '{null, null, null, null}' check (cardinality(source_floor) = 4),
  note text check (char_length(note) <= 400),
  created_by uuid references public.profiles (id),
  created_at timestamptz not null default now(),
  constraint prevention_rules_thresholds_fall check (
    cardinality(lec) = 3 and lec[1] > lec[2] and lec[2] > lec[3] and lec[3] > 0
    and cardinality(ls) = 3 and ls[1] > ls[2] and ls[2] > ls[3] and ls[3] > 0
    and cardinality(source_grades) = 3 and source_grades[1] > source_grades[2] and source_grades[2] > source_grades[3] and source_grades[3] > 0),
  constraint prevention_rules_every_number_of_people_has_its_alpha check (
    cardinality(alpha) = cardinality(alpha_people) and alpha_people[cardinality(alpha_people)] = 0)
);
comment on table public.prevention_rules is
  'Thresholds of dual prevention ⚙, the newest row holds. Append-only, written through set_prevention_rules(); with every row all levels and grades are judged anew.';
comment on column public.prevention_rules.lec is 'D = L×E×C from which a risk point is red, orange, yellow; below the last it is blue. ls: the same for R = L×S.';
comment on column public.prevention_rules.source_grades is 'R of GB 18218 from which a major hazard source is of grade I, II, III; below the last IV.';
comment on column public.prevention_rules.alpha is 'α of GB 18218 §4.3.3 from so many people (alpha_people, falling) within radius_m on.';
comment on column public.prevention_rules.source_floor is
  '直接判定: the level that an enterprise has at least for a source of grade I, II, III, IV; null (the default): its points alone decide.';
create index prevention_rules_created_by_idx on public.prevention_rules (created_by);
insert into public.prevention_rules (note) values ('LEC、LS 与 GB 18218 的通行分级');

create table public.risk_measures (
  id uuid primary key default gen_random_uuid(),
  risk_point_id uuid not null references public.risk_points (id) on delete cascade,
  no smallint not null check (no >= 1),
  category text not null check (category in ('engineering', 'management', 'training', 'protection', 'emergency')),
  content text not null check (char_length(content) between 1 and 400),
  person text check (char_length(person) <= 60),
  phone text check (char_length(phone) <= 30),
  post text check (char_length(post) <= 60),
  unique (risk_point_id, no)
);
comment on table public.risk_measures is
  '管控措施 of a risk point, each with who answers for it. category: engineering 工程技术, management 管理, training 培训教育, protection 个体防护, emergency 应急处置.';

create table public.enterprise_levels (
  id bigint generated always as identity primary key,
  enterprise_id uuid not null,
  from_level smallint,
  to_level smallint,
  reason text not null,
  note text,
  changed_by uuid,
  at timestamptz not null default now()
);
comment on table public.enterprise_levels is
  'Every change of an enterprise''s risk level. reason: point (a risk point), rules (thresholds), source (a major hazard source), import. Written by trigger only, thousands of rows at once: no foreign keys.';
create index enterprise_levels_enterprise_id_idx on public.enterprise_levels (enterprise_id, at desc);

alter table public.prevention_rules enable row level security;
alter table public.risk_measures enable row level security;
alter table public.enterprise_levels enable row level security;
revoke all on public.prevention_rules, public.risk_measures, public.enterprise_levels from anon, authenticated;
revoke update, delete, truncate on public.prevention_rules, public.enterprise_levels from service_role;
grant select on public.prevention_rules, public.risk_measures, public.enterprise_levels to authenticated;
create policy "Everyone who is signed in knows how risk points are judged" on public.prevention_rules
  for select to authenticated using (true);
create policy "Who sees a risk point sees what controls it" on public.risk_measures
  for select to authenticated
  using ((select private.sees_all()) or risk_point_id in (select p.id from public.risk_points p));
create policy "Who sees an enterprise sees how its level changed" on public.enterprise_levels
  for select to authenticated
  using ((select private.sees_all()) or enterprise_id in (select e.id from public.enterprises e));

-- ── judging ──────────────────────────────────────────────────────────────────────────────────────────────────────
create function private.prevention_rule() returns public.prevention_rules language plpgsql stable security definer set search_path = '' as $$
declare
  rule public.prevention_rules;
begin
  select * into rule from public.prevention_rules r order by r.id desc limit 1;
  return rule;
end $$;
comment on function private.prevention_rule() is 'The thresholds that hold now. DEFINER: they are the same for everyone.';

create function private.risk_point_level(rule public.prevention_rules, method text, score numeric) returns smallint
language plpgsql immutable set search_path = '' as $$
declare
  steps numeric[] := case method when 'LEC' then rule.lec else rule.ls end;
begin
  return case when score >= steps[1] then 1 when score >= steps[2] then 2 when score >= steps[3] then 3 else 4 end;
end $$;
comment on function private.risk_point_level(public.prevention_rules, text, numeric) is '1 red … 4 blue of a score by its method.';

create function private.rejudge_enterprises(ids uuid[], reason text) returns void language plpgsql
set search_path = '' as $$
declare
  floors smallint[] := (private.prevention_rule()).source_floor;
  who uuid := (select p.id from public.profiles p where p.id = (select auth.uid()));
begin
  if coalesce(cardinality(ids), 0) = 0 then
    return;
  end if;
  -- two who change points of one enterprise: the second judges what the first one left, not what it was before
  perform from public.enterprises e where e.id = any (ids) order by e.id for no key update;
  -- what is written here needs no second judgement, see private.keep_level()
  perform set_config('safegrid.judging', 'on', true);
  with asked as (
    select e.id, e.risk_level as was, w.level as worst, floors[e.major_hazard_source_grade] as floor,
      e.level_by = 'assessment' as assessed, case e.level_by when 'assessment' then e.declared_level else e.risk_level end as declared
    from public.enterprises e
    left join lateral (select min(r.level) as level from public.risk_points r where r.enterprise_id = e.id) w on true
    where e.id = any (ids)
  ), judged as materialized (
    select a.id, a.was, a.worst is not null or a.floor is not null as by_assessment, a.declared,
      -- least() passes over what is null
      least(coalesce(a.worst, a.declared), a.floor) as level
    from asked a
  ), written as (
    update public.enterprises e set risk_level = j.level, level_by = case when j.by_assessment then 'assessment' else 'import' end,
      declared_level = case when j.by_assessment then j.declared end
    from judged j
    where e.id = j.id and (e.risk_level, e.level_by, e.declared_level)
      is distinct from (j.level, case when j.by_assessment then 'assessment' else 'import' end, case when j.by_assessment then j.declared end)
  )
  insert into public.enterprise_levels (enterprise_id, from_level, to_level, reason, note, changed_by)
  select j.id, j.was, j.level, rejudge_enterprises.reason, nullif(current_setting('safegrid.level_note', true), ''), who
  from judged j where j.level is distinct from j.was;
  perform set_config('safegrid.judging', '', true);
end $$;
comment on function private.rejudge_enterprises(uuid[], text) is
  'Gives enterprises the level of their worst risk point (or of source_floor, where that is graver); without either the imported level holds again. Writes what changed into enterprise_levels.';

create function private.follow_risk_points() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  touched uuid[];
  judged uuid[];
begin
  if tg_op = 'UPDATE' then
    select array_agg(distinct n.enterprise_id) filter (where n.row_version <> o.row_version or n.level <> o.level),
      array_agg(distinct n.enterprise_id) filter (where n.level <> o.level)
    into touched, judged
    from after_change n join before_change o on o.id = n.id;
  else
    select array_agg(distinct x.enterprise_id) into touched from after_change x;
    judged := touched;
  end if;
  perform private.rejudge_enterprises(judged, coalesce(nullif(current_setting('safegrid.level_reason', true), ''), 'point'));
  -- without a version: the card is to be read again, the enterprise itself may be the same
  insert into public.change_log (entity, row_id, op, grid_id, path, sector_id, enterprise_id)
  select 'enterprise', e.id, 'update', e.grid_id, g.path, e.sector_id, e.id
  from public.enterprises e left join public.grids g on g.id = e.grid_id
  where e.id = any (touched);
  return null;
end $$;
comment on function private.follow_risk_points() is
  'The level of an enterprise follows its risk points, and whoever looks at it is told. DEFINER: nobody writes enterprises or the log.';
create trigger follow_new after insert on public.risk_points referencing new table as after_change
  for each statement execute function private.follow_risk_points();
create trigger follow_changed after update on public.risk_points referencing old table as before_change new table as after_change
  for each statement execute function private.follow_risk_points();
create trigger follow_gone after delete on public.risk_points referencing old table as after_change
  for each statement execute function private.follow_risk_points();

create function private.keep_level() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  floored boolean := array_remove((private.prevention_rule()).source_floor, null) <> '{}';
  changed uuid[];
  judged uuid[];
begin
  if coalesce(current_setting('safegrid.judging', true), '') = 'on' then
    return null;
  end if;
  if tg_op = 'INSERT' then
    if floored then
      select array_agg(n.id) into judged from after_change n where n.major_hazard_source_grade is not null;
      perform private.rejudge_enterprises(judged, 'source');
    end if;
    return null;
  end if;
  select array_agg(n.id) filter (where n.risk_level is distinct from o.risk_level),
    array_agg(n.id) filter (where n.level_by = 'assessment' or floored and n.major_hazard_source_grade is distinct from o.major_hazard_source_grade)
  into changed, judged
  from after_change n join before_change o on o.id = n.id
  where n.risk_level is distinct from o.risk_level or n.major_hazard_source_grade is distinct from o.major_hazard_source_grade;
  if changed is not null then
    insert into public.enterprise_levels (enterprise_id, from_level, to_level, reason, changed_by)
    select n.id, o.risk_level, n.risk_level, 'import', (select p.id from public.profiles p where p.id = (select auth.uid()))
    from after_change n join before_change o on o.id = n.id
    where n.level_by = 'import' and n.risk_level is distinct from o.risk_level;
    -- where points judge, what somebody else wrote is the declared level, and the points have the last word
    if exists (select from after_change n where n.id = any (changed) and n.level_by = 'assessment') then
      perform set_config('safegrid.judging', 'on', true);
      update public.enterprises e set declared_level = n.risk_level, risk_level = o.risk_level
      from after_change n join before_change o on o.id = n.id
      where e.id = n.id and n.level_by = 'assessment' and n.risk_level is distinct from o.risk_level;
      perform set_config('safegrid.judging', '', true);
    end if;
  end if;
  perform private.rejudge_enterprises(judged, 'source');
  return null;
end $$;
comment on function private.keep_level() is
  'A level that was imported holds where no risk point judges; where one does it is kept as declared_level. DEFINER: nobody writes enterprises or the history of levels.';
create trigger keep_level_new after insert on public.enterprises referencing new table as after_change
  for each statement execute function private.keep_level();
create trigger keep_level after update on public.enterprises referencing old table as before_change new table as after_change
  for each statement execute function private.keep_level();

create function private.follow_prevention_rules() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform set_config('safegrid.level_reason', 'rules', true);
  -- the trigger derive gives each its level
  update public.risk_points r set level = private.risk_point_level(new, r.method, r.score)
  where r.level <> private.risk_point_level(new, r.method, r.score);
  perform private.assess_sources(array(select s.id from public.major_hazard_sources s), 'rules');
  perform private.rejudge_enterprises(array(select e.id from public.enterprises e
    where e.level_by = 'assessment' or new.source_floor[e.major_hazard_source_grade] is not null), 'rules');
  perform set_config('safegrid.level_reason', '', true);
  return null;
end $$;
comment on function private.follow_prevention_rules() is 'With new thresholds all levels and grades are judged anew. DEFINER: nobody writes them.';
create trigger follow after insert on public.prevention_rules for each row execute function private.follow_prevention_rules();

revoke execute on all functions in schema private from public;
