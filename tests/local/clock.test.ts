import { afterAll, beforeAll, expect, it } from 'vitest'
import { startClock } from '../../supabase/local/clock.ts'
import { openTestDatabase, type TestDatabase } from '../../supabase/local/testing.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase({ demo: true })
})
afterAll(() => db.close())

it('passes on what has become overdue, unless the server rests', async () => {
  const pending = async () =>
    (
      await db.query<{ n: number }>(
        `select count(*)::int as n from public.hazards
         where due_at < now() and state not in ('closed', 'rejected') and escalated_to is null and grid_id is not null`,
      )
    ).rows[0]?.n ?? 0
  await db.query(`update public.hazards set due_at = now() + interval '1 second', escalated_to = null
    where id = (select id from public.hazards where state = 'assigned' and grid_id is not null order by id limit 1)`)
  await new Promise((later) => setTimeout(later, 1100))
  const before = await pending()
  expect(before).toBeGreaterThan(0)
  let resting = true
  const stop = startClock(db as never, () => resting, 50)
  await new Promise((later) => setTimeout(later, 300))
  expect(await pending()).toBe(before)
  resting = false
  while ((await pending()) > 0) await new Promise((later) => setTimeout(later, 100))
  await stop()
  expect(await pending()).toBe(0)
})

it('calls upon the leader for what nobody acknowledged in time', async () => {
  const { rows } = await db.query<{ id: string }>(
    `insert into public.hazard_alarms (hazard_id, raised_at, due_at)
     select id, now() - interval '6 minutes', now() - interval '1 minute' from public.hazards where state = 'reported' order by id limit 1
     returning hazard_id as id`,
  )
  const called = async () =>
    (
      await db.query<{ called: boolean }>(
        'select escalated_at is not null as called from public.hazard_alarms where hazard_id = $1',
        [rows[0]!.id],
      )
    ).rows[0]!.called
  expect(await called()).toBe(false)
  const stop = startClock(db as never, () => false, 50)
  while (!(await called())) await new Promise((later) => setTimeout(later, 100))
  await stop()
  expect(await called()).toBe(true)
})
