import type { Polygon } from 'geojson'
import { areaM2 } from '../measure'
import { MOST_VERTICES } from './readRings'
import { cellOf, shapeOf } from './shape'
import type { CellId, Coverage, Issue, Position } from './types'

/** Ground narrower than this (metres, on average) is nothing that anybody can answer for. */
export const SLIVER_WIDTH_M = 2
/** Nor is ground smaller than this (m²). */
export const SLIVER_AREA_M2 = 4

/** What can be wrong with one cell by itself: too many vertices, or parts that are slivers. */
export function cellIssues(coverage: Coverage, id: CellId, pointsOf: (arc: number) => readonly Position[]): Issue[] {
  const shape = shapeOf(cellOf(coverage, id)!, pointsOf)
  const issues: Issue[] = []
  const vertices = shape.coordinates.flat().reduce((sum, ring) => sum + ring.length, 0)
  const at = shape.coordinates[0]![0]![0] as Position
  if (vertices > MOST_VERTICES) {
    issues.push({ code: 'TOO_MANY_VERTICES', cells: [id], shape, severity: 'error', at })
  }
  for (const coordinates of shape.coordinates) {
    const part: Polygon = { type: 'Polygon', coordinates }
    const area_m2 = areaM2(part)
    if (isSliver(part, area_m2)) {
      const place = coordinates[0]![0] as Position
      issues.push({ code: 'SLIVER', cells: [id], area_m2, shape: part, severity: 'warning', at: place })
    }
  }
  return issues
}

/** Smaller than SLIVER_AREA_M2 or, taken as a strip, narrower than SLIVER_WIDTH_M (twice the area by the perimeter). */
export function isSliver(part: Polygon, area_m2: number): boolean {
  return area_m2 < SLIVER_AREA_M2 || 2 * area_m2 < SLIVER_WIDTH_M * perimeterM(part)
}

/** Metres around a polygon and its holes, on a sphere cut flat at each edge: good to a percent, which is enough here. */
function perimeterM({ coordinates }: Polygon): number {
  let sum = 0
  for (const ring of coordinates as Position[][]) {
    for (let i = 1; i < ring.length; i++) {
      const [a, b] = [ring[i - 1]!, ring[i]!]
      sum += Math.hypot((b[0] - a[0]) * Math.cos((a[1] * Math.PI) / 180), b[1] - a[1])
    }
  }
  return sum * 111_195
}
