import { describe, expect, it } from 'vitest'
import { guessEnterpriseColumns, guessGridColumns } from '../../src/files/guessColumns'

const chosen = (guess: Record<string, { column: string | null }>) =>
  Object.fromEntries(
    Object.entries(guess)
      .filter(([, g]) => g.column)
      .map(([field, g]) => [field, g.column]),
  )

describe('columns of enterprises', () => {
  it('a ledger as a county keeps it', () => {
    const header = [
      '序号',
      '企业名称',
      '统一社会信用代码',
      '行业领域',
      '行业代码',
      '规模',
      '风险等级',
      '法定代表人',
      '联系电话',
      '安全管理人员',
      '安全管理人员电话',
      '从业人数',
      '经营地址',
      '经度',
      '纬度',
      '许可证有效期至',
      '经营状态',
      '是否重大危险源',
    ]
    const row = [
      '1',
      '别山化工厂',
      '91120119MA05ABCD1X',
      '危险化学品',
      'C26',
      '规上',
      '重大',
      '王建国',
      '022-29130000',
      '李强',
      '13800000000',
      '56',
      '别山镇东街1号',
      '117.4',
      '40.05',
      '2026-12-31',
      '正常',
      '一级',
    ]
    expect(chosen(guessEnterpriseColumns(header, [row]))).toEqual({
      code: '统一社会信用代码',
      name: '企业名称',
      lon: '经度',
      lat: '纬度',
      sector: '行业领域',
      scale: '规模',
      risk_level: '风险等级',
      legal_rep: '法定代表人',
      phone: '联系电话',
      safety_lead: '安全管理人员',
      safety_phone: '安全管理人员电话',
      employees: '从业人数',
      address: '经营地址',
      licence_expiry: '许可证有效期至',
      major_hazard_source_grade: '是否重大危险源',
      status: '经营状态',
    })
  })

  it('English, brackets and stars', () => {
    const guess = guessEnterpriseColumns(['*name', 'lng', 'lat', '单位编码（必填）', 'Phone'], [])
    expect(chosen(guess)).toEqual({ name: '*name', lon: 'lng', lat: 'lat', code: '单位编码（必填）', phone: 'Phone' })
    expect(guess.name.confidence).toBeGreaterThan(0.8)
  })

  it('without telling headers the values tell', () => {
    const rows = [
      ['甲', '91120119MA05ABCD1X', '117.4001', '40.0501', '13800000000', '85'],
      ['乙', '91120119MA05ABCD2Y', '117.4101', '40.0601', '13900000000', '112'],
    ]
    const guess = guessEnterpriseColumns(['a', 'b', 'c', 'd', 'e', 'f'], rows)
    expect(chosen(guess)).toEqual({ code: 'b', lon: 'c', lat: 'd', phone: 'e' })
    expect(guess.lon.confidence).toBeLessThan(0.6)
  })

  it('both coordinates in one column', () => {
    expect(chosen(guessEnterpriseColumns(['名称', '坐标'], [['甲', '117.4,40.05']])).lonlat).toBe('坐标')
    expect(chosen(guessEnterpriseColumns(['坐标', '经度', '纬度'], [['x', '117.4', '40.05']])).lonlat).toBeUndefined()
  })

  it('a header belied by its values is trusted less', () => {
    const good = guessEnterpriseColumns(['经度'], [['117.4']]).lon.confidence
    const belied = guessEnterpriseColumns(['经度'], [['39534132.66']]).lon.confidence
    expect(belied).toBeLessThan(0.6)
    expect(good).toBe(1)
  })
})

describe('columns of grids', () => {
  it('Chinese, surveying and English names', () => {
    const properties = [{ OBJECTID: 1, XZQDM: '120119106001', XZQMC: '东村', SJDM: '120119106', 人口: 1234 }]
    expect(chosen(guessGridColumns(Object.keys(properties[0]!), properties))).toEqual({
      code: 'XZQDM',
      name: 'XZQMC',
      parent_code: 'SJDM',
      population: '人口',
    })
    expect(chosen(guessGridColumns(['编码', '名称', '上级编码', '上级名称', '网格类型', '网格长'], []))).toEqual({
      code: '编码',
      name: '名称',
      parent_code: '上级编码',
      kind: '网格类型',
    })
    expect(chosen(guessGridColumns(['code', 'name', 'parent'], []))).toEqual({
      code: 'code',
      name: 'name',
      parent_code: 'parent',
    })
  })

  it('unnamed fields are known by their values', () => {
    const properties = [{ FIELD1: '120119106001', FIELD2: '别山镇东村' }]
    expect(chosen(guessGridColumns(['FIELD1', 'FIELD2'], properties))).toEqual({ code: 'FIELD1', name: 'FIELD2' })
  })
})
