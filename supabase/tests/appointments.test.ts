import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, failure, type GridKey, one, openCounty, type Person, people } from './fixtures.ts'

// Who may give and take positions; that it holds at the next request; that the history keeps it.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

type Answer = {
  status: 'ok' | 'rejected'
  user_id?: string
  created?: boolean
  errors?: { field: string; code: string; message: string; user_id?: string }[]
}
let serial = 0
const somebody = () => ({ name: `新人${++serial}`, phone: `1390000${String(serial).padStart(4, '0')}` })
const appoint = (who: Person, grid: GridKey, person: unknown, position: string) =>
  c.call<Answer>(who, 'appoint', { p_grid: c.grid[grid], p_person: person, p_position: position })
const dismiss = (who: Person, grid: GridKey, user: string, position: string, confirm = false) =>
  c.call<Answer>(who, 'dismiss', { p_grid: c.grid[grid], p_user: user, p_position: position, p_confirm: confirm })
const code = (answer: Answer) => answer.errors?.[0]?.code ?? answer.status

const grids: GridKey[] = ['root', 't1', 't2', 'v11', 'v12']
const all = ['leader', 'deputy', 'member'] as const
// what each may give, by grid; everything else is refused
const may: Record<Person, Partial<Record<GridKey, string[]>>> = {
  admin: { root: [...all, 'duty'], t1: [...all], t2: [...all], v11: [...all], v12: [...all] },
  leader: { root: ['member', 'duty'], t1: [...all], t2: [...all], v11: [...all], v12: [...all] },
  town: { t1: ['member'], v11: [...all], v12: [...all] },
  town2: { t2: ['member'] },
  village: { v11: ['member'] },
  member: {},
  duty: {},
  officer: {},
  enterprise: {},
  stranger: {},
}
const everybody = Object.keys(people) as Person[]

describe.each(everybody)('%s', (who) => {
  test('gives exactly the positions that are theirs to give, and takes them back', async () => {
    const given: Partial<Record<GridKey, string[]>> = {}
    for (const grid of grids) {
      for (const position of [...all, 'duty']) {
        const answer = await appoint(who, grid, somebody(), position)
        if (answer.status !== 'ok') continue
        given[grid] = [...(given[grid] ?? []), position]
        expect(await dismiss(who, grid, answer.user_id!, position, true)).toEqual({
          status: 'ok',
          user_id: answer.user_id,
        })
      }
    }
    expect(given).toEqual(may[who])
  })

  test('is told in grid_staff the same as the door says', async () => {
    for (const grid of grids) {
      const staff = await c.call<{ status: string; grids?: { id: number; may: string[] }[] }>(who, 'grid_staff', {
        p_grid: c.grid[grid],
      })
      const own = staff.grids?.find((g) => g.id === c.grid[grid])
      expect([grid, own?.may ?? []]).toEqual([grid, may[who][grid] ?? []])
    }
  })

  test('takes no position that is not theirs to take', async () => {
    const posts = [
      ['root', people.leader, 'leader'],
      ['t2', people.town2, 'leader'],
      ['v11', people.member, 'member'],
    ] as const
    for (const [grid, user, position] of posts) {
      if (may[who][grid]?.includes(position)) continue
      const answer = await dismiss(who, grid, user, position, true)
      expect(answer.status).toBe('rejected')
      const { n } = await one<{ n: number }>(
        c.db,
        'select count(*)::int as n from public.memberships where user_id = $1 and grid_id = $2 and position = $3',
        [user, c.grid[grid], position],
      )
      expect(n).toBe(1)
    }
  })

  test('corrects exactly the people who are theirs', async () => {
    const theirs: Record<Person, Person[]> = {
      admin: everybody.filter((p) => p !== 'stranger'),
      leader: ['town', 'town2', 'village', 'member', 'duty'],
      town: ['village', 'member'],
      town2: [],
      village: ['member'],
      member: [],
      duty: [],
      officer: [],
      enterprise: [],
      stranger: [],
    }
    const changed: Person[] = []
    for (const person of everybody) {
      const answer = await c.call<Answer>(who, 'update_person', {
        p_user: people[person],
        p_fields: { title: `由${who}登记` },
      })
      if (answer.status === 'ok') changed.push(person)
    }
    expect(changed).toEqual(theirs[who].sort((a, b) => everybody.indexOf(a) - everybody.indexOf(b)))
  })
})

