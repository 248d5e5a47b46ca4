// One hazard on a phone: what the server says of it, and without a network what was kept of it.
import { computed, ref, shallowRef } from 'vue'
import { keepDraft, readDraft } from '../../db/drafts'
import { type Failure, rpc } from '../../db/rpc'
import type { Action, LoopCard, LoopEvent } from '../../features/hazardLoop/loop'
import { standingOf } from '../../features/work/step'
import type { WorkAnswer, WorkItem } from '../../features/work/work'

interface Seen {
  card: LoopCard
  events: LoopEvent[]
}
/** The hazards opened last, each as it was then. */
type Shelf = Record<string, Seen & { at: string }>

/** How many of those opened are kept. */
const MOST = 30

/** A row of the list as a card: what a form starts with is all there, what only the page shows is not. */
function cardOf(item: WorkItem): LoopCard {
  const { state, version, steps } = standingOf(item)
  return {
    id: item.id,
    client_id: null,
    code: item.code,
    title: item.title,
    description: item.description,
    severity: item.severity,
    state,
    source: '',
    overdue: item.period === 'overdue',
    lon: item.lon,
    lat: item.lat,
    found_at: item.found_at,
    due_at: item.hazard_due_at,
    listed_level: null,
    listed_at: item.listed_at,
    published_at: item.published_at,
    delisted_at: item.delisted_at,
    extension_until: item.extension_until,
    extension_asked_by_name: null,
    escalated_to_name: null,
    assigned_to_name: item.assigned_to_name,
    rectifier_name: null,
    assurance_person: item.assurance_person,
    assurance_funds: item.assurance_funds,
    assurance_measures: item.assurance_measures,
    assurance_deadline: item.assurance_deadline,
    assurance_plan: item.assurance_plan,
    photos: [],
    version,
    steps: steps as Action[],
    clocks: [],
    sector: item.sector ? { id: 0, name: item.sector } : null,
    category: item.category ?? null,
    enterprise: item.enterprise ? { id: '', name: item.enterprise } : null,
    breadcrumb: [item.township, item.grid]
      .filter((name): name is string => Boolean(name))
      .map((name, i) => ({ id: i, code: '', name, level: i + 2 })),
    responsible: { territorial: [], industry: null },
  }
}

export function usePhoneHazard(user: string, scope: string, hazard: string) {
  const seen = shallowRef<Seen | null>(null)
  /** The row of my work, kept with the list: whom to call, by when. */
  const item = shallowRef<WorkItem | null>(null)
  /** kept: what is shown is of an earlier moment. gone: no such hazard, or not within one's scope. */
  const state = ref<'loading' | 'ready' | 'kept' | 'gone' | 'failed'>('loading')
  const failure = shallowRef<Failure | null>(null)
  const shelf = `hazards-seen:${user}:${scope}`
  let asked = 0

  async function load(): Promise<void> {
    const mine = ++asked
    const [card, history] = await Promise.all([
      rpc<LoopCard | { status: string }>('hazard_card', { p_hazard: hazard }, { retry: true }),
      rpc<{ events?: LoopEvent[] }>('hazard_history', { p_hazard: hazard }, { retry: true }),
    ])
    const list = await readDraft<{ answer: WorkAnswer; scope: string }>(`my-work:${user}`)
    if (mine !== asked) return
    item.value = list?.value.scope === scope ? (list.value.answer.rows.find(({ id }) => id === hazard) ?? null) : null
    failure.value = card.ok ? null : card.error
    if (card.ok && 'id' in card.data) {
      seen.value = { card: card.data, events: history.ok ? (history.data.events ?? []) : (seen.value?.events ?? []) }
      state.value = 'ready'
      await keep(seen.value)
      return
    }
    if (card.ok) {
      seen.value = null
      state.value = 'gone'
      return
    }
    const kept = seen.value ?? (await readDraft<Shelf>(shelf))?.value[hazard] ?? null
    if (mine !== asked) return
    // The list is newer than what was opened earlier: its version is the one to act on.
    const row = item.value && (!kept || item.value.version > kept.card.version) ? cardOf(item.value) : null
    seen.value = row ? { card: row, events: kept?.events ?? [] } : kept
    state.value = seen.value ? 'kept' : 'failed'
  }

  async function keep(what: Seen): Promise<void> {
    const before = (await readDraft<Shelf>(shelf))?.value ?? {}
    const all = Object.entries({ ...before, [hazard]: { ...what, at: new Date().toISOString() } })
    const newest = all.sort(([, a], [, b]) => b.at.localeCompare(a.at)).slice(0, MOST)
    await keepDraft<Shelf>(shelf, Object.fromEntries(newest))
  }

  return {
    card: computed(() => seen.value?.card ?? null),
    events: computed(() => seen.value?.events ?? []),
    item,
    state,
    failure,
    load,
  }
}
