import { describe, expect, it } from 'vitest'
import {
  categoriesBySector,
  enterprisesNear,
  gridAround,
  hazardsNear,
  type KnownGrid,
  metresBetween,
  titlesBySector,
  trailOf,
} from '../../../src/features/reports/surroundings'
import { startOf } from '../../../src/screens/m/startOf'

const square = (west: number, south: number, side: number) => ({
  type: 'Polygon' as const,
  coordinates: [
    [
      [west, south],
      [west + side, south],
      [west + side, south + side],
      [west, south + side],
      [west, south],
    ],
  ],
})
const grid = (id: number, level: number, parent_id: number | null, geometry: KnownGrid['geometry']): KnownGrid => ({
  id,
  code: `c${id}`,
  name: `网格${id}`,
  level,
  parent_id,
  leader: null,
  center: [117 + id / 100, 40],
  geometry,
})
const grids = [
  grid(1, 1, null, square(117, 40, 1)),
  grid(2, 2, 1, square(117, 40, 0.5)),
  grid(3, 3, 2, square(117, 40, 0.1)),
  grid(4, 3, 2, null),
]

describe('whose ground it is', () => {
  it('is the smallest grid around the place, whatever the order', () => {
    expect(gridAround(grids, [117.05, 40.05])?.id).toBe(3)
    expect(gridAround([...grids].reverse(), [117.05, 40.05])?.id).toBe(3)
    expect(gridAround(grids, [117.3, 40.3])?.id).toBe(2)
    expect(gridAround(grids, [117.9, 40.9])?.id).toBe(1)
    expect(gridAround(grids, [118.5, 40.5])).toBeNull()
  })
  it('is told from the root down, and ends where nothing more is known', () => {
    expect(trailOf(grids, grids[2]!).map(({ id }) => id)).toEqual([1, 2, 3])
    expect(trailOf([grids[2]!], grids[2]!).map(({ id }) => id)).toEqual([3])
  })
})

describe('what lies around', () => {
  it('is measured in metres: a degree of latitude is 111 km, one of longitude less', () => {
    expect(metresBetween([117, 40], [117, 41])).toBeGreaterThan(110_500)
    expect(metresBetween([117, 40], [117, 41])).toBeLessThan(111_700)
    // cos 40° = 0.766
    expect(metresBetween([117, 40], [118, 40]) / metresBetween([117, 39.5], [117, 40.5])).toBeCloseTo(0.766, 3)
  })
  it('enterprises: the nearest first, within reach, so many', () => {
    const known = {
      id: ['far', 'near', 'next'],
      lon: [117.1, 117.0005, 117.001],
      lat: [40, 40, 40],
      sector: [1, 2, null],
      name: ['远', '近', '次'],
    }
    expect(enterprisesNear(known, [117, 40], 300, 5).map(({ id }) => id)).toEqual(['near', 'next'])
    expect(enterprisesNear(known, [117, 40], 300, 1)).toEqual([{ id: 'near', name: '近', sector: 2, distance_m: 43 }])
  })
  it('hazards: as the server would say it', () => {
    const known = { id: ['h'], lon: [117.0005], lat: [40], level: [1], status: ['assigned'], title: ['泄漏'] }
    expect(hazardsNear(known, [117, 40], 100)).toEqual([
      { id: 'h', title: '泄漏', severity: 'major', state: 'assigned', distance_m: 43 },
    ])
    expect(hazardsNear(known, [117, 40], 40)).toEqual([])
  })
})

it('titles are learnt from the ledger, by sector, the most frequent first', () => {
  const row = (title: string, sector_id: number | null) => ({ title, sector_id, category_id: null })
  expect(titlesBySector([row('甲', 1), row('乙', 1), row('乙', 1), row('丙', 2), row('丁', null)], 2)).toEqual({
    1: ['乙', '甲'],
    2: ['丙'],
  })
})

it('and so are categories; hazards without one teach none', () => {
  const row = (sector_id: number | null, category_id: number | null) => ({ title: '甲', sector_id, category_id })
  const rows = [row(1, 7), row(1, 12), row(1, 12), row(1, null), row(2, null), row(null, 7), row(3, 9)]
  expect(categoriesBySector(rows)).toEqual({ 1: [12, 7], 3: [9] })
  expect(categoriesBySector(rows, 1)).toEqual({ 1: [12], 3: [9] })
})

describe('where the map of a report opens', () => {
  const me = {
    positions: [{ grid_id: 2, code: 'c2', name: '', level: 2, position: 'leader' as const }],
    root: { grid_id: 1, code: 'c1', name: '', level: 1, bbox: [117, 40, 118, 41] as [number, number, number, number] },
  }
  it('in the grid of the notice, else in one’s own, else in the middle of one’s scope', () => {
    expect(startOf(me, grids, 'c3')?.at).toEqual([117.03, 40])
    expect(startOf(me, grids, undefined)?.at).toEqual([117.02, 40])
    expect(startOf(me, grids, 'unknown')?.at).toEqual([117.02, 40])
    expect(startOf(me, [], 'c3')?.at).toEqual([117.5, 40.5])
    expect(startOf({ positions: [], root: null }, [], undefined)).toBeNull()
  })
})
