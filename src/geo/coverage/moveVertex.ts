import { beginDrag } from './drag'
import { offWorld } from './lattice'
import { type Coverage, type Edit, type Position, refuse } from './types'

/** Moves a vertex, or the junction with every arc that ends there, to a place. */
export function moveVertex(coverage: Coverage, arc: number, index: number, to: Position): Edit {
  if (offWorld([to])) return refuse('OUT_OF_RANGE')
  const begun = beginDrag(coverage, { kind: 'vertex', arc, index })
  if (!begun.ok) return begun
  begun.drag.move(to)
  return begun.drag.finish()
}
