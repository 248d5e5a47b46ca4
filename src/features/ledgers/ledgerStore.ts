import { computed, onScopeDispose, shallowRef } from 'vue'
import { supabase } from '../../db/client'
import { type Failure, failureOf, rpc } from '../../db/rpc'
import { type LedgerFilter, type LedgerKind, type LedgerRow, rpcFilter } from './ledger'

interface Page {
  rows: LedgerRow[]
  total: number | null
  next: unknown
  status?: string
  errors?: { message: string }[]
}

export interface NamedGrid {
  id: number
  code: string
  name: string
}

const PAGE = 100
/** Few round trips for an export; still well under a second each. */
const EXPORT_PAGE = 500

/** The grid that a link names by its code; null when there is none in the asker's scope. */
async function gridOf(code: string): Promise<{ grid: NamedGrid | null; failure: Failure | null }> {
  const { data, error, status } = await supabase()
    .from('grids')
    .select('id, code, name')
    .eq('code', code)
    .is('retired_at', null)
    .limit(1)
  if (error) return { grid: null, failure: failureOf(status, error) }
  return { grid: data[0] ?? null, failure: null }
}

/**
 * One ledger on a screen: pages of what the filter means, appended as one reads on. Newer questions abort older ones;
 * disposed with the component that opened it.
 */
export function useLedger(kind: LedgerKind) {
  const rows = shallowRef<LedgerRow[]>([])
  const total = shallowRef<number | null>(null)
  const next = shallowRef<unknown>(null)
  const state = shallowRef<'loading' | 'more' | 'ready' | 'failed'>('loading')
  const failure = shallowRef<Failure | null>(null)
  const grid = shallowRef<NamedGrid | null>(null)
  const missingGrid = shallowRef(false)
  let filter: LedgerFilter = {}
  let asking: AbortController | undefined

  async function page(after: unknown, limit: number, signal: AbortSignal) {
    const args = { p_filter: rpcFilter(filter, grid.value?.id ?? null), p_after: after, p_limit: limit }
    const answer = await rpc<Page>(`list_${kind}`, args, { signal })
    if (answer.ok && !Array.isArray(answer.data.rows)) {
      const message = answer.data.errors?.[0]?.message ?? answer.data.status ?? ''
      return { ok: false as const, error: { code: 'BAD_VALUE', kind: 'rejected', message } satisfies Failure }
    }
    return answer
  }

  /** Asks anew, from the first page. What was shown stays in sight until the answer is there. */
  async function load(wanted: LedgerFilter): Promise<void> {
    asking?.abort()
    const mine = new AbortController()
    asking = mine
    filter = wanted
    state.value = 'loading'
    failure.value = null
    missingGrid.value = false
    if (!wanted.grid) grid.value = null
    else if (grid.value?.code !== wanted.grid) {
      const named = await gridOf(wanted.grid)
      if (mine.signal.aborted) return
      grid.value = named.grid
      if (named.failure) return fail(named.failure)
      if (!named.grid) {
        missingGrid.value = true
        rows.value = []
        total.value = 0
        next.value = null
        state.value = 'ready'
        return
      }
    }
    const answer = await page(null, PAGE, mine.signal)
    if (mine.signal.aborted) return
    if (!answer.ok) return fail(answer.error)
    rows.value = answer.data.rows
    total.value = answer.data.total ?? total.value
    next.value = answer.data.next
    state.value = 'ready'
  }

  async function more(): Promise<void> {
    if (state.value !== 'ready' || !next.value || !asking) return
    const { signal } = asking
    state.value = 'more'
    const answer = await page(next.value, PAGE, signal)
    if (signal.aborted) return
    if (!answer.ok) return fail(answer.error)
    rows.value = [...rows.value, ...answer.data.rows]
    total.value = answer.data.total ?? total.value
    next.value = answer.data.next
    state.value = 'ready'
  }

  /** Every row of the filter, page by page; `onProgress` gets how many there are so far. */
  async function all(signal: AbortSignal, onProgress: (done: number, of: number) => void) {
    const found: LedgerRow[] = []
    let after: unknown = null
    do {
      const answer = await page(after, EXPORT_PAGE, signal)
      if (!answer.ok) return { ok: false as const, error: answer.error }
      found.push(...answer.data.rows)
      onProgress(found.length, answer.data.total ?? total.value ?? 0)
      after = answer.data.next
    } while (after && !signal.aborted)
    return { ok: true as const, data: found }
  }

  function fail(error: Failure): void {
    failure.value = error
    state.value = 'failed'
  }

  onScopeDispose(() => asking?.abort())
  return { rows, total, state, failure, grid, missingGrid, hasMore: computed(() => !!next.value), load, more, all }
}
