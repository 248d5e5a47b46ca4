import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { type Change, type FeedState, followChanges, type ResyncReason } from '../../db/changes'
import type { Failure } from '../../db/rpc'
import { type DeskCounts, type DeskRow, waits } from './desk'
import { DeskBook, type DeskLists } from './deskBook'
import { askCounts, askFeed, callUpon, sendAcknowledgement } from './deskRpc'

interface Options {
  /** Private topics of one's scope. */
  topics: readonly string[]
  /** What began to wait; `first`: it was waiting when the desk was opened. */
  onNew(rows: DeskRow[], first: boolean): void
  /** Rights changed: who one is has to be asked again. */
  onScope?(): Promise<void>
  /** A hazard changed, shown here or not: what else stands on the screen may be old. */
  onHazards?(): void
}

/** What the self-check found: so many that the feed had not told of. */
export interface Drift {
  at: Date
  missing: number
}

const CHECK_MS = 20_000
const COUNT_SOON_MS = 1_000
const AGAIN_MS = 2_000
/** A timer that comes so much later than it should has slept. */
const SLEPT_MS = 10_000
/** The feed may be on its way with what the check has found already. */
const GRACE_MS = 5_000
const AT_ONCE = 200

/**
 * What the desk knows, and how it keeps knowing it: everything that waits is asked for first, then the feed tells what
 * changes, and every 20 s what waits here is compared with what waits in the database. Ends with the caller's scope.
 */
