// A grid leader redraws the villages of a township with a real pointer. What the page says is not believed: areas,
// gaps and versions are measured in the database.
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labelPoint } from '../../src/geo/labelPoint'
import { asPerson } from './api'
import { openBrowser, shot } from './browser'
import { DEMO_PASSWORD, drafts, mapReady, mapStill, pixelOf, signIn, until, watchErrors } from './person'
import { type RunningServer, startServer } from './server'

type Cell = GeoJSON.Feature<
  GeoJSON.MultiPolygon,
  { id: number; code: string; name: string; version: number; level: number }
>
interface Opened {
  status: string
  may_edit: boolean
  grid: Cell
  cells: { features: Cell[] }
}
type Place = [number, number]
type Call = Awaited<ReturnType<typeof asPerson>>

const TOWNSHIP = '120119106'
const EDITING = `/boundaries/${TOWNSHIP}`
const EDITOR = '[data-testid=boundary-editor]'
let server: RunningServer
let browser: BrowserContext
let page: Page
let errors: string[]
let call: Call
let root: number
/** A village that is merged into another one on the way. */
let mergedAway: Cell

async function openEditor(on: Page, code = TOWNSHIP): Promise<void> {
  await on.goto(`${server.url}/boundaries/${code}`)
  await editorReady(on)
}
async function editorReady(on: Page): Promise<void> {
  await on.waitForSelector(`${EDITOR}[data-phase=ready]`)
  await mapReady(on)
}

const opened = () => call<Opened>('open_boundaries', { p_grid: root })
const cellNamed = (now: Opened, name: string): Cell => {
  const found = now.cells.features.find(({ properties }) => properties.name.startsWith(name))
  if (!found) throw new Error(`${name} is not there`)
  return found
}
const centre = (cell: Cell): Place => labelPoint(cell.geometry)

/** What PostGIS says of the township: its own area, the sum of its villages', and the holes between them. */
async function measured() {
  const { gaps } = await call<{ gaps: { features: GeoJSON.Feature[] } }>('blind_spots', { p_grid: root })
  const now = await opened()
  const areaOf = async (id: number) => (await call<{ area_m2: number }>('grid_card', { p_grid: id })).area_m2
  const areas = await Promise.all(now.cells.features.map(({ properties }) => areaOf(properties.id)))
  return {
    gaps: gaps.features.length,
    children: areas.length,
    sum: areas.reduce((total, area) => total + area, 0),
    whole: await areaOf(root),
  }
}

/** No ground is nobody's, and none is somebody's twice: without a gap, areas add up only without an overlap. */
async function expectSeamless(): Promise<number> {
  const { gaps, sum, whole, children } = await measured()
  expect(gaps).toBe(0)
  expect(Math.abs(sum - whole) / whole).toBeLessThan(1e-6)
  return children
}

/** Junctions where at least three villages meet and that are not on the outline of the township, loneliest first. */
function junctionsOf(now: Opened): Place[] {
  const meeting = new Map<string, Set<number>>()
  for (const { properties, geometry } of now.cells.features) {
    for (const point of geometry.coordinates.flat(2)) {
      const key = point.join()
      meeting.set(key, (meeting.get(key) ?? new Set()).add(properties.id))
    }
  }
  const fixed = new Set(now.grid.geometry.coordinates.flat(2).map((point) => point.join()))
  const places = [...meeting]
    .filter(([key, cells]) => cells.size >= 3 && !fixed.has(key))
    .map(([key]) => key.split(',').map(Number) as Place)
  const far = (a: Place) => Math.min(...places.filter((b) => b !== a).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1])))
  return places.sort((a, b) => far(b) - far(a))
}

async function dragBy(on: Page, from: Place, dx: number, dy: number): Promise<void> {
  const { x, y } = await pixelOf(on, ...from)
  await on.mouse.move(x, y)
  await on.mouse.down()
  for (let step = 1; step <= 6; step++) await on.mouse.move(x + (dx * step) / 6, y + (dy * step) / 6)
  await on.mouse.up()
}

/** Clicks one after another; two quick ones at one place would be a double click. */
async function clickAt(on: Page, place: Place, options: { count?: number } = {}): Promise<void> {
  const { x, y } = await pixelOf(on, ...place)
  await on.mouse.click(x, y, { clickCount: 1 })
  if (options.count === 2) await on.mouse.click(x, y, { clickCount: 2 })
  else await on.waitForTimeout(420)
}

async function zoomIn(on: Page): Promise<void> {
  const zoom = await on.getAttribute('[data-zoom]', 'data-zoom')
  await on.click('.zoom button')
  await on.waitForFunction((was) => document.querySelector('[data-zoom]')?.getAttribute('data-zoom') !== was, zoom)
  await mapStill(on)
}

