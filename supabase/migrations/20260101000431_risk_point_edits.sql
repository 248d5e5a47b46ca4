-- 风险点的编辑: who may, what is valid, and the thresholds.

create function private.may_tend(e public.enterprises) returns boolean language plpgsql stable security definer
set search_path = extensions, pg_temp as $$
begin
  return private.is_admin()
    or e.id = any (private.my_enterprise_ids())
    or e.sector_id = any (private.my_sector_ids())
    or coalesce(private.sector_grid(e.sector_id, e.grid_id) = any (private.my_sector_grids()), false)
    or exists (
      select from public.memberships m join public.grids r on r.id = m.grid_id and r.retired_at is null
      left join public.grids g on g.id = e.grid_id
      where m.user_id = (select auth.uid()) and m.position in ('leader', 'deputy', 'member')
        and case when g.id is null then r.parent_id is null else g.path <@ r.path end);
end $$;
comment on function private.may_tend(public.enterprises) is
  'Whether the asker keeps the basic data, risk points and licences of an enterprise: its own users, leader, deputies and members of its grids up the tree, officers of its sector, administrators. DEFINER: reads the tables of rights.';

create function private.tend_refusal(field text) returns jsonb language sql immutable set search_path = '' as $$
  select private.refusal(field, 'NOT_ALLOWED', '只有本企业、属地网格的网格长、副网格长和网格员、行业主管部门以及安委办可以修改')
$$;
comment on function private.tend_refusal(text) is 'Whose right it would be, see private.may_tend().';

create function private.word_of(given jsonb, key text) returns text language sql immutable set search_path = '' as $$
  select nullif(btrim(regexp_replace(given ->> key, '[[:cntrl:]]+', ' ', 'g')), '')
  where jsonb_typeof(given -> key) in ('string', 'number') and not private.is_blank(given ->> key)
$$;
comment on function private.word_of(jsonb, text) is 'A word or number of an object as text without control characters; null when it is empty, absent or anything else.';

create function private.number_of(given jsonb, key text) returns numeric language plpgsql immutable set search_path = '' as $$
begin
  return case when char_length(given ->> key) <= 20 and jsonb_typeof(given -> key) = 'number' then (given ->> key)::numeric
    when given ->> key ~ '^[0-9]{1,12}(\.[0-9]{1,6})?$' then (given ->> key)::numeric end;
end $$;
comment on function private.number_of(jsonb, text) is 'A number of an object, also written as text; null for anything else.';

create function private.uuid_of(given text) returns uuid language plpgsql immutable set search_path = '' as $$
begin
  return given::uuid;
exception when others then
  return null;
end $$;
comment on function private.uuid_of(text) is 'A uuid, or null.';

create function private.risk_point_row(point public.risk_points) returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('id', point.id, 'enterprise_id', point.enterprise_id, 'name', point.name, 'method', point.method,
    'l', point.l, 'e', point.e, 'c', point.c, 's', point.s, 'score', point.score, 'level', point.level,
    'accident_kinds', point.accident_kinds, 'control', point.control, 'responsible', point.responsible,
    'responsible_post', point.responsible_post, 'responsible_phone', point.responsible_phone,
    'version', point.row_version, 'updated_at', point.updated_at,
    'measures', (
      select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'category', m.category, 'content', m.content, 'person', m.person,
        'phone', m.phone, 'post', m.post) order by m.no), '[]')
      from public.risk_measures m where m.risk_point_id = point.id))
$$;
comment on function private.risk_point_row(public.risk_points) is 'A risk point with its measures, as every screen takes it.';

