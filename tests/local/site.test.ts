import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Basemap } from '../../supabase/local/basemap.ts'
import { newState, route, type State } from '../../supabase/local/router.ts'
import { Site } from '../../supabase/local/site.ts'

const folder = mkdtempSync(join(tmpdir(), 'safegrid-site-'))
const script = `console.log(${JSON.stringify('网格'.repeat(2000))})`
let site: Site

beforeAll(() => {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>')
  writeFileSync(join(folder, 'assets', 'main-3f2a.js'), script)
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>')
  writeFileSync(join(folder, '..', 'outside.txt'), 'secret')
  site = new Site(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function ready(basemap: Basemap = { kind: 'plain' }, trustProxy = false): State {
  const lite = { fetch: async () => Response.json({ from: 'lite' }) }
  const service = {
    lite,
    site,
    basemap,
    publishableKey: 'sb_publishable_x',
    engine: 'test',
    migrations: 3,
    readOnly: () => false,
    functions: (request: Request, next: (request: Request) => Promise<Response>) => next(request),
    adminUsers: async () => new Response(null, { status: 404 }),
  }
  return { ...newState(trustProxy), service }
}
const get = (path: string, headers: Record<string, string> = {}, state = ready()) =>
  route(new Request(`http://grid.example:8080${path}`, { headers }), '203.0.113.1', state)

describe('the interface', () => {
  it('is served compressed as the browser likes it, and the same either way', async () => {
    const bytes = async (encoding: string) => {
      const response = await get('/assets/main-3f2a.js', { 'accept-encoding': encoding })
      return {
        encoding: response.headers.get('content-encoding'),
        body: Buffer.from(await response.arrayBuffer()),
        response,
      }
    }
    const plain = await bytes('identity')
    expect([plain.encoding, plain.body.toString()]).toEqual([null, script])
    const gzip = await bytes('gzip, deflate')
    expect([gzip.encoding, gunzipSync(gzip.body).toString()]).toEqual(['gzip', script])
    const brotli = await bytes('gzip, br')
    expect([brotli.encoding, brotliDecompressSync(brotli.body).toString()]).toEqual(['br', script])
    expect(brotli.body.length).toBeLessThan(plain.body.length / 10)
    expect(plain.response.headers.get('cache-control')).toContain('immutable')
    expect(plain.response.headers.get('content-type')).toContain('text/javascript')
  })

  it('is one page for every address inside it, and only for those who want a page', async () => {
    for (const path of ['/', '/map', '/map?grid=120119106', '/hazards/5f0']) {
      const response = await get(path, { accept: 'text/html,*/*' })
      expect([path, response.status]).toEqual([path, 200])
      expect(await response.text()).toContain('<title>page</title>')
      expect(response.headers.get('cache-control')).toBe('no-cache')
    }
    for (const [path, accept] of [
      ['/nothing.json', '*/*'],
      ['/map', 'application/json'],
      ['/assets/gone-1234.js', 'text/html'],
    ] as const) {
      expect([path, (await get(path, { accept })).status]).toEqual([path, 404])
    }
    const post = new Request('http://grid.example/map', { method: 'POST', headers: { accept: 'text/html' } })
    expect((await route(post, '', ready())).status).toBe(405)
  })

  it('lets nobody out of its folder', async () => {
    for (const path of ['/..%2foutside.txt', '/%2e%2e/outside.txt', '/assets/..%2f..%2foutside.txt', '/%']) {
      const response = await get(path)
      expect([path, response.status >= 400]).toEqual([path, true])
      expect(await response.text()).not.toContain('secret')
    }
  })

  it('is not sent again to one who has it', async () => {
    const etag = (await get('/favicon.svg')).headers.get('etag')!
    expect((await get('/favicon.svg', { 'if-none-match': etag })).status).toBe(304)
  })

  it('may load nothing from elsewhere but the basemap, and may be framed by nobody', async () => {
    const policy = async (basemap?: Basemap) =>
      (await get('/', {}, ready(basemap))).headers.get('content-security-policy')!
    const closed = await policy()
    expect(closed).toContain("default-src 'self'")
    expect(closed).toContain("frame-ancestors 'none'")
    expect(closed).not.toMatch(/https?:/)
    expect(await policy({ kind: 'tianditu', key: 'k', style: 'vec' })).toContain('https://*.tianditu.gov.cn')
    const tiles: Basemap = {
      kind: 'raster',
      url: 'https://{s}.tiles.example/{z}/{x}/{y}.png',
      crs: 'GCJ-02',
      attribution: '',
    }
    expect(await policy(tiles)).toContain("img-src 'self' data: blob: https://*.tiles.example")
    const { headers } = await get('/')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
  })
})

describe('/config.json', () => {
  const config = async (headers: Record<string, string>, state: State) =>
    (await (await get('/config.json', headers, state)).json()) as { supabaseUrl: string }

  it('names the address under which it was asked', async () => {
    expect(await config({}, ready({ kind: 'demo' }))).toEqual({
      supabaseUrl: 'http://grid.example:8080',
      publishableKey: 'sb_publishable_x',
      basemap: { kind: 'demo' },
    })
  })

  it('believes a proxy only when told to', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'grid.county.gov' }
    expect((await config(headers, ready())).supabaseUrl).toBe('http://grid.example:8080')
    expect((await config(headers, ready({ kind: 'plain' }, true))).supabaseUrl).toBe('https://grid.county.gov')
  })
})

describe('while it starts', () => {
  it('says so, and which step it is in', async () => {
    const state = { ...newState(false), step: '应用迁移' }
    const health = await get('/health', {}, state)
    expect(health.status).toBe(503)
    expect(await health.json()).toMatchObject({ status: 'starting', step: '应用迁移' })
    const page = await get('/map', { accept: 'text/html' }, state)
    expect(page.status).toBe(503)
    expect(await page.text()).toContain('应用迁移')
    expect((await get('/rest/v1/grids', {}, state)).status).toBe(503)
  })
})
