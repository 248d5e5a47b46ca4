-- 隐患闭环: one door for every step, and what each person may do next.

create function private.hazard_word(word text) returns text language sql immutable set search_path = '' as $$
  select case word
    when 'reported' then '待核实' when 'verified' then '已核实' when 'assigned' then '已交办' when 'rectifying' then '整改中'
    when 'submitted' then '待复查' when 'closed' then '已销号' when 'rejected' then '不属实'
    when 'verify' then '核实' when 'reject' then '判为不属实' when 'assign' then '交办' when 'start' then '开始整改'
    when 'submit' then '提交复查' when 'pass' then '复查通过' when 'return' then '退回整改' when 'reopen' then '重新打开'
    when 'list' then '挂牌督办' when 'delist' then '摘牌' when 'extend' then '延期' when 'escalate' then '上报上级网格' end
$$;
comment on function private.hazard_word(text) is 'A state or an action in the words of the screen; null for anything else.';

create function private.has_account(person uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from auth.users u where u.id = person)
$$;
comment on function private.has_account(uuid) is 'Whether a person can sign in. DEFINER: reads auth.users.';

create function private.hazard_candidates_of(h public.hazards)
returns table (user_id uuid, role text, rank int) language sql stable set search_path = extensions, pg_temp as $$
  select distinct on (p.user_id) p.user_id, p.role, p.rank from (
    select u.user_id, '企业' as role, 0 as rank from public.enterprise_users u where u.enterprise_id = h.enterprise_id
    union all
    select m.user_id, r.name || case m.position when 'leader' then '网格长' when 'deputy' then '副网格长' else '网格员' end,
      100 - r.level * 10 + array_position(array['leader', 'deputy', 'member'], m.position)
    from public.memberships m
    join public.grids r on r.id = m.grid_id and r.retired_at is null
    left join public.grids g on g.id = h.grid_id
    where m.position <> 'duty' and (r.parent_id is null or g.path <@ r.path)
    union all
    select o.user_id, d.name, 200
    from public.sectors s join public.departments d on d.id = s.department_id
    join public.department_officers o on o.department_id = d.id
    join public.grids r on r.id = d.grid_id
    left join public.grids g on g.id = h.grid_id
    where s.id = h.sector_id and (r.parent_id is null or g.path <@ r.path)
  ) p
  order by p.user_id, p.rank
$$;
comment on function private.hazard_candidates_of(public.hazards) is
  'Who a hazard may be assigned to: users of its enterprise, those who answer for its grid and the grids above, officers of its sector; nearest first.';

-- ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────────
create function private.step_refusal(h public.hazards, action text, c private.capacity) returns text language plpgsql stable
security definer set search_path = '' as $$
declare
  uid uuid := (select auth.uid());
  heads boolean := c.leader or c.officer or c.admin;
  listing boolean := c.admin or (c.leader and c.top_led <= private.hazard_setting('listing_level', 1));
  -- who was given the work; somebody without an account is written for by their grid
  works boolean := h.assigned_to = uid
    or (c.firm and exists (
      select from public.enterprise_users u where u.user_id = h.assigned_to and u.enterprise_id = h.enterprise_id))
    or (h.assigned_to is not null and not private.has_account(h.assigned_to) and (c.leader or (c.member and c.own)));
