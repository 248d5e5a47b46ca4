// The notice on the wall: seen, printed, taken as picture and as PDF; its code leads to the report form of its grid.
import { readFileSync } from 'node:fs'
import type { BrowserContext, Download, Page } from 'playwright-core'
import { encode } from 'uqr'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openBrowser, shot } from './browser'
import { mapReady, signIn, watchErrors, watchStrangers } from './person'

const url = inject('demoUrl')
let browser: BrowserContext
let page: Page
let errors: string[]
let strangers: string[]

beforeAll(async () => {
  browser = await openBrowser({ acceptDownloads: true })
  page = await browser.newPage()
  errors = watchErrors(page)
  strangers = watchStrangers(page, url)
  await signIn(page, url, 'town@demo.local')
  await mapReady(page)
})
afterAll(() => browser?.close())

const open = async (path: string) => {
  await page.goto(`${url}${path}`)
  await page.waitForSelector('[data-testid=notices][data-state=ready]')
  await page.waitForSelector('[data-testid=notice-sheet] [data-drawn=true]')
}
async function take(button: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 150_000 }) as Promise<Download>,
    page.click(`[data-testid=${button}]`),
  ])
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}
const pages = (pdf: Buffer) => [...pdf.toString('latin1').matchAll(/\/Type\s*\/Page\b(?!s)/g)].length
const sheetSizes = (pdf: Buffer) =>
  [...pdf.toString('latin1').matchAll(/\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]/g)].map(([, w, h]) =>
    [w, h].map((points) => Math.round((Number(points) / 72) * 25.4)).join('×'),
  )

/** Reads the code from the picture as a camera does: where it is dark, module by module, quiet zone around it. */
function readCode(png: Buffer, size: number): Promise<string> {
  return page.evaluate(
    async ({ base64, modules }) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
      const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
      const canvas = new OffscreenCanvas(picture.width, picture.height)
      const context = canvas.getContext('2d')!
      context.drawImage(picture, 0, 0)
      // the lower right of the upright sheet, above the words under the code
      const dots = (mm: number) => Math.round((mm / 25.4) * 300)
      const [left, top] = [dots(207), dots(326)]
      const { data, width, height } = context.getImageData(left, top, dots(68), dots(49))
      const dark = (x: number, y: number) => {
        const at = (Math.round(y) * width + Math.round(x)) * 4
        return 0.2126 * data[at]! + 0.7152 * data[at + 1]! + 0.0722 * data[at + 2]! < 50
      }
      let [west, north, east, south] = [width, height, 0, 0]
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          if (dark(x, y))
            [west, north, east, south] = [Math.min(west, x), Math.min(north, y), Math.max(east, x), Math.max(south, y)]
      const module = (east - west + 1) / modules
      let words = ''
      for (let row = 0; row < modules; row++) {
        for (let column = 0; column < modules; column++)
          words += dark(west + (column + 0.5) * module, north + (row + 0.5) * module) ? '#' : '.'
        words += '\n'
      }
      return words
    },
    { base64: png.toString('base64'), modules: size },
  )
}

