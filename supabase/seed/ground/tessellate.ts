import { normal, type Random } from '../random.ts'
import { connected, grow } from './grow.ts'
import { cellAt, type Mesh, scatter } from './mesh.ts'
import { fractal } from './noise.ts'
import { distance, insideRing, type Point, toPlane } from './plane.ts'
import { height, reservoir, riverDistance } from './terrain.ts'
import { TOWNS } from './towns.ts'

/** Fine cells to one village, on average: about 35 vertices on its border. */
const CELLS_PER_VILLAGE = 24

export interface Tessellation {
  mesh: Mesh
  /** Village number of each cell, −1 outside the county; villages are numbered township by township. */
  villageOf: Int32Array
  /** Township (index into TOWNS) of each village. */
  townshipOf: number[]
  /** Where each village's houses are: a cell. */
  settlement: number[]
}

/**
 * Cuts the county into townships and these into villages, by growth over a fine mesh: borders wander, follow rivers
 * and ridges, and whatever is grown is connected. `counts` = villages of each of TOWNS.
 */
export function tessellate(next: Random, outline: readonly Point[], counts: readonly number[]): Tessellation {
  const total = counts.reduce((sum, n) => sum + n, 0)
  const xs = outline.map((p) => p[0])
  const ys = outline.map((p) => p[1])
  const box = [Math.min(...xs) - 2, Math.min(...ys) - 2, Math.max(...xs) + 2, Math.max(...ys) + 2] as const
  const mesh = scatter(next, box, total * CELLS_PER_VILLAGE * 2.05, density)
  const inside = insideCounty(mesh, outline)
  const cost = borderCost(mesh)
  const township = growTownships(mesh, inside, counts, cost)
  const villageOf = new Int32Array(mesh.points.length).fill(-1)
  const townshipOf: number[] = []
  const settlement: number[] = []
  counts.forEach((count, t) => {
    const seeds = villageSeeds(next, mesh, township, t, count)
    const grown = grow(
      mesh,
      seeds.map((s) => [s]),
      (cell) => township[cell] === t,
      cost,
    )
    const first = townshipOf.length
    grown.forEach((label, cell) => {
      if (label >= 0) villageOf[cell] = first + label
    })
    for (const seed of seeds) {
      townshipOf.push(t)
      settlement.push(seed)
    }
  })
  return { mesh, villageOf, townshipOf, settlement }
}

/** Cells lie closer where villages do: in the town, and around every seat. */
function density(p: Point): number {
  let sum = 0
  let weight = 0
  let near = 0
  for (const town of TOWNS) {
    const d = distance(p, toPlane(town.hearts?.[0] ?? town.seat))
    const w = 1 / (d * d + (town.code === '120119001' ? 0.05 : 0.6)) ** 2
    sum += w / (town.room ?? 1)
    weight += w
    near = Math.max(near, Math.exp(-((distance(p, toPlane(town.seat)) / 1.3) ** 2)))
  }
  return Math.min(1, ((sum / weight) * (1 + 0.7 * near)) / 6)
}

function insideCounty(mesh: Mesh, outline: readonly Point[]): Uint8Array {
  const inside = new Uint8Array(mesh.points.length)
  mesh.points.forEach(([x, y], i) => {
    const p: Point = [x + fractal(x / 3, y / 3, 41, 3) * 0.7, y + fractal(x / 3, y / 3, 43, 3) * 0.7]
    inside[i] = insideRing(p, outline) ? 1 : 0
  })
  // One piece without holes: keep what hangs together with the town, drop the rest, fill what is enclosed.
  const hull = new Set(mesh.delaunay.hull)
  const county = grow(
    mesh,
    [[cellAt(mesh, toPlane(TOWNS[0]!.seat))]],
    (c) => inside[c] === 1,
    () => 1,
  )
  const outside = grow(
    mesh,
    [[...hull]],
    (c) => county[c] === -1,
    () => 1,
  )
  return inside.map((_, i) => (outside[i] === -1 ? 1 : 0))
}

