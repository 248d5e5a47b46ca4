import { offWorld, onLattice } from './lattice'
import { MOST_VERTICES } from './readRings'
import { replaceStretch } from './stretch'
import { type Coverage, type Edit, type Position, refuse } from './types'

/**
 * Lets a border run through `points` between two of its vertices, which stay. Reasons: FIXED, NO_SUCH_VERTEX, ZERO_AREA,
 * OUT_OF_RANGE, TOO_MANY_VERTICES. A line that crosses other borders is taken: the check names it.
 */
export function redrawStretch(
  coverage: Coverage,
  arc: number,
  from: number,
  to: number,
  points: readonly Position[],
): Edit {
  if (points.length > MOST_VERTICES) return refuse('TOO_MANY_VERTICES', { values: { vertices: points.length } })
  if (offWorld(points)) return refuse('OUT_OF_RANGE')
  return replaceStretch(coverage, arc, from, to, () => points.map(onLattice))
}
