import { collide, type Node, nodeOf, offWorld, positionOf, sameNode, turnOf, twiceArea } from './lattice'
import { MOST_VERTICES } from './readRings'
import { type Position, type Reason, refuse } from './types'

/** Marks the ground inside a drawn ring, the ground of a gap, the ground of a given outline. No cell has such ids. */
export const RING = 0.5
export const GAP = 1.5
export const OUTLINE = 2.5

/** A drawn line on the lattice, without repeated points. The caller has made sure that it is on the world. */
function lineNodes(points: readonly Position[]): Node[] {
  return points.map(nodeOf).filter((node, i, all) => i === 0 || !sameNode(node, all[i - 1]!))
}

type Lines = { ok: true; lines: Node[][] } | { ok: false; reason: Reason }

/** Drawn lines on the lattice; refused when they hold what is no place, or far too much. */
export function linesNodes(lines: readonly (readonly Position[])[]): Lines {
  const vertices = lines.reduce((sum, line) => sum + line.length, 0)
  if (vertices > MOST_VERTICES) return refuse('TOO_MANY_VERTICES', { values: { vertices } })
  if (lines.some(offWorld)) return refuse('OUT_OF_RANGE')
  return { ok: true, lines: lines.map(lineNodes) }
}

type Ring = { ok: true; nodes: Node[] } | { ok: false; reason: Reason }

/** A drawn ring on the lattice, closed, anticlockwise; refused when it crosses itself or holds no ground. */
export function ringNodes(points: readonly Position[]): Ring {
  if (offWorld(points)) return refuse('OUT_OF_RANGE')
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
