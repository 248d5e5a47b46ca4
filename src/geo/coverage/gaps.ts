import type { Polygon } from 'geojson'
import { areaM2 } from '../measure'
import { nestRings, traceRings } from './rings'
import { ringOf } from './shape'
import type { Arc, CellId, Coverage } from './types'

/** Ground of a cell that none of its children covers. */
export interface Gap {
  /** Stays the same while the gap's border keeps its arcs; see `gapsOf`. */
  id: number
  polygon: Polygon
  area_m2: number
  /** Whose ground it is: the root, or a cell that has children. */
  parent: CellId
}

/** A gap with the arcs around it, signed so that the gap lies left. */
export interface GapOutline extends Gap {
  rings: number[][]
}

/** The gaps (blind spots) below the root and below every cell that has children, largest first. */
export const gapsOf = (coverage: Coverage): Gap[] =>
  outlinesOfGaps(coverage).map(({ id, polygon, area_m2, parent }) => ({ id, polygon, area_m2, parent }))

export function outlinesOfGaps(coverage: Coverage): GapOutline[] {
  const pointsOf = (arc: number) => coverage.arcs.get(arc)!.points
  const edges = new Map<CellId, number[]>()
  for (const arc of coverage.arcs.values()) {
    for (const parent of bareSide(coverage, arc.left, arc.right)) add(edges, parent, arc.id)
    for (const parent of bareSide(coverage, arc.right, arc.left)) add(edges, parent, ~arc.id)
  }
  const gaps: GapOutline[] = []
  for (const [parent, refs] of edges) {
    for (const rings of nestRings(traceRings(refs, pointsOf) ?? [], pointsOf)) {
      const polygon: Polygon = { type: 'Polygon', coordinates: rings.map((ring) => ringOf(ring, pointsOf)) }
      const id = Math.min(...rings.flat().map((ref) => (ref < 0 ? 2 * ~ref + 1 : 2 * ref)))
      gaps.push({ id, polygon, area_m2: areaM2(polygon), parent, rings })
    }
  }
  return gaps.sort((a, b) => b.area_m2 - a.area_m2)
}

/** The parents whose ground on one side of an arc none of their children holds. */
function bareSide(coverage: Coverage, here: Arc['left'], there: Arc['left']): Set<CellId> {
  const parents = new Set<CellId>()
  const parentOf = (id: CellId) => coverage.cells.get(id)?.parent
  // this side is the outermost ground of a cell that has children
  for (const id of here) {
    const divided = id === coverage.root.id || coverage.children.has(id)
    if (divided && !here.some((other) => parentOf(other) === id)) parents.add(id)
  }
  // a child ends here, its parent does not
  for (const id of there) {
    const parent = parentOf(id)
    if (parent === undefined || parent === null || here.includes(parent) || there.includes(parent)) continue
    if (!here.some((other) => parentOf(other) === parent)) parents.add(parent)
  }
  return parents
}

function add(edges: Map<CellId, number[]>, parent: CellId, ref: number): void {
  const list = edges.get(parent)
  if (list) list.push(ref)
  else edges.set(parent, [ref])
}
