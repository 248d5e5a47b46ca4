// Which command brings an earlier outline back. Pure.
import type { MultiPolygon, Polygon } from 'geojson'
import { areaOf } from '../../geo/coverage/read'
import type { CellId, Position, Reason } from '../../geo/coverage/types'
import { areaM2 } from '../../geo/measure'
import { changesBetween, type Drawing } from './boundary'
import { type Command, type Naming, perform } from './command'

type Outline = Polygon | MultiPolygon

export type Restoring =
  /** `less_m2`: of its old ground, what does not come back; 0 for none worth a word. */
  | { ok: true; command: Command; cell: CellId; less_m2: number }
  | { ok: false; reason: Reason }
  | { ok: false; same: true }

/** Gives a grid that is there its old outline. */
export function reshapeBack(drawing: Drawing, cell: CellId, geometry: Outline): Restoring {
  const command: Command = { op: 'reshape', cell, geometry }
  const result = perform(drawing, command)
  if (!result.ok) return result
  if (changesBetween(drawing, result.drawing).length === 0) return { ok: false, same: true }
  return { ok: true, command, cell, less_m2: 0 }
}

/** Draws a retired grid anew on what is free of its old ground; of several parts, the one that brings most back. */
export function drawBack(drawing: Drawing, geometry: Outline, made: Naming): Restoring {
  const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  let best: { command: Command; area: number } | null = null
  let reason: Reason = { code: 'NO_FREE_GROUND' }
  for (const [outer] of parts) {
    const command: Command = { op: 'draw', ring: (outer ?? []) as Position[], made }
    const result = perform(drawing, command)
    if (!result.ok) {
      reason = result.reason
      continue
    }
    const area = areaOf(result.drawing.coverage, made.id)
    if (!best || area > best.area) best = { command, area }
  }
  if (!best) return { ok: false, reason }
  const less = areaM2(geometry) - best.area
  return { ok: true, command: best.command, cell: made.id, less_m2: less < 1 ? 0 : less }
}
