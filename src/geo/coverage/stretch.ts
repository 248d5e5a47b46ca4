import { samePlace } from './lattice'
import { replaceArcs } from './replaceArcs'
import { isClosed } from './shape'
import { type Arc, type Coverage, type Edit, type Position, type Reason, refuse } from './types'
import { withoutVertices } from './withoutVertices'

type Found = { ok: true; arc: Arc } | { ok: false; reason: Reason }

/** An arc and two of its vertices, the first before the second. */
function findStretch(coverage: Coverage, arc: number, from: number, to: number): Found {
  const found = coverage.arcs.get(arc)
  if (!found) return refuse('UNKNOWN_ARC')
  if (!(from >= 0 && from < to && to < found.points.length)) return refuse('NO_SUCH_VERTEX')
  return found.fixed ? refuse('FIXED', { at: found.points[from]! }) : { ok: true, arc: found }
}

/** Puts other points between two vertices of an arc; repeated ones fall together. On a closed arc `from` may come after
 * `to`: the stretch then runs through its beginning. */
export function replaceStretch(
  coverage: Coverage,
  arc: number,
  from: number,
  to: number,
  between: (points: readonly Position[]) => readonly Position[],
): Edit {
  const whole = coverage.arcs.get(arc)
  if (whole && from > to && isClosed(whole)) return throughStart(coverage, whole, from, to, between)
  const found = findStretch(coverage, arc, from, to)
  if (!found.ok) return found
  const { points } = found.arc
  const fresh = [...points.slice(0, from + 1), ...between(points.slice(from, to + 1)), ...points.slice(to)]
  const list = fresh.filter((p, i) => i === 0 || !samePlace(p, fresh[i - 1]!))
  if (list.length === points.length && list.every((p, i) => samePlace(p, points[i]!))) {
    return { ok: true, coverage, touched: [], created: [], removed: [] }
  }
  return withoutVertices(coverage, found.arc, list)
}

/** A closed arc may begin anywhere: here, at the stretch. */
function throughStart(
  coverage: Coverage,
  arc: Arc,
  from: number,
  to: number,
  between: (points: readonly Position[]) => readonly Position[],
): Edit {
  const last = arc.points.length - 1
  if (from >= last || to < 0) return refuse('NO_SUCH_VERTEX')
  const points = [...arc.points.slice(from, -1), ...arc.points.slice(0, from + 1)]
  const turned = replaceArcs(coverage, new Map([[arc.id, points]]))
  return replaceStretch(turned, arc.id, 0, last - from + to, between)
}
