// Commands name places, not arcs: arcs are numbered anew whenever a coverage is opened. Here places become arcs again.
import { nearestHandle } from '../../geo/coverage/handles'
import type { Coverage, Position } from '../../geo/coverage/types'

export const samePlace = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1]

/** The vertex or junction exactly at a place. */
export function vertexAt(coverage: Coverage, at: Position): { arc: number; index: number } | null {
  for (const arc of coverage.arcs.values()) {
    const index = arc.points.findIndex((point) => samePlace(point, at))
    if (index >= 0) return { arc: arc.id, index }
  }
  return null
}

/** The vertex at a place; one that slides along an outline stands a little beside (`within` degrees) where it was put. */
export function vertexNear(coverage: Coverage, at: Position, within: number): Position | null {
  const exact = nearestHandle(coverage, at, 2e-7)
  if (exact && exact.kind !== 'mid') return exact.at
  const near = nearestHandle(coverage, at, within)
  return near?.kind === 'node' ? near.at : null
}

/** The segment between two neighbouring vertices, in either direction; `segment` is the index of its first point. */
export function segmentAt(coverage: Coverage, a: Position, b: Position): { arc: number; segment: number } | null {
  for (const arc of coverage.arcs.values()) {
    for (let i = 1; i < arc.points.length; i++) {
      const [p, q] = [arc.points[i - 1]!, arc.points[i]!]
      if ((samePlace(p, a) && samePlace(q, b)) || (samePlace(p, b) && samePlace(q, a)))
        return { arc: arc.id, segment: i - 1 }
    }
  }
  return null
}

/** A stretch of one arc between two of its points, by index, `from` < `to`. */
export interface Stretch {
  arc: number
  from: number
  to: number
}

/** The stretch between two vertices of one arc. On a closed arc the shorter way, unless `via` lies on the other. */
export function stretchAt(coverage: Coverage, a: Position, b: Position, via?: Position): Stretch | null {
  const found: Stretch[] = []
  for (const arc of coverage.arcs.values()) {
    const ends = (place: Position) => arc.points.flatMap((point, i) => (samePlace(point, place) ? [i] : []))
    for (const i of ends(a)) {
      for (const j of ends(b)) if (i !== j) found.push({ arc: arc.id, from: Math.min(i, j), to: Math.max(i, j) })
    }
  }
  const holds = (stretch: Stretch) => {
    const points = coverage.arcs.get(stretch.arc)?.points.slice(stretch.from, stretch.to + 1) ?? []
    return via !== undefined && points.some((point) => samePlace(point, via))
  }
  found.sort((p, q) => Number(holds(q)) - Number(holds(p)) || p.to - p.from - (q.to - q.from))
  return found[0] ?? null
}

/** The points of a stretch, ends included. */
export const pointsOf = (coverage: Coverage, { arc, from, to }: Stretch): readonly Position[] =>
  coverage.arcs.get(arc)?.points.slice(from, to + 1) ?? []
