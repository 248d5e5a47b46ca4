import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { type Failure, type Result, rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'
import { loadGlyphs } from '../../ui/font'
import type { BoundaryEdit, Comparison, HistoryPage, Period, Versions } from './boundaryVersion'

const PAGE = 30
type State = 'idle' | 'loading' | 'ready' | 'failed'

/** What one period shows: the outlines of both ends, and what they differ in (null when one date is looked at). */
export interface Picture {
  period: Period
  versions: Versions
  before: Versions | null
  comparison: Comparison | null
}

/** The past of one grid's children: the list of edits, page by page, and the outlines of any two moments. */
export function useBoundaryHistory() {
  const edits = shallowRef<BoundaryEdit[]>([])
  const next = ref<string | null>(null)
  const editState = ref<State | 'more'>('idle')
  const picture = shallowRef<Picture | null>(null)
  const state = ref<State>('idle')
  const failure = shallowRef<Failure | null>(null)
  const editFailure = shallowRef<Failure | null>(null)
  let grid: number | null = null
  let [asked, listed] = [0, 0]
  let stopping: AbortController | undefined
  onScopeDispose(() => stopping?.abort())

  const page = (before: string | null) =>
    read<HistoryPage>('boundary_history', { p_grid: grid, p_before: before, p_limit: PAGE }, 'edits')

  /** Opens a grid: its latest edits. The outlines follow by `show`. */
  async function open(id: number): Promise<void> {
    if (id !== grid) {
      edits.value = []
      picture.value = null
      state.value = 'idle'
    }
    grid = id
    const mine = ++listed
    editState.value = 'loading'
    const answer = await page(null)
    if (mine !== listed) return
    editFailure.value = answer.ok ? null : answer.error
    editState.value = answer.ok ? 'ready' : 'failed'
    if (!answer.ok) return
    edits.value = answer.data.edits
    next.value = answer.data.next
  }

  async function more(): Promise<void> {
    if (next.value === null || editState.value !== 'ready') return
    const mine = listed
    editState.value = 'more'
    const answer = await page(next.value)
    if (mine !== listed) return
    editState.value = 'ready'
    editFailure.value = answer.ok ? null : answer.error
    if (!answer.ok) return
    edits.value = [...edits.value, ...answer.data.edits]
    next.value = answer.data.next
  }

  /** Shows a period. What is shown stays until all of the new one is there. */
  async function show(period: Period): Promise<void> {
    if (grid === null) return
    const mine = ++asked
    stopping?.abort()
    stopping = new AbortController()
    const { signal } = stopping
    state.value = 'loading'
    const to = period.to ?? new Date().toISOString()
    const at = (moment: string) => read<Versions>('boundaries_at', { p_grid: grid, p_at: moment }, 'features', signal)
    const { from } = period
    const [versions, before, comparison] = await Promise.all([
      at(to),
      from ? at(from) : null,
      from ? read<Comparison>('boundary_comparison', { p_grid: grid, p_from: from, p_to: to }, 'grids', signal) : null,
    ])
    if (mine !== asked) return
    const failed = [versions, before, comparison].find((answer) => answer && !answer.ok)
    failure.value = failed && !failed.ok ? failed.error : null
    if (!versions.ok || failed) {
      state.value = 'failed'
      return
    }
    await loadGlyphs(versions.data.features.map((feature) => feature.properties.name).join(''))
    if (mine !== asked) return
    picture.value = {
      period,
      versions: versions.data,
      before: before?.ok ? before.data : null,
      comparison: comparison?.ok ? comparison.data : null,
    }
    state.value = 'ready'
  }

  const hasMore = computed(() => next.value !== null)
  return { edits, editState, editFailure, hasMore, more, picture, state, failure, open, show }
}

/** Calls a reading RPC; an answer without `key` is a refusal, and then a failure in its words. */
async function read<T extends object>(
  name: string,
  args: Record<string, unknown>,
  key: string,
  signal?: AbortSignal,
): Promise<Result<T>> {
  const answer = await rpc<T | Refusal>(name, args, { retry: true, ...(signal ? { signal } : {}) })
  if (!answer.ok) return answer
  return key in answer.data
    ? { ok: true, data: answer.data as T }
    : { ok: false, error: refused(answer.data as Refusal) }
}
