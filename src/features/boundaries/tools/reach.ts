// What lies near the pointer, in pixels: a finger needs more room than a mouse.
import { contains } from '../../../geo/contains'
import { type Handle, nearestArc } from '../../../geo/coverage/handles'
import type { CellId, Coverage, Position } from '../../../geo/coverage/types'
import type { Pointer } from '../../../map/pointer'
import type { Shape } from '../shapes'

/** Half of what is hit: a finger's target is 44 px across. */
export const reachOf = (pointer: Pick<Pointer, 'touch'>): number => (pointer.touch ? 24 : 10)

export type Project = (position: Position) => { x: number; y: number } | undefined

const order = { node: 0, vertex: 1, mid: 2 }

/** The handle under the pointer: the nearest, and where two are about as near a junction before a vertex. */
export function handleAt(handles: readonly Handle[], project: Project, pointer: Pointer): Handle | null {
  const reach = reachOf(pointer)
  let best: { handle: Handle; score: number } | null = null
  for (const handle of handles) {
    const at = project(handle.at)
    if (!at) continue
    const far = Math.hypot(at.x - pointer.x, at.y - pointer.y)
    // a point in the middle is grabbed only where it is
    if (far > (handle.kind === 'mid' && !pointer.touch ? reach * 0.8 : reach)) continue
    const score = far + order[handle.kind] * 4
    if (!best || score < best.score) best = { handle, score }
  }
  return best?.handle ?? null
}

/** The cell of the edited level at a place. */
export function cellAt(coverage: Coverage, shapes: ReadonlyMap<CellId, Shape>, at: Position): CellId | null {
  for (const cell of coverage.cells.values()) {
    if (cell.level !== coverage.level) continue
    const shape = shapes.get(cell.id)
    if (shape && contains(shape.geometry, at)) return cell.id
  }
  return null
}

/** A place to draw to: the vertex under the pointer, else the border under it, else where it is. */
export function snapped(
  coverage: Coverage,
  project: Project,
  degrees: (pixels: number) => number,
  pointer: Pointer,
): { at: Position; on: 'vertex' | 'line' | null } {
  const reach = reachOf(pointer)
  if (pointer.alt) return { at: pointer.at, on: null }
  const near = nearestArc(coverage, pointer.at, degrees(reach * 1.2))
  if (!near) return { at: pointer.at, on: null }
  const points = coverage.arcs.get(near.arc)?.points ?? []
  let best: { at: Position; far: number } | null = null
  for (const point of [points[near.segment], points[near.segment + 1]]) {
    const pixel = point && project(point)
    if (!point || !pixel) continue
    const far = Math.hypot(pixel.x - pointer.x, pixel.y - pointer.y)
    if (far <= reach && (!best || far < best.far)) best = { at: point, far }
  }
  if (best) return { at: best.at, on: 'vertex' }
  const pixel = project(near.at)
  const far = pixel ? Math.hypot(pixel.x - pointer.x, pixel.y - pointer.y) : reach + 1
  return far <= reach ? { at: near.at, on: 'line' } : { at: pointer.at, on: null }
}
