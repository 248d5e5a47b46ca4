-- 预警的查看与处置: who is told, who may settle it, and how often a rule was wrong.

create function private.grid_owner(grid int) returns jsonb language sql stable set search_path = extensions, pg_temp as $$
  select jsonb_build_object('user_id', p.id, 'name', p.name, 'phone', p.phone, 'position', m.position, 'grid', u.name)
  from public.grids g
  join public.grids u on u.id = any (string_to_array(g.path::text, '.')::int[]) and u.retired_at is null
  join public.memberships m on m.grid_id = u.id and m.position in ('leader', 'deputy')
  join public.profiles p on p.id = m.user_id
  where g.id = grid
  order by u.level desc, m.position = 'leader' desc, m.since, p.name collate "C", p.id limit 1
$$;
comment on function private.grid_owner(int) is
  'Who answers for a grid in the territorial line: its leader, else its deputy, else those of the nearest grid above; null when nobody does.';

create function private.my_warning_ids() returns setof uuid language plpgsql stable security definer
set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
declare
  uid uuid := (select auth.uid());
  sectors int[] := private.my_sector_ids();
  pairs bigint[] := private.my_sector_grids();
  admin boolean := exists (select from public.admins a where a.user_id = uid);
begin
  if uid is null then
    return;
  end if;
  return query
  with waiting as materialized (
    select w.id, w.grid_id, w.sector_id from private.my_warnings w where w.state = 'open'
  ), head as materialized (
    -- the nearest grid at or above whose leader has an account, as in private.my_work_items()
    select distinct on (x.grid_id) x.grid_id, u.id as up_id
    from (select distinct w.grid_id from waiting w) x
    join public.grids g on g.id = x.grid_id
    join public.grids u on u.id = any (string_to_array(g.path::text, '.')::int[]) and u.retired_at is null
    join public.memberships m on m.grid_id = u.id and m.position in ('leader', 'deputy')
    where m.user_id = uid or exists (select from auth.users a where a.id = m.user_id)
    order by x.grid_id, u.level desc
  )
  select w.id from waiting w left join head h on h.grid_id = w.grid_id
  where exists (select from public.memberships m where m.grid_id = h.up_id and m.user_id = uid and m.position in ('leader', 'deputy'))
    or w.sector_id = any (sectors) or private.sector_grid(w.sector_id, w.grid_id) = any (pairs)
    or admin and h.up_id is null;
end $$;
comment on function private.my_warning_ids() is
  'Open warnings that wait for the asker: their grid is the nearest whose leader has an account, or they are of a sector of the asker''s department; for administrators those that nobody else can settle. DEFINER: reads accounts and rights; applies the scope itself.';

create function private.warning_steps(w public.warnings, settles boolean, watches boolean) returns jsonb language sql stable
set search_path = '' as $$
  select coalesce(jsonb_agg(s.step order by s.nth), '[]')
  from (values (1, 'acknowledge', w.state = 'open' and w.acknowledged_at is null, true), (2, 'handle', w.state = 'open', false),
    (3, 'false_alarm', w.state = 'open', false), (4, 'reopen', w.state <> 'open', false)) s (nth, step, fits, also_duty)
  where s.fits and (select auth.uid()) is not null and (settles or s.also_duty and watches)
$$;
comment on function private.warning_steps(public.warnings, boolean, boolean) is
  'What the asker may do with a warning that they may settle, or (a duty officer) only acknowledge.';

