import type { MultiPolygon, Polygon, Position } from 'geojson'

/** [west, south, east, north], in the unit of the geometry. */
type Box = readonly [number, number, number, number]

type Side = { inside: (p: Position) => boolean; cross: (a: Position, b: Position) => Position }

const along = (a: Position, b: Position, t: number): Position => [
  a[0]! + (b[0]! - a[0]!) * t,
  a[1]! + (b[1]! - a[1]!) * t,
]

function sidesOf([west, south, east, north]: Box): Side[] {
  const side = (axis: 0 | 1, at: number, sign: 1 | -1): Side => ({
    inside: (p) => (p[axis]! - at) * sign >= 0,
    cross: (a, b) => along(a, b, (at - a[axis]!) / (b[axis]! - a[axis]!)),
  })
  return [side(0, west, 1), side(0, east, -1), side(1, south, 1), side(1, north, -1)]
}

/**
 * The part of an area inside a box, for drawing and for placing words: null when there is none. A part cut in several
 * pieces keeps them joined along the side of the box (Sutherland–Hodgman), so it is no valid area to be saved.
 */
export function clipToBox(geometry: Polygon | MultiPolygon, box: Box): MultiPolygon | null {
  const sides = sidesOf(box)
  const clip = (ring: readonly Position[]): Position[] => {
    let points = ring.slice(0, -1)
    for (const { inside, cross } of sides) {
      const kept: Position[] = []
      for (const [i, at] of points.entries()) {
        const before = points[(i + points.length - 1) % points.length]!
        if (inside(at) !== inside(before)) kept.push(cross(before, at))
        if (inside(at)) kept.push(at)
      }
      points = kept
    }
    return points.length < 3 ? [] : [...points, points[0]!]
  }
  const whole = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  const parts = whole.flatMap(([outline = [], ...holes]) => {
    const edge = clip(outline)
    return edge.length ? [[edge, ...holes.map(clip).filter((hole) => hole.length)]] : []
  })
  return parts.length ? { type: 'MultiPolygon', coordinates: parts } : null
}
