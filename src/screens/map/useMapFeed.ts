import { useDocumentVisibility } from '@vueuse/core'
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { Change, FeedState, ResyncReason } from '../../db/changes'

/** What comes together is asked for together. */
const GATHER = 60
/** Between two rounds of asking: many may be looking at the same map. */
const APART = 1_000

/** What has to be asked for again, in the words of the map. */
export interface Stale {
  grids: { id: number; op: string }[]
  enterprises: Set<string>
  hazards: Set<string>
}

const fresh = (): Stale => ({ grids: [], enterprises: new Set(), hazards: new Set() })

/** What is nothing on the map itself, and changes its colours all the same. */
const RECOLOURS = new Set(['accident', 'patrol', 'checklist'])
/** What is a mark on the curves. */
const MARKS = new Set(['accident', 'campaign'])

interface Inputs {
  /** Null while nobody is signed in. */
  topics: () => string[] | null
  /** What the map shows is there: from now on it follows. */
  ready: () => boolean
  /** When what is shown was asked for. */
  loadedAt: () => number
  reload(stale: Stale): Promise<void>
  resync(reason: ResyncReason): Promise<void>
  /** A mark on the curves changed. */
  marked(): void
}

/**
 * Follows the change feed once the first picture is on the screen, so that the picture comes no later: the code of the
 * feed and its socket are fetched only then. Gathers what changed; a page that nobody looks at asks when it is seen.
 */
export function useMapFeed(inputs: Inputs) {
  const state = ref<FeedState | 'waiting'>('waiting')
  const since = shallowRef<Date | null>(null)
  const visibility = useDocumentVisibility()
  let stale = fresh()
  let waiting = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let [asking, last] = [false, 0]
  let stopFollowing: (() => void) | undefined
  let turn = 0

  function note(changes: Change[]): void {
    if (changes.some(({ entity }) => MARKS.has(entity))) inputs.marked()
    for (const { entity, id, op } of changes) {
      if (entity === 'grid') stale.grids.push({ id: Number(id), op })
      else if (entity === 'enterprise') stale.enterprises.add(id)
      else if (entity === 'hazard') stale.hazards.add(id)
      else if (!RECOLOURS.has(entity)) continue
      waiting = true
    }
    plan()
  }

  function plan(): void {
    if (!waiting || asking || timer || visibility.value !== 'visible') return
    timer = setTimeout(() => void ask(), Math.max(GATHER, last + APART - Date.now()))
  }

  async function ask(): Promise<void> {
    timer = undefined
    const now = stale
    stale = fresh()
    waiting = false
    asking = true
    last = Date.now()
    await inputs.reload(now)
    asking = false
    plan()
  }

  async function follow(topics: string[] | null): Promise<void> {
    stop()
    const mine = ++turn
    if (!topics) return
    await idle()
    const { followChanges } = await import('../../db/changes')
    if (mine !== turn) return
    const feed = followChanges({
      topics,
      loadedAt: inputs.loadedAt(),
      onChanges: note,
      onResync: (reason) => void inputs.resync(reason),
    })
    const unwatch = watch(
      [feed.state, feed.since],
      () => {
        state.value = feed.state.value
        if (!waiting && !asking) since.value = feed.since.value
      },
      { immediate: true },
    )
    stopFollowing = () => {
      unwatch()
      feed.stop()
    }
  }

  function stop(): void {
    turn++
    stopFollowing?.()
    stopFollowing = undefined
    state.value = 'waiting'
  }

  watch(visibility, plan)
  watch(
    () => (inputs.ready() ? (inputs.topics()?.join(' ') ?? '') : ''),
    (topics) => void follow(topics ? topics.split(' ') : null),
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    stop()
  })
  return { state, since }
}

/** When the page has nothing better to do: the map is drawn. */
const idle = () =>
  new Promise<void>((done) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => done(), { timeout: 4_000 })
    else setTimeout(done, 1_500)
  })
