import type { Feature, LineString } from 'geojson'
import { route } from '../ground/grow.ts'
import { cellAt, type Mesh, scatter } from '../ground/mesh.ts'
import { fractal } from '../ground/noise.ts'
import { distance, type Point, simplifyLine, smoothLine, toLonLat, toPlane } from '../ground/plane.ts'
import { GROUND_BOX, height, mountain, RIVERS, reservoir, riverDistance } from '../ground/terrain.ts'
import { TOWNS } from '../ground/towns.ts'
import { random } from '../random.ts'

/** Rivers, roads and railways over one mesh of the ground box. */
export interface Ground {
  mesh: Mesh
  heights: number[]
  wet: Uint8Array
  nearRiver: Float64Array
}

export function makeGround(): Ground {
  const mesh = scatter(random(77), box(), 26_000, () => 1)
  const heights = mesh.points.map((p) => height(p))
  const wet = Uint8Array.from(mesh.points, (p) => (reservoir(p) > -0.12 ? 1 : 0))
  const nearRiver = Float64Array.from(mesh.points, (p) => riverDistance(p))
  return { mesh, heights, wet, nearRiver }
}

function box(): [number, number, number, number] {
  return [...toPlane([GROUND_BOX[0], GROUND_BOX[1]]), ...toPlane([GROUND_BOX[2], GROUND_BOX[3]])]
}

function line(points: readonly Point[], properties: object, tolerance = 0.02): Feature<LineString> {
  const coordinates = simplifyLine(points, tolerance).map((p) => toLonLat(p, 5))
  return { type: 'Feature', properties, geometry: { type: 'LineString', coordinates } }
}

/** Ditches of the plain; each ends in a river. */
const STREAMS: readonly Point[][] = [
  [
    [117.22, 40.01],
    [117.25, 39.96],
    [117.3, 39.93],
    [117.31, 39.88],
    [117.36, 39.84],
    [117.41, 39.82],
    [117.44, 39.8],
  ],
  [
    [117.35, 39.99],
    [117.39, 39.965],
    [117.42, 39.945],
  ],
  [
    [117.51, 39.96],
    [117.5, 39.91],
    [117.46, 39.9],
    [117.43, 39.87],
  ],
  [
    [117.18, 39.96],
    [117.2, 39.91],
    [117.215, 39.86],
    [117.225, 39.835],
  ],
  [
    [117.68, 39.93],
    [117.66, 39.86],
    [117.6, 39.8],
    [117.58, 39.72],
    [117.56, 39.685],
  ],
]

/** The named rivers, and the brooks that run downhill into them over the ground. */
export function rivers({ mesh, heights, wet, nearRiver }: Ground): Feature<LineString>[] {
  const named = RIVERS.map(({ name, width, line: course }) => line(smoothLine(course, 1), { name, width }))
  const filled = fill(mesh, heights, (c) => nearRiver[c]! < 0.3 || wet[c] === 1)
  const down = filled.map((h, c) =>
    mesh.neighbours[c]!.reduce((best, n) => (filled[n]! < (best < 0 ? h : filled[best]!) ? n : best), -1),
  )
  const order = [...filled.keys()].sort((a, b) => filled[b]! - filled[a]!)
  const flow = new Float64Array(filled.length).fill(1)
  for (const c of order) if (down[c]! >= 0) flow[down[c]!]! += flow[c]!
  const brooks: Feature<LineString>[] = []
  const seen = new Uint8Array(filled.length)
  const [west, south, east, north] = box()
  const edge = ([x, y]: Point) => Math.min(x - west, east - x, y - south, north - y) < 1.5
  const start = order.filter((c) => flow[c]! >= 60 && mountain(mesh.points[c]!) > 0.02)
  for (const c of start) {
    if (seen[c] || edge(mesh.points[c]!)) continue
    const points: Point[] = [mesh.points[c]!]
    for (let at = c, next = down[c]!; next >= 0; at = next, next = down[next]!) {
      seen[at] = 1
      points.push(mesh.points[next]!)
      if (seen[next] || nearRiver[next]! < 0.3 || wet[next] || edge(mesh.points[next]!)) break
    }
    if (points.length > 7) brooks.push(line(join(smoothLine(points, 2)), { width: 1 }, 0.03))
  }
  const streams = STREAMS.map((through) => {
    const bent = through.map(toPlane).flatMap((p, i, all) => {
      const q = all[i + 1]
      if (!q) return [p]
      return Array.from({ length: 12 }, (_, k): Point => {
        const [x, y] = [p[0] + ((q[0] - p[0]) * k) / 12, p[1] + ((q[1] - p[1]) * k) / 12]
        return [x + fractal(x / 1.7, y / 1.7, 131, 3) * 0.7, y + fractal(x / 1.7, y / 1.7, 137, 3) * 0.7]
      })
    })
    return line(join(smoothLine(bent, 1)), { width: 1 })
  })
  return [...named, ...brooks, ...streams]
}

