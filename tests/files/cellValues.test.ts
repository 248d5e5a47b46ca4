import { describe, expect, it } from 'vitest'
import * as cell from '../../src/files/cellValues'

const all = <T>(parse: (text: string) => T, words: string) => words.split(' ').map(parse)

describe('words in cells', () => {
  it('risk levels', () => {
    expect(new Set(all(cell.parseRiskLevel, '红 红色 重大 重大风险 1 一级 Ⅰ级 I １ A red 1级'))).toEqual(new Set([1]))
    expect(new Set(all(cell.parseRiskLevel, '橙 橙色 较大 较大风险 2 二级 Ⅱ B'))).toEqual(new Set([2]))
    expect(new Set(all(cell.parseRiskLevel, '黄 黄色 一般 一般风险 3 三级 III'))).toEqual(new Set([3]))
    expect(new Set(all(cell.parseRiskLevel, '蓝 蓝色 低 低风险 较低 4 四级 Ⅳ'))).toEqual(new Set([4]))
    expect(all(cell.parseRiskLevel, '无 - 未评估')).toEqual([null, null, null])
    expect(cell.parseRiskLevel('')).toBeNull()
    expect(all(cell.parseRiskLevel, '5 紫 0')).toEqual([undefined, undefined, undefined])
  })

  it('scale, status, grade of a hazard source', () => {
    expect(all(cell.parseScale, '规模以上 规上企业 大型 规模以下 小型企业 小微企业 微型 个体工商户 个体')).toEqual(
      'above above above small small micro micro individual individual'.split(' '),
    )
    expect(cell.parseScale('巨型')).toBeUndefined()
    expect(all(cell.parseStatus, '正常 在营 开业 停产 停业整顿 注销 已关闭 停产停业')).toEqual(
      'active active active suspended suspended closed closed suspended'.split(' '),
    )
    expect(cell.parseStatus('?')).toBeUndefined()
    expect(all(cell.parseHazardSourceGrade, '一级 4 III 否 不构成 无 五级')).toEqual([
      1,
      4,
      3,
      null,
      null,
      null,
      undefined,
    ])
  })

  it('counts and days', () => {
    expect(all(cell.parseCount, '1,234 56人 ７ 3.0 - 3.5 -1 多')).toEqual([
      1234,
      56,
      7,
      3,
      null,
      undefined,
      undefined,
      undefined,
    ])
    expect(all(cell.parseDay, '2024-1-31 2024/01/31 2024.1.31 20240131 2024年1月31日 长期')).toEqual([
      ...Array(5).fill('2024-01-31'),
      null,
    ])
    expect(all(cell.parseDay, '2024-02-30 31/1/2024 2024')).toEqual([undefined, undefined, undefined])
    expect(cell.parseDay('2024-01-31 12:00')).toBe('2024-01-31')
  })
})

describe('angles', () => {
  it.each([
    '117.408333333',
    '117°24′30″',
    `117°24'30"`,
    '117度24分30秒',
    '117°24.5′',
    'E117°24′30″',
    '东经117°24′30″',
    '１１７°２４′３０″',
    '117 24 30',
    '117-24-30',
    '117:24:30',
    `117°24'30''`,
  ])('%s', (text) => {
    expect(cell.parseAngle(text)).toBeCloseTo(117 + 24.5 / 60, 8)
  })

  it('south and west are negative; blank and nonsense are told apart', () => {
    expect(cell.parseAngle('40°3′S')).toBeCloseTo(-40.05, 10)
    expect(cell.parseAngle('-117.4')).toBe(-117.4)
    expect(cell.parseAngle('4435157.45')).toBe(4435157.45)
    expect(cell.parseAngle('')).toBeNull()
    for (const text of ['117°61′', 'abc', '117,4', '1.2.3', '117°24′30″5'])
      expect(cell.parseAngle(text)).toBeUndefined()
  })

  it('both in one cell, in either order', () => {
    for (const text of [
      '117.4,40.05',
      '40.05，117.4',
      '117.4 40.05',
      '(117.4, 40.05)',
      '北纬40.05，东经117.4',
      '117°24′，40°3′',
    ]) {
      const pair = cell.parseLonLat(text)!
      expect(pair[0]).toBeCloseTo(117.4, 9)
      expect(pair[1]).toBeCloseTo(40.05, 9)
    }
    expect(cell.parseLonLat('')).toBeNull()
    expect(cell.parseLonLat('117.4')).toBeUndefined()
  })
})
