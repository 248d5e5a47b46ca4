import { describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import { startSession } from '../../../src/features/imports/importSession'
import messages from '../../../src/features/imports/messages'
import { draftRiskPoints, guessRiskPointColumns, RISK_POINT_FIELDS } from '../../../src/features/imports/riskPointDraft'
import { riskPointTemplate } from '../../../src/features/imports/templates'
import { readTable } from '../../../src/files/readTable'
import { writeCsv } from '../../../src/files/writeTable'

const options = startSession('riskPoints').enterprises
const read = async (header: string[], rows: string[][], enterprise: string | null = null) => {
  const table = await readTable(
    'a.csv',
    writeCsv(
      header.map((title) => ({ title })),
      rows,
    ),
  )
  return draftRiskPoints(table, guessRiskPointColumns(table.header), { ...options, enterprise })
}

describe('columns of a list of risk points', () => {
  it.each(['zh-CN', 'en'] as const)('of our own template in %s are all known again', (locale) => {
    const { t } = createI18n({ legacy: false, locale, messages }).global
    const titles = riskPointTemplate(t).columns.map(({ title }) => title)
    const known = guessRiskPointColumns(titles)
    expect(RISK_POINT_FIELDS.map((field) => known[field])).toEqual(titles)
  })

  it.each<[string, string[], Record<string, string>]>([
    [
      'a county form',
      [
        '序号',
        '单位名称',
        '风险点',
        '危险源',
        '可能造成的事故类型',
        'L',
        'E',
        'C',
        'D',
        '风险等级',
        '工程技术措施',
        '管理措施',
        '培训教育措施',
        '个体防护措施',
        '应急处置措施',
        '管控层级',
        '责任单位',
        '责任人',
        '备注',
      ],
      {
        enterprise: '单位名称',
        name: '风险点',
        activity: '危险源',
        accident_kinds: '可能造成的事故类型',
        l: 'L',
        e: 'E',
        c: 'C',
        score: 'D',
        level: '风险等级',
        engineering: '工程技术措施',
        management: '管理措施',
        training: '培训教育措施',
        protection: '个体防护措施',
        emergency: '应急处置措施',
        control: '管控层级',
        responsible_post: '责任单位',
        responsible: '责任人',
      },
    ],
    [
      'a matrix',
      [
        '企业名称',
        '场所部位',
        '评价方法',
        '可能性L',
        '严重性S',
        '风险值R',
        '级别',
        '管控措施',
        '管控责任人',
        '联系电话',
      ],
      {
        enterprise: '企业名称',
        name: '场所部位',
        method: '评价方法',
        l: '可能性L',
        s: '严重性S',
        score: '风险值R',
        level: '级别',
        measures: '管控措施',
        responsible: '管控责任人',
        responsible_phone: '联系电话',
      },
    ],
  ])('of %s', (_, header, expected) => {
    expect(guessRiskPointColumns(header)).toEqual(expected)
  })
})

describe('rows', () => {
  const header = ['企业名称', '风险点', '危险源', 'L', 'E', 'C']

  it('below a merged cell belong to it, and not to the point of another enterprise', async () => {
    const drafts = await read(header, [
      ['甲厂', '罐区', '卸车', '3', '6', '15'],
      ['', '', '巡检', '１', '６', '15'],
      ['乙厂', '', '锅炉', '1', '6', '15'],
    ])
    expect(drafts.map(({ row }) => [row.enterprise, row.name, row.activity, row.l, row.e])).toEqual([
      ['甲厂', '罐区', '卸车', '3', '6'],
      ['甲厂', '罐区', '巡检', '1', '6'],
      ['乙厂', null, '锅炉', '1', '6'],
    ])
    expect(drafts.flatMap(({ problems }) => problems)).toEqual([])
    // what the file has no column for is not sent: it keeps its value
    expect(Object.keys(drafts[0]!.row)).toEqual(['enterprise', 'name', 'activity', 'l', 'e', 'c'])
  })

  it('say what is missing; where one signs is no row', async () => {
    const drafts = await read(
      ['风险点', 'L', 'S'],
      [
        ['罐区', '', '3'],
        ['', '2', '2'],
        ['编制人：张三', '', ''],
      ],
    )
    expect(drafts.map(({ problems }) => problems.map(({ field }) => field))).toEqual([
      ['enterprise', 'l'],
      // the name is that of the row above
      ['enterprise'],
      ['enterprise', 'l'],
    ])
  })

  it('of the list of one enterprise are all its own', async () => {
    const drafts = await read(['风险点', 'L', 'S'], [['罐区', '2', '3']], '9112')
    expect(drafts[0]).toMatchObject({
      line: 2,
      row: { enterprise: '9112', name: '罐区', l: '2', s: '3' },
      problems: [],
    })
  })
})