create function private.warning_rows(ids uuid[]) returns jsonb language sql stable security definer
set search_path = extensions, pg_temp set jit = off as $$
  with shown as materialized (
    select x.nth, w as row, w.* from unnest(ids) with ordinality x (id, nth) join public.warnings w on w.id = x.id
  ), post as materialized (
    -- the rights of private.my_capacity(), of all rows at once
    select r.path, r.parent_id is null as top, m.position in ('leader', 'deputy') as leads, m.position = 'duty' as watches
    from public.memberships m join public.grids r on r.id = m.grid_id and r.retired_at is null where m.user_id = (select auth.uid())
  ), trade as materialized (
    select s.id, r.path, r.parent_id is null as top
    from public.department_officers o join public.departments d on d.id = o.department_id
    join public.grids r on r.id = d.grid_id join public.sectors s on s.department_id = d.id where o.user_id = (select auth.uid())
  ), place as materialized (
    select g.id, g.code, g.name, g.path, private.grid_owner(g.id) as owner, (
      select coalesce(jsonb_agg(u.name order by u.level) filter (where u.parent_id is not null), '[]') from public.grids u
      where u.id = any (string_to_array(g.path::text, '.')::int[])) as names,
      exists (select from post p where p.leads and (p.top or g.path <@ p.path)) as led,
      exists (select from post p where p.watches and (p.top or g.path <@ p.path)) as watched
    from public.grids g where g.id in (select s.grid_id from shown s)
  ), line as materialized (
    select s.id, s.name, private.industry_line(s.id) as department from public.sectors s where s.id in (select x.sector_id from shown x)
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'kind', w.kind, 'level', w.level, 'raised_at', w.raised_at,
      'grid', jsonb_build_object('id', g.id, 'code', g.code, 'name', g.name), 'place', g.names,
      'sector', case when l.id is not null then jsonb_build_object('id', l.id, 'name', l.name) end,
      'enterprise', case when e.id is not null then jsonb_build_object('id', e.id, 'name', e.name, 'phone', coalesce(e.safety_phone, e.phone)) end,
      'reason', w.reason, 'figures', w.figures, 'records', w.records, 'owner', g.owner, 'department', l.department,
      'state', w.state, 'cause_gone_at', w.cause_gone_at, 'acknowledged_at', w.acknowledged_at, 'acknowledged_by', w.acknowledged_name,
      'settled_at', w.settled_at, 'settled_by', w.settled_name, 'note', w.note, 'row_version', w.row_version,
      'steps', private.warning_steps(w.row, g.led or exists (select from public.admins a where a.user_id = (select auth.uid()))
        or exists (select from trade t where t.id = w.sector_id and (t.top or g.path <@ t.path)), g.watched)) order by w.nth), '[]')
  from shown w
  join place g on g.id = w.grid_id
  left join line l on l.id = w.sector_id
  left join public.enterprises e on e.id = w.enterprise_id
$$;
comment on function private.warning_rows(uuid[]) is
  'Warnings as the screens list them, in this order; place: names of the grids below the root; steps: everything for leaders and deputies of its grid or one above, officers of its sector''s department and administrators, acknowledge for duty officers. The caller has checked the scope. DEFINER: names people and enterprises whoever asks.';

create function public.list_warnings(p_filter jsonb default null, p_after text default null, p_limit int default null) returns jsonb
language plpgsql stable security definer set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
declare
  given jsonb := coalesce(nullif(private.j(p_filter), 'null'), '{}');
  most int := least(greatest(coalesce(p_limit, 50), 0), 500);
  states text[];
  kinds text[];
  levels text[];
  sectors int[];
  base ltree;
  firm uuid;
  since timestamptz;
  until timestamptz;
  part text[] := string_to_array(p_after, '/');
  after_closed int;
  after_level int;
  after_at timestamptz;
  after_id uuid;
  own uuid[];
  answer jsonb;
  ids uuid[];
