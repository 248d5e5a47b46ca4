import { isNode } from './near'
import { isClosed } from './shape'
import { type Coverage, type Edit, refuse } from './types'
import { withoutVertices } from './withoutVertices'

/** Takes a plain vertex out of the border of every cell along it. A junction cannot be deleted, nor a cell flattened. */
export function deleteVertex(coverage: Coverage, arc: number, index: number): Edit {
  const found = coverage.arcs.get(arc)
  if (!found) return refuse('UNKNOWN_ARC')
  const at = found.points[index]
  if (!at) return refuse('NO_SUCH_VERTEX')
  if (found.fixed) return refuse('FIXED', { at })
  if (isNode(found, index)) return refuse('IS_JUNCTION', { at })
  const last = found.points.length - 1
  const end = isClosed(found) && (index === 0 || index === last)
  // the first point of a closed arc is its last one too
  const points = end ? [...found.points.slice(1, -1), found.points[1]!] : found.points.toSpliced(index, 1)
  return withoutVertices(coverage, found, points)
}
