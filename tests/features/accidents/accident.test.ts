import { describe, expect, test } from 'vitest'
import {
  type AccidentCardData,
  type AccidentRow,
  changeOf,
  type FourFigures,
  filterOf,
  formatFilter,
  gradeOf,
  inWan,
  moment,
  parseFilter,
  periodOf,
  periodWord,
} from '../../../src/features/accidents/accident'
import { barsOption } from '../../../src/features/accidents/bars'
import { differences, draftOf, newDraft, payloadOf, yuanOf } from '../../../src/features/accidents/draft'
import { accidentTable } from '../../../src/features/accidents/exportAccidents'
import words from '../../../src/features/accidents/messages'
import { today } from '../../../src/ui/day'

const FIRM = '11111111-2222-4333-8444-555555555555'
const row: AccidentRow = {
  id: FIRM,
  code: 'SG-2026-001',
  title: '灼烫事故',
  kind: '灼烫',
  grade: 3,
  occurred_at: '2026-05-05T16:30:00+00:00',
  deaths: 3,
  serious_injuries: 1,
  minor_injuries: 2,
  loss: 1234567.8,
  enterprise: { id: FIRM, name: '红星化工厂' },
  sector: { id: 4, code: 'whp', name: '危险化学品' },
  grid: null,
  lon: 117.05,
  lat: 40.15,
  row_version: 7,
}
const card: AccidentCardData = {
  ...row,
  summary: null,
  grade_by: ['deaths'],
  breadcrumb: [],
  responsible: { territorial: [], industry: null },
  may_change: true,
  history: [],
}
const t = (key: string) => key

describe('the grade', () => {
  test.each([
    [30, 0, 0, 1],
    [29, 99, 99_999_999.99, 2],
    [0, 100, 0, 1],
    [0, 0, 100_000_000, 1],
    [10, 0, 0, 2],
    [0, 50, 0, 2],
    [0, 0, 50_000_000, 2],
    [9, 49, 49_999_999, 3],
    [3, 0, 0, 3],
    [2, 10, 0, 3],
    [2, 9, 10_000_000, 3],
    [2, 9, 9_999_999.99, 4],
    [0, 0, 0, 4],
  ])('%i deaths, %i serious injuries, %d yuan: %i', (deaths, injuries, loss, grade) => {
    expect(gradeOf(deaths, injuries, loss)).toBe(grade)
  })
})

describe('the link', () => {
  test('without days means this year until today, and says so from then on', () => {
    const filter = parseFilter({ sector: '4' }, '2026-11-22')
    expect(filter).toEqual({ from: '2026-01-01', to: '2026-11-22', sector: 4 })
    expect(formatFilter(filter)).toEqual({ from: '2026-01-01', to: '2026-11-22', sector: '4' })
  })
  test('survives a round trip, and drops what makes no sense', () => {
    const filter = {
      from: '2024-02-29',
      to: '2024-03-01',
      grid: '1',
      grade: 2,
      harm: 'loss',
      enterprise: FIRM,
      open: FIRM,
    } as const
    expect(parseFilter(formatFilter(filter))).toEqual(filter)
    expect(
      parseFilter(
        { from: '2025-02-29', to: 'x', sector: '0', grade: '5', harm: 'all', enterprise: '1', open: 'x' },
        '2026-11-22',
      ),
    ).toEqual({ from: '2026-01-01', to: '2026-11-22' })
  })
  test('of a figure is its period, its place, and what it counts', () => {
    const filter = { from: '2026-01-01', to: '2026-06-30', grid: '1', sector: 4, grade: 1, open: FIRM }
    const before = { from: '2025-01-01', to: '2025-06-30' }
    expect(filterOf(filter, before, 'deaths')).toEqual({ ...before, grid: '1', sector: 4, harm: 'deaths' })
    expect(filterOf(filter, before, 'accidents')).toEqual({ ...before, grid: '1', sector: 4 })
  })
})

describe('periods', () => {
  test.each([
    ['year', '2026-01-01', '2026-11-22'],
    ['quarter', '2026-10-01', '2026-11-22'],
    ['month', '2026-11-01', '2026-11-22'],
    ['lastMonth', '2026-10-01', '2026-10-31'],
    ['twelve', '2025-11-23', '2026-11-22'],
    ['lastYear', '2025-01-01', '2025-12-31'],
  ] as const)('%s is %s to %s', (word, from, to) => {
    expect(periodOf(word, '2026-11-22')).toEqual({ from, to })
    expect(periodWord({ from, to }, '2026-11-22')).toBe(word)
  })
  test('over the turn of a year and the end of February', () => {
    expect(periodOf('lastMonth', '2026-01-15')).toEqual({ from: '2025-12-01', to: '2025-12-31' })
    expect(periodOf('lastMonth', '2024-03-31')).toEqual({ from: '2024-02-01', to: '2024-02-29' })
    expect(periodOf('twelve', '2024-02-29')).toEqual({ from: '2023-03-02', to: '2024-02-29' })
    expect(periodWord({ from: '2026-01-02', to: '2026-11-22' }, '2026-11-22')).toBeNull()
  })
  test('today is that of China', () => {
    expect(today(Date.parse('2026-11-22T15:59:00Z'))).toBe('2026-11-22')
    expect(today(Date.parse('2026-11-22T16:00:00Z'))).toBe('2026-11-23')
    expect(moment('2026-05-05T16:30:00+00:00')).toBe('2026-05-06 00:30')
  })
})