begin
  if uid is null then
    return '每一步都要由本人登录办理';
  end if;
  return case action
    when 'verify' then case when not (heads or c.duty) then '核实由网格长、行业主管部门或值班员办理' end
    when 'reject' then case when not (heads or c.duty) then '核实由网格长、行业主管部门或值班员办理' end
    when 'assign' then case when not heads then '交办由网格长或行业主管部门办理' end
    when 'start' then case when not coalesce(works, false) then '整改由交办的整改人办理' end
    when 'submit' then case when not coalesce(works, false) then '整改由交办的整改人办理' end
    when 'reopen' then case when not heads then '重新打开由网格长或行业主管部门办理' end
    when 'list' then case when not listing then '挂牌督办由区县办理' end
    when 'delist' then case when not listing then '摘牌由区县办理' end
    when 'extend' then case
      when h.extension_until is null then case when not (coalesce(works, false) or c.leader) then '延期由整改人或网格长申请' end
      when h.extension_asked_by = uid then '延期由上级审批，不能审批自己的申请'
      when h.listed_at is not null and h.delisted_at is null then case when not listing then '挂牌督办的延期由区县审批' end
      when not heads then '延期由网格长或行业主管部门审批' end
    -- pass, return
    else case
      when not (heads or c.member) or c.firm then '复查由网格员、网格长或行业主管部门办理'
      when h.assigned_to = uid or h.rectifier = uid or exists (
        select from public.hazard_events e where e.hazard_id = h.id and e.actor = uid and e.action in ('start', 'submit'))
        then '整改人不能复查自己的整改' end
    end;
end $$;
comment on function private.step_refusal(public.hazards, text, private.capacity) is
  'Why the asker may not take a step, in words; null when they may. The reviewer is nobody who was given the work or ever did any of it. DEFINER: reads accounts and history.';

create function private.step_state_refusal(h public.hazards, action text) returns text language sql stable set search_path = '' as $$
  select case
    when action is null or private.hazard_word(action) is null or action = 'escalate'
      or not exists (select from private.hazard_moves m where m.action = step_state_refusal.action and m.from_state is not null) then '没有这样的步骤'
    when not exists (select from private.hazard_moves m where m.action = step_state_refusal.action and m.from_state = h.state)
      then format('“%s”的隐患不能%s', private.hazard_word(h.state), private.hazard_word(action))
    when action = 'list' and h.severity <> 'major' then '只有重大隐患可以挂牌督办'
    when action = 'delist' and (h.listed_at is null or h.delisted_at is not null) then '这条隐患没有挂牌'
  end
$$;
comment on function private.step_state_refusal(public.hazards, text) is 'Why a step does not follow from where the hazard stands, in words; null when it does.';

create function private.hazard_steps(hazard uuid) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  h public.hazards;
  c private.capacity;
begin
  select x.* into h from public.hazards x where x.id = hazard;
  c := private.my_capacity(h.grid_id, h.sector_id, h.enterprise_id);
  return (
    select coalesce(jsonb_agg(a.action order by a.rank), '[]')
    from (values ('verify', 1), ('start', 2), ('submit', 3), ('pass', 4), ('return', 5), ('assign', 6), ('reject', 7), ('extend', 8),
      ('list', 9), ('delist', 10), ('reopen', 11)) a (action, rank)
    where private.step_state_refusal(h, a.action) is null and private.step_refusal(h, a.action, c) is null
      and not (a.action = 'list' and h.published_at is not null and h.delisted_at is null));
end $$;
comment on function private.hazard_steps(uuid) is
  'The steps that the asker may take now, the obvious one first. The caller has checked the scope. DEFINER: reads the tables of rights.';

create function private.hazard_clocks(h public.hazards) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('clock', k.clock, 'due_at', k.due, 'done_at', k.done,
      'overdue', coalesce(k.done, now()) > k.due) order by k.rank), '[]')
  from (values
    (1, case h.state when 'reported' then 'verify' when 'verified' then 'assign' when 'submitted' then 'review' else 'rectify' end,
      h.due_at, case when h.state = 'closed' then h.closed_at end, h.state <> 'rejected' and h.due_at is not null),
    (2, 'file', private.due_at('file', 'major', h.verified_at), h.listed_at,
      h.severity = 'major' and h.verified_at is not null and (h.listed_at is not null or h.state not in ('closed', 'rejected'))),
    (3, 'publish', private.due_at('publish', 'major', h.listed_at), h.published_at, h.listed_at is not null),
    (4, 'extend_ask', private.day_end(private.term_day('extend_ask', h.severity, (h.due_at at time zone 'Asia/Shanghai')::date, -1)), null,
      h.state in ('assigned', 'rectifying') and h.extension_until is null and h.due_at is not null),
    (5, 'extend_decide', private.due_at('extend_decide', h.severity, h.extension_asked_at), null, h.extension_until is not null)
  ) k (rank, clock, due, done, runs)
  where k.runs
