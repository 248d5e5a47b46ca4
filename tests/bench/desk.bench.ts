// The duty desk: how soon a report is seen there, what a message to two hundred pages costs the server, and whether a
// desk that has seen 20,000 events is as small as before.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import type { BrowserContext, Page, Route } from 'playwright-core'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Database } from '../../supabase/local/database'
import { loadKeys } from '../../supabase/local/keys'
import { encodeBroadcast } from '../../supabase/local/realtime/frames'
import { serveRealtime } from '../../supabase/local/realtime/server'
import { asPerson } from '../journeys/api'
import { openBrowser } from '../journeys/browser'
import { DEMO_PASSWORD, mapReady, signIn } from '../journeys/person'
import { type RunningServer, startServer } from '../journeys/server'
import { printRatio, type Ratio, ratioOf } from './ratio'

const percentile = (values: number[], part: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))]!
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

// ── how soon it is seen ──────────────────────────────────────────────────────────────────────────────────────────────
const ROUNDS = 40

async function openDesk(server: RunningServer): Promise<{ browser: BrowserContext; page: Page }> {
  const browser = await openBrowser({ viewport: { width: 1366, height: 768 } })
  const page = await browser.newPage()
  await signIn(page, server.url, 'duty@demo.local')
  await page.waitForURL('**/desk')
  await mapReady(page)
  await page.waitForSelector('[data-testid=desk-connection][data-state=live]')
  return { browser, page }
}

/** A page that has nothing but a socket to a server that sends back what it hears. */
async function openEcho(browser: BrowserContext): Promise<{ echo(): Promise<number>; stop(): void }> {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((done) => sockets.once('listening', done))
  sockets.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })))
  const { port } = sockets.address() as AddressInfo
  const page = await browser.newPage()
  await page.evaluate(`new Promise((done) => {
    window.line = new WebSocket('ws://127.0.0.1:${port}')
    line.onopen = done
  })`)
  return {
    echo: () =>
      page.evaluate(`new Promise((done) => {
        const begun = performance.now()
        line.onmessage = () => done(performance.now() - begun)
        line.send('${'x'.repeat(140)}')
      })`),
    stop: () => {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}

/** Writes a row of a small table through the Data API, as an administrator. */
async function inserter(url: string): Promise<(row: object) => Promise<void>> {
  const { publishableKey } = (await (await fetch(`${url}/config.json`)).json()) as { publishableKey: string }
  const headers = { apikey: publishableKey, 'content-type': 'application/json' }
  const signed = await fetch(`${url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email: 'admin@demo.local', password: DEMO_PASSWORD }),
  })
  const { access_token } = (await signed.json()) as { access_token: string }
  return async (row) => {
    const answer = await fetch(`${url}/rest/v1/settings`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${access_token}`, prefer: 'return=minimal' },
      body: JSON.stringify(row),
    })
    await answer.text()
    if (!answer.ok) throw new Error(`insert: HTTP ${answer.status}`)
  }
}

async function benchSeen(server: RunningServer): Promise<Ratio> {
  const { browser, page } = await openDesk(server)
  const other = await openBrowser()
  const { echo, stop } = await openEcho(other)
  try {
    const member = await asPerson(server.url, 'member@demo.local')
    const insert = await inserter(server.url)
    const { root, sectors } = await member<{ root: { bbox: number[] }; sectors: { code: string }[] }>('me')
    const [west, south, east, north] = root.bbox as [number, number, number, number]
    // As text: the loader that runs this file adds helpers to functions, which the page does not have.
    await page.evaluate(`
      window.seenAt = {}
      new MutationObserver(() => {
        for (const row of document.querySelectorAll('[data-testid=desk-waiting]'))
          seenAt[row.dataset.hazard] ??= performance.timeOrigin + performance.now()
      }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-hazard'] })
    `)
    const [ours, bare]: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS + 3; round++) {
      const begun = performance.timeOrigin + performance.now()
      const { hazard } = await member<{ hazard: { id: string } }>('report_hazard', {
        p_hazard: {
          client_id: crypto.randomUUID(),
          title: `测速 ${round}`,
          lon: (west + east) / 2,
          lat: (south + north) / 2,
          sector: sectors[0]!.code,
          severity: 'general',
          source: 'patrol',
        },
      })
      // asked by evaluate: the page's policy forbids what waitForFunction would do
      const look = () => page.evaluate(`window.seenAt['${hazard.id}'] ?? null`) as Promise<number | null>
      let seen = await look()
      while (seen === null) {
        await pause(20)
        seen = await look()
      }
      // the map beside it draws what is new; the next report waits until that is done
      await pause(2_500)
      const sent = performance.now()
      await insert({ key: `bench_${round}`, value: 1 })
      const inserted = performance.now() - sent
      const echoed = await echo()
      if (round < 3) continue
      ours.push((seen - begun) / 1000)
      bare.push((inserted + echoed) / 1000)
    }
    const [mine, theirs] = [percentile(ours, 0.95), percentile(bare, 0.95)]
    printRatio(
      ratioOf(
        'report → seen on another desk / bare insert + WebSocket echo, p50',
        3,
        [percentile(ours, 0.5)],
        [percentile(bare, 0.5)],
      ),
    )
    return {
      name: 'report → seen on another desk / bare insert + WebSocket echo, p95',
      ours: mine,
      bare: theirs,
      ratio: mine / theirs,
      limit: 3,
    }
  } finally {
    stop()
    await Promise.all([browser.close(), other.close()])
  }
}