create function private.risk_point_faults(given jsonb) returns jsonb language sql stable set search_path = '' as $$
  with scale as (
    select 'LEC' as method, 'l' as key, '可能性 L' as name, '{10, 6, 3, 1, 0.5, 0.2, 0.1}'::numeric[] as steps
    union all select 'LEC', 'e', '暴露频率 E', '{10, 6, 3, 2, 1, 0.5}' union all select 'LEC', 'c', '后果 C', '{100, 40, 15, 7, 3, 1}'
    union all select 'LS', 'l', '可能性 L', '{5, 4, 3, 2, 1}' union all select 'LS', 's', '严重性 S', '{5, 4, 3, 2, 1}'
  ), measure as (
    select m.x, m.n from jsonb_array_elements(case jsonb_typeof(given -> 'measures') when 'array' then given -> 'measures' else '[]' end)
      with ordinality m (x, n)
  )
  select coalesce(jsonb_agg(private.error_of(f.field, f.code, f.message)), '[]') from (
    select 'name' as field, 'MISSING_FIELD' as code, '缺少风险点名称' as message where private.word_of(given, 'name') is null
    union all
    select 'method', 'BAD_VALUE', '评价方法应为 LEC 或 LS' where coalesce(given ->> 'method', '') not in ('LEC', 'LS')
    union all
    select s.key, 'BAD_VALUE', format('%s 应为 %s 之一', s.name, array_to_string(s.steps, '、'))
    from scale s where s.method = given ->> 'method' and not coalesce(private.number_of(given, s.key) = any (s.steps), false)
    union all
    select 'control', 'BAD_VALUE', '管控层级应为公司级、车间级、班组级或岗位级'
    where given -> 'control' is distinct from 'null' and given ? 'control' and coalesce(given ->> 'control', '') not in ('company', 'workshop', 'team', 'post')
    union all
    select w.field, 'TOO_LONG', format('%s超过 %s 个字', w.name, w.most)
    from (values ('name', '风险点名称', 120), ('accident_kinds', '可能导致的事故', 120), ('responsible', '责任人', 60),
      ('responsible_post', '责任岗位', 60), ('responsible_phone', '联系电话', 30)) w (field, name, most)
    where char_length(private.word_of(given, w.field)) > w.most
    union all
    select 'measures', 'BAD_VALUE', '管控措施应为列表'
    where given ? 'measures' and jsonb_typeof(given -> 'measures') not in ('array', 'null')
    union all
    select 'measures', 'TOO_LONG', '一个风险点最多 40 条管控措施' where (select count(*) from measure) > 40
    union all
    select 'measures', 'MISSING_FIELD', format('第 %s 条管控措施没有内容', m.n) from measure m where private.word_of(m.x, 'content') is null
    union all
    select 'measures', 'BAD_VALUE', format('第 %s 条管控措施的类别应为工程技术、管理、培训教育、个体防护或应急处置', m.n)
    from measure m where coalesce(m.x ->> 'category', '') not in ('engineering', 'management', 'training', 'protection', 'emergency')
    union all
    select 'measures', 'TOO_LONG', format('第 %s 条管控措施的%s超过 %s 个字', m.n, w.name, w.most)
    from measure m cross join (values ('content', '内容', 400), ('person', '责任人', 60), ('phone', '电话', 30), ('post', '岗位', 60)) w (field, name, most)
    where char_length(private.word_of(m.x, w.field)) > w.most) f
$$;
comment on function private.risk_point_faults(jsonb) is 'What is wrong with a risk point, as errors in the user''s words.';

create function public.save_risk_point(p_point jsonb default null) returns jsonb language plpgsql volatile security definer
set search_path = '' set jit = off as $$
declare
  given jsonb := private.j(p_point);
  point public.risk_points;
  firm public.enterprises;
  point_id uuid;
  faults jsonb;