$$;
comment on function private.hazard_clocks(public.hazards) is
  'Clocks that run or ran for a hazard: its present step; of a major one the filing and publishing of the listing; asking for and deciding on an extension. Terms are in hazard_terms.';

-- ── the step itself ──────────────────────────────────────────────────────────────────────────────────────────────
create function private.read_day(given jsonb, key text) returns date language sql immutable set search_path = '' as $$
  select private.day_of(given ->> key)
$$;
comment on function private.read_day(jsonb, text) is 'A date of a field; null when it is none.';

create function private.step_faults(h public.hazards, action text, f jsonb) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(private.error_of(x.field, x.code, x.message)), '[]') || private.photo_faults(f -> 'photos', h.id)
  from (
    select private.today() as today, private.read_day(f, 'due') as due, private.read_day(f, 'until') as until,
      (h.due_at at time zone 'Asia/Shanghai')::date as due_day, private.read_words(f, 'note') as note,
      -- counted anew for a new assignment, a reopening, a listing
      private.term_day('rectify_most', h.severity, case
        when action in ('assign', 'reopen', 'list') then private.today()
        when action = 'extend' and h.delisted_at is null then (coalesce(h.listed_at, h.assigned_at, now()) at time zone 'Asia/Shanghai')::date
        else (coalesce(h.assigned_at, now()) at time zone 'Asia/Shanghai')::date end) as last_day,
      private.term_day('extend_ask', h.severity, (h.due_at at time zone 'Asia/Shanghai')::date, -1) as ask_day,
      private.read_number(f -> 'assurance_funds') as funds, private.read_day(f, 'assurance_deadline') as deadline,
      action = 'start' and h.severity = 'major' as needs_five,
      action in ('assign', 'return', 'reopen', 'list') as takes_due,
      action = 'extend' and h.extension_until is null as asks, action = 'extend' and h.extension_until is not null as decides
  ) d
  cross join (
    -- what stands there already may stay, also when it has been retired since
    select case when action = 'verify' and nullif(btrim(f ->> 'category'), '') is not null
      and private.category_named(f ->> 'category') is distinct from h.category_id
      then private.category_fault(f ->> 'category', greatest(h.found_at, now())) end as fault) k
  cross join lateral (values
    (action in ('reject', 'submit', 'return', 'reopen', 'delist') and d.note is null, 'note', 'MISSING_FIELD',
      format('%s要写明情况', private.hazard_word(action))),
    (d.asks and d.note is null, 'note', 'MISSING_FIELD', '申请延期要写明理由'),
    (d.decides and f ->> 'grant' = 'false' and d.note is null, 'note', 'MISSING_FIELD', '不同意延期要写明理由'),
    (char_length(d.note) > 2000, 'note', 'TOO_LONG', '说明超过 2000 个字'),
    ((f ->> 'lon' is null) <> (f ->> 'lat' is null)
      or f ->> 'lon' is not null and coalesce(private.read_number(f -> 'lon') not between -180 and 180, true)
      or f ->> 'lat' is not null and coalesce(private.read_number(f -> 'lat') not between -90 and 90, true), 'lon', 'BAD_VALUE', '位置不正确'),
    (action = 'verify' and f ->> 'severity' is not null and f ->> 'severity' not in ('general', 'major'), 'severity', 'BAD_VALUE', '隐患等级应为一般或重大'),
    (action = 'verify' and f ->> 'sector' is not null and private.sector_named(f ->> 'sector') is null, 'sector', 'UNKNOWN_SECTOR', '没有这个行业领域'),
    (action = 'verify' and k.fault is not null, 'category', k.fault ->> 'code', k.fault ->> 'message'),
    (action = 'assign' and f ->> 'to' is null, 'to', 'MISSING_FIELD', '请选择整改人'),
    (action = 'assign' and f ->> 'to' is not null and not exists (
      select from private.hazard_candidates_of(h) c where c.user_id = private.read_uuid(f ->> 'to')), 'to', 'NOT_FOUND', '这里没有这个人可以交办'),
    (d.takes_due and f ->> 'due' is not null and d.due is null, 'due', 'BAD_VALUE', '整改期限不是日期'),
    (d.takes_due and d.due < d.today, 'due', 'OUT_OF_RANGE', '整改期限不能早于今天'),
    (d.takes_due and d.due > d.last_day, 'due', 'OUT_OF_RANGE', format('整改期限最迟为 %s', d.last_day)),
    (d.needs_five and coalesce(private.read_words(f, 'assurance_person'), h.assurance_person) is null, 'assurance_person', 'MISSING_FIELD', '五落实缺少责任人'),
    (d.needs_five and coalesce(nullif(f ->> 'assurance_funds', ''), h.assurance_funds::text) is null, 'assurance_funds', 'MISSING_FIELD', '五落实缺少资金'),
    (d.needs_five and coalesce(private.read_words(f, 'assurance_measures'), h.assurance_measures) is null, 'assurance_measures', 'MISSING_FIELD', '五落实缺少措施'),
    (d.needs_five and coalesce(d.deadline, h.assurance_deadline) is null, 'assurance_deadline', 'MISSING_FIELD', '五落实缺少时限'),
    (d.needs_five and coalesce(private.read_words(f, 'assurance_plan'), h.assurance_plan) is null, 'assurance_plan', 'MISSING_FIELD', '五落实缺少预案'),
    (action in ('assign', 'start') and d.deadline < d.today, 'assurance_deadline', 'OUT_OF_RANGE', '五落实的时限不能早于今天'),
    (action = 'start' and d.deadline > d.due_day and d.due_day >= d.today, 'assurance_deadline', 'OUT_OF_RANGE', format('五落实的时限不能晚于整改期限 %s', d.due_day)),
    (action in ('assign', 'start') and (d.funds < 0 or d.funds > 999999999999.99 or f ->> 'assurance_funds' <> '' and d.funds is null), 'assurance_funds', 'BAD_VALUE', '资金应为不小于 0 的数（元）'),
    (action = 'submit' and f ->> 'funds_spent' <> '' and coalesce(private.read_number(f -> 'funds_spent') not between 0 and 999999999999, true),
      'funds_spent', 'BAD_VALUE', '已投入资金应为不小于 0 的数（元）'),
    (greatest(char_length(private.read_words(f, 'assurance_measures')), char_length(private.read_words(f, 'assurance_plan'))) > 2000, 'assurance_measures', 'TOO_LONG', '措施、预案各不超过 2000 个字'),
    (char_length(private.read_words(f, 'assurance_person')) > 60, 'assurance_person', 'TOO_LONG', '责任人超过 60 个字'),
    (action = 'list' and coalesce(f ->> 'level', 'county') not in ('county', 'province'), 'level', 'BAD_VALUE', '挂牌级别应为县级或省级'),
    (action = 'list' and h.listed_at is not null and h.delisted_at is null and h.published_at is null and coalesce(f ->> 'publish', '') <> 'true',
      'publish', 'WRONG_STATE', '已经立案，尚待公布'),
    (action = 'list' and h.published_at is not null and h.delisted_at is null, 'publish', 'WRONG_STATE', '已经挂牌并公布'),
    (action = 'list' and (h.listed_at is null or h.delisted_at is not null) and f ->> 'publish' = 'true', 'publish', 'WRONG_STATE', '先立案，再公布'),
    (d.asks and d.until is null, 'until', 'MISSING_FIELD', '请填写延期到哪一天'),
    (d.asks and d.until <= d.due_day, 'until', 'OUT_OF_RANGE', format('延期应晚于现在的期限 %s', d.due_day)),
    (d.asks and d.until > d.last_day, 'until', 'OUT_OF_RANGE', format('延期后最迟为 %s', d.last_day)),
    (d.asks and d.today > d.ask_day, 'until', 'OUT_OF_RANGE', format('延期应在 %s 之前申请', d.ask_day)),
    (d.decides and f ->> 'grant' not in ('true', 'false') is not false, 'grant', 'MISSING_FIELD', '请选择同意或不同意')
  ) x (hit, field, code, message)
  where x.hit