begin
  if jsonb_typeof(given) <> 'object' then
    return private.refusal('filter', 'BAD_VALUE', '筛选条件应为对象');
  end if;
  states := coalesce(private.filter_list(given, 'state'), '{all}');
  kinds := private.filter_list(given, 'kind');
  levels := private.filter_list(given, 'level');
  if exists (select from unnest(states) x where x not in ('open', 'handled', 'false_alarm', 'all')) then
    return private.refusal('state', 'BAD_VALUE', '没有这种预警状态');
  elsif coalesce(given ->> 'owner', 'me') <> 'me' then
    return private.refusal('owner', 'BAD_VALUE', '责任人只能是本人（me）');
  end if;
  begin
    since := private.moment(given ->> 'from', 0);
    until := private.moment(given ->> 'to', 1);
    firm := nullif(given ->> 'enterprise', '')::uuid;
    if p_after is not null then
      after_closed := part[1]::int;
      after_level := part[2]::int;
      after_at := to_timestamp(part[3]::bigint / 1000000.0);
      after_id := part[4]::uuid;
    end if;
  exception when others then
    return private.refusal('filter', 'BAD_VALUE', '日期、企业编号或翻页位置不正确');
  end;
  if p_after is not null and after_id is null then
    return private.refusal('after', 'BAD_VALUE', '翻页位置不正确');
  end if;
  if nullif(given ->> 'grid', '') is not null then
    select g.path into base from public.grids g
    where g.code = given ->> 'grid' and jsonb_typeof(given -> 'grid') = 'string' or g.id::text = given ->> 'grid'
    order by g.code = given ->> 'grid' and jsonb_typeof(given -> 'grid') = 'string' desc limit 1;
  end if;
  if private.filter_list(given, 'sector') is not null then
    sectors := array(select coalesce(private.sector_named(word), -1) from unnest(private.filter_list(given, 'sector')) word);
  end if;
  if given ? 'owner' then
    own := array(select private.my_warning_ids());
  end if;
  with hit as materialized (
    select w.id, w.state, w.level, w.raised_at, (w.state <> 'open')::int as closed
    from private.my_warnings w
    where (kinds is null or w.kind = any (kinds)) and (levels is null or w.level::text = any (levels))
      and (nullif(given ->> 'grid', '') is null or w.grid_id in (select g.id from public.grids g where g.path <@ base))
      and (sectors is null or w.sector_id = any (sectors)) and (firm is null or w.enterprise_id = firm)
      and (since is null or w.raised_at >= since) and (until is null or w.raised_at < until)
      and (own is null or w.id = any (own))
  ), page as materialized (
    select h.*, row_number() over (order by h.closed, h.level, h.raised_at desc, h.id) as nth
    from hit h
    where ('all' = any (states) or h.state = any (states))
      and (after_id is null or (h.closed, h.level) > (after_closed, after_level)
        or (h.closed, h.level) = (after_closed, after_level) and (h.raised_at < after_at or h.raised_at = after_at and h.id > after_id))
    order by h.closed, h.level, h.raised_at desc, h.id limit most + 1
  )
  select jsonb_build_object('status', 'ok', 'as_of', now(),
      'total', (select count(*) from hit h where 'all' = any (states) or h.state = any (states)),
      'counts', (select jsonb_build_object('open', count(*) filter (where h.state = 'open'), 'handled', count(*) filter (where h.state = 'handled'),
        'false_alarm', count(*) filter (where h.state = 'false_alarm')) from hit h),
      'next', (select format('%s/%s/%s/%s', p.closed, p.level, (extract(epoch from p.raised_at) * 1000000)::bigint, p.id) from page p
        where p.nth = most and most > 0 and exists (select from page q where q.nth > most))),
    array(select p.id from page p where p.nth <= most order by p.nth)
  into answer, ids;
  return answer || jsonb_build_object('rows', private.warning_rows(ids));
end $$;
comment on function public.list_warnings(jsonb, text, int) is
  'Warnings of the asker''s scope, open ones first, then by gravity and the newest first: {status, total, counts: {open, handled, false_alarm} (of the filter without state), rows, next, as_of}. p_filter {grid (code as text, or id: its subtree), sector (id, code or name), kind, level, state (open | handled | false_alarm | all), enterprise, owner: me (waits for the asker: private.my_warning_ids()), from, to (day it was raised, China)}, lists allowed; what does not exist matches nothing; pass next as p_after for the following page (p_limit 0..500, default 50). A row: {id, kind, level, raised_at, grid {id, code, name}, place, sector, enterprise, reason, figures, records: [{kind, id}], owner {user_id, name, phone, position, grid} (territorial line) | null, department (industry line) | null, state, cause_gone_at, acknowledged_at, acknowledged_by, settled_at, settled_by, note, row_version, steps (what the asker may do)}. DEFINER: ledger read; applies the scope itself.';

