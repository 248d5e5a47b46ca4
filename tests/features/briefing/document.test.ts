import { describe, expect, test } from 'vitest'
import { createI18n } from 'vue-i18n'
import { type Briefing, parseLink, periodOf } from '../../../src/features/briefing/briefing'
import { briefingSheets } from '../../../src/features/briefing/briefingSheet'
import { type BriefingDocument, documentOf, type Run, textOf } from '../../../src/features/briefing/document'
import words from '../../../src/features/briefing/messages'
import whyWords from '../../../src/features/risk/why/messages'
import { widthOf } from '../../../src/ui/sheet/words'

const { global } = createI18n({
  legacy: false,
  locale: 'zh-CN',
  missing: (_, key) => {
    throw new Error(`no words for ${key}`)
  },
  messages: {
    'zh-CN': { ...words['zh-CN'], ...whyWords['zh-CN'] },
    en: { ...words.en, ...whyWords.en },
  },
})
const say = (locale: 'zh-CN' | 'en') => ({
  locale,
  t: (key: string, values: Record<string, unknown> = {}) => global.t(key, values, { locale }),
})
const setting = { maker: '郑立功', demo: true, time: '2026年11月22日 15:00' }

const pair = (now: number, before: number) => ({ now, before })
const harms = (n: number) => ({
  accidents: pair(n, n + 1),
  deaths: pair(n, 0),
  injuries: pair(0, 0),
  loss: pair(n * 10_000, 0),
})
const spans = { period: { from: '2026-11-16', to: '2026-11-22' }, before: { from: '2025-11-16', to: '2025-11-22' } }
const parts = [
  { factor: 'hazard_major', weight: 10, count: 6, points: 60, before: 6 },
  { factor: 'duty_missed', weight: 2, count: 20, points: 40, before: 20 },
]
const whole: Briefing = {
  status: 'ok',
  now: '2026-11-22T07:00:00Z',
  today: '2026-11-22',
  live: true,
  period: { from: '2026-11-16', to: '2026-11-22', days: 7 },
  scope: {
    grid: { id: 1, code: '120119', name: '蓟州区', level: 1 },
    trail: [{ id: 1, code: '120119', name: '蓟州区', level: 1 }],
    leader: null,
    sector: null,
    whole: true,
    sectors: null,
  },
  risk: {
    index: 35.09,
    level: 2,
    points: 100,
    parts,
    open: 260,
    major: 26,
    overdue: 70,
    overdue_major: 5,
    enterprises: 2964,
    red_enterprises: 21,
    duties_missed: 20,
    before: {
      on: '2026-11-15',
      index: 34.1,
      level: 2,
      points: 98,
      open: 250,
      major: 25,
      overdue: 72,
      red_enterprises: 21,
    },
    vetoes: [{ rule: 'overdue_major', level: 2, count: 5 }],
  },
  levels: { count: 28, now: [0, 1, 5, 7, 15], before: [0, 1, 5, 7, 15] },
  grids: [
    {
      id: 9,
      code: '120119106',
      name: '别山镇',
      index: 78.13,
      level: 1,
      before: 78.4,
      open: 79,
      major: 9,
      overdue: 28,
      parts,
      leader: { name: '孟宪国', phone: '13900000036' },
    },
  ],
  sectors: [
    {
      id: 18,
      code: 'other',
      name: '其他',
      index: 2,
      level: 4,
      before: 2,
      open: 7,
      major: 0,
      overdue: 0,
      department: null,
      officer: null,
    },
  ],
  hazards: {
    new: 40,
    new_major: 1,
    closed: 28,
    new_closed: 10,
    before: { new: 31, new_major: 0, closed: 31, new_closed: 3 },
  },
  accidents: { period: { ...spans, figures: harms(0) }, year: { ...spans, figures: harms(10) } },
  warnings: { raised: 6, raised_open: 4, handled: 1, false_alarm: 1, open: 25 },
  duties: {
    required: 983,
    done: 940,
    missed: 43,
    grids: [{ id: 3, code: '3', name: '何庄村', missed: 2, leader: { name: '汪凤华', phone: null } }],
  },
  next: {
    majors: {
      overdue: 7,
      soon: 0,
      rows: Array.from({ length: 7 }, (_, i) => ({
        id: `h${i}`,
        title: `隐患${i}`,
        due_at: '2026-11-12T15:59:00Z',
        overdue: true,
        days: 10,
        grid: '柳子口村',
        enterprise: '翠屏粮站',
        person: '邓学斌',
        phone: null,
        leader: { name: '罗长', phone: '139', grid: '柳子口村' },
      })),
    },
    vacant: { count: 9, rows: [{ id: 5, code: '5', name: '前干涧村' }] },
    unowned: [{ id: 18, name: '其他', enterprises: 102, open: 7 }],
  },
}

