import type { Gap } from '../../geo/coverage/gaps'
import type { CellId, Coverage, Position } from '../../geo/coverage/types'
import { lengthOf } from './length'

/** Who may take a gap: the children of the same parent along its border, the longest common border first. */
export function neighboursOfGap(coverage: Coverage, gap: Gap): CellId[] {
  const edges = new Set<string>()
  const keyOf = (a: Position, b: Position) => [a.join(), b.join()].sort().join('|')
  for (const ring of gap.polygon.coordinates as Position[][]) {
    for (let i = 1; i < ring.length; i++) edges.add(keyOf(ring[i - 1]!, ring[i]!))
  }
  const shared = new Map<CellId, number>()
  for (const arc of coverage.arcs.values()) {
    const [a, b] = [arc.points[0], arc.points[1]]
    if (!a || !b || !edges.has(keyOf(a, b))) continue
    const long = lengthOf(arc.points)
    for (const id of [...arc.left, ...arc.right]) {
      if (coverage.cells.get(id)?.parent === gap.parent) shared.set(id, (shared.get(id) ?? 0) + long)
    }
  }
  return [...shared].sort((p, q) => q[1] - p[1]).map(([id]) => id)
}
