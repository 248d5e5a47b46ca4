import { useDebounceFn } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import { type Failure, type Result, rpc } from '../../db/rpc'
import { type Layout, readLayout } from './columns'
import type { LedgerKind } from './ledger'

/** A filter with its columns under a name: one's own, or what somebody shares. */
export interface SavedView {
  id: string
  name: string
  /** As it stands in the link. */
  query: string
  layout: Layout
  mine: boolean
  owner: string
  grid_id: number | null
  grid: string | null
}
interface Answer {
  status: string
  views?: SavedView[]
  layout?: unknown
  first?: string | null
  may_share?: { id: number; name: string }[]
  id?: string
  errors?: { message: string }[]
}

/** The views of a ledger, and how the person keeps its columns; both live on the server. */
export function useViews(kind: LedgerKind) {
  const views = shallowRef<SavedView[]>([])
  const own = shallowRef<Layout>({})
  const first = shallowRef<string | null>(null)
  const mayShare = shallowRef<{ id: number; name: string }[]>([])
  const failure = shallowRef<Failure | null>(null)
  const current = shallowRef<string | null>(null)

  async function ask(name: string, args: Record<string, unknown>): Promise<Result<Answer>> {
    const answer = await rpc<Answer>(name, args)
    const refused = answer.ok && answer.data.status !== 'ok'
    const result: Result<Answer> = refused
      ? { ok: false, error: { code: 'REJECTED', kind: 'rejected', message: answer.data.errors?.[0]?.message ?? '' } }
      : answer
    failure.value = result.ok ? null : result.error
    return result
  }

  async function load(): Promise<void> {
    const answer = await ask('ledger_views', { p_kind: kind })
    if (!answer.ok) return
    views.value = (answer.data.views ?? []).map((view) => ({ ...view, layout: readLayout(kind, view.layout) }))
    own.value = readLayout(kind, answer.data.layout)
    first.value = answer.data.first ?? null
    mayShare.value = answer.data.may_share ?? []
  }

  const keep = () => ask('keep_ledger', { p_kind: kind, p_layout: own.value, p_first: first.value })
  const keepSoon = useDebounceFn(keep, 800)

  function setLayout(layout: Layout): void {
    own.value = layout
    void keepSoon()
  }

  /** @returns whether it was kept; `failure` says why not. */
  async function save(view: {
    id?: string
    name: string
    query: string
    layout: Layout
    grid_id: number | null
  }): Promise<boolean> {
    const answer = await ask('save_view', { p_view: { ...view, kind } })
    if (!answer.ok) return false
    current.value = answer.data.id ?? null
    await load()
    return true
  }

  async function drop(id: string): Promise<boolean> {
    const answer = await ask('drop_view', { p_view: id })
    if (answer.ok) await load()
    return answer.ok
  }

  async function setFirst(id: string | null): Promise<void> {
    first.value = id
    await keep()
  }

  return {
    views,
    own,
    first,
    mayShare,
    failure,
    current,
    view: computed(() => views.value.find(({ id }) => id === current.value) ?? null),
    load,
    save,
    drop,
    setLayout,
    setFirst,
  }
}
