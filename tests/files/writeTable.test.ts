import { describe, expect, it } from 'vitest'
import { readGridFile } from '../../src/files/readGridFile'
import { readTable } from '../../src/files/readTable'
import { writeGeoJson } from '../../src/files/writeGridFile'
import { type CellValue, writeCsv, writeXlsx } from '../../src/files/writeTable'
import { squareGrid } from './make/geojson'

const COLUMNS = [{ title: '编码' }, { title: '名称', width: 30 }, { title: '人数' }]
const ROWS: CellValue[][] = [
  ['911201190000000018', '别山"化工",厂\n二厂', 56],
  ['001', '=HYPERLINK("http://x")', -3.5],
  ['+8613800000000', '@SUM(A1)', null],
  ['-5', '\tcmd', Number.NaN],
  ['＝1+1', '<b>粗</b>', undefined],
]

describe('writeCsv', () => {
  const bytes = writeCsv(COLUMNS, ROWS)
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

  it('begins with a byte order mark and ends its lines as Excel does', () => {
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(text.startsWith('\uFEFF编码,名称,人数\r\n')).toBe(true)
  })

  it('no cell is a formula any more; numbers are numbers', () => {
    const lines = text.slice(1).split('\r\n')
    expect(lines[2]).toBe(`001,"'=HYPERLINK(""http://x"")",-3.5`)
    expect(lines[3]).toBe(`+8613800000000,'@SUM(A1),`)
    expect(lines[4]).toBe(`-5,'\tcmd,`)
    expect(lines[5]).toBe(`'＝1+1,<b>粗</b>,`)
  })

  it('is read back as it was', async () => {
    const table = await readTable('a.csv', bytes)
    expect(table.rows[0]).toEqual(['911201190000000018', '别山"化工",厂\n二厂', '56'])
  })
})

describe('writeXlsx', () => {
  it('is read back as it was: long codes, formula-like text, numbers', async () => {
    const table = await readTable('a.xlsx', await writeXlsx(COLUMNS, ROWS, '错误/清单'))
    expect(table.error).toBeUndefined()
    expect(table.sheet).toBe('错误 清单')
    expect(table.rows).toEqual([
      ['911201190000000018', '别山"化工",厂\n二厂', '56'],
      ['001', '=HYPERLINK("http://x")', '-3.5'],
      ['+8613800000000', '@SUM(A1)', ''],
      ['-5', 'cmd', ''],
      ['＝1+1', '<b>粗</b>', ''],
    ])
    expect(table.warnings).toEqual([])
  })

  it('dates are written as days, control characters left out', async () => {
    const bytes = await writeXlsx([{ title: '日' }, { title: '词' }], [[new Date(2024, 0, 31), 'a\u0001b\u000bc']])
    expect((await readTable('a.xlsx', bytes)).rows).toEqual([['2024-01-31', 'abc']])
  })
})

describe('writeGeoJson', () => {
  it('rounds to 7 decimals and is read back', async () => {
    const grid = squareGrid('1', '村', 117.123456789, 40)
    const bytes = writeGeoJson([
      grid,
      { ...grid, geometry: { type: 'GeometryCollection', geometries: [grid.geometry] } },
    ] as never)
    const text = new TextDecoder().decode(bytes)
    expect(text).not.toMatch(/\.\d{8}/)
    expect(text).toContain('117.1234568')
    const file = await readGridFile('a.geojson', bytes)
    expect(file.features.map((f) => f.properties.name)).toEqual(['村', '村'])
  })
})
