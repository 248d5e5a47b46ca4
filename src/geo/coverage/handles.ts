import type { Box } from './arcIndex'
import { onLattice, units } from './lattice'
import { arcsNear, boxWithin, isNode, type VertexRef } from './near'
import { isClosed } from './shape'
import { slideAt } from './slide'
import type { Arc, Coverage, Position } from './types'

export interface Handle {
  arc: number
  /** Of the vertex; of a `mid`, the segment (from vertex `index` to the next) whose middle it is. */
  index: number
  at: Position
  /** `node`: borders meet here. `mid`: the middle of a segment; dragging it inserts a vertex. */
  kind: 'node' | 'vertex' | 'mid'
  /** Cannot be moved. A junction on the root's outline can slide along it while only one border ends there. */
  fixed: boolean
}

/**
 * Everything that can be grabbed in a box [west, south, east, north] in degrees (all of it when none is given). A place
 * where several arcs meet is one handle.
 */
export function handlesOf(coverage: Coverage, box?: readonly [number, number, number, number]): Handle[] {
  const within: Box | null = box ? [units(box[0]), units(box[1]), units(box[2]), units(box[3])] : null
  const inside = ([lon, lat]: Position) => !box || (lon >= box[0] && lon <= box[2] && lat >= box[1] && lat <= box[3])
  const handles: Handle[] = []
  const nodes = new Map<string, Handle>()
  const ends = new Map<Handle, VertexRef[]>()
  for (const arc of within ? arcsNear(coverage, within) : coverage.arcs.values()) {
    const closed = isClosed(arc)
    arc.points.forEach((at, index) => {
      const next = arc.points[index + 1]
      if (inside(at) && !(closed && !next)) {
        if (isNode(arc, index)) {
          const key = at.join()
          const known = nodes.get(key)
          const node: Handle = known ?? { arc: arc.id, index, at, kind: 'node', fixed: false }
          nodes.set(key, node)
          const meeting = ends.get(node)
          if (meeting) meeting.push({ arc, index })
          else ends.set(node, [{ arc, index }])
        } else handles.push({ arc: arc.id, index, at, kind: 'vertex', fixed: arc.fixed })
      }
      if (!next || arc.fixed) return
      const mid = onLattice([(at[0] + next[0]) / 2, (at[1] + next[1]) / 2])
      if (inside(mid)) handles.push({ arc: arc.id, index, at: mid, kind: 'mid', fixed: false })
    })
  }
  for (const [node, meeting] of ends) node.fixed = meeting.some(({ arc }) => arc.fixed) && slideAt(meeting) === null
  return [...nodes.values(), ...handles]
}

/** The handle nearest to a place, `within` degrees of latitude; a node or vertex is preferred to a middle. */
export function nearestHandle(coverage: Coverage, at: Position, within: number): Handle | null {
  const [w, s, e, n] = boxWithin(at, within)
  let best: Handle | null = null
  let least = Infinity
  for (const handle of handlesOf(coverage, [w / 1e7, s / 1e7, e / 1e7, n / 1e7])) {
    const away = distance(at, handle.at)
    if (away > within) continue
    const weighed = handle.kind === 'mid' ? away + within : away
    if (weighed < least) {
      least = weighed
      best = handle
    }
  }
  return best
}

/** The border nearest to a place, `within` degrees of latitude; `distance` in the same. */
export function nearestArc(
  coverage: Coverage,
  at: Position,
  within: number,
): { arc: number; segment: number; at: Position; distance: number } | null {
  let best: ReturnType<typeof nearestArc> = null
  for (const arc of arcsNear(coverage, boxWithin(at, within))) {
    for (let segment = 0; segment + 1 < arc.points.length; segment++) {
      const on = nearestOn(at, arc, segment)
      const away = distance(at, on)
      if (away <= within && away < (best?.distance ?? Infinity)) {
        best = { arc: arc.id, segment, at: onLattice(on), distance: away }
      }
    }
  }
  return best
}

/** Degrees of latitude between two near places. */
function distance([lonA, latA]: Position, [lonB, latB]: Position): number {
  return Math.hypot((lonA - lonB) * Math.cos((latA * Math.PI) / 180), latA - latB)
}

function nearestOn([lon, lat]: Position, arc: Arc, segment: number): Position {
  const [a, b] = [arc.points[segment]!, arc.points[segment + 1]!]
  const stretch = Math.cos((lat * Math.PI) / 180)
  const [dx, dy] = [(b[0] - a[0]) * stretch, b[1] - a[1]]
  const t = ((lon - a[0]) * stretch * dx + (lat - a[1]) * dy) / (dx * dx + dy * dy)
  const u = Math.max(0, Math.min(1, t))
  return [a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u]
}
