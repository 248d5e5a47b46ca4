/**
 * Rows whose level is graver than that of another with a higher index: thresholds are the same for all rows of a list,
 * so a veto must have raised them. To be marked, or the order of a ranking looks like a mistake.
 * @param rows level 1 red … 4 blue, 0 nothing to judge (left out); index 0..100
 */
export function raisedRows<Row extends { level: number; index: number }>(rows: readonly Row[]): ReadonlySet<Row> {
  const highest = [0, 0, 0, 0, 0, 0]
  for (let level = 4; level >= 1; level--) {
    const ofLevel = rows.filter((row) => row.level === level)
    highest[level] = ofLevel.reduce((most, row) => Math.max(most, row.index), highest[level + 1] ?? 0)
  }
  return new Set(rows.filter((row) => row.level >= 1 && row.level <= 3 && row.index < (highest[row.level + 1] ?? 0)))
}