begin
  if jsonb_typeof(given) is distinct from 'object' then
    return private.refusal('point', 'BAD_VALUE', '风险点应为对象');
  end if;
  if nullif(given ->> 'id', '') is not null and private.uuid_of(given ->> 'id') is null then
    return private.refusal('id', 'BAD_VALUE', '风险点编号不正确');
  end if;
  point_id := coalesce(private.uuid_of(nullif(given ->> 'id', '')), gen_random_uuid());
  -- whoever comes second waits, and then sees what the first one wrote
  select * into point from public.risk_points r where r.id = point_id for update;
  select e.* into firm from public.enterprises e
  where e.id = coalesce(point.enterprise_id, private.uuid_of(given ->> 'enterprise_id')) and e.id in (select x.id from private.my_enterprises x where x.id = e.id);
  if firm.id is null then
    return jsonb_build_object('status', 'not_found');
  elsif not private.may_tend(firm) then
    return private.tend_refusal('point');
  end if;
  faults := private.risk_point_faults(given);
  if jsonb_array_length(faults) > 0 then
    return jsonb_build_object('status', 'rejected', 'errors', faults);
  end if;
  if point.id is not null and coalesce(given ->> 'version', '') <> point.row_version::text then
    return jsonb_build_object('status', 'conflict', 'message', '这个风险点刚被别人修改过', 'point', private.risk_point_row(point));
  elsif point.id is null and nullif(given ->> 'version', '') is not null then
    return jsonb_build_object('status', 'conflict', 'message', '这个风险点刚被别人删除', 'point', null);
  elsif point.id is null and (select count(*) from public.risk_points r where r.enterprise_id = firm.id) >= 500 then
    return private.refusal('point', 'TOO_LONG', '一家企业最多 500 个风险点');
  end if;

  perform set_config('safegrid.level_note', private.word_of(given, 'name'), true);
  insert into public.risk_points (id, enterprise_id, name, method, l, e, c, s, accident_kinds, control, responsible, responsible_post, responsible_phone)
  values (point_id, firm.id, private.word_of(given, 'name'), given ->> 'method', private.number_of(given, 'l'),
    case given ->> 'method' when 'LEC' then private.number_of(given, 'e') end, case given ->> 'method' when 'LEC' then private.number_of(given, 'c') end,
    case given ->> 'method' when 'LS' then private.number_of(given, 's') end,
    private.word_of(given, 'accident_kinds'), coalesce(given ->> 'control', 'post'), private.word_of(given, 'responsible'),
    private.word_of(given, 'responsible_post'), private.word_of(given, 'responsible_phone'))
  on conflict (id) do update set name = excluded.name, method = excluded.method, l = excluded.l, e = excluded.e, c = excluded.c, s = excluded.s,
    accident_kinds = excluded.accident_kinds, control = excluded.control, responsible = excluded.responsible,
    responsible_post = excluded.responsible_post, responsible_phone = excluded.responsible_phone, row_version = risk_points.row_version + 1
  returning * into point;
  if jsonb_typeof(given -> 'measures') = 'array' then
    delete from public.risk_measures m where m.risk_point_id = point_id;
    insert into public.risk_measures (risk_point_id, no, category, content, person, phone, post)
    select point_id, m.n, m.x ->> 'category', private.word_of(m.x, 'content'), private.word_of(m.x, 'person'),
      private.word_of(m.x, 'phone'), private.word_of(m.x, 'post')
    from jsonb_array_elements(given -> 'measures') with ordinality m (x, n);
  end if;
  perform set_config('safegrid.level_note', '', true);
  return jsonb_build_object('status', 'ok', 'point', private.risk_point_row(point),
    'enterprise', (select jsonb_build_object('id', e.id, 'risk_level', e.risk_level, 'version', e.row_version) from public.enterprises e where e.id = firm.id));
end $$;
comment on function public.save_risk_point(jsonb) is
  'Adds or changes a risk point: {id? (made by the client), enterprise_id, version (of what was seen; left out for a new one), name, method LEC {l, e, c} | LS {l, s}, accident_kinds?, control? company | workshop | team | post, responsible?, responsible_post?, responsible_phone?, measures? [{category engineering | management | training | protection | emergency, content, person?, phone?, post?}] (left out: kept)} → {status: ok, point, enterprise: {id, risk_level, version}} | rejected with errors | conflict with point as it is now (null: removed) | not_found. Score and level are the database''s. Who may: private.may_tend(). DEFINER: nobody may write risk points directly; rights are checked inside.';

create function public.remove_risk_point(p_point uuid default null, p_version bigint default null) returns jsonb
language plpgsql volatile security definer set search_path = '' set jit = off as $$
declare
  point public.risk_points;
  firm public.enterprises;
begin
  select * into point from public.risk_points r where r.id = p_point for update;
  select e.* into firm from public.enterprises e
  where e.id = point.enterprise_id and e.id in (select x.id from private.my_enterprises x where x.id = point.enterprise_id);
  if firm.id is null then
    return jsonb_build_object('status', 'not_found');
  elsif not private.may_tend(firm) then
    return private.tend_refusal('point');
  elsif p_version is distinct from point.row_version then
    return jsonb_build_object('status', 'conflict', 'message', '这个风险点刚被别人修改过', 'point', private.risk_point_row(point));
  end if;
  perform set_config('safegrid.level_note', point.name, true);
  delete from public.risk_points r where r.id = point.id;
  perform set_config('safegrid.level_note', '', true);
  return jsonb_build_object('status', 'ok',
    'enterprise', (select jsonb_build_object('id', e.id, 'risk_level', e.risk_level, 'version', e.row_version) from public.enterprises e where e.id = firm.id));
