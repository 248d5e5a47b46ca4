import 'fake-indexeddb/auto'
import { randomUUID } from 'node:crypto'
import { openDB } from 'idb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CARRIER_DATABASE, CARRIER_STORE, type Carrier } from '../../../src/db/carrier'
import { addEntry, closeShelf, entriesOf, OUTBOX_DATABASE, type OutboxEntry } from '../../../src/db/outboxShelf'
import { nextToSend, sendClosed } from '../../../src/screens/m/sendClosed'

// The service worker writes to the same shelf as the pages, without their library.
const USER = randomUUID()
const NOW = 1_800_000_000_000
let held = false
let asked: { address: string; body: unknown; headers: Record<string, string> }[]
let answers: (address: string) => Response | null

const entry = (more: Partial<OutboxEntry> = {}): OutboxEntry => ({
  id: randomUUID(),
  user_id: USER,
  call: 'report_hazard',
  args: { p_hazard: { title: '通道堵塞' } },
  files: [],
  state: 'waiting',
  reason: null,
  asked: false,
  tries: 0,
  next_at: 0,
  made_at: new Date(NOW).toISOString(),
  done_at: null,
  answer: null,
  ...more,
})
const photo = (path: string) => ({
  bucket: 'hazards',
  path,
  blob: new Blob(['x'], { type: 'image/jpeg' }),
  sent: false,
})
const json = (data: unknown, status = 200) => new Response(JSON.stringify(data), { status })

async function signedIn(more: Partial<Carrier> = {}): Promise<void> {
  const db = await openDB(CARRIER_DATABASE, 1, { upgrade: (it) => it.createObjectStore(CARRIER_STORE) })
  const carrier: Carrier = { user: USER, token: 'T', expires_at: NOW / 1000 + 600, url: 'http://s', key: 'K', ...more }
  await db.put(CARRIER_STORE, carrier, 'me')
  db.close()
}

beforeEach(() => {
  held = false
  asked = []
  answers = () => json({ status: 'ok', hazard: { id: 'h' } })
  vi.stubGlobal('navigator', {
    locks: {
      request: (_name: string, _options: unknown, work: (lock: unknown) => unknown) => work(held ? null : {}),
    },
  })
  vi.stubGlobal('fetch', async (address: string, { body, headers }: RequestInit) => {
    asked.push({ address, body, headers: headers as Record<string, string> })
    const answer = answers(address)
    if (!answer) throw new TypeError('fetch failed')
    return answer
  })
})
afterEach(async () => {
  await closeShelf()
  for (const name of [OUTBOX_DATABASE, CARRIER_DATABASE])
    await new Promise<void>((done, reject) => {
      const request = indexedDB.deleteDatabase(name)
      request.onsuccess = () => done()
      request.onerror = () => reject(request.error)
    })
  vi.unstubAllGlobals()
})

it('sends photos first, then the call, in the name of who was here', async () => {
  await signedIn()
  const one = entry({ files: [photo('a/1.jpg'), photo('a/2.jpg')] })
  await addEntry(one)
  expect(await sendClosed(() => NOW)).toBe(false)
  expect(asked.map(({ address }) => address)).toEqual([
    'http://s/storage/v1/object/hazards/a/1.jpg',
    'http://s/storage/v1/object/hazards/a/2.jpg',
    'http://s/rest/v1/rpc/report_hazard',
  ])
  expect(asked.every(({ headers }) => headers.authorization === 'Bearer T' && headers.apikey === 'K')).toBe(true)
  expect(JSON.parse(String(asked[2]?.body))).toEqual(one.args)
  const [done] = await entriesOf(USER)
  expect(done).toMatchObject({ state: 'done', asked: true, answer: { status: 'ok' } })
  expect(done?.files.every(({ blob, sent }) => blob === null && sent)).toBe(true)
})

it('sends nothing without a sign-in that lasts, nothing of others, and nothing while a page does', async () => {
  await addEntry(entry())
  expect(await sendClosed(() => NOW)).toBe(false)
  await signedIn({ expires_at: NOW / 1000 - 1 })
  expect(await sendClosed(() => NOW)).toBe(false)
  await signedIn({ user: randomUUID() })
  expect(await sendClosed(() => NOW)).toBe(false)
  await signedIn()
  held = true
  expect(await sendClosed(() => NOW)).toBe(false)
  expect(asked).toEqual([])
  expect((await entriesOf(USER))[0]?.state).toBe('waiting')
})

it('a network that goes away again: it waits, what arrived is not sent twice', async () => {
  await signedIn()
  await addEntry(entry({ files: [photo('a/1.jpg'), photo('a/2.jpg')] }))
  answers = (address) => (address.endsWith('/2.jpg') ? null : json({ status: 'ok' }))
  expect(await sendClosed(() => NOW)).toBe(true)
  expect((await entriesOf(USER))[0]).toMatchObject({ state: 'waiting', asked: false })
  // the second photo had arrived after all: the name is taken
  answers = (address) =>
    address.endsWith('/2.jpg') ? json({ statusCode: '409', error: 'Duplicate' }, 400) : json({ status: 'ok' })
  expect(await sendClosed(() => NOW)).toBe(false)
  expect(asked.filter(({ address }) => address.endsWith('/1.jpg'))).toHaveLength(1)
  expect((await entriesOf(USER))[0]?.state).toBe('done')
})

it('an answer that got lost: it may not be taken back, and is asked again', async () => {
  await signedIn()
  await addEntry(entry())
  answers = () => null
  expect(await sendClosed(() => NOW)).toBe(true)
  expect((await entriesOf(USER))[0]).toMatchObject({ state: 'waiting', asked: true })
})

it('a refusal is kept with its words for the next opening, and holds back its thread', async () => {
  await signedIn()
  const [first, second] = [
    entry({ call: 'advance_hazard', thread: 'h' }),
    entry({ call: 'advance_hazard', thread: 'h', made_at: new Date(NOW + 5).toISOString() }),
  ]
  await addEntry(first)
  await addEntry(second)
  const conflict = { status: 'conflict', hazard: { version: 4 }, reasons: [{ message: '这条隐患已被他人办理' }] }
  answers = () => json(conflict)
  expect(await sendClosed(() => NOW)).toBe(false)
  expect(asked).toHaveLength(1)
  const [refused, held] = await entriesOf(USER)
  expect(refused).toMatchObject({
    state: 'failed',
    asked: false,
    reason: { kind: 'refused', message: '这条隐患已被他人办理', answer: conflict },
  })
  expect(held?.state).toBe('waiting')
  expect(nextToSend([second, first], new Set())?.id).toBe(first.id)
  expect(nextToSend([second, { ...first, state: 'failed' }], new Set())).toBeNull()
  expect(nextToSend([second, { ...first, state: 'done' }], new Set())?.id).toBe(second.id)
})

it('a server that fails is not believed: it waits', async () => {
  await signedIn()
  await addEntry(entry())
  answers = () => json({ message: 'no' }, 503)
  expect(await sendClosed(() => NOW)).toBe(true)
  expect((await entriesOf(USER))[0]?.state).toBe('waiting')
})
