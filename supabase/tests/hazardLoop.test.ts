import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type County, enterprises, failure, one, openCounty, type Person, people, upload } from './fixtures.ts'
import { ACTIONS, type Action, type Answer, type Loop, makeLoop, STATES, type State } from './hazardLoop.ts'

// The loop: who may which step from which state, what each step needs, conflicts, and what nobody may.
let c: County
let loop: Loop
beforeAll(async () => {
  c = await openCounty()
  loop = makeLoop(c)
  // somebody with rights, elsewhere
  await c.db.query(`insert into public.profiles (id, name) values ($1, '外镇网格员')`, [people.stranger])
  await c.db.query(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'member')`, [
    people.stranger,
    c.grid.t2,
  ])
})
afterAll(() => c.db.close())

const everybody = Object.keys(people) as Person[]
const codes = (answer: Answer) => answer.reasons.map((r) => r.code)

describe('who may which step, in which state', () => {
  // a hazard of enterprise a in v11, sector whp, assigned to the village leader, who has no account
  const heads: Person[] = ['admin', 'leader', 'town', 'village', 'officer']
  const may: Record<Action, Person[]> = {
    verify: [...heads, 'duty'],
    reject: [...heads, 'duty'],
    assign: heads,
    // written for by those of the same grid and the leaders above
    start: ['village', 'leader', 'town', 'member'],
    submit: ['village', 'leader', 'town', 'member'],
    // never the one it was given to
    pass: ['admin', 'leader', 'town', 'officer', 'member'],
    return: ['admin', 'leader', 'town', 'officer', 'member'],
    reopen: heads,
    list: ['admin', 'leader'],
    delist: ['admin', 'leader'],
    extend: ['village', 'leader', 'town', 'member'],
  }
  const from: Record<Action, State[]> = {
    verify: ['reported'],
    reject: ['reported'],
    assign: ['verified', 'assigned'],
    start: ['assigned'],
    submit: ['rectifying'],
    pass: ['submitted'],
    return: ['submitted'],
    reopen: ['closed'],
    list: ['verified', 'assigned', 'rectifying', 'submitted'],
    delist: ['closed'],
    extend: ['assigned', 'rectifying'],
  }

  test.each(STATES)('from %s', { timeout: 120_000 }, async (state) => {
    const hazard = await loop.bring(state, { severity: 'major', to: people.village, listed: true })
    const before = await loop.read(hazard.id)
    for (const action of ACTIONS)
      for (const who of everybody) {
        const answer = await loop.attempt(who, hazard.id, before.version, action)
        const sees = !['town2', 'stranger'].includes(who)
        const legal = from[action].includes(state) && !(action === 'list' && state !== 'verified')
        const expected = !sees
          ? 'NOT_FOUND'
          : !from[action].includes(state)
            ? 'WRONG_STATE'
            : !may[action].includes(who)
              ? 'NOT_ALLOWED'
              : legal
                ? 'ok'
                : 'WRONG_STATE'
        expect(answer.status === 'ok' ? 'ok' : answer.reasons[0]!.code, `${who} ${action} ${state}`).toBe(expected)
        if (!sees) expect(answer.hazard).toBeNull()
        if (answer.status === 'rejected') expect(answer.reasons[0]!.message).toMatch(/[一-龥]/)
      }
    expect(await loop.read(hazard.id), 'every attempt was taken back').toEqual(before)
  })

  test('the card offers exactly the steps that then succeed', async () => {
    for (const state of STATES) {
      const hazard = await loop.bring(state, { severity: 'general', to: people.village })
      const { version } = await loop.read(hazard.id)
      for (const who of ['town', 'village', 'member', 'duty', 'enterprise', 'officer'] as Person[]) {
        const card = await c.call<{ steps: Action[] }>(who, 'hazard_card', { p_hazard: hazard.id })
        const succeed: Action[] = []
        for (const action of ACTIONS)
          if ((await loop.attempt(who, hazard.id, version, action)).status === 'ok') succeed.push(action)
        expect([...card.steps].sort(), `${who} ${state}`).toEqual(succeed.sort())
      }
    }
  })

  test('who has an account works themself; their enterprise may, nobody else for them', async () => {
    const hazard = await loop.bring('assigned', { severity: 'general', to: people.enterprise })
    const { version } = await loop.read(hazard.id)
    const start = async (who: Person) => (await loop.attempt(who, hazard.id, version, 'start')).status
    expect([await start('enterprise'), await start('village')]).toEqual(['ok', 'ok'])
    await c.db.createUser('firm@test.local', 'safegrid-test', people.enterprise)
    expect([await start('enterprise'), await start('village'), await start('town')]).toEqual([
      'ok',
      'rejected',
      'rejected',
    ])
  })

  test('a right taken back is gone at the next step', async () => {
    const hazard = await loop.bring('reported', {})
    await c.db.query('delete from public.memberships where user_id = $1', [people.village])
    try {
      expect(codes(await loop.step('village', hazard.id, 1, 'verify'))).toEqual(['NOT_FOUND'])
    } finally {
      await c.db.query(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'leader')`, [
        people.village,
        c.grid.v11,
      ])
    }
  })

  test('the service key signs no step, and nobody without an account calls', async () => {
    const hazard = await loop.bring('reported', {})
    expect(codes(await loop.step('service_role', hazard.id, 1, 'verify'))).toEqual(['NOT_ALLOWED'])
    expect(await failure(() => loop.step('anon', hazard.id, 1, 'verify'))).toBe('42501')
  })
})

