import type { MultiPolygon } from 'geojson'
import { moveChecker } from './checkMove'
import { type DragTarget, type Placed, planDrag } from './dragPlan'
import { offWorld, samePlace } from './lattice'
import { cellsAlong, replaceArcs, reshaped, sinceEdit } from './replaceArcs'
import { cellOf, isClosed, shapeOf } from './shape'
import { type CellId, type Coverage, type Edit, type Issue, type Position, type Reason, refuse } from './types'
import { meetsOthers, weld } from './weld'

export type { DragTarget }

const NOWHERE: Pick<Placed, 'points' | 'dropped'> = { points: new Map(), dropped: [] }

export interface Drag {
  /** The cells whose shape follows the pointer. */
  readonly cells: CellId[]
  /**
   * Where things are with the pointer at `to`; `at`: where what was grabbed is, which for an end that slides along the
   * root's outline is not under the pointer. Nothing is kept: only the last move counts for `finish`.
   */
  move(to: Position): { shapes: Map<CellId, MultiPolygon>; issues: Issue[]; at: Position }
  /**
   * The coverage as last moved; the very same one when nothing moved. A vertex dropped exactly upon one of another
   * border is joined with it, as by `snapNodes`.
   */
  finish(): Edit
}

/**
 * Begins to move a vertex, a junction with all its arcs, a new vertex or a stretch. What a move costs depends on the
 * cells at hand only. The outline of the root does not move (reason FIXED); where a single border ends on it, that end
 * slides along.
 */
export function beginDrag(
  coverage: Coverage,
  target: DragTarget,
): { ok: true; drag: Drag } | { ok: false; reason: Reason } {
  const planned = planDrag(coverage, target)
  if (!planned.ok) return planned
  const { arcs, grabbed, inserted, place } = planned.plan
  const cells = cellsAlong(coverage, arcs)
  const held = cells.map((id) => cellOf(coverage, id)!)
  const check = moveChecker(coverage, cells, grabbed)
  let moved: Placed | null = null

  const drag: Drag = {
    cells,
    move(to) {
      // what is no place moves nothing
      moved = place(offWorld([to]) ? grabbed : to)
      const { points, at } = moved
      const pointsOf = (arc: number) => points.get(arc) ?? coverage.arcs.get(arc)!.points
      return {
        shapes: new Map(held.map((cell) => [cell.id, shapeOf(cell, pointsOf)])),
        issues: check(points),
        at,
      }
    },
    finish() {
      const { points, dropped } = moved ?? (inserted ? place(grabbed) : NOWHERE)
      const settled = new Map(
        [...points]
          .map(([id, list]) => [id, withoutRepeats(list)] as const)
          .filter(([id, list]) => !samePoints(list, coverage.arcs.get(id)!.points)),
      )
      if (settled.size === 0) return reshaped(coverage, [])
      for (const list of settled.values()) if (offWorld(list)) return refuse('OUT_OF_RANGE')
      const after = replaceArcs(coverage, settled)
      const own = new Set(settled.keys())
      const meeting = dropped.filter((at) => meetsOthers(after, at, own))
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

/** A vertex dropped upon its neighbour is one vertex. An arc keeps its ends. */
function withoutRepeats(points: readonly Position[]): readonly Position[] {
  const list = points.filter((p, i) => i === 0 || !samePlace(p, points[i - 1]!))
  const least = isClosed({ points: list }) ? 4 : 2
  return list.length < least || list.length === points.length ? points : list
}

const samePoints = (a: readonly Position[], b: readonly Position[]): boolean =>
  a.length === b.length && a.every((p, i) => samePlace(p, b[i]!))
