import { describe, expect, test } from 'vitest'
import { formatNumber } from '../../src/ui/number'

describe('a number', () => {
  test.each([
    [1234567.891, undefined, '1,234,567.891'],
    [1234.5678, 1, '1,234.6'],
    [1234.4, 0, '1,234'],
    [0, 2, '0'],
  ])('%d to %s places: %s', (value, digits, words) => {
    expect(formatNumber(value, 'zh-CN', digits)).toBe(words)
    // once more, by the format that was kept
    expect(formatNumber(value, 'zh-CN', digits)).toBe(words)
  })

  test('is written by the locale that is asked for', () => {
    expect([formatNumber(1234.5, 'de', 1), formatNumber(1234.5, 'en', 1)]).toEqual(['1.234,5', '1,234.5'])
  })
})