// ── what a message to many costs ─────────────────────────────────────────────────────────────────────────────────────
const SUBSCRIBERS = 200
const MESSAGES = 200

interface Crowd {
  /** Tells all of them so often; resolves to the server's own time for one delivery, in seconds. */
  tell(say: (i: number) => unknown, times: number): Promise<number>
  stop(): void
}

async function gather(url: string, join?: string): Promise<Crowd> {
  const worker = new Worker(new URL('./listeners.mjs', import.meta.url), {
    workerData: { url, count: SUBSCRIBERS, join },
    execArgv: [],
  })
  await new Promise((done) => worker.once('message', done))
  return {
    async tell(say, times) {
      const all = new Promise<{ heard: number }>((done) => worker.once('message', done))
      worker.postMessage({ expect: times * SUBSCRIBERS })
      await pause(20)
      const before = performance.eventLoopUtilization()
      for (let i = 0; i < times; i++) {
        say(i)
        // one transaction after the other, as they are committed
        await new Promise((done) => setImmediate(done))
      }
      await all
      const { active } = performance.eventLoopUtilization(before)
      return active / 1000 / (times * SUBSCRIBERS)
    },
    stop: () => worker.postMessage({ stop: true }),
  }
}

const listening = (server: Server) =>
  new Promise<number>((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)))

