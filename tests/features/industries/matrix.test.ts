import { describe, expect, test } from 'vitest'
import { matrixTable } from '../../../src/features/industries/exportMatrix'
import { formatIndustryLink, mapQuery, parseIndustryLink } from '../../../src/features/industries/industryLink'
import {
  cellText,
  columnsOf,
  heatOf,
  levelsOf,
  type MatrixAnswer,
  matrixOf,
  pointsOfNone,
  rowsOf,
  unowned,
  walk,
} from '../../../src/features/industries/matrix'
import words from '../../../src/features/industries/messages'
import { smallMapOf } from '../../../src/features/industries/smallMap'
import { ceilingOf, daysOf, trendOption, yearBefore } from '../../../src/features/industries/trend'
import { cellWords, trendText } from '../../../src/features/industries/words'

const grid = (id: number, whole = true) => ({ id, code: `1${id}`, name: `镇${id}`, level: 2, whole, children: true })
const sector = (id: number, department: string | null, officers: { name: string; phone: string }[] = []) => ({
  id,
  code: `s${id}`,
  name: `行业${id}`,
  department: department ? { id, name: department } : null,
  officers: officers.map((officer) => ({ user_id: officer.name, title: null, ...officer })),
})
/** Grids 1, 2, 3 below 9; sectors 1 (owned), 2 (nobody's). Grid 3 has nothing. */
const answer = (cells: [number, number | null, number, number, number][]): MatrixAnswer => ({
  status: 'ok',
  source: 'live',
  on: '2026-11-22',
  today: '2026-11-22',
  first: '2023-11-22',
  sectors_only: false,
  parent: {
    id: 9,
    code: '1',
    name: '县',
    level: 1,
    parent_id: null,
    trail: [{ id: 9, code: '1', name: '县', level: 1 }],
  },
  grids: [grid(1), grid(2), grid(3)],
  sectors: [sector(1, '应急局', [{ name: '甲', phone: '138' }]), sector(2, null)],
  departments: null,
  cells: {
    grid: cells.map(([id]) => id),
    sector: cells.map(([, id]) => id),
    index: cells.map(([, , index]) => index),
    level: cells.map(([, , , level]) => level),
    points: cells.map(([, , , , points]) => points),
    open: cells.map(() => 2),
    major: cells.map(() => 1),
    overdue: cells.map(() => 0),
    enterprises: cells.map(() => 1500),
    trend: cells.map(() => 3.6),
  },
})
const matrix = matrixOf(
  answer([
    [9, null, 40, 3, 51],
    [9, 1, 10, 4, 20],
    [9, 2, 12, 2, 26],
    [1, null, 30, 3, 25],
    [1, 1, 0.4, 4, 0.5],
    [1, 2, 30, 3, 20],
    [2, null, 20, 2, 26],
    [2, 1, 20, 4, 19.5],
    [2, 2, 3, 2, 6],
  ]),
)
const t = (key: string, named: Record<string, unknown> = {}) =>
  `${key}${Object.values(named)
    .map((v) => ` ${v}`)
    .join('')}`
const n = (value: number) => value.toLocaleString('en')

