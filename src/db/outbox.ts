// One durable queue for what a person says on a phone: kept before it is sent, sent when there is a network, once.
//
// Exactly once, in four steps that each may be repeated: the entry is on the shelf before the person is told that it is
// kept; files go under names made on the phone (one that is there already has arrived); the call carries the id made on
// the phone (the server takes the same one once); the answer is on the shelf before the entry counts as done. A crash
// anywhere is a repetition of a step.
import {
  addEntry,
  changeEntry,
  entriesOf,
  isBlocked,
  type OutboxEntry,
  type OutboxFile,
  type OutboxReason,
  removeEntry,
} from './outboxShelf'

export type { OutboxEntry, OutboxFile, OutboxReason } from './outboxShelf'

export type Attempt = { ok: true; answer: unknown } | { ok: false; reason: OutboxReason }

/** How things get to the server, in the name of one person and nobody else. Never throws. */
export interface OutboxTransport {
  /** Known to be without any network: nothing is tried then. */
  away(): OutboxReason | null
  upload(file: OutboxFile & { blob: Blob }, user: string): Promise<Attempt>
  /** An answer of the server is judged by its `status`; anything but 'ok' is a refusal with words. */
  call(name: string, args: Record<string, unknown>, user: string): Promise<Attempt>
}

export interface NewEntry {
  id: string
  call: string
  args: Record<string, unknown>
  title?: string
  /** What must arrive in the order in which it was said (the steps of one hazard) has the same thread. */
  thread?: string
  files: { bucket: string; path: string; blob: Blob }[]
}

export interface Outbox {
  /** Keeps it and begins to send. Resolves when it is kept. @throws when the browser cannot keep it. */
  add(entry: NewEntry): Promise<void>
  /** Everything of this person: the oldest first. */
  list(): Promise<OutboxEntry[]>
  /** Tries again at once, all or one, whatever it waits for; an entry that was refused is asked again. */
  retry(id?: string): Promise<void>
  /** Says one that was refused anew, with other arguments. @returns whether it was one. */
  amend(id: string, args: Record<string, unknown>): Promise<boolean>
  /** Takes one back; null when it is on its way, or was and the answer got lost: the server may have it. */
  take(id: string): Promise<OutboxEntry | null>
  /** Sends what is due. Resolves when nothing more can be sent now. */
  flush(): Promise<void>
  close(): void
}

/** Seconds until the next try after the n-th failure; a returning network asks at once. */
const WAITS = [2, 5, 15, 60, 300]
const CHANNEL = 'safegrid.outbox'
/** What has arrived stays in sight this long on the phone; after that the server's list has it. */
const KEEP_DONE_MS = 3 * 86_400_000

/**
 * Opens the outbox of a person. Several tabs may: one sends at a time (a lock of the browser), all see the same, and
 * when the sending one is closed another goes on.
 * @param changed called whenever an entry changed, here or in another tab
 */
