import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { box, type County, enterprises, one, openCounty, type Person, people } from './fixtures.ts'
import { type Answer, type Loop, makeLoop } from './hazardLoop.ts'

// What somebody tried in order to take a step that is not theirs, or one of theirs twice. On native PostgreSQL those who
// act at once are on connections of their own.
let c: County
let loop: Loop
beforeAll(async () => {
  c = await openCounty()
  loop = makeLoop(c)
  await c.db.query(`insert into public.profiles (id, name) values ($1, '副手')`, [people.stranger])
})
afterAll(() => c.db.close())

const codes = (answer: Answer) => answer.reasons.map((reason) => reason.code)
const history = async (id: string) =>
  (
    await c.db.query<{ action: string; actor: string }>(
      'select action, actor from public.hazard_events where hazard_id = $1 order by seq',
      [id],
    )
  ).rows
const give = (who: Person, grid: number, position: string) =>
  c.db.query('insert into public.memberships (user_id, grid_id, position) values ($1, $2, $3)', [
    people[who],
    grid,
    position,
  ])
const drop = (who: Person, grid: number) =>
  c.db.query('delete from public.memberships where user_id = $1 and grid_id = $2', [people[who], grid])

describe('at once', () => {
  test('everybody takes the same step: one lands, the others are told who was quicker', async () => {
    for (let round = 0; round < 4; round++) {
      const { id } = await loop.bring('submitted', { to: people.village })
      const { version } = await loop.read(id)
      const who: Person[] = ['town', 'leader', 'officer', 'admin', 'town', 'leader']
      const answers = await Promise.all(
        who.map((person, i) => loop.step(person, id, version, i % 2 ? 'return' : 'pass', { note: '现场看过' })),
      )
      expect(answers.filter(({ status }) => status === 'ok')).toHaveLength(1)
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['ok', 'conflict']))
      const after = await loop.read(id)
      expect(after.version).toBe(version + 1)
      expect((await history(id)).slice(-2).map(({ action }) => action)[0]).toBe('submit')
      expect(await loop.verify(id)).toMatchObject({ intact: true, events: version + 1 })
    }
  })

  test('a step sent five times is one step, and says so five times', async () => {
    const { id } = await loop.bring('rectifying', { to: people.village })
    const { version } = await loop.read(id)
    const event_id = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => loop.step('village', id, version, 'submit', { note: '已整改', event_id })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill('ok'))
    expect((await history(id)).filter(({ action }) => action === 'submit')).toHaveLength(1)
  })

  test('a right is taken while its owner acts: after it nothing of theirs lands', async () => {
    const { id } = await loop.bring('reported', {})
    await give('stranger', c.grid.t1, 'deputy')
    const [, answer] = await Promise.all([drop('stranger', c.grid.t1), loop.step('stranger', id, 1, 'verify')])
    const verified = (await loop.read(id)).state === 'verified'
    expect(answer.status === 'ok').toBe(verified)
    expect(codes(await loop.step('stranger', id, verified ? 2 : 1, 'assign', { to: people.village }))).toEqual([
      'NOT_FOUND',
    ])
  })
})

describe('a number of somebody else’s step', () => {
  test('opens nothing: not for another person, not for another hazard, not for another step', async () => {
    const [one, two] = [await loop.bring('reported', {}), await loop.bring('reported', {})]
    const event_id = randomUUID()
    expect((await loop.step('town', one.id, 1, 'verify', { event_id })).status).toBe('ok')
    expect(codes(await loop.step('leader', one.id, 2, 'assign', { to: people.village, event_id }))).toEqual([
      'BAD_VALUE',
    ])
    expect((await loop.step('leader', one.id, 1, 'verify', { event_id })).status).toBe('conflict')
    expect(codes(await loop.step('town', two.id, 1, 'verify', { event_id }))).toEqual(['BAD_VALUE'])
    expect((await loop.read(two.id)).state).toBe('reported')
    // outside the scope it is not even said that the number is known
    expect(codes(await loop.step('town2', one.id, 1, 'verify', { event_id }))).toEqual(['NOT_FOUND'])
  })
})

