import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, openCounty, type Person } from './fixtures.ts'

// 保存的视图: one's own, or for the people of a grid one leads.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

interface Views {
  views: {
    id: string
    name: string
    mine: boolean
    owner: string
    grid: string | null
    query: string
    layout: object
  }[]
  layout: object
  first: string | null
  may_share: { id: number; name: string }[]
}
interface Answer {
  status: string
  id?: string
  errors?: { code: string }[]
}
const views = (who: Person) => c.call<Views>(who, 'ledger_views', { p_kind: 'hazards' })
const save = (who: Person, view: object) =>
  c.call<Answer>(who, 'save_view', { p_view: { kind: 'hazards', query: 'overdue=true', ...view } })
const code = (answer: Answer) => answer.errors?.[0]?.code ?? answer.status

describe('a view', () => {
  test('is kept, changed and dropped by its owner', async () => {
    const { id } = await save('village', { name: '本村逾期', layout: { columns: ['code', 'title'] } })
    expect((await views('village')).views).toMatchObject([
      { id, name: '本村逾期', mine: true, query: 'overdue=true', layout: { columns: ['code', 'title'] }, grid: null },
    ])
    expect(code(await save('village', { id, name: '逾期', query: 'overdue=true&sort=due_at' }))).toBe('ok')
    expect((await views('village')).views[0]).toMatchObject({ name: '逾期', query: 'overdue=true&sort=due_at' })
    expect(
      await c.call('village', 'keep_ledger', { p_kind: 'hazards', p_layout: { dense: true }, p_first: id }),
    ).toEqual({ status: 'ok' })
    expect(await views('village')).toMatchObject({ layout: { dense: true }, first: id })
    expect(await c.call('village', 'drop_view', { p_view: id! })).toEqual({ status: 'ok' })
    expect(await views('village')).toMatchObject({ views: [], first: null, layout: { dense: true } })
  })

  test('of somebody else is not there', async () => {
    const { id } = await save('town', { name: '只给自己' })
    for (const who of ['village', 'admin', 'leader', 'town2'] as const) {
      expect((await views(who)).views).toEqual([])
      expect(code(await save(who, { id, name: '改名' }))).toBe('NOT_FOUND')
      expect(code(await c.call<Answer>(who, 'drop_view', { p_view: id! }))).toBe('NOT_FOUND')
      expect(code(await c.call<Answer>(who, 'keep_ledger', { p_kind: 'hazards', p_first: id! }))).toBe('NOT_FOUND')
      const { rows } = await c.as(who).query('select * from public.saved_views')
      expect(rows).toEqual([])
    }
    expect((await views('town')).views.map((v) => v.name)).toEqual(['只给自己'])
  })

  test('shared with a grid reaches its people and those below, nobody else', async () => {
    const { id } = await save('town', { name: '全镇重大', grid_id: c.grid.t1 })
    for (const who of ['village', 'member'] as const)
      expect((await views(who)).views).toMatchObject([{ id, mine: false, owner: '人town', grid: '别山镇' }])
    for (const who of ['town2', 'leader', 'enterprise', 'stranger'] as const)
      expect((await views(who)).views).toEqual([])
    expect(code(await c.call<Answer>('member', 'drop_view', { p_view: id! }))).toBe('NOT_FOUND')
  })

  test('is shared only with a grid that one leads', async () => {
    for (const [who, grid] of [
      ['town', c.grid.root],
      ['town', c.grid.t2],
      ['member', c.grid.v11],
      ['stranger', c.grid.v11],
    ] as const)
      expect(code(await save(who, { name: '越权', grid_id: grid })), who).toBe('NOT_ALLOWED')
    expect(code(await save('town', { name: '本村', grid_id: c.grid.v11 }))).toBe('ok')
    expect((await views('town')).may_share).toEqual([{ id: c.grid.t1, name: '别山镇' }])
    expect((await views('member')).may_share).toEqual([])
  })

  test.each<[string, object, string]>([
    ['no name', { name: '  ' }, 'MISSING_FIELD'],
    ['a name too long', { name: '长'.repeat(41) }, 'TOO_LONG'],
    ['a filter too long', { name: '多', query: 'q'.repeat(2001) }, 'TOO_LONG'],
    ['a ledger that is none', { name: '无', kind: 'people' }, 'BAD_VALUE'],
    ['a grid that is none', { name: '无', grid_id: 'x' }, 'NOT_ALLOWED'],
  ])('with %s is refused', async (_, view, expected) => {
    expect(code(await save('town', view))).toBe(expected)
  })

  test('of a name that one has already is refused', async () => {
    await save('leader', { name: '同名' })
    expect(code(await save('leader', { name: '同名' }))).toBe('DUPLICATE_CODE')
  })

  test('nobody writes the tables themselves', async () => {
    for (const sql of [
      `insert into public.saved_views (owner, kind, name) values (auth.uid(), 'hazards', 'x')`,
      `update public.saved_views set name = 'x'`,
      `insert into public.ledger_settings (user_id, kind) values (auth.uid(), 'hazards')`,
    ])
      await expect(c.as('town').query(sql)).rejects.toMatchObject({ code: '42501' })
  })

  test('of somebody without a person is not kept', async () => {
    expect(code(await save('stranger', { name: '无人' }))).toBe('NOT_ALLOWED')
  })

  test('answers bad questions', async () => {
    expect(code(await c.call<Answer>('town', 'ledger_views', { p_kind: 'x' }))).toBe('BAD_VALUE')
    expect(code(await c.call<Answer>('town', 'keep_ledger', { p_kind: 'hazards', p_layout: '[]' }))).toBe('BAD_VALUE')
    expect(code(await c.call<Answer>('town', 'save_view', { p_view: '7' }))).toBe('BAD_VALUE')
  })
})
