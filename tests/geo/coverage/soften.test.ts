import { describe, expect, it } from 'vitest'
import { checkCoverage } from '../../../src/geo/coverage/check'
import { beginDrag } from '../../../src/geo/coverage/drag'
import { nearestHandle } from '../../../src/geo/coverage/handles'
import { geometryOf } from '../../../src/geo/coverage/read'
import { softened } from '../../../src/geo/coverage/soften'
import type { Coverage, Position } from '../../../src/geo/coverage/types'
import { at, board, box, cell, done, edgeBalance, opened, polygon, ROOT, totalArea } from './ground'

/** Points 0.001° apart along a parallel: about 85 m. */
const line = (n: number): Position[] => Array.from({ length: n }, (_, i): Position => [117.4 + i / 1000, 40])

describe('soft dragging', () => {
  it('without a reach moves what is dragged', () => {
    expect([...softened(line(5), [2], undefined)]).toEqual([[2, 1]])
    expect([...softened(line(5), [2], 0)]).toEqual([[2, 1]])
    expect([...softened(line(5), [2], Number.NaN)]).toEqual([[2, 1]])
  })

  it('takes neighbours along, less and less, and nothing beyond the reach', () => {
    const shares = softened(line(21), [10], 300)
    expect([...shares.keys()].sort((a, b) => a - b)).toEqual([7, 8, 9, 10, 11, 12, 13])
    expect(shares.get(10)).toBe(1)
    expect(shares.get(9)).toBeCloseTo(shares.get(11)!, 9)
    expect(shares.get(9)!).toBeGreaterThan(shares.get(8)!)
    expect(shares.get(8)!).toBeGreaterThan(shares.get(7)!)
    expect(shares.get(7)!).toBeGreaterThan(0)
  })

  it('leaves the ends of a line where they are', () => {
    const shares = softened(line(5), [1], 10_000)
    expect([shares.has(0), shares.has(4)]).toEqual([false, false])
    expect([shares.has(2), shares.has(3)]).toEqual([true, true])
    expect(softened(line(5), [0], 10_000).get(0)).toBe(1)
  })

  it('goes around a ring, and moves its first and last point alike', () => {
    const ring: Position[] = [...line(6), [117.405, 40.002], [117.4, 40.002], [117.4, 40]]
    const shares = softened(ring, [1], 200)
    expect(shares.get(0)).toBe(shares.get(ring.length - 1))
    expect(shares.get(0)).toBeGreaterThan(0)
    for (const reach of [50, 500, 1e6])
      expect([...softened(ring, [0, 8], reach).values()].every((n) => n > 0 && n <= 1)).toBe(true)
  })

  /** Two squares whose common border has a vertex every 0.02 of a side. */
  function dense(): Coverage {
    const border = Array.from({ length: 51 }, (_, i) => at(1, i / 50))
    return opened(board(2, 1), [
      cell(10, polygon([at(0, 0), ...border, at(0, 1), at(0, 0)])),
      cell(11, polygon([...border.toReversed(), at(2, 0), at(2, 1), at(1, 1)])),
    ])
  }
  const bend = (soft_m?: number) => {
    const before = dense()
    const { arc, index } = nearestHandle(before, at(1, 0.5), 1e-6)!
    const begun = beginDrag(before, { kind: 'vertex', arc, index, soft_m })
    if (!begun.ok) throw new Error(begun.reason.code)
    begun.drag.move(at(1.4, 0.2))
    const moved = begun.drag.move(at(1.3, 0.5))
    return { before, moved, after: done(begun.drag.finish()).coverage, arc }
  }
  /** The sharpest corner of a line, in degrees: 180 is straight. */
  const sharpest = (points: readonly Position[]): number =>
    Math.min(
      ...points.slice(1, -1).map((p, i) => {
        const [a, b] = [points[i]!, points[i + 2]!]
        const turn = Math.atan2(a[1] - p[1], a[0] - p[0]) - Math.atan2(b[1] - p[1], b[0] - p[0])
        const angle = Math.abs((turn * 180) / Math.PI) % 360
        return Math.min(angle, 360 - angle)
      }),
    )

  it('leaves no spike among dense vertices, and the border one border', () => {
    const hard = bend()
    const soft = bend(400)
    expect(sharpest(hard.after.arcs.get(hard.arc)!.points)).toBeLessThan(20)
    expect(sharpest(soft.after.arcs.get(soft.arc)!.points)).toBeGreaterThan(100)
    for (const { before, moved, after } of [hard, soft]) {
      expect(moved.issues).toEqual([])
      expect(checkCoverage(after)).toEqual([])
      expect(totalArea(after)).toBeCloseTo(totalArea(before), 2)
      expect([...edgeBalance(after).values()].filter((n) => n !== 0)).toHaveLength(6)
      expect(geometryOf(after, 10)).toEqual(moved.shapes.get(10))
      expect(geometryOf(after, ROOT)).toEqual(geometryOf(before, ROOT))
    }
  })

  it('bends a border whose end slides along the outline', () => {
    const before = dense()
    const { arc, index } = nearestHandle(before, at(1, 0), 1e-6)!
    const begun = beginDrag(before, { kind: 'vertex', arc, index, soft_m: 500 })
    if (!begun.ok) throw new Error(begun.reason.code)
    begun.drag.move(at(1.2, -0.1))
    const { coverage } = done(begun.drag.finish())
    expect(checkCoverage(coverage)).toEqual([])
    expect(totalArea(coverage)).toBeCloseTo(totalArea(before), 2)
    expect(nearestHandle(coverage, at(1.2, 0), 1e-6)).toMatchObject({ kind: 'node' })
  })

  it('of a new vertex too, and what would overlap is said', () => {
    const before = opened(board(2, 1), [cell(10, polygon(box(0, 0, 1, 1))), cell(11, polygon(box(1, 0, 2, 1)))])
    const mid = nearestHandle(before, at(1, 0.5), 1e-6)!
    const begun = beginDrag(before, { kind: 'insert', arc: mid.arc, segment: mid.index, at: mid.at, soft_m: 300 })
    if (!begun.ok) throw new Error(begun.reason.code)
    expect(begun.drag.move(at(1.2, 0.5)).issues).toEqual([])
    expect(begun.drag.move(at(2.2, 0.5)).issues.map((issue) => issue.code)).toContain('OUTSIDE_PARENT')
  })
})
