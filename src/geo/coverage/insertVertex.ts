import { offWorld, onLattice, samePlace } from './lattice'
import { cellsAlong, replaceArcs, reshaped } from './replaceArcs'
import { type Coverage, type Edit, type Position, refuse } from './types'

/** Inserts a vertex into a segment (from vertex `segment` to the next): into the border of every cell along it. */
export function insertVertex(coverage: Coverage, arc: number, segment: number, at: Position): Edit {
  const found = coverage.arcs.get(arc)
  if (!found) return refuse('UNKNOWN_ARC')
  const [a, b] = [found.points[segment], found.points[segment + 1]]
  if (!a || !b) return refuse('NO_SUCH_VERTEX')
  if (offWorld([at])) return refuse('OUT_OF_RANGE')
  const place = onLattice(at)
  if (found.fixed) return refuse('FIXED', { at: place })
  if (samePlace(a, place) || samePlace(b, place)) return reshaped(coverage, [])
  const points = found.points.toSpliced(segment + 1, 0, place)
  return reshaped(replaceArcs(coverage, new Map([[arc, points]])), cellsAlong(coverage, [found]))
}
