import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, failure, hazards, one, openCounty, type Person, people } from './fixtures.ts'
import { type Loop, makeLoop } from './hazardLoop.ts'

// The duty desk: every new hazard calls until somebody who may has acknowledged it; who and when cannot be changed.
let c: County
let loop: Loop
beforeAll(async () => {
  c = await openCounty()
  loop = makeLoop(c)
})
afterAll(() => c.db.close())

interface Answer {
  status: 'ok' | 'rejected'
  silenced?: number
  acknowledged?: { id: string; at: string; counts: boolean; role: string; alarm: { name: string } | null }[]
  left_out?: string[]
  errors?: { field: string | null; code: string; message: string }[]
}
interface Alarm {
  acknowledged_by: string | null
  acknowledged_at: unknown
  acknowledged_role: string | null
  escalated_at: unknown
  escalated_to: number | null
  minutes: number
}

const acknowledge = (who: Person | 'anon' | 'service_role', ids: string[] | null, origin: string | null = null) =>
  c.as(who).rpc<Answer>('acknowledge_hazards', { p_hazards: ids, p_origin: origin })
const alarm = (id: string) =>
  one<Alarm>(
    c.db,
    `select acknowledged_by, acknowledged_at, acknowledged_role, escalated_at, escalated_to,
       (extract(epoch from due_at - raised_at) / 60)::int as minutes from public.hazard_alarms where hazard_id = $1`,
    [id],
  )
const alarms = async (id: string) =>
  (await one<{ n: number }>(c.db, 'select count(*)::int as n from public.hazard_alarms where hazard_id = $1', [id])).n
const told = async (id: string) =>
  (
    await c.db.query<{ op: string; row_version: number | string }>(
      `select op, row_version from public.change_log where entity = 'alarm' and row_id = $1 order by row_version`,
      [id],
    )
  ).rows
/** As the clock would see it so many minutes later. */
const later = async (minutes: number) =>
  (
    await one<{ n: number }>(
      c.db,
      'select private.escalate_alarms(clock_timestamp() + make_interval(mins => $1)) as n',
      [minutes],
    )
  ).n

describe('a report', () => {
  test('calls the desk for as long as its severity allows', async () => {
    const general = await loop.bring('reported', {})
    const major = await loop.bring('reported', { severity: 'major' })
    expect(await alarm(general.id)).toMatchObject({ acknowledged_by: null, escalated_at: null, minutes: 15 })
    expect(await alarm(major.id)).toMatchObject({ acknowledged_by: null, escalated_at: null, minutes: 5 })
    await c.as('admin').query(`update public.settings set value = '{"major_minutes": 2}' where key = 'desk'`)
    const shorter = await loop.bring('reported', { severity: 'major' })
    expect(await alarm(shorter.id)).toMatchObject({ minutes: 2 })
    await c.as('admin').query(`update public.settings set value = '"nonsense"' where key = 'desk'`)
    expect(await alarm((await loop.bring('reported', { severity: 'major' })).id)).toMatchObject({ minutes: 5 })
  })

  test('of long ago, entered now, does not', async () => {
    await c.db.query(
      `insert into public.hazard_events (hazard_id, version, action, to_state, at) values ($1, 1, 'report', 'reported', now() - interval '40 days')`,
      [hazards.other],
    )
    expect(await alarms(hazards.other)).toBe(0)
  })
})