create function private.named_records(records jsonb) returns jsonb language sql stable security definer set search_path = extensions, pg_temp as $$
  with record as materialized (
    select r.value ->> 'kind' as kind, r.value ->> 'id' as id, r.ordinality as nth
    from jsonb_array_elements(records) with ordinality r limit 500
  ), named as (
    select r.nth, r.kind, r.id, h.title, concat_ws('，', h.code, e.name) as note, h.found_at as at, h.grid_id, h.state
    from record r join private.my_hazards h on r.kind = 'hazard' and h.id = r.id::uuid left join public.enterprises e on e.id = h.enterprise_id
    union all
    select r.nth, r.kind, r.id, e.name, s.name, null, e.grid_id, e.status
    from record r join private.my_enterprises e on r.kind = 'enterprise' and e.id = r.id::uuid left join public.sectors s on s.id = e.sector_id
    union all
    select r.nth, r.kind, r.id, a.title, concat_ws('，', a.kind, nullif(format('死亡 %s 人', a.deaths), '死亡 0 人')), a.occurred_at, a.grid_id, null
    from record r join private.my_accidents a on r.kind = 'accident' and a.id = r.id::uuid
    union all
    select r.nth, r.kind, r.id, d.name, concat_ws(' ', p.name, x.starts || ' 至 ' || private.period_end(d.per, x.starts)),
      (private.period_end(d.per, x.starts) + 1)::timestamp at time zone 'Asia/Shanghai', x.grid_id, null
    from record r
    -- rule:grid[:person]:first day:number
    cross join lateral (select string_to_array(r.id, ':') as part where r.kind = 'duty') y
    cross join lateral (select y.part[1]::int as rule_id, y.part[2]::int as grid_id, y.part[cardinality(y.part) - 1]::date as starts,
      case when cardinality(y.part) = 5 then y.part[3]::uuid end as user_id) x
    join public.duty_rules d on d.id = x.rule_id left join public.profiles p on p.id = x.user_id
    where (select private.sees_all()) or x.grid_id = any ((select private.my_grid_ids())::int[])
    union all
    select r.nth, r.kind, r.id, case v.kind when 'patrol' then '巡查' when 'self_check' then '自查' else '检查' end, p.name, v.started_at, v.grid_id, null
    from record r join public.patrols v on r.kind = 'patrol' and v.id = r.id::uuid left join public.profiles p on p.id = v.user_id
    where (select private.sees_all()) or v.grid_id = any ((select private.my_grid_ids())::int[])
  )
  select coalesce(jsonb_agg(jsonb_build_object('kind', n.kind, 'id', n.id, 'title', n.title, 'note', nullif(n.note, ''), 'at', n.at,
    'state', n.state, 'grid_code', g.code, 'grid', g.name) order by n.nth), '[]')
  from named n left join public.grids g on g.id = n.grid_id
$$;
comment on function private.named_records(jsonb) is
  'Records [{kind, id}] with the names that people know them by, in their order, at most 500; those outside the asker''s scope are left out. DEFINER: ledger read; applies the scope itself.';

create function public.warning_card(p_warning uuid default null) returns jsonb language plpgsql stable security definer
set search_path = extensions, pg_temp set jit = off as $$
declare
  w public.warnings;
begin
  select x.* into w from public.warnings x where x.id = p_warning and exists (select from private.my_warnings m where m.id = x.id);
  if w.id is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  return (private.warning_rows(array[w.id]) -> 0) || jsonb_build_object('status', 'ok',
    'named', private.named_records(w.records), 'territorial', private.territorial_line(w.grid_id),
    'earlier', (
      select jsonb_build_object('count', count(*), 'false_alarms', count(*) filter (where e.state = 'false_alarm'), 'last', max(e.raised_at))
      from private.my_warnings e where e.kind = w.kind and e.thing = w.thing and e.id <> w.id and e.raised_at <= w.raised_at),
    'events', (
      select coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'action', e.action, 'name', e.actor_name, 'role', e.actor_role,
        'reason', e.reason, 'note', e.note) order by e.at, e.id), '[]')
      from public.warning_events e where e.warning_id = w.id));