const runsOf = (document: BriefingDocument): Run[] =>
  document.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      block.kind === 'text' ? block.runs : block.kind === 'items' ? block.items.flat() : block.rows.flat(),
    ),
  )
const figure = (document: BriefingDocument, text: string) =>
  runsOf(document).find((run) => run.text === text && run.to)?.to

describe('the briefing in words', () => {
  const document = documentOf(whole, say('zh-CN'), setting)
  const text = textOf(document, 'zh-CN')

  test('says its figures in plain sentences', () => {
    expect(text).toContain('蓟州区风险指数 35.0，等级为◆ 较大，较期初（2026年11月15日）上升 1。有 5 条重大隐患逾期')
    expect(text).toContain('主要是未销号重大隐患 6（占 60%）、近 4 周未履职次数 20（占 40%）。')
    expect(text).toContain(
      '未销号隐患 260 条（较期初增加 10），其中重大 26 条、逾期 70 条；重大风险（红色）企业 21 家。',
    )
    expect(text).toContain('本期新排查隐患 40 条（较上期增加 9），其中重大 1 条。销号 28 条（较上期减少 3）。')
    expect(text).toContain('整改率 25%')
    expect(text).toContain('完成率 95.6%')
    expect(text).toContain('何庄村 2 次（网格长汪凤华）')
    expect(text).toContain(
      '隐患0，翠屏粮站，整改期限 2026-11-12，状况 逾期 10 天，整改责任人 邓学斌，属地网格长 罗长 139',
    )
    expect(text).toContain('另有逾期重大隐患 2 条。')
    expect(text).toContain('9 个网格没有网格长（前干涧村 等）')
    expect(text).toContain('数据截至 2026年11月22日 15:00')
  })

  test('leaves out what did not move and what there is none of', () => {
    expect(text).not.toContain('期初为')
    const quiet = documentOf(
      {
        ...whole,
        grids: [],
        duties: null,
        next: { majors: { overdue: 0, soon: 0, rows: [] }, vacant: { count: 0, rows: [] }, unowned: [] },
        warnings: { raised: 0, raised_open: 0, handled: 0, false_alarm: 0, open: 0 },
        hazards: { ...whole.hazards, new: 0 },
        accidents: { period: { ...spans, figures: none }, year: { ...spans, figures: none } },
      },
      say('zh-CN'),
      setting,
    )
    expect(quiet.sections.map(({ heading }) => heading)).toEqual([
      '总体情况',
      '重点行业',
      '隐患排查治理',
      '生产安全事故',
      '预警与履职',
    ])
    const words = textOf(quiet, 'zh-CN')
    expect(words).not.toContain('整改率')
    expect(words).not.toContain('履职任务')
    expect(words).toContain('事故均为 0 起')
  })

  test('each figure opens the list that it counts', () => {
    const grid = { grid: '120119' }
    expect(figure(document, '260')).toEqual({ path: '/hazards', query: grid })
    expect(figure(document, '70')).toEqual({ path: '/hazards', query: { ...grid, overdue: 'true' } })
    expect(figure(document, '21')).toEqual({ path: '/enterprises', query: { ...grid, level: '1' } })
    expect(figure(document, '28')?.query).toEqual({
      ...grid,
      status: 'closed',
      closed_from: '2026-11-16',
      closed_to: '2026-11-22',
    })
    expect(figure(document, '25')).toEqual({ path: '/warnings', query: { ...grid, state: 'open' } })
    expect(figure(document, '别山镇')).toEqual({ path: '/map', query: { grid: '120119106' } })
  })

  test('what was open on a past day is shown by the map of that day', () => {
    const past = documentOf({ ...whole, live: false, next: null }, say('zh-CN'), setting)
    expect(figure(past, '260')).toEqual({ path: '/map', query: { grid: '120119', on: '2026-11-22' } })
    expect(figure(past, '40')?.query).toMatchObject({ from: '2026-11-16', to: '2026-11-22' })
    expect(past.asOf).toBe('数据截至 2026年11月22日 当日终了')
    expect(past.sections.at(-1)?.heading).toBe('预警与履职')
  })

  test('an officer is told which sectors are counted', () => {
    const officer = documentOf(
      { ...whole, scope: { ...whole.scope, whole: false, sectors: ['危险化学品', '工贸'] } },
      say('zh-CN'),
      setting,
    )
    expect(officer.head).toContain('主管行业')
    expect(officer.notes[0]).toBe('仅统计本人主管的行业：危险化学品、工贸')
  })

  test('is complete in English', () => {
    const english = textOf(documentOf(whole, say('en'), setting), 'en')
    expect(english).toContain('Risk index of 蓟州区 35.0, level ◆ high, up 1 since 2026-11-15.')
    expect(english).toContain('1. Overall')
  })

  test('finds room on one sheet, and on a second one when there is much of it', () => {
    const options = {
      locale: 'zh-CN',
      measure: (piece: string) => widthOf(piece),
      href: ({ to }: Run) => (to ? `https://x${to.path}` : undefined),
      pageWords: (n: number, all: number) => `${n}/${all}`,
      sourceWords: '来源：',
    }
    const [sheet, ...more] = briefingSheets(document, options)
    expect(more).toEqual([])
    const letters = sheet!.shapes.flatMap((shape) => (shape.kind === 'text' ? [shape] : []))
    expect(letters.every(({ y }) => y < 297 - 6)).toBe(true)
    expect(letters.find((shape) => shape.text === '260')?.href).toBe('https://x/hazards')
    const much = { ...document, sections: [...document.sections, ...document.sections] }
    expect(briefingSheets(much, options)).toHaveLength(2)
  })
})

