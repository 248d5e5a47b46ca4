// 专项行动 and 风险分级管控清单: a grid leader announces a campaign, another person's page has it at once, the second of two
// is told; an enterprise brings its list of risk points. Both are taken away again: the county stays as it was.
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { asPerson } from './api'
import { openBrowser, shot } from './browser'
import { DEMO_PASSWORD, signIn, watchErrors } from './person'

const url = inject('demoUrl')
const NAME = '用电安全清查'
let town: BrowserContext
let duty: BrowserContext
const errors: string[][] = []

beforeAll(async () => {
  town = await openBrowser()
  duty = await openBrowser()
})
afterAll(async () => {
  await town?.close()
  await duty?.close()
})

async function open(context: BrowserContext, who: string, path: string): Promise<Page> {
  const page = await context.newPage()
  errors.push(watchErrors(page))
  await signIn(page, url, `${who}@demo.local`, DEMO_PASSWORD, path)
  return page
}
const row = (name: string) => `[data-testid=campaign]:has(b:text-is("${name}"))`

it('a campaign is announced, heard of, disputed, ended and removed', async () => {
  const page = await open(town, 'town', '/campaigns')
  const other = await open(duty, 'duty', '/campaigns?state=running')
  await other.waitForSelector('[data-testid=campaigns-page]:not([data-rows="-1"])')
  await page.click('[data-testid=campaign-add]')
  await page.fill('[data-testid=campaign-form] [name=name]', NAME)
  // without a last day it is refused, and what was typed stays
  await page.click('[data-testid=campaign-save]')
  await page.waitForSelector('[name=to][aria-invalid=true]')
  const from = await page.inputValue('[data-testid=campaign-form] [name=from]')
  const to = new Date(Date.parse(from) + 9 * 86_400_000).toISOString().slice(0, 10)
  await page.fill('[data-testid=campaign-form] [name=to]', to)
  await shot(page, 'campaign-form')
  await page.click('[data-testid=campaign-save]')
  await page.waitForSelector(`${row(NAME)}[data-state=running]`)
  await other.waitForSelector(row(NAME))
  expect(await other.locator(`${row(NAME)} [data-act]`).count()).toBe(0)

  // the leader of the county changes it while the form is open
  const id = Number(await page.getAttribute(row(NAME), 'data-campaign'))
  await page.click(`${row(NAME)} [data-act=change]`)
  await page.fill('[data-testid=campaign-form] [name=name]', `${NAME}行动`)
  const leader = await asPerson(url, 'leader@demo.local')
  const answer = await leader<{ status: string }>('save_campaign', {
    p_campaign: { id, version: 1, name: NAME, grid: '120119106', from, to, description: '逐户' },
  })
  expect(answer.status).toBe('ok')
  await page.click('[data-testid=campaign-save]')
  await page.waitForSelector('[data-testid=campaign-conflict]')
  expect(await page.textContent('[data-testid=campaign-conflict] table')).toContain('逐户')
  await shot(page, 'campaign-conflict')
  await page.click('[data-testid=campaign-conflict] footer button:first-of-type')
  await page.waitForSelector('[data-testid=campaign-form]')
  await page.click('[data-testid=campaign-save]')
  // the form goes when the list is of what was written
  await page.waitForSelector('[data-testid=campaign-form]', { state: 'detached' })
  await page.waitForSelector(`${row(NAME)} p:text-is("逐户")`)

  await page.click(`${row(NAME)} [data-act=end]`)
  await page.click('[data-testid=campaign-step-yes]')
  await page.waitForSelector('[data-testid=campaign-end-form]', { state: 'detached' })
  expect(await page.locator(`${row(NAME)} [data-act=end]`).count()).toBe(0)
  await page.click(`${row(NAME)} [data-act=remove]`)
  await page.click('[data-testid=campaign-step-yes]')
  await page.waitForSelector(row(NAME), { state: 'detached' })
  await other.waitForSelector(row(NAME), { state: 'detached' })
  expect(errors.flat()).toEqual([])
})

it('a list of risk points: what is wrong is said row by row, the rest is taken', async () => {
  const enterprise = await asPerson(url, 'enterprise@demo.local')
  const firm = (await enterprise<{ enterprises: { id: string }[] }>('me')).enterprises[0]!.id
  const points = async () =>
    (
      await enterprise<{ risk_points: { id: string; name: string; version: number }[] }>('enterprise_portrait', {
        p_enterprise: firm,
      })
    ).risk_points.filter(({ name }) => name.startsWith('试验岗位'))
  const context = await openBrowser()
  try {
    const page = await open(context, 'enterprise', `/enterprises/${firm}`)
    await page.click('[data-testid=import-points]')
    await page.waitForSelector('input[type=file]', { state: 'attached' })
    await page.setInputFiles('input[type=file]', {
      name: '清单.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('风险点,L,S,风险等级,管控措施\n试验岗位甲,1,2,低,护罩\n试验岗位乙,1,9,低,护罩\n'),
    })
    await page.waitForSelector('.check-columns')
    await page.click('.import-foot .el-button--primary')
    await page.waitForSelector('text=严重性 S 应为 5、4、3、2、1 之一')
    await shot(page, 'risk-point-import')
    await page.click('button:has-text("排除有错误的 1 条")')
    await page.waitForSelector('.verdict .ready')
    await page.click('.import-foot .el-button--primary')
    await page.click('[data-testid=commit]')
    await page.waitForSelector('.result')
    expect((await points()).map(({ name }) => name)).toEqual(['试验岗位甲'])
    expect(errors.flat()).toEqual([])
  } finally {
    for (const { id, version } of await points())
      await enterprise('remove_risk_point', { p_point: id, p_version: version })
    await context.close()
  }
})
