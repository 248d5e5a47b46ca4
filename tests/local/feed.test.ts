// What must hold whatever the network does: the client's state equals the server's soon after it is connected again;
// nothing lost, nothing twice, nothing out of scope. The seed is printed; SAFEGRID_SEED repeats a run.
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import WebSocket from 'ws'
import type { Change } from '../../src/db/change.ts'
import type { FeedState } from '../../src/db/changes.ts'
import { loadKeys } from '../../supabase/local/keys.ts'
import { between, pick, random } from '../../supabase/seed/random.ts'
import { npmStart } from './child.ts'
import { nativeCopy } from './native.ts'
import { password, startTestServer, type TestServer } from './server.ts'

const seed = Number(process.env.SAFEGRID_SEED ?? Math.floor(Math.random() * 1e9))
console.log(`SAFEGRID_SEED=${seed}`)
const next = random(seed)
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20)
}

/** A network that can be made bad: messages are dropped, sockets cut, requests fail. */
class Network {
  bad = false
  /** The tab sleeps: nothing it is told arrives, nothing it asks leaves, and no socket says that it is gone. */
  asleep = false
  readonly dropped = { messages: 0, sockets: 0, requests: 0 }
  readonly sockets = new Set<WebSocket>()

  readonly fetch: typeof fetch = async (...args) => {
    while (this.asleep) await pause(20)
    if (this.bad && next() < 0.1) {
      this.dropped.requests += 1
      throw new TypeError('fetch failed')
    }
    const answer = await fetch(...args)
    while (this.asleep) await pause(20)
    return answer
  }

  cut(): void {
    this.dropped.sockets += this.sockets.size
    for (const socket of this.sockets) socket.terminate()
  }

  readonly transport = ((network: Network) =>
    class extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(address, protocols)
        network.sockets.add(this)
        this.on('close', () => network.sockets.delete(this))
      }

      override emit(event: string | symbol, ...args: unknown[]): boolean {
        if (event === 'message' && network.asleep) return false
        // binary frames are the broadcasts
        if (event === 'message' && args[1] === true && network.bad && next() < 0.3) {
          network.dropped.messages += 1
          return false
        }
        return super.emit(event, ...args)
      }
    })(this)
}

/** What a page listens to of its window; only for a moment, or PGlite takes this for a browser. */
function inWindow<T>(work: () => T, page = new EventTarget()): T {
  vi.stubGlobal('window', Object.assign(new EventTarget(), { document: page }))
  try {
    return work()
  } finally {
    vi.unstubAllGlobals()
  }
}

/** A page as far as data goes: what it was told, and what it therefore shows. */
interface Page {
  shown: Map<string, number>
  told: Change[]
  resyncs: string[]
  states: FeedState[]
  state(): FeedState
  /** Somebody looks at the tab again. */
  wake(): void
  stop(): void
}

type Row = { id: string; row_version: number }

/** All of them: the API gives a thousand at a time. Null when one request failed. */
async function everyRow(client: SupabaseClient): Promise<Row[] | null> {
  const rows: Row[] = []
  for (;;) {
    const after = rows.at(-1)?.id ?? '00000000-0000-0000-0000-000000000000'
    const { data } = await client.from('enterprises').select('id,row_version').gt('id', after).order('id').limit(1000)
    if (!data) return null
    rows.push(...(data as Row[]))
    if (data.length < 1000) return rows
  }
}

/** Opens a page of its own: the modules of src/db anew, with this client under them. */
async function openPage(client: SupabaseClient, topics: string[]): Promise<Page> {
  vi.resetModules()
  vi.doMock('../../src/db/client', () => ({ supabase: () => client }))
  const { followChanges } = await import('../../src/db/changes.ts')
  const { noteReachable, watchConnection } = await import('../../src/db/connection.ts')
  const unwatch = inWindow(() => watchConnection(async () => (await client.rpc('me')).status > 0))
  const page: Omit<Page, 'state' | 'wake' | 'stop'> = { shown: new Map(), told: [], resyncs: [], states: [] }
  // What a store does: gathers what changed while it asks, and asks for all of that next.
  let wanted = new Set<string>()
  let everything = false
  let working = false
  const rows = async (ids: string[] | null) => {
    if (!ids) return everyRow(client)
    const { data } = await client.from('enterprises').select('id,row_version').in('id', ids)
    return data as Row[] | null
  }
  async function work(): Promise<void> {
    if (working) return
    working = true
    while (everything || wanted.size > 0) {
      if (everything) {
        everything = false
        wanted.clear()
        const all = await rows(null)
        if (all) page.shown = new Map(all.map((row) => [row.id, row.row_version]))
        else everything = true
      } else {
        const ids = [...wanted].slice(0, 150)
        wanted = new Set([...wanted].slice(150))
        const found = await rows(ids)
        for (const id of ids) {
          if (found) page.shown.delete(id)
          else wanted.add(id)
        }
        for (const row of found ?? []) page.shown.set(row.id, row.row_version)
      }
    }
    working = false
  }
  const follow = () =>
    followChanges({
      topics,
      onState: (state) => page.states.push(state),
      onResync(reason) {
        page.resyncs.push(reason)
        everything = true
        void work()
      },
      onChanges(changes) {
        page.told.push(...changes)
        for (const { entity, id } of changes) if (entity === 'enterprise') wanted.add(id)
        void work()
      },
    })
  const sight = new EventTarget()
  const feed = inWindow(follow, sight)
  return {
    ...page,
    get shown() {
      return page.shown
    },
    state: () => feed.state.value,
    wake: () => sight.dispatchEvent(new Event('visibilitychange')),
    stop() {
      feed.stop()
      inWindow(unwatch)
      noteReachable(true)
    },
  }
}

