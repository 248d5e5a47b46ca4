import { samePlace } from './lattice'
import type { Position } from './types'

/** Metres per degree of latitude on the mean sphere. */
const METRES = 111_195

/**
 * Which vertices of a line move when some are dragged, and by what share of the way: the dragged ones all of it, those
 * within `reach` metres along the line less and less (a raised cosine, so that the line bends without a kink). An end of
 * the line that is not dragged stays, and so does what lies behind it: the reach then ends there.
 * @param held indices of the dragged vertices
 * @returns shares (0–1] by index; of a closed line for its first and last point alike
 */
export function softened(
  points: readonly Position[],
  held: readonly number[],
  reach: number | undefined,
): Map<number, number> {
  const shares = new Map(held.map((index) => [index, 1]))
  if (!reach || !(reach > 0) || held.length === 0) return shares
  const last = points.length - 1
  const stretch = Math.cos((points[held[0]!]![1] * Math.PI) / 180)
  const step = (i: number, j: number) =>
    METRES * Math.hypot((points[i]![0] - points[j]![0]) * stretch, points[i]![1] - points[j]![1])
  const closed = samePlace(points[0]!, points[last]!)
  // round a ring each side takes at most half of it
  let around = 0
  if (closed) for (let i = 0; i < last; i++) around += step(i, i + 1)
  for (const start of held) {
    for (const way of [1, -1]) {
      const walked: [number, number][] = []
      let away = 0
      let most = closed ? Math.min(reach, around / 2) : reach
      for (let from = start; away < most; ) {
        let to = from + way
        if (closed && (to > last || to < 0)) to = way > 0 ? 1 : last - 1
        if (to < 0 || to > last || (shares.get(to) === 1 && to !== start)) break
        away += step(from, to)
        if (!closed && (to === 0 || to === last)) most = Math.min(most, away)
        walked.push([to, away])
        from = to
      }
      for (const [index, distance] of walked) {
        if (distance >= most) continue
        const share = (1 + Math.cos((Math.PI * distance) / most)) / 2
        for (const i of closed && (index === 0 || index === last) ? [0, last] : [index]) {
          if (share > (shares.get(i) ?? 0)) shares.set(i, share)
        }
      }
    }
  }
  return shares
}