describe('an acknowledgement', () => {
  test('of the duty officer ends the call, once, and the feed says so', async () => {
    const { id } = await loop.bring('reported', { severity: 'major' })
    const first = await acknowledge('duty', [id, id])
    expect(first).toMatchObject({
      status: 'ok',
      silenced: 1,
      left_out: [],
      acknowledged: [{ id, counts: true, role: '试验区值班员', alarm: { name: '人duty' } }],
    })
    expect(await alarm(id)).toMatchObject({ acknowledged_by: people.duty, acknowledged_role: '试验区值班员' })
    const log = await told(id)
    expect(log.map(({ op }) => op)).toEqual(['update'])
    const again = await acknowledge('duty', [id], 'phone')
    expect(again).toEqual({ ...first, silenced: 0 })
    expect(await told(id)).toEqual(log)
    await acknowledge('leader', [id])
    expect(await alarm(id)).toMatchObject({ acknowledged_by: people.duty })
    const seen = await c
      .as('duty')
      .query<{ user_id: string; origin: string }>(
        'select user_id, origin from public.hazard_acknowledgements where hazard_id = $1 order by at',
        [id],
      )
    expect(seen.rows).toEqual([
      { user_id: people.duty, origin: 'desk' },
      { user_id: people.leader, origin: 'desk' },
    ])
  })

  test.each([
    ['leader', true],
    ['admin', true],
    ['town', false],
    ['village', false],
  ] as const)('of %s counts: %s', async (who, counts) => {
    const { id } = await loop.bring('reported', {})
    expect(await acknowledge(who, [id])).toMatchObject({
      status: 'ok',
      silenced: counts ? 1 : 0,
      acknowledged: [{ counts }],
    })
    expect((await alarm(id)).acknowledged_by).toBe(counts ? people[who] : null)
    // the desk is not silenced by those below
    expect(await acknowledge('duty', [id])).toMatchObject({ silenced: counts ? 0 : 1 })
  })

  test('of somebody who becomes the duty officer later counts then', async () => {
    const { id } = await loop.bring('reported', {})
    await acknowledge('town', [id])
    await c.db.query(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'duty')`, [
      people.town,
      c.grid.root,
    ])
    expect(await acknowledge('town', [id])).toMatchObject({
      status: 'ok',
      silenced: 1,
      acknowledged: [{ counts: true }],
    })
    await c.db.query(`delete from public.memberships where user_id = $1 and position = 'duty'`, [people.town])
  })

  test('is for those whose scope it is, and whose office', async () => {
    const { id } = await loop.bring('reported', {})
    for (const who of ['member', 'enterprise', 'officer'] as const) {
      expect(await acknowledge(who, [id])).toMatchObject({ status: 'rejected', errors: [{ code: 'NOT_ALLOWED' }] })
    }
    const nowhere = await acknowledge('stranger', ['00000000-0000-4000-8000-00000000dead'])
    expect(nowhere).toMatchObject({ status: 'rejected', errors: [{ code: 'NOT_FOUND' }] })
    for (const who of ['town2', 'stranger'] as const) expect(await acknowledge(who, [id])).toEqual(nowhere)
    expect(await acknowledge('service_role', [id])).toMatchObject({ errors: [{ code: 'NOT_ALLOWED' }] })
    expect(await failure(() => acknowledge('anon', [id]))).toBe('42501')
    expect((await alarm(id)).acknowledged_at).toBeNull()
    // what is not the asker's is left out, the rest is done
    expect(await acknowledge('town2', [hazards.other, id])).toMatchObject({ status: 'ok', silenced: 0, left_out: [id] })
  })

  test('asked for wrongly is refused in words', async () => {
    const { id } = await loop.bring('reported', {})
    expect(await acknowledge('duty', null)).toMatchObject({ errors: [{ code: 'MISSING_FIELD' }] })
    expect(await acknowledge('duty', [])).toMatchObject({ errors: [{ code: 'MISSING_FIELD' }] })
    expect(await acknowledge('duty', [id], 'moon')).toMatchObject({ errors: [{ code: 'BAD_VALUE' }] })
    const many = Array.from({ length: 501 }, () => crypto.randomUUID())
    expect(await acknowledge('duty', many)).toMatchObject({ errors: [{ code: 'OUT_OF_RANGE' }] })
  })

  test('by two at once is the first one', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, async () => (await loop.bring('reported', {})).id))
    const answers = await Promise.all(
      (['duty', 'leader', 'admin'] as const).map((who, i) => acknowledge(who, i === 1 ? [...ids].reverse() : ids)),
    )
    expect(answers.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok'])
    expect(answers.reduce((sum, { silenced }) => sum + silenced!, 0)).toBe(ids.length)
  })
})

describe('nobody', () => {
  test('writes, changes or removes what the desk did', async () => {
    const { id } = await loop.bring('reported', {})
    await acknowledge('duty', [id])
    const attempts = [
      `update public.hazard_alarms set acknowledged_by = '${people.admin}' where hazard_id = '${id}'`,
      `update public.hazard_alarms set due_at = now() + interval '1 day' where hazard_id = '${id}'`,
      `update public.hazard_alarms set acknowledged_at = null, acknowledged_by = null where hazard_id = '${id}'`,
      `update public.hazard_acknowledgements set at = now() - interval '1 hour' where hazard_id = '${id}'`,
      `delete from public.hazard_alarms where hazard_id = '${id}'`,
      `delete from public.hazard_acknowledgements where hazard_id = '${id}'`,
      'truncate public.hazard_alarms',
      'truncate public.hazard_acknowledgements',
    ]
    const before = await alarm(id)
    for (const sql of attempts) {
      // the owner of everything too
      expect([sql, await failure(() => c.db.query(sql))]).toEqual([sql, '42501'])
      for (const who of ['duty', 'admin', 'service_role'] as const)
        expect([sql, who, await failure(() => c.as(who).query(sql))]).toEqual([sql, who, '42501'])
    }
    const forged = `insert into public.hazard_acknowledgements (hazard_id, user_id, role, counts, origin, at)
      values ('${hazards.general}', '${people.leader}', '县长', true, 'desk', now())`
    for (const who of ['duty', 'admin', 'service_role'] as const)
      expect(await failure(() => c.as(who).query(forged))).toBe('42501')
    expect(await alarm(id)).toEqual(before)
  })

  test('reads of hazards outside the scope', async () => {
    const { id } = await loop.bring('reported', {})
    await acknowledge('duty', [id])
    for (const table of ['hazard_alarms', 'hazard_acknowledgements']) {
      const seen = async (who: Person) =>
        (await c.as(who).query(`select from public.${table} where hazard_id = $1`, [id])).rows.length
      expect([await seen('village'), await seen('duty'), await seen('town2'), await seen('stranger')]).toEqual([
        1, 1, 0, 0,
      ])
      expect(await failure(() => c.as('anon').query(`select from public.${table}`))).toBe('42501')
    }
  })
})

describe('what nobody acknowledged in time', () => {
  test('calls upon the root, once, and tells the feed; what was settled does not', async () => {
    await later(60)
    const major = await loop.bring('reported', { severity: 'major' })
    const general = await loop.bring('reported', {})
    const settled = await loop.bring('rejected', { severity: 'major' })
    const seen = await loop.bring('reported', { severity: 'major' })
    await acknowledge('duty', [seen.id])
    expect(await later(4)).toBe(0)
    expect(await later(6)).toBe(1)
    expect(await alarm(major.id)).toMatchObject({ escalated_to: c.grid.root, acknowledged_at: null })
    expect((await alarm(general.id)).escalated_at).toBeNull()
    expect(await told(major.id)).toHaveLength(1)
    expect(await later(6)).toBe(0)
    expect(await later(20)).toBe(1)
    expect((await alarm(general.id)).escalated_to).toBe(c.grid.root)
    for (const { id } of [settled, seen]) expect((await alarm(id)).escalated_at).toBeNull()
    // it stays written that it was late
    await acknowledge('duty', [major.id])
    expect(await alarm(major.id)).toMatchObject({ acknowledged_by: people.duty, escalated_to: c.grid.root })
    expect(await loop.verify(major.id)).toMatchObject({ intact: true })
  })

  test('is looked at by whoever is signed in, who learns no figure outside their scope', async () => {
    expect(await c.call('town', 'escalate_unacknowledged')).toEqual({ status: 'ok', escalated: null })
    expect(await c.call('duty', 'escalate_unacknowledged')).toEqual({ status: 'ok', escalated: 0 })
    expect(await failure(() => c.call('anon', 'escalate_unacknowledged'))).toBe('42501')
  })
})
