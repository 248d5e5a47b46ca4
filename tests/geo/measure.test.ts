import type { MultiPolygon, Polygon } from 'geojson'
import { describe, expect, it } from 'vitest'
import { labelPoint } from '../../src/geo/labelPoint'
import { areaM2, boundsOf } from '../../src/geo/measure'

const box = (w: number, s: number, e: number, n: number) => [
  [w, s],
  [e, s],
  [e, n],
  [w, n],
  [w, s],
]
const polygon = (...coordinates: number[][][]): Polygon => ({ type: 'Polygon', coordinates })
const multi = (...coordinates: number[][][][]): MultiPolygon => ({ type: 'MultiPolygon', coordinates })

describe('areaM2', () => {
  // ST_Area(geography) of PostGIS 3.3.2, long edges segmented to 0.0005°–0.01° first, since they are geodesics there.
  it.each([
    [polygon(box(117.4, 40.05, 117.41, 40.06)), 947415.4134159088],
    [polygon(box(117, 40, 117.1, 40.1), box(117.02, 40.02, 117.05, 40.04)), 89061826.1672557],
    [
      polygon([
        [113.2, 23],
        [113.25, 23.03],
        [113.22, 23.08],
        [113.2, 23],
      ]),
      19296257.608542237,
    ],
    [polygon(box(117, 39.8, 118, 40.4)), 5680769800.378361],
  ])('case %#', (geometry, expected) => {
    expect(Math.abs(areaM2(geometry) / expected - 1)).toBeLessThan(1e-6)
  })

  it('parts add up, winding does not matter', () => {
    const [a, b] = [box(117, 40, 117.1, 40.1), box(118, 40, 118.1, 40.1)]
    expect(areaM2(multi([a], [b]))).toBeCloseTo(areaM2(polygon(a)) + areaM2(polygon(b)), 3)
    expect(areaM2(polygon(a.toReversed()))).toBeCloseTo(areaM2(polygon(a)), 3)
  })
})

describe('boundsOf', () => {
  it('takes all parts of all geometries; none gives null', () => {
    expect(boundsOf([polygon(box(117, 40, 118, 41)), multi([box(110, 30, 111, 31)])])).toEqual([110, 30, 118, 41])
    expect(boundsOf([])).toBeNull()
  })
})

describe('labelPoint', () => {
  it('is the middle of a box and stands in the largest part', () => {
    const [lon, lat] = labelPoint(multi([box(110, 30, 110.1, 30.1)], [box(117, 40, 118, 41)]))
    expect(lon).toBeCloseTo(117.5, 1)
    expect(lat).toBeCloseTo(40.5, 1)
  })

  it('lies inside where the centroid does not: a U, and a ring', () => {
    const u = polygon([
      [0, 0],
      [10, 0],
      [10, 10],
      [8, 10],
      [8, 2],
      [2, 2],
      [2, 10],
      [0, 10],
      [0, 0],
    ])
    const [x, y] = labelPoint(u)
    expect(x < 2 || x > 8 || y < 2).toBe(true)
    const ring = polygon(box(0, 0, 10, 10), box(1, 1, 8, 8))
    const [a, b] = labelPoint(ring)
    expect(a > 8 || b > 8).toBe(true)
  })
})
