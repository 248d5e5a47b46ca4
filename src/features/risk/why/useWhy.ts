import { onScopeDispose, shallowRef, watch } from 'vue'
import { onBack } from '../../../db/connection'
import { type Failure, rpc } from '../../../db/rpc'
import { type Refusal, refused } from '../../../map/refusal'
import type { Breakdown, RiskRecord } from './reason'

type Answer<T> = T & { status?: string }

/**
 * Why a grid has its level, asked again whenever what it is asked for changes (the grid, the sector, the day,
 * or its points on the map), and the records of the part that is open. What is shown stays until the newer answer is there.
 */
export function useWhy(about: () => { grid: number; sector: string | null; on: string | null; print: string }) {
  const why = shallowRef<Breakdown | null>(null)
  const failure = shallowRef<Failure | null>(null)
  const open = shallowRef<string | null>(null)
  const records = shallowRef<RiskRecord[] | null>(null)
  const recordsFailure = shallowRef<Failure | null>(null)
  let asking: AbortController | undefined
  let listing: AbortController | undefined

  async function load(): Promise<void> {
    asking?.abort()
    const mine = new AbortController()
    asking = mine
    const { grid, sector, on } = about()
    const answer = await rpc<Answer<Breakdown> | Refusal>(
      'risk_breakdown',
      { p_grid: grid, p_sector: sector, p_on: on },
      { signal: mine.signal, retry: true },
    )
    if (mine.signal.aborted) return
    failure.value = answer.ok ? null : answer.error
    if (!answer.ok) return
    if ('parts' in answer.data) why.value = answer.data
    else failure.value = refused(answer.data as Refusal)
  }

  async function list(): Promise<void> {
    listing?.abort()
    if (!open.value) return
    const mine = new AbortController()
    listing = mine
    const { grid, sector, on } = about()
    const answer = await rpc<{ status: string; rows: RiskRecord[] }>(
      'risk_records',
      { p_grid: grid, p_factor: open.value, p_sector: sector, p_on: on },
      { signal: mine.signal, retry: true },
    )
    if (mine.signal.aborted) return
    recordsFailure.value = answer.ok ? null : answer.error
    if (answer.ok) records.value = answer.data.rows ?? []
  }

  /** Opens the records of a part, or closes them. */
  function toggle(factor: string): void {
    open.value = open.value === factor ? null : factor
    records.value = null
    recordsFailure.value = null
    void list()
  }

  watch(
    () => `${about().grid} ${about().sector} ${about().on}`,
    () => {
      why.value = null
      open.value = null
      records.value = null
    },
  )
  watch(
    () => [about().grid, about().sector, about().on, about().print].join(' '),
    () => {
      void load()
      void list()
    },
    { immediate: true },
  )
  onBack(() => {
    if (failure.value) void load()
    if (recordsFailure.value) void list()
  })
  onScopeDispose(() => {
    asking?.abort()
    listing?.abort()
  })
  return { why, failure, open, records, recordsFailure, toggle, load, list }
}
