import { replaceStretch } from './stretch'
import type { Coverage, Edit, Position } from './types'

/**
 * Drops vertices between two of an arc as long as no dropped one lies farther than `tolerance_m` metres from the new
 * line (Douglas and Peucker, 1973). Reasons: FIXED, NO_SUCH_VERTEX, ZERO_AREA.
 */
export const simplifyStretch = (coverage: Coverage, arc: number, from: number, to: number, tolerance_m: number): Edit =>
  replaceStretch(coverage, arc, from, to, (points) => simplified(points, tolerance_m).slice(1, -1))

function simplified(points: readonly Position[], tolerance: number): Position[] {
  const stretch = Math.cos((points[0]![1] * Math.PI) / 180)
  const flat = points.map(([lon, lat]) => [lon * stretch * METRES, lat * METRES] as const)
  const keep = new Set([0, points.length - 1])
  const open: [number, number][] = [[0, points.length - 1]]
  for (let span = open.pop(); span; span = open.pop()) {
    const [first, last] = span
    let farthest = -1
    let most = tolerance
    for (let i = first + 1; i < last; i++) {
      const away = distance(flat[i]!, flat[first]!, flat[last]!)
      if (away > most) {
        most = away
        farthest = i
      }
    }
    if (farthest < 0) continue
    keep.add(farthest)
    open.push([first, farthest], [farthest, last])
  }
  return points.filter((_, i) => keep.has(i))
}

/** Metres per degree of latitude on the mean sphere. */
const METRES = 111_195

type Flat = readonly [number, number]

function distance([x, y]: Flat, [ax, ay]: Flat, [bx, by]: Flat): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length))
  return Math.hypot(x - ax - t * dx, y - ay - t * dy)
}