/** Dear to cross: rivers and slopes. So borders come to lie on them; noise makes the rest wander. */
function borderCost(mesh: Mesh): (from: number, beside: number) => number {
  const heights = mesh.points.map(height)
  const friction = mesh.points.map(
    (p) => 1 + 0.75 * fractal(p[0] / 0.9, p[1] / 0.9, 53, 3) + (riverDistance(p, 0.2) < 0.16 ? 2.5 : 0),
  )
  const costs = mesh.neighbours.map((beside, from) =>
    beside.map(
      (to) =>
        distance(mesh.points[from]!, mesh.points[to]!) * (friction[from]! + friction[to]!) * 0.5 +
        Math.abs(heights[from]! - heights[to]!) / 400,
    ),
  )
  return (from, beside) => costs[from]![beside]!
}

/** Repeats the growth with other speeds until each township has room for its villages. */
function growTownships(
  mesh: Mesh,
  inside: Uint8Array,
  counts: readonly number[],
  cost: (from: number, beside: number) => number,
): Int32Array {
  const sources = TOWNS.map(({ seat, hearts }) => {
    const from = toPlane(seat)
    const cells = new Set<number>()
    for (const to of (hearts ?? [seat]).map(toPlane)) {
      for (let k = 0; k <= 60; k++) {
        cells.add(cellAt(mesh, [from[0] + ((to[0] - from[0]) * k) / 60, from[1] + ((to[1] - from[1]) * k) / 60]))
      }
    }
    return [...cells].filter((c) => inside[c] === 1)
  })
  const cells = inside.reduce((sum, i) => sum + i, 0)
  const villages = counts.reduce((sum, n) => sum + n, 0)
  const slowness = counts.map(() => 1)
  let best: Int32Array = new Int32Array(0)
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 45; round++) {
    const labels = grow(
      mesh,
      sources,
      (c) => inside[c] === 1,
      (a, b, t) => cost(a, b) * slowness[t]!,
    )
    const have = counts.map(() => 0)
    for (const label of labels) if (label >= 0) have[label]!++
    const off = counts.map((count, t) => Math.log(have[t]! / ((count / villages) * cells)))
    const worst = off.reduce((sum, o) => sum + o * o, 0)
    if (worst < least) {
      least = worst
      best = labels
    }
    off.forEach((o, t) => {
      slowness[t] = Math.max(0.5, Math.min(2, slowness[t]! * Math.exp(o * 0.25)))
    })
  }
  return best
}

/** Spreads the villages of one township over its land; the first one is where the seat is. None stands in the water. */
function villageSeeds(next: Random, mesh: Mesh, township: Int32Array, t: number, count: number): number[] {
  const land: number[] = []
  township.forEach((label, cell) => {
    if (label === t && reservoir(mesh.points[cell]!) < 0) land.push(cell)
  })
  const seat = cellAt(mesh, toPlane(TOWNS[t]!.seat))
  const seeds = new Set([seat])
  while (seeds.size < count) seeds.add(land[Math.floor(next() * land.length)]!)
  let centers = [...seeds]
  for (let round = 0; round < 5; round++) {
    const sums = centers.map(() => ({ x: 0, y: 0, n: 0 }))
    for (const cell of land) {
      const p = mesh.points[cell]!
      let best = 0
      let least = Number.POSITIVE_INFINITY
      centers.forEach((center, k) => {
        const d = distance(p, mesh.points[center]!)
        if (d < least) {
          least = d
          best = k
        }
      })
      const sum = sums[best]!
      sum.x += p[0]
      sum.y += p[1]
      sum.n++
    }
    const taken = new Set<number>([seat])
    centers = centers.map((center, k) => {
      if (k === 0) return seat
      const sum = sums[k]!
      if (sum.n === 0) return center
      const wish: Point = [sum.x / sum.n + normal(next) * 0.06, sum.y / sum.n + normal(next) * 0.06]
      const found = nearestFree(mesh, land, wish, taken)
      taken.add(found)
      return found
    })
  }
  return centers
}

function nearestFree(mesh: Mesh, land: readonly number[], wish: Point, taken: Set<number>): number {
  let best = land[0]!
  let least = Number.POSITIVE_INFINITY
  for (const cell of land) {
    if (taken.has(cell)) continue
    const d = distance(mesh.points[cell]!, wish)
    if (d < least) {
      least = d
      best = cell
    }
  }
  return best
}

