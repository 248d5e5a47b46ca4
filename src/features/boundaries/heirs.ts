// Which grid a merged one went into, so that its people can go along. Pure.
import type { CellId } from '../../geo/coverage/types'
import type { SentChange } from './boundaryRpc'
import type { Command } from './command'

/**
 * Grids that were merged away, each with the grid that has its ground now.
 * @param living whether a grid is there in the end: what swallowed one grid may have been swallowed by another
 */
export function heirsOf(commands: readonly Command[], living: (cell: CellId) => boolean): Map<CellId, CellId> {
  const into = new Map<CellId, CellId>()
  for (const command of commands) {
    if (command.op !== 'merge') continue
    for (const cell of command.cells) if (cell !== command.into) into.set(cell, command.into)
  }
  const heirs = new Map<CellId, CellId>()
  for (const cell of into.keys()) {
    let heir = into.get(cell)
    const seen = new Set([cell])
    while (heir !== undefined && !living(heir) && !seen.has(heir)) {
      seen.add(heir)
      heir = into.get(heir)
    }
    if (heir !== undefined && living(heir) && !living(cell)) heirs.set(cell, heir)
  }
  return heirs
}

/** Says with a retirement where its people go; a grid that is new itself is named by its code. */
export function withHeir(change: SentChange, heir: { id: CellId; code: string } | null): SentChange {
  if (!heir || !change.retire) return change
  return { ...change, ...(heir.id > 0 ? { members_to: heir.id } : { members_to_code: heir.code }) }
}
