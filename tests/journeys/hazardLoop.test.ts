// A hazard walks the whole loop by four people in browsers of their own: reported, verified, assigned, listed,
// rectified, reviewed, closed; whoever is slower sees what happened, and the page of the others follows by itself.
import { Buffer } from 'node:buffer'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asPerson } from './api'
import { openBrowser, shot } from './browser'
import { DEMO_PASSWORD, signIn, watchErrors } from './person'
import { type RunningServer, startServer } from './server'

const WHO = ['member', 'town', 'leader', 'enterprise'] as const
type Who = (typeof WHO)[number]

let server: RunningServer
const browsers: BrowserContext[] = []
const pages = {} as Record<Who, Page>
const errors: string[][] = []
let hazard: string

/** A real picture, drawn by the browser itself. */
const picture = async (page: Page): Promise<Buffer> => {
  const data = await page.evaluate(() => {
    const canvas = document.createElement('canvas')
    canvas.width = 640
    canvas.height = 480
    const context = canvas.getContext('2d')
    if (context) {
      context.fillStyle = '#4a7f80'
      context.fillRect(0, 0, 640, 480)
    }
    return canvas.toDataURL('image/png').split(',')[1]
  })
  return Buffer.from(data ?? '', 'base64')
}
const state = (page: Page, value: string) => page.waitForSelector(`[data-testid=hazard-page][data-state=${value}]`)
const openStep = async (page: Page, action: string) => {
  const button = page.locator(`[data-testid=hazard-next] button[data-action=${action}]`)
  await button.waitFor({ state: 'attached' })
  if (!(await button.isVisible())) await page.click('[data-testid=hazard-next] summary')
  await button.click()
  await page.waitForSelector(`[data-testid=hazard-form][data-action=${action}]`)
}
const confirm = (page: Page) => page.click('[data-testid=hazard-confirm]')

beforeAll(async () => {
  server = await startServer()
  const member = await asPerson(server.url, 'member@demo.local')
  const enterprise = await asPerson(server.url, 'enterprise@demo.local')
  const { rows } = await enterprise<{ rows: { id: string; lon: number; lat: number }[] }>('list_enterprises')
  const firm = rows[0]!
  const answer = await member<{ status: string; hazard: { id: string } }>('report_hazard', {
    p_hazard: {
      client_id: crypto.randomUUID(),
      title: '储罐区可燃气体报警器失灵',
      description: '二号储罐南侧报警器无显示，标气测试无反应。',
      lon: firm.lon,
      lat: firm.lat,
      enterprise_id: firm.id,
      sector: '危险化学品',
      severity: 'general',
      source: 'patrol',
    },
  })
  expect(answer.status).toBe('ok')
  hazard = answer.hazard.id
  for (const who of WHO) {
    const browser = await openBrowser(who === 'member' ? { viewport: { width: 360, height: 740 } } : {})
    browsers.push(browser)
    const page = await browser.newPage()
    errors.push(watchErrors(page))
    await signIn(page, server.url, `${who}@demo.local`, DEMO_PASSWORD, `/hazards/${hazard}`)
    await state(page, 'reported')
    pages[who] = page
  }
})
afterAll(async () => {
  for (const browser of browsers) await browser.close()
  await server?.stop()
})