describe('the notice of a township', () => {
  it('is one click from its card', async () => {
    await page.goto(`${url}/map?grid=120119106`)
    await page.click('[data-testid=grid-notice]')
    await page.waitForSelector('[data-testid=notice-sheet] [data-drawn=true]')
    expect(page.url()).toContain('/notices/120119106')
    await shot(page, 'notice')
  })

  it('names the grid, its leader, what is inside and what is around, in the typeface we ship', async () => {
    const words = await page.$$eval('[data-testid=notice-sheet] svg text', (nodes) => nodes.map((n) => n.textContent))
    const { people, neighbours, children } = await page.evaluate(async () => {
      const kept = JSON.parse(localStorage.getItem('safegrid')!) as { access_token: string }
      const { publishableKey } = await (await fetch('/config.json')).json()
      const headers = {
        apikey: publishableKey,
        authorization: `Bearer ${kept.access_token}`,
        'content-type': 'application/json',
      }
      const ask = async (name: string, body: object) =>
        (await fetch(`/rest/v1/rpc/${name}`, { method: 'POST', headers, body: JSON.stringify(body) })).json()
      const [grid] = await ask('search_places', { p_query: '120119106' })
      return (await ask('grid_notice', { p_grid: grid.id })).notices[0]
    })
    for (const person of people) expect(words).toEqual(expect.arrayContaining([person.name, person.phone]))
    expect(children.length).toBe(50)
    const inside = children.filter((c: { name: string }) => words.includes(c.name.replace(/(村民|居民)委员会$/, '')))
    expect(inside.length).toBeGreaterThan(45)
    const around = neighbours.filter((n: { name: string }) => words.includes(n.name))
    expect(around.length).toBeGreaterThan(4)
    const ready = await page.evaluate(() =>
      [...document.fonts]
        .filter((f) => f.family.includes('SafeGrid Print') && f.status === 'loaded')
        .map((f) => f.weight),
    )
    expect(ready).toEqual(expect.arrayContaining(['400', '700']))
  })

  it('is a picture of A3 at 300 dots to the inch, whose code leads to the report form', async () => {
    const { name, bytes } = await take('notice-png')
    expect(name).toBe('别山镇安全生产网格公示牌.png')
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([3508, 4961])
    expect(bytes.toString('latin1', 37, 41)).toBe('pHYs')
    expect(bytes.readUInt32BE(41)).toBe(11811)
    const { data, size } = encode(`${url}/m/report?grid=120119106`, { ecc: 'Q', border: 0 })
    const expected = data.map((row) => `${row.map((cell) => (cell ? '#' : '.')).join('')}\n`).join('')
    expect(await readCode(bytes, size)).toBe(expected)
  })

  it('is a PDF of letters and lines, on A2 lying too', async () => {
    const { bytes } = await take('notice-pdf')
    expect(pages(bytes)).toBe(1)
    expect(sheetSizes(bytes)).toEqual(['297×420'])
    expect(bytes.toString('latin1')).toContain('/FontFile2')
    expect(bytes.toString('latin1')).not.toContain('/Subtype /Image')
    await page.click('[data-testid=notice-landscape]')
    await page.click('[data-testid=notice-A2]')
    expect(sheetSizes((await take('notice-pdf')).bytes)).toEqual(['594×420'])
    await page.waitForSelector('[data-testid=notice-sheet] [data-drawn=true]')
    await shot(page, 'notice-landscape')
  })
})

describe('the notices of all villages', () => {
  it('are one PDF, a page each, and say how far it is', async () => {
    await open('/notices/120119106')
    await page.click('[data-testid=notice-children]')
    await page.waitForSelector('[data-testid=notice-sheet]:nth-of-type(50)')
    await shot(page, 'notices-of-villages')
    const said = page.waitForSelector('[data-testid=notice-progress] progress')
    const { bytes } = await take('notice-pdf')
    await said
    expect(pages(bytes)).toBe(50)
    await page.waitForSelector('[data-testid=notice-progress]:has-text("50")')
  })

  it('are stopped when one has seen enough', async () => {
    await page.click('[data-testid=notice-pdf]')
    await page.click('[data-testid=notice-progress] button')
    await page.waitForSelector('[data-testid=notice-progress]:has-text("已停止")')
  })

  it('are printed by the browser as vectors, each on its own A3 page', async () => {
    await page.click('[data-testid=notice-print]')
    await page.waitForSelector('[data-testid=notice-progress]:has-text("已生成 50 张")')
    expect(await page.locator('[data-testid=notice-sheet] [data-drawn=true]').count()).toBe(50)
    const printed = await page.pdf({ preferCSSPageSize: true, printBackground: true })
    expect(pages(printed)).toBe(50)
    expect(new Set(sheetSizes(printed))).toEqual(new Set(['297×420']))
  })
})

describe('who may not', () => {
  it('is told that there is no such grid', async () => {
    await page.goto(`${url}/notices/120119105`)
    await page.waitForSelector('[data-testid=notices][data-state=missing]')
    await page.goto(`${url}/people/120119105`)
    await page.waitForSelector('[data-testid=people][data-state=missing]')
  })

  it('and nothing went wrong or out on the way', () => {
    expect(errors).toEqual([])
    expect(strangers).toEqual([])
  })
})
