import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, codes, failure, one, openCounty, type Person, people } from './fixtures.ts'

// 专项行动: who announces them, what is valid, that the second of two is told, and that whoever is concerned hears of it.
let c: County
let today: string
const day = (after: number) => new Date(Date.parse(today) + after * 86_400_000).toISOString().slice(0, 10)

beforeAll(async () => {
  c = await openCounty()
  today = (await one<{ today: string }>(c.db, 'select private.today()::text as today')).today
})
afterAll(() => c.db.close())

interface Campaign {
  id: number
  version: number
  name: string
  from: string
  to: string
  state: string
  grid: { code: string; name: string }
  sectors: { id: number; name: string }[]
  description: string | null
  may_change: boolean
  by: string | null
}
interface Answer {
  status: string
  errors?: { field: string | null; code: string; message: string }[]
  campaign?: Campaign
}
interface Listed {
  status: string
  counts: Record<string, number>
  rows: Campaign[]
  grids: { code: string }[]
}
const save = (who: Person, more: object = {}) =>
  c.call<Answer>(who, 'save_campaign', {
    p_campaign: { name: '有限空间整治', grid: codes.t1, from: day(-3), to: day(3), ...more },
  })
const list = (who: Person, filter: object = {}) => c.call<Listed>(who, 'list_campaigns', { p_filter: filter })
const remove = (who: Person, { id, version }: { id: number; version: number }) =>
  c.call<Answer>(who, 'remove_campaign', { p_campaign: id, p_version: version })
const fields = (answer: Answer) => answer.errors?.map(({ field }) => field)
const none = () => c.db.query('delete from public.campaigns')

describe('announcing', () => {
  test('is done by administrators and by who leads the grid or one above it', async () => {
    for (const [who, grid, expected] of [
      ['admin', 'root', 'ok'],
      ['leader', 'root', 'ok'],
      ['leader', 'v22', 'ok'],
      ['town', 't1', 'ok'],
      ['town', 'v12', 'ok'],
      ['village', 'v11', 'ok'],
      ['town', 'root', 'rejected'],
      ['village', 't1', 'rejected'],
      ['member', 'v11', 'rejected'],
      ['duty', 'root', 'rejected'],
      ['officer', 't1', 'rejected'],
      ['enterprise', 'v11', 'rejected'],
      ['town', 't2', 'rejected'],
      ['stranger', 't1', 'rejected'],
    ] as const) {
      const answer = await save(who, { grid: codes[grid], name: `${who} ${grid}` })
      expect(answer.status, `${who} ${grid}`).toBe(expected)
      if (expected === 'ok')
        expect(answer.campaign).toMatchObject({ version: 1, state: 'running', may_change: true, sectors: [] })
      else expect(answer.errors?.[0]?.field, `${who} ${grid}`).toBe('grid')
    }
    // outside one's scope a grid does not exist
    expect((await save('town', { grid: codes.t2 })).errors?.[0]?.code).toBe('NOT_FOUND')
    expect((await save('town', { grid: codes.root })).errors?.[0]?.code).toBe('NOT_ALLOWED')
    await none()
  })

  test('names what is wrong with each field', async () => {
    expect(fields(await save('admin', { name: ' 　', from: '2026-13-01', to: 'x', grid: null }))).toEqual([
      'name',
      'grid',
      'from',
      'to',
    ])
    expect(fields(await save('admin', { to: day(-4) }))).toEqual(['to'])
    expect(fields(await save('admin', { to: day(2000) }))).toEqual(['to'])
    expect(fields(await save('admin', { name: '行'.repeat(81), description: '明'.repeat(4001) }))).toEqual([
      'name',
      'description',
    ])
    expect(fields(await save('admin', { sectors: [424242] }))).toEqual(['sectors'])
    expect(fields(await save('admin', { sectors: 'whp' }))).toEqual(['sectors'])
    expect(fields(await save('admin', { sectors: [c.sector.chem, 'x', { a: 1 }] }))).toEqual(['sectors'])
    for (const given of [null, [], '"x"', 7]) {
      const answer = await c.call<Answer>('admin', 'save_campaign', { p_campaign: given })
      expect(answer.status, JSON.stringify(given)).toBe('rejected')
    }
    expect((await list('admin')).rows).toEqual([])
  })

  test('sent twice, because the first answer was lost, is one campaign', async () => {
    expect((await save('town')).status).toBe('ok')
    expect(await save('town')).toMatchObject({ status: 'rejected', errors: [{ code: 'DUPLICATE_CODE' }] })
    expect((await list('town')).rows).toHaveLength(1)
    await none()
  })

  test('keeps who wrote it last, its sectors and its words', async () => {
    const { campaign } = await save('town', {
      name: ' 有限 \n 空间 ',
      sectors: [c.sector.trade, c.sector.chem],
      description: '逐户检查\n限期销号',
    })
    expect(campaign).toMatchObject({
      name: '有限 空间',
      description: '逐户检查\n限期销号',
      by: '人town',
      grid: { code: codes.t1, name: '别山镇' },
    })
    expect(campaign?.sectors.map(({ id }) => id).sort()).toEqual([c.sector.chem, c.sector.trade].sort())
    await none()
  })
})