/**
 * Two oddities that real counties have and software must bear: one village that lies wholly inside another (so the
 * other has a hole), and one village in two pieces. Returns their numbers.
 */
export function addOddities(cut: Tessellation): { enclave: number; host: number; scattered: number } {
  const { mesh, villageOf, townshipOf } = cut
  const enclosed = makeEnclave(cut)
  for (let village = 0; village < townshipOf.length; village++) {
    if (village === enclosed.enclave || village === enclosed.host) continue
    const piece = farPiece(cut, village, enclosed)
    if (!piece) continue
    const before = villageOf.slice()
    const owners = new Set(piece.map((c) => villageOf[c]!))
    for (const cell of piece) villageOf[cell] = village
    if ([...owners].every((owner) => connected(mesh, villageOf, owner))) return { ...enclosed, scattered: village }
    villageOf.set(before)
  }
  throw new Error('no village could be given a second piece')
}

function makeEnclave({ mesh, villageOf, townshipOf }: Tessellation): { enclave: number; host: number } {
  for (let enclave = 40; enclave < townshipOf.length; enclave++) {
    const cells = cellsOf(villageOf, enclave)
    if (cells.length > 18 || cells.length < 8) continue
    const ring = new Set(cells.flatMap((c) => mesh.neighbours[c]!).filter((c) => villageOf[c] !== enclave))
    const around = new Set([...ring].map((c) => villageOf[c]!))
    if ([...around].some((v) => v < 0 || townshipOf[v] !== townshipOf[enclave])) continue
    const host = [...around].sort((a, b) => cellsOf(villageOf, b).length - cellsOf(villageOf, a).length)[0]!
    const before = villageOf.slice()
    for (const c of ring) villageOf[c] = host
    const fine = [...around].every((v) => connected(mesh, villageOf, v) && cellsOf(villageOf, v).length > 9)
    if (fine && !touchesItself(mesh, villageOf, ring, host, enclave)) return { enclave, host }
    villageOf.set(before)
  }
  throw new Error('no village could be enclosed')
}

/** The ring must be closed: every neighbour of the enclave belongs to the host. */
function touchesItself(mesh: Mesh, villageOf: Int32Array, ring: Set<number>, host: number, enclave: number): boolean {
  return (
    [...ring].some((c) => villageOf[c] !== host) ||
    cellsOf(villageOf, enclave).some((c) =>
      mesh.neighbours[c]!.some((n) => villageOf[n] !== host && villageOf[n] !== enclave),
    )
  )
}

/** Three or four cells of a village two villages away, in the same township, near nothing special. */
function farPiece(cut: Tessellation, village: number, not: { enclave: number; host: number }): number[] | null {
  const { mesh, villageOf, townshipOf, settlement } = cut
  const own = cellsOf(villageOf, village)
  if (own.length < 20) return null
  const home = mesh.points[settlement[village]!]!
  for (let cell = 0; cell < villageOf.length; cell++) {
    const owner = villageOf[cell]!
    if (owner < 0 || owner === village || owner === not.enclave || owner === not.host) continue
    if (townshipOf[owner] !== townshipOf[village] || settlement[owner] === cell) continue
    const d = distance(mesh.points[cell]!, home)
    if (d < 1.8 || d > 3.2) continue
    const piece = [cell, ...mesh.neighbours[cell]!]
    const rim = piece.flatMap((c) => mesh.neighbours[c]!).map((c) => villageOf[c]!)
    const fits = piece.every((c) => villageOf[c] === owner && settlement[owner] !== c) && !rim.includes(village)
    // At the rim of its host, so that this oddity is a second piece and not one more hole.
    if (fits && rim.some((v) => v !== owner && v >= 0 && townshipOf[v] === townshipOf[village])) return piece
  }
  return null
}

function cellsOf(villageOf: Int32Array, village: number): number[] {
  const cells: number[] = []
  villageOf.forEach((v, c) => {
    if (v === village) cells.push(c)
  })
  return cells
}
