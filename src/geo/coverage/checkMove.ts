import { cellIssues } from './cellIssues'
import { judge } from './judge'
import { collide, type Node, nodeOf, nodesOf, samePlace, twiceArea, whereIn } from './lattice'
import { arcsNear, boxAround } from './near'
import { cellOf, ringOf } from './shape'
import type { Arc, CellId, Coverage, Issue, Position } from './types'

/** What moved of one arc: nodes `from` … `to` before and now (their neighbours, which stay, included). */
interface Moved {
  arc: Arc
  now: readonly Node[]
  /** Segments of `now` that are not where they were. */
  changed: number[]
  /** The strip of ground between the old and the new line, as a ring. */
  swept: Node[]
}

/**
 * What is wrong after some arcs of a coverage moved, judged by looking only at the moved segments and what is near
 * them: crossings and folds, things the line was drawn across, rings turned inside out; then at the cells at hand
 * alone.
 */
export function issuesOfMove(
  coverage: Coverage,
  points: ReadonlyMap<number, readonly Position[]>,
  cells: readonly CellId[],
): Issue[] {
  const moved = [...points].flatMap(([id, now]) => movedPart(coverage.arcs.get(id)!, now))
  const pointsOf = (arc: number) => points.get(arc) ?? coverage.arcs.get(arc)!.points
  const suspects = new Set<CellId>()
  const suspect = (...arcs: Arc[]) => {
    for (const { left, right } of arcs) for (const id of [...left, ...right]) suspects.add(id)
  }
  for (const part of moved) {
    const [w, s, e, n] = boxAround([...part.swept, ...part.changed.flatMap((i) => [part.now[i]!, part.now[i + 1]!])])
    for (const other of arcsNear(coverage, [w, s, e, n])) {
      if (points.has(other.id)) continue
      const hit = collides(part, nodesOf(other.points))
      if (hit || whereIn(part.swept, nodeOf(other.points[other.points.length >> 1]!)) > 0) suspect(part.arc, other)
    }
    for (const other of moved) if (collides(part, other.now, part === other)) suspect(part.arc, other.arc)
  }
  for (const id of cells) if (turnedOver(coverage, id, pointsOf)) suspects.add(id)
  const wrong = suspects.size > 0 ? judge(coverage, new Set([...suspects, ...cells]), pointsOf) : []
  const broken = new Set(wrong.flatMap((issue) => issue.cells))
  return [...wrong, ...cells.filter((id) => !broken.has(id)).flatMap((id) => cellIssues(coverage, id, pointsOf))]
}

function movedPart(arc: Arc, points: readonly Position[]): Moved[] {
  const before = arc.points
  let from = 0
  while (from < Math.min(before.length, points.length) && samePlace(before[from]!, points[from]!)) from++
  if (from === points.length && from === before.length) return []
  let tail = 0
  while (
    tail < Math.min(before.length, points.length) - from &&
    samePlace(before[before.length - 1 - tail]!, points[points.length - 1 - tail]!)
  ) {
    tail++
  }
  const first = Math.max(0, from - 1)
  const keep = Math.max(0, tail - 1)
  const now = nodesOf(points)
  const old = before.slice(first, before.length - keep).map(nodeOf)
  const fresh = now.slice(first, now.length - keep)
  const changed = Array.from({ length: now.length - keep - 1 - first }, (_, i) => first + i)
  return [{ arc, now, changed, swept: [...old, ...fresh.reverse()] }]
}

/** Whether a moved segment has more in common with a line than its ends; `itself`: the line it is part of. */
function collides({ now, changed }: Moved, line: readonly Node[], itself = false): boolean {
  return changed.some((i) => {
    const [a, b] = [now[i]!, now[i + 1]!]
    if (a.x === b.x && a.y === b.y) return false
    for (let j = 0; j + 1 < line.length; j++) {
      if (itself && j === i) continue
      if (collide(a, b, line[j]!, line[j + 1]!)) return true
    }
    return false
  })
}

/** Whether a ring of a cell is turned inside out, or has no ground left. */
function turnedOver(coverage: Coverage, id: CellId, pointsOf: (arc: number) => readonly Position[]): boolean {
  return cellOf(coverage, id)!.polygons.some((rings) =>
    rings.some((ring, i) => {
      const area = twiceArea(ringOf(ring, pointsOf).map(nodeOf))
      return i === 0 ? area <= 0 : area >= 0
    }),
  )
}
