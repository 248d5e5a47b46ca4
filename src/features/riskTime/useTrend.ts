import { shallowRef, watch } from 'vue'
import { onBack } from '../../db/connection'
import type { Failure } from '../../db/rpc'
import { useRiskTime } from './riskTimeStore'
import type { Trend } from './trend'

export interface TrendQuestion {
  /** Null: the topmost grid of one's own. */
  grid: number | null
  /** Code; null for all sectors. */
  sector: string | null
  from: string
  to: string
}

/** The trend of what is asked about; what is shown stays until the next answer is there. */
export function useTrend(question: () => TrendQuestion) {
  const store = useRiskTime()
  const trend = shallowRef<Trend | null>(null)
  const failure = shallowRef<Failure | null>(null)
  const loading = shallowRef(true)

  let turn = 0
  async function load(): Promise<void> {
    const mine = ++turn
    const { grid, sector, from, to } = question()
    loading.value = true
    const answer = await store.trend(grid, sector, from, to)
    if (mine !== turn) return
    loading.value = false
    failure.value = answer.ok ? null : answer.error
    trend.value = answer.ok ? answer.data : null
  }
  watch([() => JSON.stringify(question()), () => store.turn], load, { immediate: true })
  onBack(() => {
    if (failure.value) void load()
  })
  return { trend, failure, loading, load }
}
