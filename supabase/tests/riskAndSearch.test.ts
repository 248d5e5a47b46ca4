import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, enterprises, hazards, openCounty, type Person, people } from './fixtures.ts'

let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

interface Risk {
  grid_id: number
  code: string
  index: number
  level: number
  enterprises: number
  open_hazards: number
  major_open: number
  overdue: number
  trend: null
}
const risk = (who: Person, args: Record<string, unknown> = {}) => c.call<Risk[]>(who, 'risk_map', args)

describe('risk_map', () => {
  test('a parent counts its own and its children’s, as independent SQL does', async () => {
    const rows = await risk('admin')
    const { rows: expected } = await c.db.query(
      `with recursive tree as (
         select id, id as top from public.grids
         union all select g.id, t.top from public.grids g join tree t on g.parent_id = t.id)
       select g.code, (select count(*)::int from public.enterprises e join tree t on t.id = e.grid_id where t.top = g.id and e.status <> 'closed') as enterprises,
         (select count(*)::int from public.hazards h join tree t on t.id = h.grid_id where t.top = g.id and h.state not in ('closed', 'rejected')) as open_hazards,
         (select count(*)::int from public.hazards h join tree t on t.id = h.grid_id where t.top = g.id and h.closed_at is null and h.severity = 'major') as major_open,
         (select count(*)::int from public.hazards h join tree t on t.id = h.grid_id where t.top = g.id and h.closed_at is null and h.due_at < now()) as overdue
       from public.grids g order by g.level, g.code`,
    )
    expect(
      rows.map(({ code, enterprises, open_hazards, major_open, overdue }) => ({
        code,
        enterprises,
        open_hazards,
        major_open,
        overdue,
      })),
    ).toEqual(expected)
    // no day was written down yet
    expect(rows.every((row) => row.trend === null)).toBe(true)
  })

  test('by level, by sector, by day', async () => {
    expect((await risk('admin', { p_level: 2 })).map((row) => row.code)).toEqual(['101', '102'])
    const chem = await risk('admin', { p_sector: 'whp' })
    expect(chem.find((row) => row.code === '1')).toMatchObject({ enterprises: 2, open_hazards: 1 })
    expect(chem.find((row) => row.code === '10202')).toMatchObject({ level: 0, index: 0 })
    // the closed one was still open then
    const then = await risk('admin', { p_on: '2026-01-05' })
    expect(then.find((row) => row.code === '10201')).toMatchObject({ open_hazards: 1 })
    expect((await risk('admin', { p_on: '2025-12-31' })).every((row) => row.open_hazards === 0)).toBe(true)
    expect(await risk('admin', { p_sector: '航天' })).toMatchObject({
      status: 'rejected',
      errors: [{ code: 'UNKNOWN_SECTOR' }],
    })
  })

  test.each<[Person, string[]]>([
    ['leader', ['1', '101', '102', '10101', '10102', '10201', '10202']],
    ['town', ['101', '10101', '10102']],
    ['village', ['10101']],
    ['officer', ['1', '101', '102', '10101', '10102', '10201', '10202']],
    ['enterprise', []],
    ['stranger', []],
  ])('%s is shown %s', async (who, expected) => {
    expect((await risk(who)).map((row) => row.code)).toEqual(expected)
  })

  test('a department officer is shown the part of their sectors', async () => {
    expect((await risk('officer')).find((row) => row.code === '1')).toMatchObject({ enterprises: 2, open_hazards: 1 })
  })
})

interface Place {
  kind: string
  id: number | string
  title: string
  lon: number
  lat: number
  bbox?: number[]
  grid_id: number
}
const search = (who: Person, query: unknown, limit: number | null = null) =>
  c.call<Place[]>(who, 'search_places', { p_query: query, p_limit: limit })

describe('search_places', () => {
  test.each<[string, string, string]>([
    ['bsz', 'grid', '别山镇'],
    ['BSZ', 'grid', '别山镇'],
    ['别山镇', 'grid', '别山镇'],
    ['10201', 'grid', '邦均一村'],
    ['hxhg', 'enterprise', '红星化工厂'],
    ['红星', 'enterprise', '红星化工厂'],
    ['e-b', 'enterprise', '别山机械厂'],
    ['储罐', 'hazard', '储罐泄漏'],
    ['yh-20260104-0001', 'hazard', '电线老化'],
    ['人town', 'person', '人town'],
  ])('%s finds a %s: %s', async (query, kind, title) => {
    expect((await search('admin', query))[0]).toMatchObject({ kind, title })
  })

  test('best first: the same, then beginning with it, then containing it', async () => {
    const titles = (await search('admin', '别山')).map((place) => place.title)
    expect(titles).toEqual(['别山镇', '别山一村', '别山二村', '别山机械厂'])
  })

  test('grids come with their box, people with their grid', async () => {
    expect((await search('admin', 'bsz'))[0]).toMatchObject({
      id: c.grid.t1,
      grid_id: c.grid.t1,
      bbox: [117, 40.1, 117.2, 40.2],
    })
    expect((await search('admin', '人village'))[0]).toMatchObject({ id: people.village, grid_id: c.grid.v11 })
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['nothing', ''],
    ['blanks', '   '],
    ['what there is not', '航天城'],
    ['a pattern', '%'],
    ['a quote', `' or 1=1 --`],
  ])('%s finds nothing', async (_, query) => {
    expect(await search('admin', query)).toEqual([])
  })

  test('a limit', async () => {
    expect(await search('admin', '村', 2)).toHaveLength(2)
  })

  test('nothing outside the scope', async () => {
    const found = async (who: Person, query: string) => (await search(who, query)).map((place) => place.id)
    expect(await found('town', '邦均')).toEqual([])
    expect(await found('town', 'E-D')).toEqual([])
    expect(await found('town2', 'hxhg')).toEqual([])
    expect(await found('town', '人town2')).toEqual([])
    expect(await found('enterprise', 'e-a')).toEqual([enterprises.a])
    expect(await found('enterprise', 'e-b')).toEqual([])
    expect(await found('officer', '电线')).toEqual([])
    expect(await found('village', '储罐')).toEqual([hazards.major])
    expect(await found('stranger', '别山')).toEqual([])
  })
})

test('pinyin initials', async () => {
  const { rows } = await c.db.query<{ v: string }>(
    `select private.pinyin_initials(w) as v from unnest(array['蓟州区', '别山镇', '邦均镇', 'A座3号 <b>', '', '女绿']) w`,
  )
  expect(rows.map((row) => row.v)).toEqual(['jzq', 'bsz', 'bjz', 'az3hb', '', 'nl'])
})