export function openOutbox(
  user: string,
  transport: OutboxTransport,
  changed: () => void,
  now: () => number = Date.now,
): Outbox {
  let closed = false
  let running: Promise<void> | undefined
  let again = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(CHANNEL)
  if (channel) channel.onmessage = () => changed()

  function tell(): void {
    if (closed) return
    channel?.postMessage('changed')
    changed()
  }

  async function change(id: string, edit: (entry: OutboxEntry) => void): Promise<OutboxEntry | null> {
    const entry = await changeEntry(id, edit)
    tell()
    return entry
  }

  async function add(entry: NewEntry): Promise<void> {
    await addEntry({
      ...entry,
      files: entry.files.map((file) => ({ ...file, sent: false })),
      user_id: user,
      state: 'waiting',
      reason: null,
      asked: false,
      tries: 0,
      next_at: 0,
      made_at: new Date(now()).toISOString(),
      done_at: null,
      answer: null,
    })
    tell()
    void flush()
  }

  function flush(): Promise<void> {
    if (closed) return Promise.resolve()
    if (running) {
      again = true
      return running
    }
    running = alone(`safegrid.outbox.${user}`, sendDue).finally(() => {
      running = undefined
      if (again && !closed) {
        again = false
        void flush()
      } else void plan()
    })
    return running
  }

  async function sendDue(): Promise<void> {
    const tried = new Set<string>()
    while (!closed) {
      const entries = await entriesOf(user)
      const next = entries.find((entry) => isDue(entry, now()) && !tried.has(entry.id) && !isBlocked(entry, entries))
      if (!next) return
      tried.add(next.id)
      // Without a network, or without their owner, the others would fare no better.
      if (!(await send(next.id))) return
    }
  }

  /** @returns whether it is worth going on with the next. */
  async function send(id: string): Promise<boolean> {
    const entry = await change(id, (it) => {
      it.state = 'sending'
      it.reason = null
    })
    if (!entry) return true
    const away = transport.away()
    if (away) return postpone(id, away)
    for (const [i, file] of entry.files.entries()) {
      if (file.sent || !file.blob) continue
      const attempt = await transport.upload({ ...file, blob: file.blob }, user)
      if (!attempt.ok) return postpone(id, attempt.reason)
      await change(id, (it) => {
        const arrived = it.files[i]
        if (arrived) arrived.sent = true
      })
    }
    await change(id, (it) => {
      it.asked = true
    })
    const attempt = await transport.call(entry.call, entry.args, user)
    if (!attempt.ok) return postpone(id, attempt.reason)
    await change(id, (it) => {
      it.state = 'done'
      it.reason = null
      it.answer = attempt.answer
      it.done_at = new Date(now()).toISOString()
      for (const file of it.files) file.blob = null
    })
    return true
  }

  async function postpone(id: string, reason: OutboxReason): Promise<boolean> {
    await change(id, (it) => {
      it.state = reason.kind === 'refused' ? 'failed' : 'waiting'
      it.reason = reason
      if (reason.kind === 'refused') it.asked = false
      it.next_at = now() + (WAITS[Math.min(it.tries, WAITS.length - 1)] ?? 0) * 1000
      it.tries++
    })
    return reason.kind === 'refused' || reason.kind === 'busy'
  }

  /** Sets the clock for the next try, and clears away what has long arrived. */
  async function plan(): Promise<void> {
    clearTimeout(timer)
    const entries = await entriesOf(user).catch(() => [])
    for (const { id, done_at } of entries)
      if (done_at && now() - Date.parse(done_at) > KEEP_DONE_MS) await removeEntry(id, user)
    const times = entries
      .filter((entry) => entry.state === 'waiting' && !isBlocked(entry, entries))
      .map((entry) => entry.next_at)
    if (closed || !times.length) return
    timer = setTimeout(() => void flush(), Math.max(500, Math.min(...times) - now()))
  }

  async function retry(id?: string): Promise<void> {
    const stuck = (entry: OutboxEntry) =>
      id ? entry.id === id && entry.state !== 'done' : entry.state === 'waiting' && entry.next_at > 0
    for (const entry of (await entriesOf(user)).filter(stuck)) {
      await change(entry.id, (it) => {
        if (it.state === 'failed') it.state = 'waiting'
        it.next_at = 0
        if (id) it.tries = 0
      })
    }
    await flush()
  }

  async function amend(id: string, args: Record<string, unknown>): Promise<boolean> {
    let amended = false
    await change(id, (it) => {
      if (it.user_id !== user || it.state !== 'failed') return
      amended = true
      Object.assign(it, { args, state: 'waiting', reason: null, next_at: 0, tries: 0 })
    })
    if (amended) await flush()
    return amended
  }

  async function take(id: string): Promise<OutboxEntry | null> {
    const entry = await removeEntry(id, user)
    tell()
    return entry
  }

  return {
    add,
    list: () => entriesOf(user),
    retry,
    amend,
    take,
    flush,
    close() {
      closed = true
      clearTimeout(timer)
      channel?.close()
    },
  }
}

// Whoever holds the lock is the only one who sends: an entry that says 'sending' then was left so by a crash.
const isDue = (entry: OutboxEntry, now: number): boolean =>
  entry.state === 'sending' || (entry.state === 'waiting' && entry.next_at <= now)

/** Runs alone among the tabs. Without locks (a page over plain http) the server's "once" has to do. */
function alone(name: string, run: () => Promise<void>): Promise<void> {
  return typeof navigator !== 'undefined' && navigator.locks ? navigator.locks.request(name, run) : run()
}
