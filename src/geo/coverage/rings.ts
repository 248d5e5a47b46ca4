import { clockwise, keyOf, type Node, nodeOf, twiceArea, whereIn } from './lattice'
import { ringOf } from './shape'
import type { Position } from './types'

type PointsOf = (arc: number) => readonly Position[]

/**
 * Joins signed arcs, each with the ground on its left, to rings around that ground. Where several go on from a junction
 * the first one clockwise of the way back is taken: it bounds the same piece of ground. A ring that comes through a
 * place twice is two rings. Null when the arcs do not close.
 */
export function traceRings(refs: readonly number[], pointsOf: PointsOf): number[][] | null {
  const from = new Map<string, number[]>()
  const ends = new Map<number, { start: string; second: Node; end: string; before: Node; at: Node }>()
  for (const ref of refs) {
    const points = pointsOf(ref < 0 ? ~ref : ref)
    const n = points.length
    const pick = (i: number) => nodeOf(points[ref < 0 ? n - 1 - i : i]!)
    const at = pick(n - 1)
    const start = keyOf(pick(0))
    ends.set(ref, { start, second: pick(1), end: keyOf(at), before: pick(n - 2), at })
    const list = from.get(start)
    if (list) list.push(ref)
    else from.set(start, [ref])
  }
  const rings: number[][] = []
  const unused = new Set(refs)
  for (const first of refs) {
    if (!unused.has(first)) continue
    let path: number[] = []
    let ref = first
    for (;;) {
      unused.delete(ref)
      path.push(ref)
      const { end, at, before } = ends.get(ref)!
      // Back at a place of the path: what lies between is a ring.
      const back = path.findIndex((earlier) => ends.get(earlier)!.start === end)
      if (back >= 0) {
        rings.push(path.slice(back))
        path = path.slice(0, back)
        if (path.length === 0) break
      }
      const onward = (from.get(end) ?? []).filter((next) => unused.has(next))
      if (onward.length === 0) return null
      onward.sort((a, b) => clockwise(at, before, ends.get(a)!.second, ends.get(b)!.second))
      ref = onward[0]!
    }
  }
  return rings
}

/** Rings as polygons: each hole with the smallest outer ring around it. A hole without one stands by itself. */
export function nestRings(rings: readonly number[][], pointsOf: PointsOf): number[][][] {
  const drawn = rings.map((ring) => {
    const nodes = ringOf(ring, pointsOf).slice(0, -1).map(nodeOf)
    return { ring, nodes, area: twiceArea(nodes) }
  })
  const shells = drawn.filter(({ area }) => area > 0).sort((a, b) => a.area - b.area)
  const polygons = new Map(shells.map((shell) => [shell, [shell.ring]]))
  const lone: number[][][] = []
  for (const hole of drawn) {
    if (hole.area > 0) continue
    const home = shells.find((shell) => shell.area > -hole.area && within(shell.nodes, hole.nodes))
    if (home) polygons.get(home)!.push(hole.ring)
    else lone.push([hole.ring])
  }
  return [...polygons.values(), ...lone]
}

/** Whether a ring lies inside another that it does not cross; they may touch. */
export function within(outer: readonly Node[], inner: readonly Node[]): boolean {
  for (const node of inner) {
    const where = whereIn(outer, node)
    if (where !== 0) return where > 0
  }
  // every corner lies on the outer ring: the middle of an edge decides, on a lattice twice as fine
  const fine = outer.map(twice)
  for (let i = 0; i < inner.length; i++) {
    const [a, b] = [inner[i]!, inner[(i + 1) % inner.length]!]
    const where = whereIn(fine, { x: a.x + b.x, y: a.y + b.y })
    if (where !== 0) return where > 0
  }
  return false
}

const twice = ({ x, y }: Node): Node => ({ x: 2 * x, y: 2 * y })