const truth = async (client: SupabaseClient): Promise<string[]> => {
  const rows = await everyRow(client)
  if (!rows) throw new Error('the rows could not be read')
  return rows.map((row) => `${row.id} ${row.row_version}`).sort()
}
const shown = (page: Page) => [...page.shown].map(([id, version]) => `${id} ${version}`).sort()

describe('a bad network and many writers', () => {
  let server: TestServer
  const grid: Record<string, number> = {}
  beforeAll(async () => {
    server = await startTestServer()
    for (const [code, parent, west, width] of [
      ['1', null, 117, 0.2],
      ['11', '1', 117, 0.1],
      ['12', '1', 117.1, 0.1],
    ] as const) {
      const { rows } = await server.database.query<{ id: number }>(
        `insert into public.grids (code, name, parent_id, boundary) values ($1, $1, (select id from public.grids where code = $2),
         extensions.st_multi(extensions.st_setsrid(extensions.st_makeenvelope($3, 40, $4, 40.1), 4326))) returning id`,
        [code, parent, west, west + width],
      )
      grid[code] = rows[0]!.id
    }
    await server.database.exec(`insert into public.sectors (code, name) values ('gm', '工贸')`)
  })
  afterAll(() => server?.close())

  async function person(email: string, at: number, network: Network): Promise<SupabaseClient> {
    const { id } = await server.user(email)
    await server.database.query('insert into public.profiles (id, name) values ($1, $2)', [id, email])
    await server.database.query(
      `insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'leader')`,
      [id, at],
    )
    const client = createClient(server.url, server.publishableKey, {
      auth: { persistSession: false, autoRefreshToken: false },
      global: { fetch: network.fetch },
      realtime: { transport: network.transport as never },
    })
    const { error } = await client.auth.signInWithPassword({ email, password })
    if (error) throw error
    return client
  }

  it('end in the same state on both sides', async () => {
    const network = new Network()
    const [leader, town] = [
      await person('leader@test.local', grid['1']!, network),
      await person('town@test.local', grid['11']!, network),
    ]
    const everyone = {
      leader: await openPage(leader, [`grid:${grid['1']}`]),
      town: await openPage(town, [`grid:${grid['11']}`]),
    }
    await until(() => everyone.leader.state() === 'live' && everyone.town.state() === 'live')

    // What was ever within the township, by the writers' own account.
    const everInTown = new Set<string>()
    const ids: string[] = []
    const place = () => (next() < 0.5 ? 117.05 : 117.15)
    let [writing, commits] = [true, 0]
    const write = async () => {
      while (writing) {
        const steps = between(next, 1, 3)
        const undo = next() < 0.15
        const made: string[] = []
        const inTown: string[] = []
        const lon = Array.from({ length: steps }, place)
        const kinds = Array.from({ length: steps }, next)
        const chosen = Array.from({ length: steps }, () => (ids.length ? pick(next, ids) : ''))
        const waits = Array.from({ length: steps }, () => between(next, 0, 25))
        await server.database
          .transaction(async (session) => {
            for (let i = 0; i < steps; i++) {
              const kind = kinds[i]!
              if (kind < 0.4 || !chosen[i]) {
                const { rows } = await session.query<{ id: string }>(
                  `insert into public.enterprises (code, name, sector_id, location)
                   select gen_random_uuid(), '厂', s.id, extensions.st_setsrid(extensions.st_makepoint($1, 40.05), 4326) from public.sectors s
                   returning id`,
                  [lon[i]],
                )
                made.push(rows[0]!.id)
                if (lon[i] === 117.05) inTown.push(rows[0]!.id)
              } else if (kind < 0.7) {
                await session.query('update public.enterprises set employees = $2 where id = $1', [chosen[i], i])
              } else if (kind < 0.9) {
                await session.query(
                  'update public.enterprises set location = extensions.st_setsrid(extensions.st_makepoint($2, 40.05), 4326) where id = $1',
                  [chosen[i], lon[i]],
                )
                if (lon[i] === 117.05) inTown.push(chosen[i]!)
              } else await session.query('delete from public.enterprises where id = $1', [chosen[i]])
              // the earlier of two transactions is often the later to commit
              await pause(waits[i]!)
            }
            if (undo) throw new Error('taken back')
            for (const id of inTown) everInTown.add(id)
          })
          .then(() => {
            ids.push(...made)
            commits += 1
          })
          // taken back, or two writers waited for each other
          .catch(() => undefined)
      }
    }
    network.bad = true
    const writers = Array.from({ length: 8 }, write)
    for (let i = 0; i < 5 || commits <= 20 || network.dropped.messages <= 3; i++) {
      await pause(between(next, 1_300, 2_600))
      network.cut()
    }
    writing = false
    await Promise.all(writers)
    network.bad = false
    const { town: small, leader: large } = everyone
    await until(() => large.state() === 'live' && small.state() === 'live')
    // two seconds on a machine of its own; how long it takes on a busy one is no matter of right or wrong
    const settled = async (page: Page, client: SupabaseClient) =>
      JSON.stringify(shown(page)) === JSON.stringify(await truth(client))
    for (let i = 0; i < 120; i++) {
      if ((await settled(large, leader)) && (await settled(small, town))) break
      await pause(500)
    }

    expect(commits).toBeGreaterThan(20)
    expect(network.dropped.messages).toBeGreaterThan(3)
    expect(network.dropped.sockets).toBeGreaterThan(3)
    expect(shown(large)).toEqual(await truth(leader))
    expect(shown(small)).toEqual(await truth(town))
    expect(large.shown.size).toBeGreaterThan(small.shown.size)
    // nothing twice: a version of a thing is told once
    for (const page of [large, small]) {
      const versions = page.told.map(({ entity, id, row_version }) => `${entity} ${id} ${row_version}`)
      expect(versions.length - new Set(versions).size).toBe(0)
      expect(page.resyncs).toEqual(['start'])
    }
    // nothing that was never theirs
    const strange = small.told.filter(({ entity, id }) => entity !== 'enterprise' || !everInTown.has(id))
    expect(strange).toEqual([])

    // a right taken: everything is loaded anew, and there is nothing any more
    const user = (await town.auth.getUser()).data.user!.id
    await server.database.query('delete from public.memberships where user_id = $1', [user])
    await until(() => small.resyncs.includes('scope') && small.shown.size === 0)
    const before = small.told.length
    await server.database.query('update public.enterprises set employees = 7')
    await until(() => large.told.at(-1)?.row_version !== null && large.shown.size > 0)
    await pause(1_500)
    expect(small.told.length).toBe(before)
    large.stop()
    small.stop()
    await Promise.all([leader.realtime.disconnect(), town.realtime.disconnect()])
  })
})

