// Early warning: the leader sees it, opens the reason, reaches the record and the telephone, says what was done; the
// township leader's page follows without being loaded again. What was settled is opened again: the county stays as it was.
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { asPerson } from './api'
import { openBrowser, shot } from './browser'
import { DEMO_PASSWORD, signIn, until, watchErrors } from './person'

const url = inject('demoUrl')
const LIST = '/warnings?grid=120119106&kind=overdue_major'
let leader: BrowserContext
let town: BrowserContext
let page: Page
let other: Page
const errors: string[][] = []

beforeAll(async () => {
  leader = await openBrowser()
  town = await openBrowser()
  page = await leader.newPage()
  other = await town.newPage()
  errors.push(watchErrors(page), watchErrors(other))
  await signIn(page, url, 'leader@demo.local', DEMO_PASSWORD, LIST)
  await signIn(other, url, 'town@demo.local', DEMO_PASSWORD, LIST)
})
afterAll(async () => {
  await leader?.close()
  await town?.close()
})

const count = (on: Page, word: string) =>
  on.locator(`[data-testid=warning-state][data-word=${word}]`).getAttribute('data-count').then(Number)
const reads = (on: Page, word: string, n: number) =>
  on.waitForSelector(`[data-testid=warning-state][data-word=${word}][data-count="${n}"]`)

it('why, the record, the telephone; what was done is seen at once by the one below', async () => {
  await page.waitForSelector('[data-testid=warning]')
  await other.waitForSelector('[data-testid=warnings][data-state=ready]')
  // every figure is the rows it opens
  const open = await count(page, 'open')
  expect(await page.locator('[data-testid=warning]').count()).toBe(open)
  expect([await count(other, 'open'), await count(other, 'handled')]).toEqual([open, await count(page, 'handled')])
  const handled = await count(page, 'handled')
  const id = await page.locator('[data-testid=warning]').first().getAttribute('data-warning')
  await other.waitForSelector(`[data-testid=warning][data-warning="${id}"]`)

  // by the keyboard: to the list, and into the first
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const card = `[data-testid=warning-card][data-warning="${id}"]`
  await page.waitForSelector(`${card} [data-testid=warning-reason]`)
  expect(await page.textContent(`${card} [data-testid=warning-reason]`)).toMatch(/已逾期 \d+ 天/)
  expect(await page.locator(`${card} a[href^="tel:"]`).count()).toBeGreaterThan(2)
  await shot(page, 'warning')
  await page.click(`${card} [data-testid=warning-record] a`)
  await page.waitForSelector('[data-testid=hazard-page][data-state=rectifying] a[href^="tel:"]')
  await page.goBack()
  await page.waitForSelector(card)

  // one obvious next step, then what was done
  for (const step of ['acknowledge', 'handle']) {
    const button = page.locator('[data-testid=warning-step]')
    if ((await button.getAttribute('data-step')) !== step) continue
    await button.click()
    if (step === 'acknowledge') await page.waitForSelector('[data-testid=warning-step][data-step=handle]')
  }
  expect(await page.locator('[data-testid=warning-send]').isDisabled()).toBe(true)
  await page.fill('[data-testid=warning-note]', '已约谈企业负责人，停用相关部位')
  await page.click('[data-testid=warning-send]')
  await page.waitForSelector(`${card}[data-state=handled]`)
  await page.waitForSelector('[data-testid=warning-event][data-action=handle]')
  await reads(page, 'open', open - 1)

  // the other page was not touched
  await other.waitForSelector(`[data-testid=warning][data-warning="${id}"]`, { state: 'detached' })
  await reads(other, 'open', open - 1)
  await reads(other, 'handled', handled + 1)
  await other.click('[data-testid=warning-state][data-word=handled]')
  await other.click(`[data-testid=warning][data-warning="${id}"] [data-row]`)
  await other.waitForSelector('[data-testid=warning-event][data-action=handle] >> text=停用相关部位')
  await other.setViewportSize({ width: 360, height: 740 })
  await shot(other, 'warning-phone')

  // it was not enough
  await other.click('[data-testid=warning-step][data-step=reopen]')
  await other.fill('[data-testid=warning-note]', '仍未整改')
  await other.click('[data-testid=warning-send]')
  await reads(page, 'open', open)
  await page.waitForSelector(`${card}[data-state=open]`)
  expect(errors.flat()).toEqual([])
})

it('what waits for one is the same figure in my work, in the bell and in the list', async () => {
  const call = await asPerson(url, 'leader@demo.local')
  const { warnings } = await call<{ warnings: number }>('my_work', { p_limit: 0 })
  expect(warnings).toBeGreaterThan(0)
  await page.goto(`${url}/work`)
  await page.click(`[data-testid=work-warnings][data-warnings="${warnings}"]`)
  await reads(page, 'open', warnings)
  await page.click('[data-testid=bell]')
  await page.click('[data-testid=notices-warnings]')
  await until(async () => (await page.locator('[data-testid=warning]').count()) === warnings)
  // what the rules raised, and how often they were wrong
  await page.click('[data-testid=warning-rules]')
  await page.waitForSelector('[data-testid=warning-rule]')
  const wrong = page.locator('[data-testid=warning-rule][data-kind=index_up] [data-figure=false_alarm]')
  const n = Number(await wrong.locator('b').textContent())
  await wrong.click()
  await reads(page, 'false_alarm', n)
  await until(async () => (await page.locator('[data-testid=warning]').count()) === n)
  expect(errors.flat()).toEqual([])
})
