import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, hazards, openCounty, type Person, people } from './fixtures.ts'
import { type Loop, makeLoop } from './hazardLoop.ts'

// 批量办理: each row through the one door, each with its own answer.
let c: County
let loop: Loop
beforeAll(async () => {
  c = await openCounty()
  loop = makeLoop(c)
})
afterAll(() => c.db.close())

interface Answer {
  status: string
  rows: {
    nth: number
    id: string
    status: string
    state: string
    version: number
    reasons: { code: string; message: string }[]
  }[]
  errors?: { code: string }[]
}
const bulk = (who: Person, items: unknown, action: string, fields: object = {}) =>
  c.call<Answer>(who, 'advance_hazards', { p_items: items as never, p_action: action, p_fields: fields })
const make = async (state: 'reported' | 'verified', n: number) => {
  const made: { id: string; version: number }[] = []
  for (let i = 0; i < n; i++) {
    const { id } = await loop.bring(state, {})
    made.push({ id, version: (await loop.read(id)).version })
  }
  return made
}

describe('many at once', () => {
  test('are verified, then assigned, each with a step in its history', async () => {
    const made = await make('reported', 3)
    const verified = await bulk('town', made, 'verify')
    expect(verified.rows.map((r) => [r.nth, r.id, r.status, r.state])).toEqual(
      made.map((m, i) => [i + 1, m.id, 'ok', 'verified']),
    )
    const items = verified.rows.map(({ id, version }) => ({ id, version }))
    const assigned = await bulk('town', items, 'assign', { to: people.village, note: '限期整改' })
    expect(assigned.rows.every((r) => r.status === 'ok' && r.state === 'assigned')).toBe(true)
    for (const { id } of made) {
      expect(await loop.read(id)).toMatchObject({ assigned_to: people.village })
      expect(await loop.verify(id)).toMatchObject({ intact: true, events: 3 })
    }
  })

  test('what fails fails alone, and says why', async () => {
    const [good, late] = await make('verified', 2)
    const answer = await bulk(
      'town',
      [
        good!,
        { ...late!, version: 1 },
        { id: hazards.other, version: 1 },
        { id: hazards.major, version: 1 },
        { id: 'x', version: 1 },
        7,
      ],
      'assign',
      { to: people.village },
    )
    expect(answer.rows.map((r) => [r.status, r.reasons[0]?.code])).toEqual([
      ['ok', undefined],
      ['conflict', 'CONFLICT'],
      ['rejected', 'NOT_FOUND'],
      ['rejected', 'WRONG_STATE'],
      ['rejected', 'BAD_VALUE'],
      ['rejected', 'BAD_VALUE'],
    ])
    expect(answer.rows.slice(1).every((r) => /[一-鿿]/.test(r.reasons[0]!.message))).toBe(true)
  })

  test('sent twice are done once', async () => {
    const items = (await make('verified', 2)).map((item) => ({ ...item, event_id: crypto.randomUUID() }))
    const first = await bulk('town', items, 'assign', { to: people.village })
    const again = await bulk('town', items, 'assign', { to: people.village })
    expect(again.rows.map((r) => [r.status, r.version])).toEqual(first.rows.map((r) => ['ok', r.version]))
    expect(await loop.verify(items[0]!.id)).toMatchObject({ events: 3 })
  })

  test('each may have fields of its own', async () => {
    const [a, b] = await make('verified', 2)
    await bulk('town', [{ ...a, fields: { to: people.enterprise } }, b], 'assign', { to: people.village })
    expect((await loop.read(a!.id)).assigned_to).toBe(people.enterprise)
    expect((await loop.read(b!.id)).assigned_to).toBe(people.village)
  })

  test.each<Person>(['member', 'enterprise', 'town2', 'stranger', 'duty'])('%s gets nothing assigned', async (who) => {
    const made = await make('verified', 1)
    const answer = await bulk(who, made, 'assign', { to: people.village })
    expect(answer.rows[0]!.status).toBe('rejected')
    expect((await loop.read(made[0]!.id)).state).toBe('verified')
  })

  test.each<[string, unknown, string]>([
    ['no list', {}, 'assign'],
    ['a step that is none', [], 'escalate'],
    ['a step that needs each its own evidence', [], 'submit'],
    ['too many', Array.from({ length: 501 }, () => ({})), 'assign'],
  ])('%s is refused', async (_, items, action) => {
    expect(await bulk('town', items, action)).toMatchObject({ status: 'rejected', rows: [] })
  })
})

describe('candidates', () => {
  interface Candidates {
    status: string
    asked: number
    assignable: number
    people: { user_id: string; fits: number; role: string }[]
    nearest: Record<string, string>
    firm: Record<string, string>
  }
  const ask = (who: Person, ids: unknown) => c.call<Candidates>(who, 'bulk_candidates', { p_hazards: ids as never })

  test('say for how many they fit, and who is nearest', async () => {
    const [a, b] = await make('verified', 2)
    const answer = await ask('town', [a!.id, b!.id, hazards.major])
    expect(answer).toMatchObject({ asked: 3, assignable: 2 })
    expect(answer.people.find((p) => p.user_id === people.village)).toMatchObject({ fits: 2, role: '别山一村网格长' })
    expect(answer.nearest).toEqual({ [a!.id]: people.village, [b!.id]: people.village })
    expect(answer.firm).toEqual({ [a!.id]: people.enterprise, [b!.id]: people.enterprise })
  })

  test('are nobody for who may not assign', async () => {
    const [a] = await make('verified', 1)
    for (const who of ['member', 'town2', 'stranger', 'enterprise'] as const)
      expect(await ask(who, [a!.id])).toMatchObject({ assignable: 0, people: [], nearest: {}, firm: {} })
    expect((await ask('town', {})).status).toBe('rejected')
  })
})
