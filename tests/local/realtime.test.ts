import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join as joinPath } from 'node:path'
import { createClient, type RealtimeChannel, type SupabaseClient } from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { startTestServer, type TestServer } from './server.ts'

// The small Realtime, spoken to by the unmodified supabase-js (and bare sockets, for what that never says).
let server: TestServer
let grid: { root: number; town: number; other: number }
let leader: { client: SupabaseClient; id: string }
let town: { client: SupabaseClient; id: string }

const square = (west: number, width: number) =>
  `extensions.st_multi(extensions.st_setsrid(extensions.st_makeenvelope(${west}, 40, ${west + width}, 40.1), 4326))`

beforeAll(async () => {
  server = await startTestServer()
  const { rows } = await server.database.query<{ root: number; town: number; other: number }>(
    `with root as (insert into public.grids (code, name, boundary) values ('1', '县', ${square(117, 0.2)}) returning id)
     select root.id as root, 0 as town, 0 as other from root`,
  )
  const add = async (code: string, west: number) => {
    const made = await server.database.query<{ id: number }>(
      `insert into public.grids (code, name, parent_id, boundary) values ($1, $1, $2, ${square(west, 0.1)}) returning id`,
      [code, rows[0]!.root],
    )
    return made.rows[0]!.id
  }
  grid = { root: rows[0]!.root, town: await add('11', 117), other: await add('12', 117.1) }
  await server.database.exec(`insert into public.sectors (code, name) values ('gm', '工贸')`)
  leader = await person('leader@test.local', grid.root)
  town = await person('town@test.local', grid.town)
  const listener = await person('listener@test.local', grid.root)
  own = `user:${listener.id}`
  await new Promise<void>((done) => {
    listener.client
      .channel(own, { config: { private: true } })
      .on('broadcast', { event: 'mark' }, ({ payload }) => marks.add(payload.mark))
      .subscribe((status) => status === 'SUBSCRIBED' && done())
  })
})
afterAll(() => server?.close())

const marks = new Set<string>()
let own: string

/** Until the server has told what was committed before: messages go out in the order of commits. */
async function told(): Promise<void> {
  const mark = randomUUID()
  await server.database.query('select realtime.send($1::jsonb, $2, $3)', [JSON.stringify({ mark }), 'mark', own])
  await until(() => marks.has(mark))
}

const open: { client: SupabaseClient; channel: RealtimeChannel }[] = []
afterEach(async () => {
  for (const { client, channel } of open.splice(0)) await client.removeChannel(channel)
})

async function person(email: string, at: number, position = 'leader') {
  const user = await server.user(email)
  await server.database.query('insert into public.profiles (id, name) values ($1, $2)', [user.id, email])
  await server.database.query('insert into public.memberships (user_id, grid_id, position) values ($1, $2, $3)', [
    user.id,
    at,
    position,
  ])
  return user
}

interface Joined {
  channel: RealtimeChannel
  statuses: string[]
  errors: string[]
  heard: { event: string; payload: Record<string, unknown>; meta?: { id: string } }[]
  system: { status: string; message: string }[]
}

/** Joins a topic and resolves at the first answer, whatever it is. What is heard was committed after the call. */
async function join(client: SupabaseClient, topic: string, config: object = {}): Promise<Joined> {
  await told()
  const channel = client.channel(topic, { config: { private: true, ...config } })
  const joined: Joined = { channel, statuses: [], errors: [], heard: [], system: [] }
  open.push({ client, channel })
  channel.on('broadcast', { event: '*' }, (message) => joined.heard.push(message as unknown as Joined['heard'][number]))
  channel.on('system', {}, (message) => joined.system.push(message))
  await new Promise<void>((done) => {
    channel.subscribe((status, error) => {
      joined.statuses.push(status)
      if (error) joined.errors.push(error.message)
      done()
    })
  })
  return joined
}

