// A file whose villages were digitized one by one: the borders miss each other by decimetres. The import offers to mend
// them, says where and by how much, and does nothing before it is told to.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { readCounty } from '../../supabase/seed/county'
import { openBrowser, shot } from './browser'
import { DEMO_PASSWORD, mapReady, mapStill, signIn, watchErrors } from './person'

const TOWNSHIP = '120119104'
const villages = readCounty().villages.filter((village) => village.township === TOWNSHIP)
const url = inject('demoUrl')
let browser: BrowserContext
let page: Page
let errors: string[]

/** Every corner of every second village up to 30 cm off, each time the same. */
function file(): string {
  const off = (i: number) => (((i * 7919) % 7) - 3) * 1e-6
  const features = villages.map(({ code, name, boundary }, at) => ({
    type: 'Feature',
    properties: { code, name, parent_code: TOWNSHIP },
    geometry: {
      ...boundary,
      coordinates: boundary.coordinates.map((rings) =>
        rings.map((ring) => {
          const moved = ring.map(([lon = 0, lat = 0], i) =>
            at % 2 ? [lon, lat] : [Number((lon + off(i)).toFixed(7)), Number((lat + off(i + 3)).toFixed(7))],
          )
          return [...moved.slice(0, -1), moved[0]!]
        }),
      ),
    },
  }))
  const path = join(mkdtempSync(join(tmpdir(), 'safegrid-repair-')), '村级网格.geojson')
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features }))
  return path
}

beforeAll(async () => {
  browser = await openBrowser()
  page = await browser.newPage()
  errors = watchErrors(page)
  page.on('dialog', (dialog) => dialog.accept())
})
afterAll(() => browser?.close())

const step = (name: string) => page.waitForSelector(`.import-steps [aria-current=step]:has-text("${name}")`)

describe('an import whose borders nearly fit', () => {
  it('stops at a proposal: which borders, where, how far', async () => {
    await signIn(page, url, 'admin@demo.local', DEMO_PASSWORD, '/import')
    await page.setInputFiles('input[type=file]', file())
    await step('核对')
    await page.click('.import-foot button:has-text("下一步")')
    await step('修补建议')
    const kinds = await page.$$eval('[data-testid=repair] [data-kind]', (all) => all.map((each) => each.textContent))
    expect(kinds.length).toBeGreaterThan(0)
    await mapReady(page)
    await page.locator('[data-testid=repair] ol button').first().click()
    await mapStill(page)
    await shot(page, 'repair-proposal')
  })

  it('takes nothing up when told not to', async () => {
    await page.click('[data-testid=repair-decline]')
    await step('预览')
    await page.waitForFunction(() => !document.querySelector('.import-foot [role=progressbar], .busy'))
    expect(await page.locator('[data-testid=mended]').count()).toBe(0)
  })

  it('mends what is accepted, says so, and the database takes it', async () => {
    await page.click('.import-steps button:has-text("修补建议")')
    await page.click('[data-testid=repair-accept]')
    await step('预览')
    await page.waitForSelector('[data-testid=mended]')
    await page.waitForSelector('.preview .ready', { timeout: 90_000 })
    await shot(page, 'repair-mended')
    expect(await page.textContent('.preview .filters')).toMatch(String(villages.length))
    expect(errors).toEqual([])
  })
})
