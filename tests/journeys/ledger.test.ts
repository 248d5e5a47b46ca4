// The ledger as somebody who loves Excel uses it: order, walk and choose by keys, many steps at once, a view of one's own,
// the official form compared with the screen row by row, and an old ledger brought in.
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTable } from '../../src/files/readTable'
import { writeCsv } from '../../src/files/writeTable'
import { asPerson } from './api'
import { openBrowser, shot } from './browser'
import { signIn, until, watchErrors } from './person'
import { type RunningServer, startServer } from './server'

const TOWN = '120119106'
let server: RunningServer
let browser: BrowserContext
let page: Page
let errors: string[]
let town: Awaited<ReturnType<typeof asPerson>>

interface Row {
  id: string
  code: string
  title: string
  state: string
  enterprise: string | null
  found_at: string
}
const ready = () =>
  page.waitForFunction(() => document.querySelector('.ledger')?.getAttribute('data-state') === 'ready')
const total = async () => Number(await page.getAttribute('[data-testid=ledger-total]', 'data-total'))
/** The rows in the page now, cell by cell. */
const onScreen = () =>
  page.$$eval('[data-testid=ledger] tbody tr[data-id]', (rows) =>
    rows.map((row) => ({
      nth: Number(row.getAttribute('data-row')),
      cells: Object.fromEntries(
        [...row.querySelectorAll('td[data-key]')].map((cell) => [
          cell.getAttribute('data-key'),
          cell.textContent?.trim(),
        ]),
      ),
    })),
  )
const export_ = async (kind: string) => {
  await page.click('[data-testid=ledger-export] button')
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(`[data-export=${kind}]`)])
  return {
    name: file.suggestedFilename(),
    table: await readTable(file.suggestedFilename(), new Uint8Array(readFileSync((await file.path())!))),
  }
}