$$;
comment on function private.step_faults(public.hazards, text, jsonb) is 'What is wrong with the fields of a step that may be taken.';

create function private.step_changes(h public.hazards, action text, f jsonb, moment timestamptz) returns jsonb language plpgsql stable
security definer set search_path = '' set timezone = 'UTC' as $$
declare
  uid uuid := (select auth.uid());
  due timestamptz := private.day_end(private.read_day(f, 'due'));
  changes jsonb := jsonb_build_object('state', (
    select m.to_state from private.hazard_moves m where m.action = step_changes.action and m.from_state = h.state));
  five jsonb := jsonb_strip_nulls(jsonb_build_object('assurance_person', private.read_words(f, 'assurance_person'),
    'assurance_funds', round(private.read_number(f -> 'assurance_funds')::numeric, 2), 'assurance_measures', private.read_words(f, 'assurance_measures'),
    'assurance_deadline', private.read_day(f, 'assurance_deadline'), 'assurance_plan', private.read_words(f, 'assurance_plan')));
begin
  changes := changes || case action
    when 'verify' then jsonb_build_object('verified_by', uid, 'verified_at', moment,
      'severity', coalesce(f ->> 'severity', h.severity), 'sector_id', coalesce(private.sector_named(f ->> 'sector'), h.sector_id),
      'category_id', coalesce(private.category_named(f ->> 'category'), h.category_id),
      'due_at', private.due_at('assign', coalesce(f ->> 'severity', h.severity), moment))
    when 'reject' then jsonb_build_object('verified_by', uid, 'verified_at', moment)
    when 'assign' then jsonb_build_object('assigned_to', private.read_uuid(f ->> 'to'), 'assigned_by', uid, 'assigned_at', moment,
      'due_at', coalesce(due, case when h.state = 'assigned' then h.due_at end, private.due_at('rectify', h.severity, moment))) || five
    when 'start' then jsonb_build_object('rectifier', h.assigned_to) || five
    when 'submit' then jsonb_build_object('submitted_at', moment,
      'funds_spent', coalesce(round(private.read_number(f -> 'funds_spent')::numeric, 2), h.funds_spent),
      -- done in time: the reviewer's clock runs now
      'due_at', case when h.due_at >= moment then greatest(h.due_at, private.due_at('review', h.severity, moment)) else h.due_at end)
    when 'pass' then jsonb_build_object('closed_at', moment, 'reviewer', uid)
    when 'return' then jsonb_build_object('due_at', coalesce(due, h.due_at))
    when 'reopen' then jsonb_build_object('closed_at', null, 'reviewer', null, 'submitted_at', null,
      'assigned_by', uid, 'assigned_at', moment, 'due_at', coalesce(due, private.due_at('rectify', h.severity, moment)))
    when 'list' then case when f ->> 'publish' = 'true' then jsonb_build_object('published_at', moment)
      else jsonb_build_object('listed_level', coalesce(f ->> 'level', 'county'), 'listed_at', moment, 'published_at', null, 'delisted_at', null,
        'due_at', coalesce(due, h.due_at)) end
    when 'delist' then jsonb_build_object('delisted_at', moment)
    else case
      when h.extension_until is null then jsonb_build_object('extension_until', private.read_day(f, 'until'),
        'extension_asked_at', moment, 'extension_asked_by', uid)
      when f ->> 'grant' = 'true' then jsonb_build_object('extension_until', null, 'extension_asked_at', null, 'extension_asked_by', null,
        'due_at', private.day_end(h.extension_until))
      else '{"extension_until": null, "extension_asked_at": null, "extension_asked_by": null}'::jsonb end
    end;
  if action in ('submit', 'pass', 'reject') and h.extension_until is not null then
    changes := changes || '{"extension_until": null, "extension_asked_at": null, "extension_asked_by": null}';
  end if;
  -- called upon no longer: done, or given more time
  if h.escalated_to is not null and (changes ->> 'state' in ('closed', 'rejected') or (changes ->> 'due_at')::timestamptz > moment) then
    changes := changes || '{"escalated_to": null}';
  end if;
  return changes;