async function benchCrowd(): Promise<Ratio> {
  const keys = loadKeys(join(tmpdir(), `safegrid-bench-${process.pid}`, 'keys.json'))
  // The database's part (who may join; what was committed) is not what is measured here.
  let hear: (words: string) => void = () => {}
  const database = {
    query: async () => ({ rows: [{ may: ['hear'] }] }),
    listen: async (_channel: string, given: (words: string) => void) => {
      hear = given
      return () => {}
    },
  } as unknown as Database
  const [own, plain] = [createServer(), createServer()]
  const realtime = await serveRealtime(own, database, keys)
  const sockets = new WebSocketServer({ server: plain })
  const [ownPort, plainPort] = [await listening(own), await listening(plain)]
  const ours = await gather(
    `ws://127.0.0.1:${ownPort}/realtime/v1/websocket?apikey=${keys.publishable}&vsn=2.0.0`,
    'realtime:grid:1',
  )
  const bare = await gather(`ws://127.0.0.1:${plainPort}`)
  const payload = { entity: 'hazard', op: 'insert', row_version: 1 }
  const word = (i: number) => {
    const id = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`
    return { id, topic: 'grid:1', event: 'change', payload: { ...payload, id } }
  }
  const say = (i: number) => hear(JSON.stringify(word(i)))
  // the bare thing sends the same bytes, made once
  const shout = (i: number) => {
    const { id, event, payload } = word(i)
    const body = Buffer.from(JSON.stringify(payload))
    const bytes = encodeBroadcast('realtime:grid:1', { event, encoding: 1, body }, { id })
    for (const client of sockets.clients as Set<WebSocket>) client.send(bytes)
  }
  const [a, b]: [number[], number[]] = [[], []]
  for (let round = 0; round < 8; round++) {
    const [mine, theirs] = [await ours.tell(say, MESSAGES), await bare.tell(shout, MESSAGES)]
    if (round === 0) continue
    a.push(mine)
    b.push(theirs)
  }
  for (const crowd of [ours, bare]) crowd.stop()
  realtime.close()
  for (const server of [own, plain]) {
    server.closeAllConnections()
    server.close()
  }
  console.log(`1 writer × ${SUBSCRIBERS} subscribers: every one of ${MESSAGES * SUBSCRIBERS * 8} messages delivered`)
  return ratioOf(`server time per delivery to ${SUBSCRIBERS} subscribers / bare ws`, 2, a, b)
}

// ── weeks in a tab ───────────────────────────────────────────────────────────────────────────────────────────────────
const EVENTS = 20_000
const WAITING = 12

/** A feed and a desk of invented hazards between the page and the server: reported, and acknowledged soon after. */
async function invent(page: Page) {
  const row = (n: number) => {
    const at = new Date(Date.now() - 1000).toISOString()
    const settled = n <= made - WAITING
    return {
      id: idOf(n),
      code: `YH-20261122-${n}`,
      title: `第 ${n} 条隐患：安全出口被占用`,
      severity: n % 40 ? 'general' : 'major',
      state: 'reported',
      source: 'patrol',
      sector_id: 1,
      sector: '工贸',
      enterprise: null,
      grid_id: 1,
      place: ['别山镇', '别山村'],
      leaders: [{ grid_id: 1, grid: '别山村', name: '张三', phone: '13900000000' }],
      lon: 117.3 + (n % 100) / 500,
      lat: 40 + (n % 70) / 500,
      reporter: '李四',
      reporter_phone: '13900000001',
      found_at: at,
      reported_at: at,
      due_at: null,
      alarm: {
        raised_at: at,
        due_at: new Date(Date.now() + 600_000).toISOString(),
        acknowledged_at: settled ? at : null,
        name: settled ? '王五' : null,
        role: settled ? '值班员' : null,
        escalated_at: null,
        escalated_to: null,
      },
      seen_by: [],
      row_version: settled ? 2 : 1,
    }
  }
  let made = 0
  let left = 0
  const idOf = (n: number) => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`
  const answer = (route: Route, value: unknown) => route.fulfill({ json: value })
  const open = () => Array.from({ length: Math.min(WAITING, made) }, (_, i) => idOf(made - i))
  await page.route('**/rpc/changes_since', async (route) => {
    if (left === 0) return route.fallback()
    const { p_cursor } = route.request().postDataJSON() as { p_cursor: string }
    // half of them reports, half acknowledgements of what was reported a little earlier
    const part = Math.min(left, 500)
    const changes = Array.from({ length: part }, (_, i) => {
      if (i % 2 === 0) made++
      const n = i % 2 ? Math.max(1, made - WAITING) : made
      return {
        entity: i % 2 ? 'alarm' : 'hazard',
        id: idOf(n),
        op: i % 2 ? 'update' : 'insert',
        row_version: Date.now() * 1000 + i,
        at: null,
      }
    })
    left -= part
    const [epoch] = p_cursor.split('/')
    return answer(route, {
      epoch,
      scope_version: scope,
      cursor: p_cursor,
      caught_up: left === 0,
      resync: false,
      changes,
    })
  })
  await page.route('**/rpc/desk_feed', (route) => {
    const { p_hazards } = route.request().postDataJSON() as { p_hazards: string[] | null }
    if (!p_hazards) return route.fallback()
    const rows = p_hazards.map((id) => row(Number(id.slice(-12))))
    return answer(route, { status: 'ok', now: new Date().toISOString(), minutes: { major: 5, general: 15 }, rows })
  })
  await page.route('**/rpc/desk_counts', async (route) => {
    const real = (await (await route.fetch()).json()) as { unacknowledged: object }
    return answer(route, { ...real, unacknowledged: { count: Math.min(WAITING, made), major: 0, ids: open() } })
  })
  // the map is asked for again with every change; its answer is the same
  let scope = ''
  page.on('response', async (response) => {
    if (!response.url().endsWith('/rpc/changes_since') || scope) return
    scope = ((await response.json().catch(() => ({}))) as { scope_version?: string }).scope_version ?? ''
  })
  await page.reload()
  await mapReady(page)
  while (!scope) await pause(100)
  return async (count: number) => {
    left = count
    while (left > 0) {
      await page.evaluate(`window.dispatchEvent(new Event('online'))`)
      await pause(300)
    }
    // until what was told has been asked for and drawn
    await page.waitForSelector(`[data-testid=desk-waiting][data-hazard="${idOf(made)}"]`, { timeout: 120_000 })
    await pause(6_000)
  }
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}

async function benchHeap(server: RunningServer): Promise<void> {
  const { browser, page } = await openDesk(server)
  try {
    const events = await invent(page)
    await events(2_000)
    const before = await heapOf(page)
    await events(EVENTS)
    const after = await heapOf(page)
    const nodes = await page.evaluate('document.getElementsByTagName("*").length')
    const ratio = after / before
    console.log(
      `${`heap of the desk after ${EVENTS} events / before`.padEnd(66)} ${(after / 1e6).toFixed(1)} MB / ${(before / 1e6).toFixed(1)} MB = ${ratio.toFixed(2)} (limit 1.2, ${ratio <= 1.2 ? 'within' : 'OVER'}); ${nodes} elements`,
    )
  } finally {
    await browser.close()
  }
}

export async function benchDesk(): Promise<void> {
  printRatio(await benchCrowd())
  const server = await startServer()
  try {
    printRatio(await benchSeen(server))
    await benchHeap(server)
  } finally {
    await server.stop()
  }
}
