import { beginDrag } from './drag'
import { nodeOf, onLattice, samePlace } from './lattice'
import { arcsNear } from './near'
import { replaceArcs, sinceEdit } from './replaceArcs'
import { type Arc, type Coverage, type Edit, type Position, refuse } from './types'
import { weld } from './weld'

/**
 * Puts the vertex or junction at one place onto the one at another; from then on they are one. Borders that come to lie
 * upon each other become one border, and a gap between them is gone. Reasons: NO_SUCH_VERTEX, FIXED, ZERO_AREA (a cell
 * would have no ground left).
 */
export function snapNodes(coverage: Coverage, from: Position, to: Position): Edit {
  const [start, goal] = [onLattice(from), onLattice(to)]
  const here = arcsThrough(coverage, start)
  if (here.length === 0 || arcsThrough(coverage, goal).length === 0)
    return refuse('NO_SUCH_VERTEX', { at: here.length === 0 ? start : goal })
  if (here.some((arc) => arc.fixed)) return slideUpon(coverage, here[0]!, start, goal)
  if (samePlace(start, goal)) return { ok: true, coverage, touched: [], created: [], removed: [] }
  const moved = new Map(here.map((arc) => [arc.id, arc.points.map((p) => (samePlace(p, start) ? goal : p))]))
  const joined = weld(replaceArcs(coverage, moved), goal)
  if (!joined.ok) return joined
  return sinceEdit(coverage, joined.coverage)
}

/** The end of a border on the root's outline goes to another vertex of that outline, or nowhere. */
function slideUpon(coverage: Coverage, arc: Arc, start: Position, goal: Position): Edit {
  const begun = beginDrag(coverage, {
    kind: 'vertex',
    arc: arc.id,
    index: arc.points.findIndex((p) => samePlace(p, start)),
  })
  if (!begun.ok) return begun
  return samePlace(begun.drag.move(goal).at, goal) ? begun.drag.finish() : refuse('FIXED', { at: start })
}

/** Arcs that have a vertex at a place. */
function arcsThrough(coverage: Coverage, at: Position): Arc[] {
  const { x, y } = nodeOf(at)
  return arcsNear(coverage, [x, y, x, y]).filter((arc) => arc.points.some((p) => samePlace(p, at)))
}
