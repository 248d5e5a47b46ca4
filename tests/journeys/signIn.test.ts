// Nine people sign in; each finds the screen of their position. Then what goes wrong at the door.
import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { openBrowser, shot } from './browser'
import { DEMO_PASSWORD, mapReady, signInByHand, watchErrors, watchStrangers } from './person'

const url = inject('demoUrl')
// A browser of its own for every person: nobody inherits a session.
let browser: BrowserContext

beforeEach(async () => {
  browser = await openBrowser()
})
afterEach(() => browser?.close())

async function leave(page: Page): Promise<void> {
  await page.click('[data-testid=person] button')
  await page.click('[data-testid=sign-out]')
  await page.waitForURL(/sign-in/)
}

describe('the nine sign-ins', () => {
  const people = [
    ['admin', /\/map/, /管理员/],
    ['leader', /\/map/, /领导/],
    ['town', /grid=120119106/, /网格长/],
    ['town2', /grid=120119105/, /网格长/],
    ['village', /\/work/, /网格长/],
    ['member', /\/work/, /网格员/],
    ['duty', /\/desk/, /值班员/],
    ['officer', /\/map/, /主管/],
    ['enterprise', /sel=enterprise/, /企业/],
  ] as const

  it.each(people)('%s comes to the right first screen', async (name, address, position) => {
    const page = await browser.newPage()
    const errors = watchErrors(page)
    const strangers = watchStrangers(page, url)
    await signInByHand(page, url, `${name}@demo.local`)
    await page.waitForURL((at) => !at.pathname.includes('sign-in'))
    await page.waitForURL(address)
    if (address.source.includes('work')) await page.waitForSelector('[data-testid=work-total], .empty-state')
    else await mapReady(page)
    // the desk hangs on a wall, without the bar that says who is signed in
    if (!address.source.includes('desk')) expect(await page.textContent('[data-testid=person]')).toMatch(position)
    await shot(page, `first-screen-${name}`)
    expect(strangers).toEqual([])
    expect(errors).toEqual([])
  })
})

describe('at the door', () => {
  it('says that the password is wrong, in words, and keeps what was typed', async () => {
    const page = await browser.newPage()
    await signInByHand(page, url, 'leader@demo.local', 'not the password')
    await page.waitForSelector('text=账号或密码不正确')
    expect(await page.inputValue('input[name=email]')).toBe('leader@demo.local')
  })

  it('honours the link that one came for', async () => {
    const page = await browser.newPage()
    await page.goto(`${url}/hazards?severity=major`)
    await page.waitForURL(/sign-in/)
    await page.waitForSelector('[data-testid=sign-in-why]:has-text("请先登录")')
    await page.fill('input[name=email]', 'leader@demo.local')
    await page.fill('input[type=password]', DEMO_PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/hazards\?severity=major/)
    await page.waitForSelector('[data-testid=ledger-total]')
  })

  it('leaves nothing behind after signing out, in no tab', async () => {
    const page = await browser.newPage()
    await signInByHand(page, url, 'leader@demo.local')
    await mapReady(page)
    const other = await browser.newPage()
    await other.goto(`${url}/hazards`)
    await other.waitForSelector('[data-testid=ledger-total]')
    await leave(page)
    await other.waitForURL(/sign-in/)
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
    expect(kept).not.toMatch(/access_token|refresh_token|demo\.local/)
  })

  it('asks again when the session has expired, and the page stays', async () => {
    const page = await browser.newPage()
    await signInByHand(page, url, 'leader@demo.local')
    await mapReady(page)
    await page.goto(`${url}/hazards`)
    await page.waitForSelector('[data-testid=ledger-total]')
    await page.fill('[data-testid=ledger-search]', '报警')
    // From now on the server knows neither the access token nor the refresh token.
    await page.route('**/rest/v1/**', (route) =>
      route.fulfill({
        status: 401,
        contentType: 'application/json',
        body: '{"code":"PGRST301","message":"JWT expired","details":null,"hint":null}',
      }),
    )
    await page.route('**/auth/v1/token?grant_type=refresh_token**', (route) =>
      route.fulfill({
        status: 400,
        contentType: 'application/json',
        body: '{"code":400,"error_code":"refresh_token_not_found","msg":"Invalid Refresh Token"}',
      }),
    )
    await page.focus('[data-testid=ledger-state]')
    await page.selectOption('[data-testid=ledger-state]', 'all')
    await page.waitForSelector('text=登录已过期')
    await shot(page, 'expired')
    await page.unroute('**/rest/v1/**')
    await page.fill('[role=dialog] input[type=password], dialog input[type=password]', DEMO_PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForSelector('text=登录已过期', { state: 'detached' })
    // a keyboard goes on where it was
    await page.waitForSelector('[data-testid=ledger-state]:focus')
    expect(await page.inputValue('[data-testid=ledger-search]')).toBe('报警')
    expect(page.url()).toMatch(/status=all/)
    await page.waitForFunction(() => document.querySelector('.ledger')?.getAttribute('data-state') === 'ready')
  })
})
