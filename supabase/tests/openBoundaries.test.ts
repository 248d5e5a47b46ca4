import type { Feature, FeatureCollection } from 'geojson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { box, type County, codes, type GridKey, one, openCounty, type Person, people } from './fixtures.ts'

// open_boundaries: what the boundary editor opens, and who may open it.
interface Properties {
  id: number
  code: string
  name: string
  level: number
  kind: string
  parent_id: number | null
  version: number
  leader: string | null
  population: number | null
}
interface Opened {
  status: 'ok' | 'not_found'
  may_edit: boolean
  next_code: string | null
  grid: Feature<never, Properties>
  cells: FeatureCollection<never, Properties>
  units: FeatureCollection<never, Properties>
}

let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

const open = (who: Person, grid: number | null) => c.call<Opened>(who, 'open_boundaries', { p_grid: grid })

describe('who may open', () => {
  test.each<[Person, GridKey, 'edit' | 'read' | 'not_found']>([
    ['admin', 'root', 'edit'],
    ['leader', 'root', 'edit'],
    ['leader', 't2', 'edit'],
    ['leader', 'v22', 'edit'],
    ['duty', 'root', 'read'],
    ['officer', 't1', 'read'],
    ['town', 't1', 'edit'],
    ['town', 'v12', 'edit'],
    ['town', 'root', 'not_found'],
    ['town', 't2', 'not_found'],
    ['town', 'v21', 'not_found'],
    ['town2', 't1', 'not_found'],
    ['village', 'v11', 'edit'],
    ['village', 't1', 'not_found'],
    ['member', 'v11', 'read'],
    ['enterprise', 'v11', 'not_found'],
    ['stranger', 'v11', 'not_found'],
  ])('%s opens %s: %s', async (who, key, expected) => {
    const opened = await open(who, c.grid[key])
    if (expected === 'not_found') expect(opened).toEqual({ status: 'not_found' })
    else expect(opened).toMatchObject({ status: 'ok', may_edit: expected === 'edit', grid: { id: c.grid[key] } })
  })

  test('without an account nothing can be called', async () => {
    await expect(c.as('anon').rpc('open_boundaries', { p_grid: c.grid.root })).rejects.toMatchObject({ code: '42501' })
  })

  test('what is not there, is null, or is retired is not found', async () => {
    expect(await open('admin', 999_999)).toEqual({ status: 'not_found' })
    expect(await open('admin', null)).toEqual({ status: 'not_found' })
    const { id } = await one<{ id: number }>(
      c.db,
      `insert into public.grids (code, name, parent_id, boundary, retired_at) select 'OLD', '旧村', parent_id, boundary, now()
       from public.grids where id = $1 returning id`,
      [c.grid.v11],
    )
    expect(await open('admin', id)).toEqual({ status: 'not_found' })
    expect((await open('admin', c.grid.t1)).cells.features.map((f) => f.id)).not.toContain(id)
  })

  test('a right removed is gone at once', async () => {
    const own = [people.town2, c.grid.t2]
    await c.db.query(`delete from public.memberships where user_id = $1 and grid_id = $2`, own)
    expect(await open('town2', c.grid.t2)).toEqual({ status: 'not_found' })
    await c.db.query(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'deputy')`, own)
    expect(await open('town2', c.grid.t2)).toMatchObject({ status: 'ok', may_edit: true })
  })
})

describe('what is opened', () => {
  test('every level below, exact, with versions and leaders', async () => {
    const opened = await open('leader', c.grid.root)
    expect(opened.grid.properties).toEqual({
      id: c.grid.root,
      code: codes.root,
      name: '试验区',
      level: 1,
      kind: 'area',
      parent_id: null,
      version: 1,
      leader: '人leader',
      population: null,
    })
    expect(opened.cells.features.map((f) => f.properties.code)).toEqual([
      '101',
      '102',
      '10101',
      '10102',
      '10201',
      '10202',
    ])
    expect(opened.cells.features[2]!.properties).toMatchObject({ parent_id: c.grid.t1, level: 3, leader: '人village' })
    const { rows } = await c.db.query<{ id: number; same: boolean }>(
      `select g.id, extensions.ST_OrderingEquals(g.boundary, extensions.ST_SetSRID(extensions.ST_GeomFromGeoJSON(f -> 'geometry'), 4326)) as same
       from jsonb_array_elements($1::text::jsonb) f join public.grids g on g.id = (f ->> 'id')::int`,
      [JSON.stringify([opened.grid, ...opened.cells.features])],
    )
    expect(rows).toHaveLength(7)
    expect(rows.every((row) => row.same)).toBe(true)
  })

  test('units below, by footprint or point, apart from the cells', async () => {
    const units = [
      { code: 'S1', name: '小学', kind: 'unit', parent_id: c.grid.v12, center: [117.15, 40.15] },
      { code: 'S2', name: '医院', kind: 'unit', parent_id: c.grid.v12, boundary: box(117.11, 40.11, 117.12, 40.12) },
    ]
    await c.call('admin', 'commit_grid_boundaries', { p_changes: units })
    const opened = await open('town', c.grid.t1)
    expect(opened.cells.features.map((f) => f.properties.code)).toEqual(['10101', '10102'])
    expect(opened.units.features.map((f) => [f.properties.code, (f.geometry as { type: string }).type])).toEqual([
      ['S1', 'Point'],
      ['S2', 'MultiPolygon'],
    ])
    expect(await open('town', opened.units.features[0]!.id as number)).toEqual({ status: 'not_found' })
  })
})

describe('the next code', () => {
  const add = (code: string, retired = false) =>
    c.db.query(
      `insert into public.grids (code, name, parent_id, boundary, retired_at) select $1, '村', $2, boundary, case when $3 then now() end
       from public.grids where id = $2`,
      [code, c.grid.v22, retired],
    )
  const next = async (key: GridKey = 'v22') => (await open('admin', c.grid[key])).next_code

  test('follows the children, else the width of others on the level', async () => {
    expect(await next('root')).toBe('103')
    expect(await next('t1')).toBe('10103')
    expect(await next('v22')).toBe('1020201')
  })

  test('counts retired ones too, keeps the width, skips what is taken elsewhere', async () => {
    await add('10202007')
    expect(await next()).toBe('10202008')
    await add('10202009', true)
    expect(await next()).toBe('10202010')
    await c.db.query(
      `insert into public.grids (code, name, parent_id, boundary) select '10202010', '别处', $1, boundary
      from public.grids where id = $1`,
      [c.grid.v21],
    )
    expect(await next()).toBe('10202011')
  })

  test('words before the number stay', async () => {
    await c.db.query('delete from public.grids where parent_id = $1', [c.grid.v22])
    await add('W-008')
    await add('W-009')
    expect(await next()).toBe('W-010')
    await add('ZA')
    expect(await next()).toBe('W-010')
    await add('W-999')
    expect(await next()).toBe('W-1000')
  })
})
