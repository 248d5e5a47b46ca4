import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, enterprises, hazards, one, openCounty, type Person } from './fixtures.ts'

// The truth of figures: points, lists and cards count the same records, and as many as independent SQL.
let c: County
beforeAll(async () => {
  c = await openCounty()
  // enough for pages, with equal keys and empty ones; all of them closed
  await c.db.query(
    `insert into public.hazards (code, title, severity, state, sector_id, location, found_at, due_at, closed_at)
     select 'YH-20250601-' || lpad(i::text, 4, '0'), '旧隐患 ' || i % 5, case i % 7 when 0 then 'major' else 'general' end, 'closed',
       case when i % 4 > 0 then $1::int end, extensions.ST_SetSRID(extensions.ST_MakePoint(117.05 + 0.1 * (i % 5), 40.15), 4326),
       timestamptz '2025-06-01' + make_interval(days => i % 6), case when i % 3 > 0 then timestamptz '2025-07-01' + make_interval(days => i % 4) end,
       timestamptz '2025-07-02'
     from generate_series(1, 27) i`,
    [c.sector.trade],
  )
})
afterAll(() => c.db.close())

interface Points {
  id: string[]
  lon: number[]
  lat: number[]
  level: number[]
  sector: number[]
  status: string[]
  name?: string[]
  title?: string[]
  overdue?: boolean[]
  grid: (number | null)[]
  total: number
  truncated: boolean
}
interface List {
  rows: { id: string }[]
  total: number
  next: object | null
}
type Kind = 'enterprise' | 'hazard'
const points = (who: Person, kind: Kind, filter: object | null = null, more: object = {}) =>
  c.call<Points>(who, 'map_points', { p_kind: kind, p_filter: filter, ...more })
const list = (who: Person, kind: Kind, filter: object | null = null, more: object = {}) =>
  c.call<List>(who, kind === 'enterprise' ? 'list_enterprises' : 'list_hazards', { p_filter: filter, ...more })
const keys = <T extends Record<string, string>>(of: T, ids: string[]) =>
  ids.map((id) => Object.entries(of).find(([, value]) => value === id)?.[0]).sort()

describe('points are columns of one length', () => {
  test('enterprises: gravest first, closed ones left out', async () => {
    const p = await points('admin', 'enterprise')
    expect(keys(enterprises, p.id)).toEqual(['a', 'b', 'c', 'd', 'out'])
    expect(p.level).toEqual([1, 2, 3, 4, 0])
    expect([p.lon[0], p.lat[0], p.name![0], p.status[0], p.grid[0], p.sector[0]]).toEqual([
      117.05,
      40.15,
      '红星化工厂',
      'active',
      c.grid.v11,
      c.sector.chem,
    ])
    for (const column of [p.lon, p.lat, p.level, p.sector, p.status, p.name!, p.grid])
      expect(column).toHaveLength(p.total)
    expect(p.truncated).toBe(false)
  })

  test('hazards: the open ones, unless a state is asked for', async () => {
    const p = await points('admin', 'hazard')
    expect(keys(hazards, p.id)).toEqual(['general', 'major', 'other', 'outside'])
    expect(p.level[0]).toBe(1)
    expect(p.overdue![p.id.indexOf(hazards.other)]).toBe(true)
    expect(p.overdue![p.id.indexOf(hazards.general)]).toBe(false)
    expect(p.title![0]).toBe('储罐泄漏')
    expect(keys(hazards, (await points('admin', 'hazard', { status: 'closed', from: '2026-01-01' })).id)).toEqual([
      'done',
    ])
    expect((await points('admin', 'hazard', { status: ['closed', 'reported'] })).total).toBe(30)
  })

  test('a box, a limit, nothing', async () => {
    expect((await points('admin', 'enterprise', null, { p_bbox: [117.2, 40, 117.4, 41] })).total).toBe(2)
    const few = await points('admin', 'enterprise', null, { p_limit: 2 })
    expect(few).toMatchObject({ total: 5, truncated: true, level: [1, 2] })
    expect(await points('admin', 'enterprise', null, { p_bbox: [0, 0, 1, 1] })).toMatchObject({
      total: 0,
      id: [],
      lon: [],
      truncated: false,
    })
  })
})

