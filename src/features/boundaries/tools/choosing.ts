// Picking grids to merge or to give between: only those that share a border can be, and it is said at once.
import { neighboursOf } from '../../../geo/coverage/neighbours'
import type { CellId, Coverage } from '../../../geo/coverage/types'
import type { useBoundaries } from '../boundaryStore'
import type { ToolName, useDesk } from '../deskStore'

const known = new WeakMap<Coverage, Map<CellId, ReadonlySet<CellId>>>()

/** Siblings along the border of a cell, the longest border first; remembered as long as the coverage is. */
export function besides(coverage: Coverage, cell: CellId): ReadonlySet<CellId> {
  const lists = known.get(coverage) ?? new Map<CellId, ReadonlySet<CellId>>()
  known.set(coverage, lists)
  const list = lists.get(cell) ?? new Set(neighboursOf(coverage, cell).keys())
  lists.set(cell, list)
  return list
}

/** Cells that can be picked now, those already picked too; null: any. */
export function choosable(coverage: Coverage, tool: ToolName, picked: readonly CellId[]): ReadonlySet<CellId> | null {
  const [first] = picked
  if (first === undefined || (tool !== 'merge' && tool !== 'give')) return null
  // who gives has one taker
  const from = tool === 'give' ? [first] : picked
  const open = new Set(picked)
  for (const id of from) for (const other of besides(coverage, id)) open.add(other)
  return open
}

/** What stays picked when one is taken away: whoever hangs together with the first. */
export function connectedTo(coverage: Coverage, picked: readonly CellId[]): CellId[] {
  const reached = new Set(picked.slice(0, 1))
  for (const id of reached) for (const other of besides(coverage, id)) if (picked.includes(other)) reached.add(other)
  return picked.filter((id) => reached.has(id))
}

/** Picks a cell for the tool in hand, or takes it back; a cell that cannot be is refused in words. */
export function pick(store: ReturnType<typeof useBoundaries>, desk: ReturnType<typeof useDesk>, id: CellId): void {
  const { coverage } = store
  if (!coverage) return
  const { picked, tool } = desk
  store.refusal = null
  if (picked.includes(id)) {
    const rest = picked.filter((each) => each !== id)
    desk.picked = tool === 'merge' ? connectedTo(coverage, rest) : rest
    return
  }
  if (choosable(coverage, tool, picked)?.has(id) === false) {
    store.refusal = { code: 'NOT_ADJACENT', cells: [id] }
    return
  }
  // another taker takes the place of the one before
  desk.picked = tool === 'give' ? [...picked.slice(0, 1), id] : [...picked, id]
}