describe('one’s own work', () => {
  test('is not reviewed through a second position, higher up or as an officer', async () => {
    const { id } = await loop.bring('submitted', { to: people.village })
    await give('village', c.grid.root, 'leader')
    await c.db.query('insert into public.department_officers (user_id, department_id) values ($1, $2)', [
      people.village,
      c.department,
    ])
    const { version } = await loop.read(id)
    for (const action of ['pass', 'return'] as const)
      expect(codes(await loop.step('village', id, version, action))).toEqual(['NOT_ALLOWED'])
    await c.db.query('delete from public.department_officers where user_id = $1', [people.village])
    await drop('village', c.grid.root)
  })

  test('is not reviewed by whoever gave it to themselves', async () => {
    const { id } = await loop.bring('verified', {})
    await loop.must('town', id, 'assign', { to: people.town })
    await loop.must('town', id, 'start')
    await loop.must('town', id, 'submit')
    const { version } = await loop.read(id)
    expect(codes(await loop.step('town', id, version, 'pass'))).toEqual(['NOT_ALLOWED'])
    // nor by giving it away again: what is submitted is not assigned anew
    expect(codes(await loop.step('town', id, version, 'assign', { to: people.village }))).toEqual(['WRONG_STATE'])
    expect((await loop.step('leader', id, version, 'pass')).status).toBe('ok')
  })

  test('of one round is not reviewed in the next', async () => {
    const { id } = await loop.bring('submitted', { to: people.village })
    await loop.must('town', id, 'pass')
    await loop.must('leader', id, 'reopen')
    // the member now writes for the village leader, who has no account
    await loop.must('member', id, 'submit')
    const { version } = await loop.read(id)
    for (const who of ['village', 'member'] as Person[])
      expect(codes(await loop.step(who, id, version, 'pass')), who).toEqual(['NOT_ALLOWED'])
    expect((await loop.step('town', id, version, 'pass')).status).toBe('ok')
  })

  test('a deputy is somebody else, unless the deputy did it for the leader', async () => {
    await give('stranger', c.grid.v11, 'deputy')
    const own = await loop.bring('submitted', { to: people.village })
    expect((await loop.step('stranger', own.id, (await loop.read(own.id)).version, 'pass')).status).toBe('ok')
    const done = await loop.bring('rectifying', { to: people.village })
    await loop.must('stranger', done.id, 'submit')
    expect(codes(await loop.step('stranger', done.id, (await loop.read(done.id)).version, 'pass'))).toEqual([
      'NOT_ALLOWED',
    ])
    await drop('stranger', c.grid.v11)
  })

  test('of an enterprise is not reviewed by its user who also has a position', async () => {
    await give('enterprise', c.grid.v11, 'member')
    const { id } = await loop.bring('submitted', { to: people.village })
    const { version } = await loop.read(id)
    expect(codes(await loop.step('enterprise', id, version, 'pass'))).toEqual(['NOT_ALLOWED'])
    await drop('enterprise', c.grid.v11)
  })
})

describe('a border that moves in the middle of the loop', () => {
  test('takes the hazard out of sight: what arrived before counts, nothing more lands, nothing is told', async () => {
    const report = async () =>
      (
        await c.call<{ hazard: { id: string } }>('town', 'report_hazard', {
          p_hazard: { client_id: randomUUID(), title: '临时线路', lon: 117.19, lat: 40.15, sector: 'gm' },
        })
      ).hazard
    const move = async (east: number) => {
      const answer = await c.call<{ status: string; moved: { hazards: number } }>('admin', 'commit_grid_boundaries', {
        p_changes: [
          { id: c.grid.t1, boundary: box(117, 40.1, east, 40.2) },
          { id: c.grid.v12, boundary: box(117.1, 40.1, east, 40.2) },
          { id: c.grid.t2, boundary: box(east, 40.1, 117.4, 40.2) },
          { id: c.grid.v21, boundary: box(east, 40.1, 117.3, 40.2) },
        ],
        p_options: {},
      })
      expect(answer.status).toBe('committed')
    }
    // the town leader, who sees it, verified another one just before the border moved over it
    const other = await report()
    const open = await report()
    const number = randomUUID()
    expect((await loop.step('town', other.id, 1, 'verify', { event_id: number })).status).toBe('ok')
    await move(117.18)
    // its answer was lost: asked again, it is done, and nothing is said of where it stands now
    expect(await loop.step('town', other.id, 1, 'verify', { event_id: number })).toMatchObject({
      status: 'ok',
      hazard: null,
    })
    expect(codes(await loop.step('town', other.id, 2, 'assign', { to: people.village }))).toEqual(['NOT_FOUND'])
    expect(codes(await loop.step('town', open.id, 1, 'verify'))).toEqual(['NOT_FOUND'])
    expect((await loop.step('town2', other.id, 2, 'assign', { to: people.town2 })).status).toBe('ok')
    await move(117.2)
    expect(await loop.verify(other.id)).toMatchObject({ intact: true })
  })
})

describe('a photo', () => {
  test('of another hazard proves nothing here', async () => {
    const { id } = await loop.bring('rectifying', { to: people.village })
    const foreign = `${enterprises.b}/${randomUUID()}.jpg`
    const answer = await loop.step('village', id, (await loop.read(id)).version, 'submit', {
      note: '见照片',
      photos: [foreign],
    })
    expect(codes(answer)).toEqual(['BAD_VALUE'])
    expect(
      (
        await one<{ n: number }>(
          c.db,
          `select count(*)::int as n from public.hazard_events where hazard_id = $1 and action = 'submit'`,
          [id],
        )
      ).n,
    ).toBe(0)
  })
})