describe('a review', () => {
  test('is never by who was given the work, started it or submitted it', async () => {
    const hazard = await loop.bring('rectifying', { to: people.village })
    // the member writes for the village leader, the town leader takes no part
    await loop.must('member', hazard.id, 'submit')
    const { version } = await loop.read(hazard.id)
    for (const who of ['village', 'member', 'enterprise'] as Person[])
      for (const action of ['pass', 'return'] as Action[])
        expect((await loop.attempt(who, hazard.id, version, action)).reasons[0]!.code, `${who} ${action}`).toBe(
          'NOT_ALLOWED',
        )
    const done = await loop.must('town', hazard.id, 'pass')
    expect(done.hazard).toMatchObject({ state: 'closed', last: { action: 'pass', by: '人town' } })
    const row = await loop.read(hazard.id)
    expect(row).toMatchObject({ reviewer: people.town, rectifier: people.village })
  })

  test('that fails sends it back to be rectified, and a closed one can be reopened', async () => {
    const hazard = await loop.bring('submitted', { to: people.village })
    await loop.must('town', hazard.id, 'return')
    await loop.must('village', hazard.id, 'submit')
    await loop.must('town', hazard.id, 'pass')
    const closed = await loop.read(hazard.id)
    expect(closed.closed_at).not.toBeNull()
    await loop.must('leader', hazard.id, 'reopen')
    const open = await loop.read(hazard.id)
    expect(open).toMatchObject({ state: 'rectifying', closed_at: null, reviewer: null, submitted_at: null })
    expect(await loop.verify(hazard.id)).toMatchObject({ intact: true, faults: [] })
  })
})

