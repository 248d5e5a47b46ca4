import { describe, expect, it } from 'vitest'
import { areaPair, areaWords, lengthWords } from '../../../src/features/boundaries/areaWords'
import { lengthOf } from '../../../src/features/boundaries/length'

describe('areas and lengths', () => {
  it('stand in the unit one thinks in', () => {
    expect(areaWords(820, 'zh-CN')).toBe('820 平方米')
    expect(areaWords(18_200, 'zh-CN')).toBe('1.82 公顷')
    expect(areaWords(1_190_000, 'en')).toBe('1.19 km²')
    expect(areaWords(250_000_000, 'zh-CN')).toBe('250 平方公里')
  })

  it('change the unit at a hectare and at a square kilometre, and nowhere else', () => {
    const said = [9_000, 12_000, 999_000, 1_000_000, 9_900_000].map((area) => areaWords(area, 'zh-CN'))
    expect(said).toEqual(['9,000 平方米', '1.2 公顷', '99.9 公顷', '1 平方公里', '9.9 平方公里'])
  })

  it('before and after never look the same when they differ', () => {
    expect(areaPair(3_400_000, 3_400_012, 'zh-CN')).toEqual(['3.40000', '3.40001 平方公里'])
    expect(areaPair(52.3, 52.3, 'zh-CN')).toEqual(['52', '52 平方米'])
    expect(areaPair(18_200, 5_000, 'zh-CN')).toEqual(['1.82', '0.50 公顷'])
    expect(areaPair(null, 18_200, 'en')).toEqual(['–', '1.82 ha'])
    expect(areaPair(18_200, null, 'en')).toEqual(['1.82 ha', '–'])
    expect(new Set(areaPair(2_000_000_000, 2_000_000_000.1, 'en').map((word) => parseFloat(word))).size).toBe(1)
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
