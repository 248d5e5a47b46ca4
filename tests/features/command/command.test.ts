import { describe, expect, test } from 'vitest'
import { around } from '../../../src/features/command/charts'
import {
  accidentLink,
  change,
  figureLink,
  lastDays,
  majorLink,
  monthEnds,
  neighbour,
  shortReason,
  shownIndex,
  type Trend,
  topWith,
  warningLink,
} from '../../../src/features/command/command'
import { readQuery } from '../../../src/features/ledgers/ledger'
import { monthBeside } from '../../../src/screens/command/useCommandKeys'

const rows = [5, 3, 8, 1].map((id) => ({ id }))

describe('rankings', () => {
  test('a warning does not name its enterprise twice', () => {
    const enterprise = { id: 'e', name: '翠屏粮站' }
    expect(shortReason({ reason: '翠屏粮站 重大隐患「甲」已逾期 3 天', enterprise })).toBe('重大隐患「甲」已逾期 3 天')
    expect(shortReason({ reason: '翠屏粮站二库 停用', enterprise })).toBe('翠屏粮站二库 停用')
    expect(shortReason({ reason: '甲村已连续 4 周无人巡查', enterprise: null })).toBe('甲村已连续 4 周无人巡查')
  })
  test('the chosen one is always among those shown', () => {
    expect(topWith(rows, 2, null)).toEqual([{ id: 5 }, { id: 3 }])
    expect(topWith(rows, 2, 3)).toEqual([{ id: 5 }, { id: 3 }])
    expect(topWith(rows, 2, 1)).toEqual([{ id: 5 }, { id: 1 }])
    expect(topWith(rows, 2, 99)).toEqual([{ id: 5 }, { id: 3 }])
  })
  test('one walks through them round and round', () => {
    expect(neighbour(rows, null, 1)).toEqual({ id: 5 })
    expect(neighbour(rows, null, -1)).toEqual({ id: 1 })
    expect(neighbour(rows, 1, 1)).toEqual({ id: 5 })
    expect(neighbour(rows, 5, -1)).toEqual({ id: 1 })
    expect(neighbour([], 5, 1)).toBeNull()
  })
  test('and through the months, up to the last that is over', () => {
    expect(monthBeside('2026-01', -1, '2026-11-22')).toBe('2025-12')
    expect(monthBeside('2026-09', 1, '2026-11-22')).toBe('2026-10')
    expect(monthBeside('2026-10', 1, '2026-11-22')).toBeNull()
  })
})

describe('links of figures', () => {
  const scope = { grid: '101', sector: 3 }
  test('name the ledger that counts the same', () => {
    expect(figureLink('red_enterprises', scope)).toEqual({
      path: '/enterprises',
      query: { grid: '101', sector: '3', level: '1' },
    })
    expect(readQuery('hazards', figureLink('overdue', scope).query)).toEqual({
      grid: '101',
      sector: [3],
      overdue: true,
    })
    expect(readQuery('hazards', figureLink('major', { grid: '101', sector: null }).query)).toEqual({
      grid: '101',
      severity: 'major',
    })
    expect(readQuery('hazards', majorLink(scope, { from: '2026-01-01', to: '2026-01-31' }).query).status).toHaveLength(
      7,
    )
    expect(accidentLink(scope, { from: 'a', to: 'b' }, 'deaths').query).toEqual({
      grid: '101',
      sector: '3',
      from: 'a',
      to: 'b',
      harm: 'deaths',
    })
    expect(warningLink({ grid: '101', sector: null }, null)).toEqual({
      path: '/warnings',
      query: { grid: '101', state: 'open' },
    })
  })
})

describe('figures as they are shown', () => {
  test('an index is never rounded up over a threshold', () => {
    expect(shownIndex(74.96)).toBe(74.9)
    expect(shownIndex(75)).toBe(75)
    expect(shownIndex(0.3)).toBe(0.3)
  })
  test('a change of nothing is none', () => {
    expect(change(5, 3)).toEqual({ by: 2, arrow: '↑' })
    expect(change(3, 5)).toEqual({ by: 2, arrow: '↓' })
    expect(change(35.04, 35, 1)).toEqual({ by: 0, arrow: '→' })
  })
  test('an axis stands around its figures with round ends', () => {
    expect(around([35, 35, 36])).toEqual({ min: 32, max: 38, interval: 2 })
    expect(around([])).toEqual({ min: 0, max: 100, interval: 25 })
    const { min, max } = around([2, 98])
    expect([min, max]).toEqual([0, 100])
  })
})

describe('a trend', () => {
  const days = 400
  const trend: Trend = {
    from: '2025-01-01',
    to: '2026-02-04',
    index: Array.from({ length: days }, (_, i) => (i < 10 ? null : i)),
    level: [],
    accidents: [],
    campaigns: [],
  }
  test('its last days end with the chosen one', () => {
    expect(lastDays(trend, '2025-01-12', 3)).toEqual({
      days: ['2025-01-10', '2025-01-11', '2025-01-12'],
      index: [null, 10, 11],
    })
    expect(lastDays(trend, '2026-12-31', 2).days).toEqual(['2026-02-03', '2026-02-04'])
  })
  test('its months end with their last day, the running one with the latest', () => {
    const ends = monthEnds(trend, 2025, trend.to)
    expect(ends).toHaveLength(12)
    expect([ends[0], ends[1], ends[11]]).toEqual([30, 58, 364])
    expect(monthEnds(trend, 2026, '2026-02-03').slice(0, 3)).toEqual([395, 398, null])
    expect(monthEnds(trend, 2024, trend.to)).toEqual(Array(12).fill(null))
  })
})