describe('a tab that slept', () => {
  it('shows what is there as soon as it is looked at, each thing told once', async () => {
    const server = await startTestServer()
    const network = new Network()
    try {
      const { rows } = await server.database.query<{ id: number }>(
        `insert into public.grids (code, name, boundary) values ('1', '县',
         extensions.st_multi(extensions.st_setsrid(extensions.st_makeenvelope(117, 40, 117.2, 40.1), 4326))) returning id`,
      )
      await server.database.exec(`insert into public.sectors (code, name) values ('gm', '工贸')`)
      const { id } = await server.user('leader@test.local')
      await server.database.query('insert into public.profiles (id, name) values ($1, $2)', [id, '领导'])
      await server.database.query(
        `insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'leader')`,
        [id, rows[0]!.id],
      )
      const client = createClient(server.url, server.publishableKey, {
        auth: { persistSession: false, autoRefreshToken: false },
        global: { fetch: network.fetch },
        realtime: { transport: network.transport as never },
      })
      await client.auth.signInWithPassword({ email: 'leader@test.local', password })
      const add = (code: string) =>
        server.database.query(
          `insert into public.enterprises (code, name, sector_id, location)
           select $1, '厂', s.id, extensions.st_setsrid(extensions.st_makepoint(117.1, 40.05), 4326) from public.sectors s`,
          [code],
        )
      await add('first')
      const page = await openPage(client, [`grid:${rows[0]!.id}`])
      await until(() => page.state() === 'live' && page.shown.size === 1)
      network.asleep = true
      const before = shown(page)
      for (let i = 0; i < 40; i++) {
        await add(String(i))
        const change = next() < 0.3 ? 'delete from' : 'update'
        await server.database.query(
          `${change} public.enterprises ${change === 'update' ? 'set employees = coalesce(employees, 0) + 1' : ''}
           where id = (select id from public.enterprises order by md5(id::text || $1) limit 1)`,
          [String(i)],
        )
      }
      await pause(1_000)
      expect([page.told, shown(page)]).toEqual([[], before])
      network.asleep = false
      page.wake()
      for (let i = 0; i < 120 && JSON.stringify(shown(page)) !== JSON.stringify(await truth(client)); i++)
        await pause(250)
      expect(shown(page)).toEqual(await truth(client))
      const versions = page.told.map(({ id: row, row_version }) => `${row} ${row_version}`)
      expect(versions.length - new Set(versions).size).toBe(0)
      expect(page.resyncs).toEqual(['start'])
      page.stop()
      await client.realtime.disconnect()
    } finally {
      await server.close()
    }
  })
})