/** A brook ends in the river beside it, not next to it. */
function join(points: Point[]): Point[] {
  const end = points[points.length - 1]!
  let best: Point | null = null
  for (const { line: course } of RIVERS) {
    for (const p of course) if (distance(p, end) < (best ? distance(best, end) : 0.5)) best = p
  }
  return best ? [...points, best] : points
}

/** Raises hollows until every place has a way down to an outlet or to the edge. */
function fill(mesh: Mesh, heights: readonly number[], outlet: (cell: number) => boolean): number[] {
  const filled = new Array<number>(heights.length).fill(Number.POSITIVE_INFINITY)
  const hull = new Set(mesh.delaunay.hull)
  const todo: number[] = []
  heights.forEach((h, c) => {
    if (outlet(c) || hull.has(c)) {
      filled[c] = outlet(c) ? Math.min(h, 0) : h
      todo.push(c)
    }
  })
  while (todo.length > 0) {
    const c = todo.shift()!
    for (const n of mesh.neighbours[c]!) {
      const level = Math.max(heights[n]!, filled[c]! + 0.01)
      if (level < filled[n]!) {
        filled[n] = level
        todo.push(n)
      }
    }
  }
  return filled
}

type RoadClass = 'motorway' | 'trunk' | 'primary' | 'secondary'

const seat = (code: string): Point => TOWNS.find((t) => t.code === code)!.seat
const T = (tail: string) => seat(`120119${tail}`)

/** The network, important ways first: later ones join them where that is cheaper. */
const ROADS: readonly [RoadClass, string, Point[]][] = [
  [
    'motorway',
    '京秦高速',
    [
      [117.03, 39.985],
      [117.24, 39.978],
      [117.335, 40.0],
      [117.43, 39.965],
      [117.56, 39.93],
      [117.91, 39.92],
    ],
  ],
  [
    'motorway',
    '津蓟高速',
    [
      [117.33, 39.61],
      [117.345, 39.72],
      [117.362, 39.86],
      [117.352, 39.96],
      [117.36, 40.008],
    ],
  ],
  [
    'trunk',
    'G102',
    [
      [117.03, 40.0],
      T('113'),
      T('105'),
      [117.345, 40.012],
      T('001'),
      [117.43, 40.012],
      T('106'),
      [117.56, 39.925],
      [117.91, 39.87],
    ],
  ],
  [
    'trunk',
    '津围公路',
    [
      [117.36, 39.61],
      [117.385, 39.72],
      T('111'),
      T('119'),
      T('109'),
      T('126'),
      T('101'),
      T('001'),
      T('100'),
      T('112'),
      T('104'),
      [117.47, 40.24],
      [117.48, 40.39],
    ],
  ],
  ['trunk', '邦喜公路', [T('105'), T('102'), T('001'), [117.49, 40.07], T('103'), T('121'), T('120'), [117.91, 40.06]]],
  ['primary', '', [[117.03, 40.16], T('124'), T('102')]],
  ['primary', '', [T('116'), T('108'), T('109'), T('117'), [117.56, 39.86], [117.7, 39.85], [117.91, 39.82]]],
  ['primary', '', [[117.03, 39.8], T('115'), T('111'), T('118'), [117.6, 39.81], [117.76, 39.8], [117.91, 39.77]]],
  ['primary', '', [T('113'), T('124')]],
  ['primary', '', [T('106'), T('127'), [117.56, 40.0], [117.6, 39.99], T('121')]],
  ['primary', '', [T('001'), T('122'), T('104')]],
  ['primary', '', [T('103'), T('203'), [117.62, 40.2], [117.62, 40.39]]],
  ['secondary', '', [T('105'), T('123'), T('108')]],
  ['secondary', '', [T('123'), T('125'), T('101')]],
  ['secondary', '', [T('116'), T('113')]],
  ['secondary', '', [T('108'), T('115')]],
  ['secondary', '', [T('126'), T('106')]],
  ['secondary', '', [T('117'), T('118')]],
  ['secondary', '', [T('122'), T('203')]],
  ['secondary', '', [T('112'), T('102')]],
  ['secondary', '', [T('401'), T('125')]],
  ['secondary', '', [T('101'), T('106')]],
  ['secondary', '', [T('119'), T('118')]],
  ['secondary', '', [T('120'), [117.78, 40.16], [117.8, 40.3], [117.79, 40.38]]],
  ['secondary', '', [T('103'), [117.66, 40.11], [117.8, 40.13]]],
]

