import type { Mesh } from './mesh.ts'
import { type Point, toLonLat } from './plane.ts'

/** A stretch of border from one junction to the next, with the labels on its two sides (−1 = outside). */
export interface Arc {
  line: [number, number][]
  left: number
  right: number
}

/** A ring as signed arc numbers in TopoJSON's way: n forwards, ~n backwards. */
export type ArcRing = number[]

/**
 * Traces the borders between differently labelled cells. Cell corners are where three cells meet, so a corner is on
 * two border edges or on three, never on four: no polygon can touch itself in a point. Corners are pulled towards
 * their neighbours twice, which turns the honeycomb's zigzag into a wandering line. Coordinates are WGS84 lon/lat
 * with 6 decimals (0.1 m), written once and used by both sides.
 */
export function traceBorders(mesh: Mesh, labels: Int32Array): Arc[] {
  const { halfedges, triangles } = mesh.delaunay
  const voronoi = mesh.delaunay.voronoi()
  const corner = (t: number): Point => [voronoi.circumcenters[2 * t]!, voronoi.circumcenters[2 * t + 1]!]
  const links = new Map<number, { to: number; left: number; right: number }[]>()
  const link = (from: number, to: number, left: number, right: number) => {
    const list = links.get(from)
    if (list) list.push({ to, left, right })
    else links.set(from, [{ to, left, right }])
  }
  for (let e = 0; e < halfedges.length; e++) {
    const opposite = halfedges[e]!
    if (opposite < e) continue
    const a = triangles[e]!
    const b = triangles[opposite]!
    if (labels[a] === labels[b]) continue
    const from = Math.floor(e / 3)
    const to = Math.floor(opposite / 3)
    const [left, right] = isLeft(mesh.points[a]!, corner(from), corner(to)) ? [a, b] : [b, a]
    link(from, to, labels[left]!, labels[right]!)
    link(to, from, labels[right]!, labels[left]!)
  }
  const places = smoothCorners(links, corner)
  return joinEdges(links, places)
}

function isLeft(p: Point, from: Point, to: Point): boolean {
  return (to[0] - from[0]) * (p[1] - from[1]) - (to[1] - from[1]) * (p[0] - from[0]) > 0
}

function smoothCorners(links: Map<number, { to: number }[]>, corner: (t: number) => Point): Map<number, Point> {
  let places = new Map([...links.keys()].map((t) => [t, corner(t)] as const))
  for (let round = 0; round < 2; round++) {
    places = new Map(
      [...links].map(([t, edges]) => {
        const own = places.get(t)!
        const x = edges.reduce((sum, e) => sum + places.get(e.to)![0], 0) / edges.length
        const y = edges.reduce((sum, e) => sum + places.get(e.to)![1], 0) / edges.length
        return [t, [(own[0] + x) / 2, (own[1] + y) / 2]] as const
      }),
    )
  }
  return places
}

function joinEdges(
  links: Map<number, { to: number; left: number; right: number }[]>,
  places: Map<number, Point>,
): Arc[] {
  const arcs: Arc[] = []
  const used = new Set<string>()
  const walk = (start: number, first: { to: number; left: number; right: number }) => {
    if (used.has(`${start}-${first.to}`)) return
    const corners = [start]
    let before = start
    let edge = first
    for (;;) {
      used.add(`${before}-${edge.to}`).add(`${edge.to}-${before}`)
      corners.push(edge.to)
      const onward = links.get(edge.to)!
      if (edge.to === start || onward.length !== 2) break
      const back = before
      before = edge.to
      edge = onward.find((e) => e.to !== back)!
    }
    const line = corners.map((t) => toLonLat(places.get(t)!)).filter((p, i, all) => i === 0 || !same(p, all[i - 1]!))
    if (line.length < 2) throw new Error('a border shrank to nothing: make the mesh coarser')
    arcs.push({ line, left: first.left, right: first.right })
  }
  for (const [t, edges] of links) if (edges.length === 3) for (const edge of edges) walk(t, edge)
  for (const [t, edges] of links) for (const edge of edges) walk(t, edge)
  return arcs
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a[0] === b[0] && a[1] === b[1]
}

/**
 * The polygons of every group of labels (`groupOf(label)`; −1 stays outside), as rings of arcs: outer rings
 * anticlockwise and first, holes with the outer ring that holds them. Arcs inside a group fall away, so what is
 * dissolved has the very same coordinates as its parts.
 */
export function assemble(arcs: readonly Arc[], groups: number, groupOf: (label: number) => number): ArcRing[][][] {
  const pieces: { arc: number; from: string; to: string }[][] = Array.from({ length: groups }, () => [])
  arcs.forEach(({ line, left, right }, i) => {
    const l = left < 0 ? -1 : groupOf(left)
    const r = right < 0 ? -1 : groupOf(right)
    if (l === r) return
    const from = line[0]!.join()
    const to = line[line.length - 1]!.join()
    if (l >= 0) pieces[l]!.push({ arc: i, from, to })
    if (r >= 0) pieces[r]!.push({ arc: ~i, from: to, to: from })
  })
  return pieces.map((list) => polygons(arcs, chain(list)))
}

function chain(list: { arc: number; from: string; to: string }[]): ArcRing[] {
  const byStart = new Map(list.map((piece) => [piece.from, piece]))
  if (byStart.size !== list.length) throw new Error('two borders of one grid leave the same junction')
  const rings: ArcRing[] = []
  while (byStart.size > 0) {
    const [start] = byStart.keys()
    const ring: ArcRing = []
    let at = start!
    do {
      const piece = byStart.get(at)
      if (!piece) throw new Error(`a border ends in the open at ${at}`)
      byStart.delete(at)
      ring.push(piece.arc)
      at = piece.to
    } while (at !== start)
    rings.push(ring)
  }
  return rings
}

function polygons(arcs: readonly Arc[], rings: ArcRing[]): ArcRing[][] {
  const drawn = rings.map((ring) => ({ ring, line: ringLine(arcs, ring) }))
  const outer = drawn.filter(({ line }) => signedArea(line) > 0)
  const holes = drawn.filter(({ line }) => signedArea(line) <= 0)
  const out = outer.map(({ ring, line }) => ({ line, rings: [ring] }))
  for (const hole of holes) {
    const host = out.find(({ line }) => contains(line, hole.line[0]!))
    if (!host) throw new Error('a hole without a ring around it')
    host.rings.push(hole.ring)
  }
  return out.map(({ rings }) => rings)
}

function ringLine(arcs: readonly Arc[], ring: ArcRing): [number, number][] {
  const out: [number, number][] = []
  for (const a of ring) {
    const line = a < 0 ? [...arcs[~a]!.line].reverse() : arcs[a]!.line
    out.push(...(out.length > 0 ? line.slice(1) : line))
  }
  return out
}

/** Square degrees, positive when anticlockwise. */
function signedArea(line: readonly (readonly [number, number])[]): number {
  let sum = 0
  for (let i = 1; i < line.length; i++) {
    sum += (line[i - 1]![0] - 117) * (line[i]![1] - 40) - (line[i]![0] - 117) * (line[i - 1]![1] - 40)
  }
  return sum / 2
}

function contains(ring: readonly (readonly [number, number])[], [x, y]: readonly [number, number]): boolean {
  let inside = false
  for (let i = 1; i < ring.length; i++) {
    const [xi, yi] = ring[i]!
    const [xj, yj] = ring[i - 1]!
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}
