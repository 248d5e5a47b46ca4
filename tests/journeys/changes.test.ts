// What one person saves, another sees: without a reload and without a click.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import WebSocket from 'ws'
import { openBrowser, shot } from './browser'
import { DEMO_PASSWORD, mapReady, signIn, watchErrors } from './person'

const url = inject('demoUrl')
let browser: BrowserContext
let page: Page
let errors: string[]
let admin: SupabaseClient

beforeAll(async () => {
  browser = await openBrowser()
  page = await browser.newPage()
  errors = watchErrors(page)
  const { publishableKey } = await (await fetch(`${url}/config.json`)).json()
  admin = createClient(url, publishableKey, { realtime: { transport: WebSocket as never } })
  await admin.auth.signInWithPassword({ email: 'admin@demo.local', password: DEMO_PASSWORD })
})
afterAll(async () => {
  await browser?.close()
})

async function idOf(code: string): Promise<number> {
  const { data } = await admin.from('grids').select('id').eq('code', code).is('retired_at', null).single()
  return data!.id
}

async function rename(code: string, name: string): Promise<void> {
  const { data } = await admin.rpc('commit_grid_boundaries', {
    p_changes: [{ id: await idOf(code), name }],
    p_options: { note: '改名' },
  })
  expect(data.status).toBe('committed')
}

describe('a change by somebody else', () => {
  it('is on the map without a reload', async () => {
    const opened = page.waitForEvent('websocket', (socket) => socket.url().includes('/realtime/'))
    await signIn(page, url, 'town@demo.local', DEMO_PASSWORD, '/map?grid=120119106')
    await mapReady(page)
    const socket = await opened
    expect(socket.url()).toContain('/realtime/v1/websocket')
    await page.waitForSelector('[data-testid=grid-card]:has-text("别山镇")')
    await rename('120119106', '别山新镇')
    await page.waitForSelector('[data-testid=grid-card]:has-text("别山新镇")')
    await page.waitForFunction(() => document.querySelector('#topbar-left')?.textContent?.includes('别山新镇'))
    await shot(page, 'followed')
  })

  it('moves the figures with the records, and the figure still opens as many rows', async () => {
    const figure = '[data-testid=figures] [data-figure=enterprises]'
    const before = Number(await page.getAttribute(figure, 'data-value'))
    const { data } = await admin.rpc('list_enterprises', { p_filter: { grid: await idOf('120119106') }, p_limit: 1 })
    const { lon, lat, sector } = data.rows[0]
    const imported = await admin.rpc('import_enterprises', {
      p_rows: [{ code: 'FOLLOWED', name: '新来的厂', lon, lat, sector, risk_level: 4 }],
      p_options: {},
    })
    expect(imported.data).toMatchObject({ status: 'committed', inserted: 1 })
    await page.waitForSelector(`${figure}[data-value="${before + 1}"]`)
    await page.click(figure)
    await page.waitForSelector('[data-testid=ledger-total]')
    await page.waitForFunction(() => document.querySelector('.ledger')?.getAttribute('data-state') === 'ready')
    expect(Number(await page.getAttribute('[data-testid=ledger-total]', 'data-total'))).toBe(before + 1)
  })

  it('reaches a page that was offline, once it is back', async () => {
    await page.goto(`${url}/map?grid=120119106`)
    await mapReady(page)
    await page.waitForSelector('[data-testid=grid-card]:has-text("别山新镇")')
    await browser.setOffline(true)
    await page.waitForFunction(() => !navigator.onLine)
    await rename('120119106', '别山镇')
    await browser.setOffline(false)
    await page.waitForSelector('[data-testid=grid-card]:has-text("别山镇")')
    expect(errors.filter((words) => !/ERR_INTERNET_DISCONNECTED|WebSocket/.test(words))).toEqual([])
  })
})