const steps = (on: Page, n: number) => on.waitForSelector(`${EDITOR}[data-commands="${n}"]`)
const changed = async (on: Page) => Number(await on.getAttribute(EDITOR, 'data-changes'))
const save = async (on: Page) => {
  await on.click('[data-testid=boundary-save]')
  await on.waitForSelector('[data-testid=boundary-consequences][data-status=valid]')
  await on.click('[data-testid=boundary-confirm]')
  await on.waitForSelector('[data-testid=boundary-saved]')
}

beforeAll(async () => {
  server = await startServer()
  call = await asPerson(server.url, 'town@demo.local')
  const me = await call<{ positions: { grid_id: number }[] }>('me')
  root = me.positions[0]!.grid_id
  browser = await openBrowser()
  page = await browser.newPage()
  errors = watchErrors(page)
  page.on('dialog', (dialog) => void dialog.accept())
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

describe('the boundary editor', () => {
  it('is reached from the card of the township', async () => {
    await signIn(page, server.url, 'town@demo.local', DEMO_PASSWORD, `/map?grid=${TOWNSHIP}`)
    await page.click('[data-testid=grid-boundaries]')
    await page.waitForSelector(`${EDITOR}[data-phase=ready]`)
    await mapReady(page)
    expect(new URL(page.url()).pathname).toBe(`/boundaries/${TOWNSHIP}`)
    await shot(page, 'boundaries')
  })

  it('moves a junction with every village that meets there, and tears no hole', async () => {
    const before = await opened()
    await zoomIn(page)
    const at = junctionsOf(before)[0]!
    await dragBy(page, at, 9, 6)
    await steps(page, 1)
    expect(await changed(page)).toBeGreaterThanOrEqual(3)
    expect(await page.getAttribute('[data-testid=boundary-checks]', 'data-errors')).toBe('0')
    await shot(page, 'boundaries-junction')
    await page.click('[data-testid=boundary-save]')
    await page.waitForSelector('[data-testid=boundary-consequences][data-status=valid]')
    await shot(page, 'boundaries-consequences')
    await page.fill('[data-testid=boundary-note]', '按道路中线调整')
    await page.click('[data-testid=boundary-confirm]')
    await page.waitForSelector('[data-testid=boundary-saved]')
    const after = await opened()
    const raised = after.cells.features.filter(({ properties }) => {
      const was = before.cells.features.find((cell) => cell.properties.id === properties.id)
      return was && properties.version === was.properties.version + 1
    })
    expect(raised.length).toBeGreaterThanOrEqual(3)
    expect(raised.every((cell) => !cell.geometry.coordinates.flat(2).some((point) => point.join() === at.join()))).toBe(
      true,
    )
    await expectSeamless()
  })

  it('splits, merges, retires and fills in one session, and goes back to the start and forward again', async () => {
    await openEditor(page)
    const now = await opened()
    const [split, into, gone, retired] = ['大官场村', '小官场村', '东运庄村', '瓦房村'].map((name) =>
      cellNamed(now, name),
    )
    mergedAway = gone!
    const points = split!.geometry.coordinates.flat(2)
    const [west, east] = [Math.min(...points.map((p) => p[0]!)), Math.max(...points.map((p) => p[0]!))]
    const [, lat] = centre(split!)

    await page.keyboard.press('s')
    await clickAt(page, [west - 0.002, lat])
    await clickAt(page, [(west + east) / 2, lat])
    await clickAt(page, [east + 0.002, lat], { count: 2 })
    await page.waitForSelector('[data-testid=boundary-naming] [data-testid=boundary-pieces]')
    await page.click('[data-testid=boundary-swap-1]')
    await page.fill('input[name=name-1]', '大官场新村')
    await shot(page, 'boundaries-split')
    await page.click('[data-testid=boundary-named]')
    await steps(page, 1)

    await page.keyboard.press('Escape')
    await page.keyboard.press('m')
    await clickAt(page, centre(into!))
    await clickAt(page, centre(gone!))
    await page.keyboard.press('Enter')
    await steps(page, 2)

    await page.keyboard.press('Escape')
    await page.keyboard.press('r')
    await clickAt(page, centre(retired!))
    await page.click('[data-testid=boundary-retire]')
    await steps(page, 3)
    expect(await page.locator('[data-testid=boundary-gap]').count()).toBe(1)

    await page.keyboard.press('f')
    await clickAt(page, centre(retired!))
    await page.locator('[data-testid=boundary-fill-into]').first().click()
    await steps(page, 4)
    expect(await page.locator('[data-testid=boundary-gap]').count()).toBe(0)
    await shot(page, 'boundaries-tools')

    const whole = await changed(page)
    for (let i = 0; i < 4; i++) await page.keyboard.press('Control+z')
    await steps(page, 0)
    expect(await changed(page)).toBe(0)
    expect(await page.isDisabled('[data-testid=boundary-save]')).toBe(true)
    for (let i = 0; i < 4; i++) await page.keyboard.press('Control+y')
    await steps(page, 4)
    expect(await changed(page)).toBe(whole)
  })

  it('offers the draft again after a reload in the middle of it, with every step', async () => {
    const before = await changed(page)
    await until(async () => (await drafts<{ at?: number }>(page)).some((draft) => draft.at === 4))
    await page.reload()
    await page.waitForSelector('[data-testid=boundary-draft-offer][data-stale="0"]')
    await page.click('[data-testid=boundary-draft-resume]')
    await steps(page, 4)
    expect(await changed(page)).toBe(before)
    await mapReady(page)
  })

  it('saves all of it at once: one village new, two gone, nothing torn', async () => {
    const before = await measured()
    await save(page)
    const now = await opened()
    const names = now.cells.features.map(({ properties }) => properties.name)
    expect(names).toContain('大官场新村')
    expect(names.some((name) => name.startsWith('东运庄村') || name.startsWith('瓦房村'))).toBe(false)
    expect(await expectSeamless()).toBe(before.children - 1)
    expect(await page.isDisabled('[data-testid=boundary-undo]')).toBe(true)
  })

  it('brings a village that was merged away back, from the one that has its ground', async () => {
    const { id, version } = mergedAway.properties
    await page.goto(`${server.url}/boundaries/${TOWNSHIP}?restore=${id}@${version}`)
    await editorReady(page)
    await steps(page, 1)
    expect(await changed(page)).toBeGreaterThanOrEqual(2)
    expect(await page.getAttribute('[data-testid=boundary-checks]', 'data-errors')).toBe('0')
    await page.click('[data-testid=boundary-discard]')
    await steps(page, 0)
  })

  it('draws what is wrong and does not let it be saved', async () => {
    await openEditor(page)
    const now = await opened()
    const [near, far] = [junctionsOf(now)[0]!, junctionsOf(now)[1]!]
    const [a, b] = [await pixelOf(page, ...near), await pixelOf(page, ...far)]
    const length = Math.hypot(b.x - a.x, b.y - a.y)
    await dragBy(page, near, ((b.x - a.x) / length) * 150, ((b.y - a.y) / length) * 150)
    await steps(page, 1)
    expect(Number(await page.getAttribute('[data-testid=boundary-checks]', 'data-errors'))).toBeGreaterThan(0)
    expect(await page.isDisabled('[data-testid=boundary-save]')).toBe(true)
    await shot(page, 'boundaries-wrong')
    await page.keyboard.press('Control+z')
    await steps(page, 0)
    expect(await page.getAttribute('[data-testid=boundary-checks]', 'data-errors')).toBe('0')
  })

  it('finds out what became of a save whose answer was lost', async () => {
    const before = await opened()
    await dragBy(page, junctionsOf(before)[0]!, -8, 5)
    await steps(page, 1)
    await page.click('[data-testid=boundary-save]')
    await page.waitForSelector('[data-testid=boundary-consequences][data-status=valid]')
    await page.route('**/rest/v1/rpc/commit_grid_boundaries', async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    })
    await page.click('[data-testid=boundary-confirm]')
    await page.waitForSelector('[data-testid=boundary-saved]')
    await page.unroute('**/rest/v1/rpc/commit_grid_boundaries')
    const after = await opened()
    const sum = (state: Opened) => state.cells.features.reduce((total, { properties }) => total + properties.version, 0)
    expect(sum(after) - sum(before)).toBeGreaterThanOrEqual(3)
    expect(await changed(page)).toBe(0)
    await expectSeamless()
    expect(errors.filter((error) => !error.includes('ERR_CONNECTION_RESET'))).toEqual([])
  })
})

describe('two leaders at one border', () => {
  it('are told of each other; the second overwrites nothing and sees both states', async () => {
    const other = await openBrowser()
    try {
      const theirs = await other.newPage()
      theirs.on('dialog', (dialog) => void dialog.accept())
      await signIn(theirs, server.url, 'leader@demo.local', DEMO_PASSWORD, EDITING)
      await editorReady(theirs)
      await openEditor(page)
      await page.waitForSelector('[data-testid=boundary-presence]')
      const at = junctionsOf(await opened())[0]!
      for (const each of [page, theirs]) {
        await zoomIn(each)
      }
      await dragBy(page, at, 5, 4)
      await dragBy(theirs, at, -4, 4)
      await steps(page, 1)
      await steps(theirs, 1)
      await save(page)
      const landed = JSON.stringify((await opened()).cells)

      await theirs.click('[data-testid=boundary-save]')
      await theirs.waitForSelector('[data-testid=boundary-conflict]')
      await theirs.waitForSelector('[data-testid=boundary-conflict-keep]:not([disabled])')
      expect(Number(await theirs.getAttribute('[data-testid=boundary-conflict]', 'data-stale'))).toBeGreaterThanOrEqual(
        3,
      )
      expect(await theirs.textContent('[data-testid=boundary-conflict-who]')).toContain('孟')
      expect(await theirs.locator('[data-testid=boundary-mini-mine] [data-turn=mine]').count()).toBeGreaterThanOrEqual(
        3,
      )
      expect(
        await theirs.locator('[data-testid=boundary-mini-theirs] [data-turn=theirs]').count(),
      ).toBeGreaterThanOrEqual(3)
      await shot(theirs, 'boundaries-conflict')
      expect(JSON.stringify((await opened()).cells)).toBe(landed)

      // mine in place of theirs, after having seen what would follow
      await theirs.click('[data-testid=boundary-conflict-keep]')
      await theirs.waitForSelector('[data-testid=boundary-consequences][data-status=valid]')
      await theirs.click('[data-testid=boundary-confirm]')
      await theirs.waitForSelector('[data-testid=boundary-saved]')
      expect(JSON.stringify((await opened()).cells)).not.toBe(landed)
      await expectSeamless()
    } finally {
      await other.close()
    }
  })
})

describe('a tablet', () => {
  it('draws by hand with one finger, moves the map with two, and offers what keys would do', async () => {
    const other = await openBrowser({ hasTouch: true, viewport: { width: 1024, height: 768 } })
    try {
      const tablet = await other.newPage()
      await signIn(tablet, server.url, 'town@demo.local', DEMO_PASSWORD, EDITING)
      await editorReady(tablet)
      const hand = await other.newCDPSession(tablet)
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...at: Place[]) =>
        hand.send('Input.dispatchTouchEvent', { type, touchPoints: at.map(([x, y], id) => ({ x, y, id })) })
      const zoom = () => tablet.getAttribute('[data-center]', 'data-zoom').then(Number)

      await tablet.tap('[data-testid=boundary-tool-measure]')
      await tablet.tap('[data-testid=boundary-freehand]')
      const before = await zoom()
      await touch('touchStart', [360, 380])
      await touch('touchStart', [360, 380], [440, 380])
      for (let d = 0; d <= 40; d += 8) await touch('touchMove', [360 - d, 380], [440 + d, 380])
      await touch('touchEnd')
      await tablet.waitForFunction(
        (was) => Number(document.querySelector('[data-center]')?.getAttribute('data-zoom')) > was + 0.3,
        before,
      )
      expect(await tablet.isDisabled('[data-testid=boundary-drop-point]')).toBe(true)

      await touch('touchStart', [350, 330])
      for (let step = 1; step <= 12; step++)
        await touch('touchMove', [350 + step * 14, 330 + Math.round(60 * Math.sin(step / 4))])
      await touch('touchEnd')
      await tablet.waitForSelector('[data-testid=boundary-measure-area]')
      expect(await tablet.textContent('[data-testid=boundary-hint]')).not.toMatch(/Enter|Esc|Shift/)
      for (const button of await tablet.locator('[data-testid=boundary-touch] button').all())
        expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(44)
      await shot(tablet, 'boundaries-tablet')
    } finally {
      await other.close()
    }
  })
})

describe('whose right it is', () => {
  it('a leader of another township is answered as if there were no such grid', async () => {
    const other = await openBrowser()
    try {
      const stranger = await other.newPage()
      await signIn(stranger, server.url, 'town2@demo.local', DEMO_PASSWORD, EDITING)
      await stranger.waitForSelector('[data-testid=boundary-not-found]')
      await shot(stranger, 'boundaries-stranger')
      expect(await stranger.locator('[data-testid=map]').count()).toBe(0)
    } finally {
      await other.close()
    }
  })

  it('who may only look gets no tools to change and no way to save', async () => {
    const other = await openBrowser()
    try {
      const duty = await other.newPage()
      await signIn(duty, server.url, 'duty@demo.local', DEMO_PASSWORD, EDITING)
      await editorReady(duty)
      expect(await duty.getAttribute('[data-testid=map]', 'data-edit-state')).toBe('readonly')
      expect(await duty.isDisabled('[data-testid=boundary-tool-split]')).toBe(true)
      expect(await duty.locator('[data-testid=boundary-save]').count()).toBe(0)
      const at = junctionsOf(await opened())[0]!
      await dragBy(duty, at, 8, 6)
      expect(await changed(duty)).toBe(0)
    } finally {
      await other.close()
    }
  })
})
