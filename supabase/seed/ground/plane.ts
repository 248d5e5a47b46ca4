/** Kilometres east and north of ORIGIN: a flat plane good enough for one county (40 km across). */
export type Point = readonly [number, number]

const ORIGIN = { lon: 117.45, lat: 40 }
const KM_PER_DEGREE_LAT = 111.2
const KM_PER_DEGREE_LON = 85.39

/** WGS84 [lon, lat] in degrees → [x, y] in km. */
export function toPlane([lon, lat]: Point): Point {
  return [(lon - ORIGIN.lon) * KM_PER_DEGREE_LON, (lat - ORIGIN.lat) * KM_PER_DEGREE_LAT]
}

/** [x, y] in km → WGS84 [lon, lat] in degrees, rounded to `digits` decimals. */
export function toLonLat([x, y]: Point, digits = 6): [number, number] {
  return [round(ORIGIN.lon + x / KM_PER_DEGREE_LON, digits), round(ORIGIN.lat + y / KM_PER_DEGREE_LAT, digits)]
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1])
}

/** Distance from a point to a line, and how far along the line (0..1 by vertices) the nearest place is. */
export function nearestOnLine(p: Point, line: readonly Point[]): { distance: number; along: number } {
  let best = Number.POSITIVE_INFINITY
  let along = 0
  for (let i = 1; i < line.length; i++) {
    const [ax, ay] = line[i - 1]!
    const [bx, by] = line[i]!
    const dx = bx - ax
    const dy = by - ay
    const square = dx * dx + dy * dy
    const t = square === 0 ? 0 : Math.max(0, Math.min(1, ((p[0] - ax) * dx + (p[1] - ay) * dy) / square))
    const d = Math.hypot(p[0] - ax - t * dx, p[1] - ay - t * dy)
    if (d < best) {
      best = d
      along = (i - 1 + t) / (line.length - 1)
    }
  }
  return { distance: best, along }
}

/** Even-odd rule; `ring` may be open or closed. */
export function insideRing([x, y]: Point, ring: readonly Point[]): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!
    const [xj, yj] = ring[j]!
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}

/** Corner cutting (Chaikin): the ends of an open line stay where they are. */
export function smoothLine(line: readonly Point[], rounds: number, closed = false): Point[] {
  let out = [...line]
  for (let r = 0; r < rounds; r++) {
    const next: Point[] = []
    const n = out.length
    if (!closed) next.push(out[0]!)
    for (let i = 0; i < (closed ? n : n - 1); i++) {
      const a = out[i]!
      const b = out[(i + 1) % n]!
      next.push([a[0] * 0.75 + b[0] * 0.25, a[1] * 0.75 + b[1] * 0.25])
      next.push([a[0] * 0.25 + b[0] * 0.75, a[1] * 0.25 + b[1] * 0.75])
    }
    if (!closed) next.push(out[n - 1]!)
    out = next
  }
  return out
}

/** Douglas–Peucker: drops vertices that lie closer than `tolerance` km to the simplified line. */
export function simplifyLine(line: readonly Point[], tolerance: number): Point[] {
  if (line.length < 3) return [...line]
  const keep = new Uint8Array(line.length)
  keep[0] = 1
  keep[line.length - 1] = 1
  const stack: [number, number][] = [[0, line.length - 1]]
  while (stack.length > 0) {
    const [from, to] = stack.pop()!
    let far = 0
    let at = -1
    for (let i = from + 1; i < to; i++) {
      const d = nearestOnLine(line[i]!, [line[from]!, line[to]!]).distance
      if (d > far) {
        far = d
        at = i
      }
    }
    if (at > 0 && far > tolerance) {
      keep[at] = 1
      stack.push([from, at], [at, to])
    }
  }
  return line.filter((_, i) => keep[i])
}
