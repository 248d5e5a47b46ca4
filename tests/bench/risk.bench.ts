import type { Session } from '../../supabase/local/database'
import { become, type TestDatabase } from '../../supabase/local/testing'
import { measureRatio, type Ratio } from './ratio'
import { undone } from './undone'

/**
 * The same counts by hand, in one query over the same tables, for somebody who knows what is in them: no scope, no
 * weights, no duties of leaders, no week before.
 */
const BY_HAND = `
  with own as (
    select grid_id, 'enterprise' || risk_level as factor, count(*) as n from public.enterprises
    where status <> 'closed' and risk_level is not null and grid_id is not null group by 1, 2
    union all
    select grid_id, 'hazard' || severity, count(*) from public.hazards
    where state not in ('closed', 'rejected') and grid_id is not null group by 1, 2
    union all
    select grid_id, 'overdue' || severity, count(*) from public.hazards
    where state not in ('closed', 'rejected') and due_at < now() and grid_id is not null group by 1, 2
    union all
    select g.id, 'duty', count(*) from public.grids g
    cross join generate_series(1, 4) week
    cross join lateral (select private.today() - (extract(isodow from private.today())::int - 1) - week * 7 as monday) w
    left join (
      select p.grid_id, p.day - (extract(isodow from p.day)::int - 1) as monday from public.patrols p
      where p.kind = 'patrol' and p.day > private.today() - 42 group by 1, 2) p on p.grid_id = g.id and p.monday = w.monday
    where g.level = 3 and p.grid_id is null group by 1
    union all
    select grid_id, 'accident' || grade, count(*) from public.accidents
    where occurred_at > now() - interval '12 months' and grid_id is not null group by 1, 2
    union all
    select e.grid_id, 'assurance', count(*) from public.enterprises e
    join (select distinct on (enterprise_id) id, enterprise_id from public.checklists
      where kind = 'five_assurances' order by enterprise_id, checked_at desc) c on c.enterprise_id = e.id
    where e.grid_id is not null and exists (select from public.checklist_items i where i.checklist_id = c.id and not i.done) group by 1
  ), summed as (
    select step.id::int as grid_id, o.factor, sum(o.n) as n
    from own o join public.grids g on g.id = o.grid_id
    cross join lateral unnest(string_to_array(g.path::text, '.')) step (id) group by 1, 2
  )
  select g.id, g.code, jsonb_object_agg(s.factor, s.n)::text as counts
  from public.grids g join summed s on s.grid_id = g.id where g.level = 3 group by 1, 2`

/** The risk of every village today, as the map asks for it, against the query that a careful person would write. */
export async function benchRisk(db: TestDatabase, leader: string, admin: string): Promise<Ratio[]> {
  const asLeader = db.asUser(leader)
  return [
    await measureRatio(
      `risk_map of every village, today (${db.engine})`,
      2,
      () => asLeader.query('select public.risk_map(3)::text as answer'),
      () => db.query(BY_HAND),
      9,
    ),
    await measureRatio(
      `sector_matrix of the county against risk_map of its townships (${db.engine})`,
      2,
      () => asLeader.query('select public.sector_matrix()::text as answer'),
      () => asLeader.query('select public.risk_map(2)::text as answer'),
      9,
    ),
    await measureRatio(
      `all past days judged anew by other weights / a bare update of the rows (${db.engine})`,
      3,
      () => undone(db, (session) => judgeAnew(session, admin)),
      () => undone(db, (session) => session.query('update public.risk_daily set points = points + 1')),
      3,
      () => db.exec('vacuum public.risk_daily'),
    ),
  ]
}

/** As an administrator does it who asks for the past to be rewritten: in one request, which has 8 seconds. */
async function judgeAnew(session: Session, admin: string): Promise<void> {
  await become(session, admin)
  const { rows } = await session.query<{ status: string }>(
    `select public.set_risk_rules('{"weights": {"hazard_major": 9}}',
       jsonb_build_object('effective_from', (select min(since) from public.risk_daily), 'rewrite', true)) ->> 'status' as status`,
  )
  if (rows[0]?.status !== 'committed') throw new Error(String(rows[0]?.status))
}
