// What a person has begun and not saved, kept in this browser: it survives a reload, a crash and a lost connection.
import { type IDBPDatabase, openDB } from 'idb'

const STORE = 'drafts'

export interface KeptDraft<T> {
  key: string
  /** ISO time of the last change. */
  at: string
  value: T
}

let opening: Promise<IDBPDatabase | null> | undefined

// A browser may refuse (private window, full disk, blocked by policy): work goes on without drafts.
function database(): Promise<IDBPDatabase | null> {
  opening ??= openDB('safegrid', 1, {
    upgrade: (db) => {
      db.createObjectStore(STORE, { keyPath: 'key' })
    },
    blocking: () => void opening?.then((db) => db?.close()).then(forget),
    terminated: forget,
  }).catch(() => null)
  return opening
}

function forget(): void {
  opening = undefined
}

/** The draft kept under a key (who and what), null when there is none or the browser keeps nothing. */
export async function readDraft<T>(key: string): Promise<KeptDraft<T> | null> {
  try {
    return ((await (await database())?.get(STORE, key)) as KeptDraft<T> | undefined) ?? null
  } catch {
    return null
  }
}

/** Keeps plain data under a key, in place of what was there. @returns whether it is kept. */
export async function keepDraft<T>(key: string, value: T): Promise<boolean> {
  try {
    const db = await database()
    if (!db) return false
    await db.put(STORE, { key, at: new Date().toISOString(), value } satisfies KeptDraft<T>)
    return true
  } catch {
    return false
  }
}

/** Forgets the draft of a key. */
export async function dropDraft(key: string): Promise<void> {
  try {
    await (await database())?.delete(STORE, key)
  } catch {
    // nothing is kept where nothing can be kept
  }
}

const MOST_SLOTS = 5

/** Where one page keeps its draft; another page of the same person has another slot, so neither overwrites the other. */
export interface DraftSlot {
  key: string
  /** Lets another page have it. The browser does it by itself when the page goes. */
  release(): void
}

/** Holds a name for this page alone; null when another page has it. Without the Locks API (plain http) nobody is asked. */
function hold(name: string): Promise<DraftSlot | null> {
  if (typeof navigator === 'undefined' || !navigator.locks) return Promise.resolve({ key: name, release: () => {} })
  return new Promise((held) => {
    navigator.locks
      .request(`safegrid.draft/${name}`, { ifAvailable: true }, (lock) => {
        if (!lock) return held(null)
        return new Promise<void>((release) => held({ key: name, release }))
      })
      .catch(() => held({ key: name, release: () => {} }))
  })
}

/** A slot for the drafts of a key: one that no other page has and that keeps a draft, else an empty one. */
export async function claimDraft(key: string): Promise<DraftSlot> {
  let free: DraftSlot | null = null
  for (let i = 1; i <= MOST_SLOTS; i++) {
    const slot = await hold(i === 1 ? key : `${key}#${i}`)
    if (!slot) continue
    if (await readDraft(slot.key)) {
      free?.release()
      return slot
    }
    if (free) slot.release()
    else free = slot
  }
  return free ?? { key: `${key}#${crypto.randomUUID()}`, release: () => {} }
}
