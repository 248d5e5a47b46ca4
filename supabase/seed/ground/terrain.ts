import { fractal, noise, ridged } from './noise.ts'
import { nearestOnLine, type Point, toPlane } from './plane.ts'

/** The ground, invented: mountains in the north, a plain in the south, a reservoir east of the town, four rivers. */

/** [west, south, east, north] of the drawn ground: the county and a margin. */
export const GROUND_BOX = [117.02, 39.6, 117.92, 40.4] as const

export interface River {
  name: string
  width: number
  line: Point[]
}

/** Rivers that one would name, by hand, then made to wander. Source first, in km. */
export const RIVERS: readonly River[] = [
  river('州河', 3, [
    [117.443, 40.027],
    [117.43, 40.0],
    [117.434, 39.97],
    [117.42, 39.94],
    [117.412, 39.915],
    [117.421, 39.88],
    [117.43, 39.84],
    [117.44, 39.81],
    [117.437, 39.78],
    [117.43, 39.74],
    [117.45, 39.66],
    [117.46, 39.58],
  ]),
  river('泃河', 2, [
    [117.53, 40.27],
    [117.485, 40.225],
    [117.465, 40.195],
    [117.425, 40.17],
    [117.39, 40.142],
    [117.35, 40.137],
    [117.29, 40.15],
    [117.22, 40.145],
    [117.13, 40.16],
    [117.0, 40.13],
  ]),
  river('泃河', 3, [
    [117.0, 40.05],
    [117.09, 39.99],
    [117.125, 39.94],
    [117.142, 39.885],
    [117.2, 39.852],
    [117.272, 39.8],
    [117.3, 39.74],
    [117.37, 39.69],
    [117.45, 39.66],
  ]),
  river('淋河', 2, [
    [117.66, 40.41],
    [117.63, 40.3],
    [117.636, 40.2],
    [117.612, 40.13],
    [117.607, 40.085],
    [117.598, 40.05],
    [117.58, 40.038],
  ]),
  river('沙河', 2, [
    [117.94, 40.16],
    [117.86, 40.12],
    [117.78, 40.06],
    [117.74, 40.035],
    [117.69, 40.01],
    [117.645, 40.015],
    [117.595, 40.033],
  ]),
  river('还乡河', 2, [
    [117.94, 39.9],
    [117.84, 39.86],
    [117.76, 39.79],
    [117.66, 39.75],
    [117.57, 39.69],
    [117.46, 39.58],
  ]),
]

/** The reservoir's axis and its half-width along it, in km. */
const RESERVOIR_AXIS: Point[] = (
  [
    [117.447, 40.03],
    [117.487, 40.037],
    [117.53, 40.034],
    [117.566, 40.036],
    [117.6, 40.034],
  ] as Point[]
).map(toPlane)
const RESERVOIR_WIDTH = [0.75, 1.75, 1.35, 1.5, 0.35]

const PEAKS = [
  { at: toPlane([117.27, 40.092]), height: 520, reach: 3.2 },
  { at: toPlane([117.5, 40.205]), height: 420, reach: 4 },
  { at: toPlane([117.42, 40.11]), height: 260, reach: 3 },
  { at: toPlane([117.47, 40.01]), height: 130, reach: 1.3 },
  { at: toPlane([117.545, 39.995]), height: 120, reach: 1.6 },
]

/** Positive inside the reservoir, in km from its shore (roughly); negative outside. */
export function reservoir(p: Point): number {
  const { distance, along } = nearestOnLine(p, RESERVOIR_AXIS)
  const step = along * (RESERVOIR_WIDTH.length - 1)
  const i = Math.min(RESERVOIR_WIDTH.length - 2, Math.floor(step))
  const width = RESERVOIR_WIDTH[i]! + (RESERVOIR_WIDTH[i + 1]! - RESERVOIR_WIDTH[i]!) * (step - i)
  return width - distance + fractal(p[0] / 1.6, p[1] / 1.6, 71, 3) * 0.75
}

