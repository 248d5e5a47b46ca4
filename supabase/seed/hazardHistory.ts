/**
 * The history of the demo's hazards ($1 = start of the day of seeding): every step that a row tells of, in its order,
 * with what it set, so that all steps together give the row. What a row does not tell (when work began, a review that
 * failed, who was called upon when it was late) follows from its id and its terms, the same on every machine.
 */
export const INSERT_EVENTS = `
  with word as (
    select * from (values
      ('verify', array['现场核实属实。', '已到现场查看，情况属实，照片留存。', '核实属实，已要求立即采取防范措施。']),
      ('reject', array['现场核查未发现所述情况。', '已当场消除，不构成隐患。', '与已登记的隐患为同一处，不重复登记。']),
      ('assign', array['请按期整改，整改前后各拍照一张。', '限期整改，逾期将上报。', '请落实专人负责，完成后提交复查。']),
      ('start', array['已安排人员整改。', '材料已到场，开始整改。', '停用相关部位后开始整改。']),
      ('submit', array['已按要求整改完毕，请复查。', '整改完成，现场已清理，请复查。', '已更换并试运行正常，请复查。']),
      ('return', array['整改不到位，仍有部分未处理，退回继续整改。', '现场与提交的情况不符，退回。', '临时措施不能代替整改，退回。']),
      ('pass', array['复查合格，予以销号。', '现场复查，隐患已消除。', '复查通过。']),
      ('list', array['重大隐患，区安委会决定挂牌督办。']), ('publish', array['挂牌督办事项已向社会公布。']),
      ('delist', array['复查合格，予以摘牌。'])
    ) w (action, words)
  ), capacity as materialized (
    select distinct on (c.user_id) c.user_id, c.role from (
      select m.user_id, g.name || case m.position when 'leader' then '网格长' when 'deputy' then '副网格长'
        when 'duty' then '值班员' else '网格员' end as role, array_position(array['leader', 'deputy', 'member', 'duty'], m.position) as rank
      from public.memberships m join public.grids g on g.id = m.grid_id
      union all select o.user_id, d.name, 5 from public.department_officers o join public.departments d on d.id = o.department_id
      union all select u.user_id, e.name, 6 from public.enterprise_users u join public.enterprises e on e.id = u.enterprise_id
      union all select a.user_id, '安委办', 7 from public.admins a
    ) c order by c.user_id, c.rank
  ), calendar as materialized (
    -- working days counted, so that a term of working days is an addition
    select d::date as day, count(*) filter (where coalesce(c.kind = 'workday', extract(isodow from d) < 6)) over (order by d) as nth
    from generate_series($1::timestamptz::date - 1500, $1::timestamptz::date + 1500, interval '1 day') d
    left join public.work_calendar c on c.day = d::date
  ), ends as materialized (
    select c.nth, private.day_end(min(c.day)) as at from calendar c group by c.nth
  ), term as materialized (
    select t.step, t.severity, t.days from public.hazard_terms t
  ), fact as materialized (
    select h.*, p.parent_id as town, r.id as root, a.user_id as office, get_byte(uuid_send(h.id), 0) as dice, get_byte(uuid_send(h.id), 1) as tone,
      x.started_at, x.failed_at, greatest(h.due_at, e.at) as last_due_at,
      case when x.late_at <= coalesce(h.closed_at, $1::timestamptz) then x.late_at end as late_at
    from public.hazards h
    -- handed in in time: from then on the reviewer's clock runs
    left join calendar c on c.day = (h.submitted_at at time zone 'Asia/Shanghai')::date and h.submitted_at <= h.due_at
    left join term t on t.step = 'review' and t.severity = h.severity
    left join ends e on e.nth = c.nth + t.days
    left join public.grids p on p.id = h.grid_id
    cross join (select g.id from public.grids g where g.parent_id is null) r
    cross join (select a.user_id from public.admins a order by a.user_id limit 1) a
    cross join lateral (
      select case when h.state in ('rectifying', 'submitted', 'closed') then b.base + least(
          make_interval(hours => 2 + get_byte(uuid_send(h.id), 2) % 28), (coalesce(h.submitted_at, $1::timestamptz) - b.base) * 0.5) end as started_at,
        -- one in sixteen was not good enough the first time, when there was time for it
        case when h.state = 'closed' and get_byte(uuid_send(h.id), 0) < 16 and h.submitted_at - b.base > interval '6 days'
          then h.submitted_at - (h.submitted_at - b.base) * 0.3 end as failed_at,
        greatest(h.due_at, e.at) + interval '1 minute' as late_at
      from (select coalesce(h.listed_at, h.assigned_at) as base) b
    ) x
  ), late as materialized (
    -- further up the tree after a further term
    select f.id, f.late_at, case when f.grid_id is null or f.town is null then f.root else f.town end as first,
      case when f.town is not null and f.town <> f.root and y.at <= coalesce(f.closed_at, $1::timestamptz) then y.at end as later_at
    from fact f
    join calendar c on c.day = (f.last_due_at at time zone 'Asia/Shanghai')::date
    join term t on t.step = 'escalate' and t.severity = f.severity
    join ends e on e.nth = c.nth + t.days
    cross join lateral (select e.at + interval '1 minute' as at) y
    where f.late_at is not null
  ), step as (
    select f.id, s.rank, s.action, s.words, s.from_state, s.to_state, s.actor, s.at, s.on_site, s.changes
    from fact f left join late l on l.id = f.id
    cross join lateral (values
      (1, 'report', null, null, 'reported', f.reported_by, f.found_at, true, jsonb_build_object('code', f.code, 'client_id', f.client_id, 'title', f.title,
        'description', f.description, 'severity', f.severity, 'source', f.source, 'sector_id', f.sector_id, 'category_id', f.category_id, 'enterprise_id', f.enterprise_id,
        'found_at', f.found_at, 'reported_by', f.reported_by, 'photos', f.photos, 'due_at', case f.state when 'reported' then f.due_at end)),
      (2, case f.state when 'rejected' then 'reject' else 'verify' end, case f.state when 'rejected' then 'reject' else 'verify' end, 'reported',
        case f.state when 'rejected' then 'rejected' else 'verified' end, f.verified_by, f.verified_at, true,
        jsonb_build_object('verified_by', f.verified_by, 'verified_at', f.verified_at, 'due_at', case f.state when 'verified' then f.due_at end)),
      (3, 'assign', 'assign', 'verified', 'assigned', f.assigned_by, f.assigned_at, false,
        jsonb_build_object('assigned_to', f.assigned_to, 'assigned_by', f.assigned_by, 'assigned_at', f.assigned_at, 'due_at', f.due_at)),
      (4, 'list', 'list', 'assigned', 'assigned', f.office, f.listed_at, false,
        jsonb_build_object('listed_level', f.listed_level, 'listed_at', f.listed_at)),
      (5, 'start', 'start', 'assigned', 'rectifying', f.rectifier, f.started_at, false, jsonb_build_object('rectifier', f.rectifier)
        || case when f.severity = 'major' then jsonb_build_object('assurance_person', f.assurance_person, 'assurance_funds', f.assurance_funds,
          'assurance_measures', f.assurance_measures, 'assurance_deadline', f.assurance_deadline, 'assurance_plan', f.assurance_plan) else '{}'::jsonb end),
      (6, 'submit', 'submit', 'rectifying', 'submitted', f.rectifier, f.failed_at, true, jsonb_build_object('submitted_at', f.failed_at)),
      (7, 'return', 'return', 'submitted', 'rectifying', f.reviewer, f.failed_at + (f.submitted_at - f.failed_at) * 0.4, true, '{}'::jsonb),
      (8, 'submit', 'submit', 'rectifying', 'submitted', f.rectifier, f.submitted_at, true,
        jsonb_build_object('submitted_at', f.submitted_at, 'funds_spent', f.funds_spent, 'due_at', f.last_due_at)),
      (9, 'pass', 'pass', 'submitted', 'closed', f.reviewer, f.closed_at, true, jsonb_build_object('closed_at', f.closed_at, 'reviewer', f.reviewer)
        || case when l.id is not null then '{"escalated_to": null}'::jsonb else '{}'::jsonb end),
      (10, 'delist', 'delist', 'closed', 'closed', f.office, f.delisted_at, false, jsonb_build_object('delisted_at', f.delisted_at))
    ) s (rank, action, words, from_state, to_state, actor, at, on_site, changes)
    where s.at is not null
    union all
    -- made public some days after the filing, wherever the work stands then
    select f.id, 20, 'list', 'publish', y.state, y.state, f.office, y.at, false, jsonb_build_object('published_at', y.at)
    from fact f cross join lateral (select z.at, case when z.at < f.started_at then 'assigned' when z.at < coalesce(f.failed_at, f.submitted_at) is not false
      then 'rectifying' end as state
      from (select f.listed_at + make_interval(days => 1, hours => f.tone % 40) as at) z) y
    where y.at < least(coalesce(f.failed_at, f.submitted_at, $1::timestamptz), $1::timestamptz)
      and (f.started_at is not null or f.state = 'assigned')
    union all
    select l.id, 21, 'escalate', null, y.state, y.state, null, y.at, false, jsonb_build_object('escalated_to', y.called)
    from late l join fact f on f.id = l.id
    cross join lateral (
      select z.at, z.called, case
        when z.at < coalesce(f.assigned_at, 'infinity') then f.state
        when z.at < coalesce(f.started_at, 'infinity') then 'assigned'
        when z.at >= f.failed_at and z.at < f.failed_at + (f.submitted_at - f.failed_at) * 0.4 then 'submitted'
        when z.at < coalesce(f.submitted_at, 'infinity') then 'rectifying' else 'submitted' end as state
      from (values (l.late_at, l.first), (l.later_at, f.root)) z (at, called)) y
    where y.at is not null
  ), told as (
    select s.*, sum(case s.action when 'escalate' then 0 else 1 end) over (partition by s.id order by s.at, s.rank) as version,
      row_number() over (partition by s.id order by s.at, s.rank) as nth
    from step s
  )
  insert into public.hazard_events (hazard_id, id, version, action, from_state, to_state, actor, actor_name, actor_role, at, lon, lat, note,
    photos, changes, grid_id, grid_name)
  select t.id, md5(t.id::text || t.nth)::uuid, t.version, t.action, t.from_state, t.to_state, t.actor, p.name, c.role, t.at,
    -- a telephone is some metres off
    case when t.on_site then extensions.st_x(f.location) + case t.nth when 1 then 0 else (f.tone - 128) * 1e-6 end end,
    case when t.on_site then extensions.st_y(f.location) + case t.nth when 1 then 0 else (f.dice - 128) * 1e-6 end end,
    case t.action when 'report' then left(f.description, 2000) else w.words[1 + (f.tone + t.nth) % cardinality(w.words)] end,
    '[]'::jsonb, t.changes || jsonb_build_object('state', t.to_state), f.grid_id, g.name
  from told t
  join fact f on f.id = t.id
  left join word w on w.action = t.words
  left join public.grids g on g.id = f.grid_id
  left join public.profiles p on p.id = t.actor
  left join capacity c on c.user_id = t.actor
  order by t.id, t.nth`

/** What only the history tells of a hazard: written back where it differs. */
export const SETTLE_HAZARDS = `
  update public.hazards h set version = s.version, due_at = s.due_at, published_at = s.published_at, escalated_to = s.escalated_to
  from (
    select e.hazard_id, max(e.version) as version, max((e.changes ->> 'published_at')::timestamptz) as published_at,
      (array_agg((e.changes ->> 'due_at')::timestamptz order by e.seq desc) filter (where e.changes ? 'due_at'))[1] as due_at,
      (array_agg((e.changes ->> 'escalated_to')::int order by e.seq desc) filter (where e.changes ? 'escalated_to'))[1] as escalated_to
    from public.hazard_events e group by e.hazard_id) s
  where h.id = s.hazard_id
    and (h.version, h.due_at, h.published_at, h.escalated_to) is distinct from (s.version, s.due_at, s.published_at, s.escalated_to)`