const none = { accidents: pair(0, 0), deaths: pair(0, 0), injuries: pair(0, 0), loss: pair(0, 0) }

describe('its link and its period', () => {
  const today = '2026-11-22'
  test('the last week unless it says another', () => {
    expect(parseLink({}, today)).toEqual({ grid: null, sector: null, from: '2026-11-16', to: today })
    expect(parseLink({ on: '2026-03-31', grid: '1', sector: '2' }, today)).toEqual({
      grid: '1',
      sector: 2,
      from: '2026-03-25',
      to: '2026-03-31',
    })
    expect(parseLink({ from: '2026-12-01', to: '2027-01-01' }, today)).toEqual({
      grid: null,
      sector: null,
      from: '2026-11-16',
      to: today,
    })
  })
  test('weeks begin on Monday, months on the first', () => {
    expect(periodOf('lastWeek', '2026-11-22')).toEqual({ from: '2026-11-09', to: '2026-11-15' })
    expect(periodOf('lastWeek', '2026-11-23')).toEqual({ from: '2026-11-16', to: '2026-11-22' })
    expect(periodOf('lastMonth', '2026-03-05')).toEqual({ from: '2026-02-01', to: '2026-02-28' })
    expect(periodOf('thisMonth', today)).toEqual({ from: '2026-11-01', to: today })
    expect(periodOf('days7', today)).toEqual({ from: '2026-11-16', to: today })
  })
})
