import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readTable } from '../../src/files/readTable'
import { encodeGbk, encodeUtf8 } from './make/gbk'
import { makeXlsx } from './make/xlsx'

const TEXT =
  '统一社会信用代码,企业名称,经度,纬度\r\n91120119MA05ABCD1X,别山化工厂,117.4,40.05\r\n001,"老王,五金店",117.41,40.06\r\n'
const HEADER = ['统一社会信用代码', '企业名称', '经度', '纬度']
const ROWS = [
  ['91120119MA05ABCD1X', '别山化工厂', '117.4', '40.05'],
  ['001', '老王,五金店', '117.41', '40.06'],
]
const utf16 = (text: string) => new Uint8Array(new Uint16Array([...`\uFEFF${text}`].map((c) => c.charCodeAt(0))).buffer)

describe('CSV', () => {
  it.each([
    ['UTF-8', encodeUtf8(TEXT), 'utf-8', true],
    ['UTF-8 with byte order mark', encodeUtf8(`\uFEFF${TEXT}`), 'utf-8', false],
    ['GBK', encodeGbk(TEXT), 'gb18030', true],
    ['UTF-16, as Excel calls "Unicode text"', utf16(TEXT), 'utf-16le', false],
  ])('%s', async (_, bytes, encoding, guessed) => {
    const table = await readTable('企业.csv', bytes)
    expect(table.error).toBeUndefined()
    expect(table).toMatchObject({ format: 'csv', header: HEADER, rows: ROWS, lines: [2, 3], encoding, delimiter: ',' })
    expect(table.encodingGuess?.guessed).toBe(guessed)
    expect(table.warnings).toEqual([])
  })

  it('the user overrules the encoding', async () => {
    const wrong = await readTable('a.csv', encodeGbk(TEXT), { encoding: 'windows-1252' })
    expect(wrong.header[1]).not.toBe('企业名称')
    const right = await readTable('a.csv', encodeGbk(TEXT), { encoding: 'GBK' })
    expect(right.header).toEqual(HEADER)
  })

  it.each([
    [';', TEXT.replace('老王,五金店', '老王、五金店').replaceAll(',', ';')],
    ['\t', TEXT.replace('老王,五金店', '老王、五金店').replaceAll(',', '\t')],
    ['|', TEXT.replace('老王,五金店', '老王、五金店').replaceAll(',', '|')],
    [';', `sep=;\r\n${TEXT.replace('老王,五金店', '老王、五金店').replaceAll(',', ';')}`],
  ])('delimiter %j', async (delimiter, text) => {
    const table = await readTable('a.csv', encodeUtf8(text))
    expect(table.delimiter).toBe(delimiter)
    expect(table.header).toEqual(HEADER)
    expect(table.rows[1]?.[1]).toBe('老王、五金店')
  })

  it('line breaks and quotes inside quotes; line numbers as an editor counts them', async () => {
    const table = await readTable('a.csv', encodeUtf8('名称,备注\n甲,"一\n二\n""三"""\n\n乙,四\n'))
    expect(table.rows).toEqual([
      ['甲', '一\n二\n"三"'],
      ['乙', '四'],
    ])
    expect(table.lines).toEqual([2, 6])
  })

  it('formulas and HTML are text', async () => {
    const table = await readTable('a.csv', encodeUtf8('名称,备注\n=1+1,<b onclick=x>粗</b>\n@SUM(A1),+86\n'))
    expect(table.rows).toEqual([
      ['=1+1', '<b onclick=x>粗</b>'],
      ['@SUM(A1)', '+86'],
    ])
  })

  it('short rows are filled; long rows, double headers and a missing header are said', async () => {
    const table = await readTable('a.csv', encodeUtf8('名称,名称,\n甲\n乙,1,2,3\n'))
    expect(table.header).toEqual(['名称', '名称 (2)'])
    expect(table.rows).toEqual([
      ['甲', ''],
      ['乙', '1'],
    ])
    expect(table.warnings.map((w) => w.code)).toEqual(['DUPLICATE_HEADER', 'UNEVEN_ROWS'])
    expect(table.warnings[1]!.message).toContain('第 3 行')
    const bare = await readTable('a.csv', encodeUtf8('117.4,40.05\n117.5,40.06\n'))
    expect(bare.warnings.map((w) => w.code)).toEqual(['NO_HEADER'])
  })

  it('nothing to read', async () => {
    const codes = async (bytes: Uint8Array) => {
      const table = await readTable('a.csv', bytes)
      expect(table.rows).toEqual([])
      expect(table.warnings.at(-1)).toBe(table.error)
      return table.error?.code
    }
    expect(await codes(new Uint8Array())).toBe('EMPTY_FILE')
    expect(await codes(encodeUtf8('\n \n'))).toBe('NO_FEATURES')
    expect(await codes(encodeUtf8('名称,编码\n'))).toBe('NO_FEATURES')
    expect(await codes(Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0]))).toBe('WRONG_TYPE')
    expect(await codes(encodeUtf8('{"type":"FeatureCollection"}'))).toBe('WRONG_TYPE')
    expect(await codes(new Uint8Array(100 * 1024 * 1024 + 1))).toBe('TOO_LARGE')
    expect(await codes(encodeUtf8(`名称\n${'甲\n'.repeat(200_001)}`))).toBe('TOO_MANY_ROWS')
  })
})