end $$;
comment on function public.warning_card(uuid) is
  'One warning whole: a row of list_warnings() with status ok, named (its records: [{kind, id, title, note, at, state, grid_code, grid}]), territorial (both who answers and all above, see responsible_at()), earlier (how often the same was warned of before: {count, false_alarms, last}), events (oldest first: [{at, action, name, role, reason, note}]). Out of scope: {status: not_found}. DEFINER: ledger read; applies the scope itself.';

create function public.handle_warning(p_warning uuid default null, p_version int default null, p_action text default null, p_note text default null)
returns jsonb language plpgsql security definer set search_path = '' set jit = off as $$
declare
  w public.warnings;
  c private.capacity;
  words text := nullif(btrim(p_note, E' \t\r\n\u3000'), '');
  moment timestamptz := clock_timestamp();
begin
  -- nothing is locked or told of what the asker does not see
  if exists (select from private.my_warnings m where m.id = p_warning) then
    select x.* into w from public.warnings x where x.id = p_warning for update;
  end if;
  if w.id is null then
    return private.refusal('warning', 'NOT_FOUND', '没有这条预警');
  elsif coalesce(p_action, '') not in ('acknowledge', 'handle', 'false_alarm', 'reopen') then
    return private.refusal('action', 'BAD_VALUE', '没有这种处置');
  elsif (select auth.uid()) is null then
    return private.refusal(null, 'NOT_ALLOWED', '预警要由本人登录处置');
  end if;
  c := private.my_capacity(w.grid_id, w.sector_id, w.enterprise_id);
  if not (c.leader or c.officer or c.admin or c.duty and p_action = 'acknowledge') then
    return private.refusal('action', 'NOT_ALLOWED', case p_action when 'acknowledge' then '预警由所在网格及上级的网格长、行业主管部门、值班员或安委办签收'
      else '预警由所在网格及上级的网格长、行业主管部门或安委办处置' end);
  elsif p_version is distinct from w.row_version then
    return jsonb_build_object('status', 'conflict', 'warning', private.warning_rows(array[w.id]) -> 0);
  elsif not private.warning_steps(w, c.leader or c.officer or c.admin, c.duty) ? p_action then
    return private.refusal('action', 'BAD_VALUE', case when p_action = 'reopen' then '预警还没有办结'
      when w.state = 'open' then format('%s 已签收', coalesce(w.acknowledged_name, '有人')) else '预警已经办结，需要时先重新打开' end);
  elsif p_action in ('handle', 'false_alarm') and words is null then
    return private.refusal('note', 'MISSING_FIELD', case p_action when 'handle' then '请写明采取了什么措施' else '请写明为什么是误报' end);
  elsif char_length(words) > 2000 then
    return private.refusal('note', 'TOO_LONG', '说明最多 2000 字');
  elsif p_action = 'reopen' and exists (
    select from public.warnings x where x.kind = w.kind and x.thing = w.thing and x.state = 'open') then
    return private.refusal('action', 'BAD_VALUE', '同一事项已有新的预警，请在新的预警上处置');
  end if;
  begin
    update public.warnings x set row_version = w.row_version + 1,
      state = case p_action when 'handle' then 'handled' when 'false_alarm' then 'false_alarm' when 'reopen' then 'open' else w.state end,
      acknowledged_at = case p_action when 'acknowledge' then moment else w.acknowledged_at end,
      acknowledged_by = case p_action when 'acknowledge' then (select auth.uid()) else w.acknowledged_by end,
      acknowledged_name = case p_action when 'acknowledge' then c.person_name else w.acknowledged_name end,
      settled_at = case when p_action in ('handle', 'false_alarm') then moment when p_action = 'acknowledge' then w.settled_at end,
      settled_by = case when p_action in ('handle', 'false_alarm') then (select auth.uid()) when p_action = 'acknowledge' then w.settled_by end,
      settled_name = case when p_action in ('handle', 'false_alarm') then c.person_name when p_action = 'acknowledge' then w.settled_name end,
      note = case when p_action in ('handle', 'false_alarm') then words when p_action = 'acknowledge' then w.note end
    where x.id = w.id;
  exception when unique_violation then
    -- raised anew at this very moment
    return private.refusal('action', 'BAD_VALUE', '同一事项已有新的预警，请在新的预警上处置');
  end;
  insert into public.warning_events (warning_id, at, action, actor, actor_name, actor_role, note)
  values (w.id, moment, p_action, (select auth.uid()), c.person_name, c.role, words);
  return jsonb_build_object('status', 'ok', 'warning', private.warning_rows(array[w.id]) -> 0);
