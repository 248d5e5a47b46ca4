import type { Polygon, Position } from 'geojson'

/** Metres per degree of latitude on the mean sphere; good to half a percent, which is enough for a tolerance. */
const METRES = 111_195

type Flat = [number, number]

/**
 * Whether no circle of `width_m` metres fits into a polygon. Quadtree over its box (V. Agafonkin, polylabel), left as
 * soon as one circle fits or none can.
 */
export function isThin({ coordinates }: Polygon, width_m: number): boolean {
  const stretch = Math.cos(((coordinates[0]![0]![1] ?? 0) * Math.PI) / 180)
  const rings = coordinates.map((ring) =>
    ring.map(([lon = 0, lat = 0]): Flat => [lon * stretch * METRES, lat * METRES]),
  )
  const wanted = width_m / 2
  let [w, s, e, n] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [x, y] of rings[0]!) {
    w = Math.min(w, x)
    s = Math.min(s, y)
    e = Math.max(e, x)
    n = Math.max(n, y)
  }
  if (Math.min(e - w, n - s) < width_m) return true
  const side = Math.min(e - w, n - s)
  const open: [number, number, number][] = []
  for (let x = w; x < e; x += side) for (let y = s; y < n; y += side) open.push([x + side / 2, y + side / 2, side / 2])
  for (let cell = open.pop(); cell; cell = open.pop()) {
    const [x, y, half] = cell
    const away = distance(x, y, rings)
    if (away >= wanted) return false
    // no point of the square is better by more than half its diagonal; a hair short of the width is the width
    if (away + half * Math.SQRT2 < wanted || half < wanted / 64) continue
    const q = half / 2
    open.push([x - q, y - q, q], [x + q, y - q, q], [x - q, y + q, q], [x + q, y + q, q])
  }
  return true
}

/** Mean width in metres of a thin piece: its area by half its outline. */
export function meanWidthM({ coordinates }: Polygon, area_m2: number): number {
  let around = 0
  for (const ring of coordinates) for (let i = 1; i < ring.length; i++) around += metresBetween(ring[i - 1]!, ring[i]!)
  return around > 0 ? (2 * area_m2) / around : 0
}

export function metresBetween([lonA = 0, latA = 0]: Position, [lonB = 0, latB = 0]: Position): number {
  return METRES * Math.hypot((lonA - lonB) * Math.cos((latA * Math.PI) / 180), latA - latB)
}

/** Metres from the border, negative outside. */
function distance(x: number, y: number, rings: readonly Flat[][]): number {
  let inside = false
  let least = Infinity
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [ax, ay] = ring[i - 1]!
      const [bx, by] = ring[i]!
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
      const [dx, dy] = [bx - ax, by - ay]
      const length = dx * dx + dy * dy
      const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length))
      least = Math.min(least, (x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2)
    }
  }
  return (inside ? 1 : -1) * Math.sqrt(least)
}
