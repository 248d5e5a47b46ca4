import { describe, expect, it } from 'vitest'
import { draftHazards, guessHazardColumns } from '../../../src/features/imports/hazardDraft'
import { startSession } from '../../../src/features/imports/importSession'
import { readTable } from '../../../src/files/readTable'
import { type Form, writeForm } from '../../../src/files/writeForm'
import { writeCsv } from '../../../src/files/writeTable'

const options = startSession('hazards').enterprises
const SECTORS = [{ code: 'gm', name: '工贸' }]
const same = (x: number, y: number): [number, number] => [x, y]
const read = async (header: string[], ...rows: string[][]) => {
  const table = await readTable(
    'a.csv',
    writeCsv(
      header.map((title) => ({ title })),
      rows,
    ),
  )
  return draftHazards(table, guessHazardColumns(table.header), options, SECTORS, same)
}

describe('columns of old ledgers', () => {
  it.each<[string, string[], Record<string, string>]>([
    [
      'the daily form',
      [
        '序号',
        '隐患编号',
        '排查日期',
        '单位名称（场所）',
        '所属网格',
        '行业领域',
        '隐患内容',
        '隐患级别',
        '隐患来源',
        '排查人',
        '整改责任人',
        '整改措施',
        '整改期限',
        '整改完成日期',
        '整改情况',
        '复查人',
        '销号日期',
        '备注',
      ],
      {
        code: '隐患编号',
        found_at: '排查日期',
        enterprise: '单位名称（场所）',
        grid: '所属网格',
        sector: '行业领域',
        title: '隐患内容',
        severity: '隐患级别',
        source: '隐患来源',
        found_by: '排查人',
        rectifier: '整改责任人',
        measures: '整改措施',
        due_at: '整改期限',
        rectified_at: '整改完成日期',
        state: '整改情况',
        reviewer: '复查人',
        closed_at: '销号日期',
        remark: '备注',
      },
    ],
    [
      'a table of some office',
      [
        '编号',
        '检查时间',
        '被检查单位',
        '存在问题',
        '隐患等级',
        '是否整改',
        '责任人',
        '完成时间',
        '投入资金',
        '所在村',
      ],
      {
        code: '编号',
        found_at: '检查时间',
        enterprise: '被检查单位',
        title: '存在问题',
        severity: '隐患等级',
        state: '是否整改',
        rectifier: '责任人',
        rectified_at: '完成时间',
        funds: '投入资金',
        grid: '所在村',
      },
    ],
    [
      'our own export',
      ['编号', '隐患', '级别', '状态', '整改期限', '生产经营单位', '所在网格', '行业领域', '隐患类别', '发现时间'],
      {
        code: '编号',
        title: '隐患',
        severity: '级别',
        state: '状态',
        due_at: '整改期限',
        enterprise: '生产经营单位',
        grid: '所在网格',
        sector: '行业领域',
        category: '隐患类别',
        found_at: '发现时间',
      },
    ],
    [
      'English heads',
      ['Code', 'Hazard', 'Severity', 'State', 'Found', 'lon', 'lat'],
      {
        code: 'Code',
        title: 'Hazard',
        severity: 'Severity',
        state: 'State',
        found_at: 'Found',
        lon: 'lon',
        lat: 'lat',
      },
    ],
    [
      'only a description',
      ['日期', '隐患描述', '地点经度', '地点纬度'],
      { found_at: '日期', title: '隐患描述', lon: '地点经度', lat: '地点纬度' },
    ],
  ])('%s', (_, header, columns) => {
    expect(guessHazardColumns(header)).toEqual(columns)
  })
})

describe('rows of old ledgers', () => {
  it('have a category as it is written; in some forms that word says how grave it is', async () => {
    const head = ['检查时间', '存在问题', '隐患类别']
    const [kind] = await read(head, ['2025-03-04', '灭火器过期', '消防安全'])
    expect(kind?.row).toMatchObject({ category: '消防安全' })
    expect(kind?.row).not.toHaveProperty('severity')
    const [grave] = await read(head, ['2025-03-04', '灭火器过期', '一般隐患'])
    expect(grave?.row).toMatchObject({ severity: '一般隐患' })
    expect(grave?.row).not.toHaveProperty('category')
    const [both] = await read([...head, '隐患级别'], ['2025-03-04', '灭火器过期', '重大', '一般'])
    expect(both?.row).toMatchObject({ severity: '一般' })
  })

  it('are what the cells say, days and numbers put in order', async () => {
    const [draft] = await read(
      ['编号', '检查时间', '存在问题', '行业领域', '整改情况', '整改期限', '经度', '纬度'],
      ['2025-018', '2025年3月4日', '灭火器过期', '工贸', '整改中（逾期）', '2025/3/19', '117.05', '40.15'],
    )
    expect(draft).toMatchObject({
      line: 2,
      place: [117.05, 40.15],
      problems: [],
      row: {
        number: '2025-018',
        found_at: '2025-03-04',
        title: '灭火器过期',
        state: '整改中',
        due_at: '2025-03-19',
        lon: 117.05,
        lat: 40.15,
      },
    })
    expect(draft!.row.code).toBeUndefined()
  })

  it('keep a code of this system, and the time of the day', async () => {
    const [draft] = await read(['编号', '发现时间', '隐患'], ['YH-20261120-0004', '2026-11-20 13:00', '管道未清洗'])
    expect(draft!.row).toMatchObject({ code: 'YH-20261120-0004', found_at: '2026-11-20 13:00' })
  })

  it('say what is wrong before the database is asked', async () => {
    const drafts = await read(
      ['检查时间', '存在问题', '行业领域', '经度', '纬度'],
      ['', '有问题', '工贸', '', ''],
      ['2025-02-30', '有问题', '航天', 'x', '40'],
      ['2025-03-01', '', '工贸', '500000', '4430000'],
    )
    expect(drafts.map(({ problems }) => problems.map(({ field, code }) => `${field} ${code}`))).toEqual([
      ['found_at MISSING_FIELD'],
      ['found_at BAD_VALUE', 'sector UNKNOWN_SECTOR', 'lon BAD_VALUE'],
      ['title MISSING_FIELD', 'lon OUT_OF_RANGE'],
    ])
  })

  it('of a form are its lines, neither its title nor where one signs', async () => {
    const form: Form = {
      sheet: '日常',
      title: '别山镇日常隐患排查表',
      about: ['填报单位：别山镇（盖章）', '排查期间：2026-01-01 至 2026-06-30'],
      columns: [
        { title: '序号', width: 5 },
        { title: '排查日期', width: 10 },
        { title: '隐患内容', width: 30 },
        { title: '整改责任人', group: '整改落实', width: 10 },
        { title: '整改完成日期', group: '整改落实', width: 10 },
        { title: '备注', width: 10 },
      ],
      rows: [
        [1, '2026-01-05', '消防通道堵塞', '张三', '2026-01-08', null],
        [2, '2026-01-06', '电线老化', null, null, '待购料'],
      ],
      signatures: ['填表人（签字）：', '网格长（签字）：'],
    }
    const table = await readTable('a.xlsx', await writeForm(form))
    const drafts = draftHazards(table, guessHazardColumns(table.header), options, SECTORS, same)
    expect(drafts.map(({ line, row }) => [line, row.title, row.rectifier])).toEqual([
      [5, '消防通道堵塞', '张三'],
      [6, '电线老化', undefined],
    ])
  })
})
