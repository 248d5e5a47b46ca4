import { describe, expect, it } from 'vitest'
import { addDays, clampDay, dayAt, daysBetween, isDay, monthsBefore } from '../../../src/features/riskTime/day'

describe('days', () => {
  it.each(['2026-10-03', '2024-02-29', '2000-01-01'])('%s is one', (word) => expect(isDay(word)).toBe(true))
  it.each(['2026-02-30', '2025-02-29', '2026-1-3', '2026/10/03', '', null, undefined, 'infinity', '12026-01-01'])(
    '%s is none',
    (word) => expect(isDay(word)).toBe(false),
  )

  it('begin at midnight in China', () => {
    expect(dayAt(Date.parse('2026-10-02T15:59:59Z'))).toBe('2026-10-02')
    expect(dayAt(Date.parse('2026-10-02T16:00:00Z'))).toBe('2026-10-03')
  })

  it('are counted over months and leap years', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
    expect(daysBetween('2024-01-01', '2025-01-01')).toBe(366)
    expect(daysBetween('2026-03-01', '2026-02-27')).toBe(-2)
  })

  it('have the same day months before, or the last one there is', () => {
    expect(monthsBefore('2026-11-22', 1)).toBe('2026-10-22')
    expect(monthsBefore('2026-03-31', 1)).toBe('2026-02-28')
    expect(monthsBefore('2024-03-31', 1)).toBe('2024-02-29')
    expect(monthsBefore('2026-01-15', 12)).toBe('2025-01-15')
    expect(monthsBefore('2024-02-29', 12)).toBe('2023-02-28')
  })

  it('are kept between two others', () => {
    expect(clampDay('2026-01-01', '2026-02-01', '2026-03-01')).toBe('2026-02-01')
    expect(clampDay('2026-05-01', '2026-02-01', '2026-03-01')).toBe('2026-03-01')
    expect(clampDay('2026-02-14', '2026-02-01', '2026-03-01')).toBe('2026-02-14')
  })
})
