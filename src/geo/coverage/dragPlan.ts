import { offWorld, onLattice, units } from './lattice'
import { verticesAt } from './near'
import { type Slide, slideAt, slideTo } from './slide'
import { softened } from './soften'
import { type Arc, type Coverage, type Position, type Reason, refuse } from './types'

/** `soft_m`: how far along the borders (metres) neighbouring vertices come along, less and less; none when left out. */
export type DragTarget =
  | { kind: 'vertex'; arc: number; index: number; soft_m?: number | undefined }
  /** A new vertex on a segment (from vertex `segment` to the next). */
  | { kind: 'insert'; arc: number; segment: number; at: Position; soft_m?: number | undefined }
  /** All vertices from one to the other (both included), by as much as the pointer moves. */
  | { kind: 'stretch'; arc: number; from: number; to: number; grabbed: Position }

/** An arc that follows the pointer: its points (with the inserted one) and what share of the way each of them moves. */
interface Follower {
  arc: Arc
  base: readonly Position[]
  shares: ReadonlyMap<number, number>
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
    const shares = softened(base, [target.segment + 1], target.soft_m)
    return { ok: true, plan: following([{ arc, base, shares }], at, true) }
  }
  const [from, to] = target.kind === 'vertex' ? [target.index, target.index] : [target.from, target.to]
  if (!(from >= 0 && to <= last && from <= to)) return refuse('NO_SUCH_VERTEX')
  if (target.kind === 'vertex') {
    const grabbed = arc.points[from]!
    const slide = slideAt(verticesAt(coverage, arc, from))
    if (slide) return { ok: true, plan: sliding(slide, grabbed, target.soft_m) }
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
  const soft = target.kind === 'vertex' ? target.soft_m : undefined
  const followers = [...moving].map(([each, indices]) => {
    return { arc: each, base: each.points, shares: softened(each.points, [...indices], soft) }
  })
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
      const points = new Map(followers.map(({ arc, base, shares }) => [arc.id, shifted(base, shares, dx, dy)] as const))
      const dropped = followers.flatMap(({ arc, shares }) =>
        [...shares].flatMap(([i, share]) => (share === 1 ? [points.get(arc.id)![i]!] : [])),
      )
      return { points, dropped, at: onLattice(to) }
    },
  }
}

/** Points moved by their share of so many lattice units. */
const shifted = (base: readonly Position[], shares: ReadonlyMap<number, number>, dx: number, dy: number): Position[] =>
  base.map((p, i) => {
    const share = shares.get(i)
    return share === undefined
      ? p
      : [(units(p[0]) + Math.round(dx * share)) / 1e7, (units(p[1]) + Math.round(dy * share)) / 1e7]
  })

/** The end of a border that slides along the root's outline. */
function sliding(slide: Slide, grabbed: Position, soft_m: number | undefined): DragPlan {
  const { arc, index } = slide.border
  const shares = softened(arc.points, [index], soft_m)
  return {
    arcs: [slide.border.arc, slide.outline[0].arc, slide.outline[1].arc],
    grabbed,
    inserted: false,
    place(to) {
      const { at, points } = slideTo(slide, to)
      const [dx, dy] = [units(at[0]) - units(grabbed[0]), units(at[1]) - units(grabbed[1])]
      if (shares.size > 1) points.set(arc.id, shifted(arc.points, shares, dx, dy))
      return { points, dropped: [at], at }
    },
  }
}
