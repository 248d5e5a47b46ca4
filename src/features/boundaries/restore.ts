import { supabase } from '../../db/client'
import { failureOf } from '../../db/rpc'
import type { CellId, Reason } from '../../geo/coverage/types'
import { freeCode } from './boundary'
import { boundariesAt, gridIdOf } from './boundaryRpc'
import { useBoundaries } from './boundaryStore'
import { drawBack, reshapeBack } from './restoring'

type Restored =
  /** `fresh`: it had been retired and is drawn anew; `less_m2` of its old ground are not free any more. */
  | { ok: true; cell: CellId; fresh: boolean; less_m2: number }
  | { ok: false; same?: boolean; reason?: Reason | undefined; message?: string }

/**
 * Loads an earlier outline of a grid as a new edit: neighbours inside the same parent give way. A retired grid comes back
 * as a new one, on what is free of its old ground.
 */
export async function restoreVersion(grid: number, version: number): Promise<Restored> {
  const store = useBoundaries()
  const { data, error } = await supabase()
    .from('grid_versions')
    .select('valid_from')
    .eq('grid_id', grid)
    .eq('version', version)
    .maybeSingle()
  if (error || !data) return { ok: false }
  const parent = store.coverage?.cells.get(grid)?.parent ?? store.root?.id
  if (parent === undefined || parent === null) return { ok: false }
  const answer = await boundariesAt(parent, data.valid_from)
  if (!answer.ok) return { ok: false, message: answer.error.message }
  if (!('features' in answer.data)) return { ok: false }
  const found = answer.data.features.find((feature) => feature.properties.id === grid)
  if (!found?.geometry) return { ok: false }
  const fresh = !store.coverage?.cells.has(grid)
  let naming = { code: found.properties.code, name: found.properties.name }
  if (fresh) {
    const living = await supabase().from('grids').select('id').eq('id', grid).is('retired_at', null).maybeSingle()
    if (living.error) return { ok: false, message: failureOf(living.status, living.error).message }
    // given to another parent, or gone in this draft only
    if (living.data) return { ok: false, reason: { code: 'UNKNOWN_CELL', cells: [grid] } }
    const holder = await gridIdOf(naming.code)
    if (!holder.ok) return { ok: false, message: holder.error.message }
    naming = freeNaming(naming, holder.data !== null)
  }
  if (!store.drawing) return { ok: false }
  const back = fresh
    ? drawBack(store.drawing, found.geometry, { id: store.freshId(), ...naming, leader: null })
    : reshapeBack(store.drawing, grid, found.geometry)
  if (!back.ok) return back
  if (!store.run(back.command)) return { ok: false, reason: store.refusal ?? undefined }
  return { ok: true, cell: back.cell, fresh, less_m2: back.less_m2 }
}

/** The old code and name, or others where somebody has them now. */
function freeNaming(old: { code: string; name: string }, codeHeld: boolean): { code: string; name: string } {
  const store = useBoundaries()
  const others = [...store.details.values()]
  const code =
    codeHeld || freeCode(old.code, new Set(others.map((each) => each.code))) !== old.code
      ? store.suggestCode([old.code])
      : old.code
  return { code, name: others.some((each) => each.name === old.name) ? `${old.name}（${code}）` : old.name }
}
