// Which industry, where, and who answers: from the matrix to the map, and what a department sees of it.
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { openBrowser, shot } from './browser'
import { signIn, watchErrors } from './person'

const url = inject('demoUrl')
let leader: BrowserContext
let page: Page
let errors: string[]
beforeAll(async () => {
  leader = await openBrowser()
  page = await leader.newPage()
  errors = watchErrors(page)
  await signIn(page, url, 'leader@demo.local', undefined, '/industries?grid=120119106')
  await page.waitForSelector('[data-testid=matrix]')
})
afterAll(async () => {
  await leader?.close()
})

it('leads from the reddest cell to the map of that grid and that industry', async () => {
  const link = page.locator('[data-testid=matrix] td:not(.all)[data-level="1"] a').first()
  const [code, index] = await Promise.all([
    link.evaluate((a) => a.closest('tr')?.dataset.grid ?? ''),
    link.innerText().then((words) => Number(words.replace(/\D/g, ''))),
  ])
  expect(index).toBeGreaterThanOrEqual(75)
  await link.focus()
  expect(await page.innerText('[data-testid=industry-readout]')).toMatch(/重大 \d+\.\d/)
  await shot(page, 'industries')
  await page.keyboard.press('Enter')
  await page.waitForURL((at) => at.pathname === '/map')
  const at = new URL(page.url()).searchParams
  expect(at.get('grid')).toBe(code)
  expect(Number(at.get('sector'))).toBeGreaterThan(0)
  await page.waitForSelector('[data-testid=grid-card]')
})

it('walks by arrows, names who answers, and its figures open their accidents', async () => {
  await page.goBack()
  await page.waitForSelector('[data-testid=matrix]')
  await page.focus('[data-at="1.1"]')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowRight')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-at'))).toBe('0.2')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-testid=sector-panel] a[href^="tel:"]')
  const fact = page.locator('[data-testid=sector-panel] [data-own][data-fact=open]')
  const open = Number(await fact.getAttribute('data-n'))
  await fact.click()
  await page.waitForSelector('[data-testid=ledger-total]')
  await page.waitForFunction(
    (n) => document.querySelector('[data-testid=ledger-total]')?.getAttribute('data-total') === String(n),
    open,
  )
  await page.goBack()
  const figure = page.locator('[data-testid=sector-panel] [data-figure=accidents]')
  const before = Number(await figure.getAttribute('data-before'))
  await figure.locator('.before a').click()
  await page.waitForSelector(`[data-testid=accident-total][data-total="${before}"]`)
  expect(errors).toEqual([])
})

it('shows an officer the industries of the department, and says so', async () => {
  const officer = await openBrowser()
  try {
    const own = await officer.newPage()
    await signIn(own, url, 'officer@demo.local', undefined, '/industries?view=maps')
    await own.waitForSelector('[data-testid=sector-maps]')
    const maps = await own.$$eval('[data-testid=sector-maps] li b', (names) => names.map((b) => b.textContent))
    expect(maps).toContain('危险化学品')
    expect(maps.length).toBeLessThan(18)
    const notice = await own.innerText('[data-testid=industry-notice]')
    for (const name of maps) expect(notice).toContain(name)
    await shot(own, 'industries-officer')
  } finally {
    await officer.close()
  }
})
