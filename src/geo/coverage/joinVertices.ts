import { beside, ROUNDING } from './lattice'
import { type Links, linkRings } from './links'
import type { RingStrip } from './readRings'
import type { CellInput, Coverage, Issue } from './types'
import { untidyBorders } from './untidy'

/** What joining found: the strip with the vertices that lay on foreign edges, and how to look for near misses. */
interface Joined {
  strip: RingStrip
  links: Links
  untidy(coverage: Coverage): Issue[]
}

/**
 * Makes every vertex that lies on another cell's edge a vertex of that edge too. Only edges that do not already have
 * their partner (a sibling on the other side, or the parent on the same one) are looked at, so a clean coverage costs
 * one pass.
 */
export function joinVertices(inputs: readonly CellInput[], first: RingStrip): Joined {
  let strip = first
  for (let round = 0; ; round++) {
    const links = linkRings(strip)
    const open = openSteps(inputs, strip, links)
    const added = round < 4 && open.length > 0 ? verticesOnEdges(strip, links, open) : null
    if (!added) return { strip, links, untidy: (coverage) => (open.length > 0 ? untidyBorders(coverage) : []) }
    strip = withVertices(strip, links, added)
  }
}

/** One step of each edge that has no partner on some level. */
function openSteps(inputs: readonly CellInput[], { starts, cellOf }: RingStrip, links: Links): number[] {
  const { vertexOf, firstStep, nextStep, edges } = links
  // cells by number: plain arrays, this runs over every edge
  const numbers = new Map(inputs.map((cell, i) => [cell.id, i]))
  const level = Int32Array.from(inputs, (cell) => cell.level)
  const parent = Int32Array.from(inputs, (cell, i) => (i === 0 ? -1 : (numbers.get(cell.parent!) ?? -1)))
  const divided = new Uint8Array(inputs.length)
  for (const above of parent) if (above >= 0) divided[above] = 1
  const cellAt = new Int32Array(vertexOf.length)
  const up = new Uint8Array(vertexOf.length)
  for (let ring = 0; ring + 1 < starts.length; ring++) {
    const [start, end] = [starts[ring]!, starts[ring + 1]!]
    cellAt.fill(cellOf[ring]!, start, end)
    for (let i = start; i < end; i++) up[i] = vertexOf[i]! < vertexOf[i + 1 < end ? i + 1 : start]! ? 1 : 0
  }
  const open: number[] = []
  for (let edge = 0; edge < edges; edge++) {
    for (let i = firstStep[edge]!; i >= 0; i = nextStep[i]!) {
      const cell = cellAt[i]!
      let neighbour = cell === 0
      let child = divided[cell] === 0
      for (let j = firstStep[edge]!; j >= 0 && !(neighbour && child); j = nextStep[j]!) {
        const other = cellAt[j]!
        if (up[i] === up[j]) {
          if (parent[other] === cell) child = true
          else if (other === parent[cell]) neighbour = true
        } else if (level[other] === level[cell]) neighbour = true
      }
      if (neighbour && child) continue
      open.push(firstStep[edge]!)
      break
    }
  }
  return open
}

/** For steps of the strip, the vertices to come between: in order along the step. Null when there are none. */
export function verticesOnEdges(
  { starts }: RingStrip,
  links: Links,
  open: readonly number[],
): Map<number, number[]> | null {
  const { vertexOf, vx, vy, firstStep, nextStep, edgeOf } = links
  const ringEnd = ringEnds(starts)
  const node = (v: number) => ({ x: vx[v]!, y: vy[v]! })
  const ends = (i: number) => [vertexOf[i]!, vertexOf[ringEnd(i)]!] as const
  // columns as wide as a typical edge: a vertex is looked for in the columns an edge spans
  let span = 0
  const loose = new Set<number>()
  for (const i of open) {
    const [a, b] = ends(i)
    loose.add(a).add(b)
    span += Math.abs(vx[a]! - vx[b]!) + Math.abs(vy[a]! - vy[b]!)
  }
  const side = Math.max(1, Math.ceil(span / open.length))
  const key = (x: number, y: number) => x * 4_194_304 + y
  const squares = new Map<number, number[]>()
  for (const v of loose) {
    const k = key(Math.floor(vx[v]! / side), Math.floor(vy[v]! / side))
    const list = squares.get(k)
    if (list) list.push(v)
    else squares.set(k, [v])
  }
  const added = new Map<number, number[]>()
  for (const i of open) {
    const [a, b] = ends(i)
    const p = node(a)
    const q = node(b)
    const on: number[] = []
    const [w, e] = [Math.min(p.x, q.x) - 1, Math.max(p.x, q.x) + 1].map((v) => Math.floor(v / side)) as [number, number]
    const [s, n] = [Math.min(p.y, q.y) - 1, Math.max(p.y, q.y) + 1].map((v) => Math.floor(v / side)) as [number, number]
    for (let x = w; x <= e; x++) {
      for (let y = s; y <= n; y++) {
        for (const v of squares.get(key(x, y)) ?? []) {
          if (v !== a && v !== b && beside(p, q, node(v), ROUNDING)) on.push(v)
        }
      }
    }
    if (on.length === 0) continue
    const from = (v: number) => (vx[v]! - p.x) * (q.x - p.x) + (vy[v]! - p.y) * (q.y - p.y)
    on.sort((u, v) => from(u) - from(v))
    for (let j = firstStep[edgeOf[i]!]!; j >= 0; j = nextStep[j]!) {
      added.set(j, vertexOf[j] === a ? on : on.toReversed())
    }
  }
  return added.size > 0 ? added : null
}

function withVertices(strip: RingStrip, { vx, vy }: Links, added: ReadonlyMap<number, readonly number[]>): RingStrip {
  let more = 0
  for (const list of added.values()) more += list.length
  const total = strip.starts[strip.starts.length - 1]! + more
  const [xs, ys] = [new Int32Array(total), new Int32Array(total)]
  const starts: number[] = []
  let end = 0
  for (let ring = 0; ring + 1 < strip.starts.length; ring++) {
    starts.push(end)
    for (let i = strip.starts[ring]!; i < strip.starts[ring + 1]!; i++) {
      xs[end] = strip.xs[i]!
      ys[end++] = strip.ys[i]!
      for (const v of added.get(i) ?? []) {
        xs[end] = vx[v]!
        ys[end++] = vy[v]!
      }
    }
  }
  return { ...strip, xs, ys, starts: [...starts, end] }
}

function ringEnds(starts: readonly number[]): (i: number) => number {
  const wrap = new Map<number, number>()
  for (let ring = 0; ring + 1 < starts.length; ring++) wrap.set(starts[ring + 1]! - 1, starts[ring]!)
  return (i) => wrap.get(i) ?? i + 1
}
