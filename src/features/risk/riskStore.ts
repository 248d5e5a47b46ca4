import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useLoaded } from '../../db/loaded'
import { type Result, rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'
import type { RiskRow } from './risk'

/** What we know of the risk of the grids, for all sectors or one. `load` takes the sector's code, null for all. */
export const useRisk = defineStore('risk', () => {
  const nothing: RiskRow[] = []
  const {
    data: rows,
    state,
    failure,
    load,
    clear,
  } = useLoaded(nothing, async (sector: string | null): Promise<Result<RiskRow[]>> => {
    const answer = await rpc<RiskRow[] | Refusal>('risk_map', { p_level: null, p_sector: sector, p_on: null })
    if (!answer.ok) return answer
    return Array.isArray(answer.data) ? { ok: true, data: answer.data } : { ok: false, error: refused(answer.data) }
  })
  const byGrid = computed(() => new Map(rows.value.map((row) => [row.grid_id, row])))
  return { rows, byGrid, state, failure, load, clear }
})
