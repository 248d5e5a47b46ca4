/**
 * The warnings of the last weeks, raised by the real rules as of the beginning of each day ($1), and what became of
 * them: most whose cause is gone were settled by whoever leads the township, some as false alarms. From hashes of their ids.
 */

/** How many days before the day of seeding the clock looked. */
export const LOOKS = [28, 14, 7, 0]

export const RAISE = 'select private.sweep_warnings($1::timestamptz)'

export const SETTLE = `
  with word as (
    select * from (values
      ('index_up', array['已召集分析会，新增隐患已逐条明确责任人和时限。', '已组织镇街应急办和行业部门联合检查，风险已受控。']),
      ('neighbours', array['已与相邻村比对，属集中排查上报所致，已督促整改。', '已安排网格员加密巡查一个月。']),
      ('overdue_major', array['已约谈企业主要负责人，重新制定整改方案并停用相关部位。', '已提请区安委会挂牌督办，每周报送进度。']),
      ('repeats', array['已约谈企业安全管理人员，要求制定防止再次发生的措施。', '已列入重点监管，下月专项检查。']),
      ('unpatrolled', array['已提醒网格员，本周补巡并恢复每周巡查。', '网格员已调整，新网格员到岗。']),
      ('licence_expired', array['已责令停止相关经营活动，限期办理延续手续。', '企业已提交换证申请，办结前不得经营。'])
    ) w (kind, notes)
  ), settled as (
    select w.id, p.id as actor, p.name, o.grid || case o.position when 'leader' then '网格长' else '副网格长' end as role,
      w.raised_at + make_interval(days => d.dice[2] % 2, hours => 8 + d.dice[3] % 9, mins => d.dice[1] % 60) as seen_at,
      w.raised_at + make_interval(days => 1 + d.dice[3] % 4, hours => 10 + d.dice[2] % 7, mins => d.dice[1] % 60) as at,
      case when w.cause_gone_at is null and d.dice[4] > 60 then null when w.nth % 4 = 2 then 'false_alarm' else 'handled' end as state,
      case when w.nth % 4 = 2 then case w.kind when 'unpatrolled' then '已巡查，记录漏传，已补传。' when 'repeats' then '两家承租单位各自的问题，不是同一处。'
          when 'licence_expired' then '已换证，新证信息未及时录入。'
        else '集中录入历史台账所致，实际风险没有变化。' end else x.notes[1 + d.dice[1] % 2] end as note
    from (
      select v.*, row_number() over (partition by v.cause_gone_at is null order by v.kind, v.raised_at, v.thing) as nth
      from public.warnings v) w
    join word x on x.kind = w.kind
    cross join lateral (select array(select get_byte(uuid_send(w.id), i) from unnest(array[3, 5, 9, 12]) i) as dice) d
    cross join lateral jsonb_to_record(private.grid_owner(coalesce((
      select g.parent_id from public.grids g where g.id = w.grid_id), w.grid_id))) o(user_id uuid, grid text, position text)
    join public.profiles p on p.id = o.user_id
    where w.raised_at < $1::timestamptz - interval '6 days' and w.state = 'open'
      -- what still holds is seen by some, settled by few
      and (w.cause_gone_at is not null or d.dice[4] > 150 or d.dice[4] <= 60 and w.kind <> 'overdue_major')
  ), acknowledged as (
    insert into public.warning_events (warning_id, at, action, actor, actor_name, actor_role)
    select s.id, least(s.seen_at, s.at), 'acknowledge', s.actor, s.name, s.role from settled s
  ), told as (
    insert into public.warning_events (warning_id, at, action, actor, actor_name, actor_role, note)
    select s.id, s.at, case s.state when 'handled' then 'handle' else s.state end, s.actor, s.name, s.role, s.note
    from settled s where s.state is not null order by s.at
  )
  update public.warnings w set acknowledged_at = least(s.seen_at, s.at), acknowledged_by = s.actor, acknowledged_name = s.name,
    state = coalesce(s.state, 'open'), settled_at = case when s.state is not null then s.at end, settled_by = case when s.state is not null then s.actor end,
    settled_name = case when s.state is not null then s.name end, note = case when s.state is not null then s.note end,
    row_version = case when s.state is null then 2 else 3 end
  from settled s where w.id = s.id`
