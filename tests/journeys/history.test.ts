// A border between two villages is moved; afterwards the page of the past shows both states, who did it and why, and
// exactly the ground that changed hands.
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { areaM2 } from '../../src/geo/measure'
import { asPerson } from './api'
import { openBrowser, shot } from './browser'
import { DEMO_PASSWORD, mapReady, mapStill, signIn, until, watchErrors } from './person'

interface Properties {
  id: number
  code: string
  name: string
  parent_id: number
  version: number
}
type Cell = GeoJSON.Feature<GeoJSON.MultiPolygon, Properties>
const TOWNSHIP = '120119106'
const url = inject('demoUrl')
let browser: BrowserContext
let page: Page
let errors: string[]
let before: [Cell, Cell]
let after: [Cell, Cell]

const moved = (cell: Cell, from: string, to: [number, number]): Cell => ({
  ...cell,
  geometry: {
    ...cell.geometry,
    coordinates: cell.geometry.coordinates.map((rings) =>
      rings.map((ring) => ring.map((position) => (position.join() === from ? to : position))),
    ),
  },
})

/** Moves one vertex that two villages share and nobody else touches; the database says which one may move. */
async function moveBorder(): Promise<void> {
  const call = await asPerson(url, 'town@demo.local')
  const townships = await call<{ features: Cell[] }>('grid_features', { p_level: 2 })
  const township = townships.features.find((feature) => feature.properties.code === TOWNSHIP)!
  const { features } = await call<{ features: Cell[] }>('grid_features', { p_parent: township.properties.id })
  const holders = new Map<string, Cell[]>()
  for (const cell of [...features, township]) {
    for (const key of new Set(cell.geometry.coordinates.flat(2).map((position) => position.join())))
      holders.set(key, [...(holders.get(key) ?? []), cell])
  }
  for (const [key, cells] of holders) {
    if (cells.length !== 2 || cells.includes(township)) continue
    const [lon, lat] = key.split(',').map(Number) as [number, number]
    const to: [number, number] = [Number((lon + 0.0006).toFixed(7)), Number((lat + 0.0004).toFixed(7))]
    const pair = cells.map((cell) => moved(cell, key, to)) as [Cell, Cell]
    const p_changes = pair.map(({ geometry, properties: { id, code, name, parent_id, version } }) => ({
      id,
      code,
      name,
      parent_id,
      version,
      kind: 'area',
      boundary: geometry,
    }))
    const dry = await call<{ status: string }>('commit_grid_boundaries', { p_changes, p_options: { dry_run: true } })
    if (dry.status !== 'valid') continue
    const done = await call<{ status: string }>('commit_grid_boundaries', {
      p_changes,
      p_options: { note: '河道改线后两村商定' },
    })
    expect(done.status).toBe('committed')
    before = cells as [Cell, Cell]
    after = pair
    return
  }
  throw new Error('no vertex of the township may move')
}

beforeAll(async () => {
  browser = await openBrowser()
  page = await browser.newPage()
  errors = watchErrors(page)
  await moveBorder()
})
afterAll(async () => {
  await browser?.close()
})

const shown = '[data-testid=boundary-history][data-state=ready]'

describe('the past of a border', () => {
  it('is one click from the card of the grid, and says who moved it, when and why', async () => {
    await signIn(page, url, 'town@demo.local', DEMO_PASSWORD, `/map?grid=${TOWNSHIP}`)
    await page.waitForSelector('[data-testid=grid-card]')
    await page.click('[data-testid=grid-card] a:has-text("边界历史")')
    await page.waitForURL(`${url}/boundaries/${TOWNSHIP}/history`)
    await page.waitForSelector(shown)
    const latest = page.locator('[data-testid=boundary-edit]').first()
    const words = (await latest.textContent()) ?? ''
    expect(words).toMatch('河道改线后两村商定')
    expect(words).toMatch('孟宪国')
    for (const cell of before) expect(words).toMatch(cell.properties.name)
    await mapReady(page)
    await shot(page, 'history-edits')
  })

  it('shows what each side gained and lost, as the outlines themselves have it', async () => {
    await page.locator('[data-testid=boundary-edit]').first().click()
    await page.waitForSelector(`${shown} [data-testid=compare-row]`)
    expect(await page.locator('[data-testid=compare-row]').count()).toBe(2)
    const figures = async (code: string) => {
      const row = page.locator(`[data-testid=compare-row][data-code="${code}"]`)
      const read = async (name: string) =>
        (await row.locator(`[${name}]`).count()) ? Number(await row.locator(`[${name}]`).getAttribute(name)) : 0
      return { gained: await read('data-gained'), lost: await read('data-lost') }
    }
    const [first, second] = [await figures(before[0].properties.code), await figures(before[1].properties.code)]
    expect(first.gained + first.lost).toBeGreaterThan(100)
    // what one side lost, the other gained
    expect(first.gained).toBeCloseTo(second.lost, 1)
    expect(first.lost).toBeCloseTo(second.gained, 1)
    // and the difference is that of the areas, measured another way
    const net = areaM2(after[0].geometry) - areaM2(before[0].geometry)
    expect((first.gained - first.lost) / net).toBeCloseTo(1, 3)
    await mapStill(page)
    await shot(page, 'history-compare')
    await page.locator('[data-testid=compare-row] button').first().click()
    await mapStill(page)
    await shot(page, 'history-chosen')
  })

  it('offers the old outline as a new edit', async () => {
    const { id, version } = before[0].properties
    const row = page.locator(`[data-testid=compare-row][data-code="${before[0].properties.code}"]`)
    expect(await row.locator('a').getAttribute('href')).toBe(`/boundaries/${TOWNSHIP}?restore=${id}@${version}`)
  })

  it('can be seen on any date: the slider goes back behind the edit', async () => {
    await page.goto(`${url}/boundaries/${TOWNSHIP}/history`)
    await page.waitForSelector(shown)
    await page.click('[data-tab=detail]')
    const version = () =>
      page.getAttribute(`[data-testid=version-row][data-code="${before[0].properties.code}"]`, 'data-version')
    await until(async () => (await version()) === String(before[0].properties.version + 1))
    await page.focus('[data-testid=history-slider]')
    await page.keyboard.press('ArrowLeft')
    await page.waitForURL(/to=/)
    await page.waitForSelector(
      `[data-testid=version-row][data-code="${before[0].properties.code}"][data-version="${before[0].properties.version}"]`,
    )
    await shot(page, 'history-before')
    expect(errors).toEqual([])
  })

  it('is not there for the leader of another township', async () => {
    const other = await openBrowser()
    try {
      const stranger = await other.newPage()
      await signIn(stranger, url, 'town2@demo.local', DEMO_PASSWORD, `/boundaries/${TOWNSHIP}/history`)
      await stranger.waitForSelector('text=没有编码为')
      expect(await stranger.locator('[data-testid=boundary-history]').count()).toBe(0)
    } finally {
      await other.close()
    }
  })
})
