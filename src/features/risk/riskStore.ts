import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useLoaded } from '../../db/loaded'
import { type Result, rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'
import type { RiskRow } from './risk'

/** What risk_map is asked: code of the sector (null: all), the day (null: now), over how many days the change is. */
export interface RiskQuestion {
  sector: string | null
  on: string | null
  days: number
}

/** The risk of every grid of one's own. */
export async function askRisk({ sector, on, days }: RiskQuestion): Promise<Result<RiskRow[]>> {
  const answer = await rpc<RiskRow[] | Refusal>('risk_map', { p_level: null, p_sector: sector, p_on: on, p_days: days })
  if (!answer.ok) return answer
  return Array.isArray(answer.data) ? { ok: true, data: answer.data } : { ok: false, error: refused(answer.data) }
}

interface Known {
  question: RiskQuestion | null
  rows: RiskRow[]
}

/** What we know of the risk of the grids, on the day and for the sector that was asked for last. */
export const useRisk = defineStore('risk', () => {
  const nothing: Known = { question: null, rows: [] }
  const { data, state, failure, load, clear } = useLoaded(
    nothing,
    async (question: RiskQuestion): Promise<Result<Known>> => {
      const answer = await askRisk(question)
      return answer.ok ? { ok: true, data: { question, rows: answer.data } } : answer
    },
  )
  const rows = computed(() => data.value.rows)
  const byGrid = computed(() => new Map(rows.value.map((row) => [row.grid_id, row])))
  /** What the rows answer; another question may have been asked since. */
  const shown = computed(() => data.value.question)
  return { rows, byGrid, shown, state, failure, load, clear }
})