describe('the matrix', () => {
  test('knows every cell, and says nothing where there is none', () => {
    expect(matrix.at(1, 2)).toMatchObject({ index: 30, level: 3, trend: 3.6 })
    expect(matrix.at(3, 1)).toEqual({
      grid: 3,
      sector: 1,
      index: 0,
      level: 0,
      points: 0,
      open: 0,
      major: 0,
      overdue: 0,
      enterprises: 0,
      trend: null,
    })
  })

  test('puts the gravest first: by level before index, what cannot be judged last', () => {
    const ids = (by: number | null) => rowsOf(matrix, { order: 'risk', by }).map(({ id }) => id)
    expect(ids(null)).toEqual([2, 1, 3])
    expect(ids(1)).toEqual([2, 1, 3])
    expect(ids(2)).toEqual([2, 1, 3])
    expect(rowsOf(matrix, { order: 'code', by: 2 }).map(({ id }) => id)).toEqual([1, 2, 3])
    expect(columnsOf(matrix, 'risk').map(({ id }) => id)).toEqual([2, 1])
    expect(columnsOf(matrix, 'code').map(({ id }) => id)).toEqual([1, 2])
  })

  test('orders sectors by their worst grid where the parent is not judged', () => {
    const parts = matrixOf(
      answer([
        [1, 1, 60, 2, 5],
        [2, 2, 80, 1, 9],
      ]),
    )
    expect(columnsOf(parts, 'risk').map(({ id }) => id)).toEqual([2, 1])
  })

  test('counts grids by level, sectors without a department, and points of no sector', () => {
    expect(levelsOf(matrix, 2)).toEqual([1, 0, 1, 1, 0])
    expect(unowned(matrix).map(({ id }) => id)).toEqual([2])
    expect(pointsOfNone(matrix, 1)).toBe(4.5)
    expect(pointsOfNone(matrix, 9)).toBe(5)
    const part = { ...matrix, grids: [grid(1, false)], sectors_only: true }
    expect(pointsOfNone(part, 1)).toBeNull()
    expect(pointsOfNone(part, 9)).toBeNull()
  })

  test('shows whole figures, and never nothing where there is something', () => {
    expect(cellText(matrix.at(1, 1))).toBe('<1')
    expect(cellText(matrix.at(2, 1))).toBe('20')
    expect(cellText(matrix.at(3, 1))).toBe('')
    // 74.9 is not yet red, and does not read as 75
    expect(cellText({ ...matrix.at(2, 1), index: 74.9 })).toBe('74')
    expect(heatOf({ ...matrix.at(2, 1), level: 1, index: 87.5 })).toBe(0.5)
    // a veto reddens what is low by its index
    expect(heatOf({ ...matrix.at(2, 1), level: 2, index: 3 })).toBe(0)
  })

  test('is read out in a sentence', () => {
    expect(cellWords(matrix.at(1, 2), { grid: '镇1', sector: '行业2' }, t, n)).toBe(
      '镇1 · 行业2：industries.cell.risk map.level.3 30.0，industries.cell.trend ↑4，industries.cell.enterprises 1,500，industries.cell.open 2，industries.cell.major 1',
    )
    expect(cellWords(matrix.at(3, 1), { grid: '镇3', sector: '行业1' }, t, n)).toBe('镇3 · 行业1：industries.nothing')
    expect([trendText(-1.5), trendText(0.4), trendText(null)]).toEqual(['↓1', '', ''])
  })
})

describe('walking by keys', () => {
  const go = (key: string, row: number, column: number, ctrl = false) => walk({ row, column }, key, ctrl, 5, 4)
  test('stays in the table and passes over the corner', () => {
    expect(go('ArrowDown', 1, 1)).toEqual({ row: 2, column: 1 })
    expect(go('ArrowDown', 4, 1)).toEqual({ row: 4, column: 1 })
    expect(go('ArrowRight', 2, 3)).toEqual({ row: 2, column: 3 })
    expect(go('ArrowLeft', 0, 1)).toEqual({ row: 0, column: 1 })
    expect(go('ArrowUp', 1, 0)).toEqual({ row: 1, column: 0 })
    expect(go('Home', 0, 3)).toEqual({ row: 0, column: 1 })
    expect(go('Home', 3, 3, true)).toEqual({ row: 1, column: 0 })
    expect(go('End', 1, 1, true)).toEqual({ row: 4, column: 3 })
    expect(go('PageDown', 1, 2)).toEqual({ row: 4, column: 2 })
    expect(go('ArrowUp', 3, 2, true)).toEqual({ row: 0, column: 2 })
    expect(go('a', 1, 1)).toBeNull()
  })
})

describe('the link', () => {
  test('survives a round trip, and drops what makes no sense', () => {
    const link = { grid: '120119106', sector: 4, on: '2026-02-28', view: 'maps', order: 'code' } as const
    expect(parseIndustryLink(formatIndustryLink(link))).toEqual(link)
    expect(parseIndustryLink({ sector: '-1', on: '2026-02-30', view: 'x', grid: ['a', 'b'] })).toEqual({
      grid: 'a',
      sector: null,
      on: null,
      view: 'matrix',
      order: 'risk',
    })
    expect(formatIndustryLink(parseIndustryLink({}))).toEqual({})
    expect(mapQuery('1', null, null)).toEqual({ grid: '1' })
    expect(mapQuery('1', 4, '2026-01-01')).toEqual({ grid: '1', sector: '4', on: '2026-01-01' })
  })
})

