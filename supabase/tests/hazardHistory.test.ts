import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, one, openCounty, people } from './fixtures.ts'
import { type Loop, makeLoop } from './hazardLoop.ts'

// History: every way to tamper with it, even as the superuser, is found. Terms, working days, escalation.
let c: County
let loop: Loop
beforeAll(async () => {
  c = await openCounty()
  loop = makeLoop(c)
})
afterAll(() => c.db.close())

const undo = new Error('taken back')
/** What verify_history says after the owner of everything wrote past all triggers; taken back afterwards. */
async function tampered(id: string, ...statements: string[]): Promise<string[]> {
  let found: string[] = []
  await c.db
    .transaction(async (session) => {
      await session.query(`set local session_replication_role = 'replica'`)
      for (const sql of statements) {
        const { affected } = await session.query(sql.replaceAll('$id', `'${id}'`))
        if (!affected) throw new Error(`changed nothing: ${sql}`)
      }
      const { rows } = await session.query<{ code: string }>(
        'select code from private.history_faults($1) order by seq, code',
        [id],
      )
      found = rows.map((row) => row.code)
      throw undo
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error
    })
  return found
}

describe('a history', () => {
  let id: string
  beforeAll(async () => {
    id = (await loop.bring('closed', { severity: 'major', listed: true })).id
  })

  test('is whole after the whole loop, and its head is the hash of the last step', async () => {
    const { head } = await one<{ head: string }>(
      c.db,
      'select hash as head from public.hazard_events where hazard_id = $1 order by seq desc limit 1',
      [id],
    )
    expect(await loop.verify(id)).toMatchObject({ status: 'ok', intact: true, events: 8, head, faults: [] })
    expect(head).toMatch(/^[0-9a-f]{64}$/)
    expect(await tampered(id, 'update public.hazards set updated_at = now() where id = $id')).toEqual([])
  })

  test.each([
    ['other words', `update public.hazard_events set note = '别的' where hazard_id = $id and seq = 7`],
    ['another person', `update public.hazard_events set actor = gen_random_uuid() where hazard_id = $id and seq = 8`],
    ['another name', `update public.hazard_events set actor_name = '别人' where hazard_id = $id and seq = 8`],
    [
      'another time',
      `update public.hazard_events set at = at + interval '1 microsecond' where hazard_id = $id and seq = 8`,
    ],
    ['another place', 'update public.hazard_events set lon = 117.1, lat = 40.1 where hazard_id = $id and seq = 8'],
    ['other photos', `update public.hazard_events set photos = '["a.jpg"]' where hazard_id = $id and seq = 2`],
    [
      'other changes',
      `update public.hazard_events set changes = changes || '{"due_at": null}' where hazard_id = $id and seq = 3`,
    ],
  ])('with %s is broken at that step', async (_, sql) => {
    const found = await tampered(id, sql)
    expect(found).toContain('CHANGED')
  })

  test('resealed after a change is broken at the next step', async () => {
    const reseal = (seq: number) =>
      `update public.hazard_events e set hash = private.event_hash(e) where hazard_id = $id and seq = ${seq}`
    expect(
      await tampered(id, `update public.hazard_events set note = '别的' where hazard_id = $id and seq = 7`, reseal(7)),
    ).toEqual(['BROKEN'])
  })

  test('with a step removed, moved or cut off is broken', async () => {
    expect(await tampered(id, 'delete from public.hazard_events where hazard_id = $id and seq = 4')).toEqual(
      expect.arrayContaining(['BROKEN', 'MISSING', 'VERSION']),
    )
    expect(await tampered(id, 'delete from public.hazard_events where hazard_id = $id and seq = 8')).toEqual([
      'ROW',
      'STATE',
      'TRUNCATED',
    ])
    expect(await tampered(id, 'delete from public.hazard_events where hazard_id = $id')).toContain('NO_HISTORY')
    expect(
      await tampered(id, 'update public.hazard_events set seq = seq + 1 where hazard_id = $id and seq = 8'),
    ).toEqual(expect.arrayContaining(['CHANGED', 'MISSING']))
  })

  test('with a forged step at its end is broken, even a correctly sealed one', async () => {
    // written by the owner of the tables, with all triggers at work
    await c.db
      .transaction(async (session) => {
        await session.query(
          `insert into public.hazard_events (hazard_id, version, action, from_state, to_state, actor, changes)
           values ($1, 9, 'reopen', 'closed', 'rectifying', $2, '{"state": "rectifying"}')`,
          [id, people.member],
        )
        const { rows } = await session.query<{ code: string }>(
          'select code from private.history_faults($1) order by code',
          [id],
        )
        expect(rows.map((row) => row.code)).toEqual(['ROW', 'STATE', 'TRUNCATED'])
        throw undo
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error
      })
  })

  test('that skips a step is broken', async () => {
    const fresh = (await loop.bring('reported', {})).id
    await c.db
      .transaction(async (session) => {
        await session.query(
          `insert into public.hazard_events (hazard_id, version, action, from_state, to_state, changes)
           values ($1, 2, 'pass', 'reported', 'closed', '{}')`,
          [fresh],
        )
        const { rows } = await session.query<{ code: string }>(
          'select code from private.history_faults($1) order by code',
          [fresh],
        )
        expect(rows.map((row) => row.code)).toContain('NO_SUCH_STEP')
        throw undo
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error
      })
  })

  test.each([
    ['state', `update public.hazards set state = 'submitted', closed_at = null where id = $id`, ['ROW', 'STATE']],
    ['severity', `update public.hazards set severity = 'general' where id = $id`, ['ROW']],
    ['due day', `update public.hazards set due_at = due_at + interval '1 day' where id = $id`, ['ROW']],
    ['reviewer', `update public.hazards set reviewer = '${people.duty}' where id = $id`, ['ROW']],
    ['words', `update public.hazards set description = '无' where id = $id`, ['ROW']],
    [
      'place',
      'update public.hazards set location = extensions.st_setsrid(extensions.st_makepoint(117.3, 40.12), 4326) where id = $id',
      ['PLACE'],
    ],
    ['version', 'update public.hazards set version = 99 where id = $id', ['TRUNCATED']],
  ])('does not add up to a hazard whose %s was changed behind it', async (_, sql, codes) => {
    expect(await tampered(id, sql)).toEqual(codes)
  })

  test('holds when a border moves the hazard to another grid', async () => {
    await c.db.query('update public.hazards set grid_id = $2 where id = $1', [id, c.grid.v12])
    expect(await loop.verify(id)).toMatchObject({ intact: true })
    await c.db.query('update public.hazards set grid_id = $2 where id = $1', [id, c.grid.v11])
  })

  test('is told in words to whoever sees the hazard', async () => {
    const answer = await c.call<{ status: string; faults: { message: string }[] }>('member', 'verify_history', {
      p_hazard: '00000000-0000-4000-8000-000000000041',
    })
    expect(answer).toMatchObject({ status: 'broken', intact: false, faults: [{ message: '没有任何过程记录' }] })
  })
})

