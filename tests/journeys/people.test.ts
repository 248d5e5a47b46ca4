// A township leader staffs a village: appoints, is asked before the last leader goes, puts a portrait on the notice.
import { crc32, deflateSync } from 'node:zlib'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openBrowser, shot } from './browser'
import { DEMO_PASSWORD, signIn, until, watchErrors } from './person'

const url = inject('demoUrl')
let browser: BrowserContext
let page: Page
let errors: string[]

beforeAll(async () => {
  browser = await openBrowser()
  page = await browser.newPage()
  errors = watchErrors(page)
})
afterAll(async () => {
  await browser?.close()
})

/** A plain grey picture, wider than high; nobody's face. */
function picture(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const rows = Buffer.alloc((width + 1) * height, 120)
  for (let y = 0; y < height; y++) rows[y * (width + 1)] = 0
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const people = async () => page.$$eval('[data-testid=staff-person] strong', (nodes) => nodes.map((n) => n.textContent))
const gone = (dialog: string) => page.waitForSelector(`[data-testid=${dialog}]`, { state: 'detached' })
let village = ''
let leader = ''

describe('a township leader', () => {
  it('sees who holds which position, and who may be appointed where', async () => {
    await signIn(page, url, 'town@demo.local', DEMO_PASSWORD, '/map?grid=120119106')
    await page.click('[data-testid=grid-people]')
    await page.waitForSelector('[data-testid=staff-person]')
    expect(await page.locator('[data-testid=people-grid]').count()).toBe(51)
    // of the own grid only the members are theirs
    const dismissible = await page.$$eval('[data-testid=staff-person]:has([data-testid=dismiss])', (rows) =>
      rows.map((row) => row.getAttribute('data-position')),
    )
    expect(dismissible.length).toBeGreaterThan(0)
    expect(new Set(dismissible)).toEqual(new Set(['member']))
    const row = page.locator('[data-testid=people-grid]').nth(4)
    village = (await row.getAttribute('data-code'))!
    await row.click()
    await page.waitForSelector(`[data-testid=grid-staff][data-code="${village}"]`)
    leader = (await people())[0]!
    await shot(page, 'people')
  })

  it('is asked before a village loses its only leader, and lets a successor take over', async () => {
    await page.locator('[data-position=leader] [data-testid=dismiss]').click()
    await page.click('[data-testid=dismiss-save]')
    await page.waitForSelector('[data-testid=dismiss-dialog]:has-text("唯一的网格长")')
    await shot(page, 'people-last-leader')
    await page.click('[data-testid=successor]')
    await page.check('[data-testid=appoint-fresh]')
    await page.fill('[name=name]', '接任者')
    await page.fill('[name=phone]', '13911112222')
    await page.click('[data-testid=appoint-save]')
    await gone('appoint-dialog')
    await page.waitForSelector('[data-position=leader]:has-text("接任者")')
    expect(await people()).not.toContain(leader)
    for (const name of ['接任者', leader])
      await page.waitForSelector(`[data-testid=appointment-history]:has-text("${name}")`)
  })

  it('appoints the former leader again, found by name, and is told when that makes no sense', async () => {
    await page.click('[data-testid=appoint]')
    await page.check('[name=position][value=member]')
    await page.fill('[data-testid=appoint-search]', leader)
    await page.locator('[name=person]').first().check()
    await page.click('[data-testid=appoint-save]')
    await gone('appoint-dialog')
    await page.waitForSelector(`[data-position=member]:has-text("${leader}")`)
    await page.click('[data-testid=appoint]')
    await page.check('[name=position][value=member]')
    await page.check('[data-testid=appoint-fresh]')
    await page.fill('[name=name]', leader)
    await page.click('[data-testid=appoint-save]')
    await page.waitForSelector('[data-testid=appoint-dialog] [role=alert]:has-text("请确认是不是同一个人")')
    await page.keyboard.press('Escape')
    await gone('appoint-dialog')
  })

  it('uploads a portrait, cut and cleaned, and it hangs on the notice', async () => {
    await page.locator('[data-position=leader] [data-testid=edit-person]').click()
    await page.setInputFiles('[data-testid=photo-file]', {
      name: 'x.txt',
      mimeType: 'image/png',
      buffer: Buffer.from('no picture'),
    })
    await page.waitForSelector('[data-testid=edit-dialog] [role=alert]')
    await page.setInputFiles('[data-testid=photo-file]', {
      name: 'x.png',
      mimeType: 'image/png',
      buffer: picture(1200, 800),
    })
    await page.fill('[name=title]', '村党支部书记')
    const [upload] = await Promise.all([
      page.waitForRequest((r) => r.method() === 'POST' && r.url().includes('/storage/v1/object/portraits/')),
      page.click('[data-testid=edit-save]'),
    ])
    expect(upload.headers()['content-type']).toBe('image/jpeg')
    await gone('edit-dialog')
    const face = page.locator('[data-position=leader] [data-testid=person-photo]')
    await face.waitFor()
    await until(() => face.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0))
    expect(await face.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight])).toEqual([450, 600])
    await page.goto(`${url}/notices/${village}`)
    await page.waitForSelector('[data-testid=notice-sheet] svg image[href^="data:image/jpeg"]')
    const words = await page.$$eval('[data-testid=notice-sheet] svg text', (nodes) => nodes.map((n) => n.textContent))
    expect(words).toEqual(expect.arrayContaining(['接任者', '13911112222', '村党支部书记', leader]))
    await shot(page, 'notice-with-portrait')
  })

  it('and nothing went wrong on the way', () => {
    expect(errors).toEqual([])
  })
})

describe('a village leader', () => {
  it('sees the township’s people and may change none of them', async () => {
    const other = await openBrowser()
    const own = await other.newPage()
    await signIn(own, url, 'village@demo.local', DEMO_PASSWORD, '/people/120119106')
    await own.waitForSelector('[data-testid=staff-person]')
    expect(await own.locator('[data-testid=appoint], [data-testid=dismiss], [data-testid=edit-person]').count()).toBe(0)
    expect(await own.locator('[data-testid=people-grid]').count()).toBe(2)
    await other.close()
  })
})
