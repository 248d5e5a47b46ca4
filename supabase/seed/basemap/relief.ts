import { contours } from 'd3-contour'
import type { Feature, MultiPolygon } from 'geojson'
import { fractal } from '../ground/noise.ts'
import { type Point, simplifyLine, smoothLine, toLonLat, toPlane } from '../ground/plane.ts'
import { GROUND_BOX, height, mountain, reservoir } from '../ground/terrain.ts'

/** Fields over a lattice of the ground box, cut into bands. */
const COLUMNS = 300
const ROWS = 330
/** km that a band's edge may be off: nobody can see it at the scale of a county. */
const TOLERANCE = 0.09

const [WEST, SOUTH, EAST, NORTH] = GROUND_BOX
const LOW = toPlane([WEST, SOUTH])
const HIGH = toPlane([EAST, NORTH])

/** Kilometres of a lattice place (fractions allowed). */
function place(column: number, row: number): Point {
  return [
    LOW[0] + ((column - 0.5) / (COLUMNS - 1)) * (HIGH[0] - LOW[0]),
    HIGH[1] - ((row - 0.5) / (ROWS - 1)) * (HIGH[1] - LOW[1]),
  ]
}

function field(value: (p: Point, column: number, row: number) => number): number[] {
  const out: number[] = []
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) out.push(value(place(column + 0.5, row + 0.5), column, row))
  }
  return out
}

/** Softens a field a little: bands of noise would have ragged edges. */
function soften(values: number[], rounds: number): number[] {
  let out = values
  for (let r = 0; r < rounds; r++) {
    const before = out
    out = before.map((v, i) => {
      const column = i % COLUMNS
      const left = column > 0 ? before[i - 1]! : v
      const right = column < COLUMNS - 1 ? before[i + 1]! : v
      const up = i >= COLUMNS ? before[i - COLUMNS]! : v
      const down = i + COLUMNS < before.length ? before[i + COLUMNS]! : v
      return (v * 2 + left + right + up + down) / 6
    })
  }
  return out
}

/** The places where a field is above a threshold, as one feature; specks under `least` km² fall away. */
function band(values: number[], threshold: number, least: number, properties: object): Feature<MultiPolygon> {
  const [shape] = contours().size([COLUMNS, ROWS]).thresholds([threshold])(values)
  const polygons = shape!.coordinates
    .filter((rings) => area(rings[0] as unknown as Point[]) > least)
    .map((rings) =>
      rings
        .filter((ring, i) => i === 0 || area(ring as unknown as Point[]) > least)
        .map((ring) => outline(ring as unknown as Point[])),
    )
  return { type: 'Feature', properties, geometry: { type: 'MultiPolygon', coordinates: polygons } }
}

function area(ring: readonly Point[]): number {
  let sum = 0
  for (let i = 1; i < ring.length; i++) sum += ring[i - 1]![0] * ring[i]![1] - ring[i]![0] * ring[i - 1]![1]
  const cell = ((HIGH[0] - LOW[0]) / COLUMNS) * ((HIGH[1] - LOW[1]) / ROWS)
  return Math.abs(sum / 2) * cell
}

function outline(ring: readonly Point[]): [number, number][] {
  const open = ring.slice(0, -1).map(([column, row]) => place(column!, row!))
  // simplified with its two halves apart, so that a ring does not lose itself
  const half = open.length >> 1
  const thin = [
    ...simplifyLine(open.slice(0, half + 1), TOLERANCE).slice(0, -1),
    ...simplifyLine([...open.slice(half), open[0]!], TOLERANCE).slice(0, -1),
  ]
  const points = smoothLine(thin.length > 3 ? thin : open, 1, true).map((p) => toLonLat(p, 4))
  const out = points.filter((p, i) => i === 0 || p[0] !== points[i - 1]![0] || p[1] !== points[i - 1]![1])
  out.push(out[0]!)
  return out
}

/** 1 in the middle, falling to 0 at the edge of what is drawn: the ground runs out softly, not along a ruler. */
function fade([x, y]: Point): number {
  const ragged = fractal(x / 4, y / 4, 91, 3) * 1.6
  const edge = Math.min(x - LOW[0], HIGH[0] - x, y - LOW[1], HIGH[1] - y) + ragged - 0.8
  const t = Math.max(0, Math.min(1, edge / 4))
  return t * t * (3 - 2 * t)
}

/** Metres above the sea over the lattice. */
function heights(): number[] {
  return soften(
    field((p) => 15 + (height(p) - 15) * fade(p)),
    2,
  )
}

/** Height in bands, each lying on the one below: `kind` height, `level` 1–4 (low to high). */
function heightBands(metres: number[]): Feature<MultiPolygon>[] {
  return [55, 130, 260, 480].map((from, i) => band(metres, from, 0.8, { kind: 'height', level: i + 1 }))
}

/**
 * The relief, bottom first: height bands, then `kind` shade, `level` 1–3 = slopes turned away from the light in the
 * north-west, and light, 1–2 = turned to it.
 */
export function hillshade(): Feature<MultiPolygon>[] {
  const metres = heights()
  const step = ((HIGH[0] - LOW[0]) / COLUMNS) * 1000
  const dark = soften(
    field((_, column, row) => {
      const at = (c: number, r: number) =>
        metres[Math.max(0, Math.min(ROWS - 1, r)) * COLUMNS + Math.max(0, Math.min(COLUMNS - 1, c))]!
      const dx = (at(column + 1, row) - at(column - 1, row)) / (2 * step)
      const dy = (at(column, row + 1) - at(column, row - 1)) / (2 * step)
      return -dx - dy
    }),
    1,
  )
  const lit = dark.map((v) => -v)
  return [
    ...heightBands(metres),
    ...[0.06, 0.17, 0.32].map((from, i) => band(dark, from, 0.2, { kind: 'shade', level: i + 1 })),
    ...[0.08, 0.24].map((from, i) => band(lit, from, 0.2, { kind: 'light', level: i + 1 })),
  ]
}

/** Woods: most of the mountains, groves on the plain. */
export function forest(): Feature<MultiPolygon>[] {
  const woods = field((p) => {
    const [x, y] = p
    const hills = mountain(p)
    const wet = reservoir(p) > -0.35 ? -1 : 0
    return (
      hills * 1.05 -
      0.36 +
      fractal(x / 2.6, y / 2.6, 61, 4) * (0.35 + 0.25 * hills) -
      (hills < 0.08 ? 0.12 : 0) +
      wet -
      (1 - fade(p)) * 1.2
    )
  })
  return [band(soften(woods, 1), 0.05, 0.25, {})]
}

/** The reservoir. */
export function lake(): Feature<MultiPolygon>[] {
  return [band(field(reservoir), 0, 0.4, { name: '于桥水库', kind: 'reservoir' })]
}
