// The county leader looks back: yesterday by link, a replay, two days side by side, and back to today.
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { addDays, dayAt } from '../../src/features/riskTime/day'
import { asPerson } from './api'
import { openBrowser, shot } from './browser'
import { mapReady, signIn, until, watchErrors } from './person'

const url = inject('demoUrl')
const today = dayAt(Date.now())
const yesterday = addDays(today, -1)
let browser: BrowserContext
let page: Page
let errors: string[]
let asked: string[] = []

beforeAll(async () => {
  browser = await openBrowser()
  page = await browser.newPage()
  errors = watchErrors(page)
  page.on('request', (request) => {
    const [, name] = /\/rest\/v1\/rpc\/(\w+)/.exec(request.url()) ?? []
    // the feed follows by itself, and so does what the frame says of one's own work
    if (name && name !== 'changes_since' && !name.startsWith('my_')) asked.push(name)
  })
  await signIn(page, url, 'leader@demo.local', undefined, `/map?on=${yesterday}`)
  await mapReady(page)
})
afterAll(() => browser?.close())

const chip = () => page.locator('[data-testid=time-chip]')
const linkedDay = () => new URL(page.url()).searchParams.get('on')
/** Until nothing has been asked for a while. */
async function quiet(): Promise<void> {
  for (let before = -1; before !== asked.length; ) {
    before = asked.length
    await page.waitForTimeout(700)
  }
}
/** What the screen asks for by an act, from quiet to quiet. */
async function askedBy(act: () => Promise<unknown>, until: () => Promise<unknown>): Promise<string[]> {
  await quiet()
  asked = []
  await act()
  await until()
  await quiet()
  return asked
}

describe('the map of another day', () => {
  it('says unmistakably of which day it is, figures too', async () => {
    await page.waitForSelector(`[data-testid=time-chip][data-day="${yesterday}"][data-state=archived]`)
    expect(await chip().innerText()).toContain('已归档')
    const leader = await asPerson(url, 'leader@demo.local')
    const rows = await leader<{ code: string; enterprises: number; overdue: number }[]>('risk_map', { p_on: yesterday })
    const county = rows.find((row) => row.code === '120119')
    const figure = (key: string) => page.getAttribute(`[data-testid=figures] [data-figure=${key}]`, 'data-value')
    expect(Number(await figure('enterprises'))).toBe(county?.enterprises)
    expect(Number(await figure('overdue'))).toBe(county?.overdue)
    await shot(page, 'time-yesterday')
    // the figure of a past day opens what was counted on that day, as many
    await page.click('[data-testid=figures] [data-figure=open]')
    await page.waitForSelector('[data-testid=why-on]')
    await page.waitForSelector('[data-factor^=hazard_]')
    const counted = await page.$$eval('[data-factor^=hazard_]', (parts) =>
      parts.reduce((sum, part) => sum + Number(part.getAttribute('data-count')), 0),
    )
    expect(counted).toBe(Number(await figure('open')))
    await page.waitForSelector('[data-testid=grid-trend] path.line')
    await shot(page, 'time-why')
    await page.keyboard.press('Escape')
  })

  it('replays many days from one answer, and asks for the day where it stops', async () => {
    await page.click('[data-testid=time-button]')
    await page.waitForSelector('[data-testid=time-bar] path.line')
    await page.focus('[data-testid=time-slider]')
    const day = () => page.getAttribute('[data-testid=time-bar]', 'data-day')
    const from = addDays(yesterday, -112)
    const stepped = await askedBy(
      // by a hand that does not rest: between two keys that come from outside, a busy machine makes a rest
      () =>
        page.$eval('[data-testid=time-slider]', (slider) => {
          for (let i = 0; i < 16; i++)
            slider.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }))
        }),
      async () => {
        await page.waitForURL((at) => at.searchParams.get('on') === from)
        await until(async () => asked.includes('risk_map'))
      },
    )
    expect(await day()).toBe(from)
    expect(stepped.filter((name) => name === 'risk_playback')).toHaveLength(1)
    expect(stepped.filter((name) => name === 'risk_map')).toHaveLength(1)

    const played = await askedBy(
      async () => {
        // stopped from inside, as soon as it has come so far: a picture of it takes longer than the days that are left
        const enough = page.$eval(
          '[data-testid=time-bar]',
          (bar, start) =>
            new Promise<void>((done) => {
              const watch = new MutationObserver(() => {
                if ((bar as HTMLElement).dataset.day! <= start) return
                watch.disconnect()
                bar.querySelector<HTMLElement>('[data-testid=play]')!.click()
                done()
              })
              watch.observe(bar, { attributes: true })
            }),
          addDays(from, 10),
        )
        await page.keyboard.press('Space')
        await enough
        await page.waitForSelector('[data-testid=time-bar][data-playing=false]')
      },
      async () => {
        const stopped = await day()
        await page.waitForURL((at) => at.searchParams.get('on') === stopped)
        await page.waitForSelector('[data-testid=time-chip][data-state=archived]')
      },
    )
    expect(played.filter((name) => name !== 'risk_map')).toEqual([])
    expect(played.length).toBeLessThanOrEqual(1)
    expect(linkedDay()).toBe(await day())
    await shot(page, 'time-replay')
  })

  it('leads back to today by one click', async () => {
    await page.click('[data-testid=back-to-today]')
    await chip().waitFor({ state: 'detached' })
    expect(linkedDay()).toBe(null)
    await page.click('[data-testid=time-fold]')
    await page.waitForSelector('[data-testid=figures] a[data-figure=open]')
  })

  it('another sector is one request', async () => {
    await page.click('[data-tab=sectors]')
    const names = await askedBy(
      () => page.locator('.left .panel li button').nth(1).click(),
      async () => {
        await page.waitForURL(/sector=/)
        await until(async () => asked.includes('risk_map'))
      },
    )
    expect(names).toEqual(['risk_map'])
    await page.click('[data-testid=sector-chip]')
    await page.waitForURL((at) => !at.searchParams.has('sector'))
  })

  it('is not shown in the colours of what was chosen before, when its answer does not come', async () => {
    const counts = page.locator('[data-testid=risk-legend] .count')
    await counts.first().waitFor()
    await page.route('**/rpc/risk_map', (route) => route.fulfill({ status: 500, json: { message: 'no' } }))
    await page.locator('[data-testid=sector-list] button').nth(2).click()
    await page.waitForSelector('[data-testid=read-again]')
    expect(await counts.count()).toBe(0)
    await page.click('[data-tab=ranking]')
    await page.waitForSelector('.left .panel .none')
    expect(await page.locator('[data-testid=risk-ranking]').count()).toBe(0)
    await page.unroute('**/rpc/risk_map')
    await page.click('[data-testid=read-again]')
    await page.waitForSelector('[data-testid=risk-ranking]')
    await counts.first().waitFor()
    await page.click('[data-testid=sector-chip]')
    await page.waitForURL((at) => !at.searchParams.has('sector'))
    await page.waitForSelector('[data-testid=read-again]', { state: 'detached' })
  })
})