end $$;
comment on function public.handle_warning(uuid, int, text, text) is
  'What a person does with a warning: acknowledge, handle (p_note: what was done), false_alarm (p_note: why), reopen; p_version: its row_version → {status: ok | rejected | conflict, warning: as it stands, errors}. Leaders and deputies of its grid or one above, officers of its sector''s department, administrators; duty officers acknowledge. Outside the scope: NOT_FOUND. DEFINER: nobody writes warnings directly; checks scope and right itself.';

-- ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────
create function public.list_warning_rules() returns jsonb language sql stable security definer set search_path = '' set jit = off as $$
  select jsonb_build_object('status', 'ok', 'may_change', (select private.is_admin()), 'rules', coalesce(jsonb_agg(jsonb_build_object(
    'kind', r.kind, 'enabled', r.enabled, 'parameters', r.parameters,
    'bounds', (select jsonb_agg(jsonb_build_object('word', b.word, 'least', b.low, 'most', b.high, 'whole', b.whole)) from private.warning_rule_bounds() b where b.kind = r.kind),
    'changed_at', case when r.n > 1 then r.created_at end, 'changed_by', p.name, 'note', r.note, 'versions', r.n,
    'raised', coalesce(w.raised, 0), 'open', coalesce(w.open, 0), 'handled', coalesce(w.handled, 0), 'false_alarms', coalesce(w.wrong, 0),
    'false_alarm_rate', round(w.wrong::numeric / nullif(w.handled + w.wrong, 0), 3))
    order by array_position(array['index_up', 'neighbours', 'overdue_major', 'repeats', 'unpatrolled', 'licence_expired'], r.kind)), '[]'))
  from (
    select distinct on (x.kind) x.*, count(*) over (partition by x.kind) as n from public.warning_rules x order by x.kind, x.id desc) r
  left join public.profiles p on p.id = r.created_by
  left join (
    select m.kind, count(*) as raised, count(*) filter (where m.state = 'open') as open, count(*) filter (where m.state = 'handled') as handled,
      count(*) filter (where m.state = 'false_alarm') as wrong
    from private.my_warnings m group by m.kind) w on w.kind = r.kind
$$;
comment on function public.list_warning_rules() is
  'The rules that hold and how they do, over the asker''s scope: {status, may_change, rules: [{kind, enabled, parameters, bounds: [{word, least, most, whole}], changed_at, changed_by, note, versions, raised, open, handled, false_alarms, false_alarm_rate (false alarms of all that were settled; null: none)}]}. Each figure is the total of list_warnings() with {kind, state}. DEFINER: ledger read; applies the scope itself.';

create function public.set_warning_rules(p_rules jsonb default null, p_options jsonb default null) returns jsonb
language plpgsql security definer set search_path = '' set jit = off as $$
declare
  given jsonb := coalesce(nullif(private.j(p_rules), 'null'), '{}');
  options jsonb := coalesce(nullif(private.j(p_options), 'null'), '{}');
  old jsonb;
  fresh jsonb;
  faults jsonb;
  preview jsonb;
  done record;
