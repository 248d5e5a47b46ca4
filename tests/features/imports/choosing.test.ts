import { describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import { exportTable } from '../../../src/features/imports/exportRows'
import { judgeFile } from '../../../src/features/imports/fileKind'
import { draftGrids } from '../../../src/features/imports/gridDraft'
import { guessGridColumns, guessParents } from '../../../src/features/imports/gridGuess'
import { type PreviewRow, startSession } from '../../../src/features/imports/importSession'
import messages from '../../../src/features/imports/messages'
import { gridSample } from '../../../src/features/imports/templates'
import { failureWords, problemWords } from '../../../src/features/imports/words'
import { readGridFile } from '../../../src/files/readGridFile'

const translate = (locale: 'zh-CN' | 'en') =>
  createI18n({ legacy: false, locale, messages, missingWarn: false }).global.t
const MB = 1024 * 1024

describe('a file, before it is read', () => {
  it.each([
    ['村.zip', 9, 'grids'],
    ['村.GEOJSON', 9, 'grids'],
    ['村.kmz', 9, 'grids'],
    ['企业.xlsx', 9, 'enterprises'],
    ['企业.CSV', 9, 'enterprises'],
  ])('%s is for %s', (name, size, kind) => {
    expect(judgeFile({ name, size })).toEqual({ kind })
  })

  it.each([
    ['照片.png', 9, 'wrongType'],
    ['没有后缀', 9, 'wrongType'],
    ['村.shp', 9, 'bareShapefile'],
    ['企业.xls', 9, 'oldExcel'],
    ['村.rar', 9, 'otherArchive'],
    ['图.dwg', 9, 'drawing'],
    ['村.geojson', 0, 'empty'],
    ['村.geojson', 100 * MB + 1, 'tooLarge'],
  ])('%s of %i bytes is refused with words: %s', (name, size, code) => {
    const verdict = judgeFile({ name, size })
    expect(verdict).toMatchObject({ failure: { code } })
    for (const locale of ['zh-CN', 'en'] as const) {
      const words = 'failure' in verdict ? failureWords(verdict.failure, translate(locale), locale) : ''
      expect(words).not.toMatch(/^imports\.|\{/)
      expect(words.length).toBeGreaterThan(8)
    }
  })

  it('of exactly 100 MB is read', () => {
    expect(judgeFile({ name: '村.zip', size: 100 * MB })).toEqual({ kind: 'grids' })
  })
})

describe('words', () => {
  const keys = (node: object, path = ''): string[] =>
    Object.entries(node).flatMap(([key, value]) =>
      typeof value === 'string'
        ? `${path}${key}:${[...value.matchAll(/\{\w+\}/g)].map(String).sort()}`
        : keys(value, `${path}${key}.`),
    )
  it('are the same set, with the same places for figures, in both languages', () => {
    expect(keys(messages.en).sort()).toEqual(keys(messages['zh-CN']).sort())
  })

  it('of the database are shown as they are in Chinese and by their code in English', () => {
    const problem = {
      code: 'OVERLAP',
      field: 'boundary',
      severity: 'error' as const,
      message: '“甲”与“乙”重叠 5,200 平方米',
      params: { other: 'B', area: '5,200' },
    }
    expect(problemWords(problem, 'grids', translate('zh-CN'), 'zh-CN')).toBe('“甲”与“乙”重叠 5,200 平方米')
    expect(problemWords(problem, 'grids', translate('en'), 'en')).toBe('Overlaps B by 5,200 m²')
  })
})

describe('what is handed out', () => {
  it('a sample of grids that can be imported as it is', async () => {
    const file = await readGridFile('sample.geojson', gridSample())
    const columns = guessGridColumns(file.columns)
    const options = { ...startSession().grids, ...guessParents(file, columns, []) }
    const drafts = draftGrids(file, columns, options, [])
    expect(drafts.map((draft) => [draft.code, draft.parentCode])).toEqual([
      ['999999', null],
      ['999999101', '999999'],
      ['999999102', '999999'],
    ])
    expect(drafts.flatMap((draft) => draft.problems)).toEqual([])
  })

  it('a list of problems with one line each, and only of rows that have one', () => {
    const row = (index: number, why?: string): PreviewRow => ({
      index,
      row: index + 2,
      code: `9${index}`,
      name: '=cmd()',
      state: why ? 'wrong' : 'good',
      action: 'create',
      belongs: null,
      problems: why ? ['code', 'name'].map((field) => ({ code: 'MISSING_FIELD', field, severity: 'error', why })) : [],
      bbox: null,
    })
    const { columns, lines } = exportTable([row(0), row(1, 'missing')], 'enterprises', translate('zh-CN'), 'zh-CN')
    expect(columns.map((column) => column.title)).toEqual([
      '行',
      '状态',
      '统一社会信用代码',
      '企业名称',
      '文件里的列',
      '说明',
    ])
    expect(lines).toEqual([
      [3, '有错误', '91', '=cmd()', '统一社会信用代码', '缺少统一社会信用代码'],
      [3, '有错误', '91', '=cmd()', '企业名称', '缺少企业名称'],
    ])
    expect(exportTable([row(0)], 'enterprises', translate('zh-CN'), 'zh-CN').lines).toHaveLength(1)
  })
})
