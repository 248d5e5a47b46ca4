import type { Polygon } from 'geojson'
import { areaM2 } from '../measure'
import { type Node, positionOf, twiceArea } from './lattice'
import type { Arc, CellId, Coverage, Issue } from './types'

/**
 * A warning when a border with nobody beyond it is drawn back: the ground between the old line and the new one is left
 * to no cell. `swept`: the old line forwards, then the new one backwards.
 */
export function lostGround(coverage: Coverage, arc: Arc, swept: readonly Node[]): Issue[] {
  const area = twiceArea(swept)
  // anticlockwise: the ground lay left of the old line and lies right of the new one
  const [losing, winning] = area > 0 ? [arc.left, arc.right] : [arc.right, arc.left]
  const losers = losing.filter((id) => leavesGap(coverage, id, losing, winning))
  if (losers.length === 0) return []
  const ring = [...swept, swept[0]!].map(positionOf)
  const shape: Polygon = { type: 'Polygon', coordinates: [ring] }
  const area_m2 = areaM2(shape)
  if (area_m2 < 1) return []
  return [{ code: 'GAP', cells: losers, area_m2, shape, severity: 'warning', at: ring[0]! }]
}

/** Whether beyond the border of a cell there is ground of its parent that no sibling has. */
function leavesGap(coverage: Coverage, id: CellId, here: readonly CellId[], there: readonly CellId[]): boolean {
  const cell = coverage.cells.get(id)
  if (!cell || cell.parent === null || here.includes(cell.parent)) return false
  return !there.some((other) => coverage.cells.get(other)?.level === cell.level)
}
