// The portrait of an enterprise: its own user judges a risk point anew and confirms the basic data; whoever sees the
// page meanwhile sees it change; every figure opens its list; it prints on one sheet; a stranger learns nothing.
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asPerson } from './api'
import { openBrowser, shot } from './browser'
import { signIn, watchErrors } from './person'
import { type RunningServer, startServer } from './server'

let server: RunningServer
const contexts: BrowserContext[] = []
let enterprise: Awaited<ReturnType<typeof asPerson>>
let id: string

async function open(email: string, path: string): Promise<{ page: Page; errors: string[] }> {
  const context = await openBrowser({ viewport: { width: 1366, height: 900 } })
  contexts.push(context)
  const page = await context.newPage()
  const errors = watchErrors(page)
  await signIn(page, server.url, email, undefined, path)
  return { page, errors }
}
const level = (page: Page, expected: number) =>
  page.waitForSelector(`[data-testid=portrait-level][data-level="${expected}"]`)

beforeAll(async () => {
  server = await startServer()
  enterprise = await asPerson(server.url, 'enterprise@demo.local')
  const { rows } = await enterprise<{ rows: { id: string }[] }>('list_enterprises')
  id = rows[0]!.id
})
afterAll(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  await server?.stop()
})

describe('the portrait', () => {
  it('is opened from the ledger, judged anew by its own user, and seen by the leader at once', async () => {
    const leader = await open('leader@demo.local', `/enterprises/${id}`)
    await level(leader.page, 2)
    const own = await open('enterprise@demo.local', '/enterprises')
    await own.page.click('[data-testid=ledger] tbody tr a')
    await level(own.page, 2)
    await own.page.click('[data-testid=edit-point] >> nth=0')
    await own.page.selectOption('select[name=l]', '10')
    await own.page.selectOption('select[name=e]', '10')
    expect(await own.page.getAttribute('[data-testid=point-score]', 'data-level')).toBe('1')
    await own.page.click('[data-testid=save-point]')
    await level(own.page, 1)
    await level(leader.page, 1)
    const levels = await leader.page.textContent('[data-testid=portrait-levels]')
    expect(levels).toContain('段永强')

    // the basic data: three things changed since the last confirmation
    expect(await own.page.locator('[data-testid=changes] li').count()).toBe(3)
    await own.page.click('[data-testid=open-confirm]')
    await own.page.fill('[data-testid=confirm-dialog] input[name=safety_phone]', '13912345678')
    await own.page.click('[data-testid=confirm-send]')
    await own.page.waitForSelector('[data-testid=confirm-dialog]', { state: 'detached' })
    await own.page.waitForSelector('[data-testid=changes] li', { state: 'detached' })
    await own.page.waitForSelector('[data-testid=confirmed]:has-text("段永强")')
    await shot(own.page, 'enterprise-portrait')

    // on paper it is one sheet, front and back at most
    await leader.page.waitForSelector('.picture svg')
    const pdf = await leader.page.pdf({ preferCSSPageSize: true })
    expect(pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length).toBeLessThanOrEqual(2)

    // a figure opens as many rows as it says
    const figure = leader.page.locator('[data-figure=open]')
    const n = Number(await figure.getAttribute('data-n'))
    expect(n).toBeGreaterThan(0)
    await figure.click()
    await leader.page.waitForSelector(`[data-testid=ledger-total][data-total="${n}"]`)
    expect([...own.errors, ...leader.errors]).toEqual([])
  })

  it('is not there for somebody else’s township', async () => {
    const { page } = await open('town2@demo.local', `/enterprises/${id}`)
    await page.waitForSelector('[data-testid=portrait-missing]')
    expect(await page.textContent('#page')).not.toContain('化工')
  })
})