describe('a major hazard', () => {
  test.each(['person', 'funds', 'measures', 'deadline', 'plan'])('stays assigned without its %s', async (part) => {
    const hazard = await loop.bring('assigned', { severity: 'major' })
    const { version } = await loop.read(hazard.id)
    const five: Record<string, unknown> = { ...loop.five(), [`assurance_${part}`]: null }
    const answer = await loop.step('village', hazard.id, version, 'start', five)
    expect(answer.reasons).toMatchObject([{ field: `assurance_${part}`, code: 'MISSING_FIELD' }])
    const blank = await loop.step('village', hazard.id, version, 'start', { ...five, [`assurance_${part}`]: ' ' })
    expect(blank.status).toBe('rejected')
    expect((await loop.read(hazard.id)).state).toBe('assigned')
  })

  test('takes funds and a deadline that make sense', async () => {
    const hazard = await loop.bring('assigned', { severity: 'major' })
    const { version } = await loop.read(hazard.id)
    for (const [more, field] of [
      [{ assurance_funds: -1 }, 'assurance_funds'],
      [{ assurance_funds: 'many' }, 'assurance_funds'],
      [{ assurance_deadline: '2020-01-01' }, 'assurance_deadline'],
      [{ assurance_deadline: '2199-01-01' }, 'assurance_deadline'],
      [{ assurance_plan: '长'.repeat(2001) }, 'assurance_measures'],
    ] as const) {
      const answer = await loop.step('village', hazard.id, version, 'start', { ...loop.five(), ...more })
      expect(answer.reasons.map((r) => r.field)).toContain(field)
    }
    await loop.must('village', hazard.id, 'start')
    expect(await loop.verify(hazard.id)).toMatchObject({ intact: true })
  })

  test('that is overdue already may still be given a deadline', async () => {
    const hazard = await loop.bring('assigned', { severity: 'major' })
    await c.db.query(`update public.hazards set due_at = now() - interval '2 days' where id = $1`, [hazard.id])
    expect((await loop.attempt('village', hazard.id, 3, 'start')).status).toBe('ok')
  })

  test('is found to be one at the verification, and may be given its five with the assignment', async () => {
    const hazard = await loop.bring('reported', { severity: 'general' })
    await loop.must('town', hazard.id, 'verify', { severity: 'major', sector: '工贸' })
    await loop.must('town', hazard.id, 'assign', { to: people.village, ...loop.five() })
    await loop.must('village', hazard.id, 'start', {})
    expect(await loop.read(hazard.id)).toMatchObject({
      severity: 'major',
      assurance_person: '责任人',
      sector_id: c.sector.trade,
    })
  })

  test('is listed, published, closed, delisted, each in its turn', async () => {
    const hazard = await loop.bring('assigned', { severity: 'major' })
    const wrong = async (action: Action, fields: object) => {
      const { version } = await loop.read(hazard.id)
      return codes(await loop.step('leader', hazard.id, version, action, fields))
    }
    expect(await wrong('list', { publish: true })).toEqual(['WRONG_STATE'])
    await loop.must('leader', hazard.id, 'list', { level: 'province' })
    expect(await wrong('list', {})).toEqual(['WRONG_STATE'])
    await loop.must('leader', hazard.id, 'list', { publish: true })
    expect(await wrong('list', { publish: true })).toEqual(['WRONG_STATE'])
    await loop.must('village', hazard.id, 'start')
    await loop.must('village', hazard.id, 'submit')
    // delisting needs a passed review
    expect(await wrong('delist', { note: '完成' })).toEqual(['WRONG_STATE'])
    await loop.must('town', hazard.id, 'pass')
    await loop.must('admin', hazard.id, 'delist')
    expect(await wrong('delist', { note: '完成' })).toEqual(['WRONG_STATE'])
    const row = await loop.read(hazard.id)
    expect(row).toMatchObject({ listed_level: 'province', state: 'closed' })
    expect([row.listed_at, row.published_at, row.delisted_at].every((t) => t !== null)).toBe(true)
    expect(await loop.verify(hazard.id)).toMatchObject({ intact: true })
  })

  test('of the general kind is not listed', async () => {
    const hazard = await loop.bring('assigned', { severity: 'general' })
    const { version } = await loop.read(hazard.id)
    expect(codes(await loop.step('leader', hazard.id, version, 'list'))).toEqual(['WRONG_STATE'])
  })

  test('says what its clocks are', async () => {
    const hazard = await loop.bring('assigned', { severity: 'major', listed: true })
    const { clocks } = await c.call<{
      clocks: { clock: string; due_at: string; done_at: string | null; overdue: boolean }[]
    }>('village', 'hazard_card', { p_hazard: hazard.id })
    expect(clocks.map((k) => k.clock)).toEqual(['rectify', 'file', 'publish', 'extend_ask'])
    expect(clocks.every((k) => !k.overdue)).toBe(true)
    expect(clocks[1]!.done_at).not.toBeNull()
    const [day] = (
      await c.db.query<{ file: boolean; ask: boolean }>(
        `select $1::timestamptz = private.day_end(private.add_working_days(private.today(), 3)) as file,
           $2::timestamptz = private.day_end(private.add_working_days(private.today() + 90, -20)) as ask`,
        [clocks[1]!.due_at, clocks[3]!.due_at],
      )
    ).rows
    expect(day).toEqual({ file: true, ask: true })
  })
})

