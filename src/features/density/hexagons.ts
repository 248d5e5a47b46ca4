// Hexagons of equal size on the ground, and what lies in each.
import type { DensityPoints } from './density'

export interface Hexagon {
  /** Closed ring of [lon, lat], WGS84. */
  ring: [number, number][]
  count: number
  weight: number
}

const DEGREE_M = 111_320
const SQRT3 = Math.sqrt(3)

/**
 * Counts points into a honeycomb of pointed hexagons with edges of `edge` metres, measured where the points are (a
 * plane that touches the earth at their middle: within a county it is right to a fraction of a per cent). The comb is
 * tied to the meridian and parallel 0, so the same county always gets the same cells.
 * @returns the cells that hold a point, the heaviest first
 */
export function hexagonsOf(
  points: DensityPoints,
  weights: Readonly<Record<string, number>>,
  edge: number,
  middle: number,
): Hexagon[] {
  const shrink = Math.cos((middle * Math.PI) / 180)
  const cells = new Map<string, { q: number; r: number; count: number; weight: number }>()
  for (let i = 0; i < points.lon.length; i++) {
    const weight = weights[points.factor[i]!] ?? 0
    if (weight <= 0) continue
    const [q, r] = rounded(points.lon[i]! * DEGREE_M * shrink, points.lat[i]! * DEGREE_M, edge)
    const key = `${q} ${r}`
    const cell = cells.get(key) ?? { q, r, count: 0, weight: 0 }
    cell.count++
    cell.weight += weight
    cells.set(key, cell)
  }
  return [...cells.values()]
    .sort((a, b) => b.weight - a.weight)
    .map(({ q, r, count, weight }) => {
      const [x, y] = [edge * SQRT3 * (q + r / 2), edge * 1.5 * r]
      const ring = Array.from({ length: 7 }, (_, i): [number, number] => {
        const turn = ((60 * (i % 6) + 30) * Math.PI) / 180
        return [(x + edge * Math.cos(turn)) / (DEGREE_M * shrink), (y + edge * Math.sin(turn)) / DEGREE_M]
      })
      return { ring, count, weight }
    })
}

/** The cell of a place in axial coordinates: rounded in cube coordinates, where the three sum to nothing. */
function rounded(x: number, y: number, edge: number): [number, number] {
  const r = (2 / 3) * (y / edge)
  const q = x / (SQRT3 * edge) - r / 2
  const s = -q - r
  const [rq, rr, rs] = [Math.round(q), Math.round(r), Math.round(s)]
  const [dq, dr, ds] = [Math.abs(rq - q), Math.abs(rr - r), Math.abs(rs - s)]
  if (dq > dr && dq > ds) return [-rr - rs, rr]
  return dr > ds ? [rq, -rq - rs] : [rq, rr]
}

/** From which part of full ink each class begins. */
export const CLASSES = [0, 0.25, 0.5, 1, 2] as const

/** The class of a weight: 0 faint … 4 full. */
export const classOf = (weight: number, full: number): number => {
  let found = 0
  for (const [i, from] of CLASSES.entries()) if (weight >= from * full) found = i
  return found
}
