/** One row of `risk_map`: the level of a grid and the figures behind it, counted over its subtree. */
export interface RiskRow {
  grid_id: number
  code: string
  /** 0..100, two decimals */
  index: number
  /** What it follows from, see `risk_breakdown`. */
  points: number
  /** 1 red 重大, 2 orange 较大, 3 yellow 一般, 4 blue 低; 0 nothing to judge */
  level: number
  enterprises: number
  open_hazards: number
  major_open: number
  overdue: number
  /** The index less that of seven days before; null when that day is not known. */
  trend: number | null
}

/** The worst grids first: by level, then index, then what is overdue. Grids without anything to judge are left out. */
export function ranking(rows: readonly RiskRow[], limit: number): RiskRow[] {
  return rows
    .filter((row) => row.level > 0)
    .sort(
      (a, b) =>
        a.level - b.level || b.index - a.index || b.major_open - a.major_open || b.overdue - a.overdue || byCode(a, b),
    )
    .slice(0, limit)
}

const byCode = (a: RiskRow, b: RiskRow): number => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)

/** How many grids have each level. Index is the level, 0 included. */
export function tally(rows: readonly RiskRow[]): [number, number, number, number, number] {
  const counts: [number, number, number, number, number] = [0, 0, 0, 0, 0]
  for (const row of rows) {
    if (row.level >= 0 && row.level <= 4) counts[row.level as 0 | 1 | 2 | 3 | 4] += 1
  }
  return counts
}
