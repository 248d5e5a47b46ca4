// An empty installation, its first administrator, and the files a county really has: shapefiles in GBK without .cpg in
// a Gauss-Kruger zone, and a CSV out of Excel in GBK.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCounty } from '../../supabase/seed/county'
import { encodeGbk } from '../files/make/gbk'
import { jizhouShapefile } from '../files/make/jizhouShapefile'
import { openBrowser, shot } from './browser'
import { mapReady, mapStill, signIn, watchErrors, watchStrangers } from './person'
import { type RunningServer, startServer } from './server'

const admin = { ADMIN_EMAIL: 'anban@example.cn', ADMIN_PASSWORD: 'first-Admin-2026' }
const county = readCounty()
const files = mkdtempSync(join(tmpdir(), 'safegrid-files-'))
let server: RunningServer
let browser: BrowserContext
let page: Page
let errors: string[]
let strangers: string[]

type Row = { code: string; name: string; parent_code: string | null; boundary: GeoJSON.MultiPolygon }

function shapefile(name: string, rows: Row[]): string {
  const path = join(files, `${name}.zip`)
  const features = rows.map(({ boundary, ...properties }) => ({
    type: 'Feature' as const,
    properties,
    geometry: boundary,
  }))
  writeFileSync(path, jizhouShapefile(features, { name }))
  return path
}

async function startOver(path: string): Promise<void> {
  await page.goto(`${server.url}/import`)
  await page.setInputFiles('input[type=file]', path)
  await page.waitForSelector('.import-steps [aria-current=step]:has-text("核对")')
}

const next = () => page.click('.import-foot button:has-text("下一步")')

/** Check → preview → commit → result. Gives back what the result page says. */
async function commit(name: string): Promise<string> {
  await shot(page, `import-${name}-check`)
  await next()
  await page.waitForSelector('.import-steps [aria-current=step]:has-text("预览")')
  await page.waitForFunction(() => !document.querySelector('.import-foot [role=progressbar]'))
  await page.waitForSelector('.import-foot button:has-text("下一步"):not([disabled])', { timeout: 120_000 })
  await shot(page, `import-${name}-preview`)
  await next()
  await page.click('[data-testid=commit]')
  await page.waitForSelector('.result', { timeout: 120_000 })
  await shot(page, `import-${name}-done`)
  return (await page.textContent('.result')) ?? ''
}

beforeAll(async () => {
  server = await startServer({ args: ['--empty'], env: admin })
  browser = await openBrowser()
  page = await browser.newPage()
  errors = watchErrors(page)
  strangers = watchStrangers(page, server.url)
  page.on('dialog', (dialog) => dialog.accept())
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

describe('an empty installation', () => {
  it('brings its first administrator to the import', async () => {
    await signIn(page, server.url, admin.ADMIN_EMAIL, admin.ADMIN_PASSWORD)
    await page.waitForURL(/\/import/)
  })

  it('takes the county, its townships and its villages from shapefiles in GBK', async () => {
    const { code, name, boundary } = county
    await startOver(shapefile('县级', [{ code, name, parent_code: null, boundary }]))
    expect(await page.textContent('.check')).toMatch(/GB18030|GBK/)
    expect(await commit('county')).toMatch(/1/)

    const townships = county.townships.map((t) => ({
      code: t.code,
      name: t.name,
      parent_code: code,
      boundary: t.boundary,
    }))
    await startOver(shapefile('乡镇级', townships))
    expect(await commit('townships')).toMatch(/28/)

    const villages = county.villages.map((v) => ({
      code: v.code,
      name: v.name,
      parent_code: v.township,
      boundary: v.boundary,
    }))
    await startOver(shapefile('村级', villages))
    expect(await commit('villages')).toMatch(/983/)
  })

  it('takes enterprises from a CSV in GBK, and keeps the one that is outside every grid', async () => {
    const places = county.villages.filter((_, i) => i % 10 === 0)
    const lines = places.map(
      (v, i) =>
        `91120225MA${String(i).padStart(8, '0')},${v.name}加油站${i},${v.home[0]},${v.home[1]},危险化学品,较大,张三,13900000000`,
    )
    lines.push('91120225MA99999999,=1+1 <b>界外</b>企业,110.5,39.5,危险化学品,一般,李四,13900000001')
    const path = join(files, '企业台账.csv')
    writeFileSync(
      path,
      encodeGbk(
        `统一社会信用代码,企业名称,经度,纬度,行业领域,风险等级,法定代表人,联系电话\r\n${lines.join('\r\n')}\r\n`,
      ),
    )
    await startOver(path)
    await page.click('button:has-text("全部新建")')
    await page.waitForSelector('.import-foot:has-text("行业领域没有对应")', { state: 'detached' })
    const words = await commit('enterprises')
    expect(words).toMatch(String(lines.length))
    await page.goto(`${server.url}/enterprises?unclaimed=true`)
    await page.waitForSelector('[data-testid=ledger-total][data-total="1"]')
    // Markup and formulas in a name are text.
    expect(await page.textContent('[data-testid=ledger]')).toMatch('=1+1 <b>界外</b>企业')
    await page.goto(`${server.url}/enterprises`)
    await page.waitForSelector(`[data-testid=ledger-total][data-total="${lines.length}"]`)
  })

  it('shows what was imported on the map', async () => {
    await page.goto(`${server.url}/map`)
    await mapReady(page)
    await mapStill(page)
    await shot(page, 'import-map')
    await page.waitForSelector('[data-testid=risk-ranking]:has-text("别山镇")')
    expect(errors).toEqual([])
    expect(strangers).toEqual([])
  })

  it('refuses a village that overlaps its neighbour, and says which and where; nothing is written', async () => {
    const [first, second] = county.villages
    const overlapping = {
      code: '120119001999',
      name: '重叠村',
      parent_code: first!.township,
      boundary: first!.boundary,
    }
    await startOver(shapefile('重叠', [overlapping]))
    await next()
    await page.waitForSelector('.import-steps [aria-current=step]:has-text("预览")')
    await page.waitForSelector(`.preview:has-text("${first!.name}")`)
    await shot(page, 'import-overlap')
    expect(await page.textContent('.preview')).toMatch('重叠')
    expect(second).toBeDefined()
    await page.goto(`${server.url}/map?grid=120119001999`)
    await mapReady(page)
    expect(await page.locator('[data-testid=grid-card]:has-text("重叠村")').count()).toBe(0)
  })

  it('says what is wrong with a file that is none', async () => {
    const bad: [string, Uint8Array, RegExp][] = [
      ['空.geojson', new Uint8Array(), /空/],
      ['图片.zip', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0), /PNG 图片/],
      ['没有要素.geojson', new TextEncoder().encode('{"type":"FeatureCollection","features":[]}'), /没有/],
      [
        '颠倒.geojson',
        new TextEncoder().encode(
          '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1","name":"a"},"geometry":{"type":"Polygon","coordinates":[[[40.0,117.4],[40.1,117.4],[40.1,117.5],[40.0,117.4]]]}}]}',
        ),
        /颠倒/,
      ],
    ]
    for (const [name, bytes, words] of bad) {
      const path = join(files, name)
      writeFileSync(path, bytes)
      await page.goto(`${server.url}/import`)
      await page.setInputFiles('input[type=file]', path)
      await page.waitForSelector('.import [role=alert]')
      expect(await page.textContent('.import'), name).toMatch(words)
    }
  })
})
