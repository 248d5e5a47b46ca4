// The grounds that come as tiles: from a tile server of any kind, and 天地图 by its addresses.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../supabase/local/database'
import { readOptions } from '../../supabase/local/options'
import { type Running, start } from '../../supabase/local/start'
import { openEmbedded } from '../../supabase/local/testing'
import { openBrowser, shot } from './browser'
import { mapReady, mapStill, signIn, watchErrors } from './person'
import { pmtilesArchive, pngTile, vectorTile } from './tiles/make'

const admin = { ADMIN_EMAIL: 'anban@example.cn', ADMIN_PASSWORD: 'first-Admin-2026' }
const green = pngTile([20, 180, 60])
const archive = pmtilesArchive(3)
let tiles: Server
let tileUrl: string
let asked: string[] = []
let database: Database
let server: Running | undefined
let browser: BrowserContext

function answer(path: string, range: string | undefined): { status: number; body: Uint8Array; type: string } {
  const [, kind, z, x, y] = /^\/(raster|vector)\/(\d+)\/(\d+)\/(\d+)/.exec(path) ?? []
  if (kind === 'raster') return { status: 200, body: green, type: 'image/png' }
  if (kind === 'vector') {
    const body = vectorTile(Number(z), Number(x), Number(y))
    return { status: body ? 200 : 404, body: body ?? new Uint8Array(), type: 'application/x-protobuf' }
  }
  const [from, to] = (/bytes=(\d+)-(\d+)/.exec(range ?? '') ?? []).slice(1).map(Number)
  if (path !== '/world.pmtiles' || from === undefined || to === undefined)
    return { status: 404, body: new Uint8Array(), type: 'text/plain' }
  return { status: 206, body: archive.subarray(from, to + 1), type: 'application/octet-stream' }
}

beforeAll(async () => {
  tiles = createServer((request, response) => {
    asked.push(request.url ?? '')
    const { status, body, type } = answer(request.url ?? '', request.headers.range)
    response.writeHead(status, { 'content-type': type, 'access-control-allow-origin': '*' }).end(body)
  }).listen(0, '127.0.0.1')
  await new Promise((up) => tiles.once('listening', up))
  tileUrl = `http://127.0.0.1:${(tiles.address() as AddressInfo).port}`
  database = await openEmbedded()
  process.env.ADMIN_EMAIL = admin.ADMIN_EMAIL
  process.env.ADMIN_PASSWORD = admin.ADMIN_PASSWORD
  browser = await openBrowser()
})
afterEach(async () => {
  await server?.close()
  await browser.clearCookies()
  asked = []
})
afterAll(async () => {
  delete process.env.ADMIN_EMAIL
  delete process.env.ADMIN_PASSWORD
  await browser?.close()
  tiles.close()
  await database?.close()
})

async function openMap(basemap: object, prepare?: (page: Page) => Promise<unknown>) {
  const file = join(mkdtempSync(join(tmpdir(), 'safegrid-ground-')), 'basemap.json')
  writeFileSync(file, JSON.stringify(basemap))
  const data = mkdtempSync(join(tmpdir(), 'safegrid-data-'))
  // one database for all of them: only the ground differs
  const kept = { ...database, close: async () => undefined }
  server = await start({
    ...readOptions(['--port', '0', '--data', data, '--empty', '--basemap', file], {}),
    database: kept,
  })
  const page = await browser.newPage()
  const errors = watchErrors(page)
  await prepare?.(page)
  await signIn(page, server.url, admin.ADMIN_EMAIL, admin.ADMIN_PASSWORD, '/map?c=117.4,40.05,8')
  await mapReady(page)
  await mapStill(page)
  return { page, errors }
}

/** The colour of the page at a place where nothing but ground is. */
async function colourAt(page: Page, x: number, y: number): Promise<number[]> {
  const picture = (await page.screenshot({ clip: { x, y, width: 4, height: 4 } })).toString('base64')
  const blank = await browser.newPage()
  const colour = await blank.evaluate(async (data) => {
    const image = new Image()
    image.src = `data:image/png;base64,${data}`
    await image.decode()
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('2d')
    context?.drawImage(image, 0, 0)
    return [...(context?.getImageData(1, 1, 1, 1).data ?? [])].slice(0, 3)
  }, picture)
  await blank.close()
  return colour
}

const source = { crs: 'WGS84', attribution: '试验底图' }

describe('a ground of tiles', () => {
  it('raster: asked for by zoom, column and row, drawn under everything, named on the map', async () => {
    const { page, errors } = await openMap({ kind: 'raster', url: `${tileUrl}/raster/{z}/{x}/{y}.png`, ...source })
    const [red, greenPart, blue] = (await colourAt(page, 1000, 640)) as [number, number, number]
    expect(greenPart).toBeGreaterThan(Math.max(red, blue) + 20)
    // 117.4, 40.05 lies in this tile of zoom 8 (256 px tiles are asked for one zoom further in)
    expect(asked).toContain('/raster/9/422/194.png')
    expect(await page.textContent('body')).toContain('试验底图')
    expect(errors).toEqual([])
    await shot(page, 'ground-raster')
    await page.close()
  })

  it.each(['vector', 'pmtiles'])('%s: water is drawn in the colour of the palette', async (kind) => {
    const url = kind === 'vector' ? `${tileUrl}/vector/{z}/{x}/{y}.pbf` : `${tileUrl}/world.pmtiles`
    const { page, errors } = await openMap({ kind, url, ...source })
    expect(await colourAt(page, 1000, 640)).toEqual([0xd3, 0xe0, 0xe6])
    expect(errors).toEqual([])
    await shot(page, `ground-${kind}`)
    await page.close()
  })

  it('天地图: its two layers, with the key, from the hosts that the policy allows', async () => {
    const { page, errors } = await openMap({ kind: 'tianditu', key: 'a key', style: 'vec' }, (page) =>
      page.route('https://*.tianditu.gov.cn/**', (route) => {
        asked.push(route.request().url())
        return route.fulfill({ contentType: 'image/png', headers: { 'access-control-allow-origin': '*' }, body: green })
      }),
    )
    const layers = new Set(asked.map((url) => new URL(url).searchParams.get('LAYER')))
    expect([...layers].sort()).toEqual(['cva', 'vec'])
    expect(new Set(asked.map((url) => new URL(url).searchParams.get('tk')))).toEqual(new Set(['a key']))
    const [red, greenPart] = (await colourAt(page, 1000, 640)) as [number, number]
    expect(greenPart).toBeGreaterThan(red + 20)
    expect(errors).toEqual([])
    await page.close()
  })

  it('of which no tile is there is said to be missing, and the map works without it', async () => {
    const { page, errors } = await openMap({ kind: 'raster', url: `${tileUrl}/nowhere/{z}/{x}/{y}.png`, ...source })
    await page.waitForSelector('text=底图读取失败')
    expect(asked.some((path) => path.startsWith('/nowhere/'))).toBe(true)
    expect(await page.locator('[data-testid=map] canvas').count()).toBe(1)
    expect(errors).toEqual([])
    await shot(page, 'ground-missing')
    await page.close()
  })
})
