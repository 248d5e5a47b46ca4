import { onScopeDispose, shallowRef } from 'vue'
import { type Failure, type Result, rpc } from '../../db/rpc'
import { type Refusal, told } from '../../map/refusal'
import { askOf, type Counts, type WarningFilter, type WarningRow } from './warning'

interface Page {
  rows: WarningRow[]
  total: number
  counts: Counts
  next: string | null
  as_of: string
}

const PAGE = 50
const MOST = 500

/**
 * The warnings of a filter, page by page, and how many there are of each state. Newer questions abort older ones; what
 * was shown stays until the answer is there. Disposed with the component that opened it.
 */
export function useWarnings() {
  const rows = shallowRef<WarningRow[]>([])
  const total = shallowRef(0)
  const counts = shallowRef<Counts | null>(null)
  const state = shallowRef<'loading' | 'ready' | 'failed'>('loading')
  const failure = shallowRef<Failure | null>(null)
  const next = shallowRef<string | null>(null)
  const asOf = shallowRef<string | null>(null)
  const paging = shallowRef(false)
  let filter: WarningFilter | undefined
  let asking: AbortController | undefined

  async function page(
    of: WarningFilter,
    after: string | null,
    limit: number,
    signal: AbortSignal,
  ): Promise<Result<Page>> {
    const args = { p_filter: askOf(of), p_after: after, p_limit: limit }
    return told(await rpc<Page | Refusal>('list_warnings', args, { signal, retry: true }), (data) => 'rows' in data)
  }

  /** Asks for a filter; `same` keeps as many rows as are shown, so that the list does not jump. */
  async function load(wanted: WarningFilter, same = false): Promise<void> {
    asking?.abort()
    const mine = new AbortController()
    asking = mine
    filter = wanted
    if (!same) {
      failure.value = null
      if (!rows.value.length) state.value = 'loading'
    }
    const limit = same ? Math.min(Math.max(rows.value.length, PAGE), MOST) : PAGE
    const first = await page(wanted, null, limit, mine.signal)
    if (mine.signal.aborted) return
    failure.value = first.ok ? null : first.error
    if (!first.ok) {
      if (!same || state.value === 'loading') state.value = 'failed'
      return
    }
    rows.value = first.data.rows
    total.value = first.data.total
    counts.value = first.data.counts
    next.value = first.data.next
    asOf.value = first.data.as_of
    state.value = 'ready'
  }

  /** The following page, once. */
  async function more(): Promise<void> {
    if (!next.value || paging.value || !asking || !filter) return
    const { signal } = asking
    paging.value = true
    const answer = await page(filter, next.value, PAGE, signal)
    paging.value = false
    if (signal.aborted) return
    failure.value = answer.ok ? null : answer.error
    if (!answer.ok) return
    rows.value = [...rows.value, ...answer.data.rows]
    next.value = answer.data.next
  }

  /** Every warning of the filter, for a file. */
  async function all(): Promise<Result<WarningRow[]>> {
    const found: WarningRow[] = []
    const { signal } = asking ?? new AbortController()
    let after: string | null = null
    do {
      const answer: Result<Page> = await page(filter ?? { state: 'all' }, after, MOST, signal)
      if (!answer.ok) return answer
      found.push(...answer.data.rows)
      after = answer.data.next
    } while (after)
    return { ok: true, data: found }
  }

  onScopeDispose(() => asking?.abort())
  const again = async () => filter && load(filter, true)
  return { rows, total, counts, state, failure, next, asOf, paging, load, more, all, again }
}
