import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { type Failure, rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'
import type { RiskRow } from './risk'

/** What we know of the risk of the grids, for all sectors or one. */
export const useRisk = defineStore('risk', () => {
  const rows = shallowRef<RiskRow[]>([])
  const state = ref<'idle' | 'loading' | 'ready' | 'failed'>('idle')
  const failure = shallowRef<Failure | null>(null)
  const byGrid = computed(() => new Map(rows.value.map((row) => [row.grid_id, row])))
  let asked = 0
  let fingerprint = ''

  /** @param sector the sector's code; null for all. */
  async function load(sector: string | null): Promise<boolean> {
    const mine = ++asked
    if (state.value !== 'ready') state.value = 'loading'
    const answer = await rpc<RiskRow[] | Refusal>('risk_map', { p_level: null, p_sector: sector, p_on: null })
    if (mine !== asked) return false
    if (!answer.ok) {
      failure.value = answer.error
      if (state.value !== 'ready') state.value = 'failed'
      return false
    }
    if (!Array.isArray(answer.data)) {
      failure.value = refused(answer.data)
      if (state.value !== 'ready') state.value = 'failed'
      return false
    }
    failure.value = null
    const print = JSON.stringify(answer.data)
    if (print !== fingerprint) rows.value = answer.data
    fingerprint = print
    state.value = 'ready'
    return true
  }

  function clear(): void {
    asked++
    fingerprint = ''
    rows.value = []
    failure.value = null
    state.value = 'idle'
  }

  return { rows, byGrid, state, failure, load, clear }
})