describe('an extension', () => {
  const ask = (id: string, until: string, more: object = {}) =>
    loop
      .read(id)
      .then(({ version }) => loop.step('village', id, version, 'extend', { until, note: '设备未到货', ...more }))

  test('is asked for in time and decided by somebody above', async () => {
    const hazard = await loop.bring('assigned', { severity: 'major' })
    const until = await loop.day(200)
    expect(await ask(hazard.id, until)).toMatchObject({ status: 'ok' })
    let { version } = await loop.read(hazard.id)
    expect(codes(await loop.step('village', hazard.id, version, 'extend', { grant: true }))).toEqual(['NOT_ALLOWED'])
    expect(codes(await loop.step('member', hazard.id, version, 'extend', { grant: true }))).toEqual(['NOT_ALLOWED'])
    expect(codes(await loop.step('town', hazard.id, version, 'extend', {}))).toEqual(['MISSING_FIELD'])
    expect(codes(await loop.step('town', hazard.id, version, 'extend', { grant: false }))).toEqual(['MISSING_FIELD'])
    await loop.must('town', hazard.id, 'extend', { grant: true })
    const row = await loop.read(hazard.id)
    expect(row.extension_until).toBeNull()
    expect(await loop.dueDay(hazard.id)).toBe(until)
    // refused, it stays as it was
    expect(await ask(hazard.id, await loop.day(300))).toMatchObject({ status: 'ok' })
    await loop.must('leader', hazard.id, 'extend', { grant: false, note: '按期完成' })
    expect(await loop.dueDay(hazard.id)).toBe(until)
    version = (await loop.read(hazard.id)).version
    expect(await loop.verify(hazard.id)).toMatchObject({ intact: true, events: version })
  })

  test('of a listed hazard is decided by the county', async () => {
    const hazard = await loop.bring('assigned', { severity: 'major', listed: true })
    await ask(hazard.id, await loop.day(200))
    const { version } = await loop.read(hazard.id)
    expect(codes(await loop.step('town', hazard.id, version, 'extend', { grant: true }))).toEqual(['NOT_ALLOWED'])
    expect((await loop.step('leader', hazard.id, version, 'extend', { grant: true })).status).toBe('ok')
  })

  test('is refused late, backwards, beyond a year, without a reason', async () => {
    const late = await loop.bring('assigned', { severity: 'major', due: await loop.day(10) })
    expect((await ask(late.id, await loop.day(60))).reasons).toMatchObject([{ field: 'until', code: 'OUT_OF_RANGE' }])
    const hazard = await loop.bring('assigned', { severity: 'major' })
    expect(codes(await ask(hazard.id, await loop.day(30)))).toEqual(['OUT_OF_RANGE'])
    expect(codes(await ask(hazard.id, await loop.day(366)))).toEqual(['OUT_OF_RANGE'])
    expect(codes(await ask(hazard.id, '不久'))).toEqual(['MISSING_FIELD'])
    expect(codes(await ask(hazard.id, await loop.day(200), { note: '' }))).toEqual(['MISSING_FIELD'])
  })
})