/** Waits until it holds; the test's own time limit says when to give up. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((next) => setTimeout(next, 5))
}

const addFirm = (lon: number) =>
  server.database.query<{ id: string }>(
    `insert into public.enterprises (code, name, sector_id, location)
     select $1, '厂', s.id, extensions.st_setsrid(extensions.st_makepoint($2, 40.05), 4326) from public.sectors s returning id`,
    [randomUUID(), lon],
  )

const unauthorized = (topic: string) =>
  `Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`

describe('join', () => {
  it('lets in who may hear, and only them', async () => {
    expect((await join(leader.client, `grid:${grid.root}`)).statuses).toEqual(['SUBSCRIBED'])
    expect((await join(leader.client, `grid:${grid.town}`)).statuses).toEqual(['SUBSCRIBED'])
    expect((await join(town.client, `grid:${grid.town}`)).statuses).toEqual(['SUBSCRIBED'])
    expect((await join(town.client, `user:${town.id}`)).statuses).toEqual(['SUBSCRIBED'])
    const foreign = [`grid:${grid.root}`, `grid:${grid.other}`, `user:${leader.id}`, 'sector:1', 'anything', 'grid:x']
    for (const topic of foreign) {
      const refused = await join(town.client, topic)
      expect(refused.statuses, topic).toEqual(['CHANNEL_ERROR'])
      expect(refused.errors).toEqual([unauthorized(topic)])
    }
  })

  it('refuses who is not signed in, and every public channel', async () => {
    const topic = `grid:${grid.town}`
    expect((await join(server.client(), topic)).errors).toEqual([unauthorized(topic)])
    const open = await join(leader.client, 'grid:public', { private: false })
    expect(open.errors[0]).toMatch(/^PrivateOnly/)
  })

  it('answers a wrong key, path or version before any socket is open', async () => {
    const status = (query: string, path = 'websocket') =>
      new Promise<number | undefined>((done) => {
        const socket = new WebSocket(`${server.url.replace('http', 'ws')}/realtime/v1/${path}?${query}`)
        socket.on('unexpected-response', (_request, response) => done(response.statusCode))
        socket.on('open', () => done(101))
        socket.on('error', () => undefined)
      })
    expect(await status('apikey=sb_publishable_wrong&vsn=2.0.0')).toBe(401)
    expect(await status('vsn=2.0.0')).toBe(401)
    expect(await status(`apikey=${server.publishableKey}&vsn=1.0.0`)).toBe(400)
    expect(await status(`apikey=${server.publishableKey}&vsn=2.0.0`, 'other')).toBe(404)
    const bare = await fetch(`${server.url}/realtime/v1/api/broadcast`, { method: 'POST', body: '{}' })
    expect(bare.status).toBe(404)
  })
})

describe('broadcast from the database', () => {
  it('reaches its grid, every ancestor and its sector after the commit, with four fields and no more', async () => {
    const above = await join(leader.client, `grid:${grid.root}`)
    const own = await join(town.client, `grid:${grid.town}`)
    const beside = await join(leader.client, `grid:${grid.other}`)
    const { rows } = await server.database.query<{ id: number }>('select id from public.sectors')
    const sector = await join(leader.client, `sector:${rows[0]!.id}`)
    const firm = await addFirm(117.05)
    const id = firm.rows[0]!.id
    for (const one of [above, own, sector]) {
      await until(() => one.heard.length > 0)
      expect(one.heard).toMatchObject([
        { event: 'change', payload: { entity: 'enterprise', id, op: 'insert', row_version: 1 } },
      ])
      expect(Object.keys(one.heard[0]!.payload).sort()).toEqual(['entity', 'id', 'op', 'row_version'])
      expect(one.heard[0]!.meta?.id).toMatch(/^[0-9a-f-]{36}$/)
    }
    await server.database.query(
      'update public.enterprises set location = extensions.st_translate(location, 0.1, 0) where id = $1',
      [id],
    )
    await until(() => beside.heard.length > 0 && own.heard.length > 1 && above.heard.length > 1)
    expect(beside.heard[0]!.payload).toMatchObject({ op: 'update', id, row_version: 2 })
    expect(own.heard[1]!.payload).toMatchObject({ op: 'delete', id, row_version: 2 })
    expect(above.heard[1]!.payload).toMatchObject({ op: 'update', id, row_version: 2 })
  })

  it('says nothing of what was rolled back, and of many rows only that there were many', async () => {
    const above = await join(leader.client, `grid:${grid.root}`)
    await server.database
      .transaction(async (session) => {
        await session.query(`update public.enterprises set employees = 1`)
        throw new Error('taken back')
      })
      .catch(() => undefined)
    await Promise.all([117.02, 117.03, 117.12].map(addFirm))
    await until(() => above.heard.length === 3)
    await server.database.query('update public.enterprises set employees = 2')
    await until(() => above.heard.length === 4)
    expect(above.heard.slice(0, 3).map(({ payload }) => payload.op)).toEqual(['insert', 'insert', 'insert'])
    expect(above.heard[3]!.payload).toEqual({ entity: 'enterprise', id: null, op: 'many', row_version: null })
  })

  it('carries what NOTIFY cannot', async () => {
    const above = await join(leader.client, `grid:${grid.root}`)
    const words = '网格'.repeat(5_000)
    await server.database.query('select realtime.send($1::jsonb, $2, $3)', [
      JSON.stringify({ words }),
      '大消息',
      `grid:${grid.root}`,
    ])
    await until(() => above.heard.length > 0)
    expect(above.heard).toMatchObject([{ event: '大消息', payload: { words } }])
  })
})

describe('a client', () => {
  it('cannot forge: neither by broadcast, nor by writing a message, nor by sending as the database', async () => {
    const listener = await join(town.client, `grid:${grid.town}`)
    const forger = await join(leader.client, `grid:${grid.town}`, { broadcast: { ack: true, self: true } })
    const payload = { entity: 'hazard', id: randomUUID(), op: 'insert', row_version: 1 }
    expect(await forger.channel.send({ type: 'broadcast', event: 'change', payload })).toBe('error')
    const insert = await leader.client
      .schema('realtime')
      .from('messages')
      .insert({
        topic: `grid:${grid.town}`,
        extension: 'broadcast',
        private: true,
        event: 'change',
        payload,
      })
    expect(insert.error).not.toBeNull()
    const send = await leader.client.schema('realtime').rpc('send', {
      payload,
      event: 'change',
      topic: `grid:${grid.town}`,
      private: true,
    })
    expect(send.error).not.toBeNull()
    await server.database.transaction(async (session) => {
      await session.query(
        `select set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true)`,
        [JSON.stringify({ sub: leader.id, role: 'authenticated' })],
      )
      await session.query('select realtime.send($1::jsonb, $2, $3)', [
        JSON.stringify(payload),
        'change',
        `grid:${grid.town}`,
      ])
    })
    // the next true message is the first that is heard
    const firm = await addFirm(117.04)
    await until(() => listener.heard.length > 0 && forger.heard.length > 0)
    expect(listener.heard[0]!.payload).toMatchObject({ entity: 'enterprise', id: firm.rows[0]!.id })
    expect(forger.heard[0]!.payload).toMatchObject({ entity: 'enterprise', id: firm.rows[0]!.id })
  })

  it('with the secret key may speak, also bytes, and hears itself only when it wants to', async () => {
    const service = server.client(server.secretKey)
    const topic = `grid:${grid.town}`
    const listener = await join(town.client, topic)
    const speaker = await join(service, topic, { broadcast: { ack: true } })
    expect(await speaker.channel.send({ type: 'broadcast', event: '问', payload: { a: '好' } })).toBe('ok')
    const bytes = new Uint8Array([1, 2, 255]).buffer
    expect(await speaker.channel.send({ type: 'broadcast', event: 'bytes', payload: bytes as never })).toBe('ok')
    await until(() => listener.heard.length === 2)
    expect(listener.heard[0]).toMatchObject({ event: '问', payload: { a: '好' } })
    expect([...new Uint8Array(listener.heard[1]!.payload as unknown as ArrayBuffer)]).toEqual([1, 2, 255])
    expect(speaker.heard).toEqual([])
  })

  it('leaves and joins again, and nothing comes in between', async () => {
    const first = await join(town.client, `grid:${grid.town}`)
    expect(await town.client.removeChannel(first.channel)).toBe('ok')
    expect(first.statuses).toEqual(['SUBSCRIBED', 'CLOSED'])
    await addFirm(117.06)
    const second = await join(town.client, `grid:${grid.town}`)
    const firm = await addFirm(117.07)
    await until(() => second.heard.some(({ payload }) => payload.id === firm.rows[0]!.id))
    expect(first.heard).toEqual([])
  })

  it('is answered its heartbeat', async () => {
    const beats: string[] = []
    await join(town.client, `grid:${grid.town}`)
    town.client.realtime.onHeartbeat((status) => beats.push(status))
    await town.client.realtime.sendHeartbeat()
    await until(() => beats.includes('ok'))
    // one that the client sends by itself may have come too
    expect(new Set(beats)).toEqual(new Set(['sent', 'ok']))
  })
})

describe('presence', () => {
  it('shows who is there, what they say now, and who has gone', async () => {
    const topic = `grid:${grid.town}`
    const states: Record<string, unknown>[] = []
    const watcher = leader.client.channel(topic, { config: { private: true, presence: { key: 'watcher' } } })
    open.push({ client: leader.client, channel: watcher })
    const said = () =>
      Object.entries(watcher.presenceState<{ at: string }>()).map(([key, metas]) => `${key}:${metas.map((m) => m.at)}`)
    watcher.on('presence', { event: 'sync' }, () => states.push(watcher.presenceState()))
    await new Promise<void>((done) => void watcher.subscribe((status) => status === 'SUBSCRIBED' && done()))
    // whoever was there before may still be leaving
    await until(() => states.length > 0 && said().length === 0)
    const one = await join(town.client, topic, { presence: { key: 'town' } })
    expect(await one.channel.track({ at: '边界' })).toBe('ok')
    await until(() => said().join() === 'town:边界')
    expect(await one.channel.track({ at: '村' })).toBe('ok')
    await until(() => said().join() === 'town:村')
    // another who comes later sees the present state at once
    const late = await server.user(`late-${randomUUID()}@test.local`)
    await server.database.query('insert into public.profiles (id, name) values ($1, $2)', [late.id, '后来'])
    await server.database.query(
      `insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'member')`,
      [late.id, grid.town],
    )
    const second = await join(late.client, topic, { presence: { key: 'late', enabled: true } })
    await second.channel.track({ at: '巡查' })
    await until(() => said().length === 2)
    expect(await one.channel.untrack()).toBe('ok')
    await until(() => said().join() === 'late:巡查')
    // a page that is closed leaves too
    await late.client.realtime.disconnect()
    await until(() => said().length === 0)
  })
})

describe('the end of a right', () => {
  it('cuts the topic at once when the position is taken', async () => {
    const guest = await person(`guest-${randomUUID()}@test.local`, grid.town, 'member')
    const joined = await join(guest.client, `grid:${grid.town}`)
    const own = await join(guest.client, `user:${guest.id}`)
    await server.database.query('delete from public.memberships where user_id = $1', [guest.id])
    // committed in the next moment: must not arrive, however quick
    await addFirm(117.08)
    await until(() => joined.statuses.includes('CLOSED'))
    expect(joined.system).toMatchObject([{ status: 'error', message: unauthorized(`grid:${grid.town}`) }])
    expect(joined.heard.filter(({ payload }) => payload.entity === 'enterprise')).toEqual([])
    await until(() => own.heard.length > 0)
    expect(own.heard).toMatchObject([{ event: 'rights', payload: { entity: 'me', id: guest.id } }])
    expect(own.statuses).toEqual(['SUBSCRIBED'])
    expect((await join(guest.client, `grid:${grid.town}`)).errors).toEqual([unauthorized(`grid:${grid.town}`)])
  })

  it('cuts everything when the session is ended', async () => {
    const guest = await person(`out-${randomUUID()}@test.local`, grid.town, 'member')
    const joined = await join(guest.client, `grid:${grid.town}`)
    await server.database.query('delete from auth.sessions where user_id = $1', [guest.id])
    await until(() => joined.statuses.includes('CLOSED'))
    expect(joined.system).toMatchObject([{ status: 'error', message: 'Token was revoked' }])
  })

  it('looks at a new token: another person’s is judged anew, a worthless one ends it', async () => {
    const guest = await person(`renew-${randomUUID()}@test.local`, grid.town, 'member')
    const token = async (who: { client: SupabaseClient }) =>
      (await who.client.auth.getSession()).data.session!.access_token
    const joined = await join(guest.client, `grid:${grid.town}`)
    await guest.client.realtime.setAuth(await token(leader))
    const firm = await addFirm(117.09)
    await until(() => joined.heard.length > 0)
    expect(joined.heard[0]!.payload.id).toBe(firm.rows[0]!.id)
    const [head, body] = (await token(guest)).split('.')
    await guest.client.realtime.setAuth(`${head}.${body}.forged`)
    await until(() => joined.statuses.includes('CLOSED'))
    expect(joined.system[0]!.message).toBe('Token is not valid')
  })

  it('ends with the token', async () => {
    const guest = await person(`short-${randomUUID()}@test.local`, grid.town, 'member')
    const topic = `grid:${grid.town}`
    // the client asks for its token whenever it likes, so it is always given this one
    const holding = async (seconds: number) => {
      const exp = Math.floor(Date.now() / 1000) + seconds
      const token = signed({ sub: guest.id, role: 'authenticated', aud: 'authenticated', exp })
      const client = createClient(server.url, server.publishableKey, {
        accessToken: async () => token,
        realtime: { transport: WebSocket as never },
      })
      await client.realtime.setAuth()
      return client
    }
    expect((await join(await holding(-5), topic)).errors[0]).toMatch(/^Token has expired \d+ seconds ago$/)
    // long enough to get in before it ends, however busy the machine
    let term = 2
    let joined = await join(await holding(term), topic)
    while (joined.statuses[0] !== 'SUBSCRIBED') {
      expect(joined.errors[0]).toMatch(/^Token has expired/)
      term *= 2
      joined = await join(await holding(term), topic)
    }
    await until(() => joined.statuses.includes('CLOSED'))
    expect(joined.system[0]!.message).toMatch(/^Token has expired/)
  })
})

/** A token as the server makes it, with claims of our choice. */
function signed(claims: object): string {
  const { jwtSecret } = JSON.parse(readFileSync(joinPath(server.data, 'keys.json'), 'utf8')) as { jwtSecret: string }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${text}.${createHmac('sha256', jwtSecret).update(text).digest('base64url')}`
}

describe('what no client of ours sends', () => {
  const raw = (path = `/realtime/v1/websocket?apikey=${server.publishableKey}&vsn=2.0.0`) =>
    new WebSocket(`${server.url.replace('http', 'ws')}${path}`)
  const alive = async () => expect((await fetch(`${server.url}/health`)).status).toBe(200)

  it.each([null, [], 'x', { presence: null, broadcast: 7 }, { private: true, presence: { key: { toString: 1 } } }])(
    'a join with the config %j',
    async (config) => {
      const socket = raw()
      await new Promise((opened) => socket.once('open', opened))
      const answered = new Promise((heard) => socket.once('message', heard))
      socket.send(JSON.stringify(['1', '1', `realtime:grid:${grid.root}`, 'phx_join', { config }]))
      expect(String(await answered)).toContain('"error"')
      socket.close()
      await alive()
    },
  )

  it.each(['//', 'http://[', '/elsewhere', '/realtime/v2'])('an upgrade at %s, cut off', async (path) => {
    const { port } = new URL(server.url)
    for (const cut of [false, true]) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => {})
      await new Promise<void>((open) => socket.once('connect', () => open()))
      const answered = new Promise<string>((heard) => {
        socket.once('data', (data) => heard(String(data)))
        socket.once('close', () => heard(''))
      })
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
      if (cut) socket.resetAndDestroy()
      else expect(await answered).toMatch(/^HTTP\/1\.1 40[04]/)
      socket.destroy()
    }
    await alive()
  })

  it('keys that every object has, another name, and too many words', async () => {
    const topic = `grid:${grid.town}`
    const first = await join(town.client, topic, { presence: { key: 'constructor' } })
    expect(await first.channel.track({ user_id: leader.id, name: 'somebody else' })).toBe('ok')
    const second = await join(leader.client, topic, { presence: { key: 'second', enabled: true } })
    const present = () => Object.values(second.channel.presenceState<{ user_id: string }>()).flat()
    await until(() => present().length > 0)
    expect(present()).toMatchObject([{ user_id: town.id }])
    expect(await second.channel.track({ words: 'x'.repeat(5000) })).not.toBe('ok')
    await alive()
  })
})