describe('a list equals the points of the same filter', () => {
  const filters: [string, Kind, object][] = [
    ['enterprise', {}],
    ['enterprise', { level: [1] }],
    ['enterprise', { level: 0 }],
    ['enterprise', { level: [1, 2], status: ['active', 'suspended'] }],
    ['enterprise', { status: 'closed' }],
    ['enterprise', { unclaimed: true }],
    ['enterprise', { unclaimed: false }],
    ['enterprise', { q: 'hxhg' }],
    ['enterprise', { q: '邦均' }],
    ['enterprise', { sector: 'whp' }],
    ['enterprise', { sector: ['gm', '危险化学品'] }],
    ['enterprise', { sector: '没有' }],
    ['enterprise', { grid: 999999 }],
    ['hazard', {}],
    ['hazard', { severity: 'major' }],
    ['hazard', { level: 3 }],
    ['hazard', { overdue: true }],
    ['hazard', { overdue: false }],
    ['hazard', { unclaimed: true }],
    ['hazard', { from: '2026-01-02', to: '2026-01-03', status: ['reported', 'closed'] }],
    ['hazard', { q: 'yh-20260104' }],
    ['hazard', { source: 'patrol' }],
    ['hazard', { source: ['patrol', 'public'], status: ['reported', 'closed'] }],
    ['hazard', { enterprise: enterprises.a }],
    ['hazard', { listed: true }],
    ['hazard', { listed: false }],
    ['hazard', { mine: true }],
    ['hazard', { mine: false }],
    ['hazard', { due_from: '2026-01-01', due_to: '2027-12-31' }],
    ['hazard', { due_to: '2025-01-01' }],
    ['hazard', { overdue: false, status: ['closed', 'reported', 'rectifying'] }],
  ].map(([kind, filter]) => [JSON.stringify(filter), kind as Kind, filter as object])

  test.each(filters)('%s of %ss, for everyone', async (_, kind, filter) => {
    for (const who of ['admin', 'leader', 'town', 'village', 'officer', 'enterprise', 'stranger'] as Person[]) {
      const [p, l] = [await points(who, kind, filter), await list(who, kind, filter)]
      expect(l.rows.map((r) => r.id).sort(), who).toEqual([...p.id].sort())
      expect(l.total, who).toBe(p.total)
    }
  })

  test.each<[string, Kind, object, string[]]>([
    ['subtree', 'enterprise', { grid: 't1' }, ['a', 'b']],
    ['village', 'enterprise', { grid: 'v22' }, ['d']],
    ['root and unclaimed', 'enterprise', { grid: 'root', unclaimed: true }, ['out']],
    ['below the root there is nothing unclaimed', 'enterprise', { grid: 't1', unclaimed: true }, []],
    ['the root counts what lies in it', 'enterprise', { grid: 'root' }, ['a', 'b', 'c', 'd']],
    ['overdue in a town', 'hazard', { grid: 't2', overdue: true }, ['other']],
  ])('%s', async (_, kind, filter, expected) => {
    const meant = { ...filter, grid: c.grid[(filter as { grid: 't1' }).grid] }
    expect(keys(kind === 'enterprise' ? enterprises : hazards, (await points('admin', kind, meant)).id)).toEqual(
      expected,
    )
  })
})

describe('scope', () => {
  test.each<[Person, string[], string[]]>([
    ['admin', ['a', 'b', 'c', 'd', 'out'], ['general', 'major', 'other', 'outside']],
    ['duty', ['a', 'b', 'c', 'd', 'out'], ['general', 'major', 'other', 'outside']],
    ['town', ['a', 'b'], ['general', 'major']],
    ['town2', ['c', 'd'], ['other']],
    ['village', ['a'], ['major']],
    ['member', ['a'], ['major']],
    ['officer', ['a', 'c'], ['major']],
    ['enterprise', ['a'], ['major']],
    ['stranger', [], []],
  ])('%s', async (who, firms, found) => {
    expect(keys(enterprises, (await points(who, 'enterprise')).id)).toEqual(firms)
    expect(keys(hazards, (await points(who, 'hazard')).id)).toEqual(found)
  })

  test('asking for a foreign grid gives what asking for no grid gives', async () => {
    expect(await points('town', 'enterprise', { grid: c.grid.v21 })).toEqual(
      await points('town', 'enterprise', { grid: 999999 }),
    )
  })

  test('the service key sees all', async () => {
    expect((await c.call<Points>('service_role', 'map_points', { p_kind: 'hazard' })).total).toBe(4)
  })
})