beforeAll(async () => {
  server = await startServer()
  town = await asPerson(server.url, 'town@demo.local')
  // some to begin with, beside what the demo has open
  const { lon, lat } = await town<{ lon: number[]; lat: number[] }>('map_points', { p_kind: 'enterprise' })
  for (let i = 0; i < 6; i++) {
    const { status } = await town<{ status: string }>('report_hazard', {
      p_hazard: {
        client_id: crypto.randomUUID(),
        title: `配电箱门未关 ${i}`,
        lon: lon[i],
        lat: lat[i],
        sector: '工贸',
        source: 'inspection',
      },
    })
    expect(status).toBe('ok')
  }
  browser = await openBrowser({ viewport: { width: 1366, height: 768 } })
  page = await browser.newPage()
  errors = watchErrors(page)
  await signIn(page, server.url, 'town@demo.local', undefined, '/hazards?status=all')
  await ready()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

describe('the table', () => {
  it('shows a thousand rows with a few in the page, and jumps to any of them', async () => {
    const all = await total()
    expect(all).toBeGreaterThan(1_000)
    expect(await page.locator('[data-testid=ledger] tbody tr').count()).toBeLessThan(80)
    await page.fill('[data-testid=ledger-jump]', String(all))
    await page.press('[data-testid=ledger-jump]', 'Enter')
    await page.waitForSelector(`[data-testid=ledger] tr[data-row="${all - 1}"][data-id]`)
    const { rows } = await town<{ rows: Row[] }>('list_hazards', {
      p_filter: { status: ['reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed', 'rejected'] },
      p_sort: 'found_at',
      p_limit: 1,
    })
    expect(await page.textContent(`[data-testid=ledger] tr[data-row="${all - 1}"]`)).toContain(rows[0]!.code)
    await page.focus('[data-testid=ledger-box]')
    await page.keyboard.press('Control+Home')
    await page.waitForSelector('[data-testid=ledger] tr[data-row="0"][data-id]')
  })

  it('orders by a click on its head, and the order is in the link', async () => {
    await page.click('[data-testid=ledger] th button:has-text("整改期限")')
    await page.waitForURL(/sort=due_at/)
    await ready()
    const dues = (await onScreen()).map(({ cells }) => cells.due_at!.slice(0, 16)).filter(Boolean)
    expect(dues).toEqual([...dues].sort())
    await shot(page, 'ledger-sorted')
    await page.goto(`${server.url}/hazards?status=all`)
    await ready()
  })

  it('shows those of some categories, as many as the database counts, and the link says which', async () => {
    const { categories } = await town<{ categories: { id: number; name: string }[] }>('me')
    const [fire, electrical] = ['消防安全', '用电安全'].map((name) => categories.find((one) => one.name === name)!.id)
    await page.click('[data-testid=ledger-more]')
    await page.selectOption('[data-testid=ledger-category]', String(fire))
    await page.waitForURL(new RegExp(`category=${fire}(&|$)`))
    const counted = async (category: number[]) =>
      (
        await town<{ total: number }>('list_hazards', {
          p_filter: {
            category,
            status: ['reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed', 'rejected'],
          },
          p_limit: 0,
          p_total: true,
        })
      ).total
    const [wanted, whole] = [await counted([fire!]), await counted([fire!, electrical!, 0])]
    expect(wanted).toBeGreaterThan(50)
    await until(async () => (await total()) === wanted)
    // what is drawn may still be of the filter before
    await until(async () => {
      const rows = await onScreen()
      return rows.length > 5 && rows.every(({ cells }) => cells.category === '消防安全')
    })
    await shot(page, 'ledger-category')
    await page.goto(`${server.url}/hazards?status=all&category=${fire},${electrical},0&sort=category`)
    await ready()
    expect(whole).toBeGreaterThan(wanted)
    expect(await total()).toBe(whole)
    await page.goto(`${server.url}/hazards?status=all`)
    await ready()
  })

  it('is walked, chosen from and left by keys', async () => {
    await page.focus('[data-testid=ledger-box]')
    for (const key of ['ArrowDown', ' ', 'Shift+ArrowDown', 'Shift+ArrowDown']) await page.keyboard.press(key)
    await page.waitForSelector('[data-testid=bulk-bar][data-count="3"]')
    await page.keyboard.press('Escape')
    await page.waitForSelector('[data-testid=bulk-bar]', { state: 'detached' })
    const third = await page.getAttribute('[data-testid=ledger] tr[data-row="3"]', 'data-id')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/hazards/${third}`)
    await page.goBack()
    await ready()
  })
})

it('assigns many at once, and says of each what became of it', async () => {
  await page.goto(`${server.url}/hazards?status=reported,verified`)
  await ready()
  const open = await total()
  expect(open).toBeGreaterThan(1)
  await page.focus('[data-testid=ledger-box]')
  await page.keyboard.press('Control+a')
  await page.waitForSelector(`[data-testid=bulk-bar][data-count="${open}"]`)
  await page.click('[data-testid=bulk-verify]')
  await page.click('[data-testid=bulk-start]')
  await page.waitForSelector('[data-testid=bulk-result][data-phase=done]')
  await page.click('[data-testid=bulk-close]')
  await ready()
  await page.focus('[data-testid=ledger-box]')
  await page.keyboard.press('Control+a')
  await page.waitForSelector(`[data-testid=bulk-bar][data-count="${open}"]`)
  await page.click('[data-testid=bulk-assign]')
  await page.waitForSelector('[data-testid=bulk-form]')
  await page.check('input[name=way][value=nearest]')
  await shot(page, 'ledger-bulk')
  await page.click('[data-testid=bulk-start]')
  await page.waitForSelector('[data-testid=bulk-result][data-phase=done]')
  const done = Number(await page.getAttribute('[data-testid=bulk-done]', 'data-ok'))
  expect(await page.locator('[data-testid=bulk-result] tr').count()).toBe(open)
  expect(await page.locator('[data-testid=bulk-result] tr[data-status=ok]').count()).toBe(done)
  expect(done).toBeGreaterThan(0)
  await shot(page, 'ledger-bulk-done')
  await page.click('[data-testid=bulk-close]')
  await page.waitForSelector(`[data-testid=ledger-total][data-total="${open - done}"]`)
})

it('keeps a view with its columns, and brings it back', async () => {
  await page.goto(`${server.url}/hazards?severity=major&status=all&sort=due_at`)
  await ready()
  await page.click('[data-testid=ledger-choose-columns]')
  await page.check('[data-testid=ledger-columns] label:has-text("投入资金") input')
  await page.keyboard.press('Escape')
  await page.waitForSelector('[data-testid=ledger] th:has-text("投入资金")')
  await page.click('[data-testid=ledger-views] button')
  await page.click('[data-testid=view-save]')
  await page.fill('[data-testid=view-name]', '重大隐患')
  await page.press('[data-testid=view-name]', 'Enter')
  await page.waitForSelector('[data-testid=ledger-notice]:has-text("重大隐患")')
  await page.goto(`${server.url}/hazards`)
  await ready()
  await page.click('[data-testid=ledger-views] button')
  await page.click('[data-testid=ledger-views] [role=menuitemradio]:has-text("重大隐患")')
  await page.waitForURL(/severity=major/)
  await page.waitForSelector('[data-testid=ledger] th:has-text("投入资金")')
})

describe('what leaves it', () => {
  it('the official form has the rows of the screen, in its order, each of them', async () => {
    await page.goto(`${server.url}/hazards?status=all&grid=${TOWN}&sort=due_at`)
    await ready()
    const all = await total()
    const { name, table } = await export_('daily')
    expect(name).toMatch(/^别山镇日常隐患排查表-\d{4}-\d{2}-\d{2}\.xlsx$/)
    const column = (title: string) => table.header.indexOf(title)
    const lines = table.rows.filter((line) => line[column('隐患编号')]?.startsWith('YH-'))
    expect(lines).toHaveLength(all)
    for (const at of [0, Math.floor(all / 2), all - 20]) {
      await page.fill('[data-testid=ledger-jump]', String(at + 1))
      await page.press('[data-testid=ledger-jump]', 'Enter')
      await page.waitForSelector(`[data-testid=ledger] tr[data-row="${at}"][data-id]`)
      for (const { nth, cells } of await onScreen()) {
        const line = lines[nth]!
        expect(line[column('序号')]).toBe(String(nth + 1))
        expect(line[column('隐患编号')]).toBe(cells.code)
        expect(line[column('隐患内容')]).toContain(cells.title)
        expect(line[column('隐患级别')]).toBe(cells.severity!.replace(/[^一-鿿]/g, ''))
        expect(line[column('整改情况')]).toContain(cells.state)
        expect(line[column('排查日期')]).toBe(cells.found_at!.slice(0, 10))
        expect(line[column('整改期限')]).toBe(cells.due_at!.slice(0, 10))
        if (cells.enterprise) expect(line[column('单位名称（场所）')]).toBe(cells.enterprise)
      }
    }
  })

  it('the columns of the screen, as Excel and as CSV, are the same rows', async () => {
    await page.goto(`${server.url}/hazards?overdue=true`)
    await ready()
    const screen = (await onScreen()).map(({ cells }) => cells.code)
    const xlsx = await export_('xlsx')
    const csv = await export_('csv')
    expect(xlsx.table.rows).toEqual(csv.table.rows)
    expect(xlsx.table.rows).toHaveLength(await total())
    expect(xlsx.table.rows.slice(0, screen.length).map((line) => line[0])).toEqual(screen)
  })
})

it('takes in an old ledger, each row once', async () => {
  const header = [
    '序号',
    '检查日期',
    '单位名称',
    '所在村',
    '隐患内容',
    '行业领域',
    '隐患级别',
    '整改情况',
    '整改完成日期',
  ]
  const lines = Array.from({ length: 30 }, (_, i) => [
    String(i + 1),
    `2023-0${1 + (i % 9)}-12`,
    '',
    '别山镇别山村',
    `旧台账隐患 ${i}`,
    '工贸',
    i % 10 ? '一般' : '重大',
    i % 3 ? '已整改' : '未整改',
    i % 3 ? '2023-10-08' : '',
  ])
  const file = join(tmpdir(), `old-ledger-${process.pid}.csv`)
  writeFileSync(
    file,
    writeCsv(
      header.map((title) => ({ title })),
      [...lines.slice(0, 29), lines[29]!.with(1, '很久以前')],
    ),
  )
  await page.goto(`${server.url}/hazards`)
  await ready()
  await page.click('[data-testid=ledger-import]')
  await page.setInputFiles('input[type=file]', file)
  await page.click('.import-foot button:has-text("下一步")')
  await page.waitForSelector('.filters .faulty')
  await shot(page, 'ledger-import')
  await page.click('button:has-text("排除有错误的 1 条")')
  await page.waitForSelector('.ready')
  await page.click('.import-foot button:has-text("下一步")')
  await page.click('[data-testid=commit]')
  await page.waitForSelector('.result')
  await page.goto(`${server.url}/hazards?q=旧台账隐患&status=all`)
  await ready()
  expect(await total()).toBe(29)
  const rows = lines.slice(0, 29).map(([, found_at, , grid, title, sector, severity, state, rectified_at]) => ({
    found_at,
    grid,
    title,
    sector,
    severity,
    state,
    rectified_at,
  }))
  expect(await town('import_hazards', { p_rows: rows, p_options: {} })).toMatchObject({ inserted: 0, skipped: 29 })
})

it('is a list of cards on a phone, and nothing went wrong on the way', async () => {
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(`${server.url}/hazards?status=all`)
  await ready()
  await page.waitForSelector('[data-testid=ledger] tr[data-id] a')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await shot(page, 'ledger-phone')
  expect(errors).toEqual([])
})
