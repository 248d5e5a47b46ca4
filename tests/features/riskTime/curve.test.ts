import { describe, expect, it } from 'vitest'
import { barsOf, linesOf, placeAt, stripOf, ticksOf, xOf, yOf } from '../../../src/features/riskTime/curve'
import { addDays } from '../../../src/features/riskTime/day'
import { type Campaign, extremes, indexRange, runs, sinceWhen, type Trend } from '../../../src/features/riskTime/trend'

const box = { width: 400, top: 10, bottom: 90 }
const campaign = (id: number, from: string, to: string): Campaign => ({
  id,
  name: `行动${id}`,
  from,
  to,
  grid: { id: 1, code: '1', name: '县' },
  description: null,
})
const trend = (days: number, campaigns: Campaign[] = [], from = '2026-01-01'): Trend => ({
  from,
  to: addDays(from, days - 1),
  grid: { id: 1, code: '1', name: '县' },
  known: null,
  index: Array.from({ length: days }, () => 40),
  level: Array.from({ length: days }, () => 3),
  points: Array.from({ length: days }, () => 1),
  accidents: [],
  campaigns,
})

describe('the curve', () => {
  it('is broken where nothing is known, and never drawn as zero', () => {
    const lines = linesOf([null, null, 30, 31, null, 35, null], box)
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^M[\d.]+,[\d.]+L[\d.]+,[\d.]+$/)
    // a day by itself is a dash, so that it is seen
    expect(lines[1]).toMatch(/h4$/)
    expect(linesOf([null, null], box)).toEqual([])
  })

  it('uses its height for what changes, and stays in the box', () => {
    const index = [30, 45, 38, 60, 31]
    for (const value of index) {
      expect(yOf(value, index, box)).toBeGreaterThanOrEqual(box.top)
      expect(yOf(value, index, box)).toBeLessThanOrEqual(box.bottom)
    }
    expect(yOf(60, index, box)).toBeLessThan(yOf(30, index, box))
    const [low, high] = indexRange([34.6, 34.7])
    expect(high - low).toBeGreaterThanOrEqual(10)
    expect(indexRange([0, 0.2])[0]).toBe(0)
    expect(indexRange([99, 100])[1]).toBe(100)
    expect(indexRange([null])).toEqual([0, 100])
  })

  it('finds the day that is pointed at, also beyond the ends', () => {
    for (let place = 0; place < 365; place++) expect(placeAt(xOf(place, 365, 400), 365, 400)).toBe(place)
    expect(placeAt(-50, 365, 400)).toBe(0)
    expect(placeAt(9999, 365, 400)).toBe(364)
    expect(placeAt(10, 365, 0)).toBe(364)
  })

  it('colours each run of a level once, all of the width together', () => {
    const strip = stripOf([null, 3, 3, 2, 2, 2, 0], 70)
    expect(strip.map((run) => run.level)).toEqual([null, 3, 2, 0])
    expect(strip.reduce((sum, run) => sum + run.width, 0)).toBeCloseTo(70)
  })

  it.each([30, 90, 365, 1095])('names days far enough apart (%i days)', (days) => {
    const ticks = ticksOf(trend(days), 600, 52)
    expect(ticks.length).toBeGreaterThan(1)
    for (let i = 1; i < ticks.length; i++) expect(ticks[i]!.x - ticks[i - 1]!.x).toBeGreaterThanOrEqual(52)
  })

  it('puts campaigns of the same time below each other and cuts what began before', () => {
    const bars = barsOf(
      trend(100, [
        campaign(1, '2025-11-01', '2026-01-20'),
        campaign(2, '2026-01-10', '2026-02-10'),
        campaign(3, '2026-02-20', '2027-01-01'),
      ]),
      400,
    )
    expect(bars.map((bar) => bar.row)).toEqual([0, 1, 0])
    expect(bars[0]).toMatchObject({ x: 0, width: 80 })
    expect(bars[2]!.x + bars[2]!.width).toBe(400)
  })
})

describe('since when', () => {
  const days = { from: '2026-01-01', level: [4, 4, 2, 2, 2, null, 0, 3] }

  it('is the first day of the run that a day lies in', () => {
    expect(sinceWhen(days, null)).toEqual({ level: 3, from: '2026-01-08', nth: 1, whole: false })
    expect(sinceWhen(days, '2026-01-05')).toEqual({ level: 2, from: '2026-01-03', nth: 3, whole: false })
    expect(sinceWhen(days, '2026-01-02')).toEqual({ level: 4, from: '2026-01-01', nth: 2, whole: true })
  })

  it('is not said of a day that is not known, not judged or not there', () => {
    for (const day of ['2026-01-06', '2026-01-07', '2025-12-31', '2026-01-09']) expect(sinceWhen(days, day)).toBeNull()
    expect(sinceWhen({ from: '2026-01-01', level: [] }, null)).toBeNull()
  })
})

describe('the list of days', () => {
  it('falls into runs', () => {
    expect(runs([1, 1, null, 2])).toEqual([
      { from: 0, to: 1, value: 1 },
      { from: 2, to: 2, value: null },
      { from: 3, to: 3, value: 2 },
    ])
    expect(runs([])).toEqual([])
  })

  it('has a highest and a lowest day, the first of equals', () => {
    expect(extremes([null, 3, 9, 9, 1, null, 1])).toEqual({ high: 2, low: 4 })
    expect(extremes([null])).toBe(null)
  })
})