describe('XLSX', () => {
  const sheet = {
    name: '企业 & 单位',
    rows: [
      ['编码', '名称', '人数', '到期', '在营'],
      ['001', '别山化工厂', { n: '56' }, { date: 45322 }, { b: true }],
      [],
      ['91120119MA05ABCD1X', '=HYPERLINK("x")', { n: '0.30000000000000004' }, { date: 45322.5 }, null],
      ['12E5', ' 邦均 ', { n: '1.2E+3' }, { n: '-7' }, { b: false }],
    ],
  }

  it('text stays text, numbers keep their digits, dates are days', async () => {
    const table = await readTable('企业.xlsx', makeXlsx([sheet]))
    expect(table.error).toBeUndefined()
    expect(table).toMatchObject({ format: 'xlsx', sheets: ['企业 & 单位'], sheet: '企业 & 单位', encoding: null })
    expect(table.header).toEqual(['编码', '名称', '人数', '到期', '在营'])
    expect(table.rows).toEqual([
      ['001', '别山化工厂', '56', '2024-01-31', '是'],
      ['91120119MA05ABCD1X', '=HYPERLINK("x")', '0.3', '2024-01-31 12:00', ''],
      ['12E5', '邦均', '1200', '-7', '否'],
    ])
    expect(table.lines).toEqual([2, 4, 5])
    expect(table.warnings).toEqual([])
  })

  it('an 18-digit code typed as a number has lost digits, and it is said where', async () => {
    const rows = [['编码'], [{ n: '1.2011910600100101E+17' }], [{ n: '911201190000000000' }], [{ n: '120119106001' }]]
    const table = await readTable('a.xlsx', makeXlsx([{ name: 'S', rows }]))
    expect(table.rows).toEqual([['120119106001001008'], ['911201190000000000'], ['120119106001']])
    expect(table.warnings.map((w) => [w.code, w.row])).toEqual([
      ['LOST_DIGITS', 0],
      ['LOST_DIGITS', 1],
    ])
    expect(table.warnings[0]!.message).toContain('第 2 行「编码」')
  })

  it('several sheets: the first with content is read, another can be chosen', async () => {
    const book = makeXlsx([{ name: '空', rows: [] }, sheet, { name: '说明', rows: [['名称'], ['x']] }])
    const table = await readTable('a.xlsx', book)
    expect(table.sheets).toEqual(['空', '企业 & 单位', '说明'])
    expect(table.sheet).toBe('企业 & 单位')
    expect(table.warnings.map((w) => w.code)).toEqual(['SEVERAL_SHEETS'])
    const other = await readTable('a.xlsx', book, { sheet: '说明' })
    expect(other.rows).toEqual([['x']])
    expect(other.warnings).toEqual([])
  })

  it('what is refused: old Excel, other archives, bombs, broken files', async () => {
    const code = async (bytes: Uint8Array) => (await readTable('a.xlsx', bytes)).error
    const old = await code(Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...new Array(600).fill(0)]))
    expect(old?.code).toBe('WRONG_TYPE')
    expect(old?.message).toContain('另存为 .xlsx')
    expect((await code(zipSync({ '村.shp': new Uint8Array(4) })))?.message).toContain('网格边界')
    expect((await code(zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(30_000_000) })))?.code).toBe('ZIP_BOMB')
    const good = makeXlsx([sheet])
    expect((await code(good.slice(0, good.length - 40)))?.code).toBe('BROKEN_FILE')
    expect((await code(zipSync({ 'xl/workbook.xml': encodeUtf8('<workbook>') })))?.code).toBe('BROKEN_FILE')
    expect((await code(makeXlsx([{ name: 'S', rows: [] }])))?.code).toBe('NO_FEATURES')
  })
})
