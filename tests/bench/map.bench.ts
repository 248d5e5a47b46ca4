// The map in a real browser against a page with an empty MapLibre map on the same ground, from the same server kind.
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { makeDemo } from '../../supabase/seed/index'
import { openBrowser } from '../journeys/browser'
import { mapReady } from '../journeys/person'
import { startServer } from '../journeys/server'
import { printRatio, ratioOf } from './ratio'

const root = resolve(import.meta.dirname, '../..')
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
}

/** The geometry of the demo county as GeoJSON: grids of both levels, enterprises, open hazards. */
function demoGeometry() {
  const { county, enterprises, hazards } = makeDemo(new Date())
  const collection = (features: unknown[]) => ({ type: 'FeatureCollection', features })
  const point = ({ lon, lat }: { lon: number; lat: number }) => ({
    type: 'Feature',
    properties: {},
    geometry: { type: 'Point', coordinates: [lon, lat] },
  })
  return {
    grids: collection(
      [...county.townships, ...county.villages].map(({ name, boundary }) => ({
        type: 'Feature',
        properties: { name },
        geometry: boundary,
      })),
    ),
    enterprises: collection(enterprises.map(point)),
    hazards: collection(hazards.filter(({ state }) => state !== 'closed' && state !== 'rejected').map(point)),
  }
}

/** Builds and serves tests/bench/bare/: MapLibre and the ground, nothing else; gzip, as the real server does. */
async function serveBare(): Promise<{ url: string; stop: () => void }> {
  const out = mkdtempSync(join(tmpdir(), 'safegrid-bare-'))
  await build({
    root: join(root, 'tests/bench/bare'),
    publicDir: join(root, 'public'),
    configFile: false,
    logLevel: 'error',
    build: { outDir: out, emptyOutDir: true, target: 'es2022' },
    worker: { format: 'es' },
  })
  await writeFile(join(out, 'bench-data.json'), JSON.stringify(demoGeometry()))
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    readFile(join(out, path === '/' ? 'index.html' : path)).then(
      (bytes) => {
        response.writeHead(200, {
          'content-type': types[extname(path)] ?? (path === '/' ? 'text/html' : 'application/octet-stream'),
          'content-encoding': 'gzip',
        })
        response.end(gzipSync(bytes))
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  const stop = () => {
    server.close()
    rmSync(out, { recursive: true, force: true })
  }
  return { url: `http://127.0.0.1:${port}`, stop }
}

/** Mean frame time in ms while the map is panned to and fro for two seconds with the pointer. */
async function panFrames(page: Page): Promise<number> {
  // As text: the loader that runs this file adds helpers to functions, which the page does not have.
  await page.evaluate(`
    window.benchFrames = []
    requestAnimationFrame(function tick(now) {
      window.benchFrames.push(now)
      requestAnimationFrame(tick)
    })
  `)
  await page.mouse.move(700, 400)
  await page.mouse.down()
  const end = Date.now() + 2000
  for (let i = 0; Date.now() < end; i++) await page.mouse.move(700 + Math.sin(i / 5) * 180, 400 + Math.cos(i / 5) * 90)
  await page.mouse.up()
  const frames = (await page.evaluate('window.benchFrames')) as number[]
  return (frames.at(-1)! - frames[0]!) / (frames.length - 1)
}

const ROUNDS = 5

export async function benchMap(): Promise<void> {
  const [server, bare] = [await startServer(), await serveBare()]
  try {
    const ours: number[] = []
    const empty: number[] = []
    const framesOurs: number[] = []
    const framesBare: number[] = []
    let [backend, asked, script] = [0, 0, 0]
    for (let round = 0; round < ROUNDS; round++) {
      const one = await openBrowser()
      const page = await one.newPage()
      backend = 0
      script = 0
      page.on('response', async (answer) => {
        const address = answer.url()
        if (/\/(auth|rest|storage)\/v1\//.test(address)) backend++
        if (/\.js$/.test(new URL(address).pathname) && !address.includes('worker'))
          script += (await answer.request().sizes()).responseBodySize
      })
      await page.goto(`${server.url}/sign-in`)
      await page.fill('input[name=email]', 'leader@demo.local')
      await page.fill('input[type=password]', 'safegrid-demo')
      const start = performance.now()
      await page.keyboard.press('Enter')
      await mapReady(page)
      ours.push((performance.now() - start) / 1000)
      asked = backend
      await page.waitForTimeout(1000)
      framesOurs.push(await panFrames(page))
      await one.close()

      const two = await openBrowser()
      const other = await two.newPage()
      const begin = performance.now()
      await other.goto(bare.url)
      await other.waitForSelector('[data-map-ready=true]')
      empty.push((performance.now() - begin) / 1000)
      // The same rows, drawn by bare MapLibre without our code: what panning costs anyway.
      await other.goto(`${bare.url}/?data`)
      await other.waitForSelector('[data-map-ready=true]')
      await other.waitForTimeout(1000)
      framesBare.push(await panFrames(other))
      await two.close()
    }
    printRatio(ratioOf('sign-in to complete first map / empty MapLibre on the same ground', 2, ours, empty))
    const perFrame = (all: number[]) => all.map((ms) => ms / 1000)
    printRatio(
      ratioOf(
        'frame while panning, all layers / same geometry in bare MapLibre',
        1.5,
        perFrame(framesOurs),
        perFrame(framesBare),
      ),
    )
    console.log(`requests to the backend until the first map: ${asked} (limit 8)`)
    console.log(`JavaScript until the first map, as sent: ${(script / 1000).toFixed(0)} kB (limit 650)`)
  } finally {
    bare.stop()
    await server.stop()
  }
}