end $$;
comment on function private.step_changes(public.hazards, text, jsonb, timestamptz) is
  'The columns that a step sets. DEFINER: reads sectors and terms whoever asks.';

create function private.write_step(
  h public.hazards, action text, changes jsonb, moment timestamptz, event uuid, f jsonb, c private.capacity)
returns public.hazards language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
  n public.hazards := jsonb_populate_record(h, changes);
begin
  insert into public.hazard_events (hazard_id, id, version, action, from_state, to_state, actor, actor_name, actor_role, at, lon, lat,
    note, photos, changes, grid_id, grid_name)
  values (h.id, coalesce(event, gen_random_uuid()), h.version + case action when 'escalate' then 0 else 1 end, action, h.state, n.state,
    case action when 'escalate' then null else (select auth.uid()) end, c.person_name, c.role, moment,
    private.read_number(f -> 'lon')::numeric, private.read_number(f -> 'lat')::numeric, private.read_words(f, 'note'),
    coalesce(nullif(f -> 'photos', 'null'), '[]'), changes, h.grid_id, (select g.name from public.grids g where g.id = h.grid_id));
  update public.hazards x set state = n.state, severity = n.severity, sector_id = n.sector_id, category_id = n.category_id, verified_by = n.verified_by,
    verified_at = n.verified_at, assigned_to = n.assigned_to, assigned_by = n.assigned_by, assigned_at = n.assigned_at,
    rectifier = n.rectifier, submitted_at = n.submitted_at, reviewer = n.reviewer, closed_at = n.closed_at, due_at = n.due_at,
    assurance_person = n.assurance_person, assurance_funds = n.assurance_funds, assurance_measures = n.assurance_measures,
    assurance_deadline = n.assurance_deadline, assurance_plan = n.assurance_plan, funds_spent = n.funds_spent,
    listed_level = n.listed_level, listed_at = n.listed_at, published_at = n.published_at, delisted_at = n.delisted_at,
    extension_asked_at = n.extension_asked_at, extension_asked_by = n.extension_asked_by, extension_until = n.extension_until,
    escalated_to = n.escalated_to, version = h.version + case action when 'escalate' then 0 else 1 end
  where x.id = h.id
  returning x.* into n;
  return n;