describe('a hazard', () => {
  it('offers each person their own next step, and nobody else’s', async () => {
    await pages.town.waitForSelector('[data-testid=hazard-step][data-action=verify]')
    expect(await pages.enterprise.locator('[data-testid=hazard-step]').count()).toBe(0)
    expect(await pages.member.locator('[data-testid=hazard-step]').count()).toBe(0)
  })

  it('is verified as a major one; whoever was slower sees both states and loses no word', async () => {
    await openStep(pages.leader, 'reject')
    await pages.leader.fill('[name=note]', '现场未见')
    await openStep(pages.town, 'verify')
    await pages.town.check('[name=severity][value=major]')
    await pages.town.fill('[name=note]', '现场核实属实，定为重大隐患。')
    await confirm(pages.town)
    await state(pages.town, 'verified')
    await confirm(pages.leader)
    await pages.leader.waitForSelector('[data-testid=hazard-conflict]')
    const words = await pages.leader.textContent('[data-testid=hazard-conflict]')
    expect(words).toContain('待核实')
    expect(words).toContain('已核实')
    expect(words).toContain('孟宪国')
    expect(await pages.leader.inputValue('[name=note]')).toBe('现场未见')
    await shot(pages.leader, 'hazard-conflict')
    await pages.leader.click('[data-testid=hazard-drop]')
  })

  it('is assigned to the enterprise, with the errors beside the fields', async () => {
    await openStep(pages.town, 'assign')
    await confirm(pages.town)
    expect(await pages.town.textContent('.field.wrong')).toContain('整改人')
    await pages.town.selectOption('[name=to]', { label: await optionOf(pages.town, '段永强') })
    await confirm(pages.town)
    await state(pages.town, 'assigned')
    // the others did nothing but look
    await state(pages.enterprise, 'assigned')
  })

  it('is put under supervised listing by the county', async () => {
    await state(pages.leader, 'assigned')
    await openStep(pages.leader, 'list')
    await confirm(pages.leader)
    // a second form opened on what was there before would end in a conflict
    await pages.leader.waitForSelector('[data-testid=hazard-page][data-version="4"]')
    await pages.leader.waitForSelector('text=县级挂牌督办')
    await openStep(pages.leader, 'list')
    await pages.leader.fill('[name=note]', '区政府网站')
    await confirm(pages.leader)
    await pages.leader.waitForSelector('[data-testid=hazard-timeline] >> text=公布挂牌')
    await shot(pages.leader, 'hazard-page')
  })

  it('cannot be started without the five assurances', async () => {
    const page = pages.enterprise
    // a form opened on what was there before the listing would end in a conflict
    await page.waitForSelector('[data-testid=hazard-page][data-version="5"]')
    await openStep(page, 'start')
    await page.fill('[name=assurance_funds]', '一万')
    await page.fill('[name=assurance_measures]', '停用二号储罐，更换报警器')
    await confirm(page)
    expect(await page.textContent('.field.wrong')).toContain('预案')
    await page.fill('[name=assurance_plan]', '专人值守，备用报警器到位')
    await confirm(page)
    await page.waitForSelector('.field.wrong .fault >> text=资金')
    await page.fill('[name=assurance_funds]', '36000')
    await shot(page, 'hazard-assurances')
    await confirm(page)
    await state(page, 'rectifying')
  })

  it('is submitted with a photo, returned, submitted again, and closed by somebody else', async () => {
    const page = pages.enterprise
    for (const round of [1, 2]) {
      await openStep(page, 'submit')
      await page.fill('[name=note]', round === 1 ? '已更换报警器' : '已补做联锁测试')
      await page.setInputFiles('[data-testid=step-photos]', {
        name: 'after.png',
        mimeType: 'image/png',
        buffer: await picture(page),
      })
      await page.waitForSelector('[data-testid=hazard-form] figure img')
      await confirm(page)
      await state(page, 'submitted')
      expect(await page.locator('[data-testid=hazard-step]').count()).toBe(0)
      const reviewer = pages.member
      await state(reviewer, 'submitted')
      await openStep(reviewer, round === 1 ? 'return' : 'pass')
      await reviewer.fill('[name=note]', round === 1 ? '联锁未测试' : '复查合格')
      await confirm(reviewer)
      await state(reviewer, round === 1 ? 'rectifying' : 'closed')
      await state(page, round === 1 ? 'rectifying' : 'closed')
    }
    await pages.member.waitForSelector('[data-testid=hazard-photo]')
    await shot(pages.member, 'hazard-phone')
  })

  it('shows every step by whom, and that nothing of it was altered', async () => {
    await pages.leader.reload()
    await pages.leader.waitForSelector('[data-testid=hazard-photo]')
    const actions = await pages.leader.$$eval('[data-testid=hazard-timeline] li[data-action]', (rows) =>
      rows.map((row) => row.getAttribute('data-action')),
    )
    expect(actions.reverse()).toEqual([
      'report',
      'verify',
      'assign',
      'list',
      'list',
      'start',
      'submit',
      'return',
      'submit',
      'pass',
    ])
    const words = await pages.leader.textContent('[data-testid=hazard-timeline]')
    for (const name of ['田小波', '孟宪国', '郑立功', '段永强']) expect(words).toContain(name)
    await pages.leader.waitForSelector('[data-testid=hazard-seal]:has-text("10")')
    await shot(pages.leader, 'hazard-closed')
  })

  it('is not there for somebody of another township', async () => {
    const browser = await openBrowser()
    browsers.push(browser)
    const page = await browser.newPage()
    await signIn(page, server.url, 'town2@demo.local', DEMO_PASSWORD, `/hazards/${hazard}`)
    await page.waitForSelector('[data-testid=hazard-gone]')
    expect(errors.flat()).toEqual([])
  })
})

/** The label of the person in the list whose name begins so. */
async function optionOf(page: Page, name: string): Promise<string> {
  const labels = await page.$$eval('[name=to] option', (options) => options.map((option) => option.textContent ?? ''))
  return (labels.find((label) => label.trim().startsWith(name)) ?? '').trim().replace(/\s+/g, ' ')
}
