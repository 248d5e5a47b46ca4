import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { type Change, changeOf, VersionBook } from './change'
import { isReachable } from './connection'
import { rpc } from './rpc'
import { holdTopic } from './topic'

export type { Change } from './change'

/** live: everything is heard at once. catching_up: shown is what was a moment (or, without a socket, seconds) ago. */
export type FeedState = 'live' | 'catching_up' | 'offline'

/** start: nothing is loaded yet. scope: one's rights changed. feed: too long away, or the database was restored. */
export type ResyncReason = 'start' | 'scope' | 'feed'

export interface FeedOptions {
  /** Private topics that wake this up: the roots of one's scope, see DESIGN. With none but user:<id> it looks every 10 s. */
  topics: readonly string[]
  /** What changed, each thing once, newest last. Called again with the same thing only for a newer version. */
  onChanges(changes: Change[]): void
  /** Everything has to be loaded anew; changes that come later are newer than what is loaded then. */
  onResync(reason: ResyncReason): void
  onState?(state: FeedState): void
  /** When what is shown was asked for (`Date.now()`). Without it the feed begins now, with `onResync('start')`. */
  loadedAt?: number
}

interface Answer {
  epoch: string
  scope_version: string
  cursor: string
  caught_up: boolean
  resync: boolean
  changes: Change[]
}

const EVERY = 30_000
/** While some topic is not joined, the feed alone tells. */
const EVERY_DEAF = 5_000
const EVERY_WITHOUT_TOPICS = 10_000
/** So long are the other topics waited for. */
const JOINING = 1_500
/** A message that was applied is looked up later, with many others: two hundred pages hear it in the same instant. */
const CONFIRM = [400, 1_200] as const
const SOON = [0, 150] as const
const RETRIES = [1_000, 2_000, 5_000, 10_000, 30_000]
/** What was asked for may have been a while on the way, and a write a while in its transaction (8 s at most). */
const MARGIN = 10

/**
 * The one place where channel and catch-up meet. Subscribes, reads the change feed, and reads it again on every join,
 * message, wake-up, return of the network and every 30 s. Messages only say that something happened; what counts is the
 * feed, which loses nothing. Ends with the component, or with `stop`.
 */
export function followChanges(options: FeedOptions): {
  state: Ref<FeedState>
  since: Ref<Date | null>
  stop(): void
} {
  const state = ref<FeedState>('catching_up')
  /** When shown and true were last known to be the same. */
  const since = shallowRef<Date | null>(null)
  const versions = new VersionBook()
  let cursor: string | undefined
  let known: Pick<Answer, 'epoch' | 'scope_version'> | undefined
  let [stopped, busy, again, caughtUp, failed] = [false, false, false, false, 0]
  let { loadedAt } = options
  let timer: ReturnType<typeof setTimeout> | undefined
  let due = Number.POSITIVE_INFINITY

  const holds = options.topics.map((topic) =>
    holdTopic(topic, {
      // Several topics are joined one after the other: one look for all of them.
      joined: () => {
        if (hears()) void catchUp()
        else plan(JOINING)
      },
      lost: () => {
        settle()
        plan(EVERY_DEAF)
      },
      heard: (event, payload) => hear(event, payload),
    }),
  )

  function hear(event: string, payload: Record<string, unknown>): void {
    if (event !== 'change' || !known) {
      void catchUp()
      return
    }
    const change = changeOf(payload)
    // Without a version nobody knows whether it is newer; what left one place may have come to another of mine.
    const plain = change && change.row_version !== null && change.op !== 'delete'
    if (plain && versions.note(change)) options.onChanges([change])
    plan(plain ? between(CONFIRM) : between(SOON))
  }

  async function catchUp(): Promise<void> {
    if (stopped) return
    again = true
    if (busy) return
    busy = true
    while (again && !stopped) {
      again = false
      await look()
    }
    busy = false
  }

  async function look(): Promise<void> {
    due = Number.POSITIVE_INFINITY
    const answer = await rpc<Answer>('changes_since', { p_cursor: cursor ?? beginning(loadedAt) })
    if (stopped) return
    if (!answer.ok || !('cursor' in answer.data)) {
      // a cursor that the server cannot read is as good as none
      if (answer.ok) cursor = undefined
      caughtUp = false
      settle(!answer.ok && answer.error.kind === 'offline')
      plan(RETRIES[Math.min(failed++, RETRIES.length - 1)]!)
      return
    }
    failed = 0
    take(answer.data)
    caughtUp = answer.data.caught_up
    if (caughtUp) since.value = new Date()
    else again = true
    settle()
    plan(interval())
  }

  function take(data: Answer): void {
    const before = known
    if (!before && loadedAt !== undefined && !data.caught_up) {
      // So much in so short a time (a county was imported): everything at once is less than page after page.
      loadedAt = undefined
      return
    }
    known = { epoch: data.epoch, scope_version: data.scope_version }
    cursor = data.cursor
    const reason: ResyncReason | null =
      data.resync || (before && before.epoch !== data.epoch)
        ? 'feed'
        : before && before.scope_version !== data.scope_version
          ? 'scope'
          : !before && loadedAt === undefined
            ? 'start'
            : null
    if (reason) {
      versions.clear()
      options.onResync(reason)
      return
    }
    const fresh = versions.newest(data.changes)
    if (fresh.length > 0) options.onChanges(fresh)
  }

  const hears = () => holds.every((hold) => hold.isJoined())
  const tells = options.topics.some((topic) => !topic.startsWith('user:'))
  const interval = () => (!hears() ? EVERY_DEAF : tells ? EVERY : EVERY_WITHOUT_TOPICS)

  function settle(offline = !isReachable.value): void {
    const now: FeedState = offline ? 'offline' : caughtUp && hears() ? 'live' : 'catching_up'
    if (now === state.value) return
    state.value = now
    options.onState?.(now)
  }

  /** Looks in so many milliseconds, or earlier if that is planned already. */
  function plan(wait: number): void {
    if (stopped || Date.now() + wait >= due) return
    due = Date.now() + wait
    clearTimeout(timer)
    timer = setTimeout(() => void catchUp(), wait)
  }

  const wake = () => {
    if (typeof document === 'undefined' || document.visibilityState === 'visible') void catchUp()
  }
  const target = typeof window === 'undefined' ? undefined : window
  target?.addEventListener('online', wake)
  target?.addEventListener('pageshow', wake)
  target?.document.addEventListener('visibilitychange', wake)
  const unwatch = watch(isReachable, (reachable) => {
    if (reachable) void catchUp()
    else settle(true)
  })

  function stop(): void {
    if (stopped) return
    stopped = true
    clearTimeout(timer)
    unwatch()
    target?.removeEventListener('online', wake)
    target?.removeEventListener('pageshow', wake)
    target?.document.removeEventListener('visibilitychange', wake)
    for (const hold of holds) hold.stop()
  }
  onScopeDispose(stop, true)
  // Heard first, looked up then; but not later than this.
  if (holds.length > 0) plan(JOINING)
  else void catchUp()
  return { state, since, stop }
}

const between = ([from, to]: readonly [number, number]) => from + Math.random() * (to - from)

function beginning(loadedAt: number | undefined): string | null {
  return loadedAt === undefined ? null : `ago:${Math.ceil(Math.max(0, Date.now() - loadedAt) / 1000) + MARGIN}`
}