end $$;
comment on function public.remove_risk_point(uuid, bigint) is
  'Removes a risk point with its measures, by whoever may change it (private.may_tend()), naming the version seen → {status: ok, enterprise: {id, risk_level, version}} | rejected | conflict | not_found. DEFINER: nobody may write risk points directly; rights are checked inside.';

-- ── thresholds ───────────────────────────────────────────────────────────────────────────────────────────────────
create function private.falling_numbers(given jsonb) returns numeric[] language plpgsql immutable set search_path = '' as $$
declare
  steps numeric[];
begin
  if jsonb_typeof(given) is distinct from 'array' or jsonb_array_length(given) <> 3
    or exists (select from jsonb_array_elements(given) x where jsonb_typeof(x) <> 'number') then
    return null;
  end if;
  select array_agg(x::numeric) into steps from jsonb_array_elements_text(given) x;
  return case when steps[1] > steps[2] and steps[2] > steps[3] and steps[3] > 0 and steps[1] < 1000000 then steps end;
end $$;
comment on function private.falling_numbers(jsonb) is 'Three falling numbers above 0, or null.';

create function private.alpha_steps(given jsonb, out people int[], out alpha numeric[]) language plpgsql immutable set search_path = '' as $$
begin
  select array_agg((e.x ->> 0)::int order by e.n), array_agg((e.x ->> 1)::numeric order by e.n) into people, alpha
  from jsonb_array_elements(given) with ordinality e (x, n);
  if coalesce(cardinality(people), 99) > 10 or array_position(people, null) is not null or array_position(alpha, null) is not null
    or people[cardinality(people)] <> 0
    or exists (select from unnest(people) with ordinality a (p, n) where a.n > 1 and a.p >= people[a.n - 1])
    or exists (select from unnest(alpha) a (f) where a.f <= 0 or a.f > 10) then
    people := null;
    alpha := null;
  end if;
exception when others then
  people := null;
  alpha := null;
end $$;
comment on function private.alpha_steps(jsonb) is 'Steps [[people, α], …] with falling numbers of people down to 0 as two lists; nulls for anything else.';

create function private.prevention_changes(rule public.prevention_rules) returns jsonb language plpgsql stable
set search_path = '' set jit = off as $$
begin
  return (
    with point as materialized (
      select r.enterprise_id, r.level, private.risk_point_level(rule, r.method, r.score) as next from public.risk_points r
    ), source as materialized (
      select s.enterprise_id, s.grade, case
          when q.ratio < 1 then null
          when f.alpha * q.weighted >= rule.source_grades[1] then 1
          when f.alpha * q.weighted >= rule.source_grades[2] then 2
          when f.alpha * q.weighted >= rule.source_grades[3] then 3
          else 4 end as next
      from public.major_hazard_sources s
      cross join lateral (
        select coalesce(sum(x.quantity / x.threshold), 0) as ratio, coalesce(sum(x.beta * x.quantity / x.threshold), 0) as weighted
        from public.major_hazard_substances x where x.source_id = s.id) q
      cross join lateral (
        select x.alpha from unnest(rule.alpha_people, rule.alpha) x (people, alpha)
        where coalesce(s.people, 0) >= x.people order by x.people desc limit 1) f
    ), worst as (
      select p.enterprise_id, min(p.next) as level from point p group by p.enterprise_id
    ), graded as (
      select s.enterprise_id, min(s.next) as grade from source s group by s.enterprise_id
    ), firm as (
      -- as private.rejudge_enterprises() and private.regrade_enterprises() would judge it
      select e.id, e.name, e.grid_id, e.risk_level as was,
        least(coalesce(w.level, case e.level_by when 'assessment' then e.declared_level else e.risk_level end),
          rule.source_floor[case when g.enterprise_id is not null then g.grade
            when e.grade_by = 'assessment' then e.declared_grade else e.major_hazard_source_grade end]) as next
      from public.enterprises e left join worst w on w.enterprise_id = e.id left join graded g on g.enterprise_id = e.id
    ), moved as (
      select f.*, coalesce(f.next, 9) < coalesce(f.was, 9) as graver,
        row_number() over (order by coalesce(f.next, 9) < coalesce(f.was, 9) desc, f.next nulls last, f.name, f.id) as nth
      from firm f where f.next is distinct from f.was
    )
    select p.said || jsonb_build_object(
      'sources', (
        select jsonb_build_object('up', count(*) filter (where coalesce(s.next, 9) < coalesce(s.grade, 9)),
          'down', count(*) filter (where coalesce(s.next, 9) > coalesce(s.grade, 9))) from source s),
      'enterprises', (
        select jsonb_build_object('up', count(*) filter (where m.graver), 'down', count(*) filter (where not m.graver),
          'rows', coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'grid', h.name, 'level_before', m.was, 'level', m.next)
            order by m.nth) filter (where m.nth <= 200), '[]'))
        from moved m left join public.grids h on h.id = m.grid_id))
    from (
      select jsonb_build_object('points', count(*) filter (where p.next <> p.level),
        'up', count(*) filter (where p.next < p.level), 'down', count(*) filter (where p.next > p.level)) as said
      from point p) p);