describe('a step', () => {
  let id: string
  beforeEach(async () => {
    id = (await loop.bring('reported', {})).id
  })

  test('on an outdated version is a conflict with the present state, and writes nothing', async () => {
    await loop.must('town', id, 'verify')
    const answer = await loop.step('village', id, 1, 'reject', { note: '不属实' })
    expect(answer).toMatchObject({
      status: 'conflict',
      hazard: { state: 'verified', version: 2, last: { action: 'verify', by: '人town', role: '别山镇网格长' } },
      reasons: [{ code: 'CONFLICT' }],
    })
    for (const version of [null, 0, 3, 99])
      expect((await loop.step('village', id, version, 'verify')).status).toBe('conflict')
    expect((await loop.read(id)).version).toBe(2)
  })

  test('of two at once only one lands', async () => {
    const answers = await Promise.all([
      loop.step('town', id, 1, 'verify'),
      loop.step('village', id, 1, 'reject', { note: '已消除' }),
      loop.step('leader', id, 1, 'verify'),
      loop.step('officer', id, 1, 'verify'),
    ])
    expect(answers.map((a) => a.status).sort()).toEqual(['conflict', 'conflict', 'conflict', 'ok'])
    expect(await loop.verify(id)).toMatchObject({ intact: true, events: 2 })
  })

  test('sent twice is one step', async () => {
    const event_id = crypto.randomUUID()
    const twice = await Promise.all([0, 1].map(() => loop.step('town', id, 1, 'verify', { event_id })))
    expect(twice.map((a) => a.status)).toEqual(['ok', 'ok'])
    expect((await loop.read(id)).version).toBe(2)
    const other = await loop.bring('reported', {})
    expect((await loop.step('town', other.id, 1, 'verify', { event_id })).reasons).toMatchObject([
      { field: 'event_id' },
    ])
    expect((await loop.step('town', other.id, 1, 'verify', { event_id: 'x' })).reasons).toMatchObject([
      { field: 'event_id' },
    ])
    // another person's number does not make their step mine
    expect((await loop.step('village', id, 1, 'verify', { event_id })).status).toBe('conflict')
  })

  test.each([
    ['reject', {}, 'note', 'MISSING_FIELD'],
    ['verify', { severity: 'huge' }, 'severity', 'BAD_VALUE'],
    ['verify', { sector: '没有的' }, 'sector', 'UNKNOWN_SECTOR'],
    ['verify', { lon: 117 }, 'lon', 'BAD_VALUE'],
    ['verify', { lon: 'x', lat: 'y' }, 'lon', 'BAD_VALUE'],
    ['verify', { note: '长'.repeat(2001) }, 'note', 'TOO_LONG'],
    ['verify', { photos: ['a/b.jpg'] }, 'photos', 'BAD_VALUE'],
    ['explode', {}, 'action', 'WRONG_STATE'],
    ['escalate', {}, 'action', 'WRONG_STATE'],
    ['report', {}, 'action', 'WRONG_STATE'],
    [null, {}, 'action', 'WRONG_STATE'],
  ] as const)('%s with bad fields is refused in words: %#', async (action, fields, field, code) => {
    const answer = await loop.step('town', id, 1, action as Action, fields)
    expect(answer).toMatchObject({ status: 'rejected', hazard: { state: 'reported' }, reasons: [{ field, code }] })
  })

  test('with fields that are no object is refused', async () => {
    for (const fields of ['[]', '"x"', '7'])
      expect((await loop.step('town', id, 1, 'verify', fields as unknown as object)).reasons).toMatchObject([
        { field: 'fields' },
      ])
  })

  test('assigns only people who may have it, until a day that makes sense', async () => {
    await loop.must('town', id, 'verify')
    const assign = async (fields: object) =>
      (await loop.step('town', id, 2, 'assign', fields)).reasons.map((r) => r.field)
    expect(await assign({})).toEqual(['to'])
    for (const to of [people.town2, people.stranger, people.admin, people.duty, 'x'])
      expect(await assign({ to })).toEqual(['to'])
    const to = people.member
    expect(await assign({ to, due: '明天' })).toEqual(['due'])
    expect(await assign({ to, due: '2020-01-01' })).toEqual(['due'])
    expect(await assign({ to, due: await loop.day(181) })).toEqual(['due'])
    const { people: offered } = await c.call<{ people: { user_id: string }[] }>('town', 'hazard_candidates', {
      p_hazard: id,
    })
    for (const person of offered)
      expect((await loop.attempt('town', id, 2, 'assign', { to: person.user_id })).status).toBe('ok')
    expect(offered.map((p) => p.user_id)).toEqual([
      people.enterprise,
      people.village,
      people.member,
      people.town,
      people.leader,
      people.officer,
    ])
    expect(await c.call('member', 'hazard_candidates', { p_hazard: id })).toEqual({ status: 'not_found' })
    await loop.must('town', id, 'assign', { to, due: await loop.day(9) })
    expect(await loop.dueDay(id)).toBe(await loop.day(9))
    // handed over, with the same day
    await loop.must('village', id, 'assign', { to: people.enterprise })
    expect(await loop.read(id)).toMatchObject({
      assigned_to: people.enterprise,
      assigned_by: people.village,
      state: 'assigned',
    })
    expect(await loop.dueDay(id)).toBe(await loop.day(9))
  })

  test('leaves who, when, where, words and photos', async () => {
    const photos = [`${id}/${crypto.randomUUID()}.jpg`]
    const missing = await loop.step('village', id, 1, 'verify', { photos })
    expect(missing.reasons).toMatchObject([{ field: 'photos', code: 'NOT_FOUND' }])
    await upload(c.db, photos)
    await loop.must('village', id, 'verify', { note: '属实\n已拍照', lon: 117.051, lat: '40.151', photos })
    const { events } = await c.call<{ events: Record<string, unknown>[] }>('member', 'hazard_history', { p_hazard: id })
    expect(events.map((e) => e.action)).toEqual(['report', 'verify'])
    expect(events[1]).toMatchObject({
      actor: people.village,
      actor_name: '人village',
      actor_role: '别山一村网格长',
      note: '属实\n已拍照',
      lon: 117.051,
      lat: 40.151,
      photos,
      from_state: 'reported',
      to_state: 'verified',
      grid: '别山一村',
    })
    expect(await c.call('town2', 'hazard_history', { p_hazard: id })).toEqual({ status: 'not_found' })
    expect(await c.call('town2', 'hazard_history', { p_hazard: crypto.randomUUID() })).toEqual({ status: 'not_found' })
  })
})

