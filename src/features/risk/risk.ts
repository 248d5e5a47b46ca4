/** What a grid is judged to be. */
export interface Judged {
  grid_id: number
  code: string
  /** 0..100, two decimals */
  index: number
  /** 1 red 重大, 2 orange 较大, 3 yellow 一般, 4 blue 低; 0 nothing to judge */
  level: number
  /** The index less that of so many days before as was asked; null when that day is not known. */
  trend: number | null
}

/** One row of `risk_map`: the level of a grid and the figures behind it, counted over its subtree. */
export interface RiskRow extends Judged {
  /** What the index follows from, see `risk_breakdown`. */
  points: number
  enterprises: number
  /** Enterprises of major risk. */
  red: number
  open_hazards: number
  major_open: number
  overdue: number
}

/** A row of the ranking; in a replay the figures behind a level are not known. */
export type Ranked = Judged & Partial<RiskRow>

/** The worst grids first: by level, then index, then what is overdue. Grids without anything to judge are left out. */
export function ranking(rows: readonly Ranked[], limit: number): Ranked[] {
  return rows
    .filter((row) => row.level > 0)
    .sort(
      (a, b) =>
        a.level - b.level || b.index - a.index || more(a, b, 'major_open') || more(a, b, 'overdue') || byCode(a, b),
    )
    .slice(0, limit)
}

const more = (a: Ranked, b: Ranked, of: 'major_open' | 'overdue'): number => (b[of] ?? 0) - (a[of] ?? 0)
const byCode = (a: Judged, b: Judged): number => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)

/** How many grids have each level. Index is the level, 0 included. */
export function tally(rows: readonly Pick<Judged, 'level'>[]): [number, number, number, number, number] {
  const counts: [number, number, number, number, number] = [0, 0, 0, 0, 0]
  for (const row of rows) {
    if (row.level >= 0 && row.level <= 4) counts[row.level as 0 | 1 | 2 | 3 | 4] += 1
  }
  return counts
}