end $$;
comment on function private.prevention_changes(public.prevention_rules) is
  'What thresholds would change: risk points, sources and enterprises that would be judged graver (up) or milder (down), with the first 200 of the enterprises.';

create function public.set_prevention_rules(p_rules jsonb default null, p_options jsonb default null) returns jsonb
language plpgsql volatile security definer set search_path = '' set jit = off as $$
declare
  given jsonb := coalesce(nullif(private.j(p_rules), 'null'), '{}');
  options jsonb := coalesce(nullif(private.j(p_options), 'null'), '{}');
  rule public.prevention_rules := private.prevention_rule();
  changes jsonb;
  steps record;
begin
  if not private.is_admin() then
    return private.refusal('rules', 'NOT_ALLOWED', '只有安委办（系统管理员）可以调整风险分级的阈值');
  elsif jsonb_typeof(given) <> 'object' or jsonb_typeof(options) <> 'object' then
    return private.refusal('rules', 'BAD_VALUE', '阈值和选项应为对象');
  elsif given ? 'lec' and private.falling_numbers(given -> 'lec') is null then
    return private.refusal('lec', 'BAD_VALUE', 'LEC 的阈值应为三个由大到小、大于 0 的数');
  elsif given ? 'ls' and private.falling_numbers(given -> 'ls') is null then
    return private.refusal('ls', 'BAD_VALUE', 'LS 的阈值应为三个由大到小、大于 0 的数');
  elsif given ? 'source_grades' and private.falling_numbers(given -> 'source_grades') is null then
    return private.refusal('source_grades', 'BAD_VALUE', '重大危险源分级的 R 值应为三个由大到小、大于 0 的数');
  elsif given ? 'source_floor' and not (case when jsonb_typeof(given -> 'source_floor') = 'array' and jsonb_array_length(given -> 'source_floor') = 4
      then not exists (select from jsonb_array_elements(given -> 'source_floor') x where x not in ('null', '1', '2', '3', '4')) else false end) then
    return private.refusal('source_floor', 'BAD_VALUE', '直接判定的等级应为四个 1 至 4 的数或空');
  elsif char_length(private.word_of(options, 'note')) > 400 then
    return private.refusal('note', 'TOO_LONG', '调整说明超过 400 个字');
  elsif coalesce(jsonb_typeof(options -> 'dry_run'), 'null') not in ('boolean', 'null') then
    -- whoever only wants to look must not change anything by a slip
    return private.refusal('dry_run', 'BAD_VALUE', '试算应为是或否');
  end if;
  if options -> 'dry_run' is distinct from 'true'::jsonb then
    -- whoever comes second waits, and then sees what the first one wrote
    perform pg_advisory_xact_lock(hashtext('safegrid.prevention_rules'));
    rule := private.prevention_rule();
  end if;
  if coalesce(options -> 'seen', 'null') <> 'null' and options ->> 'seen' is distinct from rule.id::text then
    return jsonb_build_object('status', 'conflict', 'message', '分级标准刚被别人调整过，请看过现行标准再调整', 'current', rule.id);
  end if;
  select * into steps from private.alpha_steps(given -> 'alpha');
  if given ? 'alpha' and steps.people is null then
    return private.refusal('alpha', 'BAD_VALUE', 'α 应为 [人数, α] 的列表，人数由大到小直到 0，α 大于 0');
  end if;
  rule.alpha_people := coalesce(steps.people, rule.alpha_people);
  rule.alpha := coalesce(steps.alpha, rule.alpha);
  rule.lec := coalesce(private.falling_numbers(given -> 'lec'), rule.lec);
  rule.ls := coalesce(private.falling_numbers(given -> 'ls'), rule.ls);
  rule.source_grades := coalesce(private.falling_numbers(given -> 'source_grades'), rule.source_grades);
  if given ? 'source_floor' then
    select array_agg(x::smallint) into rule.source_floor from jsonb_array_elements_text(given -> 'source_floor') x;
  end if;
  changes := private.prevention_changes(rule);
  if options -> 'dry_run' is not distinct from 'true'::jsonb then
    return jsonb_build_object('status', 'valid', 'changes', changes);
  end if;
  insert into public.prevention_rules (lec, ls, source_grades, alpha_people, alpha, radius_m, source_floor, note, created_by)
  values (rule.lec, rule.ls, rule.source_grades, rule.alpha_people, rule.alpha, rule.radius_m, rule.source_floor,
    private.word_of(options, 'note'), (select p.id from public.profiles p where p.id = (select auth.uid())))
  returning * into rule;
  return jsonb_build_object('status', 'committed', 'id', rule.id, 'changes', changes);
