import { describe, expect, it } from 'vitest'
import { areaWords, lengthWords } from '../../../src/features/boundaries/areaWords'
import { lengthOf } from '../../../src/features/boundaries/length'

describe('areas and lengths', () => {
  it('stand in the unit one thinks in', () => {
    expect(areaWords(820, 'zh-CN')).toBe('820 平方米')
    expect(areaWords(18_200, 'zh-CN')).toBe('1.82 公顷')
    expect(areaWords(1_190_000, 'en')).toBe('1.19 km²')
    expect(areaWords(250_000_000, 'zh-CN')).toBe('250 km²')
  })

  it('say which way a difference goes, and nothing of none', () => {
    expect(areaWords(-69_000, 'zh-CN', true)).toBe('-6.9 公顷')
    expect(areaWords(9_816, 'en', true)).toBe('+9,816 m²')
    expect(areaWords(0, 'zh-CN', true)).toBe('0 平方米')
  })

  it('of a line: a minute of latitude is a sea mile, one of longitude shrinks with the parallel', () => {
    const mile = lengthOf([
      [117, 40],
      [117, 40 + 1 / 60],
    ])
    expect(mile).toBeGreaterThan(1_850)
    expect(mile).toBeLessThan(1_852)
    const along = lengthOf([
      [117, 60],
      [117 + 1 / 60, 60],
    ])
    expect(along / 1_855).toBeCloseTo(0.5, 2)
    expect(lengthWords(mile, 'zh-CN')).toBe('1.85 公里')
    expect(lengthWords(4.26, 'en')).toBe('4.3 m')
  })
})
