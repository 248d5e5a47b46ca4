import type { Box } from './arcIndex'
import { type Node, nodeOf, samePlace, units } from './lattice'
import { isClosed } from './shape'
import type { Arc, Coverage, Position } from './types'

/** One vertex of one arc. */
export interface VertexRef {
  arc: Arc
  index: number
}

/** Arcs that may come into a box of lattice units. */
export function arcsNear(coverage: Coverage, box: Box): Arc[] {
  if (coverage.index.squaresIn(box) > coverage.arcs.size) return [...coverage.arcs.values()]
  return [...coverage.index.near(box)].map((id) => coverage.arcs.get(id)!)
}

export function boxAround(nodes: Iterable<Node>, margin = 0): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y } of nodes) {
    if (x < box[0]) box[0] = x
    if (y < box[1]) box[1] = y
    if (x > box[2]) box[2] = x
    if (y > box[3]) box[3] = y
  }
  return [box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin]
}

/** Every arc that begins or ends at a place, once for each end there. */
export function endsAt(coverage: Coverage, at: Position): VertexRef[] {
  const { x, y } = nodeOf(at)
  const found: VertexRef[] = []
  for (const arc of arcsNear(coverage, [x, y, x, y])) {
    const last = arc.points.length - 1
    if (samePlace(arc.points[0]!, at)) found.push({ arc, index: 0 })
    if (samePlace(arc.points[last]!, at)) found.push({ arc, index: last })
  }
  return found
}

/** All vertices of arcs that are one with a given one: a junction belongs to several arcs, a closed arc meets itself. */
export function verticesAt(coverage: Coverage, arc: Arc, index: number): VertexRef[] {
  const last = arc.points.length - 1
  if (index > 0 && index < last) return [{ arc, index }]
  return endsAt(coverage, arc.points[index]!)
}

/** Whether a vertex is where borders meet (or an end), not a plain one. */
export const isNode = (arc: Arc, index: number): boolean =>
  (index === 0 || index === arc.points.length - 1) && !isClosed(arc)

/** The box (lattice units) within `degrees` of a place, latitude for latitude; wider along the parallel. */
export function boxWithin([lon, lat]: Position, within: number): Box {
  const wide = within / Math.max(0.01, Math.cos((lat * Math.PI) / 180))
  return [units(lon - wide), units(lat - within), units(lon + wide), units(lat + within)]
}
