import { rework } from './rework'
import { type CellId, type Coverage, type Edit, refuse } from './types'

/** Takes a cell away; its ground becomes a gap. Reason HAS_CHILDREN (with their ids) while it has any. */
export function retire(coverage: Coverage, cell: CellId): Edit {
  if (!coverage.cells.has(cell)) return refuse('UNKNOWN_CELL', { cells: [cell] })
  const children = coverage.children.get(cell)
  if (children) return refuse('HAS_CHILDREN', { cells: [...children] })
  return rework(coverage, {
    owners: [cell],
    vanishing: new Set([cell]),
    decide: ({ grounds }) => {
      for (const ground of grounds) ground.cells.delete(cell)
      return null
    },
  })
}
