import { cellIssues } from './cellIssues'
import { judge } from './judge'
import { collide, type Node, nodeOf, nodesOf, samePlace, whereIn } from './lattice'
import { lostGround } from './lostGround'
import { Measures } from './measures'
import { arcsNear, boxAround } from './near'
import { cellOf } from './shape'
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
 * A check of what is wrong while some arcs of a coverage move, told by looking only at the moved segments and what is
 * near them: crossings and folds, things the line was drawn across, rings turned inside out. Only when there is such a
 * sign are the cells at hand judged.
 */
export function moveChecker(
  coverage: Coverage,
  cells: readonly CellId[],
  origin: Position,
): (points: ReadonlyMap<number, readonly Position[]>) => Issue[] {
  const measures = new Measures(origin)
  const held = cells.map((id) => cellOf(coverage, id)!)
  return (points) => {
    const pointsOf = (arc: number) => points.get(arc) ?? coverage.arcs.get(arc)!.points
    const suspects = new Set<CellId>()
    const moved = [...points].flatMap(([id, now]) => movedPart(coverage.arcs.get(id)!, now))
    for (const part of moved) {
      for (const other of metBy(coverage, part, points, moved)) {
        for (const { left, right } of [part.arc, other]) for (const id of [...left, ...right]) suspects.add(id)
      }
    }
    const odd: CellId[] = []
    for (const cell of held) {
      const look = measures.look(cell, pointsOf)
      if (look.turned) suspects.add(cell.id)
      if (look.odd) odd.push(cell.id)
    }
    const wrong = suspects.size > 0 ? judge(coverage, new Set([...suspects, ...cells]), pointsOf) : []
    const broken = new Set(wrong.flatMap((issue) => issue.cells))
    const lost = wrong.length > 0 ? [] : moved.flatMap(({ arc, swept }) => lostGround(coverage, arc, swept))
    return [
      ...wrong,
      ...lost,
      ...odd.filter((id) => !broken.has(id)).flatMap((id) => cellIssues(coverage, id, pointsOf)),
    ]
  }
}

/** Arcs that a moved one collides with, or was drawn across. */
function metBy(coverage: Coverage, part: Moved, points: ReadonlyMap<number, unknown>, moved: readonly Moved[]): Arc[] {
  const still = arcsNear(coverage, boxAround([...part.swept, ...part.changed.map((i) => part.now[i]!)])).filter(
    (other) => {
      if (points.has(other.id)) return false
      const line = nodesOf(other.points)
      return collides(part, line) || whereIn(part.swept, line[line.length >> 1]!) > 0
    },
  )
  return [...still, ...moved.filter((other) => collides(part, other.now, part === other)).map(({ arc }) => arc)]
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
