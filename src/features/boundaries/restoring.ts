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

/**
 * Brings a retired grid back: whole, and who has its ground now gives way. Where that would leave somebody nothing, it is
 * drawn anew on what is free of its old ground; of several parts, the one that brings most back.
 */
export function drawBack(drawing: Drawing, geometry: Outline, made: Naming): Restoring {
  const whole: Command = { op: 'revive', geometry, made }
  const revived = perform(drawing, whole)
  if (revived.ok) {
    const less = areaM2(geometry) - areaOf(revived.drawing.coverage, made.id)
    return { ok: true, command: whole, cell: made.id, less_m2: less < 1 ? 0 : less }
  }
  const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  let best: { command: Command; area: number } | null = null
  for (const [outer] of parts) {
    const command: Command = { op: 'draw', ring: (outer ?? []) as Position[], made }
    const result = perform(drawing, command)
    if (!result.ok) continue
    const area = areaOf(result.drawing.coverage, made.id)
    if (!best || area > best.area) best = { command, area }
  }
  // why the whole does not come back says more than that nothing is free
  if (!best) return revived
  const less = areaM2(geometry) - best.area
  return { ok: true, command: best.command, cell: made.id, less_m2: less < 1 ? 0 : less }
}
