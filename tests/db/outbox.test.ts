import 'fake-indexeddb/auto'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Attempt, type NewEntry, type Outbox, type OutboxTransport, openOutbox } from '../../src/db/outbox'
import { closeShelf, forgetArrived, hasShelf, OUTBOX_DATABASE, unsentOf } from '../../src/db/outboxShelf'

const ANNA = randomUUID()
const BERT = randomUUID()
const offline: Attempt = { ok: false, reason: { kind: 'offline', message: '没有网络' } }
const refused: Attempt = { ok: false, reason: { kind: 'refused', message: '标题不能为空' } }

/** A server that takes the same id once, and counts what comes in. */
class Server implements OutboxTransport {
  readonly files = new Map<string, { bytes: string; user: string }>()
  readonly hazards = new Map<string, { user: string; args: Record<string, unknown> }>()
  uploads = 0
  calls = 0
  down = false
  noNetwork = false
  /** Runs before a step is answered; what it returns is the answer instead. */
  before: (step: 'upload' | 'call') => Promise<Attempt | undefined> = async () => undefined
  after: (step: 'upload' | 'call') => Promise<Attempt | undefined> = async () => undefined

  away() {
    return this.noNetwork ? { kind: 'offline' as const, message: '没有网络' } : null
  }
  async upload(file: { path: string; blob: Blob }, user: string): Promise<Attempt> {
    this.uploads++
    if (this.down) return offline
    const instead = await this.before('upload')
    if (instead) return instead
    if (!this.files.has(file.path)) this.files.set(file.path, { bytes: await file.blob.text(), user })
    return (await this.after('upload')) ?? { ok: true, answer: null }
  }
  async call(_name: string, args: Record<string, unknown>, user: string): Promise<Attempt> {
    this.calls++
    if (this.down) return offline
    const instead = await this.before('call')
    if (instead) return instead
    const id = String(args.client_id)
    if (!this.hazards.has(id)) this.hazards.set(id, { user, args })
    return (await this.after('call')) ?? { ok: true, answer: { status: 'ok', hazard: { id } } }
  }
}

const report = (photos = 2): NewEntry => {
  const id = randomUUID()
  return {
    id,
    call: 'report_hazard',
    args: { client_id: id, title: '消防通道堵塞' },
    files: Array.from({ length: photos }, (_, i) => ({
      bucket: 'hazards',
      path: `${id}/${i}.jpg`,
      blob: new Blob([`photo ${i}`], { type: 'image/jpeg' }),
    })),
  }
}

const opened: Outbox[] = []
let clock = 1_000_000
const open = (user: string, server: OutboxTransport, changed = () => {}): Outbox => {
  const box = openOutbox(user, server, changed, () => clock)
  opened.push(box)
  return box
}
/** A tab that is gone: no code of it runs any more, and the browser gives its lock away. */
const never = () => new Promise<never>(() => undefined)

// Node 20 has no navigator.locks: one queue a name is what the browser gives.
class Locks {
  private readonly tails = new Map<string, Promise<unknown>>()
  request<T>(name: string, run: () => Promise<T>): Promise<T> {
    const turn = (this.tails.get(name) ?? Promise.resolve()).then(run)
    this.tails.set(
      name,
      turn.catch(() => undefined),
    )
    return turn
  }
  /** The holder crashed. */
  drop(): void {
    this.tails.clear()
  }
}
let locks: Locks

beforeEach(() => {
  locks = new Locks()
  vi.stubGlobal('navigator', { locks })
  clock = 1_000_000
})
afterEach(async () => {
  for (const box of opened.splice(0)) box.close()
  await closeShelf()
  await new Promise<void>((done, reject) => {
    const request = indexedDB.deleteDatabase(OUTBOX_DATABASE)
    request.onsuccess = () => done()
    request.onerror = () => reject(request.error)
  })
  vi.unstubAllGlobals()
})

it('keeps first, sends photos, then the report, and keeps the answer but not the bytes', async () => {
  const server = new Server()
  const box = open(ANNA, server)
  const entry = report()
  await box.add(entry)
  await box.flush()
  expect([...server.files.keys()]).toEqual([`${entry.id}/0.jpg`, `${entry.id}/1.jpg`])
  expect(server.hazards.get(entry.id)?.user).toBe(ANNA)
  const [kept] = await box.list()
  expect(kept).toMatchObject({ state: 'done', answer: { status: 'ok' }, reason: null })
  expect(kept?.files.every((file) => file.blob === null && file.sent)).toBe(true)
})

