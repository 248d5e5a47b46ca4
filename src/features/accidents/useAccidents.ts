import { onScopeDispose, shallowRef } from 'vue'
import { gridNamed, type NamedGrid } from '../../db/gridNamed'
import { type Failure, type Result, rpc } from '../../db/rpc'
import { type Refusal, told } from '../../map/refusal'
import type { AccidentFigures, AccidentFilter, AccidentRow, Sums } from './accident'

interface Page {
  rows: AccidentRow[]
  total: number
  sums: Sums
  next: string | null
}

const PAGE = 50
const EXPORT_PAGE = 500

/**
 * The accidents of a filter, page by page, and the figures of its period. Newer questions abort older ones; what was
 * shown stays until the answer is there. Disposed with the component that opened it.
 */
export function useAccidents() {
  const rows = shallowRef<AccidentRow[]>([])
  const total = shallowRef(0)
  const sums = shallowRef<Sums | null>(null)
  const figures = shallowRef<AccidentFigures | null>(null)
  const state = shallowRef<'loading' | 'ready' | 'failed' | 'missing'>('loading')
  const failure = shallowRef<Failure | null>(null)
  const grid = shallowRef<NamedGrid | null>(null)
  const next = shallowRef<string | null>(null)
  const paging = shallowRef(false)
  let filter: AccidentFilter | undefined
  let asking: AbortController | undefined

  const conditions = ({ sector, from, to, grade, harm, enterprise }: AccidentFilter) =>
    Object.fromEntries(
      Object.entries({ grid: grid.value?.id, sector, from, to, grade, harm, enterprise }).filter(
        ([, v]) => v !== undefined,
      ),
    )

  async function page(after: string | null, limit: number, signal: AbortSignal): Promise<Result<Page>> {
    if (!filter) return { ok: false, error: { code: 'ABORTED', kind: 'rejected', message: '' } }
    const args = { p_filter: conditions(filter), p_after: after, p_limit: limit }
    return told(await rpc<Page | Refusal>('list_accidents', args, { signal }), (data) => 'rows' in data)
  }

  async function load(wanted: AccidentFilter): Promise<void> {
    asking?.abort()
    const mine = new AbortController()
    asking = mine
    filter = wanted
    failure.value = null
    if (!rows.value.length) state.value = 'loading'
    if (!wanted.grid) grid.value = null
    else if (grid.value?.code !== wanted.grid) {
      const named = await gridNamed(wanted.grid)
      if (mine.signal.aborted) return
      grid.value = named.grid
      if (named.failure) return fail(named.failure)
      if (!named.grid) {
        state.value = 'missing'
        return
      }
    }
    const compared = rpc<AccidentFigures | Refusal>(
      'accident_figures',
      {
        p_grid: grid.value?.id ?? null,
        p_sector: wanted.sector ? String(wanted.sector) : null,
        p_from: wanted.from,
        p_to: wanted.to,
      },
      { signal: mine.signal },
    )
    const [first, known] = await Promise.all([page(null, PAGE, mine.signal), compared])
    if (mine.signal.aborted) return
    if (!first.ok) return fail(first.error)
    const four: Result<AccidentFigures> = told(known, (data) => 'figures' in data)
    figures.value = four.ok ? four.data : null
    if (!four.ok) failure.value = four.error
    rows.value = first.data.rows
    total.value = first.data.total
    sums.value = first.data.sums
    next.value = first.data.next
    state.value = 'ready'
  }

  function fail(error: Failure): void {
    failure.value = error
    state.value = 'failed'
  }

  /** The following page, once. */
  async function more(): Promise<void> {
    if (!next.value || paging.value || !asking) return
    const { signal } = asking
    paging.value = true
    const answer = await page(next.value, PAGE, signal)
    paging.value = false
    if (signal.aborted) return
    failure.value = answer.ok ? null : answer.error
    if (!answer.ok) return
    rows.value = [...rows.value, ...answer.data.rows]
    next.value = answer.data.next
  }

  /** Every accident of the filter, for a file. */
  async function all(): Promise<Result<AccidentRow[]>> {
    const found: AccidentRow[] = []
    let after: string | null = null
    const { signal } = asking ?? new AbortController()
    do {
      const answer: Result<Page> = await page(after, EXPORT_PAGE, signal)
      if (!answer.ok) return answer
      found.push(...answer.data.rows)
      after = answer.data.next
    } while (after)
    return { ok: true, data: found }
  }

  onScopeDispose(() => asking?.abort())
  return {
    rows,
    total,
    sums,
    figures,
    state,
    failure,
    grid,
    next,
    paging,
    load,
    more,
    all,
    again: async () => filter && load(filter),
  }
}
