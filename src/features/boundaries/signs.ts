// Where on the map each check points to, whatever its size. Pure.
import type { Position as Coordinates, Geometry, Polygon } from 'geojson'
import type { Issue, IssueCode } from '../../geo/coverage/types'
import { labelPoint } from '../../geo/labelPoint'

/** A place to be looked at. */
export interface Sign {
  /** [lon, lat] */
  at: Coordinates
  kind: 'error' | 'notice' | 'gap'
  /** Names its word; `other` for what only the database knows. */
  code: IssueCode | 'other'
}

const KNOWN: ReadonlySet<string> = new Set<IssueCode>([
  'INVALID_GEOMETRY',
  'OVERLAP',
  'OUTSIDE_PARENT',
  'SLIVER',
  'GAP',
  'TOO_MANY_VERTICES',
  'ORPHANED_CHILDREN',
])

/** One sign for every check that has a place: what the page found, blind spots, and what the database said. */
export function signsOf(
  issues: readonly Issue[],
  gaps: readonly { polygon: Polygon }[],
  violations: readonly { geometry: Geometry | null; properties: { code: string } }[],
): Sign[] {
  return [
    // the worst on top
    ...gaps.map(({ polygon }): Sign => ({ at: labelPoint(polygon), kind: 'gap', code: 'GAP' })),
    ...[...issues]
      .filter((issue) => issue.code !== 'GAP')
      .sort((a, b) => Number(a.severity === 'error') - Number(b.severity === 'error'))
      .map(({ at, code, severity }): Sign => ({ at, kind: severity === 'error' ? 'error' : 'notice', code })),
    ...violations.flatMap(({ geometry, properties: { code } }): Sign[] => {
      const at = geometry && placeOf(geometry)
      return at ? [{ at, kind: 'error', code: KNOWN.has(code) ? (code as IssueCode) : 'other' }] : []
    }),
  ]
}

/** A point on a geometry: of an area inside it. */
function placeOf(geometry: Geometry): Coordinates | null {
  switch (geometry.type) {
    case 'Polygon':
    case 'MultiPolygon':
      return labelPoint(geometry)
    case 'GeometryCollection':
      return geometry.geometries.map(placeOf).find((at) => at !== null) ?? null
    case 'Point':
      return geometry.coordinates
    default: {
      const points = geometry.coordinates.flat(geometry.type === 'MultiLineString' ? 1 : 0) as Coordinates[]
      return points[Math.floor(points.length / 2)] ?? null
    }
  }
}
