// The leader's wall: what is chosen changes everything on it, every figure opens as many records as it says, Esc leads
// back step by step, and one click makes the briefing of it.
import { readFile } from 'node:fs/promises'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { asPerson } from './api'
import { openBrowser, shot } from './browser'
import { mapReady, pixelOf, signIn, until, watchErrors } from './person'

const url = inject('demoUrl')
let browser: BrowserContext
let page: Page
let errors: string[]
let call: Awaited<ReturnType<typeof asPerson>>

beforeAll(async () => {
  browser = await openBrowser({ acceptDownloads: true })
  page = await browser.newPage()
  errors = watchErrors(page)
  call = await asPerson(url, 'leader@demo.local')
  await signIn(page, url, 'leader@demo.local', undefined, '/command')
  await page.waitForSelector('[data-testid=command][data-settled=true]')
  await mapReady(page)
})
afterAll(() => browser?.close())

const figures = () =>
  page.$$eval('[data-testid=command-figures] [data-figure]', (all) =>
    Object.fromEntries(all.map((each) => [each.getAttribute('data-figure'), Number(each.getAttribute('data-value'))])),
  )
const total = async (name: string, filter: object) =>
  (await call<{ total: number }>(name, { p_filter: filter, p_limit: 1 })).total

/** Chooses something, and waits until all of the screen has been asked for again. */
async function chosen(act: () => Promise<unknown>): Promise<URL> {
  const before = Number(await page.getAttribute('[data-testid=command]', 'data-round'))
  const address = page.url()
  await act()
  await page.waitForFunction((was) => location.href !== was, address)
  await page.waitForFunction(
    (was) => Number(document.querySelector('[data-testid=command]')?.getAttribute('data-round')) > was,
    before,
  )
  return new URL(page.url())
}

/** The figures of the screen against the ledgers, counted by filters of their own. */
async function agree(scope: { grid: number; sector?: number }): Promise<void> {
  const shown = await figures()
  expect(shown.open).toBe(await total('list_hazards', scope))
  expect(shown.major).toBe(await total('list_hazards', { ...scope, severity: 'major' }))
  expect(shown.overdue).toBe(await total('list_hazards', { ...scope, overdue: true }))
  expect(shown.red_enterprises).toBe(await total('list_enterprises', { ...scope, level: 1 }))
  const year = `${new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' }).slice(0, 4)}-01-01`
  expect(shown.accidents).toBe(await total('list_accidents', { ...scope, from: year }))
}

describe('the command screen', () => {
  let county: number
  let town: { id: number; code: string }
  let sector: number

  it('shows the county, live, in figures that equal the ledgers, and scrolls nowhere', async () => {
    const { root } = await call<{ root: { grid_id: number } }>('me')
    county = root.grid_id
    await page.waitForSelector('[data-testid=desk-connection][data-state=live]')
    await agree({ grid: county })
    await shot(page, 'command')
    const [tall, bottom, right] = await page.evaluate(() => {
      const last = document.querySelector('[data-testid=command-year]')?.getBoundingClientRect()
      return [
        document.querySelector('[data-testid=command]')?.scrollHeight,
        Math.round(last?.bottom ?? 0),
        Math.round(last?.right ?? 0),
      ]
    })
    expect({ tall, bottom, right }).toEqual({ tall: 768, bottom: 768, right: 1366 })
  })

  it('has the whole county in sight, whatever room is left for it', async () => {
    const { root } = await call<{ root: { bbox: [number, number, number, number] } }>('me')
    const [west, south, east, north] = root.bbox
    const isWhole = async () => {
      const box = (await page.locator('[data-center]').boundingBox())!
      const [top, bottom] = [await pixelOf(page, west, north), await pixelOf(page, east, south)]
      return top.y >= box.y && top.x >= box.x && bottom.y <= box.y + box.height && bottom.x <= box.x + box.width
    }
    await until(isWhole)
    await page.setViewportSize({ width: 1366, height: 620 })
    await until(isWhole)
    await page.setViewportSize({ width: 1366, height: 768 })
    await until(isWhole)
  })

  it('follows a sector and a grid', async () => {
    const first = page.locator('[data-testid=command-sectors] [data-sector]').first()
    sector = Number(await first.getAttribute('data-sector'))
    const open = Number(await first.getAttribute('data-open'))
    expect((await chosen(() => first.click())).search).toBe(`?sector=${sector}`)
    expect((await figures()).open).toBe(open)
    await agree({ grid: county, sector })

    const place = page.locator('[data-testid=command-grids] [data-grid]').first()
    const code = (await place.getAttribute('data-grid'))!
    expect((await chosen(() => place.click())).search).toBe(`?sector=${sector}&grid=${code}`)
    const rows = await call<{ grid_id: number; code: string }[]>('risk_map')
    town = { id: rows.find((row) => row.code === code)!.grid_id, code }
    await agree({ grid: town.id, sector })
    await shot(page, 'command-chosen')
  })

  it('opens from a figure as many rows as it says', async () => {
    const { open } = await figures()
    const [ledger] = await Promise.all([
      browser.waitForEvent('page'),
      page.click('[data-testid=command-figures] [data-figure=open]'),
    ])
    await ledger.waitForSelector(`[data-testid=ledger-total][data-total="${open}"]`)
    await ledger.close()
  })

  it('takes one step back with each Esc', async () => {
    expect((await chosen(() => page.keyboard.press('Escape'))).search).toBe(`?sector=${sector}`)
    await agree({ grid: county, sector })
    expect((await chosen(() => page.keyboard.press('Escape'))).search).toBe('')
  })

  it('goes by keyboard, into a month of the past too', async () => {
    const address = await chosen(() => page.keyboard.press('ArrowDown'))
    expect(address.search).toBe(`?sector=${sector}`)
    const month = (await chosen(() => page.keyboard.press('['))).searchParams.get('on')
    expect(month).toMatch(/^\d{4}-\d{2}$/)
    // of what was open then there is no ledger: the map of that day has its reasons
    expect(await page.getAttribute('[data-testid=command-figures] [data-figure=open]', 'href')).toMatch(
      new RegExp(`^/map\\?.*on=${month}-\\d\\d`),
    )
    expect((await chosen(() => page.keyboard.press('h'))).search).toBe('')
  })

  it('is a picture in one click', async () => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('[data-testid=command-png]')])
    const bytes = await readFile(await file.path())
    expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    // as wide as a wall, whatever this window is
    expect(bytes.readUInt32BE(16)).toBe(3840)
  })

  it('makes the briefing, whose figures are the same', async () => {
    const { open } = await figures()
    await page.keyboard.press('b')
    await page.waitForSelector('[data-testid=briefing]')
    await page.waitForSelector(`[data-testid=briefing]:has-text("未销号隐患 ${open} 条")`)
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('[data-testid=briefing-pdf]')])
    expect((await readFile(await file.path())).subarray(0, 5).toString()).toBe('%PDF-')
    await shot(page, 'briefing')
    expect(errors).toEqual([])
  })
})
