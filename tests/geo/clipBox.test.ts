import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clipToBox } from '../../src/geo/clipBox'
import { areaM2 } from '../../src/geo/measure'

const square = (w: number, s: number, e: number, n: number) => [
  [w, s],
  [e, s],
  [e, n],
  [w, n],
  [w, s],
]
const flatArea = (ring: number[][]) =>
  Math.abs(ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i]![0]! * y! - x! * ring[i]![1]!, 0) / 2)

test('what lies inside stays, what lies outside goes', () => {
  const polygon = { type: 'Polygon' as const, coordinates: [square(1, 1, 2, 2)] }
  expect(areaM2(clipToBox(polygon, [0, 0, 3, 3])!)).toBeCloseTo(areaM2(polygon), 3)
  expect(clipToBox(polygon, [3, 3, 4, 4])).toBeNull()
})

test('a hole that is cut stays a hole', () => {
  const polygon = { type: 'Polygon' as const, coordinates: [square(0, 0, 4, 4), square(1, 1, 3, 3)] }
  const half = clipToBox(polygon, [0, 0, 2, 4])!
  expect(half.coordinates[0]!.map(flatArea)).toEqual([8, 2])
})

test('the parts of a multipolygon are cut for themselves', () => {
  const both = { type: 'MultiPolygon' as const, coordinates: [[square(0, 0, 1, 1)], [square(5, 5, 6, 6)]] }
  expect(clipToBox(both, [0, 0, 2, 2])!.coordinates).toHaveLength(1)
  expect(clipToBox(both, [0.5, 0.5, 5.5, 5.5])!.coordinates.map(([ring]) => flatArea(ring!))).toEqual([0.25, 0.25])
})

test('the four quarters of any ring have its area together, and none leaves its box', () => {
  const radii = fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 3, maxLength: 40 })
  fc.assert(
    fc.property(radii, (sizes) => {
      const corners = sizes.map((r, i) => {
        const angle = (2 * Math.PI * i) / sizes.length
        return [r * Math.cos(angle), r * Math.sin(angle)]
      })
      const ring = [...corners, corners[0]!]
      const boxes = [
        [-1, -1, 0, 0],
        [0, -1, 1, 0],
        [-1, 0, 0, 1],
        [0, 0, 1, 1],
      ] as const
      const parts = boxes.map((box) => ({ box, cut: clipToBox({ type: 'Polygon', coordinates: [ring] }, box) }))
      const sum = parts.reduce((total, { cut }) => total + (cut ? flatArea(cut.coordinates[0]![0]!) : 0), 0)
      expect(sum).toBeCloseTo(flatArea(ring), 9)
      for (const { box, cut } of parts) {
        for (const [x, y] of cut?.coordinates[0]?.[0] ?? []) {
          expect(x! >= box[0] - 1e-12 && x! <= box[2] + 1e-12 && y! >= box[1] - 1e-12 && y! <= box[3] + 1e-12).toBe(
            true,
          )
        }
      }
    }),
  )
})