end $$;
comment on function public.set_prevention_rules(jsonb, jsonb) is
  'New thresholds of dual prevention by an administrator (what is left out stays): {lec, ls, source_grades: three falling numbers, source_floor: four levels or null, alpha: [[people, α], …] falling to 0 people}, {dry_run, note, seen: id of the rules that were seen} → {status: valid | committed | rejected | conflict (others hold by now), changes: {points, up: graver, down: milder; sources: {up, down}; enterprises: {up, down, rows: the first 200}}}. All risk points, sources and enterprises are judged anew at once. DEFINER: the rules are append-only.';

create function public.prevention_rule_versions() returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
  if not (private.is_service() or private.sees_all() or private.my_public_grid_ids() <> '{}' or private.my_enterprise_ids() <> '{}') then
    return private.refusal(null, 'NOT_ALLOWED', '您的账号还没有分配职责');
  end if;
  return jsonb_build_object('status', 'ok', 'current', (private.prevention_rule()).id, 'may_set', private.is_admin(),
    'versions', (
      select jsonb_agg(jsonb_build_object('id', r.id, 'lec', r.lec, 'ls', r.ls, 'source_grades', r.source_grades,
        'alpha', (select jsonb_agg(jsonb_build_array(x.people, x.alpha) order by x.people desc) from unnest(r.alpha_people, r.alpha) x (people, alpha)),
        'radius_m', r.radius_m, 'source_floor', r.source_floor, 'note', r.note, 'created_at', r.created_at, 'created_by', p.name)
        order by r.id desc)
      from public.prevention_rules r left join public.profiles p on p.id = r.created_by));
end $$;
comment on function public.prevention_rule_versions() is
  'How risk points, sources and enterprises are judged, and were: {status, current (id of the version that holds), may_set, versions: [{id, lec, ls, source_grades, alpha: [[people, α], …], radius_m, source_floor, note, created_at, created_by (name)}], newest first}. For everybody with a position. DEFINER: names who wrote a version.';

revoke execute on all functions in schema private from public;
revoke execute on function public.save_risk_point(jsonb), public.remove_risk_point(uuid, bigint), public.set_prevention_rules(jsonb, jsonb),
  public.prevention_rule_versions() from public, anon;
grant execute on function public.save_risk_point(jsonb), public.remove_risk_point(uuid, bigint), public.set_prevention_rules(jsonb, jsonb),
  public.prevention_rule_versions() to authenticated, service_role;
