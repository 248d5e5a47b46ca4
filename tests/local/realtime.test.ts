import { randomUUID } from 'node:crypto'
import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js'
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
})
afterAll(() => server?.close())

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

/** Joins a topic and resolves at the first answer, whatever it is. */
async function join(client: SupabaseClient, topic: string, config: object = {}): Promise<Joined> {
  const channel = client.channel(topic, { config: { private: true, ...config } })
  const joined: Joined = { channel, statuses: [], errors: [], heard: [], system: [] }
  open.push({ client, channel })
  channel.on('broadcast', { event: '*' }, (message) => joined.heard.push(message as Joined['heard'][number]))
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

describe('join', () => {
  it('lets in who may hear, and only them', async () => {
    expect((await join(leader.client, `grid:${grid.root}`)).statuses).toEqual(['SUBSCRIBED'])
    expect((await join(leader.client, `grid:${grid.town}`)).statuses).toEqual(['SUBSCRIBED'])
    expect((await join(town.client, `grid:${grid.town}`)).statuses).toEqual(['SUBSCRIBED'])
    expect((await join(town.client, `user:${town.id}`)).statuses).toEqual(['SUBSCRIBED'])
    for (const topic of [
      `grid:${grid.root}`,
      `grid:${grid.other}`,
      `user:${leader.id}`,
      'sector:1',
      'anything',
      'grid:x',
    ]) {
      const refused = await join(town.client, topic)
      expect(refused.statuses, topic).toEqual(['CHANNEL_ERROR'])
      expect(refused.errors[0]).toBe(
        `Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`,
      )
    }
  })
})
