// What waits for whom, on a desk and on a phone without a signal: the same figures everywhere, a step kept and sent once
// in its turn, somebody who was quicker, and sending when every page is closed.
import { Buffer } from 'node:buffer'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { asPerson } from './api'
import { openBrowser, shot } from './browser'
import { DEMO_PASSWORD, signIn, until, watchErrors } from './person'
import { type RunningServer, startServer } from './server'

type Call = Awaited<ReturnType<typeof asPerson>>
interface Event {
  action: string
  note: string | null
  photos: string[]
}

let server: RunningServer
let phone: BrowserContext
let desk: BrowserContext
const call = {} as Record<'member' | 'town' | 'village', Call>
const errors: string[][] = []

/** A hazard of the village, given to its leader. */
async function given(title: string): Promise<string> {
  const { rows } = await call.village<{ rows: { id: string; lon: number; lat: number }[] }>('list_enterprises')
  const { hazard } = await call.member<{ hazard: { id: string } }>('report_hazard', {
    p_hazard: {
      client_id: crypto.randomUUID(),
      title,
      lon: rows[0]!.lon,
      lat: rows[0]!.lat,
      sector: '工贸',
      severity: 'general',
      source: 'patrol',
    },
  })
  const me = await call.village<{ user_id: string }>('me')
  await advance(hazard.id, 1, 'verify', {})
  await advance(hazard.id, 2, 'assign', { to: me.user_id })
  return hazard.id
}
async function advance(id: string, version: number, action: string, fields: object): Promise<void> {
  const answer = await call.town<{ status: string }>('advance_hazard', {
    p_hazard: id,
    p_version: version,
    p_action: action,
    p_fields: fields,
  })
  expect(answer.status).toBe('ok')
}
const events = async (id: string) => (await call.town<{ events: Event[] }>('hazard_history', { p_hazard: id })).events
const standing = async (id: string) => (await call.town<{ state: string }>('hazard_card', { p_hazard: id })).state
const waiting = async (who: Call) => (await who<{ total: number }>('my_work', { p_limit: 0 })).total
const on = (page: Page, state: string) => page.waitForSelector(`[data-testid=phone-hazard][data-state=${state}]`)
const begin = (page: Page, action: string) =>
  page.locator(`[data-testid=phone-step][data-action=${action}]:not(:disabled)`).tap()
const confirm = (page: Page) => page.locator('[data-testid=hazard-confirm]').tap()
const jpeg = async (page: Page) =>
  Buffer.from(
    (await page.evaluate(() => {
      const canvas = document.createElement('canvas')
      canvas.width = 320
      canvas.height = 240
      return canvas.toDataURL('image/jpeg').split(',')[1]
    })) ?? '',
    'base64',
  )

/** Whether the browser keeps in whose name the worker sends, once every page is closed. */
const carried = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    if (!(await indexedDB.databases()).some(({ name }) => name === 'safegrid-carrier')) return false
    const open = indexedDB.open('safegrid-carrier')
    const database = await new Promise<IDBDatabase>((done) => {
      open.onsuccess = () => done(open.result)
    })
    const me = database.transaction('carrier').objectStore('carrier').get('me')
    const kept = await new Promise((done) => {
      me.onsuccess = () => done(me.result)
    })
    database.close()
    return kept !== undefined
  })