const RAILS: readonly (readonly [string, Point[]])[] = [
  [
    '大秦铁路',
    [
      [117.03, 40.08],
      [117.2, 40.03],
      [117.3, 40.028],
      [117.385, 40.018],
      [117.425, 39.985],
      [117.54, 39.955],
      [117.91, 39.955],
    ],
  ],
  [
    '津蓟铁路',
    [
      [117.305, 39.61],
      [117.31, 39.72],
      [117.345, 39.88],
      [117.352, 39.945],
      [117.385, 40.018],
    ],
  ],
]

export function roads(ground: Ground): Feature<LineString>[] {
  const { mesh } = ground
  const used = new Set<number>()
  return ROADS.map(([kind, name, through]) => {
    const fast = kind === 'motorway'
    const points = ways(ground, through, (a, b, slope) => {
      const p = mesh.points[b]!
      const straight = distance(mesh.points[a]!, p)
      const town = fast ? Math.max(0, 1.6 - Math.min(...TOWNS.map((t) => distance(p, toPlane(t.seat))))) * 4 : 0
      const shared = !fast && used.has(a) && used.has(b) ? 0.35 : 1
      return straight * (1 + slope * (fast ? 14 : 9) + town) * shared
    })
    if (!fast) for (const cell of points) used.add(cell)
    return line(
      smoothWay(mesh, points, through, fast ? 5 : 2),
      name ? { class: kind, name } : { class: kind },
      fast ? 0.02 : 0.025,
    )
  })
}

export function rail(ground: Ground): Feature<LineString>[] {
  return RAILS.map(([name, through]) => {
    const points = ways(
      ground,
      through,
      (a, b, slope) => distance(ground.mesh.points[a]!, ground.mesh.points[b]!) * (1 + slope * 16),
    )
    return line(smoothWay(ground.mesh, points, through, 6), { name }, 0.02)
  })
}

function ways(
  { mesh, heights, wet, nearRiver }: Ground,
  through: readonly Point[],
  cost: (from: number, to: number, slope: number) => number,
): number[] {
  const stops = through.map((p) => cellAt(mesh, toPlane(p)))
  const cells = [stops[0]!]
  for (let i = 1; i < stops.length; i++) {
    const leg = route(mesh, stops[i - 1]!, stops[i]!, (a, b) => {
      if (wet[b]) return 1_000
      const slope = Math.abs(heights[a]! - heights[b]!) / (distance(mesh.points[a]!, mesh.points[b]!) * 1000)
      // along a river one gets wet feet; across it one goes once
      return cost(a, b, slope) + (nearRiver[b]! < 0.35 ? 0.5 : 0)
    })
    cells.push(...leg.slice(1))
  }
  return cells
}

/** From the zigzag of the mesh to a way that one would build; seats stay on it exactly. */
function smoothWay(mesh: Mesh, cells: readonly number[], through: readonly Point[], rounds: number): Point[] {
  const fixed = new Map(through.map((p) => [cellAt(mesh, toPlane(p)), toPlane(p)]))
  let points: Point[] = cells.map((c) => fixed.get(c) ?? mesh.points[c]!)
  for (let r = 0; r < rounds * 2; r++) {
    points = points.map((p, i) => {
      const before = points[i - 1]
      const after = points[i + 1]
      if (!before || !after || (fixed.has(cells[i]!) && rounds < 4)) return p
      return [(p[0] * 2 + before[0] + after[0]) / 4, (p[1] * 2 + before[1] + after[1]) / 4]
    })
  }
  return smoothLine(points, 1)
}
