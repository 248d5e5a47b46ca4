import { supabase } from '../../db/client'
import type { Reason } from '../../geo/coverage/types'
import { boundariesAt } from './boundaryRpc'
import { useBoundaries } from './boundaryStore'

type Restored = { ok: true } | { ok: false; reason?: Reason | undefined; message?: string }

/** Loads an earlier outline of a grid as a new edit: neighbours inside the same parent give way. */
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
  if (store.run({ op: 'reshape', cell: grid, geometry: found.geometry })) return { ok: true }
  return { ok: false, reason: store.refusal ?? undefined }
}