beforeAll(async () => {
  server = await startServer()
  for (const who of ['member', 'town', 'village'] as const) call[who] = await asPerson(server.url, `${who}@demo.local`)
  phone = await openBrowser({
    viewport: { width: 360, height: 740 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  })
  desk = await openBrowser()
})
afterAll(async () => {
  await phone?.close()
  await desk?.close()
  await server?.stop()
})

it('two steps taken without a signal arrive once, in their order, and wait for the next person', async () => {
  const id = await given('配电箱门缺失')
  const page = await phone.newPage()
  errors.push(watchErrors(page))
  await signIn(page, server.url, 'village@demo.local', DEMO_PASSWORD)
  // in a village one works, and on a phone with the thumb
  await page.waitForURL(/\/m\/$/)
  await page.waitForSelector('[data-testid=shell-kept]', { state: 'attached', timeout: 120_000 })
  await page.waitForFunction(
    (total) => document.querySelector('[data-testid=waiting]')?.getAttribute('data-waiting') === String(total),
    await waiting(call.village),
  )
  await shot(page, 'work-phone-home')
  await page.locator('[data-testid=to-work]').tap()
  await page.waitForSelector('[data-testid=my-work][data-state=ready]')
  expect(await page.locator('[data-testid=work-card]').count()).toBe(await waiting(call.village))

  await phone.setOffline(true)
  // the whole page comes from the phone
  await page.goto(`${server.url}/m/work`)
  await page.waitForSelector('[data-testid=work-kept]')
  await shot(page, 'work-phone-offline')
  await page.locator(`[data-testid=work-card][data-hazard="${id}"]`).tap()
  await on(page, 'assigned')
  await begin(page, 'start')
  await confirm(page)
  // the next step can be taken before the first has arrived
  await on(page, 'rectifying')
  await begin(page, 'submit')
  await page.fill('[name=note]', '箱门已装，警示标志已贴')
  await page.setInputFiles('[data-testid=step-photos]', {
    name: 'after.jpg',
    mimeType: 'image/jpeg',
    buffer: await jpeg(page),
  })
  await page.waitForSelector('.strip img')
  await confirm(page)
  await on(page, 'submitted')
  expect(await page.locator('[data-testid=step-state]').count()).toBe(2)
  await shot(page, 'work-phone-kept')
  expect((await events(id)).map(({ action }) => action)).toEqual(['report', 'verify', 'assign'])

  await phone.setOffline(false)
  await page.waitForSelector('[data-testid=step-state]', { state: 'detached' })
  const after = await events(id)
  expect(after.map(({ action }) => action)).toEqual(['report', 'verify', 'assign', 'start', 'submit'])
  expect(after[4]).toMatchObject({ note: '箱门已装，警示标志已贴' })
  expect(after[4]!.photos).toHaveLength(1)
  await page.close()
})

it('on the desk the figures agree, one button opens the step, and what is done is gone', async () => {
  const page = await desk.newPage()
  errors.push(watchErrors(page))
  await signIn(page, server.url, 'member@demo.local', DEMO_PASSWORD)
  await page.waitForURL(/\/work/)
  const before = await waiting(call.member)
  expect(before).toBeGreaterThan(0)
  await page.waitForSelector(`[data-testid=work-total][data-total="${before}"]`)
  await page.waitForSelector(`[data-testid=work-badge][data-waiting="${before}"]`)
  await page.waitForSelector('[data-testid=work-row]')
  await shot(page, 'work-desk')
  // every figure is the list it opens
  for (const word of await page
    .locator('[data-testid=work-chip]')
    .evaluateAll((chips) => chips.map((chip) => chip.getAttribute('data-word') ?? ''))) {
    const shown = await page.locator(`[data-testid=work-chip][data-word=${word}] b`).textContent()
    const list = await call.member<{ total: number }>('list_hazards', { p_filter: { work: word }, p_limit: 1 })
    expect(Number(shown), word).toBe(list.total)
  }
  // by the keyboard: to the list of what is to be reviewed, and the step of its first row
  await page.goto(`${server.url}/work?work=pass`)
  await page.waitForSelector('[data-testid=work-row]')
  await page.keyboard.press('j')
  const first = page.locator('[data-testid=work-row]:focus')
  await first.waitFor()
  const id = await first.getAttribute('data-hazard')
  await page.keyboard.press('Enter')
  await page.waitForURL(new RegExp(`/hazards/${id}\\?step=pass`))
  await page.waitForSelector('[data-testid=hazard-form][data-action=pass]')
  await page.fill('[name=note]', '现场复查合格')
  await page.click('[data-testid=hazard-confirm]')
  await page.waitForSelector('[data-testid=hazard-page][data-state=closed]')
  // the badge follows by itself
  await page.waitForFunction(
    (left) =>
      (document.querySelector('[data-testid=work-badge]')?.getAttribute('data-waiting') ?? '0') === String(left),
    before - 1,
  )
  await page.goto(`${server.url}/work?work=pass`)
  await page.waitForSelector(`[data-testid=work-total][data-total="${before - 1}"], .empty-state`)
  expect(await page.locator(`[data-hazard="${id}"]`).count()).toBe(0)
  await page.close()
})

it('deadline notices: the bell counts them, opening one reads it', async () => {
  const page = await desk.newPage()
  await signIn(page, server.url, 'town@demo.local', DEMO_PASSWORD, '/work')
  const unread = async () => (await call.town<{ unread: number }>('my_notices', { p_limit: 0 })).unread
  const before = await unread()
  expect(before).toBeGreaterThan(1)
  await page.waitForSelector('[data-testid=bell-count]')
  await page.click('[data-testid=bell]')
  const notice = page.locator('[data-testid=notice] a').first()
  await notice.waitFor()
  await shot(page, 'work-notices')
  await notice.click()
  await page.waitForSelector('[data-testid=hazard-page]')
  await until(async () => (await unread()) === before - 1)
  await page.close()
})

it('somebody who was quicker: nothing is lost, and it can be said again on what stands now', async () => {
  const id = await given('应急照明不亮')
  const page = await phone.newPage()
  await signIn(page, server.url, 'village@demo.local', DEMO_PASSWORD, `/m/hazards/${id}`)
  await on(page, 'assigned')
  await phone.setOffline(true)
  await begin(page, 'start')
  await page.fill('[name=note]', '先断电再更换')
  await confirm(page)
  await page.waitForSelector('[data-testid=step-state][data-state=waiting]')
  // meanwhile it is given to them anew, with another term
  const me = await call.village<{ user_id: string }>('me')
  await advance(id, 3, 'assign', { to: me.user_id, note: '抓紧' })
  await phone.setOffline(false)
  await page.waitForSelector('[data-testid=step-state][data-state=failed]')
  expect(await page.textContent('[data-testid=step-state]')).toMatch(/先断电再更换/)
  await shot(page, 'work-phone-conflict')
  await page.locator('[data-testid=step-again]').tap()
  await page.waitForSelector('[data-testid=step-state]', { state: 'detached' })
  await on(page, 'rectifying')
  expect((await events(id)).filter(({ action }) => action === 'start')).toMatchObject([{ note: '先断电再更换' }])
  await page.close()
})

it('what waits is sent when every page is closed, where the browser wakes the worker', async () => {
  const id = await given('消防水带破损')
  const page = await phone.newPage()
  await signIn(page, server.url, 'village@demo.local', DEMO_PASSWORD, `/m/hazards/${id}`)
  await on(page, 'assigned')
  // a page of this address that is none of the app's, to speak to the browser from
  const other = await phone.newPage()
  await other.goto(`${server.url}/config.json`)
  const tools = await phone.newCDPSession(other)
  const registered = new Promise<string>((found) => {
    tools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find(({ scopeURL }) => scopeURL === `${server.url}/m/`)
      if (ours) found(ours.registrationId)
    })
  })
  await tools.send('ServiceWorker.enable')
  const registrationId = await registered
  await phone.setOffline(true)
  await begin(page, 'start')
  await confirm(page)
  await page.waitForSelector('[data-testid=step-state][data-state=waiting]')
  // it is known in whose name
  await until(() => carried(page))
  await page.close()
  await phone.setOffline(false)
  await tools.send('ServiceWorker.dispatchSyncEvent', {
    origin: server.url,
    registrationId,
    tag: 'safegrid-outbox',
    lastChance: false,
  })
  await until(async () => (await standing(id)) === 'rectifying')
  await other.close()
  const again = await phone.newPage()
  await again.goto(`${server.url}/m/`)
  await again.waitForSelector('[data-testid=to-work]')
  await again.waitForSelector('[data-testid=outbox]', { state: 'detached' })
  expect(errors.flat().filter((error) => !error.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([])
})
