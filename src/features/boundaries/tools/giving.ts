// What a drawing means when a piece is given: the ground within it, or what a line cuts off.
import type { MultiPolygon } from 'geojson'
import { contains } from '../../../geo/contains'
import type { Position } from '../../../geo/coverage/types'
import { samePlace } from '../locate'

const STEPS = 64

/**
 * Whether the drawing is a line across the giver: both its ends lie outside, and the way back from the last to the first
 * would run through it. Otherwise it goes around a piece.
 */
export function cutsAcross(giver: MultiPolygon, points: readonly Position[]): boolean {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || points.length < 2 || samePlace(first, last)) return false
  if (points.length === 2) return true
  if (contains(giver, first) || contains(giver, last)) return false
  for (let i = 1; i < STEPS; i++) {
    const share = i / STEPS
    const at: Position = [first[0] + (last[0] - first[0]) * share, first[1] + (last[1] - first[1]) * share]
    if (contains(giver, at)) return true
  }
  return false
}

/** The drawing as `give` takes it: what it most likely means first, then, where that is possible, what else it could. */
export function givenAreas(giver: MultiPolygon, points: readonly Position[]): Position[][] {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return []
  const line = [...points]
  if (points.length === 2) return [line]
  if (samePlace(first, last)) return [line]
  const ring = [...points, first]
  return cutsAcross(giver, points) ? [line, ring] : [ring]
}
