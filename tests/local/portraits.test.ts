// A portrait from the browser's library to the notice: uploaded by who may, read by who may, gone when replaced.
import { randomUUID } from 'node:crypto'
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from './server.ts'

const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, ...Array(400).fill(7)])
const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...Array(64).fill(7)])

let server: TestServer
let leader: { client: SupabaseClient; id: string }
let stranger: { client: SupabaseClient; id: string }
let member: string
let root: number
/** The portrait that is shown now. */
let shown: string

beforeAll(async () => {
  server = await startTestServer()
  leader = await server.user('leader@test.local')
  stranger = await server.user('stranger@test.local')
  const { rows } = await server.database.query<{ id: number }>(
    `insert into public.grids (code, name, boundary) values ('1', '试验区',
       extensions.ST_Multi(extensions.ST_MakeEnvelope(117, 40, 117.4, 40.2, 4326))) returning id`,
  )
  root = rows[0]!.id
  await server.database.query(`insert into public.profiles (id, name) values ($1, '长')`, [leader.id])
  await server.database.query(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'leader')`, [
    leader.id,
    root,
  ])
  const { data, error } = await leader.client.rpc('appoint', {
    p_grid: root,
    p_person: { name: '员', phone: '13900000000' },
    p_position: 'member',
  })
  expect(error).toBeNull()
  member = data.user_id
})
afterAll(() => server?.close())

const portraits = (who: SupabaseClient) => who.storage.from('portraits')
const put = (who: SupabaseClient, path: string, bytes = jpeg, contentType = 'image/jpeg') =>
  portraits(who).upload(path, new Uint8Array(bytes).buffer, { contentType })

describe('a portrait', () => {
  it('is uploaded, named, shown on the notice, and read back byte for byte', async () => {
    const path = `${member}/${randomUUID()}.jpg`
    expect((await put(leader.client, path)).error).toBeNull()
    const named = await leader.client.rpc('update_person', { p_user: member, p_fields: { photo_path: path } })
    expect(named.data).toEqual({ status: 'ok', user_id: member })
    const { data: notice } = await leader.client.rpc('grid_notice', { p_grid: root })
    expect(notice.notices[0].people).toContainEqual(expect.objectContaining({ user_id: member, photo_path: path }))
    const { data } = await portraits(leader.client).download(path)
    expect(data?.type).toBe('image/jpeg')
    expect(new Uint8Array(await data!.arrayBuffer())).toEqual(jpeg)
    shown = path
  })

  it('is replaced, and the one before removed', async () => {
    const [before, path] = [shown, `${member}/${randomUUID()}.jpg`]
    expect((await put(leader.client, path)).error).toBeNull()
    await leader.client.rpc('update_person', { p_user: member, p_fields: { photo_path: path } })
    expect((await portraits(leader.client).remove([before])).error).toBeNull()
    expect((await portraits(leader.client).download(before)).error).not.toBeNull()
    expect((await portraits(leader.client).download(path)).error).toBeNull()
    shown = path
  })

  it('is nobody else’s to write or to see', async () => {
    const path = `${member}/${randomUUID()}.jpg`
    expect((await put(stranger.client, path)).error).not.toBeNull()
    expect((await put(server.client(), path)).error).not.toBeNull()
    expect((await put(leader.client, `${leader.id}/${randomUUID()}.jpg`)).error).not.toBeNull()
    for (const who of [stranger.client, server.client()]) {
      expect((await portraits(who).download(shown)).error).not.toBeNull()
      expect((await portraits(who).createSignedUrl(shown, 60)).error).not.toBeNull()
      expect((await portraits(who).list(member)).data ?? []).toEqual([])
      await portraits(who).remove([shown])
    }
    expect((await portraits(leader.client).download(shown)).error).toBeNull()
  })

  it('is a small JPEG and nothing else', async () => {
    const name = () => `${member}/${randomUUID()}.jpg`
    expect((await put(leader.client, name(), png, 'image/png')).error).not.toBeNull()
    expect((await put(leader.client, name(), png)).error).not.toBeNull()
    const large = new Uint8Array(600_000)
    large.set(jpeg)
    expect((await put(leader.client, name(), large)).error).not.toBeNull()
  })
})