test('a grid outside the scope is answered like one that does not exist', async () => {
  const foreign = await appoint('town', 't2', somebody(), 'member')
  const absent = await c.call<Answer>('town', 'appoint', {
    p_grid: 999999,
    p_person: somebody(),
    p_position: 'member',
  })
  expect(foreign).toEqual(absent)
  expect(code(foreign)).toBe('NOT_FOUND')
  expect(await c.call('town', 'grid_staff', { p_grid: c.grid.t2 })).toEqual({ status: 'not_found' })
})

test('a person of elsewhere cannot be drawn in by their id', async () => {
  const answer = await appoint('town', 'v11', { user_id: people.town2 }, 'member')
  expect(code(answer)).toBe('NOT_FOUND')
  expect(code(await appoint('town', 'v11', { user_id: 'nobody' }, 'member'))).toBe('NOT_FOUND')
})

test('the one who sees a grid without leading it is told whose right it is', async () => {
  const answer = await appoint('village', 't1', somebody(), 'leader')
  expect(code(answer)).toBe('NOT_ALLOWED')
  expect(answer.errors![0]!.message).toContain('上级网格')
})

test('an appointment is in force at the next request, and its end too', async () => {
  const sees = async () => {
    const { rows } = await c.as('stranger').query<{ code: string }>('select code from public.grids order by code')
    return rows.map((row) => row.code)
  }
  await c.db.query(`insert into public.profiles (id, name) values ($1, '陌生人')`, [people.stranger])
  expect(await sees()).toEqual([])
  expect((await appoint('admin', 't2', { user_id: people.stranger }, 'deputy')).status).toBe('ok')
  expect(await sees()).toEqual(['1', '102', '10201', '10202'])
  const made = await appoint('stranger', 'v21', somebody(), 'leader')
  expect(made.status).toBe('ok')
  expect((await dismiss('admin', 't2', people.stranger, 'deputy')).status).toBe('ok')
  expect(await sees()).toEqual([])
  expect(code(await dismiss('stranger', 'v21', made.user_id!, 'leader', true))).toBe('NOT_FOUND')
})

test('the last leader goes only when that is meant', async () => {
  const first = await dismiss('town', 'v11', people.village, 'leader')
  expect(code(first)).toBe('LAST_LEADER')
  expect(first.errors![0]!.message).toContain('唯一的网格长')
  const second = await appoint('town', 'v11', somebody(), 'leader')
  expect((await dismiss('town', 'v11', people.village, 'leader')).status).toBe('ok')
  expect(code(await dismiss('town', 'v11', second.user_id!, 'leader'))).toBe('LAST_LEADER')
  // dismissed, and still to be found and appointed again by whoever leads there
  const found = await c.call<{ user_id: string }[]>('town', 'find_people', { p_query: '人village', p_limit: 5 })
  expect(found.map((p) => p.user_id)).toEqual([people.village])
  expect((await appoint('town', 'v11', { user_id: people.village }, 'leader')).status).toBe('ok')
  expect((await dismiss('town', 'v11', second.user_id!, 'leader')).status).toBe('ok')
})

test('to rise ends the lower position; to step down is said first', async () => {
  const { user_id } = await appoint('town', 'v12', somebody(), 'member')
  expect((await appoint('town', 'v12', { user_id }, 'leader')).status).toBe('ok')
  const { rows } = await c.db.query<{ position: string }>(
    'select position from public.memberships where user_id = $1',
    [user_id],
  )
  expect(rows).toEqual([{ position: 'leader' }])
  expect(code(await appoint('town', 'v12', { user_id }, 'member'))).toBe('HOLDS_POSITION')
  expect(code(await appoint('town', 'v12', { user_id }, 'leader'))).toBe('HOLDS_POSITION')
})

test('somebody already known is not registered twice by accident', async () => {
  const answer = await appoint('town', 'v12', { name: '人member' }, 'member')
  expect(answer.errors![0]).toMatchObject({ code: 'DUPLICATE_PERSON', user_id: people.member })
  expect(await appoint('town', 'v12', { name: '人member', new: true }, 'member')).toMatchObject({
    status: 'ok',
    created: true,
  })
})