/** 0 on the plain, 1 deep in the mountains. */
export function mountain([x, y]: Point): number {
  const front = 5.2 + 0.05 * x + 2.1 * fractal(x / 9, y / 30, 5, 2)
  return smoothstep((y - front) / 9)
}

/** Metres above the sea, in km coordinates. Rivers lie in valleys that fall towards their mouths. */
export function height(p: Point): number {
  const [x, y] = p
  const deep = mountain(p)
  const crest = ridged(x / 7.5 + noise(x / 5, y / 5, 3) * 0.5, y / 7.5 + noise(x / 5, y / 5, 4) * 0.5, 11, 4)
  let h = 12 + 0.12 * (y + 45) + 1.2 * fractal(x / 3, y / 3, 23, 3) + deep * (70 + 780 * crest * crest)
  for (const peak of PEAKS) {
    const d = Math.hypot(p[0] - peak.at[0], p[1] - peak.at[1]) / peak.reach
    if (d < 3) h += peak.height * Math.exp(-d * d) * (0.45 + 0.75 * crest)
  }
  for (const { line, width } of RIVERS) {
    const valley = 0.6 + width * 0.35
    const near = distanceWithin(p, line, valley * 3)
    if (near < valley * 3) h = bed(h, near / valley)
  }
  const shore = reservoir(p)
  if (shore > -1.2) h = Math.min(h, shore > 0 ? 20 : 20 + (h - 20) * smoothstep(-shore / 1.2))
  return h
}

/** Distance in km to the nearest river, exact when under `limit`; otherwise anything from `limit` up. */
export function riverDistance(p: Point, limit = Number.POSITIVE_INFINITY): number {
  return RIVERS.reduce((best, { line }) => Math.min(best, distanceWithin(p, line, best)), limit)
}

/** Looks at a stretch of the line only when its bounding box is near enough. */
function distanceWithin(p: Point, line: readonly Point[], limit: number): number {
  let best = limit
  for (const { box, stretch } of stretches(line)) {
    const dx = Math.max(box[0] - p[0], 0, p[0] - box[2])
    const dy = Math.max(box[1] - p[1], 0, p[1] - box[3])
    if (dx * dx + dy * dy < best * best) best = Math.min(best, nearestOnLine(p, stretch).distance)
  }
  return best
}

type Stretch = { box: [number, number, number, number]; stretch: Point[] }
const known = new WeakMap<readonly Point[], Stretch[]>()

function stretches(line: readonly Point[]): Stretch[] {
  const made = known.get(line)
  if (made) return made
  const out: Stretch[] = []
  for (let i = 0; i < line.length - 1; i += 16) {
    const stretch = line.slice(i, i + 17)
    const xs = stretch.map((q) => q[0])
    const ys = stretch.map((q) => q[1])
    out.push({ box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], stretch })
  }
  known.set(line, out)
  return out
}

function bed(h: number, d: number): number {
  const floor = 10 + (h - 10) * 0.18
  return floor + (h - floor) * smoothstep(d / 3)
}

function river(name: string, width: number, through: Point[]): River {
  const coarse = through.map(toPlane)
  const line: Point[] = []
  for (let i = 1; i < coarse.length; i++) {
    const [ax, ay] = coarse[i - 1]!
    const [bx, by] = coarse[i]!
    const pieces = Math.max(2, Math.round(Math.hypot(bx - ax, by - ay) / 0.35))
    for (let k = i === 1 ? 0 : 1; k <= pieces; k++) {
      const x = ax + ((bx - ax) * k) / pieces
      const y = ay + ((by - ay) * k) / pieces
      line.push([x + fractal(x / 1.9, y / 1.9, 31, 3) * 0.95, y + fractal(x / 1.9, y / 1.9, 37, 3) * 0.95])
    }
  }
  return { name, width, line }
}

function smoothstep(t: number): number {
  const c = Math.max(0, Math.min(1, t))
  return c * c * (3 - 2 * c)
}
