import type { Position } from '../../geo/coverage/types'

const DEGREE = Math.PI / 180
/** Of the ellipsoid WGS84: half axis in metres, first eccentricity squared. */
const A = 6_378_137
const E2 = 0.00669437999014

/** Metres along a line of [lon, lat] (WGS84), by the radii of curvature at the middle of each segment (Snyder 1987, 4-18 to 4-20). */
export function lengthOf(points: readonly Position[]): number {
  let sum = 0
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!]
    const sine = Math.sin(((a[1] + b[1]) / 2) * DEGREE)
    const w = Math.sqrt(1 - E2 * sine * sine)
    const north = ((A * (1 - E2)) / w ** 3) * (b[1] - a[1]) * DEGREE
    const east = (A / w) * Math.cos(((a[1] + b[1]) / 2) * DEGREE) * (b[0] - a[0]) * DEGREE
    sum += Math.hypot(north, east)
  }
  return sum
}
