import { computed, ref, shallowRef } from 'vue'
import { keepDraft, readDraft } from '../../db/drafts'
import { type Failure, rpc } from '../../db/rpc'
import { seenAt, type WorkAnswer, type WorkItem } from './work'

interface Kept {
  answer: WorkAnswer
  /** Of the rights it was asked for with. */
  scope: string
}
type State = 'loading' | 'ready' | 'kept' | 'failed'

/**
 * What waits for a person: asked for, and the answer to the whole question kept on this device for when there is no
 * network. What is shown stays while it is asked for again; `asOf` says of when it is.
 * @param page rows asked for at once
 */
export function useWork(user: string, scope: string, page = 50) {
  const answer = shallowRef<WorkAnswer | null>(null)
  const rows = shallowRef<WorkItem[]>([])
  const state = ref<State>('loading')
  const failure = shallowRef<Failure | null>(null)
  const loadingMore = ref(false)
  const words = shallowRef<readonly string[]>([])
  /** The township whose rows are asked for; null: all. */
  const town = ref<number | null>(null)
  /** What the rows answer: of a slow server they are not yet those that were asked for. */
  const shown = shallowRef<{ words: string; town: number | null } | null>(null)
  const key = `my-work:${user}`
  let asked = 0

  const ask = (after: WorkAnswer['next'], limit: number) =>
    rpc<WorkAnswer | { status: 'rejected' }>(
      'my_work',
      {
        p_filter: {
          ...(words.value.length ? { work: words.value } : {}),
          ...(town.value ? { township: town.value } : {}),
        },
        p_after: after,
        p_limit: limit,
      },
      { retry: true },
    )

  /** Asks anew: as many rows as are shown, so that the list does not jump. */
  async function load(filter: readonly string[] = words.value, within: number | null = town.value): Promise<void> {
    const mine = ++asked
    const same = filter.join() === words.value.join() && within === town.value
    words.value = filter
    town.value = within
    const limit = same ? Math.min(Math.max(rows.value.length, page), 500) : page
    const got = await ask(null, limit)
    if (mine !== asked) return
    if (got.ok && got.data.status === 'ok') {
      failure.value = null
      state.value = 'ready'
      answer.value = got.data
      rows.value = got.data.rows
      shown.value = { words: filter.join(), town: within }
      if (!filter.length && !within) await keepDraft<Kept>(key, { answer: got.data, scope })
      return
    }
    failure.value = got.ok ? null : got.error
    if (!answer.value || !same) await showKept(mine)
    else if (state.value === 'ready') state.value = 'kept'
  }

  async function showKept(mine: number): Promise<void> {
    const kept = await readDraft<Kept>(key)
    if (mine !== asked) return
    // Rights that changed since leave nothing on the device.
    if (!kept || kept.value.scope !== scope) {
      state.value = 'failed'
      return
    }
    const now = Date.now()
    const all = kept.value.answer.rows.map((row) => seenAt(row, now))
    // of what is kept the rows are all that is known
    answer.value = { ...kept.value.answer, kinds: [], townships: [], next: null }
    rows.value = words.value.length
      ? all.filter((row) => words.value.includes(row.step) || words.value.includes(row.period))
      : all
    shown.value = { words: words.value.join(), town: town.value }
    state.value = 'kept'
  }

  async function more(): Promise<void> {
    const next = answer.value?.next
    if (!next || loadingMore.value || state.value !== 'ready') return
    const mine = asked
    loadingMore.value = true
    const got = await ask(next, page)
    loadingMore.value = false
    if (mine !== asked || !answer.value) return
    if (!got.ok || got.data.status !== 'ok') {
      failure.value = got.ok ? null : got.error
      return
    }
    const known = new Set(rows.value.map(({ id }) => id))
    rows.value = [...rows.value, ...got.data.rows.filter(({ id }) => !known.has(id))]
    answer.value = { ...answer.value, next: got.data.next }
  }

  /** Words were chosen whose answer is not there yet; `townStale`: so was a township. */
  const stale = computed(() => shown.value?.words !== words.value.join())
  const townStale = computed(() => stale.value || shown.value?.town !== town.value)
  const asOf = computed(() => answer.value?.as_of ?? null)
  return { answer, rows, state, failure, loadingMore, words, town, stale, townStale, asOf, load, more }
}