test('bad input is refused in words', async () => {
  const cases: [unknown, string, string][] = [
    [{ name: '' }, 'member', 'MISSING_FIELD'],
    [{}, 'member', 'MISSING_FIELD'],
    [null, 'member', 'MISSING_FIELD'],
    [[{ name: '甲' }], 'member', 'MISSING_FIELD'],
    [{ name: '长'.repeat(61) }, 'member', 'TOO_LONG'],
    [{ name: '甲', phone: '1'.repeat(31) }, 'member', 'TOO_LONG'],
    [{ name: '甲', phone: '<b>' }, 'member', 'BAD_VALUE'],
    [{ name: '甲\u0007' }, 'member', 'BAD_VALUE'],
    [{ name: '甲' }, 'mayor', 'BAD_VALUE'],
    [{ name: '甲' }, 'duty', 'BAD_VALUE'],
  ]
  for (const [person, position, expected] of cases) {
    expect([person, code(await appoint('town', 'v12', person, position))]).toEqual([person, expected])
  }
  expect(
    code(await c.call('admin', 'update_person', { p_user: people.member, p_fields: { photo_path: 'x.jpg' } })),
  ).toBe('NOT_FOUND')
})

describe('the history', () => {
  const events = async (who: Person, grid: GridKey) =>
    (
      await c.call<{ events: { event: string; person: string; by: string | null; grid: string; position: string }[] }>(
        who,
        'appointment_history',
        { p_grid: c.grid[grid] },
      )
    ).events

  test('keeps who, where, when and by whom, also when the person is removed', async () => {
    const { user_id } = await appoint('town', 'v12', { name: '过客', phone: '1' }, 'member')
    await c.as('admin').query('delete from public.profiles where id = $1', [user_id])
    const [last, first] = await events('town', 'v12')
    expect(first).toMatchObject({
      event: 'appointed',
      person: '过客',
      by: '人town',
      grid: '别山二村',
      position: 'member',
    })
    expect(last).toMatchObject({ event: 'dismissed', person: '过客', by: '管理员', position: 'member' })
  })

  test('is seen only in one’s own scope', async () => {
    expect((await events('town', 't1')).length).toBeGreaterThan(3)
    expect(await events('town', 't2')).toEqual([])
    expect(await events('town', 'root')).toEqual([])
    expect(await events('enterprise', 'v11')).toEqual([])
    expect((await events('leader', 'root')).length).toBeGreaterThan(10)
    const { rows } = await c.as('town').query<{ grid_id: number }>('select distinct grid_id from public.appointments')
    const scope = [c.grid.t1, c.grid.v11, c.grid.v12]
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every((row) => scope.includes(row.grid_id))).toBe(true)
  })

  test('pages without a gap', async () => {
    const whole = await events('leader', 'root')
    const seen: string[] = []
    let before: number | null = null
    for (;;) {
      const page: { events: { person: string }[]; next: number | null } = await c.call(
        'leader',
        'appointment_history',
        {
          p_grid: c.grid.root,
          p_before: before,
          p_limit: 7,
        },
      )
      seen.push(...page.events.map((e) => e.person))
      before = page.next
      if (before === null) break
    }
    expect(seen.slice(0, whole.length)).toEqual(whole.map((e) => e.person))
  })

  test('can be changed by nobody', async () => {
    for (const sql of [
      'update public.appointments set person_name = person_name',
      'delete from public.appointments',
      `insert into public.appointments (event, user_id, grid_id, position, person_name, grid_name, effective_at)
         values ('appointed', gen_random_uuid(), 1, 'leader', 'x', 'x', now())`,
    ]) {
      expect([sql, await failure(() => c.as('admin').query(sql))]).toEqual([sql, '42501'])
    }
    for (const sql of [
      'update public.appointments set person_name = person_name',
      'delete from public.appointments',
      'truncate public.appointments',
    ]) {
      expect([sql, await failure(() => c.as('service_role').query(sql))]).toEqual([sql, '42501'])
      expect([sql, await failure(() => c.db.query(sql))]).toEqual([sql, '42501'])
    }
  })
})
