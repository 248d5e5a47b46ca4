import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type County,
  codes,
  enterprises,
  hazards,
  one,
  openCounty,
  openEmpty,
  type Person,
  people,
} from './fixtures.ts'

let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

const everybody = Object.keys(people) as Person[]
interface Me {
  admin: boolean
  positions: { code: string; position: string }[]
  departments: { sectors: number[] }[]
  enterprises: { id: string }[]
  root: { code: string; bbox: number[] } | null
  sectors: unknown[]
  settings: object
  scope_version: string
}
interface GridCard {
  id: number
  counts: Record<string, number>
  risk: { index: number | null; level: number }
  people: { user_id: string; position: string }[]
  responsible: { code: string }[]
  breadcrumb: { code: string }[]
  siblings: { code: string }[]
  children: number
}

describe('me', () => {
  test.each<[Person, string | null, string[]]>([
    ['admin', '1', []],
    ['leader', '1', ['leader']],
    ['town', '101', ['leader']],
    ['village', '10101', ['leader']],
    ['member', '10101', ['member']],
    ['duty', '1', ['duty']],
    ['officer', '1', []],
    ['enterprise', '10101', []],
    ['stranger', null, []],
  ])('%s works in %s', async (who, root, positions) => {
    const me = await c.call<Me>(who, 'me')
    expect(me.root?.code ?? null).toBe(root)
    expect(me.positions.map((p) => p.position)).toEqual(positions)
    expect(me.admin).toBe(who === 'admin')
    expect(me.departments.map((d) => d.sectors)).toEqual(who === 'officer' ? [[c.sector.chem]] : [])
    expect(me.enterprises.map((e) => e.id)).toEqual(who === 'enterprise' ? [enterprises.a] : [])
    expect(me).toMatchObject({
      user_id: people[who],
      settings: { demo: false, bounds: null },
      sectors: [{ code: 'whp' }, { code: 'gm' }],
    })
  })

  test('the root is the smallest grid that holds two places', async () => {
    const before = await c.call<Me>('village', 'me')
    await c.db.query(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'member')`, [
      people.village,
      c.grid.v12,
    ])
    const me = await c.call<Me>('village', 'me')
    expect(me.root).toMatchObject({ code: '101', bbox: [117, 40.1, 117.2, 40.2] })
    expect(me.scope_version).not.toBe(before.scope_version)
    await c.db.query(`delete from public.memberships where user_id = $1 and position = 'member'`, [people.village])
    expect((await c.call<Me>('village', 'me')).scope_version).toBe(before.scope_version)
  })

  test('on an empty database', async () => {
    const empty = await openEmpty()
    expect(await empty.call<Me>('admin', 'me')).toMatchObject({ admin: true, root: null, positions: [] })
    expect(await empty.call('admin', 'grid_features')).toEqual({ type: 'FeatureCollection', features: [] })
    expect(await empty.call('admin', 'risk_map')).toEqual([])
    expect(await empty.call('admin', 'map_points', { p_kind: 'hazard' })).toMatchObject({ total: 0, id: [] })
    expect(await empty.call('admin', 'responsible_at', { p_lon: 117, p_lat: 40 })).toEqual({
      territorial: [],
      industry: null,
    })
    await empty.db.close()
  })
})

describe('grid_card', () => {
  const card = (who: Person, id: number | null) =>
    c.call<GridCard & { status?: string }>(who, 'grid_card', { p_grid: id })

  test('shows people, the line above, the way down and beside', async () => {
    expect(await card('admin', c.grid.v11)).toMatchObject({
      id: c.grid.v11,
      code: '10101',
      kind: 'area',
      version: 1,
      breadcrumb: [{ code: '1' }, { code: '101' }, { code: '10101' }],
      siblings: [{ code: '10102' }],
      children: 0,
      people: [
        { user_id: people.village, position: 'leader' },
        { user_id: people.member, position: 'member' },
      ],
      responsible: [{ code: '10101' }, { code: '101', people: [{ user_id: people.town }] }, { code: '1' }],
    })
  })

  test('area in square metres', async () => {
    const { area } = await one<{ area: number }>(
      c.db,
      'select extensions.ST_Area(boundary::extensions.geography) as area from public.grids where id = $1',
      [c.grid.v11],
    )
    expect(
      (await c.call<{ area_m2: number }>('admin', 'grid_card', { p_grid: c.grid.v11 })).area_m2 / Number(area),
    ).toBeCloseTo(1, 4)
  })

  test('every figure equals the list that it opens, for everyone and every grid they see', async () => {
    const opens: [string, 'list_enterprises' | 'list_hazards', object][] = [
      ['enterprises', 'list_enterprises', {}],
      ['red', 'list_enterprises', { level: [1] }],
      ['orange', 'list_enterprises', { level: [2] }],
      ['yellow', 'list_enterprises', { level: [3] }],
      ['blue', 'list_enterprises', { level: [4] }],
      ['unassessed', 'list_enterprises', { level: [0] }],
      ['hazards_open', 'list_hazards', {}],
      ['hazards_major', 'list_hazards', { severity: 'major' }],
      ['hazards_overdue', 'list_hazards', { overdue: true }],
      ['unclaimed', 'list_enterprises', { unclaimed: true }],
    ]
    for (const who of ['admin', 'town', 'village', 'officer', 'enterprise'] as Person[])
      for (const grid of ['root', 't1', 'v11'] as const) {
        const { counts } = await card(who, c.grid[grid])
        for (const [figure, name, filter] of opens) {
          const { total, rows } = await c.call<{ total: number; rows: unknown[] }>(who, name, {
            p_filter: { ...filter, grid: c.grid[grid] },
          })
          expect([who, grid, figure, total, rows.length]).toEqual([who, grid, figure, counts[figure], counts[figure]])
        }
      }
  })

  test('figures equal independent SQL', async () => {
    const { counts } = await card('admin', c.grid.root)
    expect(counts).toEqual(
      await one(
        c.db,
        `select count(*)::int as enterprises, (count(*) filter (where risk_level = 1))::int as red, (count(*) filter (where risk_level = 2))::int as orange,
          (count(*) filter (where risk_level = 3))::int as yellow, (count(*) filter (where risk_level = 4))::int as blue,
          (count(*) filter (where risk_level is null))::int as unassessed,
          (select count(*)::int from public.hazards where grid_id is not null and state not in ('closed', 'rejected')) as hazards_open,
          (select count(*)::int from public.hazards where grid_id is not null and closed_at is null and severity = 'major') as hazards_major,
          (select count(*)::int from public.hazards where grid_id is not null and closed_at is null and due_at < now()) as hazards_overdue,
          (select count(*)::int from public.enterprises where grid_id is null) as unclaimed
         from public.enterprises where grid_id is not null and status <> 'closed'`,
      ),
    )
  })

  test('a grid above is named, but judged only by those who see it whole', async () => {
    expect(await card('village', c.grid.t1)).toMatchObject({
      code: '101',
      risk: { index: null, level: 0 },
      siblings: [],
    })
    // 44 points of 1,000 are little, but a major hazard is overdue
    expect((await card('town', c.grid.t1)).risk).toEqual({ index: 4.3, level: 2 })
  })

  test('out of scope is not there', async () => {
    for (const id of [c.grid.v21, 999999, null]) expect(await card('town', id)).toEqual({ status: 'not_found' })
    for (const key of Object.keys(codes) as (keyof typeof codes)[])
      expect(await card('stranger', c.grid[key])).toEqual({ status: 'not_found' })
  })
})

describe('enterprise_card and hazard_card', () => {
  test('tell both lines of responsibility', async () => {
    expect(await c.call('village', 'enterprise_card', { p_enterprise: enterprises.a })).toMatchObject({
      id: enterprises.a,
      lon: 117.05,
      lat: 40.15,
      sector: { name: '危险化学品', department: '应急管理局' },
      breadcrumb: [{ code: '1' }, { code: '101' }, { code: '10101' }],
      responsible: {
        territorial: [
          { code: '10101', people: [{ user_id: people.village }, { user_id: people.member }] },
          { code: '101' },
          { code: '1' },
        ],
        industry: { department: '应急管理局', officers: [{ user_id: people.officer }] },
      },
      risk_points: { count: 1, rows: [{ name: '液氯储罐', level: 1, score: 1440 }] },
      hazards: { count: 1, rows: [{ id: hazards.major, overdue: true }] },
    })
    expect(await c.call('village', 'hazard_card', { p_hazard: hazards.major })).toMatchObject({
      code: 'YH-20260101-0001',
      overdue: true,
      enterprise: { id: enterprises.a, name: '红星化工厂' },
      breadcrumb: [{ code: '1' }, { code: '101' }, { code: '10101' }],
      responsible: { industry: { department: '应急管理局' } },
    })
  })

  test.each(everybody)('%s opens what the scope holds, and nothing else', async (who) => {
    for (const [table, name, arg, ids] of [
      ['enterprises', 'enterprise_card', 'p_enterprise', enterprises],
      ['hazards', 'hazard_card', 'p_hazard', hazards],
    ] as const) {
      const { rows } = await c.as(who).query<{ id: string }>(`select id from public.${table}`)
      for (const id of Object.values(ids)) {
        const card = await c.call<{ id?: string; status?: string }>(who, name, { [arg]: id })
        if (rows.some((row) => row.id === id)) expect(card.id).toBe(id)
        else expect(card).toEqual({ status: 'not_found' })
      }
    }
  })
})

describe('responsible_at', () => {
  const at = (who: Person, lon: unknown, lat: unknown, sector: string | null = null) =>
    c.call<{ territorial: { code: string }[]; industry: unknown; errors?: { code: string }[] }>(who, 'responsible_at', {
      p_lon: lon,
      p_lat: lat,
      p_sector: sector,
    })

  test('whose grid and which department', async () => {
    const answer = await at('admin', 117.25, 40.15, 'whp')
    expect(answer.territorial.map((line) => line.code)).toEqual(['10201', '102', '1'])
    expect(answer.industry).toMatchObject({ department: '应急管理局', officers: [{ user_id: people.officer }] })
  })

  test('outside every grid, outside the scope, outside the world', async () => {
    expect((await at('admin', 118.5, 40.15)).territorial).toEqual([])
    expect((await at('town', 117.25, 40.15)).territorial).toEqual([])
    expect((await at('admin', 200, 40)).errors![0]!.code).toBe('OUT_OF_RANGE')
    expect((await at('admin', null, 40)).errors![0]!.code).toBe('MISSING_FIELD')
    expect((await at('admin', 117, 40.15, '航天')).errors![0]!.code).toBe('UNKNOWN_SECTOR')
  })
})