describe('the file', () => {
  test('has the order of the screen, numbers as numbers, and who answers', () => {
    const { columns, rows } = matrixTable(matrix, { order: 'risk', by: null }, t)
    expect(columns.map(({ title }) => title)).toEqual([
      'industries.code',
      'industries.grid',
      'industries.allSectors industries.index',
      'industries.allSectors industries.level',
      '行业2 industries.index',
      '行业2 industries.level',
      '行业1 industries.index',
      '行业1 industries.level',
    ])
    expect(rows).toEqual([
      ['1', 'industries.sumOf 县', 40, 'map.level.3', 12, 'map.level.2', 10, 'map.level.4'],
      ['12', '镇2', 20, 'map.level.2', 3, 'map.level.2', 20, 'map.level.4'],
      ['11', '镇1', 30, 'map.level.3', 30, 'map.level.3', 0.4, 'map.level.4'],
      ['13', '镇3', null, 'industries.unjudged', null, 'industries.unjudged', null, 'industries.unjudged'],
      [null, 'industries.department', null, null, 'industries.unowned', null, '应急局', null],
      [null, 'industries.officers', null, null, '', null, '甲 138', null],
    ])
  })
})

describe('small maps', () => {
  const square = (west: number, south: number, size: number) => [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ]
  test('draw north up, holes and parts of one grid in one path', () => {
    const map = smallMapOf(9, {
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          id: 1,
          properties: {},
          geometry: { type: 'Polygon', coordinates: [square(117, 0, 1), square(117.2, 0.2, 0.1)] },
        },
        {
          type: 'Feature',
          id: 2,
          properties: {},
          geometry: { type: 'MultiPolygon', coordinates: [[square(118, 0, 1)]] },
        },
        { type: 'Feature', id: 3, properties: {}, geometry: { type: 'Point', coordinates: [117, 0] } },
      ],
    })!
    expect([...map.shapes.keys()]).toEqual([1, 2])
    // at the equator two degrees east are as long as two north
    expect({ width: map.width, height: map.height }).toEqual({ width: 240, height: 121 })
    expect(map.shapes.get(2)).toBe('M120,120L240,120L240,0L120,0L120,120Z')
    expect(map.shapes.get(1)!.match(/M/g)).toHaveLength(2)
  })
  test('are none without an area', () => {
    expect(smallMapOf(9, { type: 'FeatureCollection', features: [] })).toBeNull()
  })
})

describe('the trend', () => {
  test('goes back a year, over a leap day too', () => {
    expect(yearBefore('2026-11-22')).toBe('2025-11-22')
    expect(yearBefore('2024-02-29')).toBe('2023-03-01')
    expect(daysOf('2024-02-28', 3)).toEqual(['2024-02-28', '2024-02-29', '2024-03-01'])
  })
  test('has an axis that shows what is low, and marks accidents where the index is known', () => {
    expect([ceilingOf([null, 1, 2]), ceilingOf([11.5]), ceilingOf([99]), ceilingOf([null])]).toEqual([4, 24, 100, 4])
    const accident = (on: string) => ({ id: on, title: '<b>', on, grade: 4, deaths: 0 })
    const option = trendOption(
      {
        from: '2026-01-01',
        to: '2026-01-03',
        index: [1, null, 3],
        level: [4, null, 4],
        accidents: [accident('2026-01-02'), accident('2026-01-03')],
      },
      { text: '#000', text2: '#111', line: '#222', surface: '#fff', accent: '#0aa', font: 'x', size: 12 },
      t,
    ) as { series: { markPoint: { data: unknown[] } }[]; tooltip: { formatter: (points: unknown) => string } }
    expect(option.series[0]!.markPoint.data).toEqual([{ name: '<b>', coord: ['2026-01-03', 3] }])
    expect(option.tooltip.formatter([{ dataIndex: 2 }])).toBe('2026-01-03<br>map.level.4 3.0<br>&#60;b&#62;')
    expect(option.tooltip.formatter([{ dataIndex: 1 }])).toContain('industries.trendNone')
  })
})

test('every word is there in both languages', () => {
  const keys = (part: object, at = ''): string[] =>
    Object.entries(part).flatMap(([key, value]) =>
      typeof value === 'object' ? keys(value, `${at}${key}.`) : [`${at}${key}`],
    )
  expect(keys(words.en).sort()).toEqual(keys(words['zh-CN']).sort())
})
