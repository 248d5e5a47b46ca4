import type { MultiPolygon, Polygon, Position } from 'geojson'

/**
 * Whether a place [lon, lat] lies inside a polygon (EPSG:4326, edges straight in degrees); holes are outside. Even-odd
 * rule; a place exactly on the border may be told either way.
 */
export function contains(geometry: Polygon | MultiPolygon, [x, y]: readonly [number, number]): boolean {
  const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  return parts.some((rings) => rings.reduce((inside, ring) => inside !== crosses(ring, x, y), false))
}

function crosses(ring: readonly Position[], x: number, y: number): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i] as [number, number]
    const [bx, by] = ring[j] as [number, number]
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
  }
  return inside
}