describe('two days side by side', () => {
  it('labels both halves, lists what differs, and leads to each', async () => {
    await page.goto(`${url}/map?vs=${addDays(today, -365)}`)
    await page.waitForSelector('[data-testid=differences] [data-grid]')
    await page.waitForSelector('[data-testid=compare-map] [data-map-ready=true]')
    expect(await page.innerText('[data-testid=compare-left-word]')).toContain('已归档')
    expect(await page.innerText('[data-testid=compare-right-word]')).toBe('今天')
    const leader = await asPerson(url, 'leader@demo.local')
    const of = async (on: string | null) =>
      (await leader<{ code: string; level: number; index: number }[]>('risk_map', { p_level: 2, p_on: on })).map(
        ({ index }) => Math.floor(index),
      )
    const [before, after] = [await of(addDays(today, -365)), await of(null)]
    const counts = await page.$$eval('[data-testid=differences] h3', (heads) =>
      heads.map((head) => Number(head.getAttribute('data-count'))),
    )
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(after.length)
    // a grid whose figure moved is among them (a level may move without it)
    expect(counts[0]! + counts[1]!).toBeGreaterThanOrEqual(after.filter((index, i) => index !== before[i]).length)
    await shot(page, 'time-compare')
    await page.locator('[data-testid=differences] [data-grid]').first().click()
    await page.waitForSelector('[data-testid=grid-card]')
    expect(new URL(page.url()).searchParams.get('vs')).toBe(addDays(today, -365))
    await page.goBack()
    await page.waitForURL((at) => !at.searchParams.has('grid'))
  })

  it('leaves nothing behind when it is closed', async () => {
    const canvases = () => page.locator('canvas.maplibregl-canvas').count()
    expect(await canvases()).toBe(2)
    await page.click('[data-testid=compare-close]')
    await page.waitForSelector('[data-testid=compare-map]', { state: 'detached' })
    expect(await canvases()).toBe(1)
  })

  it('the ranking goes down to the villages of a township, and back', async () => {
    await page.click('[data-testid=home]')
    await page.waitForSelector('.left h2:text-is("镇街排行")')
    const first = page.locator('[data-testid=risk-ranking] button').first()
    const name = await first.locator('.name').innerText()
    await first.click()
    await page.waitForSelector(`.left h2:has-text("${name}")`)
    expect(await page.locator('[data-testid=risk-ranking] button').count()).toBeGreaterThan(3)
    await page.click('[data-testid=ranking-back]')
    await page.waitForSelector(`[data-testid=risk-ranking] .name:text-is("${name}")`)
    await page.goBack()
    await page.waitForSelector(`.left h2:has-text("${name}")`)
    expect(errors).toEqual([])
  })
})
