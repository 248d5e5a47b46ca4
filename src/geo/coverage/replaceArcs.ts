import { changedCells } from './read'
import type { Arc, CellId, Coverage, Edit, Position } from './types'

/** The coverage with new points for some arcs; which cells they bound does not change. */
export function replaceArcs(coverage: Coverage, points: ReadonlyMap<number, readonly Position[]>): Coverage {
  const changes = [...points].map(([id, list]): [Arc, Arc] => {
    const arc = coverage.arcs.get(id)!
    return [arc, { ...arc, points: list }]
  })
  return {
    ...coverage,
    arcs: coverage.arcs.with(changes.map(([, arc]) => [arc.id, arc] as const)),
    index: coverage.index.with(changes),
  }
}

/** Cells (without the root) that any of the arcs bounds, ascending. */
export function cellsAlong(coverage: Coverage, arcs: Iterable<Pick<Arc, 'left' | 'right'>>): CellId[] {
  const ids = new Set<CellId>()
  for (const { left, right } of arcs) for (const id of [...left, ...right]) ids.add(id)
  ids.delete(coverage.root.id)
  return [...ids].sort((a, b) => a - b)
}

/** What an edit of several steps comes to. */
export function sinceEdit(before: Coverage, after: Coverage): Edit {
  const { reshaped: touched, created, removed } = changedCells(before, after)
  return { ok: true, coverage: after, touched, created, removed }
}

export function reshaped(coverage: Coverage, touched: CellId[]): Edit {
  return { ok: true, coverage, touched, created: [], removed: [] }
}
