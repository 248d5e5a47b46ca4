import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  beside,
  clockwise,
  collide,
  crossing,
  type Node,
  onLattice,
  ROUNDING,
  sameNode,
  turn,
  twiceArea,
  whereIn,
} from '../../../src/geo/coverage/lattice'
import { nodePaths } from '../../../src/geo/coverage/noding'

const n = (x: number, y: number): Node => ({ x, y })
const square = [n(0, 0), n(10, 0), n(10, 10), n(0, 10)]

describe('the lattice', () => {
  it('rounds to seven decimals and knows no minus zero', () => {
    expect(onLattice([117.123456789, -0.00000001])).toEqual([117.1234568, 0])
  })

  it('turns are exact where doubles are not', () => {
    const far = 1_800_000_000
    expect(turn(-far, -900_000_000, far, 900_000_000, far - 2, 900_000_000 - 1)).toBe(0)
    expect(turn(-far, -900_000_000, far, 900_000_000, far - 3, 900_000_000 - 1)).toBe(1)
    expect(turn(-far, -900_000_000, far, 900_000_000, far - 1, 900_000_000 - 1)).toBe(-1)
  })

  it('a crossing lies within the rounding of both lines, whichever comes first', () => {
    const some = fc.record({ x: fc.integer({ min: -1e6, max: 1e6 }), y: fc.integer({ min: -1e6, max: 1e6 }) })
    fc.assert(
      fc.property(some, some, some, some, (a, b, c, d) => {
        const one = crossing(a, b, c, d)
        expect(crossing(c, d, a, b)).toEqual(one)
        expect(crossing(b, a, d, c)).toEqual(one)
        if (!one) return
        expect(collide(a, b, c, d)).toBe(true)
        for (const [p, q] of [
          [a, b],
          [c, d],
        ] as const) {
          const end = (one.x === p.x && one.y === p.y) || (one.x === q.x && one.y === q.y)
          const length = Math.hypot(q.x - p.x, q.y - p.y)
          const away = Math.abs((q.x - p.x) * (one.y - p.y) - (q.y - p.y) * (one.x - p.x)) / length
          expect(end || away <= ROUNDING).toBe(true)
        }
      }),
    )
  })

  it('knows what lies in, on and outside a ring', () => {
    expect(whereIn(square, n(5, 5))).toBe(1)
    for (const p of [n(0, 0), n(10, 5), n(5, 10), n(5, 0), n(0, 10)]) expect(whereIn(square, p)).toBe(0)
    for (const p of [n(11, 0), n(-1, 10), n(5, 11), n(11, 10), n(-1, 0)]) expect(whereIn(square, p)).toBe(-1)
    expect(twiceArea(square)).toBe(200)
    expect(twiceArea(square.toReversed())).toBe(-200)
  })

  it('sorts directions clockwise, exactly', () => {
    const around = [n(5, -1), n(0, -5), n(-5, -5), n(-5, 0), n(-1, 5), n(5, 5), n(5, 0)]
    const sorted = around.toReversed().sort((a, b) => clockwise(n(0, 0), n(7, 0), a, b))
    expect(sorted).toEqual(around)
  })

  it('ends that are shared are no collision, lying upon each other is', () => {
    expect(collide(n(0, 0), n(5, 5), n(5, 5), n(9, 0))).toBe(false)
    expect(collide(n(0, 0), n(5, 5), n(5, 5), n(2, 2))).toBe(true)
    expect(collide(n(0, 0), n(9, 0), n(4, 0), n(4, 5))).toBe(true)
    expect(collide(n(0, 0), n(4, 0), n(5, 0), n(9, 0))).toBe(false)
    expect(beside(n(0, 0), n(9, 0), n(4, 1), 1)).toBe(true)
    expect(beside(n(0, 0), n(9, 0), n(9, 1), 1)).toBe(false)
  })
})

describe('noding', () => {
  const some = fc.record({ x: fc.integer({ min: 0, max: 60 }), y: fc.integer({ min: 0, max: 60 }) })

  it('leaves no crossing and no vertex upon a line, even on the coarsest of grids', () => {
    fc.assert(
      fc.property(fc.array(fc.array(some, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 }), (paths) => {
        const noded = nodePaths(paths)
        if (!noded) return
        const edges = noded.flatMap((line) => line.slice(1).map((b, i) => [line[i]!, b] as const))
        const segments = edges.filter(([a, b]) => !sameNode(a, b))
        const crossed = segments.filter(([a, b]) => segments.some(([c, d]) => crossing(a, b, c, d) !== null))
        const upon = segments.filter(([a, b]) =>
          segments.some(([p]) => !sameNode(p, a) && !sameNode(p, b) && beside(a, b, p, ROUNDING)),
        )
        expect([crossed, upon]).toEqual([[], []])
      }),
      { numRuns: 60 },
    )
  })

  it('two lines get the very same vertex', () => {
    const [one, other] = nodePaths([
      [n(0, 0), n(10, 7)],
      [n(0, 5), n(10, 1)],
    ])!
    expect(one).toHaveLength(3)
    expect(other![1]).toEqual(one![1])
  })
})