end $$;
comment on function private.write_step(public.hazards, text, jsonb, timestamptz, uuid, jsonb, private.capacity) is
  'Writes a step into the history and onto the hazard, whose row the caller holds. DEFINER: nobody else writes either.';

create function private.hazard_now(h public.hazards) returns jsonb language sql stable security definer set search_path = '' as $$
  select private.hazard_brief(h) || jsonb_build_object('listed_level', h.listed_level, 'steps', private.hazard_steps(h.id), 'last', (
    select jsonb_build_object('action', e.action, 'by', e.actor_name, 'role', e.actor_role, 'at', e.at, 'note', e.note)
    from public.hazard_events e where e.hazard_id = h.id order by e.seq desc limit 1))
$$;
comment on function private.hazard_now(public.hazards) is 'Where a hazard stands: who brought it there, and what the asker may do next. DEFINER: reads the history.';

create function public.advance_hazard(
  p_hazard uuid default null, p_version int default null, p_action text default null, p_fields jsonb default null)
returns jsonb language plpgsql security definer set search_path = '' set jit = off set timezone = 'UTC' as $$
declare
  f jsonb := coalesce(nullif(private.j(p_fields), 'null'), '{}');
  uid uuid := (select auth.uid());
  event uuid;
  h public.hazards;
  c private.capacity;
  word text;
  moment timestamptz;
  faults jsonb;
