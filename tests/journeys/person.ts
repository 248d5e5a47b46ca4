// What a person does with a page, said once.
import type { Page } from 'playwright-core'
import { SESSION_KEY } from '../../src/db/client'

export const DEMO_PASSWORD = 'safegrid-demo'

/** Fills in the form and sends it. */
export async function signInByHand(page: Page, url: string, email: string, password = DEMO_PASSWORD): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.fill('input[name=email]', email)
  await page.fill('input[type=password]', password)
  await page.keyboard.press('Enter')
}

/**
 * Comes to the first screen of one's position, or to `path`, as somebody who has signed in. The form is left out: its
 * own journey is signIn.test.ts, and every other one is a page shorter.
 */
export async function signIn(
  page: Page,
  url: string,
  email: string,
  password = DEMO_PASSWORD,
  path = '/',
): Promise<void> {
  const { publishableKey } = (await (await fetch(`${url}/config.json`)).json()) as { publishableKey: string }
  const answer = await fetch(`${url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey: publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  const session = await answer.text()
  if (!answer.ok) throw new Error(`${email} could not sign in: HTTP ${answer.status} ${session}`)
  // any page of the same origin, to reach what the browser keeps for it
  await page.goto(`${url}/config.json`)
  await page.evaluate(([key, kept]) => localStorage.setItem(key, kept), [SESSION_KEY, session] as const)
  await page.goto(`${url}${path}`)
}

/** Waits until every source of the map is drawn and the map is at rest. */
export async function mapReady(page: Page): Promise<void> {
  await page.waitForSelector('[data-testid=map][data-map-ready=true], [data-testid=map] [data-map-ready=true]', {
    timeout: 90_000,
  })
}

/** Waits until what was done a moment ago is drawn and the map is at rest again. */
export async function mapStill(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  await page.waitForSelector('[data-testid=map][data-still=true], [data-testid=map] [data-still=true]')
}

/** What this browser keeps of what was begun and not saved, without its pictures. The page has opened that store. */
export async function drafts<T>(page: Page): Promise<T[]> {
  const kept = await page.evaluate(async () => {
    const open = indexedDB.open('safegrid')
    const database = await new Promise<IDBDatabase>((done) => {
      open.onsuccess = () => done(open.result)
    })
    const all = database.transaction('drafts').objectStore('drafts').getAll()
    const rows = await new Promise<{ value: unknown }[]>((done) => {
      all.onsuccess = () => done(all.result)
    })
    database.close()
    return JSON.stringify(rows.map(({ value }) => value))
  })
  return JSON.parse(kept) as T[]
}

/** Asks again and again until it holds; the test's own time limit says when to give up. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((again) => setTimeout(again, 50))
}

/** Where a place lies in the map's box now, in CSS pixels of the page (web mercator, 512 px tiles, no rotation). */
export async function pixelOf(page: Page, lon: number, lat: number): Promise<{ x: number; y: number }> {
  const map = page.locator('[data-center]').first()
  const [center, zoom] = await Promise.all([map.getAttribute('data-center'), map.getAttribute('data-zoom')])
  const box = await map.boundingBox()
  if (!center || !zoom || !box) throw new Error('the map says not where it is')
  const [lon0, lat0] = center.split(',').map(Number) as [number, number]
  const world = 512 * 2 ** Number(zoom)
  const x = (degrees: number) => ((degrees + 180) / 360) * world
  const y = (degrees: number) => {
    const sine = Math.sin((degrees * Math.PI) / 180)
    return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * world
  }
  return { x: box.x + box.width / 2 + x(lon) - x(lon0), y: box.y + box.height / 2 + y(lat) - y(lat0) }
}

/** Keeps a list of every request that leaves for another host than the server under test. */
export function watchStrangers(page: Page, url: string): string[] {
  const strangers: string[] = []
  page.on('request', (request) => {
    const address = request.url()
    if (/^https?:|^wss?:/.test(address) && !address.startsWith(url) && !address.startsWith(url.replace('http', 'ws')))
      strangers.push(address)
  })
  return strangers
}

/** Keeps what went wrong on the page: script errors and complaints of the content security policy. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) errors.push(message.text())
  })
  return errors
}
