// A village is abolished without its ground being given to a neighbour: nobody may overlook the hole, and one click
// leads to where it is mended.
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contains } from '../../src/geo/contains'
import { asPerson } from './api'
import { openBrowser, shot } from './browser'
import { mapReady, mapStill, pixelOf, signIn, watchErrors } from './person'
import { type RunningServer, startServer } from './server'

type Village = GeoJSON.Feature<GeoJSON.Polygon | GeoJSON.MultiPolygon, { id: number; code: string; version: number }>
const TOWNSHIP = '120119106'
let server: RunningServer
let browser: BrowserContext
let page: Page
let errors: string[]
let village: Village
let area: number

beforeAll(async () => {
  server = await startServer()
  browser = await openBrowser()
  page = await browser.newPage()
  errors = watchErrors(page)
  await signIn(page, server.url, 'leader@demo.local')
  await mapReady(page)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const panel = '[data-testid=blind-spots][data-state=ready]'
const count = async (kind: string) => Number(await page.getAttribute(`${panel} [data-kind=${kind}]`, 'data-count'))

describe('blind spots', () => {
  it('are off until they are wanted, and then count what the ledger lists', async () => {
    expect(await page.locator('[data-testid=blind-spots]').count()).toBe(0)
    await page.click('[data-tab=blindSpots]')
    await page.waitForSelector(panel)
    expect(page.url()).toMatch(/layers=[^&]*blindSpots/)
    const unclaimed = await count('unclaimed')
    expect(unclaimed).toBeGreaterThan(0)
    expect(await count('gap')).toBe(0)
    await page.click(`${panel} [data-kind=unclaimed]`)
    await page.locator(`${panel} li button.row`).first().click()
    await page.waitForSelector('[data-testid=enterprise-card]')
    await mapStill(page)
    await shot(page, 'blind-unclaimed')
    await page.goto(`${server.url}/enterprises?unclaimed=true`)
    await page.waitForSelector(`[data-testid=ledger-total][data-total="${unclaimed}"]`)
  })

  it('show the hole that an abolished village leaves, on the map and in the list', async () => {
    const call = await asPerson(server.url, 'leader@demo.local')
    const grids = await call<GeoJSON.FeatureCollection>('grid_features', { p_level: 2 })
    const township = grids.features.find((feature) => feature.properties?.code === TOWNSHIP)
    const villages = await call<{ features: Village[] }>('grid_features', { p_parent: Number(township?.id) })
    village = villages.features[20]!
    const card = await call<{ area_m2: number }>('grid_card', { p_grid: village.properties.id })
    area = card.area_m2
    const { id, version } = village.properties
    const retired = await call<{ status: string }>('commit_grid_boundaries', {
      p_changes: [{ id, version, retire: true }],
      p_options: { note: '并村' },
    })
    expect(retired.status).toBe('committed')

    await page.goto(`${server.url}/map?layers=borders,labels,blindSpots`)
    await mapReady(page)
    await page.waitForSelector(`${panel} [data-kind=gap][data-count="1"]`)
    await page.click(`${panel} [data-kind=gap]`)
    const row = page.locator(`${panel} li`).first()
    expect(await row.textContent()).toMatch('别山镇')
    const [, figure, unit] =
      (await row.locator('.name').textContent())?.match(/([\d.,]+)\s*(平方公里|公顷|平方米)/) ?? []
    const squareMetres = { 平方公里: 1e6, 公顷: 1e4, 平方米: 1 }[unit ?? '']
    expect((Number(figure?.replaceAll(',', '')) * Number(squareMetres)) / area).toBeCloseTo(1, 1)
    await row.locator('button.row').click()
    await mapStill(page)
    await shot(page, 'blind-gap')
  })

  it('lead from the gap to the editor with the gap at hand', async () => {
    const href = (await page.locator(`${panel} li a`).first().getAttribute('href')) ?? ''
    const link = new URL(href, server.url)
    expect(link.pathname).toBe(`/boundaries/${TOWNSHIP}`)
    const [lon, lat] = (link.searchParams.get('gap') ?? '').split(',').map(Number) as [number, number]
    expect(contains(village.geometry, [lon, lat])).toBe(true)
    // The mark on the map is the same spot: a click opens it in the list.
    const { x, y } = await pixelOf(page, lon, lat)
    await page.mouse.click(x, y)
    await page.waitForSelector(`${panel} li.current`)
    await page.locator(`${panel} li a`).first().click()
    await page.waitForURL((at) => at.pathname === `/boundaries/${TOWNSHIP}` && at.searchParams.has('gap'))
  })

  it('lead from enterprises in the hole to the same editor, and from too few people to appointing them', async () => {
    await page.goto(`${server.url}/map?layers=borders,blindSpots`)
    await mapReady(page)
    await page.waitForSelector(panel)
    await page.click(`${panel} [data-kind=unclaimed]`)
    const links = await page.$$eval(`${panel} li a`, (all) => all.map((each) => each.getAttribute('href') ?? ''))
    expect(links.length).toBe(await count('unclaimed'))
    expect(links.filter((href) => href.startsWith('/boundaries/'))).toHaveLength(links.length)
    if ((await count('staff')) > 0) {
      await page.click(`${panel} [data-kind=staff]`)
      expect(await page.locator(`${panel} li a`).first().getAttribute('href')).toMatch(/^\/people\/\d+$/)
    }
    await shot(page, 'blind-county')
    expect(errors).toEqual([])
  })

  it('are nobody’s but those whose grids they lie in', async () => {
    const other = await openBrowser()
    try {
      const neighbour = await other.newPage()
      await signIn(neighbour, server.url, 'town2@demo.local')
      await mapReady(neighbour)
      await neighbour.click('[data-tab=blindSpots]')
      await neighbour.waitForSelector(`${panel} [data-kind=gap][data-count="0"]`)
    } finally {
      await other.close()
    }
  })
})