describe('pages', () => {
  test.each<Kind>(['enterprise', 'hazard'])(
    '%ss one by one are all of them, in the order of one page',
    async (kind) => {
      const whole = await list('admin', kind)
      const seen: string[] = []
      let after: object | null = null
      do {
        const page: List = await list('admin', kind, null, { p_after: after, p_limit: 1 })
        expect(page.total).toBe(after && kind === 'hazard' ? null : whole.total)
        seen.push(...page.rows.map((r) => r.id))
        after = page.next
      } while (after)
      expect(seen).toEqual(whole.rows.map((r) => r.id))
      expect(seen).toHaveLength(whole.total)
    },
  )
})

describe('orders', () => {
  const SORTS = [
    'found_at',
    'due_at',
    'closed_at',
    'code',
    'title',
    'severity',
    'state',
    'source',
    'grid',
    'sector',
    'category',
    'enterprise',
  ]
  const all = { status: ['reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed', 'rejected'] }

  test.each(SORTS.flatMap((sort) => [sort, `-${sort}`]))('%s: pages and marks give every row once', async (sort) => {
    // more of them, with equal keys and empty ones
    const whole = await list('admin', 'hazard', all, { p_sort: sort, p_limit: 500 })
    expect(whole.rows).toHaveLength(whole.total)
    for (const who of ['admin', 'town', 'officer'] as const) {
      const mine = await list(who, 'hazard', all, { p_sort: sort, p_limit: 500 })
      const seen: string[] = []
      let after: object | null = null
      do {
        const page: List = await list(who, 'hazard', all, { p_sort: sort, p_after: after, p_limit: 3 })
        seen.push(...page.rows.map((r) => r.id))
        after = page.next
      } while (after)
      expect(seen, who).toEqual(mine.rows.map((r) => r.id))
      const marks = await c.call<{ total: number; marks: object[] }>(who, 'ledger_marks', {
        p_kind: 'hazards',
        p_filter: all,
        p_sort: sort,
        p_every: 10,
      })
      expect(marks.total).toBe(mine.total)
      for (const [i, mark] of marks.marks.entries()) {
        const page = await list(who, 'hazard', all, { p_sort: sort, p_after: mark, p_limit: 500 })
        expect(page.rows.map((r) => r.id)).toEqual(seen.slice((i + 1) * 10))
      }
    }
  })

  test('are what they say', async () => {
    const column = async (sort: string) =>
      (await list('admin', 'hazard', all, { p_sort: sort, p_limit: 500 })).rows as unknown as Record<string, string>[]
    const due = (await column('due_at')).map((r) => r.due_at).filter(Boolean)
    expect(due).toEqual([...due].sort())
    const late = (await column('-found_at')).map((r) => Date.parse(r.found_at!))
    expect(late).toEqual([...late].sort((a, b) => b - a))
    expect((await column('severity'))[0]!.severity).toBe('major')
    expect((await column('-severity')).at(-1)!.severity).toBe('major')
    const grids = (await column('grid')).map((r) => r.grid_code ?? '')
    expect(grids).toEqual([...grids].sort())
  })

  test('a total only when it is asked for, or for the first page', async () => {
    expect((await list('admin', 'hazard', null, { p_total: false })).total).toBeNull()
    expect(await list('admin', 'hazard', null, { p_limit: 0, p_total: true })).toMatchObject({
      rows: [],
      total: 4,
      next: null,
    })
  })

  test('a whole line has what the forms ask for', async () => {
    const [row] = (await list('admin', 'hazard', { q: '储罐泄漏' }, { p_full: true })).rows as unknown as Record<
      string,
      unknown
    >[]
    expect(row).toMatchObject({ enterprise: '红星化工厂', town: '别山镇', department: '应急管理局', description: null })
    expect(Object.keys((await list('admin', 'hazard')).rows[0]!)).not.toContain('description')
  })

  test('marks of enterprises lead to their pages', async () => {
    const marks = await c.call<{ total: number; marks: object[] }>('admin', 'ledger_marks', { p_kind: 'enterprises' })
    expect(marks).toMatchObject({ total: 5, marks: [] })
  })
})

