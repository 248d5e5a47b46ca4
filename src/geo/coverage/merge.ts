import { arcsOf } from './cellArcs'
import { rework } from './rework'
import { descendantsOf } from './shape'
import { type CellId, type Coverage, type Edit, refuse } from './types'

/**
 * Joins cells of one parent to `into` (one of them); the others are gone, their children get `into` as their parent.
 * Reasons: NOT_SIBLINGS, NOT_ADJACENT with those that share no border with the rest.
 */
export function merge(coverage: Coverage, cells: readonly CellId[], into: CellId): Edit {
  const all = [...new Set(cells)]
  const lost = [...all, into].filter((id) => !coverage.cells.has(id) || !all.includes(id))
  if (lost.length > 0) return refuse('UNKNOWN_CELL', { cells: lost })
  const parent = coverage.cells.get(into)!.parent
  const strangers = all.filter((id) => coverage.cells.get(id)!.parent !== parent)
  if (strangers.length > 0) return refuse('NOT_SIBLINGS', { cells: strangers })
  const joined = connected(coverage, all, into)
  if (joined.size < all.length || all.length < 2) {
    return refuse('NOT_ADJACENT', { cells: all.length < 2 ? all : all.filter((id) => !joined.has(id)) })
  }
  return rework(coverage, {
    owners: all.flatMap((id) => [id, ...descendantsOf(coverage, id)]),
    vanishing: new Set(all.filter((id) => id !== into)),
    decide: ({ grounds }) => {
      for (const { cells: here } of grounds) {
        if (!all.some((id) => here.has(id))) continue
        for (const id of all) here.delete(id)
        here.add(into)
      }
      return null
    },
  })
}

/** Those of some cells that are reached from one of them over shared borders. */
function connected(coverage: Coverage, all: readonly CellId[], from: CellId): Set<CellId> {
  const reached = new Set([from])
  for (const id of reached) {
    for (const number of arcsOf(coverage.cells.get(id)!)) {
      const { left, right } = coverage.arcs.get(number)!
      for (const other of [...left, ...right]) if (all.includes(other)) reached.add(other)
    }
  }
  return reached
}
