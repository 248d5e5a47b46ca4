// Where entries of the outbox lie: one IndexedDB of its own, so that signing out can keep it and forget the rest.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

export const OUTBOX_DATABASE = 'safegrid-outbox'

export interface OutboxFile {
  bucket: string
  path: string
  /** Null once it has arrived and the entry is done: the bytes are not needed any more. */
  blob: Blob | null
  sent: boolean
}

export type OutboxState = 'waiting' | 'sending' | 'failed' | 'done'

/**
 * Why an entry is not sent yet. offline: no network or no answer; signIn: whose it is must sign in again; busy: the
 * server failed or asked to wait; refused: the server said no, `message` says why, and only a person can go on.
 */
export interface OutboxReason {
  kind: 'offline' | 'signIn' | 'busy' | 'refused'
  message: string
  /** What the server answered when it said no. */
  answer?: unknown
}

/** Something to send: files first, then one call that names them. */
export interface OutboxEntry {
  /** Made on the phone; the server takes the same one once. */
  id: string
  /** Whose it is. Nobody else sends or sees it. */
  user_id: string
  call: string
  args: Record<string, unknown>
  /** What it is, in words, for the list of what has not arrived. */
  title?: string
  /** Of one thread one is sent after the other, and none before the one before it has arrived. */
  thread?: string
  files: OutboxFile[]
  state: OutboxState
  reason: OutboxReason | null
  /** The call left this phone and was not refused: the server may have it, whatever the phone knows. */
  asked: boolean
  tries: number
  /** Not before (milliseconds since 1970). */
  next_at: number
  /** ISO times. */
  made_at: string
  done_at: string | null
  /** What the server answered; null until done. */
  answer: unknown
}

interface Shelf extends DBSchema {
  entries: { key: string; value: OutboxEntry; indexes: { user_id: string } }
}

let opening: Promise<IDBPDatabase<Shelf>> | undefined

function database(): Promise<IDBPDatabase<Shelf>> {
  opening ??= openDB<Shelf>(OUTBOX_DATABASE, 1, {
    upgrade: (db) => {
      db.createObjectStore('entries', { keyPath: 'id' }).createIndex('user_id', 'user_id')
    },
    // Another tab wants to change the database: let go, and open again when asked.
    blocking: () => void closeShelf(),
    terminated: () => {
      opening = undefined
    },
  }).catch((cause: unknown) => {
    opening = undefined
    throw cause
  })
  return opening
}

/** Closes the database; the next call opens it again. */
export async function closeShelf(): Promise<void> {
  const open = opening
  opening = undefined
  await open?.then(
    (db) => db.close(),
    () => undefined,
  )
}

/** All entries of a person, the oldest first. */
export async function entriesOf(user: string): Promise<OutboxEntry[]> {
  const entries = await (await database()).getAllFromIndex('entries', 'user_id', user)
  return entries.sort((a, b) => a.made_at.localeCompare(b.made_at) || a.id.localeCompare(b.id))
}

/** Puts a new entry on the shelf, durably. @returns false when one with this id lies there already. */
export async function addEntry(entry: OutboxEntry): Promise<boolean> {
  const tx = (await database()).transaction('entries', 'readwrite', { durability: 'strict' })
  const there = await tx.store.getKey(entry.id)
  if (there === undefined) await tx.store.put(entry)
  await tx.done
  return there === undefined
}

/** Changes an entry in one transaction. @returns it as it is now, null when it is gone (another tab discarded it). */
export async function changeEntry(id: string, change: (entry: OutboxEntry) => void): Promise<OutboxEntry | null> {
  const tx = (await database()).transaction('entries', 'readwrite', { durability: 'strict' })
  const entry = await tx.store.get(id)
  if (entry) {
    change(entry)
    await tx.store.put(entry)
  }
  await tx.done
  return entry ?? null
}

/** Removes an entry of a person unless the server may have it and the phone does not know. @returns what was removed. */
export async function removeEntry(id: string, user: string): Promise<OutboxEntry | null> {
  const tx = (await database()).transaction('entries', 'readwrite', { durability: 'strict' })
  const entry = await tx.store.get(id)
  const settled = entry && (entry.state === 'done' || (entry.state !== 'sending' && !entry.asked))
  const gone = settled && entry.user_id === user ? entry : null
  if (gone) await tx.store.delete(id)
  await tx.done
  return gone
}

/** Whether an earlier one of the same thread has not arrived. `entries` are all of a person, the oldest first. */
export function isBlocked(entry: OutboxEntry, entries: readonly OutboxEntry[]): boolean {
  if (entry.thread === undefined) return false
  const before = entries.slice(
    0,
    Math.max(
      0,
      entries.findIndex(({ id }) => id === entry.id),
    ),
  )
  return before.some(({ thread, state }) => thread === entry.thread && state !== 'done')
}

/** How many entries of a person have not arrived. */
export async function unsentOf(user: string): Promise<number> {
  if (!(await exists())) return 0
  return (await entriesOf(user)).filter((entry) => entry.state !== 'done').length
}

/** At sign-out: forgets what has arrived, of everybody; what has not stays for whose it is. */
export async function forgetArrived(): Promise<void> {
  if (!(await exists())) return
  const tx = (await database()).transaction('entries', 'readwrite')
  for (let cursor = await tx.store.openCursor(); cursor; cursor = await cursor.continue())
    if (cursor.value.state === 'done') await cursor.delete()
  await tx.done
}

// Asking must not make an empty database. A browser that lists none may have one.
async function exists(): Promise<boolean> {
  if (typeof indexedDB === 'undefined') return false
  if (opening || !indexedDB.databases) return true
  return (await indexedDB.databases()).some(({ name }) => name === OUTBOX_DATABASE)
}

/** Whether this browser holds an outbox at all: cheap, for the start of every page. */
export const hasShelf = exists
