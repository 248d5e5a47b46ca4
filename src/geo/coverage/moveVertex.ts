import { beginDrag } from './drag'
import type { Coverage, Edit, Position } from './types'

/** Moves a vertex, or the junction with every arc that ends there, to a place. */
export function moveVertex(coverage: Coverage, arc: number, index: number, to: Position): Edit {
  const begun = beginDrag(coverage, { kind: 'vertex', arc, index })
  if (!begun.ok) return begun
  begun.drag.move(to)
  return begun.drag.finish()
}
