import { beginDrag } from './drag'
import type { Coverage, Edit, Position } from './types'

/** Moves the vertices `from` … `to` of an arc (junctions with all their arcs) by as much as `grabbed` is from `moved`. */
export function moveStretch(
  coverage: Coverage,
  arc: number,
  from: number,
  to: number,
  grabbed: Position,
  moved: Position,
): Edit {
  const begun = beginDrag(coverage, { kind: 'stretch', arc, from, to, grabbed })
  if (!begun.ok) return begun
  begun.drag.move(moved)
  return begun.drag.finish()
}
