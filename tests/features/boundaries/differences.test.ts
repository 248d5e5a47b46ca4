import type { MultiPolygon } from 'geojson'
import { describe, expect, it } from 'vitest'
import { boxOfDifferences, differencesOf, panned, zoomed } from '../../../src/features/boundaries/differences'

const square = (west: number, east: number, start = 0): MultiPolygon => {
  const corners = [
    [west, 0],
    [east, 0],
    [east, 1],
    [west, 1],
  ]
  const ring = [...corners.slice(start), ...corners.slice(0, start)]
  return { type: 'MultiPolygon', coordinates: [[[...ring, ring[0]!]]] }
}
const shapes = (of: Record<number, MultiPolygon>) =>
  new Map(
    Object.entries(of).map(([id, geometry]) => {
      const [west, , east] = [geometry.coordinates[0]![0]![0]![0]!, 0, geometry.coordinates[0]![0]![1]![0]!]
      return [Number(id), { geometry, area_m2: Math.abs(east - west) * 100, center: [0, 0] as [number, number] }]
    }),
  )

describe('what two sides made of the same borders', () => {
  const base = shapes({ 1: square(0, 1), 2: square(1, 2), 3: square(5, 6) })
  it('is told grid by grid and side by side; a ring that begins elsewhere is the same', () => {
    const found = differencesOf(
      base,
      shapes({ 1: square(0, 1.5), 2: square(1.5, 2), 3: square(5, 6) }),
      shapes({ 1: square(0, 1), 2: square(1, 1.8), 3: square(5, 6, 2) }),
    )
    expect(
      found.map(({ cell, mine, theirs, mine_m2, theirs_m2 }) => [
        cell,
        mine !== null,
        theirs !== null,
        Math.round(mine_m2),
        Math.round(theirs_m2),
      ]),
    ).toEqual([
      [1, true, false, 50, 0],
      [2, true, true, -50, -20],
    ])
  })

  it('holds what one of them made or retired', () => {
    const found = differencesOf(
      base,
      shapes({ 1: square(0, 1), 2: square(1, 2) }),
      shapes({ 1: square(0, 1), 2: square(1, 2), 3: square(5, 6), 4: square(8, 9) }),
    )
    expect(found.map(({ cell, mine, theirs }) => [cell, mine?.[1], theirs?.[0]])).toEqual([
      [3, null, undefined],
      [4, undefined, null],
    ])
  })

  it('is framed by the places that moved, not by the whole grids', () => {
    const box = boxOfDifferences(
      differencesOf(base, shapes({ 1: square(0, 1.01), 2: square(1.01, 2), 3: square(5, 6) }), base),
    )!
    expect(box[0]).toBeGreaterThan(0.9)
    expect(box[2]).toBeLessThan(1.1)
    expect(boxOfDifferences([])).toBeNull()
  })
})

it('a camera keeps the place under the pointer and goes no nearer than a metre', () => {
  expect(zoomed([0, 0, 10, 10], 0.5, [2, 2])).toEqual([1, 1, 6, 6])
  expect(panned([0, 0, 10, 10], 0.5, -0.1)).toEqual([5, -1, 15, 9])
  const near = zoomed([0, 0, 2e-5, 2e-5], 1e-9, [0, 0])
  expect(near[2] - near[0]).toBeCloseTo(1e-5, 12)
})