describe('bad questions get an answer', () => {
  test.each<[string, object]>([
    ['a kind that is none', { p_kind: 'people' }],
    ['no kind', {}],
    ['half a box', { p_kind: 'hazard', p_bbox: [1, 2] }],
    ['a box inside out', { p_kind: 'hazard', p_bbox: [118, 40, 117, 41] }],
    ['a grid that is a word', { p_kind: 'hazard', p_filter: { grid: '别山镇' } }],
    ['a day that is none', { p_kind: 'hazard', p_filter: { from: '昨天' } }],
  ])('%s', async (_, args) => {
    expect(await c.call('admin', 'map_points', args as Record<string, unknown>)).toMatchObject({
      status: 'rejected',
      errors: [{ code: 'BAD_VALUE' }],
    })
  })

  test('a page that is none', async () => {
    for (const [name, after] of [
      ['list_enterprises', { level: 'x' }],
      ['list_hazards', { id: 'x', found_at: 'y' }],
    ] as const)
      expect(await c.call('admin', name, { p_after: after })).toMatchObject({ status: 'rejected' })
  })

  test('an order that is none, a place of another order', async () => {
    for (const args of [
      { p_sort: 'colour' },
      { p_sort: '--due_at' },
      { p_sort: 'found_at; drop table x' },
      { p_sort: 'severity', p_after: { key: 'x', found_at: '2026-01-01', id: hazards.major } },
      { p_sort: 'due_at', p_after: { found_at: '2026-01-01', id: hazards.major } },
      { p_filter: { enterprise: 'x' } },
      { p_filter: { due_from: 'x' } },
    ])
      expect(
        await c.call('admin', 'list_hazards', args as Record<string, unknown>),
        JSON.stringify(args),
      ).toMatchObject({
        status: 'rejected',
      })
    expect(await c.call('admin', 'ledger_marks', { p_kind: 'x' })).toMatchObject({ status: 'rejected' })
    expect(await c.call('admin', 'ledger_marks', { p_kind: 'hazards', p_sort: 'x' })).toMatchObject({
      status: 'rejected',
    })
  })

  test('a filter that tries to be SQL finds nothing and breaks nothing', async () => {
    for (const evil of ["' or true --", "'); drop table public.hazards; --", '$1', '%s', "\\' or 1=1"])
      for (const filter of [{ q: evil }, { severity: evil }, { status: evil }, { source: evil }])
        expect((await list('town', 'hazard', filter)).total, evil).toBe(0)
  })

  test('a filter as a JSON string is the same filter', async () => {
    const { rows } = await c
      .as('admin')
      .query<{ v: Points }>(`select public.map_points('enterprise', null, to_jsonb('{"level": 1}'::text)) as v`)
    expect(rows[0]!.v.total).toBe(1)
  })
})

test('totals equal independent SQL', async () => {
  const sql = await one<{ e: number; h: number }>(
    c.db,
    `select (select count(*)::int from public.enterprises e join public.grids g on g.id = e.grid_id where g.code like '101%' and e.status <> 'closed') as e,
      (select count(*)::int from public.hazards h join public.grids g on g.id = h.grid_id where g.code like '101%' and h.closed_at is null) as h`,
  )
  expect((await points('admin', 'enterprise', { grid: c.grid.t1 })).total).toBe(sql.e)
  expect((await points('admin', 'hazard', { grid: c.grid.t1 })).total).toBe(sql.h)
})
