// The county leader's map: where it is red, why, who answers for it; and that every figure opens exactly its records.
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openBrowser, shot } from './browser'
import { mapReady, mapStill, pixelOf, signIn, watchErrors, watchStrangers } from './person'

const url = inject('demoUrl')
let browser: BrowserContext
let page: Page
let errors: string[]
let strangers: string[]
/** What went to the server until the picture was complete; bell and feed come after it. */
let backend: string[]

beforeAll(async () => {
  browser = await openBrowser()
  page = await browser.newPage()
  errors = watchErrors(page)
  strangers = watchStrangers(page, url)
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector('[data-map-ready=true]')) return
      observer.disconnect()
      performance.mark('complete')
    }).observe(document, { subtree: true, childList: true, attributeFilter: ['data-map-ready'] })
  })
  await signIn(page, url, 'leader@demo.local')
  await mapReady(page)
  backend = await page.evaluate(() => {
    const complete = performance.getEntriesByName('complete')[0]?.startTime ?? Number.POSITIVE_INFINITY
    return performance
      .getEntriesByType('resource')
      .filter(({ name, startTime }) => startTime <= complete && /\/(auth|rest|storage)\/v1\//.test(name))
      .map(({ name }) => name)
  })
})
afterAll(() => browser?.close())

const total = async (): Promise<number> => {
  await page.waitForFunction(() => document.querySelector('.ledger')?.getAttribute('data-state') === 'ready')
  return Number(await page.getAttribute('[data-testid=ledger-total]', 'data-total'))
}

describe('the risk map', () => {
  it('is complete after at most eight requests, none to a stranger', async () => {
    await shot(page, 'risk-map')
    expect(backend.length).toBeGreaterThan(3)
    expect(backend.length, backend.join('\n')).toBeLessThanOrEqual(8)
    expect(strangers).toEqual([])
  })

  it('opens from each figure the list it counts', async () => {
    const figures = await page.$$eval('[data-testid=figures] [data-figure]', (links) =>
      links.map((link) => ({ key: link.getAttribute('data-figure'), value: link.getAttribute('data-value') })),
    )
    expect(figures.length).toBeGreaterThanOrEqual(5)
    for (const { key, value } of figures) {
      if (!page.url().includes('/map')) await page.goto(`${url}/map`)
      await page.click(`[data-testid=figures] [data-figure=${key}][data-value="${value}"]`)
      await page.waitForSelector('[data-testid=ledger-total]')
      expect(await total(), `${key}`).toBe(Number(value))
    }
  })

  it('counts in the list exactly the rows it shows, to the last', async () => {
    await page.goto(`${url}/hazards?status=all&severity=major`)
    const all = await total()
    expect(all).toBeGreaterThan(100)
    // only what is in sight is in the page: each row is met once on the way down
    const met = new Set<string>()
    await page.focus('[data-testid=ledger-box]')
    for (let presses = 0; met.size < all && presses < all; presses++) {
      for (const id of await page.$$eval('[data-testid=ledger] tbody tr[data-id]', (rows) =>
        rows.map((row) => row.getAttribute('data-id')),
      )) {
        met.add(String(id))
      }
      await page.keyboard.press('PageDown')
      await page.waitForFunction(() => !document.querySelector('[data-testid=ledger] tbody .coming'))
    }
    expect(met.size).toBe(all)
    expect(await page.locator('[data-testid=ledger] tbody tr').count()).toBeLessThan(80)
  })

  it('names who answers for a grid, two clicks from the map', async () => {
    await page.goto(`${url}/map`)
    await mapReady(page)
    await page.locator('[data-testid=risk-ranking] button').first().click()
    await page.waitForSelector('[data-testid=grid-card] a[href^="tel:"]')
    await mapStill(page)
    await shot(page, 'grid-card')
    expect(page.url()).toMatch(/grid=120119/)
  })

  it('puts the card away with Esc, wherever the focus is, and says when a link names no grid', async () => {
    await page.keyboard.press('Escape')
    await page.waitForSelector('[data-testid=grid-card]', { state: 'detached' })
    await page.goto(`${url}/map?grid=999`)
    await mapReady(page)
    await page.waitForSelector('text=没有编码为“999”的网格')
  })

  it('shows on the map what was chosen in a list', async () => {
    await page.goto(`${url}/enterprises?grid=120119106&level=1`)
    expect(await total()).toBeGreaterThan(0)
    await page.locator('[data-testid=ledger] tbody tr a').first().click()
    // its page comes first, and leads to the map
    await page.click('a[href^="/map"][href*="sel=enterprise"]')
    await page.waitForSelector('[data-testid=enterprise-card]')
    expect(page.url()).toMatch(/sel=enterprise/)
    await mapReady(page)
    await mapStill(page)
    await shot(page, 'enterprise')
  })

  it('opens the grid that is clicked on the map itself', async () => {
    await page.goto(`${url}/map?layers=risk,grids`)
    await mapReady(page)
    await mapStill(page)
    // 盘山 is somewhere in 官庄镇; which township it is does not matter, that a card opens with its name does.
    const { x, y } = await pixelOf(page, 117.39, 39.99)
    await page.mouse.click(x, y)
    await page.waitForSelector('[data-testid=grid-card]')
    expect(page.url()).toMatch(/grid=1201191\d\d|grid=1201190\d\d/)
  })

  it('finds a township by its initials, and the keyboard alone is enough', async () => {
    await page.goto(`${url}/map`)
    await mapReady(page)
    await page.keyboard.press('/')
    // a slow hand gets answers to its first letters too
    const answered = page.waitForResponse(
      (answer) => answer.url().includes('/rpc/search_places') && /bsz/.test(answer.request().postData() ?? ''),
    )
    await page.keyboard.type('bsz', { delay: 30 })
    await answered
    await page.waitForSelector('[role=listbox][aria-busy=false]')
    await page.waitForSelector('[role=option]:has-text("别山镇")')
    await shot(page, 'search')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/grid=120119106/)
    await page.waitForSelector('[data-testid=grid-card]:has-text("别山镇")')
  })

  it('goes back to what was seen before', async () => {
    await page.goBack()
    await page.waitForURL((at) => !at.searchParams.has('grid'))
  })

  it('draws the villages by link, in the dark, and on a phone', async () => {
    await page.goto(`${url}/map?grid=120119106&level=3&layers=risk,grids,hazards`)
    await mapReady(page)
    await mapStill(page)
    await shot(page, 'villages')
    await page.setViewportSize({ width: 360, height: 740 })
    await mapStill(page)
    await shot(page, 'phone')
    await page.setViewportSize({ width: 1366, height: 768 })
    expect(errors).toEqual([])
  })
})

describe('scope', () => {
  it('a township leader counts only their own, and another township does not exist', async () => {
    const other = await openBrowser()
    try {
      const own = await other.newPage()
      await signIn(own, url, 'town@demo.local')
      await mapReady(own)
      const open = Number(await own.getAttribute('[data-testid=figures] [data-figure=open]', 'data-value'))
      await page.goto(`${url}/hazards?grid=120119106`)
      expect(await total()).toBe(open)
      await own.goto(`${url}/hazards?grid=120119105`)
      await own.waitForSelector('text=没有编码为')
    } finally {
      await other.close()
    }
  })
})
