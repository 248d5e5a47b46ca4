import type { MultiPolygon, Polygon, Position } from 'geojson'
import { type Arrangement, arrange, groundOf, type Path } from '../coverage/arrangement'
import { type Node, nodeOf, positionOf, sameNode } from '../coverage/lattice'
import { nodePaths } from '../coverage/noding'
import { nestRings, traceRings } from '../coverage/rings'
import { ringOf } from '../coverage/shape'
import type { Position as Place } from '../coverage/types'
import { areaM2 } from '../measure'
import type { Survey } from './survey'
import { isThin, meanWidthM, metresBetween } from './thin'

export type Kind = 't_junction' | 'near_border' | 'sliver_overlap' | 'sliver_gap'

export interface Sliver {
  kind: 'sliver_overlap' | 'sliver_gap'
  features: number[]
  shape: Polygon
  area_m2: number
  width_m: number
}

/** New shapes of involved features (by number), and the slivers that were given away. */
export interface Mended {
  shapes: Map<number, MultiPolygon>
  slivers: Sliver[]
}

/**
 * Mends the borders of the involved features: near corners fall together, corners on foreign borders become vertices of
 * both, and ground narrower than the tolerance that two hold, or none, goes whole to the one with the longest border
 * along it. Only the kinds asked for. Null when the lines are too fine for the lattice.
 */
export function mend(
  { strip, links, near, involved }: Survey,
  kinds: ReadonlySet<Kind>,
  tolerance_m: number,
): Mended | null {
  const goal = new Map(kinds.has('near_border') ? near.map(({ from, to }) => [from, to]) : [])
  const paths: Path[] = []
  strip.cellOf.forEach((feature, ring) => {
    if (!involved.has(feature)) return
    const nodes: Node[] = []
    for (let i = strip.starts[ring]!; i < strip.starts[ring + 1]!; i++) {
      const v = goal.get(links.vertexOf[i]!) ?? links.vertexOf[i]!
      const node = { x: links.vx[v]!, y: links.vy[v]! }
      if (nodes.length === 0 || !sameNode(node, nodes[nodes.length - 1]!)) nodes.push(node)
    }
    paths.push({ nodes: [...nodes, nodes[0]!], left: [feature], right: [] })
  })
  const slivers = kinds.has('sliver_overlap') || kinds.has('sliver_gap')
  const joined = slivers || kinds.has('t_junction')
  const lines = joined
    ? nodePaths(
        paths.map((p) => p.nodes),
        slivers,
      )
    : paths.map((p) => p.nodes)
  if (!lines) return null
  const arrangement = arrange(paths.map((path, i) => ({ ...path, nodes: lines[i]! })))
  const owners = arrangement.faces.map(({ covers }) => new Set([...covers].filter(([, n]) => n > 0).map(([id]) => id)))
  const found = slivers ? giveAway(arrangement, owners, kinds, tolerance_m) : []
  return { shapes: new Map([...involved].map((id) => [id, shapeOf(arrangement, owners, id)])), slivers: found }
}

function giveAway(
  arrangement: Arrangement,
  owners: Set<number>[],
  kinds: ReadonlySet<Kind>,
  tolerance_m: number,
): Sliver[] {
  const slivers: Sliver[] = []
  const borders = new Map<number, { face: number; metres: number }[]>()
  for (const { a, b, left, right } of arrangement.edges) {
    if (left === right) continue
    const metres = metresBetween(positionOf(a), positionOf(b))
    for (const [face, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const list = borders.get(face)
      if (list) list.push({ face: other, metres })
      else borders.set(face, [{ face: other, metres }])
    }
  }
  const held = owners.map((set) => new Set(set))
  held.forEach((own, face) => {
    if (face === 0 || own.size === 1) return
    const kind = own.size === 0 ? ('sliver_gap' as const) : ('sliver_overlap' as const)
    if (!kinds.has(kind)) return
    const shape: Polygon = { type: 'Polygon', coordinates: groundOf(arrangement, new Set([face])).coordinates[0] ?? [] }
    if (shape.coordinates.length === 0 || !isThin(shape, tolerance_m)) return
    const along = new Map<number, number>()
    for (const { face: other, metres } of borders.get(face) ?? []) {
      const only = held[other]!.size === 1 ? [...held[other]!][0]! : undefined
      if (only !== undefined && (own.size === 0 || own.has(only))) along.set(only, (along.get(only) ?? 0) + metres)
    }
    const keeper = [...along].sort((p, q) => q[1] - p[1])[0]?.[0] ?? [...own][0]
    if (keeper === undefined) return
    owners[face] = new Set([keeper])
    const area_m2 = areaM2(shape)
    const features = [...(own.size === 0 ? along.keys() : own)].sort((p, q) => p - q)
    slivers.push({ kind, features, shape, area_m2, width_m: meanWidthM(shape, area_m2) })
  })
  return slivers
}

function shapeOf({ edges }: Arrangement, owners: readonly ReadonlySet<number>[], id: number): MultiPolygon {
  const refs: number[] = []
  edges.forEach(({ left, right }, e) => {
    const [here, there] = [owners[left]!.has(id), owners[right]!.has(id)]
    if (here !== there) refs.push(here ? e : ~e)
  })
  const pointsOf = (e: number): Place[] => [positionOf(edges[e]!.a), positionOf(edges[e]!.b)]
  const polygons = nestRings(traceRings(refs, pointsOf) ?? [], pointsOf)
  return {
    type: 'MultiPolygon',
    coordinates: polygons.map((rings) => rings.map((ring) => plain(ringOf(ring, pointsOf)))),
  }
}

/** Positions of their own: what was read in stays untouched by whoever changes this. */
const plain = (ring: readonly Place[]): Position[] => ring.map((p) => positionOf(nodeOf(p)))
