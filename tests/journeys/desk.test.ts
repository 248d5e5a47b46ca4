// The duty desk beside the phone of a grid member: what is reported there is seen, heard, counted and acknowledged
// here, and nothing is missed when the server dies in between.
import { rmSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asPerson } from './api'
import { openBrowser, shot } from './browser'
import { mapReady, signIn, until, watchErrors } from './person'
import { type RunningServer, startServer } from './server'

interface Me {
  root: { bbox: [number, number, number, number] }
  sectors: { id: number; code: string }[]
}

let server: RunningServer
let wall: BrowserContext
let phone: BrowserContext
let desk: Page
let field: Page
let errors: string[]
/** What was reported today before this began, and what was reported here. */
let before: number
let reported = 0
let place: { lon: number; lat: number; sector: string }

beforeAll(async () => {
  server = await startServer({ keepData: true })
  ;[wall, phone] = await Promise.all([
    openBrowser({ viewport: { width: 1920, height: 1080 } }),
    openBrowser({ viewport: { width: 360, height: 740 } }),
  ])
  ;[desk, field] = await Promise.all([wall.newPage(), phone.newPage()])
  for (const each of [wall, phone]) each.setDefaultTimeout(90_000)
  errors = watchErrors(desk)
  const member = await asPerson(server.url, 'member@demo.local')
  const { root, sectors } = await member<Me>('me')
  const [west, south, east, north] = root.bbox
  place = { lon: (west + east) / 2, lat: (south + north) / 2, sector: sectors[0]!.code }
  await Promise.all([signIn(desk, server.url, 'duty@demo.local'), signIn(field, server.url, 'member@demo.local')])
  await desk.waitForURL('**/desk')
  await field.waitForURL((url) => !url.pathname.includes('sign-in'))
})
afterAll(async () => {
  await Promise.all([wall?.close(), phone?.close()])
  await server?.stop()
  if (server) rmSync(server.data, { recursive: true, force: true })
})

/** Reports from the second browser, with the session that is signed in there. */
async function report(title: string, severity: 'major' | 'general' = 'general'): Promise<string> {
  reported += 1
  return field.evaluate(
    async ({ title, severity, place }) => {
      const { publishableKey } = await (await fetch('/config.json')).json()
      const { access_token } = JSON.parse(localStorage.getItem('safegrid')!)
      const answer = await fetch('/rest/v1/rpc/report_hazard', {
        method: 'POST',
        headers: {
          apikey: publishableKey,
          authorization: `Bearer ${access_token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          p_hazard: { client_id: crypto.randomUUID(), title, severity, source: 'patrol', ...place },
        }),
      })
      const { hazard } = await answer.json()
      return hazard.id as string
    },
    { title, severity, place },
  )
}
const row = (id: string) => `[data-testid=desk-waiting][data-hazard="${id}"]`
const state = (word: string) => desk.waitForSelector(`[data-testid=desk-connection][data-state=${word}]`)
const count = (n: number) => desk.waitForSelector(`[data-testid=desk][data-count="${n}"]`)

describe('the duty desk', () => {
  it('is where the duty officer lands, live, with nothing waiting', async () => {
    await state('live')
    await count(0)
    await mapReady(desk)
    before = Number(await desk.getAttribute('[data-figure=reported]', 'data-value'))
    expect(await desk.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  })

  it('shows, rings and counts what the other browser reports', async () => {
    // a browser rings only for whom it was allowed to
    await desk.click('[data-testid=desk-sound]')
    await desk.waitForSelector('[data-testid=desk-sound][data-sound=ready]')
    const rung = Number(await desk.getAttribute('[data-testid=desk]', 'data-rung'))
    const id = await report('液氨储罐法兰渗漏', 'major')
    await desk.waitForSelector(row(id))
    expect(await desk.textContent(row(id))).toContain('液氨储罐法兰渗漏')
    expect(await desk.getAttribute(`${row(id)} [data-testid=desk-phone]`, 'href')).toMatch(/^tel:\d+/)
    await desk.waitForFunction(() => document.title.startsWith('(1) '))
    await until(async () => Number(await desk.getAttribute('[data-testid=desk]', 'data-rung')) > rung)
    await desk.waitForSelector('[data-figure=unacknowledged][data-value="1"]')
    await shot(desk, 'desk-new')
  })

  it('is acknowledged with one key, and says who did', async () => {
    await desk.keyboard.press('Space')
    await count(0)
    await desk.waitForSelector('[data-testid=desk-settled] >> text=已签收')
    await desk.waitForSelector('[data-figure=unacknowledged][data-value="0"]')
    await until(async () => !(await desk.title()).startsWith('('))
  })

  it('misses nothing when the server dies and comes back', async () => {
    const first = await report('死前的一条')
    await desk.waitForSelector(row(first))
    const gone = new Promise((done) => server.child.once('close', done))
    server.child.kill('SIGKILL')
    await gone
    await state('offline')
    await desk.waitForSelector('[data-testid=desk-lost]')
    await shot(desk, 'desk-offline')
    // an acknowledgement that cannot be sent is none
    await desk.keyboard.press('Space')
    await desk.waitForSelector('.feed [role=alert]')
    await desk.waitForSelector(row(first))
    server = await startServer({ port: server.port, data: server.data, keepData: true })
    const after = [await report('活后的第一条', 'major'), await report('活后的第二条')]
    for (const id of [first, ...after]) await desk.waitForSelector(row(id))
    await count(3)
    await state('live')
  })

  it('acknowledges all with a question, and not what came meanwhile', async () => {
    await desk.keyboard.press('a')
    await desk.waitForSelector('[data-testid=desk-all-yes]')
    const late = await report('问话时到的一条')
    await desk.waitForSelector(row(late))
    await desk.keyboard.press('Enter')
    await count(1)
    await desk.waitForSelector(row(late))
  })

  it('replays the day while the present goes on', async () => {
    await desk.keyboard.press('r')
    await desk.waitForSelector('[data-testid=desk-replay-bar][data-state=on]')
    const slider = desk.locator('[data-testid=desk-replay-slider]')
    await slider.focus()
    await desk.keyboard.press('End')
    await desk.waitForSelector('[data-testid=desk-replay-events] >> text=值班签收')
    await shot(desk, 'desk-replay')
    const id = await report('回放时到的一条')
    await desk.waitForSelector(row(id))
    await desk.keyboard.press('l')
    await desk.waitForSelector('[data-testid=desk-replay-bar]', { state: 'detached' })
  })

  it('opens from a figure as many rows as it says', async () => {
    const value = before + reported
    await desk.waitForSelector(`[data-figure=reported][data-value="${value}"]`)
    const [ledger] = await Promise.all([wall.waitForEvent('page'), desk.click('[data-figure=reported]')])
    await ledger.waitForSelector(`[data-testid=ledger-total][data-total="${value}"]`)
    await ledger.close()
    expect(errors.filter((words) => !/ERR_CONNECTION_REFUSED|WebSocket/.test(words))).toEqual([])
  })
})