describe('a server that is killed', () => {
  it('is followed again after its restart, from where the page was', { timeout: 400_000 }, async () => {
    const data = mkdtempSync(join(tmpdir(), 'safegrid-feed-'))
    const native = await nativeCopy()
    const port = String(await freePort())
    const email = 'admin@test.local'
    const flags = [
      '--port',
      port,
      '--data',
      data,
      '--empty',
      '--api-only',
      ...(native ? ['--database-url', native.url] : []),
    ]
    const begin = async () => {
      const child = npmStart(flags, { ADMIN_EMAIL: email, ADMIN_PASSWORD: password })
      await child.printed(/已就绪/)
      return child
    }
    let child = await begin()
    try {
      const keys = loadKeys(join(data, 'keys.json'))
      const network = new Network()
      const open = (key: string) =>
        createClient(`http://localhost:${port}`, key, {
          auth: { persistSession: false, autoRefreshToken: false },
          realtime: { transport: network.transport as never },
        })
      const service = open(keys.secret)
      const boundary = {
        type: 'Polygon',
        coordinates: [
          [
            [117, 40],
            [117.2, 40],
            [117.2, 40.1],
            [117, 40.1],
            [117, 40],
          ],
        ],
      }
      const made = await service.rpc('commit_grid_boundaries', {
        p_changes: [{ code: '1', name: '县', kind: 'area', boundary }],
        p_options: {},
      })
      await service.from('sectors').insert({ code: 'gm', name: '工贸' })
      const sector = (await service.from('sectors').select('id').single()).data!.id
      const admin = open(keys.publishable)
      await admin.auth.signInWithPassword({ email, password })
      const page = await openPage(admin, [`grid:${made.data.grids[0].id}`])
      await until(() => page.state() === 'live')
      // every write that was acknowledged, and some that were cut off half-way
      let acknowledged = 0
      const add = async () => {
        const { error } = await service.from('enterprises').insert({
          code: String(next()),
          name: '厂',
          sector_id: sector,
          location: 'SRID=4326;POINT(117.1 40.05)',
        })
        if (!error) acknowledged += 1
      }
      for (let round = 0; round < 2; round++) {
        const writes = Array.from({ length: 12 }, () => pause(between(next, 0, 300)).then(add))
        const before = acknowledged
        await until(() => acknowledged >= before + 2)
        await pause(between(next, 0, 60))
        child.process.kill('SIGKILL')
        await Promise.all([child.ended, ...writes])
        child = await begin()
        await until(() => page.state() === 'live')
        for (let i = 0; i < 240 && JSON.stringify(shown(page)) !== JSON.stringify(await truth(admin)); i++)
          await pause(250)
        expect(shown(page)).toEqual(await truth(admin))
        expect(page.shown.size).toBeGreaterThanOrEqual(acknowledged)
      }
      expect(acknowledged).toBeGreaterThan(0)
      expect(page.states).toContain('offline')
      expect(page.resyncs).toEqual(['start'])
      page.stop()
      await admin.realtime.disconnect()
    } finally {
      child.process.kill('SIGKILL')
      await child.ended
      await native?.drop()
      rmSync(data, { recursive: true, force: true })
    }
  })
})

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => done(port))
    })
  })
}