begin
  if jsonb_typeof(f) <> 'object' then
    return jsonb_build_object('status', 'rejected', 'hazard', null, 'reasons',
      jsonb_build_array(private.error_of('fields', 'BAD_VALUE', '填写的内容应为对象')));
  end if;
  event := private.read_uuid(f ->> 'event_id');
  -- sent twice, because the first answer was lost: one step, also when it was the one that took the hazard out of sight
  if exists (select from public.hazard_events e where e.id = event and e.hazard_id = p_hazard and e.actor = uid and e.action = p_action) then
    return jsonb_build_object('status', 'ok', 'reasons', '[]'::jsonb, 'hazard', (
      select private.hazard_now(x) from public.hazards x
      where x.id = p_hazard and exists (select from private.my_hazards m where m.id = x.id)));
  end if;
  -- nothing is locked, waited for or told of what the asker does not see
  if exists (select from private.my_hazards m where m.id = p_hazard) then
    select x.* into h from public.hazards x where x.id = p_hazard for update;
  end if;
  if h.id is null or not exists (select from private.my_hazards m where m.id = p_hazard) then
    return jsonb_build_object('status', 'rejected', 'hazard', null, 'reasons',
      jsonb_build_array(private.error_of(null, 'NOT_FOUND', '没有这条隐患')));
  end if;
  if event is null and f ->> 'event_id' is not null then
    return jsonb_build_object('status', 'rejected', 'hazard', private.hazard_now(h), 'reasons',
      jsonb_build_array(private.error_of('event_id', 'BAD_VALUE', '步骤编号不正确')));
  end if;
  -- the same step on another connection was quicker
  if exists (select from public.hazard_events e where e.id = event and e.hazard_id = h.id and e.actor = uid and e.action = p_action) then
    return jsonb_build_object('status', 'ok', 'hazard', private.hazard_now(h), 'reasons', '[]'::jsonb);
  end if;
  if p_version is distinct from h.version then
    return jsonb_build_object('status', 'conflict', 'hazard', private.hazard_now(h), 'reasons',
      jsonb_build_array(private.error_of('version', 'CONFLICT', '这条隐患已被他人办理，请看当前状态')));
  end if;
  word := private.step_state_refusal(h, p_action);
  if word is not null then
    return jsonb_build_object('status', 'rejected', 'hazard', private.hazard_now(h), 'reasons',
      jsonb_build_array(private.error_of('action', 'WRONG_STATE', word)));
  end if;
  c := private.my_capacity(h.grid_id, h.sector_id, h.enterprise_id);
  word := private.step_refusal(h, p_action, c);
  if word is not null then
    return jsonb_build_object('status', 'rejected', 'hazard', private.hazard_now(h), 'reasons',
      jsonb_build_array(private.error_of('action', 'NOT_ALLOWED', word)));
  end if;
  faults := private.step_faults(h, p_action, f);
  if faults <> '[]' then
    return jsonb_build_object('status', 'rejected', 'hazard', private.hazard_now(h), 'reasons', faults);
  end if;
  moment := clock_timestamp();
  begin
    h := private.write_step(h, p_action, private.step_changes(h, p_action, f, moment), moment, event, f, c);
  exception when unique_violation then
    return jsonb_build_object('status', 'rejected', 'hazard', private.hazard_now(h), 'reasons',
      jsonb_build_array(private.error_of('event_id', 'BAD_VALUE', '步骤编号不正确')));
  end;
  return jsonb_build_object('status', 'ok', 'hazard', private.hazard_now(h), 'reasons', '[]'::jsonb);