export function useDesk(options: Options) {
  const book = new DeskBook()
  const lists = shallowRef<DeskLists>({ waiting: [], settled: [] })
  const counts = shallowRef<DeskCounts | null>(null)
  const feedState = ref<FeedState>('catching_up')
  /** When the server last proved that nothing is missing here, by this page's clock. */
  const heard = ref<number | null>(null)
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const failure = shallowRef<Failure | null>(null)
  /** Within how many minutes a new hazard is to be acknowledged. */
  const minutes = shallowRef<{ major: number; general: number } | null>(null)
  const drift = shallowRef<Drift | null>(null)
  /** Server minus page, milliseconds: ages are told by the server's clock. */
  const skew = ref(0)
  /** Being acknowledged now. */
  const sending = shallowRef<ReadonlySet<string>>(new Set())
  const sendFailure = shallowRef<Failure | null>(null)

  /** Something is known to have changed and could not be asked for yet: what is shown is not all. */
  const behind = ref(false)

  const asked = new Set<string>()
  let [draining, stopped, countsAsked] = [false, false, 0]
  let timers: ReturnType<typeof setTimeout>[] = []
  let toldOf = new Set<string>()
  let ticked = Date.now()
  let calledAt = 0

  const serverNow = () => Date.now() + skew.value

  function noteClock(iso: string, begun: number): void {
    skew.value = Math.round(Date.parse(iso) - (begun + Date.now()) / 2)
  }

  function show(begun: DeskRow[], first: boolean): void {
    lists.value = book.lists()
    if (begun.length > 0) options.onNew(begun, first)
  }

  async function load(): Promise<void> {
    const begun = Date.now()
    const answer = await askFeed(null)
    if (stopped) return
    if (!answer.ok) {
      failure.value = answer.error
      behind.value = true
      if (state.value !== 'ready') state.value = 'failed'
      wait(AGAIN_MS, load)
      return
    }
    const first = state.value !== 'ready'
    failure.value = null
    behind.value = asked.size > 0
    state.value = 'ready'
    minutes.value = answer.data.minutes
    noteClock(answer.data.now, begun)
    show(book.replace(answer.data.rows, serverNow()), first)
    void recount()
  }

  /** Asks for rows by id until none is left; what could not be asked for is asked for again. */
  async function drain(): Promise<void> {
    if (draining) return
    draining = true
    while (asked.size > 0 && !stopped) {
      const ids = [...asked].slice(0, AT_ONCE)
      for (const id of ids) asked.delete(id)
      const begun = Date.now()
      const answer = await askFeed(ids)
      if (!answer.ok) {
        for (const id of ids) asked.add(id)
        behind.value = true
        wait(AGAIN_MS, drain)
        break
      }
      if (stopped) break
      noteClock(answer.data.now, begun)
      const found = new Set(answer.data.rows.map((row) => row.id))
      book.remove(ids.filter((id) => !found.has(id)))
      // an old hazard that took a step is no line of this desk
      show(book.put(answer.data.rows.filter(belongs), serverNow()), false)
    }
    if (asked.size === 0 && failure.value === null) behind.value = false
    draining = false
  }

  const belongs = (row: DeskRow) =>
    book.has(row.id) || waits(row) || serverNow() - Date.parse(row.reported_at) < 86_400_000

  function onChanges(changes: Change[]): void {
    let hazards = false
    for (const { entity, id } of changes) {
      if (entity !== 'hazard' && entity !== 'alarm') continue
      hazards ||= entity === 'hazard'
      asked.add(id)
      toldOf.add(id)
    }
    if (asked.size > 0) {
      void drain()
      soon()
    }
    if (hazards) options.onHazards?.()
  }

  async function onResync(reason: ResyncReason): Promise<void> {
    if (reason === 'scope') await options.onScope?.()
    if (stopped) return
    options.onHazards?.()
    await load()
  }

  // ── figures, and whether they agree ─────────────────────────────────────────────────────────────────────────────
  let countTimer: ReturnType<typeof setTimeout> | undefined
  function soon(): void {
    countTimer ??= setTimeout(() => {
      countTimer = undefined
      void recount()
    }, COUNT_SOON_MS)
  }

  async function recount(): Promise<void> {
    const turn = ++countsAsked
    const begun = Date.now()
    const before = new Set(lists.value.waiting.map((row) => row.id))
    const answer = await askCounts()
    if (stopped || turn !== countsAsked || !answer.ok) return
    counts.value = answer.data
    noteClock(answer.data.now, begun)
    if (state.value !== 'ready' || behind.value) return
    heard.value = begun
    compare(answer.data, before)
  }

  /** Both directions: what waits there and not here, and what waits here and (before the question) not there. */
  function compare({ unacknowledged: { count, ids } }: DeskCounts, before: ReadonlySet<string>): void {
    const there = new Set(ids)
    const missing = ids.filter((id) => !waitsHere(id) && !asked.has(id))
    const extra = count > ids.length ? [] : [...before].filter((id) => !there.has(id) && waitsHere(id))
    for (const id of [...missing, ...extra]) asked.add(id)
    if (missing.length + extra.length > 0) void drain()
    const silent = missing.filter((id) => !toldOf.has(id) && !book.has(id))
    if (silent.length > 0)
      wait(GRACE_MS, () => {
        const lost = silent.filter((id) => !toldOf.has(id)).length
        if (lost > 0) drift.value = { at: new Date(), missing: lost }
      })
  }

  const waitsHere = (id: string) => {
    const row = book.get(id)
    return row !== undefined && waits(row)
  }

  function tick(): void {
    const now = Date.now()
    if (now - ticked > SLEPT_MS) void recount()
    ticked = now
    const late = lists.value.waiting.some(
      ({ alarm }) => alarm && !alarm.escalated_at && Date.parse(alarm.due_at) <= serverNow(),
    )
    if (late && now - calledAt > SLEPT_MS) {
      calledAt = now
      void callUpon()
    }
  }

  // ── acknowledging ───────────────────────────────────────────────────────────────────────────────────────────────
  /** @returns whether all of them are acknowledged now; else `sendFailure` says why, and they wait on. */
  async function acknowledge(ids: readonly string[]): Promise<boolean> {
    const wanted = ids.filter((id) => waitsHere(id) && !sending.value.has(id))
    if (wanted.length === 0) return true
    sending.value = new Set([...sending.value, ...wanted])
    let done = true
    for (let at = 0; at < wanted.length && done; at += AT_ONCE) {
      const answer = await sendAcknowledgement(wanted.slice(at, at + AT_ONCE))
      sendFailure.value = answer.ok ? null : answer.error
      done = answer.ok
      if (!answer.ok) break
      const rows = answer.data.acknowledged.flatMap(({ id, alarm }) => {
        const row = book.get(id)
        return row && alarm ? [{ ...row, alarm }] : []
      })
      show(book.put(rows, serverNow()), false)
      // who saw it is asked for with the row; what was left out may not be ours any more
      for (const id of wanted.slice(at, at + AT_ONCE)) asked.add(id)
    }
    sending.value = new Set([...sending.value].filter((id) => !wanted.includes(id)))
    void drain()
    soon()
    return done
  }

  function wait(ms: number, then: () => unknown): void {
    const timer = setTimeout(() => {
      timers = timers.filter((other) => other !== timer)
      if (!stopped) void then()
    }, ms)
    timers.push(timer)
  }

  const loadedAt = Date.now()
  void load()
  const feed = followChanges({
    topics: options.topics,
    loadedAt,
    onChanges,
    onResync: (reason) => void onResync(reason),
    onState: (now) => {
      feedState.value = now
    },
  })
  const ticking = setInterval(tick, 1_000)
  const checking = setInterval(() => {
    // what was told long ago is no excuse any more
    toldOf = new Set([...toldOf].slice(-1_000))
    void recount()
  }, CHECK_MS)
  onScopeDispose(() => {
    stopped = true
    feed.stop()
    for (const timer of timers) clearTimeout(timer)
    clearTimeout(countTimer)
    clearInterval(ticking)
    clearInterval(checking)
  })

  return {
    waiting: computed(() => lists.value.waiting),
    settled: computed(() => lists.value.settled),
    /** How many wait: more than are listed, should there be a flood. */
    count: computed(() => {
      const listed = lists.value.waiting.length
      const server = counts.value?.unacknowledged
      return server && server.count > server.ids.length ? Math.max(listed, server.count) : listed
    }),
    counts,
    feedState,
    /** When what is shown and what is were last known to be the same (milliseconds of this page). */
    heard: computed(() =>
      state.value === 'ready'
        ? Math.max(heard.value ?? 0, (!behind.value && feed.since.value?.getTime()) || 0) || null
        : null,
    ),
    state,
    failure,
    drift,
    minutes,
    skew,
    sending,
    sendFailure,
    acknowledge,
    recount,
    reload: load,
    known: (id: string) => book.get(id),
  }
}