describe('comparison', () => {
  test('by how many, which way, and how many per cent', () => {
    expect(changeOf({ now: 10, before: 12 })).toEqual({ arrow: '↓', by: 2, percent: 17 })
    expect(changeOf({ now: 3, before: 1 })).toEqual({ arrow: '↑', by: 2, percent: 200 })
    expect(changeOf({ now: 0.3, before: 0.1 })).toEqual({ arrow: '↑', by: 0.2, percent: 200 })
    expect(changeOf({ now: 4, before: 4 })).toEqual({ arrow: '', by: 0, percent: 0 })
    expect(changeOf({ now: 4, before: 0 })).toEqual({ arrow: '↑', by: 4, percent: null })
  })
  test('money in 万元, with a decimal only where it matters', () => {
    expect([inWan(0), inWan(34_500), inWan(999_999), inWan(10_101_000)]).toEqual([0, 3.5, 100, 1010])
  })
  test('bars month by month; of several years with the year', () => {
    const month = (from: string, now: number, before: number): FourFigures => ({
      period: { from, to: from },
      before: { from, to: from },
      figures: {
        accidents: { now, before },
        deaths: { now: 0, before: 0 },
        injuries: { now: 0, before: 0 },
        loss: { now: now * 10_000, before: 0 },
      },
    })
    const ink = { text: '#000', text2: '#111', line: '#222', surface: '#fff', accent: '#0aa', font: 'x', size: 12 }
    type Option = { xAxis: { data: string[] }; series: { data: number[] }[] }
    const one = barsOption(
      [month('2026-01-01', 2, 5), month('2026-02-01', 0, 1)],
      'accidents',
      ink,
      (key, named) => `${named?.n ?? key}月`,
    ) as Option
    expect(one.xAxis.data).toEqual(['1月', '2月'])
    expect(one.series.map(({ data }) => data)).toEqual([
      [5, 1],
      [2, 0],
    ])
    const two = barsOption([month('2025-12-01', 2, 5), month('2026-01-01', 3, 1)], 'loss', ink, t) as Option
    expect(two.xAxis.data).toEqual(['25-12', '26-01'])
    expect(two.series[1]!.data).toEqual([2, 3])
  })
})

describe('the form', () => {
  test('gives back what is recorded, unchanged', () => {
    const draft = draftOf(card)
    expect(draft).toMatchObject({
      occurred_at: '2026-05-06T00:30',
      loss: '123.45678',
      sector: '4',
      lon: '117.05',
      row_version: 7,
    })
    expect(payloadOf({ ...draft, reason: '核实' })).toEqual({
      id: FIRM,
      row_version: 7,
      title: '灼烫事故',
      kind: '灼烫',
      occurred_at: '2026-05-06T00:30',
      enterprise_id: FIRM,
      sector: '4',
      lon: '117.05',
      lat: '40.15',
      deaths: '3',
      serious_injuries: '1',
      minor_injuries: '2',
      loss: '1234567.8',
      summary: '',
      reason: '核实',
    })
  })
  test('takes 万元, and leaves what is no number to the database', () => {
    expect([yuanOf('1.1'), yuanOf(' 0 '), yuanOf(''), yuanOf('很多')]).toEqual(['11000', '0', '', '很多'])
  })
  test('turns the coordinates of web maps into WGS84; without any the place is the enterprise’s', () => {
    const draft = { ...newDraft(FIRM), lon: '117.4', lat: '40.05' }
    const gcj = payloadOf({ ...draft, crs: 'GCJ-02' }) as { lon: number; lat: number }
    expect(gcj.lon).toBeGreaterThan(117.39)
    expect(gcj.lon).toBeLessThan(117.399)
    expect(payloadOf({ ...draft, crs: 'BD-09', lon: 'x' })).toMatchObject({ lon: 'x', lat: '40.05' })
    expect(payloadOf(newDraft(FIRM))).toMatchObject({ lon: null, lat: null, row_version: null })
  })
  test('says in which fields two versions differ', () => {
    const mine = draftOf(card)
    expect(differences(mine, draftOf(card))).toEqual([])
    expect(differences(mine, { ...mine, deaths: '2', enterprise: null, reason: 'x', title: ' 灼烫事故 ' })).toEqual([
      'enterprise',
      'deaths',
    ])
  })
})

test('the file has every column in words, numbers as numbers', () => {
  const { columns, rows } = accidentTable([row], t)
  expect(columns).toHaveLength(rows[0]!.length)
  expect(rows[0]).toEqual([
    'SG-2026-001',
    '2026-05-06 00:30',
    '灼烫事故',
    'accidents.grade.3',
    '灼烫',
    '红星化工厂',
    '危险化学品',
    'accidents.outside',
    3,
    1,
    2,
    1234567.8,
    117.05,
    40.15,
  ])
})

test('every word is there in both languages', () => {
  const keys = (part: object, at = ''): string[] =>
    Object.entries(part).flatMap(([key, value]) =>
      typeof value === 'object' ? keys(value, `${at}${key}.`) : [`${at}${key}`],
    )
  expect(keys(words.en).sort()).toEqual(keys(words['zh-CN']).sort())
})
