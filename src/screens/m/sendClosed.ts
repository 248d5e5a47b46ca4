// What the service worker sends when every page is closed: the same four steps as src/db/outbox.ts, each of which may
// be repeated. Written without a library, because the worker stands alone; only types come from elsewhere.
import type { Carrier } from '../../db/carrier'
import type { OutboxEntry } from '../../db/outboxShelf'

const OUTBOX = 'safegrid-outbox'
const CARRIER = 'safegrid-carrier'
const CALL_MS = 25_000
const UPLOAD_MS = 60_000

type Outcome = 'done' | 'refused' | 'later'

/** Opens a database that is there; null when it is not, and then none is made. */
function openKept(name: string): Promise<IDBDatabase | null> {
  return new Promise((done) => {
    const request = indexedDB.open(name)
    request.onupgradeneeded = () => request.transaction?.abort()
    request.onsuccess = () => done(request.result)
    request.onerror = () => done(null)
  })
}

const result = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((done, reject) => {
    request.onsuccess = () => done(request.result)
    request.onerror = () => reject(request.error)
  })

async function change(db: IDBDatabase, id: string, edit: (entry: OutboxEntry) => void): Promise<OutboxEntry | null> {
  const tx = db.transaction('entries', 'readwrite', { durability: 'strict' })
  const store = tx.objectStore('entries')
  const entry = (await result(store.get(id))) as OutboxEntry | undefined
  if (entry) {
    edit(entry)
    store.put(entry)
  }
  await new Promise<void>((done, reject) => {
    tx.oncomplete = () => done()
    tx.onabort = () => reject(tx.error)
  })
  return entry ?? null
}

/** The next that may go: an earlier one of the same thread holds back those after it. */
export function nextToSend(entries: readonly OutboxEntry[], tried: ReadonlySet<string>): OutboxEntry | null {
  const held = new Set<string>()
  const sorted = [...entries].sort((a, b) => a.made_at.localeCompare(b.made_at) || a.id.localeCompare(b.id))
  for (const entry of sorted) {
    if (entry.state === 'done') continue
    const free = entry.thread === undefined || !held.has(entry.thread)
    if (free && entry.state !== 'failed' && !tried.has(entry.id)) return entry
    if (entry.thread !== undefined) held.add(entry.thread)
  }
  return null
}

/**
 * Sends what waits, in the name of whoever was here last, while their sign-in lasts.
 * @returns whether something still waits that another try may deliver
 */
export async function sendClosed(now: () => number = Date.now): Promise<boolean> {
  const carriers = await openKept(CARRIER)
  const carrier = carriers
    ? ((await result(carriers.transaction('carrier').objectStore('carrier').get('me'))) as Carrier | undefined)
    : undefined
  carriers?.close()
  if (!carrier || carrier.expires_at * 1000 < now() + 5_000) return false
  const db = await openKept(OUTBOX)
  if (!db) return false
  try {
    // A page that is open sends by itself.
    return await navigator.locks.request(`safegrid.outbox.${carrier.user}`, { ifAvailable: true }, (lock) =>
      lock ? sendAll(db, carrier, now) : false,
    )
  } finally {
    db.close()
  }
}

async function sendAll(db: IDBDatabase, carrier: Carrier, now: () => number): Promise<boolean> {
  const channel = new BroadcastChannel('safegrid.outbox')
  const tried = new Set<string>()
  try {
    for (;;) {
      const index = db.transaction('entries').objectStore('entries').index('user_id')
      const entry = nextToSend((await result(index.getAll(carrier.user))) as OutboxEntry[], tried)
      if (!entry) return false
      tried.add(entry.id)
      const outcome = await send(db, carrier, entry, now)
      channel.postMessage('changed')
      if (outcome === 'later') return true
    }
  } finally {
    channel.close()
  }
}

async function send(db: IDBDatabase, carrier: Carrier, entry: OutboxEntry, now: () => number): Promise<Outcome> {
  const later = async (): Promise<Outcome> => {
    await change(db, entry.id, (it) => {
      it.state = 'waiting'
    })
    return 'later'
  }
  await change(db, entry.id, (it) => {
    it.state = 'sending'
    it.reason = null
  })
  for (const [i, file] of entry.files.entries()) {
    if (file.sent || !file.blob) continue
    if (!(await upload(carrier, file.bucket, file.path, file.blob))) return later()
    await change(db, entry.id, (it) => {
      const arrived = it.files[i]
      if (arrived) arrived.sent = true
    })
  }
  await change(db, entry.id, (it) => {
    it.asked = true
  })
  const answer = await ask(
    carrier,
    `/rest/v1/rpc/${entry.call}`,
    JSON.stringify(entry.args),
    'application/json',
    CALL_MS,
  )
  const data = answer?.ok ? ((await answer.json().catch(() => null)) as Answer | null) : null
  if (!data) return later()
  const said = data.status === 'ok'
  await change(db, entry.id, (it) => {
    it.state = said ? 'done' : 'failed'
    it.asked = said
    it.reason = said ? null : { kind: 'refused', message: wordsOf(data), answer: data }
    if (!said) return
    it.answer = data
    it.done_at = new Date(now()).toISOString()
    for (const file of it.files) file.blob = null
  })
  return said ? 'done' : 'refused'
}

interface Answer {
  status?: string
  errors?: { message?: string }[]
  reasons?: { message?: string }[]
}

const wordsOf = ({ errors = [], reasons = [] }: Answer): string =>
  [...errors, ...reasons]
    .map(({ message }) => message)
    .filter(Boolean)
    .join('；')

/** @returns whether the bytes have arrived, now or before: a name was made for these bytes alone. */
async function upload(carrier: Carrier, bucket: string, path: string, blob: Blob): Promise<boolean> {
  const answer = await ask(carrier, `/storage/v1/object/${bucket}/${path}`, blob, blob.type, UPLOAD_MS)
  if (!answer) return false
  if (answer.ok || answer.status === 409) return true
  const fault = (await answer.json().catch(() => ({}))) as { statusCode?: string | number }
  return Number(fault.statusCode) === 409
}

function ask(
  carrier: Carrier,
  path: string,
  body: string | Blob,
  type: string,
  patience: number,
): Promise<Response | null> {
  return fetch(carrier.url + path, {
    method: 'POST',
    headers: {
      apikey: carrier.key,
      authorization: `Bearer ${carrier.token}`,
      'content-type': type,
      'cache-control': 'max-age=31536000',
    },
    body,
    signal: AbortSignal.timeout(patience),
  }).catch(() => null)
}
