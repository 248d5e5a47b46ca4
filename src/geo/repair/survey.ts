import type { MultiPolygon, Polygon } from 'geojson'
import { verticesOnEdges } from '../coverage/joinVertices'
import { collide, degrees, type Node } from '../coverage/lattice'
import { type Links, linkRings } from '../coverage/links'
import { type RingStrip, readRings } from '../coverage/readRings'
import { type NearCorner, nearCorners } from './nearCorners'
import { METRES_PER_UNIT } from './units'

export interface Feature {
  key: string
  geometry: Polygon | MultiPolygon
}

/** What a look at the borders of some features found, features by their number. */
export interface Survey {
  strip: RingStrip
  links: Links
  /** Corners upon a foreign border: the vertex, and the features on both. */
  corners: { vertex: number; features: Set<number> }[]
  near: NearCorner[]
  /** Features whose borders do not fit their neighbours': the only ones that a repair looks at. */
  involved: Set<number>
  featuresAt: (vertex: number) => ReadonlySet<number>
}

/** Borders that both sides share, edge by edge, are left out at once: a clean file costs one pass. */
export function survey(features: readonly Feature[], tolerance_m: number): Survey | null {
  const inputs = features.map(({ geometry }, id) => ({ id, level: 1, parent: null, geometry }))
  const read = readRings(inputs)
  if (!read.ok) return null
  const { strip } = read
  const links = linkRings(strip)
  const { vertexOf, firstStep, nextStep, edges } = links
  const featureOf = new Int32Array(vertexOf.length)
  strip.cellOf.forEach((cell, ring) => {
    featureOf.fill(cell, strip.starts[ring], strip.starts[ring + 1])
  })
  const open: number[] = []
  const ends = endOfSteps(strip, vertexOf)
  const loose = new Set<number>()
  for (let edge = 0; edge < edges; edge++) {
    const first = firstStep[edge]!
    const second = nextStep[first]!
    const shared = second >= 0 && nextStep[second]! < 0 && vertexOf[first] !== vertexOf[second]
    if (shared) continue
    open.push(first)
    loose.add(vertexOf[first]!).add(ends[first]!)
  }
  const around = new Map<number, Set<number>>()
  vertexOf.forEach((v, i) => {
    if (!loose.has(v)) return
    const known = around.get(v)
    if (known) known.add(featureOf[i]!)
    else around.set(v, new Set([featureOf[i]!]))
  })
  const featuresAt = (v: number): ReadonlySet<number> => around.get(v) ?? new Set()
  const near = nearCorners(links, loose, featuresAt, tolerance_m)
  const corners = new Map<string, Survey['corners'][number]>()
  for (const [step, vertices] of (open.length > 0 && verticesOnEdges(strip, links, open)) || []) {
    for (const vertex of vertices) {
      const key = `${links.edgeOf[step]} ${vertex}`
      const known = corners.get(key) ?? { vertex, features: new Set(featuresAt(vertex)) }
      known.features.add(featureOf[step]!)
      corners.set(key, known)
    }
  }
  const involved = new Set<number>()
  for (const { features: all } of corners.values()) for (const f of all) involved.add(f)
  for (const { from, to } of near) for (const f of [...featuresAt(from), ...featuresAt(to)]) involved.add(f)
  for (const f of closeBorders(links, open, ends, featureOf, tolerance_m)) involved.add(f)
  return { strip, links, corners: [...corners.values()], near, involved, featuresAt }
}

function endOfSteps({ starts }: RingStrip, vertexOf: Int32Array): Int32Array {
  const ends = new Int32Array(vertexOf.length)
  for (let ring = 0; ring + 1 < starts.length; ring++) {
    const [start, end] = [starts[ring]!, starts[ring + 1]!]
    for (let i = start; i < end; i++) ends[i] = vertexOf[i + 1 < end ? i + 1 : start]!
  }
  return ends
}

/** Features with an open edge that crosses another's, or has its corner within the tolerance. */
function closeBorders(
  { vx, vy, vertexOf }: Links,
  open: readonly number[],
  ends: Int32Array,
  featureOf: Int32Array,
  tolerance_m: number,
): Set<number> {
  const found = new Set<number>()
  const edges = open.map((step) => {
    const [a, b] = [vertexOf[step]!, ends[step]!].map((v): Node => ({ x: vx[v]!, y: vy[v]! })) as [Node, Node]
    const reach = tolerance_m / METRES_PER_UNIT
    const wide = reach / Math.max(0.05, Math.cos((degrees(a.y) * Math.PI) / 180))
    const [west, east] = [Math.min(a.x, b.x) - wide, Math.max(a.x, b.x) + wide]
    const [south, north] = [Math.min(a.y, b.y) - reach, Math.max(a.y, b.y) + reach]
    return { a, b, west, east, south, north, feature: featureOf[step]!, stretch: reach / wide }
  })
  edges.sort((p, q) => p.west - q.west)
  let active: typeof edges = []
  for (const one of edges) {
    active = active.filter((other) => other.east >= one.west)
    for (const other of active) {
      if (other.feature === one.feature || other.south > one.north || one.south > other.north) continue
      if (found.has(one.feature) && found.has(other.feature)) continue
      if (!collide(one.a, one.b, other.a, other.b) && !beside(one, other) && !beside(other, one)) continue
      found.add(one.feature).add(other.feature)
    }
    active.push(one)
  }
  return found

  function beside({ a, b, stretch }: (typeof edges)[number], other: (typeof edges)[number]): boolean {
    return [other.a, other.b].some((p) => {
      const [dx, dy] = [(b.x - a.x) * stretch, b.y - a.y]
      const [px, py] = [(p.x - a.x) * stretch, p.y - a.y]
      const t = Math.max(0, Math.min(1, (px * dx + py * dy) / (dx * dx + dy * dy)))
      return Math.hypot(px - t * dx, py - t * dy) * METRES_PER_UNIT <= tolerance_m
    })
  }
}
