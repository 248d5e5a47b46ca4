import { arcsOf } from './cellArcs'
import type { CellId, Coverage } from './types'

/** Metres per degree of latitude on the mean sphere. */
const METRES = 111_195

/** The siblings with which a cell shares a border, and how many metres of it; the longest first. */
export function neighboursOf(coverage: Coverage, id: CellId): Map<CellId, number> {
  const cell = coverage.cells.get(id)
  const lengths = new Map<CellId, number>()
  for (const number of cell ? arcsOf(cell) : []) {
    const { left, right, points } = coverage.arcs.get(number)!
    const beyond = left.includes(id) ? right : left
    const siblings = beyond.filter((other) => other !== id && coverage.cells.get(other)?.parent === cell!.parent)
    if (!siblings.length) continue
    const stretch = Math.cos((points[0]![1] * Math.PI) / 180)
    let length = 0
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1]!, points[i]!]
      length += METRES * Math.hypot((a[0] - b[0]) * stretch, a[1] - b[1])
    }
    for (const other of siblings) lengths.set(other, (lengths.get(other) ?? 0) + length)
  }
  return new Map([...lengths].sort((a, b) => b[1] - a[1]))
}