describe('changing and removing', () => {
  test('the second of two is told, and nothing is overwritten', async () => {
    const { id, version } = (await save('town')).campaign!
    const first = await save('leader', { id, version, to: day(0) })
    expect(first).toMatchObject({ status: 'ok', campaign: { version: 2, to: day(0), by: '人leader' } })
    const second = await save('town', { id, version, name: '另一个名字' })
    expect(second).toMatchObject({ status: 'conflict', campaign: { version: 2, to: day(0), name: '有限空间整治' } })
    expect(await remove('town', { id, version })).toMatchObject({ status: 'conflict', campaign: { version: 2 } })
    expect((await save('town', { id, name: '另一个名字' })).status).toBe('conflict')
    expect(await remove('town', { id, version: 2 })).toEqual({ status: 'ok' })
    expect(await remove('town', { id, version: 2 })).toEqual({ status: 'not_found' })
    expect(await save('town', { id, version: 2 })).toEqual({ status: 'not_found' })
  })

  test('is done by who may announce it, where it is and where it goes', async () => {
    const { id, version } = (await save('leader', { grid: codes.root })).campaign!
    for (const who of ['town', 'village', 'member', 'duty', 'officer'] as const) {
      expect((await save(who, { id, version, grid: codes.root })).status, who).toBe('rejected')
      expect((await remove(who, { id, version })).status, who).toBe('rejected')
    }
    const down = (await save('leader', { id, version, grid: codes.t2 })).campaign!
    // the people of another township do not know of it any more
    expect((await save('town', { id, version: down.version })).status).toBe('not_found')
    expect((await remove('town', down)).status).toBe('not_found')
    expect((await save('town2', { id, version: down.version, grid: codes.root })).status).toBe('rejected')
    expect((await remove('town2', down)).status).toBe('ok')
  })

  test('goes through the two doors only', async () => {
    await save('leader')
    for (const who of Object.keys(people) as Person[]) {
      const hand = c.as(who)
      expect(await failure(() => hand.query('delete from public.campaigns')), who).toBe('42501')
      expect(await failure(() => hand.query(`update public.campaigns set name = 'x'`)), who).toBe('42501')
      expect(
        await failure(() =>
          hand.query('insert into public.campaigns (name, starts, ends, grid_id) values ($1, $2, $2, $3)', [
            'x',
            today,
            c.grid.t1,
          ]),
        ),
        who,
      ).toBe('42501')
    }
    await none()
  })
})

