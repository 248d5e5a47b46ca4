// A grid member in the field reports hazards on a phone of 360 pixels: with a network, without one, and on the edge.
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser, shot } from './browser'
import { DEMO_PASSWORD, drafts, signIn, until, watchErrors, watchStrangers } from './person'
import { type RunningServer, startServer } from './server'

let server: RunningServer
let phone: BrowserContext
/** An enterprise of the member's village: [lon, lat]. */
let place: [number, number]
let grid: string

/** The Data API as a person, beside the browser. */
async function asPerson(email: string) {
  const config = (await (await fetch(`${server.url}/config.json`)).json()) as { publishableKey: string }
  const token = (await (
    await fetch(`${server.url}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      headers: { apikey: config.publishableKey, 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: DEMO_PASSWORD }),
    })
  ).json()) as { access_token: string }
  const headers = { apikey: config.publishableKey, authorization: `Bearer ${token.access_token}` }
  return {
    async rpc<T>(name: string, args: Record<string, unknown> = {}): Promise<T> {
      const answer = await fetch(`${server.url}/rest/v1/rpc/${name}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(args),
      })
      return (await answer.json()) as T
    },
    async photo(path: string): Promise<Buffer> {
      const answer = await fetch(`${server.url}/storage/v1/object/hazards/${path}`, { headers })
      expect(answer.status).toBe(200)
      return Buffer.from(await answer.arrayBuffer())
    },
    async photosOf(client_id: string): Promise<string[]> {
      const answer = await fetch(`${server.url}/rest/v1/hazards?select=photos,found_at&client_id=eq.${client_id}`, {
        headers,
      })
      const rows = (await answer.json()) as { photos: string[] }[]
      expect(rows).toHaveLength(1)
      return rows[0]!.photos
    },
  }
}
interface Reported {
  id: string
  client_id: string | null
  title: string
  photos: number
  severity: string
}
const reported = async (title: string): Promise<Reported[]> =>
  (await (await asPerson('member@demo.local')).rpc<Reported[]>('my_reports', { p_limit: 200 })).filter(
    (row) => row.title === title,
  )

beforeAll(async () => {
  server = await startServer()
  const member = await asPerson('member@demo.local')
  const me = await member.rpc<{ positions: { code: string }[] }>('me')
  const firms = await member.rpc<{ lon: number[]; lat: number[] }>('map_points', { p_kind: 'enterprise' })
  grid = me.positions[0]!.code
  place = [firms.lon[0]!, firms.lat[0]!]
})
afterAll(() => server?.stop())

const openPhone = (more: BrowserContextOptions = {}) =>
  openBrowser({
    viewport: { width: 360, height: 740 },
    isMobile: true,
    hasTouch: true,
    permissions: ['geolocation'],
    geolocation: { longitude: place[0], latitude: place[1], accuracy: 9 },
    ...more,
  })
beforeEach(async () => {
  phone = await openPhone()
})
afterEach(() => phone?.close())

/** A photo as a camera writes it: large, with the place and the device beside the picture. */
async function cameraPhoto(page: Page, name: string) {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement('canvas')
    canvas.width = 2400
    canvas.height = 1800
    const context = canvas.getContext('2d')!
    context.fillStyle = '#7a8b6c'
    context.fillRect(0, 0, 2400, 1800)
    context.fillStyle = '#d8c7a0'
    context.fillRect(300, 500, 900, 900)
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1] as string
  })
  const plain = Buffer.from(base64, 'base64')
  const secret = Buffer.from('Exif\0\0GPS-OF-THE-REPORTER', 'latin1')
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, secret.length + 2]), secret])
  return {
    name,
    mimeType: 'image/jpeg',
    buffer: Buffer.concat([plain.subarray(0, 2), segment, plain.subarray(2)]),
  }
}
/** Width and height of a JPEG, from its frame header. */
function sizeOf(jpeg: Buffer): [number, number] {
  for (let at = 2; at < jpeg.length; ) {
    const marker = jpeg[at + 1]!
    if (marker >= 0xc0 && marker <= 0xc2) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)]
    at += 2 + jpeg.readUInt16BE(at + 2)
  }
  throw new Error('no JPEG')
}

