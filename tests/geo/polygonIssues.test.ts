import type { Feature, Polygon } from 'geojson'
import { describe, expect, it } from 'vitest'
import { polygonIssues, selfCrossing } from '../../src/geo/polygonIssues'

const feature = (id: number, ...coordinates: number[][][]): Feature<Polygon> => ({
  type: 'Feature',
  id,
  properties: {},
  geometry: { type: 'Polygon', coordinates },
})
const BOX = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
]
const BOW = [
  [0, 0],
  [4, 4],
  [4, 0],
  [0, 4],
  [0, 0],
]

describe('self-crossing borders', () => {
  it('a bow tie is marked where it crosses, a box is not', () => {
    expect(polygonIssues([feature(0, BOX), feature(7, BOW)])).toMatchObject([
      { id: 7, code: 'INVALID_GEOMETRY', at: [2, 2] },
    ])
    expect(polygonIssues([feature(7, BOW)])[0]!.message).toContain('边界自相交（2.000000, 2.000000）')
  })

  it('a hole across its outline is marked, one that touches it is left to the database', () => {
    const across = [
      [3, 1],
      [5, 1],
      [5, 2],
      [3, 2],
      [3, 1],
    ]
    const touching = [
      [4, 2],
      [3, 3],
      [3, 1],
      [4, 2],
    ]
    expect(selfCrossing(feature(0, BOX, across).geometry)).not.toBeNull()
    expect(selfCrossing(feature(0, BOX, touching).geometry)).toBeNull()
  })

  it('edges that only meet, run along each other or repeat a point do not cross', () => {
    const ring = [
      [0, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, 4],
      [2, 4],
      [2, 5],
      [2, 4],
      [0, 4],
      [0, 0],
    ]
    expect(selfCrossing(feature(0, ring).geometry)).toBeNull()
  })

  it('20,000 vertices, with and without one fault', () => {
    const circle = (n: number) =>
      Array.from({ length: n + 1 }, (_, i) => [
        117 + Math.cos((2 * Math.PI * (i % n)) / n) / 10,
        40 + Math.sin((2 * Math.PI * (i % n)) / n) / 10,
      ])
    const ring = circle(20_000)
    expect(selfCrossing(feature(0, ring).geometry)).toBeNull()
    ;[ring[500], ring[510]] = [ring[510]!, ring[500]!]
    expect(selfCrossing(feature(0, ring).geometry)).not.toBeNull()
  })
})

describe('range', () => {
  it('a polygon outside the bounds is marked with its first vertex outside', () => {
    const issues = polygonIssues(
      [
        feature(0, BOX),
        feature(1, [
          [1, 1],
          [9, 1],
          [9, 2],
          [1, 1],
        ]),
      ],
      [0, 0, 5, 5],
    )
    expect(issues).toMatchObject([{ id: 1, code: 'OUT_OF_RANGE', at: [9, 1] }])
  })
})
