import { describe, expect, test } from 'vitest'
import {
  choose,
  formatLink,
  isDayOrMonth,
  NOTHING,
  parseLink,
  stepBack,
  timesOf,
  toggle,
} from '../../../src/features/command/commandLink'

describe('the link of the command screen', () => {
  test('carries what was chosen in the order in which it was', () => {
    const link = parseLink({ sector: '3', on: '2026-03', grid: '120119106' })
    expect(link).toEqual({ grid: '120119106', sector: 3, on: '2026-03', order: ['sector', 'on', 'grid'] })
    expect(Object.keys(formatLink(link))).toEqual(['sector', 'on', 'grid'])
    expect(parseLink(formatLink(link))).toEqual(link)
  })

  test('passes over what makes no sense', () => {
    expect(parseLink({ sector: '-1', on: '2026-13', grid: '', other: 'x' })).toEqual(NOTHING)
    expect(parseLink({ sector: ['2', '3'], on: null })).toEqual({ ...NOTHING, sector: 2, order: ['sector'] })
    expect(isDayOrMonth('2026-02-30')).toBe(false)
    expect(isDayOrMonth('2028-02-29')).toBe(true)
  })

  test('a second click lets go, another choice of the same kind keeps its turn', () => {
    const first = toggle(toggle(NOTHING, 'sector', 3), 'grid', 'a')
    expect(toggle(first, 'sector', 4)).toEqual({ ...NOTHING, sector: 4, grid: 'a', order: ['sector', 'grid'] })
    expect(toggle(first, 'sector', 3)).toEqual({ ...NOTHING, grid: 'a', order: ['grid'] })
    expect(choose(NOTHING, 'on', null)).toEqual(NOTHING)
  })

  test('a step back lets go what was chosen last, a grid one level at a time', () => {
    const parent = (code: string) => (code === 'village' ? 'town' : null)
    let link = choose(choose(NOTHING, 'sector', 3), 'grid', 'village')
    link = stepBack(link, parent)
    expect(formatLink(link)).toEqual({ sector: '3', grid: 'town' })
    link = stepBack(link, parent)
    expect(formatLink(link)).toEqual({ sector: '3' })
    link = stepBack(link, parent)
    expect(link).toEqual(NOTHING)
    expect(stepBack(link, parent)).toBe(link)
  })
})

describe('the days that a choice of time means', () => {
  const today = '2026-11-22'
  test('now: the last week, and the year so far', () => {
    expect(timesOf(null, today)).toEqual({
      day: null,
      late: { from: '2026-11-16', to: today },
      year: { from: '2026-01-01', to: today },
      yearEnd: today,
    })
  })
  test('a month: its days, as far as they have come', () => {
    const february = { from: '2026-02-01', to: '2026-02-28' }
    expect(timesOf('2026-02', today)).toEqual({ day: '2026-02-28', late: february, year: february, yearEnd: today })
    const running = { from: '2026-11-01', to: today }
    expect(timesOf('2026-11', today)).toEqual({ day: null, late: running, year: running, yearEnd: today })
  })
  test('a day: the week up to it, and its year', () => {
    expect(timesOf('2025-01-03', today)).toEqual({
      day: '2025-01-03',
      late: { from: '2024-12-28', to: '2025-01-03' },
      year: { from: '2025-01-01', to: '2025-01-03' },
      // its other months can still be seen, and chosen
      yearEnd: '2025-12-31',
    })
  })
  test('what is still to come is now', () => {
    expect(timesOf('2027-01', today)).toEqual(timesOf(null, today))
    expect(timesOf(today, today)).toEqual(timesOf(null, today))
  })
})