const come = (page: Page, path: string, email = 'member@demo.local') =>
  signIn(page, server.url, email, DEMO_PASSWORD, path)
async function openForm(page: Page): Promise<void> {
  await page.waitForSelector('[data-testid=report-form]')
  await page.waitForSelector('[data-place=gps]', { timeout: 120_000 })
}
async function fill(page: Page, title: string): Promise<void> {
  await page.locator('[data-testid=report-sectors] [role=radio]').first().tap()
  await page.fill('[data-testid=report-title]', title)
}
const send = (page: Page) => page.locator('[data-testid=report-send]').tap()
const sent = (page: Page, state: string) =>
  page.waitForSelector(`[data-testid=report-sent][data-state=${state}]`, { timeout: 120_000 })
/** The page is on the phone and opens without a network. */
async function keptOnPhone(page: Page): Promise<void> {
  await page.waitForSelector('[data-testid=shell-kept]', { state: 'attached', timeout: 120_000 })
}

describe('with a network', () => {
  it('reports in one screen: place, grid and enterprise are found, photos are made small and say nothing else', async () => {
    const page = await phone.newPage()
    const errors = watchErrors(page)
    const strangers = watchStrangers(page, server.url)
    await page.goto(`${server.url}/m/report?grid=${grid}`)
    await page.waitForURL(/sign-in/)
    await page.fill('input[name=email]', 'member@demo.local')
    await page.fill('input[type=password]', DEMO_PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForURL(new RegExp(`/m/report\\?grid=${grid}`))
    await openForm(page)
    await page.waitForFunction(() =>
      /网格长/.test(document.querySelector('[data-testid=report-grid]')?.textContent ?? ''),
    )
    await page.setInputFiles('[data-testid=report-camera]', await cameraPhoto(page, 'IMG_1.jpg'))
    await page.waitForSelector('[data-testid=report-photo]')
    await page.locator('[data-testid=report-enterprises] [role=radio]').first().tap()
    // The enterprise brings its sector, the sector the titles that the ledger knows.
    await page.waitForSelector('[data-testid=report-sectors] [aria-checked=true]')
    await page.waitForSelector('[data-testid=report-suggestion]')
    const title = `手机上报 ${Date.now()}`
    await page.fill('[data-testid=report-title]', title)
    await page.locator('[data-testid=report-severity-major]').tap()
    await shot(page, 'report-form')
    await send(page)
    await sent(page, 'done')
    await shot(page, 'report-sent')
    const [row, ...more] = await reported(title)
    expect(more).toEqual([])
    expect(row).toMatchObject({ photos: 1, severity: 'major' })
    const member = await asPerson('member@demo.local')
    const [path] = await member.photosOf(row!.client_id!)
    const bytes = await member.photo(path!)
    expect(bytes.includes('GPS-OF-THE-REPORTER')).toBe(false)
    expect(bytes.includes('Exif')).toBe(false)
    expect(sizeOf(bytes)).toEqual([1600, 1200])
    expect(strangers).toEqual([])
    expect(errors).toEqual([])
  })

  it('says what is missing, and keeps what was written when the page is reloaded', async () => {
    const page = await phone.newPage()
    await come(page, '/m/report')
    await openForm(page)
    await send(page)
    await page.waitForSelector('[data-testid=report-faults]')
    expect(await page.textContent('[data-testid=report-faults]')).toMatch(/行业领域.*什么隐患/)
    await page.fill('[data-testid=report-title]', '写了一半的隐患')
    await page.setInputFiles('[data-testid=report-camera]', await cameraPhoto(page, 'IMG_2.jpg'))
    await page.waitForSelector('[data-testid=report-photo]')
    await until(async () =>
      (await drafts<{ title?: string; photos?: unknown[] }>(page)).some(
        ({ title, photos }) => title === '写了一半的隐患' && photos?.length === 1,
      ),
    )
    await page.reload()
    await page.waitForSelector('[data-testid=report-photo]')
    await until(async () => (await page.inputValue('[data-testid=report-title]')) === '写了一半的隐患')
  })

  it('the map moved under the pin is the place', async () => {
    const page = await phone.newPage()
    await come(page, '/m/report')
    await openForm(page)
    const canvas = page.locator('[data-testid=report-map] canvas')
    await canvas.waitFor()
    const box = (await canvas.boundingBox())!
    const touch = await phone.newCDPSession(page)
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    const at = (dx: number) => ({ touchPoints: [{ x: x + dx, y }] })
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', ...at(0) })
    for (let step = 1; step <= 10; step++) {
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', ...at(step * 6) })
      await page.waitForTimeout(30)
    }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    await page.waitForSelector('[data-place=hand]')
    await shot(page, 'report-by-hand')
  })

  it('fits a narrow phone: nothing is wider than the screen, no target is too small for a thumb', async () => {
    const page = await phone.newPage()
    for (const path of ['/m/', '/m/report']) {
      if (path === '/m/') await come(page, path)
      else await page.goto(`${server.url}${path}`)
      await page.waitForSelector(path === '/m/' ? '[data-testid=my-report]' : '[data-testid=report-sectors]')
      const faults = await page.evaluate(() => {
        const found: string[] = []
        if (document.documentElement.scrollWidth > innerWidth)
          found.push(`wide: ${document.documentElement.scrollWidth}`)
        for (const element of document.querySelectorAll<HTMLElement>(
          '.mobile button, .mobile a, .mobile label[class], .mobile input[type=text]',
        )) {
          const { width, height } = element.getBoundingClientRect()
          if (width && (height < 44 || width < 44))
            found.push(`${element.tagName} ${element.textContent?.trim().slice(0, 12)} ${width}×${height}`)
        }
        return found
      })
      expect([path, faults]).toEqual([path, []])
    }
  })
})

describe('without a network', () => {
  it('opens, keeps the report through a reload and a closed page, and sends it once with its photos', async () => {
    let page = await phone.newPage()
    const errors = watchErrors(page)
    await come(page, '/m/')
    await keptOnPhone(page)
    await page.goto(`${server.url}/m/report`)
    await openForm(page)
    await page.waitForFunction(() => document.querySelector('[data-testid=report-grid] b'))

    await phone.setOffline(true)
    await page.reload()
    await openForm(page)
    expect(await page.textContent('[data-testid=report-grid]')).toMatch(/村/)
    for (const name of ['a.jpg', 'b.jpg']) {
      await page.setInputFiles('[data-testid=report-camera]', await cameraPhoto(page, name))
      await page.waitForFunction(
        (n) => document.querySelectorAll('[data-testid=report-photo]').length === n,
        name === 'a.jpg' ? 1 : 2,
      )
    }
    const title = `没有信号 ${Date.now()}`
    await fill(page, title)
    // chosen, let go by a second tap, chosen: nobody has to
    const chips = page.locator('[data-testid=report-categories]')
    const name = (await chips.getByRole('radio').first().textContent())!.trim()
    for (const chosen of [1, 0, 1]) {
      await chips.getByRole('radio', { name, exact: true }).tap()
      await page.waitForFunction(
        (n) => document.querySelectorAll('[data-testid=report-categories] [aria-checked=true]').length === n,
        chosen,
      )
    }
    await shot(page, 'report-offline-form')
    await send(page)
    await sent(page, 'waiting')
    await shot(page, 'report-kept')

    // still there after a reload, and after the page was closed
    await page.reload()
    await page.goto(`${server.url}/m/`)
    await page.waitForSelector('[data-testid=outbox-entry][data-state=waiting]')
    await page.close()
    page = await phone.newPage()
    await page.goto(`${server.url}/m/`)
    await page.waitForSelector('[data-testid=outbox-entry][data-state=waiting]')
    await shot(page, 'report-outbox')
    expect(await reported(title)).toEqual([])

    // two pages hear at once that the network is back
    const second = await phone.newPage()
    await second.goto(`${server.url}/m/`)
    await second.waitForSelector('[data-testid=outbox-entry]')
    await phone.setOffline(false)
    for (const one of [page, second])
      await one.waitForSelector('[data-testid=outbox]', { state: 'detached', timeout: 120_000 })
    await page.waitForSelector(`[data-testid=my-report]:has-text("${title}")`)
    const rows = await reported(title)
    expect(rows).toHaveLength(1)
    expect(rows[0]?.photos).toBe(2)
    const member = await asPerson('member@demo.local')
    const { category } = await member.rpc<{ category: object }>('hazard_card', { p_hazard: rows[0]!.id })
    expect(category).toMatchObject({ name })
    for (const path of await member.photosOf(rows[0]!.client_id!))
      expect(sizeOf(await member.photo(path))).toEqual([1600, 1200])
    await shot(page, 'report-delivered')
    expect(errors.filter((words) => !/Failed to fetch|ERR_INTERNET_DISCONNECTED|net::/.test(words))).toEqual([])
  })

  it('the answer gets lost on its way back: asked again, one hazard', async () => {
    await phone.close()
    // what the page's own worker passes on, no test can intercept
    phone = await openPhone({ serviceWorkers: 'block' })
    const page = await phone.newPage()
    await come(page, '/m/report')
    await openForm(page)
    const title = `半路断线 ${Date.now()}`
    // The first answer gets lost on its way back: the server has it, the phone does not know.
    let lost = 0
    await page.route('**/rest/v1/rpc/report_hazard', async (route) => {
      if (lost++ > 0) return route.continue()
      await route.fetch()
      await route.abort('connectionreset')
    })
    await page.setInputFiles('[data-testid=report-camera]', await cameraPhoto(page, 'c.jpg'))
    await page.waitForSelector('[data-testid=report-photo]')
    await fill(page, title)
    await send(page)
    await sent(page, 'done')
    expect(lost).toBeGreaterThan(1)
    expect(await reported(title)).toHaveLength(1)
  })

  it('belongs to one person: signing out warns, another sees and sends nothing, the owner’s return does', async () => {
    const page = await phone.newPage()
    await come(page, '/m/')
    await keptOnPhone(page)
    await page.goto(`${server.url}/m/report`)
    await openForm(page)
    await phone.setOffline(true)
    const title = `换人 ${Date.now()}`
    await fill(page, title)
    await send(page)
    await sent(page, 'waiting')
    await page.goto(`${server.url}/m/`)
    await page.locator('[data-testid=sign-out]').tap()
    await page.waitForSelector('dialog[open]')
    expect(await page.textContent('dialog[open]')).toMatch(/1 项没有送达/)
    await shot(page, 'report-leave')
    await page.locator('[data-testid=leave-anyway]').tap()
    await page.waitForURL(/sign-in/)

    await phone.setOffline(false)
    await come(page, '/m/', 'village@demo.local')
    await page.waitForSelector('[data-testid=my-reports]')
    await page.waitForTimeout(3000)
    expect(await page.locator('[data-testid=outbox]').count()).toBe(0)
    expect(await reported(title)).toEqual([])
    await page.locator('[data-testid=sign-out]').tap()
    await page.waitForURL(/sign-in/)

    await come(page, '/m/')
    await page.waitForSelector(`[data-testid=my-report]:has-text("${title}")`, { timeout: 120_000 })
    expect(await reported(title)).toHaveLength(1)
  })
})
