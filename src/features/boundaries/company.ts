// Who else is at work near here, grid by grid. Pure.
import type { Present } from '../../db/presence'

export interface Company {
  /** mine: one's own other window; here, hereMany: this grid or one below; above: a grid out of sight above. */
  key: 'mine' | 'here' | 'hereMany' | 'above'
  grid: string
  people: string[]
  n: number
}

/** So many are named, then counted. */
const MOST_NAMED = 3

/**
 * @param others who is present here and below, each page once
 * @param me the asker: never somebody else, but maybe another window
 * @param nameOf the name of a grid that is open here; undefined for one above
 */
export function companyOf(
  others: readonly Present[],
  me: string,
  nameOf: (grid: number) => string | undefined,
): Company[] {
  // 0: only looking
  const editing = others.filter(({ grid_id }) => grid_id > 0)
  const grids = [...new Set(editing.map(({ grid_id }) => grid_id))]
  return grids.flatMap((id): Company[] => {
    const grid = nameOf(id)
    const there = editing.filter(({ grid_id }) => grid_id === id)
    const people = [
      ...new Map(there.filter(({ user_id }) => user_id !== me).map((each) => [each.user_id, each.name])).values(),
    ]
    const n = people.length
    const named = people.slice(0, MOST_NAMED)
    const key = grid === undefined ? 'above' : n > MOST_NAMED ? 'hereMany' : 'here'
    return [
      ...(there.some(({ user_id }) => user_id === me) && grid !== undefined
        ? [{ key: 'mine' as const, grid, people: [], n: 1 }]
        : []),
      ...(n ? [{ key, grid: grid ?? '', people: named, n } as Company] : []),
    ]
  })
}