describe('the list', () => {
  test('has the campaigns of the grids one sees, counted by state, and what may be changed', async () => {
    const all = [
      ['过去的', 'root', -40, -30],
      ['全县的', 'root', -3, 3],
      ['一镇的', 't1', 0, 0],
      ['一村的', 'v11', 2, 9],
      ['二镇的', 't2', -1, 1],
    ] as const
    for (const [name, grid, from, to] of all)
      await save('admin', { name, grid: codes[grid], from: day(from), to: day(to) })
    const names = async (who: Person, filter: object = {}) => (await list(who, filter)).rows.map(({ name }) => name)
    const county = ['一村的', '一镇的', '二镇的', '全县的', '过去的']
    expect(await names('leader')).toEqual(county)
    expect(await names('officer')).toEqual(county)
    expect(await names('town2')).toEqual(['二镇的', '全县的', '过去的'])
    expect(await names('village')).toEqual(['一村的', '一镇的', '全县的', '过去的'])
    expect(await names('enterprise')).toEqual(['一村的', '一镇的', '全县的', '过去的'])
    expect(await names('stranger')).toEqual([])
    expect((await list('leader')).counts).toEqual({ running: 3, coming: 1, ended: 1 })
    expect(await names('leader', { state: 'running' })).toEqual(['一镇的', '二镇的', '全县的'])
    expect((await list('leader', { state: 'running' })).counts).toEqual({ running: 3, coming: 1, ended: 1 })
    // what concerns a grid: its own, those of the grids above, those of the grids below
    expect(await names('leader', { grid: codes.t1 })).toEqual(['一村的', '一镇的', '全县的', '过去的'])
    expect(await names('leader', { grid: codes.v12 })).toEqual(['一镇的', '全县的', '过去的'])
    expect((await list('town', { grid: codes.t2 })).status).toBe('not_found')
    expect((await list('town', { state: 'x' })).status).toBe('rejected')
    expect((await c.call<Answer>('town', 'list_campaigns', { p_filter: [1] })).status).toBe('rejected')
    const mine = (await list('town')).rows.filter((row) => row.may_change).map(({ name }) => name)
    expect(mine).toEqual(['一村的', '一镇的'])
    const offered = async (who: Person) => (await list(who)).grids.map(({ code }) => code)
    expect(await offered('admin')).toEqual([codes.root, codes.t1, codes.t2])
    expect(await offered('leader')).toEqual([codes.root, codes.t1, codes.t2])
    expect(await offered('town')).toEqual([codes.t1, codes.v11, codes.v12])
    expect(await offered('village')).toEqual([codes.v11])
    expect(await offered('officer')).toEqual([])
    await none()
  })

  test('of somebody who may do nothing is empty and says nothing of others', async () => {
    await save('leader')
    const told = await list('stranger')
    expect(told).toMatchObject({ status: 'ok', rows: [], grids: [], counts: { running: 0, coming: 0, ended: 0 } })
    await none()
  })
})

describe('the feed', () => {
  test('tells everybody whose curve has the mark, below the grid too, and nobody else', async () => {
    const cursors = new Map<Person, string>()
    const heard: Person[] = ['leader', 'town', 'village', 'member', 'enterprise', 'officer', 'town2', 'stranger']
    for (const who of heard)
      cursors.set(who, (await c.call<{ cursor: string }>(who, 'changes_since', { p_cursor: null })).cursor)
    const { campaign } = await save('town')
    await remove('town', campaign!)
    for (const who of heard) {
      const told = await c.call<{ changes: { entity: string; id: string; op: string; row_version: number }[] }>(
        who,
        'changes_since',
        { p_cursor: cursors.get(who) },
      )
      expect(
        told.changes.map(({ entity, id, op, row_version }) => [entity, id, op, row_version]),
        who,
      ).toEqual(
        who === 'town2' || who === 'stranger'
          ? []
          : [
              ['campaign', String(campaign!.id), 'insert', 1],
              ['campaign', String(campaign!.id), 'delete', 2],
            ],
      )
    }
  })
})