describe('what lies outside one’s scope', () => {
  test('is answered exactly like what does not exist', async () => {
    const hazard = await loop.bring('submitted', { to: people.village })
    for (const who of ['town2', 'stranger'] as Person[]) {
      for (const [name, args] of [
        ['advance_hazard', { p_version: 5, p_action: 'pass' }],
        ['advance_hazard', { p_version: 99, p_action: 'explode' }],
        ['verify_history', {}],
        ['hazard_history', {}],
        ['hazard_candidates', {}],
        ['hazard_card', {}],
      ] as const) {
        const there = await c.call(who, name, { p_hazard: hazard.id, ...args })
        expect(there, name).toEqual(await c.call(who, name, { p_hazard: crypto.randomUUID(), ...args }))
      }
      const { rows } = await c.as(who).query('select * from public.hazard_events where hazard_id = $1', [hazard.id])
      expect(rows).toEqual([])
    }
    const seen = await c
      .as('member')
      .query<{ n: number }>('select count(*)::int as n from public.hazard_events where hazard_id = $1', [hazard.id])
    expect(seen.rows[0]!.n).toBe(5)
    expect(enterprises.a).toBeTruthy()
  })
})

describe('by PATCH', () => {
  const writes = [
    `update public.hazards set state = 'closed'`,
    'update public.hazards set grid_id = 1',
    'update public.hazards set version = 99',
    `update public.hazards set location = location`,
    'delete from public.hazards',
    `insert into public.hazards (code, title, location) select 'YH-20260101-9999', 'x', location from public.hazards limit 1`,
    `insert into public.hazard_events (hazard_id, version, action, to_state, at, prev_hash, hash)
       select id, 9, 'pass', 'closed', now(), '', '' from public.hazards limit 1`,
    `update public.hazard_events set note = 'x'`,
    'delete from public.hazard_events',
    'truncate public.hazard_events cascade',
  ]
  test.each([...everybody, 'anon', 'service_role'] as Person[])('%s changes no hazard and no history', async (who) => {
    for (const sql of writes) expect(await failure(() => c.as(who).query(sql)), sql).toBe('42501')
  })

  test('the owner of the tables does not change history either', async () => {
    await loop.bring('verified', {})
    for (const sql of writes.slice(7)) expect(await failure(() => c.db.query(sql)), sql).toBe('42501')
  })

  test('only administrators change the terms and the calendar', async () => {
    const change = `update public.hazard_terms set days = 4 where step = 'verify' and severity = 'general'`
    const add = `insert into public.work_calendar (day, kind, name) values ('2031-01-01', 'holiday', '元旦')`
    for (const who of everybody.filter((p) => p !== 'admin')) {
      expect((await c.as(who).query(change)).affected).toBe(0)
      expect(await failure(() => c.as(who).query(add))).toBe('42501')
    }
    expect((await c.as('admin').query(change)).affected).toBe(1)
    expect((await c.as('admin').query(add)).affected).toBe(1)
    const hazard = await loop.bring('reported', {})
    expect(
      await one(
        c.db,
        'select due_at = private.day_end(private.add_working_days(private.today(), 4)) as four from public.hazards where id = $1',
        [hazard.id],
      ),
    ).toEqual({ four: true })
  })
})
