import type { Feature, MultiPolygon, Polygon, Position } from 'geojson'
import type { Bounds } from './measure'

/** An early hint about one polygon, in the database's own words and codes; the database decides. */
export interface PolygonIssue {
  /** `Feature.id` of the polygon. */
  id: string | number | undefined
  code: 'INVALID_GEOMETRY' | 'OUT_OF_RANGE'
  /** Where: [longitude, latitude]. */
  at: [number, number]
  message: string
  messageEn: string
}

interface Segment {
  a: Position
  b: Position
  minX: number
  maxX: number
  minY: number
  maxY: number
}

/**
 * Marks polygons whose border crosses itself, and those outside `bounds`, before anything is sent: at most one hint of
 * each kind a polygon. Overlaps between grids, touching rings and spikes are left to the database's dry run.
 */
export function polygonIssues(features: readonly Feature<Polygon | MultiPolygon>[], bounds?: Bounds): PolygonIssue[] {
  return features.flatMap((feature) => {
    const issues: PolygonIssue[] = []
    const outside = bounds && firstOutside(feature.geometry, bounds)
    if (outside) {
      const where = words(outside)
      issues.push({
        id: feature.id,
        code: 'OUT_OF_RANGE',
        at: outside,
        message: `超出本地范围（${where}）`,
        messageEn: `outside the bounds of this county (${where})`,
      })
    }
    const crossing = selfCrossing(feature.geometry)
    if (crossing) {
      const where = words(crossing)
      issues.push({
        id: feature.id,
        code: 'INVALID_GEOMETRY',
        at: crossing,
        message: `边界自相交（${where}）`,
        messageEn: `the border crosses itself (${where})`,
      })
    }
    return issues
  })
}

const words = ([lon, lat]: [number, number]) => `${lon.toFixed(6)}, ${lat.toFixed(6)}`

const ringsOf = (geometry: Polygon | MultiPolygon): Position[][] =>
  geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()

function firstOutside(geometry: Polygon | MultiPolygon, [w, s, e, n]: Bounds): [number, number] | null {
  for (const ring of ringsOf(geometry)) {
    for (const [lon = Number.NaN, lat = Number.NaN] of ring) {
      if (!(lon >= w && lon <= e && lat >= s && lat <= n)) return [lon, lat]
    }
  }
  return null
}

/**
 * A point where two edges really cross (each has its ends on both sides of the other), or null. Edges are swept from
 * west to east, so that only those that share a stretch of longitude are compared.
 */
export function selfCrossing(geometry: Polygon | MultiPolygon): [number, number] | null {
  const segments = ringsOf(geometry).flatMap(segmentsOf)
  segments.sort((p, q) => p.minX - q.minX)
  let active: Segment[] = []
  for (const segment of segments) {
    active = active.filter((other) => other.maxX >= segment.minX)
    for (const other of active) {
      if (other.minY > segment.maxY || other.maxY < segment.minY) continue
      const point = crossing(segment, other)
      if (point) return point
    }
    active.push(segment)
  }
  return null
}

function segmentsOf(ring: Position[]): Segment[] {
  const segments: Segment[] = []
  for (let i = 1; i < ring.length; i++) {
    const a = ring[i - 1]!
    const b = ring[i]!
    segments.push({
      a,
      b,
      minX: Math.min(a[0]!, b[0]!),
      maxX: Math.max(a[0]!, b[0]!),
      minY: Math.min(a[1]!, b[1]!),
      maxY: Math.max(a[1]!, b[1]!),
    })
  }
  return segments
}

/** Error bound of `side` relative to the products it is made of (Shewchuk 1997, the coarse filter). */
const FILTER = 3.3306690738754716e-16

/** Which side of a→b the point lies on: 1, −1, or 0 when on it as far as a double can tell. */
function side(a: Position, b: Position, p: Position): number {
  const left = (a[0]! - p[0]!) * (b[1]! - p[1]!)
  const right = (a[1]! - p[1]!) * (b[0]! - p[0]!)
  const difference = left - right
  return Math.abs(difference) <= FILTER * (Math.abs(left) + Math.abs(right)) ? 0 : Math.sign(difference)
}

function crossing(p: Segment, q: Segment): [number, number] | null {
  if (side(p.a, p.b, q.a) * side(p.a, p.b, q.b) >= 0) return null
  if (side(q.a, q.b, p.a) * side(q.a, q.b, p.b) >= 0) return null
  const [ax, ay] = p.a as [number, number]
  const [cx, cy] = q.a as [number, number]
  const [dx, dy] = [p.b[0]! - ax, p.b[1]! - ay]
  const [ex, ey] = [q.b[0]! - cx, q.b[1]! - cy]
  const t = ((cx - ax) * ey - (cy - ay) * ex) / (dx * ey - dy * ex)
  return [ax + t * dx, ay + t * dy]
}
