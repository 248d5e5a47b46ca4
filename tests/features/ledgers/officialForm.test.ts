import { strFromU8, unzipSync } from 'fflate'
import { readSheet } from 'read-excel-file/universal'
import { describe, expect, it } from 'vitest'
import { cellText } from '../../../src/features/ledgers/cells'
import type { HazardRow } from '../../../src/features/ledgers/ledger'
import { STATES } from '../../../src/features/ledgers/ledger'
import messages from '../../../src/features/ledgers/messages'
import { officialForm } from '../../../src/features/ledgers/officialForm'
import { readTable } from '../../../src/files/readTable'
import { FORM_HEAD_ROWS, writeForm } from '../../../src/files/writeForm'

const word = (key: string): string =>
  key.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], messages['zh-CN']) as string

const row = (i: number): HazardRow => ({
  id: String(i),
  code: `YH-20261120-${String(i).padStart(4, '0')}`,
  title: i % 9 === 0 ? '=HYPERLINK("http://x")' : `消防通道堵塞 ${i}`,
  description: i % 3 === 0 ? null : '二楼东侧，杂物堆放\n占用宽度的一半',
  severity: i % 7 === 0 ? 'major' : 'general',
  state: STATES[i % STATES.length]!,
  source: 'patrol',
  sector: '工贸',
  category: '用电安全',
  enterprise: i % 5 === 0 ? null : `第 ${i} 厂 <甲&乙>`,
  grid: i % 11 === 0 ? null : '别山一村',
  town: '别山镇',
  found_at: `2026-11-${String(1 + (i % 20)).padStart(2, '0')}T01:00:00+00:00`,
  due_at: i % 4 === 0 ? null : '2026-12-05T15:59:00+00:00',
  closed_at: null,
  overdue: i % 13 === 0,
  listed_level: null,
  version: 1,
  assurance_funds: i % 7 === 0 ? 50_000.5 : null,
  rectifier: '+86 张三',
})
const rows = (n: number) => Array.from({ length: n }, (_, i) => row(i + 1))
const about = { unit: '别山镇', conditions: '', today: '2026-11-22' }

describe('the official forms', () => {
  it.each([
    ['daily', 5_000],
    ['key', 300],
  ] as const)(
    '%s: read back, every cell of %i rows is what the ledger says',
    async (kind, n) => {
      const given = rows(n)
      const form = officialForm(kind, given, about, word)
      const sheet = await readSheet((await writeForm(form)).buffer as ArrayBuffer)
      expect(sheet[0]![0]).toBe(`别山镇${kind === 'daily' ? '日常' : '重点'}隐患排查表`)
      const lines = sheet.slice(FORM_HEAD_ROWS, -1)
      const expected = form.rows.map((line) =>
        line.map((value) => (value === '' || value === undefined ? null : value)),
      )
      expect(lines).toEqual(expected)
      expect(lines.map(([nth, code]) => [nth, code])).toEqual(given.map(({ code }, i) => [i + 1, code]))
      expect(sheet.at(-1)!.filter(Boolean)).toHaveLength(4)
    },
    60_000,
  )

  it('say the same words as the screen', () => {
    const form = officialForm('daily', rows(30), about, word)
    const at = (title: string) => form.columns.findIndex((column) => column.title === title)
    rows(30).forEach((given, i) => {
      expect(form.rows[i]![at('隐患级别')]).toBe(cellText('hazards', given, 'severity', word))
      expect(String(form.rows[i]![at('整改情况')])).toContain(cellText('hazards', given, 'state', word) as string)
    })
  })

  it('are laid out for the printer: A4 across, the head on every page, the whole table in the print area', async () => {
    const files = unzipSync(await writeForm(officialForm('daily', rows(3), { ...about, unit: "O'Hara & <镇>" }, word)))
    const sheet = strFromU8(files['xl/worksheets/sheet1.xml']!)
    const book = strFromU8(files['xl/workbook.xml']!)
    expect(sheet).toContain('<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>')
    expect(sheet).toContain('<pageSetUpPr fitToPage="1"/>')
    expect(sheet).toContain('第 &amp;P 页')
    expect(sheet).toContain('<mergeCell ref="A1:R1"/>')
    expect(sheet).toContain('<mergeCell ref="A3:A4"/>')
    expect(sheet).toContain('<mergeCell ref="K3:N3"/>')
    expect(book).toContain('_xlnm.Print_Titles" localSheetId="0">\'日常隐患排查表\'!$1:$4<')
    expect(book).toContain("'日常隐患排查表'!$A$1:$R$8<")
    expect(sheet).not.toContain('<f>')
  })

  it('are read again by the import, under their two-row head', async () => {
    const table = await readTable('a.xlsx', await writeForm(officialForm('daily', rows(12), about, word)))
    expect(table.header.slice(0, 4)).toEqual(['序号', '隐患编号', '排查日期', '单位名称（场所）'])
    expect(table.header).toContain('整改责任人')
    expect(table.header).toContain('销号日期')
    expect(table.rows.filter((line) => line[1]?.startsWith('YH-'))).toHaveLength(12)
  })

  it('say the period and how many, also of nothing', () => {
    expect(officialForm('key', [], about, word).about[2]).toContain('共 0 条')
    expect(officialForm('daily', rows(20), about, word).about[1]).toBe('排查期间：2026-11-01 至 2026-11-20')
    expect(officialForm('daily', rows(2), { ...about, from: '2026-01-01', to: '2026-06-30' }, word).about[1]).toBe(
      '排查期间：2026-01-01 至 2026-06-30',
    )
  })
})
