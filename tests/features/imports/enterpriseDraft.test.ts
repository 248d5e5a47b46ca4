import { describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import {
  draftEnterprises,
  parseCoordinate,
  parseDay,
  unknownSectors,
} from '../../../src/features/imports/enterpriseDraft'
import { guessEnterpriseColumns, guessPlaces, swappedDegrees } from '../../../src/features/imports/enterpriseGuess'
import { type EnterpriseOptions, startSession } from '../../../src/features/imports/importSession'
import messages from '../../../src/features/imports/messages'
import { enterpriseTemplate } from '../../../src/features/imports/templates'
import { readTable } from '../../../src/files/readTable'
import { writeCsv, writeXlsx } from '../../../src/files/writeTable'
import { encodeGbk, encodeUtf8 } from '../../files/make/gbk'

const SECTORS = [
  { code: 'chem', name: '危险化学品' },
  { code: 'trade', name: '工贸' },
]
const HEADER = '统一社会信用代码,企业名称,行业领域,经度,纬度,规模,风险等级,从业人数,许可证到期日'
const same = (x: number, y: number): [number, number] => [x, y]
const read = (text: string, encode = encodeUtf8) => readTable('企业.csv', encode(text))

async function drafts(lines: string[], change: Partial<EnterpriseOptions> = {}) {
  const table = await read([HEADER, ...lines].join('\r\n'))
  const columns = guessEnterpriseColumns(table.header)
  return draftEnterprises(table, columns, { ...startSession().enterprises, ...change }, SECTORS, same)
}
const whys = (draft: { problems: { field: string | null; why?: string }[] }) =>
  draft.problems.map((p) => [p.field, p.why])

describe('drafts of enterprises', () => {
  it('turn the words of a GBK table into what the database takes', async () => {
    const table = await read(`${HEADER}\n91A,某化工厂,危险化学品,117.4,40.04,规模以上,较大,120,2027年3月1日`, encodeGbk)
    const [draft] = draftEnterprises(
      table,
      guessEnterpriseColumns(table.header),
      startSession().enterprises,
      SECTORS,
      same,
    )
    expect(draft).toMatchObject({
      line: 2,
      place: [117.4, 40.04],
      problems: [],
      row: {
        code: '91A',
        name: '某化工厂',
        sector: 'chem',
        lon: 117.4,
        lat: 40.04,
        scale: 'above',
        risk_level: 2,
        employees: 120,
        licence_expiry: '2027-03-01',
      },
    })
  })

  it('say which field of which row is wrong, and go on with the others', async () => {
    const all = await drafts([
      ',无码厂,工贸,117.4,40.04,,,,',
      '91B,乙厂,炼金术,117.4,40.04,,,,',
      '91C,丙厂,工贸,东经一百一,40.04,巨型,特大,许多,明年',
      '91D,丁厂,工贸,117.4,40.04,,,,',
      '91D,戊厂,工贸,117.4,40.04,,,,',
    ])
    expect(whys(all[0]!)).toEqual([['code', 'missing']])
    expect(whys(all[1]!)).toEqual([['sector', 'unknownSector']])
    expect(whys(all[2]!)).toEqual([
      ['lon', 'badNumber'],
      ['scale', 'badWord'],
      ['risk_level', 'badWord'],
      ['employees', 'badCount'],
      ['licence_expiry', 'badDay'],
    ])
    expect(all[3]!.problems[0]).toMatchObject({ why: 'twice', params: { row: 6 } })
    expect(all[4]!.problems[0]).toMatchObject({ why: 'twice', params: { row: 5 } })
  })

  it('put an unknown word to a sector once, for all rows', async () => {
    const lines = ['91A,甲,化工,117.4,40,,,,', '91B,乙,化工,117.4,40,,,,', '91C,丙,工贸,117.4,40,,,,']
    const table = await read([HEADER, ...lines].join('\n'))
    const columns = guessEnterpriseColumns(table.header)
    expect(unknownSectors(table, columns, SECTORS)).toEqual([{ word: '化工', count: 2 }])
    const mapped = await drafts(lines, { sectorWords: { 化工: 'chem' } })
    expect(mapped.map((draft) => draft.row.sector)).toEqual(['chem', 'chem', 'trade'])
    expect(mapped.flatMap((draft) => draft.problems)).toEqual([])
  })

  it('leave formulas and HTML as the text they are', async () => {
    const [draft] = await drafts(['91A,"=HYPERLINK(""http://x"",""<b>厂</b>"")",工贸,117.4,40,,,,'])
    expect(draft!.row.name).toBe('=HYPERLINK("http://x","<b>厂</b>")')
    expect(draft!.problems).toEqual([])
  })

  it('say that metres are no degrees and that the two are exchanged', async () => {
    const [metres, turned] = await drafts(['91A,甲,工贸,39534567,4432100,,,,', '91B,乙,工贸,40.04,117.4,,,,'])
    expect(whys(metres!)).toEqual([['lon', 'metres']])
    expect(whys(turned!)).toEqual([['lon', 'swapped']])
    const [swapped] = await drafts(['91B,乙,工贸,40.04,117.4,,,,'], { swap: true })
    expect(swapped!.place).toEqual([117.4, 40.04])
  })

  it('tell an empty cell from a column that is not there', async () => {
    const [draft] = await drafts(['91A,甲,工贸,117.4,40,,,,'])
    expect(draft!.row).toMatchObject({ scale: null, risk_level: null, employees: null, licence_expiry: null })
    expect(draft!.row).not.toHaveProperty('address')
  })

  it('keep a word too long for the table out of it', async () => {
    const [draft] = await drafts([`91A,${'厂'.repeat(121)},工贸,117.4,40,,,,`])
    expect(whys(draft!)).toEqual([['name', 'tooLong']])
  })
})

describe('guesses about a table', () => {
  it('notice exchanged columns even with a few bad cells', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `91${i},厂,工贸,40.0${i % 10},117.${i},,,,`)
    const table = await read([HEADER, ...rows, '92,厂,工贸,0,0,,,,'].join('\n'))
    expect(swappedDegrees(table, guessEnterpriseColumns(table.header))).toBe(true)
  })

  it('see the projection in eastings that carry their zone', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `91${i},厂,工贸,395${30000 + i},443${2000 + i},,,,`)
    const table = await read([HEADER, ...rows].join('\n'))
    expect(guessPlaces(table, guessEnterpriseColumns(table.header))).toEqual({ crs: 'EPSG:4527', swap: false })
  })

  it.each(['zh-CN', 'en'] as const)('know every column of our own template (%s)', async (locale) => {
    const { t } = createI18n({ legacy: false, locale, messages }).global
    const { columns, rows } = enterpriseTemplate(t)
    for (const bytes of [writeCsv(columns, rows), await writeXlsx(columns, rows)]) {
      const table = await readTable('模板', bytes)
      const guessed = guessEnterpriseColumns(table.header)
      expect(Object.keys(guessed)).toHaveLength(columns.length)
      const [draft] = draftEnterprises(table, guessed, startSession().enterprises, SECTORS, same)
      expect(draft!.problems).toEqual([])
      expect(draft!.row).toMatchObject({
        code: '91120119MA00000000',
        employees: 120,
        safety_phone: '13800000000',
        status: 'active',
      })
    }
  })
})

describe('what people type', () => {
  it.each([
    ['117.4031', 117.4031],
    ['１１７．４０', 117.4],
    ['117,4031', 117.4031],
    ['117°24′', 117.4],
    ['117°24′36″', 117.41],
    ['117度24分36秒', 117.41],
    ['E117.4', 117.4],
    ['', null],
    ['东经', null],
    ['117.4 40.0', null],
    ['=1+1', null],
    ['NaN', null],
    ['1e400', null],
  ])('coordinate %j', (text, value) => {
    const parsed = parseCoordinate(text)
    if (value === null) expect(parsed).toBeNull()
    else expect(parsed).toBeCloseTo(value, 9)
  })

  it.each([
    ['2026-3-1', '2026-03-01'],
    ['2026/03/01', '2026-03-01'],
    ['2026年12月31日', '2026-12-31'],
    ['20260301', '2026-03-01'],
    ['2026-02-30', null],
    ['2026', null],
    ['长期', null],
  ])('day %j', (text, day) => {
    expect(parseDay(text)).toBe(day)
  })
})
