import type { CellId, Coverage, Issue, Position } from './types'
export function issuesOfMove(
  _c: Coverage,
  _m: ReadonlyMap<number, readonly Position[]>,
  _cells: readonly CellId[],
): Issue[] {
  return []
}
