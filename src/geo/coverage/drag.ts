import type { MultiPolygon } from 'geojson'
import { moveChecker } from './checkMove'
import { onLattice, samePlace, units } from './lattice'
import { verticesAt } from './near'
import { cellsAlong, replaceArcs, reshaped, sinceEdit } from './replaceArcs'
import { cellOf, isClosed, shapeOf } from './shape'
import {
  type Arc,
  type CellId,
  type Coverage,
  type Edit,
  type Issue,
  type Position,
  type Reason,
  refuse,
} from './types'
import { meetsOthers, weld } from './weld'

export type DragTarget =
  | { kind: 'vertex'; arc: number; index: number }
  /** A new vertex on a segment (from vertex `segment` to the next). */
  | { kind: 'insert'; arc: number; segment: number; at: Position }
  /** All vertices from one to the other (both included), by as much as the pointer moves. */
  | { kind: 'stretch'; arc: number; from: number; to: number; grabbed: Position }

export interface Drag {
  /** The cells whose shape follows the pointer. */
  readonly cells: CellId[]
  /** Where things are with the pointer at `to`. Nothing is kept: only the last move counts for `finish`. */
  move(to: Position): { shapes: Map<CellId, MultiPolygon>; issues: Issue[] }
  /**
   * The coverage as last moved; the very same one when nothing moved. A vertex dropped exactly upon one of another
   * border is joined with it, as by `snapNodes`.
   */
  finish(): Edit
}

/** An arc that follows the pointer: its points (with the inserted one) and which of them move. */
interface Follower {
  arc: Arc
  base: readonly Position[]
  moving: ReadonlySet<number>
}

/**
 * Begins to move a vertex, a junction with all its arcs, a new vertex or a stretch. What a move costs depends on the
 * cells at hand only. The outline of the root does not move: reason FIXED.
 */
export function beginDrag(
  coverage: Coverage,
  target: DragTarget,
): { ok: true; drag: Drag } | { ok: false; reason: Reason } {
  const planned = plan(coverage, target)
  if (!planned.ok) return planned
  const { followers, grabbed, inserted } = planned
  const cells = cellsAlong(
    coverage,
    followers.map(({ arc }) => arc),
  )
  const held = cells.map((id) => cellOf(coverage, id)!)
  const check = moveChecker(coverage, cells, grabbed)
  let moved: Map<number, readonly Position[]> | null = null

  const place = (to: Position): Map<number, readonly Position[]> => {
    const [dx, dy] = [units(to[0]) - units(grabbed[0]), units(to[1]) - units(grabbed[1])]
    const shift = ([lon, lat]: Position): Position => [(units(lon) + dx) / 1e7, (units(lat) + dy) / 1e7]
    return new Map(
      followers.map(({ arc, base, moving }) => [arc.id, base.map((p, i) => (moving.has(i) ? shift(p) : p))] as const),
    )
  }

  const drag: Drag = {
    cells,
    move(to) {
      const points = place(to)
      moved = points
      const pointsOf = (arc: number) => points.get(arc) ?? coverage.arcs.get(arc)!.points
      return {
        shapes: new Map(held.map((cell) => [cell.id, shapeOf(cell, pointsOf)])),
        issues: check(points),
      }
    },
    finish() {
      const points = moved ?? (inserted ? place(grabbed) : new Map<number, readonly Position[]>())
      const settled = new Map(
        [...points]
          .map(([id, list]) => [id, withoutRepeats(list)] as const)
          .filter(([id, list]) => !samePoints(list, coverage.arcs.get(id)!.points)),
      )
      if (settled.size === 0) return reshaped(coverage, [])
      const after = replaceArcs(coverage, settled)
      const own = new Set(settled.keys())
      const meeting = dropped(followers, points).filter((at) => meetsOthers(after, at, own))
      if (meeting.length === 0) return reshaped(after, cells)
      let joined = after
      for (const at of meeting) {
        const edit = weld(joined, at)
        if (!edit.ok) return edit
        joined = edit.coverage
      }
      return sinceEdit(coverage, joined)
    },
  }
  return { ok: true, drag }
}

type Plan = { ok: true; followers: Follower[]; grabbed: Position; inserted: boolean } | { ok: false; reason: Reason }

function plan(coverage: Coverage, target: DragTarget): Plan {
  const arc = coverage.arcs.get(target.arc)
  if (!arc) return refuse('UNKNOWN_ARC')
  const last = arc.points.length - 1
  if (target.kind === 'insert') {
    if (!(target.segment >= 0 && target.segment < last)) return refuse('NO_SUCH_VERTEX')
    if (arc.fixed) return refuse('FIXED', { at: onLattice(target.at) })
    const at = onLattice(target.at)
    const base = arc.points.toSpliced(target.segment + 1, 0, at)
    return {
      ok: true,
      followers: [{ arc, base, moving: new Set([target.segment + 1]) }],
      grabbed: at,
      inserted: true,
    }
  }
  const [from, to] = target.kind === 'vertex' ? [target.index, target.index] : [target.from, target.to]
  if (!(from >= 0 && to <= last && from <= to)) return refuse('NO_SUCH_VERTEX')
  const moving = new Map<Arc, Set<number>>()
  for (let i = from; i <= to; i++) {
    for (const vertex of verticesAt(coverage, arc, i)) {
      if (vertex.arc.fixed) return refuse('FIXED', { at: arc.points[i]! })
      const list = moving.get(vertex.arc)
      if (list) list.add(vertex.index)
      else moving.set(vertex.arc, new Set([vertex.index]))
    }
  }
  return {
    ok: true,
    followers: [...moving].map(([follower, indices]) => ({ arc: follower, base: follower.points, moving: indices })),
    grabbed: target.kind === 'vertex' ? arc.points[from]! : onLattice(target.grabbed),
    inserted: false,
  }
}

/** Where the moved vertices are now. */
function dropped(followers: readonly Follower[], points: ReadonlyMap<number, readonly Position[]>): Position[] {
  return followers.flatMap(({ arc, moving }) => [...moving].map((i) => points.get(arc.id)![i]!))
}

/** A vertex dropped upon its neighbour is one vertex. An arc keeps its ends. */
function withoutRepeats(points: readonly Position[]): readonly Position[] {
  const list = points.filter((p, i) => i === 0 || !samePlace(p, points[i - 1]!))
  const least = isClosed({ points: list }) ? 4 : 2
  return list.length < least || list.length === points.length ? points : list
}

const samePoints = (a: readonly Position[], b: readonly Position[]): boolean =>
  a.length === b.length && a.every((p, i) => samePlace(p, b[i]!))
