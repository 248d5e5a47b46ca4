import { nodeOf, twiceArea } from './lattice'
import { cellsAlong, replaceArcs, reshaped } from './replaceArcs'
import { isClosed, ringOf } from './shape'
import { type Arc, type Coverage, type Edit, type Position, refuse } from './types'

/** Gives an arc fewer points, unless a ring along it would lose its area. */
export function withoutVertices(coverage: Coverage, arc: Arc, points: readonly Position[]): Edit {
  const at = arc.points[0]!
  if (points.length < (isClosed(arc) ? 4 : 2)) return refuse('TOO_FEW_VERTICES', { at })
  const after = replaceArcs(coverage, new Map([[arc.id, points]]))
  const cells = cellsAlong(coverage, [arc])
  const flat = cells.filter((id) =>
    after.cells.get(id)!.polygons.some((rings) =>
      rings.some((ring) => {
        if (!ring.includes(arc.id) && !ring.includes(~arc.id)) return false
        const nodes = ringOf(ring, (ref) => after.arcs.get(ref)!.points).map(nodeOf)
        return nodes.length < 4 || twiceArea(nodes) === 0
      }),
    ),
  )
  return flat.length > 0 ? refuse('ZERO_AREA', { cells: flat, at }) : reshaped(after, cells)
}