it('waits without a network, and sends everything in order when it is asked again', async () => {
  const server = new Server()
  server.noNetwork = true
  const box = open(ANNA, server)
  const entries = [report(1), report(0), report(3)]
  for (const entry of entries) {
    clock += 10
    await box.add(entry)
  }
  await box.flush()
  expect((await box.list()).map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting'])
  expect(await unsentOf(ANNA)).toBe(3)
  expect([server.uploads, server.calls]).toEqual([0, 0])
  server.noNetwork = false
  await box.retry()
  expect([...server.hazards.keys()]).toEqual(entries.map(({ id }) => id))
  expect(await unsentOf(ANNA)).toBe(0)
})

it('a crash between the last photo and the report: the next start sends the report, and no photo twice', async () => {
  const server = new Server()
  const entry = report(2)
  let reached = () => {}
  const crashed = new Promise<void>((done) => {
    reached = done
  })
  server.before = async (step) => {
    if (step === 'upload') return undefined
    reached()
    return never()
  }
  const first = open(ANNA, server)
  await first.add(entry)
  await crashed
  first.close()
  locks.drop()
  expect(server.hazards.size).toBe(0)

  server.before = async () => undefined
  const second = open(ANNA, server)
  expect((await second.list())[0]).toMatchObject({ state: 'sending' })
  await second.flush()
  expect(server.hazards.size).toBe(1)
  expect(server.uploads).toBe(2)
  expect((await second.list())[0]?.state).toBe('done')
})

it('a crash inside an upload: that photo is sent again under the same name, the one before it is not', async () => {
  const server = new Server()
  const entry = report(2)
  let count = 0
  let reached = () => {}
  const crashed = new Promise<void>((done) => {
    reached = done
  })
  server.after = async (step) => {
    if (step === 'call' || ++count < 2) return undefined
    reached()
    return never()
  }
  const first = open(ANNA, server)
  await first.add(entry)
  await crashed
  first.close()
  locks.drop()
  server.after = async () => undefined
  await open(ANNA, server).flush()
  expect(server.uploads).toBe(3)
  expect(server.files.size).toBe(2)
  expect(server.hazards.size).toBe(1)
})

it('an answer that got lost: asked again with the same id, one hazard', async () => {
  const server = new Server()
  let lose = true
  server.after = async (step) => (step === 'call' && lose ? offline : undefined)
  const box = open(ANNA, server)
  const entry = report(1)
  await box.add(entry)
  await box.flush()
  expect((await box.list())[0]).toMatchObject({ state: 'waiting', reason: { kind: 'offline' } })
  // the server may have it, so it cannot be taken back
  expect(await box.take(entry.id)).toBeNull()
  lose = false
  await box.retry()
  expect([server.calls, server.hazards.size]).toEqual([2, 1])
  expect((await box.list())[0]?.state).toBe('done')
})

it('the same entry handed in twice is one', async () => {
  const server = new Server()
  const box = open(ANNA, server)
  const entry = report(0)
  await Promise.all([box.add(entry), box.add(entry)])
  await box.flush()
  expect([(await box.list()).length, server.hazards.size]).toEqual([1, 1])
})

it('several tabs: one sends at a time, all see it, nothing is sent twice', async () => {
  const server = new Server()
  let inside = 0
  let most = 0
  server.before = async () => {
    most = Math.max(most, ++inside)
    await new Promise((next) => setTimeout(next, 2))
    inside--
    return undefined
  }
  const heard = [vi.fn(), vi.fn(), vi.fn()]
  const tabs = heard.map((changed) => open(ANNA, server, changed))
  const entries = Array.from({ length: 6 }, () => report(1))
  await Promise.all(entries.map((entry, i) => tabs[i % 3]!.add(entry)))
  await Promise.all(tabs.map((tab) => tab.flush()))
  expect(most).toBe(1)
  expect([server.calls, server.uploads, server.hazards.size]).toEqual([6, 6, 6])
  await vi.waitFor(() => {
    for (const changed of heard) expect(changed.mock.calls.length).toBeGreaterThan(6)
  }, 60_000)
})

it('the tab that was sending is closed: one that waited for its turn goes on', async () => {
  const server = new Server()
  const stuck = { on: true }
  server.before = () => (stuck.on ? never() : Promise.resolve(undefined))
  const first = open(ANNA, server)
  await first.add(report(0))
  await vi.waitFor(() => expect(server.calls).toBe(1), 60_000)
  first.close()
  stuck.on = false
  locks.drop()
  await open(ANNA, server).flush()
  expect(server.hazards.size).toBe(1)
})

it('another person sees nothing of it and sends nothing of it', async () => {
  const server = new Server()
  server.noNetwork = true
  const anna = open(ANNA, server)
  const entry = report(1)
  await anna.add(entry)
  await anna.flush()
  anna.close()
  server.noNetwork = false
  const bert = open(BERT, server)
  await bert.flush()
  await bert.retry(entry.id)
  expect(await bert.list()).toEqual([])
  expect(await bert.take(entry.id)).toBeNull()
  expect(await unsentOf(BERT)).toBe(0)
  expect(server.hazards.size).toBe(0)
  await open(ANNA, server).retry()
  expect(server.hazards.get(entry.id)?.user).toBe(ANNA)
})

it('somebody else holds the session: the entry waits for its owner, and its files stay', async () => {
  const server = new Server()
  server.before = async () => ({ ok: false, reason: { kind: 'signIn', message: '请重新登录' } })
  const box = open(ANNA, server)
  await box.add(report(2))
  await box.flush()
  const [entry] = await box.list()
  expect(entry).toMatchObject({ state: 'waiting', reason: { kind: 'signIn' } })
  expect(await entry!.files[1]!.blob!.text()).toBe('photo 1')
})

it('a refusal stands with its words until a person acts, and holds up nobody behind it', async () => {
  const server = new Server()
  const bad = report(0)
  server.before = async () => (server.calls === 1 ? refused : undefined)
  const box = open(ANNA, server)
  await box.add(bad)
  clock += 10
  await box.add(report(0))
  await box.flush()
  const [first, second] = await box.list()
  expect(first).toMatchObject({ state: 'failed', reason: { kind: 'refused', message: '标题不能为空' } })
  expect(second?.state).toBe('done')
  await box.retry()
  expect(server.hazards.size).toBe(1)
  await box.retry(bad.id)
  expect(server.hazards.size).toBe(2)
})

it('what was refused can be taken back with its photos, once', async () => {
  const server = new Server()
  server.before = async (step) => (step === 'call' ? refused : undefined)
  const box = open(ANNA, server)
  const entry = report(1)
  await box.add(entry)
  await box.flush()
  const taken = await box.take(entry.id)
  expect(taken?.args).toEqual(entry.args)
  expect(await taken!.files[0]!.blob!.text()).toBe('photo 0')
  expect(await box.take(entry.id)).toBeNull()
  expect(await box.list()).toEqual([])
})

it('waits longer after every failure', async () => {
  const server = new Server()
  server.down = true
  const box = open(ANNA, server)
  await box.add(report(0))
  await box.flush()
  const waits: number[] = []
  for (let i = 0; i < 6; i++) {
    const [entry] = await box.list()
    waits.push((entry!.next_at - clock) / 1000)
    // not before its time
    const calls = server.calls
    await box.flush()
    expect(server.calls).toBe(calls)
    clock = entry!.next_at
    await box.flush()
  }
  expect(waits).toEqual([...waits].sort((a, b) => a - b))
  expect(waits[5]).toBeGreaterThan(waits[0]!)
})

it('signing out forgets what has arrived and keeps what has not', async () => {
  const server = new Server()
  const box = open(ANNA, server)
  await box.add(report(1))
  await box.flush()
  server.noNetwork = true
  await box.add(report(1))
  await box.flush()
  await forgetArrived()
  expect((await box.list()).map(({ state }) => state)).toEqual(['waiting'])
  expect(await unsentOf(ANNA)).toBe(1)
})

it('asking makes no database', async () => {
  expect(await unsentOf(ANNA)).toBe(0)
  await forgetArrived()
  expect(await hasShelf()).toBe(false)
  expect(await indexedDB.databases()).toEqual([])
})

/** A step of a hazard: one after the other, none before the one before it. */
const step = (hazard: string, version: number): NewEntry => {
  const id = randomUUID()
  return {
    id,
    call: 'advance_hazard',
    args: { client_id: id, hazard, version },
    title: '提交复查',
    thread: hazard,
    files: [],
  }
}

it('of one thread the later waits for the earlier, and others do not', async () => {
  const server = new Server()
  server.noNetwork = true
  const before = open(ANNA, server)
  const [first, second, other] = [step('a', 1), step('a', 2), step('b', 1)]
  for (const entry of [first, second, other]) {
    clock += 10
    await before.add(entry)
  }
  await before.flush()
  before.close()
  server.noNetwork = false
  server.before = async (at) =>
    at === 'call' && server.calls === 1 ? { ok: false, reason: { kind: 'busy', message: '稍后' } } : undefined
  clock += 600_000
  const box = open(ANNA, server)
  await box.flush()
  // the first was put off; its second was not tried, the other thread went on
  expect([...server.hazards.keys()]).toEqual([other.id])
  clock += 600_000
  await box.flush()
  expect([...server.hazards.keys()]).toEqual([other.id, first.id, second.id])
})

it('one that was refused holds back its thread until it is said anew or dropped', async () => {
  const server = new Server()
  const conflict: Attempt = {
    ok: false,
    reason: { kind: 'refused', message: '已被他人办理', answer: { status: 'conflict' } },
  }
  server.before = async (at) => (at === 'call' && server.calls === 1 ? conflict : undefined)
  const box = open(ANNA, server)
  const [first, second] = [step('a', 1), step('a', 2)]
  await box.add(first)
  await box.flush()
  clock += 10
  await box.add(second)
  await box.flush()
  expect((await box.list()).map(({ state }) => state)).toEqual(['failed', 'waiting'])
  expect((await box.list())[0]?.reason?.answer).toEqual({ status: 'conflict' })
  expect(server.hazards.size).toBe(0)
  // with what stands now, under the same number: still one step
  expect(await box.amend(second.id, {})).toBe(false)
  expect(await box.amend(first.id, { ...first.args, version: 4 })).toBe(true)
  expect(server.hazards.get(first.id)?.args).toMatchObject({ version: 4 })
  expect((await box.list()).map(({ state }) => state)).toEqual(['done', 'done'])
})
