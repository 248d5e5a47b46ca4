import { nodeOf, nodesOf, sameNode } from './lattice'
import { arcsNear } from './near'
import { cellsAlong } from './replaceArcs'
import { rework } from './rework'
import type { Coverage, Edit, Position } from './types'

/** Makes one junction of everything that has a vertex at a place, or runs exactly through it; borders that then lie upon each other are one. */
export function weld(coverage: Coverage, at: Position): Edit {
  const { x, y } = nodeOf(at)
  const near = arcsNear(coverage, [x - 1, y - 1, x + 1, y + 1])
  const cells = cellsAlong(coverage, near)
  return rework(coverage, { owners: cells, keepCrossings: true })
}

/** Whether arcs other than these have a vertex at a place. */
export function meetsOthers(coverage: Coverage, at: Position, own: ReadonlySet<number>): boolean {
  const node = nodeOf(at)
  return arcsNear(coverage, [node.x, node.y, node.x, node.y]).some(
    (arc) => !own.has(arc.id) && nodesOf(arc.points).some((other) => sameNode(other, node)),
  )
}
