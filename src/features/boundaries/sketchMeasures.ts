// The figures of what is being drawn. Pure.
import type { Position } from '../../geo/coverage/types'
import { areaM2 } from '../../geo/measure'
import { areaWords, lengthWords } from './areaWords'
import { lengthOf } from './length'

export interface Measures {
  points: number
  /** Metres along the points. */
  length: number
  /** Metres around, back to the first point; null below three points. */
  perimeter: number | null
  /** m²; null below three points. */
  area: number | null
}

/** @param points [lon, lat], WGS84 */
export function measuresOf(points: readonly Position[]): Measures {
  const length = lengthOf(points)
  const first = points[0]
  if (points.length < 3 || !first) return { points: points.length, length, perimeter: null, area: null }
  const ring = [...points, first]
  return {
    points: points.length,
    length,
    perimeter: lengthOf(ring),
    area: areaM2({ type: 'Polygon', coordinates: [ring] }),
  }
}

/** Each figure with its key, as it is shown. */
export function measureLines(measures: Measures, locale: string): { key: string; words: string }[] {
  const { length, perimeter, area } = measures
  return [
    { key: 'length', words: lengthWords(length, locale) },
    ...(perimeter === null ? [] : [{ key: 'perimeter', words: lengthWords(perimeter, locale) }]),
    ...(area === null ? [] : [{ key: 'area', words: areaWords(area, locale) }]),
  ]
}
