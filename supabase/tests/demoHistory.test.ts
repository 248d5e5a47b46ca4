import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../local/testing.ts'

// The demo county's hazards have a history, and it holds.
let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase({ demo: true })
}, 180_000)
afterAll(() => db.close())

test('every hazard of the demo county has a whole history', { timeout: 120_000 }, async () => {
  const { rows } = await db.query('select hazard_id, seq, code from private.history_faults() limit 5')
  expect(rows).toEqual([])
})

test('which no review of one’s own work is part of, and nothing of tomorrow', async () => {
  const { rows } = await db.query<{ own: number; later: number; overdue: number; called: number; failed: number }>(
    `select (select count(*)::int from public.hazard_events p join public.hazard_events s on s.hazard_id = p.hazard_id
         and s.action in ('start', 'submit') and s.actor = p.actor where p.action in ('pass', 'return')) as own,
       (select count(*)::int from public.hazard_events where at > now()) as later,
       (select count(*)::int from public.hazards where state not in ('closed', 'rejected') and due_at < now()) as overdue,
       (select count(*)::int from public.hazards where escalated_to is not null) as called,
       (select count(*)::int from public.hazard_events where action = 'return') as failed`,
  )
  const { own, later, overdue, called, failed } = rows[0]!
  expect({ own, later }).toEqual({ own: 0, later: 0 })
  expect(called).toBe(overdue)
  expect(failed).toBeGreaterThan(50)
})

test('nothing in the demo county points at what is not there, though many rows went in unchecked', async () => {
  const { rows: keys } = await db.query<{ name: string; sql: string }>(
    `select format('%s.%s', k.conrelid::regclass, k.conname) as name, format('select count(*)::int as n from %s a where %s and not exists (select from %s b where %s)',
         k.conrelid::regclass, string_agg(format('a.%I is not null', x.attname), ' and '), k.confrelid::regclass,
         string_agg(format('b.%I = a.%I', y.attname, x.attname), ' and ')) as sql
     from pg_constraint k
     cross join lateral unnest(k.conkey, k.confkey) c (own, other)
     join pg_attribute x on x.attrelid = k.conrelid and x.attnum = c.own
     join pg_attribute y on y.attrelid = k.confrelid and y.attnum = c.other
     where k.contype = 'f' and k.connamespace = 'public'::regnamespace
     group by k.oid, k.conrelid, k.conname, k.confrelid`,
  )
  expect(keys.length).toBeGreaterThan(30)
  const broken: string[] = []
  for (const { name, sql } of keys) {
    const { rows } = await db.query<{ n: number }>(sql)
    if (rows[0]!.n > 0) broken.push(`${name}: ${rows[0]!.n}`)
  }
  expect(broken).toEqual([])
})
