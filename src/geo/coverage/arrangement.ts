import type { MultiPolygon } from 'geojson'
import { clockwise, keyOf, type Node, positionOf, twiceArea, whereIn } from './lattice'
import { nestRings, traceRings } from './rings'
import { ringOf } from './shape'
import type { Position } from './types'

/** A line that has a vertex wherever it meets another, and who has ground on its two sides and ends there. */
export interface Path {
  nodes: readonly Node[]
  left: readonly number[]
  right: readonly number[]
}

/** A straight piece between two neighbouring vertices, with every path along it (sign −1: from b to a). */
export interface Edge {
  a: Node
  b: Node
  uses: { path: number; sign: 1 | -1 }[]
  /** Faces on its two sides. */
  left: number
  right: number
}

/** A piece of ground without any line in it. Number 0 is the endless one around everything. */
export interface Face {
  /** Twice its area in square units, holes taken off. */
  area: number
  /** How often each owner covers it: 1 as it should be, 0 when missing. */
  covers: Map<number, number>
}

export interface Arrangement {
  edges: Edge[]
  faces: Face[]
}

/** Cuts the plane along paths. Every owner's border must be complete, else what it covers is nonsense. */
export function arrange(paths: readonly Path[]): Arrangement {
  const edges = edgesOf(paths)
  const { next, vertexOf, vertices } = fan(edges)
  const { faceOf, faces } = cycles(edges, next, vertexOf, vertices)
  edges.forEach((edge, e) => {
    edge.left = faceOf[2 * e]!
    edge.right = faceOf[2 * e + 1]!
  })
  cover(paths, edges, faces)
  return { edges, faces }
}

function edgesOf(paths: readonly Path[]): Edge[] {
  const byEnds = new Map<string, Edge>()
  paths.forEach(({ nodes }, path) => {
    for (let i = 1; i < nodes.length; i++) {
      const [from, to] = [nodes[i - 1]!, nodes[i]!]
      if (from.x === to.x && from.y === to.y) continue
      const forward = from.x < to.x || (from.x === to.x && from.y < to.y)
      const [a, b] = forward ? [from, to] : [to, from]
      const key = `${keyOf(a)} ${keyOf(b)}`
      const use = { path, sign: forward ? (1 as const) : (-1 as const) }
      const known = byEnds.get(key)
      if (known) known.uses.push(use)
      else byEnds.set(key, { a, b, uses: [use], left: 0, right: 0 })
    }
  })
  return [...byEnds.values()]
}

/** Half-edge 2e runs a→b, 2e+1 b→a. `next` follows the ground on the left. */
function fan(edges: readonly Edge[]) {
  const numbers = new Map<string, number>()
  const out: number[][] = []
  const vertexOf = new Int32Array(edges.length * 2)
  const vertex = (node: Node, half: number) => {
    const key = keyOf(node)
    let v = numbers.get(key)
    if (v === undefined) {
      v = out.length
      numbers.set(key, v)
      out.push([])
    }
    out[v]!.push(half)
    vertexOf[half] = v
  }
  edges.forEach(({ a, b }, e) => {
    vertex(a, 2 * e)
    vertex(b, 2 * e + 1)
  })
  const head = (half: number) => (half % 2 === 0 ? edges[half >> 1]!.b : edges[half >> 1]!.a)
  const tail = (half: number) => head(half ^ 1)
  const next = new Int32Array(edges.length * 2)
  for (const halves of out) {
    const o = tail(halves[0]!)
    const east = { x: o.x + 1, y: o.y }
    if (halves.length > 1) halves.sort((g, h) => clockwise(o, east, head(g), head(h)))
    halves.forEach((half, i) => {
      next[half ^ 1] = halves[(i + 1) % halves.length]!
    })
  }
  return { next, vertexOf, vertices: out.length }
}

function cycles(edges: readonly Edge[], next: Int32Array, vertexOf: Int32Array, vertices: number) {
  const root = Int32Array.from({ length: vertices }, (_, v) => v)
  const find = (v: number): number => {
    let top = v
    while (root[top] !== top) top = root[top]!
    root[v] = top
    return top
  }
  edges.forEach((_, e) => {
    root[find(vertexOf[2 * e]!)] = find(vertexOf[2 * e + 1]!)
  })
  const tail = (half: number) => (half % 2 === 0 ? edges[half >> 1]!.a : edges[half >> 1]!.b)
  const cycleOf = new Int32Array(next.length).fill(-1)
  const found: { nodes: Node[]; area: number; part: number }[] = []
  for (let first = 0; first < next.length; first++) {
    if (cycleOf[first] !== -1) continue
    const nodes: Node[] = []
    let half = first
    do {
      cycleOf[half] = found.length
      nodes.push(tail(half))
      half = next[half]!
    } while (half !== first)
    found.push({ nodes, area: twiceArea(nodes), part: find(vertexOf[first]!) })
  }
  const faces: Face[] = [{ area: Infinity, covers: new Map() }]
  const faceOfCycle = found.map(({ area }) => (area > 0 ? faces.push({ area, covers: new Map() }) - 1 : 0))
  const inner = found.map((cycle, i) => ({ ...cycle, face: faceOfCycle[i]! })).filter(({ area }) => area > 0)
  inner.sort((a, b) => a.area - b.area)
  // The outside of each separate part lies in the smallest face of another part around it.
  const parts = new Set(found.map(({ part }) => part))
  found.forEach(({ area, part, nodes }, i) => {
    if (area > 0 || parts.size === 1) return
    const home = inner.find((face) => face.part !== part && whereIn(face.nodes, nodes[0]!) > 0)
    faceOfCycle[i] = home?.face ?? 0
    if (home) faces[home.face]!.area += area
  })
  return { faceOf: cycleOf.map((cycle) => faceOfCycle[cycle]!), faces }
}

/** Walks from the endless face inwards: crossing a border changes what covers the ground. */
function cover(paths: readonly Path[], edges: readonly Edge[], faces: readonly Face[]): void {
  const beside: number[][] = faces.map(() => [])
  edges.forEach(({ left, right }, e) => {
    beside[left]!.push(e)
    if (right !== left) beside[right]!.push(e)
  })
  const done = new Set([0])
  const queue = [0]
  for (const face of queue) {
    for (const e of beside[face]!) {
      const { left, right, uses } = edges[e]!
      const other = left === face ? right : left
      if (done.has(other)) continue
      done.add(other)
      const covers = new Map(faces[face]!.covers)
      for (const { path, sign } of uses) {
        const step = other === left ? sign : -sign
        for (const id of paths[path]!.left) covers.set(id, (covers.get(id) ?? 0) + step)
        for (const id of paths[path]!.right) covers.set(id, (covers.get(id) ?? 0) - step)
      }
      for (const [id, times] of covers) if (times === 0) covers.delete(id)
      faces[other]!.covers = covers
      queue.push(other)
    }
  }
}

/** The ground of some faces together, in EPSG:4326. */
export function groundOf({ edges }: Arrangement, faces: ReadonlySet<number>): MultiPolygon {
  const refs: number[] = []
  edges.forEach(({ left, right }, e) => {
    if (faces.has(left) && !faces.has(right)) refs.push(e)
    if (faces.has(right) && !faces.has(left)) refs.push(~e)
  })
  const pointsOf = (e: number): Position[] => [positionOf(edges[e]!.a), positionOf(edges[e]!.b)]
  const polygons = nestRings(traceRings(refs, pointsOf) ?? [], pointsOf)
  return { type: 'MultiPolygon', coordinates: polygons.map((rings) => rings.map((ring) => ringOf(ring, pointsOf))) }
}