describe('working days', () => {
  const add = async (day: string, days: number) =>
    (await one<{ day: string }>(c.db, 'select private.add_working_days($1::date, $2)::text as day', [day, days])).day
  test.each([
    // an ordinary week
    ['2026-11-18', 3, '2026-11-23'],
    ['2026-11-20', 1, '2026-11-23'],
    ['2026-11-23', -1, '2026-11-20'],
    ['2026-11-22', 0, '2026-11-22'],
    // 春节 2026: 15 to 23 February, made up on the 14th and the 28th
    ['2026-02-13', 1, '2026-02-14'],
    ['2026-02-13', 2, '2026-02-24'],
    ['2026-02-24', -2, '2026-02-13'],
    ['2026-02-27', 1, '2026-02-28'],
    // 国庆 2025: 1 to 8 October, made up on 28 September and the 11th
    ['2025-09-30', 1, '2025-10-09'],
    ['2025-09-26', 1, '2025-09-28'],
    // a year nobody has announced: Monday to Friday
    ['2035-05-04', 1, '2035-05-07'],
  ])('%s and %i more end on %s', async (day, days, expected) => {
    expect(await add(day, days)).toBe(expected)
  })

  test('twenty back and twenty forth meet again', async () => {
    for (const day of ['2026-03-16', '2026-10-20', '2025-05-08']) expect(await add(await add(day, 20), -20)).toBe(day)
  })
})

