import type { MultiPolygon, Polygon } from 'geojson'
import { areaM2 } from '../measure'
import { cellOf, shapeOf } from './shape'
import type { CellId, Coverage, Position } from './types'

export { gapsOf } from './gaps'
export { handlesOf, nearestArc, nearestHandle } from './handles'

/** The outline of a cell (or of the root) in EPSG:4326: outer rings anticlockwise, holes clockwise, rings closed. */
export function geometryOf(coverage: Coverage, id: CellId): MultiPolygon {
  const cell = cellOf(coverage, id)
  return cell ? shapeOf(cell, (arc) => coverage.arcs.get(arc)!.points) : { type: 'MultiPolygon', coordinates: [] }
}

/** m² on the ellipsoid; 0 when there is no such cell. */
export const areaOf = (coverage: Coverage, id: CellId): number => areaM2(geometryOf(coverage, id))

/**
 * What has to be written to get from one coverage to the other: cells whose outline or parent differs, new ones, and
 * those that are no more. Rings are compared as rings: where one begins does not matter.
 */
export function changedCells(
  from: Coverage,
  to: Coverage,
): { reshaped: CellId[]; created: CellId[]; removed: CellId[] } {
  const suspects = new Set<CellId>()
  for (const id of from.cells.differing(to.cells)) suspects.add(id)
  for (const number of from.arcs.differing(to.arcs)) {
    for (const arc of [from.arcs.get(number), to.arcs.get(number)]) {
      for (const id of arc ? [...arc.left, ...arc.right] : []) suspects.add(id)
    }
  }
  suspects.delete(from.root.id)
  const found = { reshaped: [] as CellId[], created: [] as CellId[], removed: [] as CellId[] }
  for (const id of [...suspects].sort((a, b) => a - b)) {
    const [before, after] = [from.cells.get(id), to.cells.get(id)]
    if (!before) found.created.push(id)
    else if (!after) found.removed.push(id)
    else if (before.parent !== after.parent || !sameRings(geometryOf(from, id), geometryOf(to, id))) {
      found.reshaped.push(id)
    }
  }
  return found
}

/** Whether two shapes are the same rings, wherever these begin. */
export function sameRings(a: MultiPolygon, b: MultiPolygon): boolean {
  const text = (shape: MultiPolygon | Polygon) =>
    JSON.stringify((shape.coordinates as Position[][][]).map((part) => part.map(fromLowest).sort()).sort())
  return text(a) === text(b)
}

/** A ring as text, begun at its lowest point. */
function fromLowest(ring: readonly Position[]): string {
  let low = 0
  for (let i = 1; i < ring.length - 1; i++) {
    const [p, q] = [ring[i]!, ring[low]!]
    if (p[0] < q[0] || (p[0] === q[0] && p[1] < q[1])) low = i
  }
  return JSON.stringify([...ring.slice(low, -1), ...ring.slice(0, low)])
}
