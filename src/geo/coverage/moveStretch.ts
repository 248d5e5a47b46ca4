import { beginDrag } from './drag'
import { offWorld } from './lattice'
import { type Coverage, type Edit, type Position, refuse } from './types'

/** Moves the vertices `from` … `to` of an arc (junctions with all their arcs) by as much as `grabbed` is from `moved`. */
export function moveStretch(
  coverage: Coverage,
  arc: number,
  from: number,
  to: number,
  grabbed: Position,
  moved: Position,
): Edit {
  if (offWorld([moved])) return refuse('OUT_OF_RANGE')
  const begun = beginDrag(coverage, { kind: 'stretch', arc, from, to, grabbed })
  if (!begun.ok) return begun
  begun.drag.move(moved)
  return begun.drag.finish()
}