end $$;
comment on function public.advance_hazard(uuid, int, text, jsonb) is
  'One step of the loop: action verify {severity?, sector?, category?}, reject {note}, assign {to, due?, assurance_*?}, start {assurance_person, _funds, _measures, _deadline, _plan: all five for a major one}, submit {note, funds_spent?}, pass, return {note, due?}, reopen {note, due?}, list {level?, due?} then {publish: true}, delist {note}, extend {until, note} then, by somebody above, {grant, note?}. Every step: event_id? (uuid made by the client: sent twice is once), note?, photos? (paths <hazard id>/<uuid>.jpg), lon?, lat?. → {status: ok | rejected | conflict, hazard: as it stands, with steps (what the asker may do next) and last, reasons: [{field, code, message}]}. Outside the scope: NOT_FOUND, hazard null. DEFINER: nobody writes hazards directly; checks scope and right itself.';

-- ── what a page shows ────────────────────────────────────────────────────────────────────────────────────────────
create function public.hazard_history(p_hazard uuid default null) returns jsonb language plpgsql stable security definer
set search_path = '' set jit = off as $$
begin
  if not exists (select from private.my_hazards h where h.id = p_hazard) then
    return jsonb_build_object('status', 'not_found');
  end if;
  return jsonb_build_object('status', 'ok', 'events', (
    select coalesce(jsonb_agg(jsonb_build_object('seq', e.seq, 'action', e.action, 'from_state', e.from_state, 'to_state', e.to_state,
      'actor', e.actor, 'actor_name', e.actor_name, 'actor_role', e.actor_role, 'at', e.at, 'lon', e.lon, 'lat', e.lat, 'note', e.note,
      'photos', e.photos, 'changes', e.changes, 'grid', e.grid_name, 'hash', e.hash,
      'category', (select k.name from public.hazard_categories k where k.id = (e.changes ->> 'category_id')::int),
      'assigned_to', (select p.name from public.profiles p where p.id = private.read_uuid(e.changes ->> 'assigned_to')),
      'escalated_to', (select g.name from public.grids g where g.id = (e.changes ->> 'escalated_to')::int)) order by e.seq), '[]')
    from public.hazard_events e where e.hazard_id = p_hazard));
end $$;
comment on function public.hazard_history(uuid) is
  'Every step of a hazard, oldest first: {status: ok, events: [{seq, action, from_state, to_state, actor, actor_name, actor_role, at, lon, lat, note, photos, changes, grid, hash, category (name), assigned_to (name), escalated_to (name)}]}; not_found outside the scope. DEFINER: names people the asker need not see otherwise; applies the scope itself.';

create function public.hazard_candidates(p_hazard uuid default null) returns jsonb language plpgsql stable security definer
set search_path = '' set jit = off as $$
declare
  h public.hazards;
begin
  select x.* into h from public.hazards x where x.id = p_hazard and exists (select from private.my_hazards m where m.id = x.id);
  if h.id is null or private.step_refusal(h, 'assign', private.my_capacity(h.grid_id, h.sector_id, h.enterprise_id)) is not null then
    return jsonb_build_object('status', 'not_found');
  end if;
  return jsonb_build_object('status', 'ok',
    'due', private.term_day('rectify', h.severity, private.today()), 'latest', private.term_day('rectify_most', h.severity, private.today()),
    'people', (
      select coalesce(jsonb_agg(jsonb_build_object('user_id', p.id, 'name', p.name, 'title', p.title, 'phone', p.phone, 'role', c.role,
        'account', private.has_account(p.id)) order by c.rank, p.name, p.id), '[]')
      from private.hazard_candidates_of(h) c join public.profiles p on p.id = c.user_id));
end $$;
comment on function public.hazard_candidates(uuid) is
  'For whoever may assign a hazard: {status: ok, due (by the terms, a date), latest, people: [{user_id, name, title, phone, role, account}]}, nearest first; not_found for everyone else. DEFINER: names people the asker need not see otherwise; applies scope and right itself.';

revoke execute on all functions in schema private from public;
revoke execute on function public.advance_hazard(uuid, int, text, jsonb), public.hazard_history(uuid), public.hazard_candidates(uuid)
  from public, anon;
grant execute on function public.advance_hazard(uuid, int, text, jsonb), public.hazard_history(uuid), public.hazard_candidates(uuid)
  to authenticated, service_role;
