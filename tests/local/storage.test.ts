import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from './server.ts'

// A bucket where everybody has a folder of their own.
const prelude = `
  insert into storage.buckets (id, name, public, file_size_limit) values ('own', 'own', false, 1000000), ('open', 'open', true, null);
  create policy "own folder" on storage.objects for all to authenticated
    using (bucket_id in ('own', 'open') and (storage.foldername(name))[1] = (select auth.uid())::text)
    with check (bucket_id in ('own', 'open') and (storage.foldername(name))[1] = (select auth.uid())::text);
`
const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...Array(64).fill(7)])
const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, ...Array(64).fill(7)])

let server: TestServer
let a: { client: SupabaseClient; id: string }
let b: { client: SupabaseClient; id: string }

beforeAll(async () => {
  server = await startTestServer(prelude)
  a = await server.user('a@test.local')
  b = await server.user('b@test.local')
})
afterAll(() => server?.close())

describe('files', () => {
  it('come back as they were sent, as bytes and as a form', async () => {
    const own = a.client.storage.from('own')
    expect((await own.upload(`${a.id}/bytes.png`, png.buffer, { contentType: 'image/png' })).error).toBeNull()
    expect(
      (await own.upload(`${a.id}/照片.png`.replace('照片', 'photo'), new Blob([png], { type: 'image/png' }))).error,
    ).toBeNull()
    for (const name of ['bytes.png', 'photo.png']) {
      const { data, error } = await own.download(`${a.id}/${name}`)
      expect(error).toBeNull()
      expect(data?.type).toBe('image/png')
      expect(new Uint8Array(await data!.arrayBuffer())).toEqual(png)
    }
  })

  it('are nobody else’s: no reading, writing, listing or removing', async () => {
    const foreign = b.client.storage.from('own')
    await a.client.storage.from('own').upload(`${a.id}/mine.png`, png.buffer, { contentType: 'image/png' })
    expect((await foreign.download(`${a.id}/mine.png`)).error).not.toBeNull()
    expect((await foreign.upload(`${a.id}/new.png`, png.buffer, { contentType: 'image/png' })).error).not.toBeNull()
    expect((await foreign.list(a.id)).data ?? []).toEqual([])
    await foreign.remove([`${a.id}/mine.png`])
    expect((await a.client.storage.from('own').download(`${a.id}/mine.png`)).error).toBeNull()
    expect((await server.client().storage.from('own').download(`${a.id}/mine.png`)).error).not.toBeNull()
  })

  it('may be lent by a signed address', async () => {
    const own = a.client.storage.from('own')
    await own.upload(`${a.id}/lent.png`, png.buffer, { contentType: 'image/png' })
    const { data } = await own.createSignedUrl(`${a.id}/lent.png`, 60)
    const response = await fetch(data!.signedUrl)
    expect(response.status).toBe(200)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(png)
    expect((await fetch(`${data!.signedUrl}x`)).status).not.toBe(200)
    const { data: many, error: manyError } = await own.createSignedUrls([`${a.id}/lent.png`, `${a.id}/none.png`], 60)
    expect(manyError).toBeNull()
    expect((await fetch(many![0]!.signedUrl!)).status).toBe(200)
    expect(many![1]!.signedUrl).toBeFalsy()
    const { data: place } = await own.createSignedUploadUrl(`${a.id}/later.png`)
    const put = (bytes: Uint8Array) =>
      server
        .client()
        .storage.from('own')
        .uploadToSignedUrl(place!.path, place!.token, new Uint8Array(bytes).buffer, { contentType: 'image/png' })
    expect((await put(jpeg)).error).toMatchObject({ statusCode: '415' })
    expect((await put(png)).error).toBeNull()
  })

  it('that are not what they are called are refused', async () => {
    const own = a.client.storage.from('own')
    const put = (name: string, bytes: Uint8Array, contentType: string) =>
      own.upload(`${a.id}/${name}`, new Uint8Array(bytes).buffer, { contentType })
    expect((await put('x.png', jpeg, 'image/png')).error).toMatchObject({ statusCode: '415' })
    expect((await put('x.jpg', new TextEncoder().encode('<script>'), 'image/jpeg')).error).toMatchObject({
      statusCode: '415',
    })
    expect((await put('x.svg', new TextEncoder().encode('<svg/>'), 'image/svg+xml')).error).toMatchObject({
      statusCode: '415',
    })
    expect((await own.upload(`${a.id}/form.png`, new Blob([jpeg], { type: 'image/png' }))).error).toMatchObject({
      statusCode: '415',
    })
    expect((await put('ok.jpg', jpeg, 'image/jpeg')).error).toBeNull()
  })

  it('that are too large are refused, by the bucket and by the server', async () => {
    const own = a.client.storage.from('own')
    const large = new Uint8Array(1_000_001)
    large.set(png)
    expect((await own.upload(`${a.id}/large.png`, large.buffer, { contentType: 'image/png' })).error).toMatchObject({
      statusCode: '413',
    })
    const huge = await fetch(`${server.url}/storage/v1/object/open/${a.id}/huge.bin`, {
      method: 'POST',
      headers: { apikey: server.publishableKey, authorization: `Bearer ${await token(a.client)}` },
      body: new Uint8Array(20 * 1024 * 1024 + 1),
    })
    expect(await huge.json()).toMatchObject({ statusCode: '413' })
  })

  it('never lie outside the storage folder, however they are named', async () => {
    for (const key of [
      '..%2f..%2fkeys.json',
      `${a.id}/%2e%2e/%2e%2e/evil.txt`,
      '%2fetc%2fpasswd',
      `${a.id}/a%5cb`,
      `${a.id}/a%00b`,
    ]) {
      const response = await fetch(`${server.url}/storage/v1/object/own/${key}`, {
        method: 'POST',
        headers: { apikey: server.secretKey, 'content-type': 'text/plain' },
        body: 'evil',
      })
      expect([key, response.ok]).toEqual([key, false])
    }
    const files = readdirSync(join(server.data, 'storage'), { recursive: true, withFileTypes: true }).filter((e) =>
      e.isFile(),
    )
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) expect(file.name).toMatch(/^[0-9a-f]{64}(\.json)?$/)
    expect(readFileSync(join(server.data, 'keys.json'), 'utf8')).toContain('sb_secret_')
  })

  it('cannot run as a page of this site', async () => {
    const page = new TextEncoder().encode('<script>alert(1)</script>')
    await a.client.storage.from('open').upload(`${a.id}/page.html`, page.buffer, { contentType: 'text/html' })
    const response = await fetch(a.client.storage.from('open').getPublicUrl(`${a.id}/page.html`).data.publicUrl)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-security-policy')).toContain('sandbox')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('are replaced, removed and gone', async () => {
    const own = a.client.storage.from('own')
    await own.upload(`${a.id}/once.png`, png.buffer, { contentType: 'image/png' })
    expect((await own.upload(`${a.id}/once.png`, png.buffer, { contentType: 'image/png' })).error).toMatchObject({
      statusCode: '409',
    })
    const second = await own.upload(`${a.id}/once.png`, jpeg.buffer, { contentType: 'image/jpeg', upsert: true })
    expect(second.error).toBeNull()
    expect(new Uint8Array(await (await own.download(`${a.id}/once.png`)).data!.arrayBuffer())).toEqual(jpeg)
    expect((await own.remove([`${a.id}/once.png`])).error).toBeNull()
    expect((await own.download(`${a.id}/once.png`)).error).not.toBeNull()
  })
})

async function token(client: SupabaseClient): Promise<string> {
  return (await client.auth.getSession()).data.session!.access_token
}
