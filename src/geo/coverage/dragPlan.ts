import { offWorld, onLattice, units } from './lattice'
import { verticesAt } from './near'
import { type Slide, slideAt, slideTo } from './slide'
import { type Arc, type Coverage, type Position, type Reason, refuse } from './types'

export type DragTarget =
  | { kind: 'vertex'; arc: number; index: number }
  /** A new vertex on a segment (from vertex `segment` to the next). */
  | { kind: 'insert'; arc: number; segment: number; at: Position }
  /** All vertices from one to the other (both included), by as much as the pointer moves. */
  | { kind: 'stretch'; arc: number; from: number; to: number; grabbed: Position }

/** An arc that follows the pointer: its points (with the inserted one) and which of them move. */
interface Follower {
  arc: Arc
  base: readonly Position[]
  moving: ReadonlySet<number>
}

/** New points of the arcs, and the moved vertices. */
export interface Placed {
  points: ReadonlyMap<number, readonly Position[]>
  dropped: Position[]
  at: Position
}

/** What follows the pointer, and where it is when the pointer is somewhere. */
export interface DragPlan {
  arcs: Arc[]
  grabbed: Position
  /** A vertex was inserted, so that there is a change before anything moves. */
  inserted: boolean
  place(to: Position): Placed
}

export function planDrag(
  coverage: Coverage,
  target: DragTarget,
): { ok: true; plan: DragPlan } | { ok: false; reason: Reason } {
  const arc = coverage.arcs.get(target.arc)
  if (!arc) return refuse('UNKNOWN_ARC')
  const last = arc.points.length - 1
  if (target.kind === 'insert') {
    if (!(target.segment >= 0 && target.segment < last)) return refuse('NO_SUCH_VERTEX')
    if (offWorld([target.at])) return refuse('OUT_OF_RANGE')
    if (arc.fixed) return refuse('FIXED', { at: onLattice(target.at) })
    const at = onLattice(target.at)
    const base = arc.points.toSpliced(target.segment + 1, 0, at)
    return { ok: true, plan: following([{ arc, base, moving: new Set([target.segment + 1]) }], at, true) }
  }
  const [from, to] = target.kind === 'vertex' ? [target.index, target.index] : [target.from, target.to]
  if (!(from >= 0 && to <= last && from <= to)) return refuse('NO_SUCH_VERTEX')
  if (target.kind === 'vertex') {
    const grabbed = arc.points[from]!
    const slide = slideAt(verticesAt(coverage, arc, from))
    if (slide) return { ok: true, plan: sliding(slide, grabbed) }
  }
  if (target.kind === 'stretch' && offWorld([target.grabbed])) return refuse('OUT_OF_RANGE')
  const moving = new Map<Arc, Set<number>>()
  for (let i = from; i <= to; i++) {
    for (const vertex of verticesAt(coverage, arc, i)) {
      if (vertex.arc.fixed) return refuse('FIXED', { at: arc.points[i]! })
      const list = moving.get(vertex.arc)
      if (list) list.add(vertex.index)
      else moving.set(vertex.arc, new Set([vertex.index]))
    }
  }
  const followers = [...moving].map(([each, indices]) => ({ arc: each, base: each.points, moving: indices }))
  const grabbed = target.kind === 'vertex' ? arc.points[from]! : onLattice(target.grabbed)
  return { ok: true, plan: following(followers, grabbed, false) }
}

/** Vertices that move as far as the pointer does. */
function following(followers: readonly Follower[], grabbed: Position, inserted: boolean): DragPlan {
  return {
    arcs: followers.map(({ arc }) => arc),
    grabbed,
    inserted,
    place(to) {
      const [dx, dy] = [units(to[0]) - units(grabbed[0]), units(to[1]) - units(grabbed[1])]
      const shift = ([lon, lat]: Position): Position => [(units(lon) + dx) / 1e7, (units(lat) + dy) / 1e7]
      const points = new Map(
        followers.map(({ arc, base, moving }) => [arc.id, base.map((p, i) => (moving.has(i) ? shift(p) : p))] as const),
      )
      const dropped = followers.flatMap(({ arc, moving }) => [...moving].map((i) => points.get(arc.id)![i]!))
      return { points, dropped, at: onLattice(to) }
    },
  }
}

/** The end of a border that slides along the root's outline. */
function sliding(slide: Slide, grabbed: Position): DragPlan {
  return {
    arcs: [slide.border.arc, slide.outline[0].arc, slide.outline[1].arc],
    grabbed,
    inserted: false,
    place(to) {
      const { at, points } = slideTo(slide, to)
      return { points, dropped: [at], at }
    },
  }
}
