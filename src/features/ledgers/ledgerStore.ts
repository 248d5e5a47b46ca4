import { onScopeDispose, shallowRef } from 'vue'
import { supabase } from '../../db/client'
import { type Failure, failureOf, type Result, rpc } from '../../db/rpc'
import { type LedgerFilter, type LedgerKind, type LedgerRow, rpcFilter } from './ledger'

interface Page {
  rows: LedgerRow[]
  total: number | null
  next: unknown
  status?: string
  errors?: { message: string }[]
}
interface Marks {
  total: number
  marks: unknown[]
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
/** Pages kept: a ledger of any length stays as small as this. */
const KEPT = 40

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

const rejected = (answer: { status?: string; errors?: { message: string }[] }): Failure => ({
  code: 'BAD_VALUE',
  kind: 'rejected',
  message: answer.errors?.[0]?.message ?? answer.status ?? '',
})

/**
 * One ledger on a screen. Its length and the beginnings of its pages are asked once; then any row is a page away,
 * wherever it lies. Newer questions abort older ones; disposed with the component that opened it.
 */
export function useLedger(kind: LedgerKind) {
  const total = shallowRef<number | null>(null)
  const state = shallowRef<'loading' | 'ready' | 'failed'>('loading')
  const failure = shallowRef<Failure | null>(null)
  const grid = shallowRef<NamedGrid | null>(null)
  const missingGrid = shallowRef(false)
  /** Grows with every page that comes in: what is drawn from rowAt() depends on it. */
  const pagesIn = shallowRef(0)
  /** A page was not as long as its marks say: something came or went meanwhile. */
  const moved = shallowRef(false)
  let pages = new Map<number, LedgerRow[]>()
  let asked = new Set<number>()
  let marks: unknown[] | null = null
  let filter: LedgerFilter = {}
  let full = false
  let asking: AbortController | undefined

  async function page(after: unknown, limit: number, signal: AbortSignal, whole = full): Promise<Result<Page>> {
    const args: Record<string, unknown> = {
      p_filter: rpcFilter(filter, grid.value?.id ?? null),
      p_after: after,
      p_limit: limit,
    }
    if (kind === 'hazards') Object.assign(args, { p_sort: filter.sort ?? null, p_total: false, p_full: whole })
    const answer = await rpc<Page>(`list_${kind}`, args, { signal })
    return answer.ok && !Array.isArray(answer.data.rows) ? { ok: false, error: rejected(answer.data) } : answer
  }

  async function findMarks(signal: AbortSignal): Promise<Result<Marks>> {
    const args = {
      p_kind: kind,
      p_filter: rpcFilter(filter, grid.value?.id ?? null),
      p_sort: filter.sort ?? null,
      p_every: PAGE,
    }
    const answer = await rpc<Marks>('ledger_marks', args, { signal })
    return answer.ok && !Array.isArray(answer.data.marks) ? { ok: false, error: rejected(answer.data) } : answer
  }

  /** Asks anew. What was shown stays in sight until the answer is there. `whole`: lines with every column. */
  async function load(wanted: LedgerFilter, whole = full): Promise<void> {
    asking?.abort()
    const mine = new AbortController()
    asking = mine
    filter = wanted
    full = whole
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
        return settle([], { total: 0, marks: [] })
      }
    }
    const counting = findMarks(mine.signal)
    const first = await page(null, PAGE, mine.signal)
    if (mine.signal.aborted) return
    if (!first.ok) return fail(first.error)
    settle(first.data.rows, null)
    const counted = await counting
    if (mine.signal.aborted) return
    if (!counted.ok) return fail(counted.error)
    settle(first.data.rows, counted.data)
  }

  // The first page is shown before the length is known.
  function settle(rows: LedgerRow[], counted: Pick<Marks, 'total' | 'marks'> | null): void {
    if (counted === null || pages.get(0) !== rows) {
      pages = new Map([[0, rows]])
      asked = new Set([0])
    }
    marks = counted?.marks ?? null
    total.value = counted?.total ?? rows.length
    moved.value = false
    pagesIn.value++
    if (counted) state.value = 'ready'
  }

  /** The row at a place, once its page is in. */
  const rowAt = (index: number): LedgerRow | undefined => pages.get(Math.floor(index / PAGE))?.[index % PAGE]

  /** Brings in what lies between two places. Resolves when all of it is there, or could not be had. */
  async function reach(from: number, to: number): Promise<void> {
    const { signal } = asking ?? new AbortController()
    if (marks === null || total.value === null) return
    const last = Math.floor(Math.min(to, total.value - 1) / PAGE)
    const wanted: Promise<void>[] = []
    for (let at = Math.floor(Math.max(0, from) / PAGE); at <= last; at++)
      if (!asked.has(at)) wanted.push(bring(at, signal))
    await Promise.all(wanted)
  }

  async function bring(at: number, signal: AbortSignal): Promise<void> {
    const place = at === 0 ? null : marks?.[at - 1]
    if (place === undefined) return
    asked.add(at)
    const answer = await page(place, PAGE, signal)
    if (signal.aborted) return
    if (!answer.ok) {
      asked.delete(at)
      failure.value = answer.error
      return
    }
    failure.value = null
    pages.set(at, answer.data.rows)
    if (answer.data.rows.length !== Math.min(PAGE, (total.value ?? 0) - at * PAGE)) moved.value = true
    for (const old of pages.keys()) {
      if (pages.size <= KEPT) break
      if (Math.abs(old - at) > KEPT / 4) {
        pages.delete(old)
        asked.delete(old)
      }
    }
    pagesIn.value++
  }

  /**
   * Every row of the filter, page by page, in its order; `onProgress` gets how many there are so far. `whole`: lines
   * with every column. Ends early when aborted.
   */
  async function all(
    signal: AbortSignal,
    onProgress: (done: number, of: number) => void,
    whole = full,
  ): Promise<Result<LedgerRow[]>> {
    const found: LedgerRow[] = []
    let after: unknown = null
    do {
      const answer = await page(after, EXPORT_PAGE, signal, whole)
      if (!answer.ok) return { ok: false, error: answer.error }
      found.push(...answer.data.rows)
      onProgress(found.length, Math.max(total.value ?? 0, found.length))
      after = answer.data.next
    } while (after && !signal.aborted)
    return { ok: true, data: found }
  }

  function fail(error: Failure): void {
    failure.value = error
    state.value = 'failed'
  }

  onScopeDispose(() => asking?.abort())
  return {
    total,
    state,
    failure,
    grid,
    missingGrid,
    pagesIn,
    moved,
    load,
    rowAt,
    reach,
    all,
    again: () => load(filter),
  }
}