begin
  if not private.is_admin() then
    return private.refusal('rules', 'NOT_ALLOWED', '只有安委办（系统管理员）可以调整预警规则');
  elsif jsonb_typeof(given) <> 'object' or jsonb_typeof(options) <> 'object' then
    return private.refusal('rules', 'BAD_VALUE', '规则和选项应为对象');
  elsif char_length(options ->> 'note') > 400 then
    return private.refusal('note', 'TOO_LONG', '说明最多 400 字');
  elsif coalesce(jsonb_typeof(options -> 'dry_run'), 'null') not in ('boolean', 'null') then
    -- whoever only wants to look must not change anything by a slip
    return private.refusal('dry_run', 'BAD_VALUE', '试算应为是或否');
  end if;
  faults := private.warning_rule_faults(given);
  if jsonb_array_length(faults) > 0 then
    return jsonb_build_object('status', 'rejected', 'errors', faults);
  end if;
  -- two at a time: the second changes what the first one left
  perform pg_advisory_xact_lock(hashtext('safegrid.warnings'));
  old := private.warning_rules_now();
  select jsonb_object_agg(o.key, jsonb_build_object('enabled', coalesce(given #> array[o.key, 'enabled'], o.value -> 'enabled'),
    'parameters', (o.value -> 'parameters') || coalesce(given #> array[o.key, 'parameters'], '{}')))
  into fresh from jsonb_each(old) o;
  perform private.find_neighbours();
  with cause as materialized (
    select c.kind, c.level, c.reason, private.is_news(c) as news from private.warning_causes(fresh, clock_timestamp()) c
  )
  select coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'holds', coalesce(x.n, 0), 'raises', coalesce(x.news, 0),
    'open', (select count(*) from public.warnings w where w.kind = k.kind and w.state = 'open'),
    'examples', coalesce(x.examples, '[]')) order by k.kind), '[]')
  into preview
  from (select distinct b.kind from private.warning_rule_bounds() b) k
  left join (
    select c.kind, count(*) as n, count(*) filter (where c.news) as news,
      (jsonb_agg(jsonb_build_object('level', c.level, 'reason', c.reason) order by c.level, c.reason) filter (where c.news)) as examples
    from cause c group by c.kind) x on x.kind = k.kind;
  -- the first ones tell enough
  preview := (select jsonb_agg(p || jsonb_build_object('examples', (
    select coalesce(jsonb_agg(e.value order by e.ordinality), '[]') from jsonb_array_elements(p -> 'examples') with ordinality e where e.ordinality <= 5))
    order by p ->> 'kind') from jsonb_array_elements(preview) p);
  if options -> 'dry_run' is not distinct from 'true'::jsonb then
    return jsonb_build_object('status', 'valid', 'rules', fresh, 'preview', preview);
  end if;
  insert into public.warning_rules (kind, enabled, parameters, note, created_by, created_at)
  select f.key, (f.value ->> 'enabled')::boolean, f.value -> 'parameters', nullif(btrim(options ->> 'note', E' \t\r\n\u3000'), ''),
    (select p.id from public.profiles p where p.id = (select auth.uid())), clock_timestamp()
  from jsonb_each(fresh) f where f.value <> old -> f.key;
  select * into done from private.sweep_warnings(clock_timestamp());
  return jsonb_build_object('status', 'committed', 'rules', fresh, 'preview', preview, 'raised', done.raised);
end $$;
comment on function public.set_warning_rules(jsonb, jsonb) is
  'New warning rules (what is left out stays as it is), by an administrator: {kind: {enabled, parameters}}, {dry_run, note} → {status: valid | committed | rejected, rules (as they then are), preview: [{kind, holds (causes there are now), raises (new warnings), open, examples: [{level, reason}]}], raised, errors}. Who changed what when stays in warning_rules. DEFINER: the rules are append-only.';

revoke execute on function private.grid_owner(int), private.my_warning_ids(), private.warning_steps(public.warnings, boolean, boolean),
  private.warning_rows(uuid[]), private.named_records(jsonb) from public;
revoke execute on function public.list_warnings(jsonb, text, int), public.warning_card(uuid), public.handle_warning(uuid, int, text, text),
  public.list_warning_rules(), public.set_warning_rules(jsonb, jsonb) from public, anon;
grant execute on function public.list_warnings(jsonb, text, int), public.warning_card(uuid), public.handle_warning(uuid, int, text, text),
  public.list_warning_rules(), public.set_warning_rules(jsonb, jsonb) to authenticated, service_role;
