import { collide, type Node, nodeOf, positionOf, sameNode, turnOf, twiceArea } from './lattice'
import { MOST_VERTICES } from './readRings'
import { type Position, type Reason, refuse } from './types'

/** Marks the ground inside a drawn ring, the ground of a gap, the ground of a given outline. No cell has such ids. */
export const RING = 0.5
export const GAP = 1.5
export const OUTLINE = 2.5

/** A drawn line on the lattice, without repeated points. */
export function lineNodes(points: readonly Position[]): Node[] {
  return points.map(nodeOf).filter((node, i, all) => i === 0 || !sameNode(node, all[i - 1]!))
}

type Ring = { ok: true; nodes: Node[] } | { ok: false; reason: Reason }

/** A drawn ring on the lattice, closed, anticlockwise; refused when it crosses itself or holds no ground. */
export function ringNodes(points: readonly Position[]): Ring {
  const off = points.find(([lon, lat]) => !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90))
  if (off) return refuse('OUT_OF_RANGE')
  if (points.length > MOST_VERTICES) return refuse('TOO_MANY_VERTICES', { values: { vertices: points.length } })
  const nodes = lineNodes(points)
  while (nodes.length > 1 && sameNode(nodes[0]!, nodes[nodes.length - 1]!)) nodes.pop()
  if (nodes.length < 3) return refuse('ZERO_AREA')
  const area = twiceArea(nodes)
  const ring = [...(area < 0 ? nodes.toReversed() : nodes)]
  ring.push(ring[0]!)
  if (ring.every((node) => turnOf(ring[0]!, ring[1]!, node) === 0)) return refuse('ZERO_AREA')
  const at = firstCollision(ring)
  return at ? refuse('SELF_CROSSING', { at }) : { ok: true, nodes: ring }
}

/** Where a closed ring meets itself, roughly: an end of one of the two segments. Swept from west to east. */
function firstCollision(ring: readonly Node[]): Position | null {
  const segments = ring.slice(1).map((b, i) => ({ a: ring[i]!, b, west: Math.min(ring[i]!.x, b.x) }))
  segments.sort((p, q) => p.west - q.west)
  let active: typeof segments = []
  for (const s of segments) {
    active = active.filter((t) => Math.max(t.a.x, t.b.x) >= s.west)
    for (const t of active) if (collide(s.a, s.b, t.a, t.b)) return positionOf(s.a)
    active.push(s)
  }
  return null
}
