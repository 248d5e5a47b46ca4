// Two dates side by side: what each grid gained and lost, recomputed by independent SQL.
import type { MultiPolygon } from 'geojson'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BoundaryAnswer } from './answers.ts'
import { box, type County, one, openCounty } from './fixtures.ts'

interface Compared {
  id: number
  code: string
  name: string
  self: boolean
  op: 'created' | 'gone' | 'reshaped' | 'renamed'
  name_before: string | null
  version_before: number | null
  version_after: number | null
  area_before: number | null
  area_after: number | null
  gained_m2: number
  lost_m2: number
  gained: MultiPolygon | null
  lost: MultiPolygon | null
}
interface Comparison {
  status: string
  grids?: Compared[]
  errors?: { field: string; code: string }[]
}

let county: County
/** Moments between the edits. */
const at = { start: '', moved: '', renamed: '', retired: '' }

/** The clock of PGlite counts milliseconds: the next edit must not fall into the same one. */
const moment = async () => {
  const { at } = await one<{ at: string }>(county.db, 'select clock_timestamp()::text as at')
  await new Promise((later) => setTimeout(later, 5))
  return at
}
const compare = (who: Parameters<County['call']>[0], p_grid: number, from: string | null, to: string | null = null) =>
  county.call<Comparison>(who, 'boundary_comparison', { p_grid, p_from: from, p_to: to })
const commit = async (changes: unknown[]) => {
  const answer = await county.call<BoundaryAnswer>('leader', 'commit_grid_boundaries', { p_changes: changes })
  expect(answer.status).toBe('committed')
}
/** Square metres of a rectangle by a way of its own: the spheroid's geography. */
const area = async (...sides: [number, number, number, number]) =>
  (
    await one<{ m2: number }>(
      county.db,
      'select extensions.ST_Area(extensions.ST_Segmentize(extensions.ST_MakeEnvelope($1, $2, $3, $4, 4326), 0.001)::extensions.geography)::float8 as m2',
      sides,
    )
  ).m2

beforeAll(async () => {
  county = await openCounty()
  const { v11, v12, v22 } = county.grid
  at.start = await moment()
  await commit([
    { id: v11, version: 1, code: '10101', name: '别山一村', kind: 'area', boundary: box(117, 40.1, 117.08, 40.2) },
    { id: v12, version: 1, code: '10102', name: '别山二村', kind: 'area', boundary: box(117.08, 40.1, 117.2, 40.2) },
  ])
  at.moved = await moment()
  await commit([
    { id: v11, version: 2, code: '10101', name: '别山新村', kind: 'area', boundary: box(117, 40.1, 117.08, 40.2) },
  ])
  at.renamed = await moment()
  await commit([{ id: v22, version: 1, retire: true }])
  at.retired = await moment()
})
afterAll(() => county?.db.close())

describe('two dates compared', () => {
  it('say what each side of a moved border gained and lost, to the square metre', async () => {
    const { grids = [] } = await compare('leader', county.grid.t1, at.start, at.moved)
    const strip = await area(117.08, 40.1, 117.1, 40.2)
    expect(grids.map((grid) => [grid.code, grid.op, grid.version_before, grid.version_after])).toEqual([
      ['10101', 'reshaped', 1, 2],
      ['10102', 'reshaped', 1, 2],
    ])
    const [first, second] = grids as [Compared, Compared]
    expect([first.gained_m2, second.lost_m2]).toEqual([0, 0])
    expect([first.gained, second.lost]).toEqual([null, null])
    expect(first.lost_m2 / strip).toBeCloseTo(1, 5)
    expect(second.gained_m2).toBeCloseTo(first.lost_m2, 3)
    expect(first.area_before! - first.lost_m2).toBeCloseTo(first.area_after!, 1)
    const lons = first.lost!.coordinates.flat(2).map(([lon]) => lon!)
    expect([Math.min(...lons), Math.max(...lons)]).toEqual([117.08, 117.1])
  })

  it('leave out what did not change, and do not care which date comes first', async () => {
    expect((await compare('leader', county.grid.t1, at.moved, at.start)).grids).toHaveLength(2)
    expect((await compare('leader', county.grid.t2, at.start, at.moved)).grids).toEqual([])
    expect((await compare('leader', county.grid.t1, at.retired)).grids).toEqual([])
  })

  it('tell a new name from a new outline, and a retired grid by all it lost', async () => {
    const renamed = (await compare('leader', county.grid.t1, at.moved, at.renamed)).grids!
    expect(renamed.map(({ op, name_before, name }) => [op, name_before, name])).toEqual([
      ['renamed', '别山一村', '别山新村'],
    ])
    expect(renamed[0]!.gained_m2 + renamed[0]!.lost_m2).toBe(0)
    const gone = (await compare('leader', county.grid.t2, at.start)).grids!
    expect(gone.map(({ op, code, version_after }) => [op, code, version_after])).toEqual([['gone', '10202', null]])
    expect(gone[0]!.lost_m2).toBeCloseTo(gone[0]!.area_before!, 3)
  })

  it('show a township leader the own township, and no other', async () => {
    expect((await compare('town', county.grid.t1, at.start)).grids).toHaveLength(2)
    expect(await compare('town', county.grid.t2, at.start)).toEqual({ status: 'not_found' })
    expect(await compare('stranger', county.grid.t1, at.start)).toEqual({ status: 'not_found' })
    expect(await compare('leader', 999_999, at.start)).toEqual({ status: 'not_found' })
    // of the county above, a township leader sees the own township only
    const above = (await compare('town', county.grid.root, at.start)).grids!
    expect(above.filter((grid) => grid.code.startsWith('102'))).toEqual([])
  })

  it('ask for a date that is missing', async () => {
    const answer = await compare('leader', county.grid.t1, null)
    expect(answer.errors?.[0]).toMatchObject({ field: 'from', code: 'MISSING_FIELD' })
  })
})