describe('an overdue hazard', () => {
  const sweep = (moment: string) => c.db.query('select private.escalate_until($1::timestamptz)', [moment])
  const called = async (id: string) => (await loop.read(id)).escalated_to

  test('calls upon the next grid up, later the one above, and no longer when it is done', async () => {
    // a term of 5 working days is over after 20 days, whatever holidays lie between
    const { id } = await loop.bring('assigned', { due: await loop.day(1) })
    const due = await loop.dueDay(id)
    const at = async (days: number, clock: string) =>
      (await one<{ at: string }>(c.db, `select ($1::date + $2::int)::text || ' ${clock}+08' as at`, [due, days])).at
    await sweep(await at(0, '23:58'))
    expect(await called(id)).toBeNull()
    await sweep(await at(1, '00:01'))
    expect(await called(id)).toBe(c.grid.t1)
    await sweep(await at(1, '00:02'))
    await sweep(await at(20, '00:01'))
    expect(await called(id)).toBe(c.grid.root)
    await sweep(await at(60, '00:01'))
    const { events } = await c.call<{
      events: { action: string; actor: string | null; escalated_to: string | null }[]
    }>('member', 'hazard_history', { p_hazard: id })
    expect(events.slice(3)).toMatchObject([
      { action: 'escalate', actor: null, escalated_to: '别山镇' },
      { action: 'escalate', actor: null, escalated_to: '试验区' },
    ])
    // nobody's step: what a person has on the screen is still valid
    expect((await loop.read(id)).version).toBe(3)
    expect(await loop.verify(id)).toMatchObject({ intact: true, events: 5 })
    await loop.must('village', id, 'start', {})
    await loop.must('village', id, 'submit')
    await loop.must('town', id, 'pass')
    expect(await called(id)).toBeNull()
    expect(await loop.verify(id)).toMatchObject({ intact: true })
  })

  test('is escalated once however many look, and only those who see all learn how many', async () => {
    const { id } = await loop.bring('reported', {})
    await c.db.query(`update public.hazards set due_at = now() - interval '1 hour' where id = $1`, [id])
    await Promise.all([1, 2, 3].map(() => c.call('member', 'escalate_overdue')))
    const { n } = await one<{ n: number }>(
      c.db,
      `select count(*)::int as n from public.hazard_events where hazard_id = $1 and action = 'escalate'`,
      [id],
    )
    expect(n).toBe(1)
    expect(await c.call('stranger', 'escalate_overdue')).toEqual({ status: 'ok', escalated: null })
    expect(await c.call('leader', 'escalate_overdue')).toEqual({ status: 'ok', escalated: 0 })
    const card = await c.call<{ escalated_to_name: string }>('member', 'hazard_card', { p_hazard: id })
    expect(card.escalated_to_name).toBe('别山镇')
  })

  test('is told of in the change feed of those above', async () => {
    const { id } = await loop.bring('reported', {})
    const { cursor } = await c.call<{ cursor: string }>('town', 'changes_since', {})
    await c.db.query(`update public.hazards set due_at = now() - interval '1 hour' where id = $1`, [id])
    await c.call('member', 'escalate_overdue')
    const { changes } = await c.call<{ changes: { entity: string; id: string }[] }>('town', 'changes_since', {
      p_cursor: cursor,
    })
    expect(changes).toContainEqual(expect.objectContaining({ entity: 'hazard', id }))
  })
})
