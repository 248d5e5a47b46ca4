import { describe, expect, it } from 'vitest'
import type { EnterpriseDraft } from '../../../src/features/imports/enterpriseDraft'
import type { GridDraft } from '../../../src/features/imports/gridDraft'
import type { EnterpriseAnswer, GridAnswer } from '../../../src/features/imports/importRpc'
import { gridsAreIn } from '../../../src/features/imports/importSend'
import {
  enterpriseOutcome,
  gridOutcome,
  interpretEnterprises,
  interpretGrids,
  merged,
  stoppedEarly,
} from '../../../src/features/imports/interpret'
import { countRows, enterpriseRows, gridRows } from '../../../src/features/imports/previewRows'

const square = {
  type: 'Polygon' as const,
  coordinates: [
    [
      [117, 40],
      [117.1, 40],
      [117.1, 40.1],
      [117, 40],
    ],
  ],
}
const grid = (index: number, code: string, version?: number): GridDraft => ({
  index,
  code,
  name: `村${code}`,
  parentCode: 'T',
  kind: 'area',
  population: null,
  boundary: square,
  action: version ? 'update' : 'create',
  existing: version ? { id: index, code, name: '旧', level: 3, kind: 'area', parent_id: 1, version } : null,
  problems: [],
})
const violation = (properties: Record<string, unknown>, geometry: unknown = null) =>
  ({ type: 'Feature', geometry, properties }) as GridAnswer['violations']['features'][number]
const gridAnswer = (status: GridAnswer['status'], ...features: GridAnswer['violations']['features']): GridAnswer => ({
  status,
  grids: [],
  violations: { type: 'FeatureCollection', features },
  gaps: { type: 'FeatureCollection', features: [] },
  moved: { enterprises: 3, hazards: 1 },
})

describe('what the database says about grids', () => {
  // Features 0 and 3 were wrong in themselves and not sent: positions in the answer are positions among those sent.
  const sent = [grid(1, 'A'), grid(2, 'B'), grid(4, 'C')]
  const answer = gridAnswer(
    'rejected',
    violation(
      { code: 'OVERLAP', message: '“村A”与“村C”重叠', change: 0, grid_code: 'A', other_code: 'C', area_m2: 5200.4 },
      square,
    ),
    violation({ code: 'OUTSIDE_PARENT', message: '“村B”落在外面', change: 1, grid_code: 'B', other_code: 'A' }, square),
  )

  it('marks both sides of an overlap, but not the parent that something lies outside of', () => {
    const checked = interpretGrids(answer, sent)
    expect([...checked.problems].map(([index, list]) => [index, list.map((problem) => problem.code)])).toEqual([
      [1, ['OVERLAP']],
      [4, ['OVERLAP']],
      [2, ['OUTSIDE_PARENT']],
    ])
    expect(checked.accepted).toBe(false)
    expect(checked.problems.get(1)![0]).toMatchObject({ area: square, params: { other: 'C', area: '5,200' } })
  })

  it('comes out as wrong rows beside the good ones', () => {
    const rows = gridRows([...sent, grid(5, 'D')], new Set([5]), interpretGrids(answer, sent))
    expect(rows.map((row) => [row.row, row.state])).toEqual([
      [2, 'wrong'],
      [3, 'wrong'],
      [5, 'wrong'],
      [6, 'excluded'],
    ])
    expect(countRows(rows)).toMatchObject({ wrong: 3, excluded: 1, good: 0, total: 4 })
    expect(rows[0]!.bbox).toEqual([117, 40, 117.1, 40.1])
  })

  it('is asked again without the rows that were wrong in themselves', () => {
    const early = gridAnswer('rejected', violation({ code: 'INVALID_GEOMETRY', message: '自相交', change: 2 }))
    expect(stoppedEarly(early)).toBe(true)
    expect(stoppedEarly(answer)).toBe(false)
    expect(
      stoppedEarly(gridAnswer('rejected', violation({ code: 'NOT_ALLOWED', message: '无权', change: null }))),
    ).toBe(false)
    const both = merged(interpretGrids(early, sent), interpretGrids(gridAnswer('valid'), sent.slice(0, 2)))
    expect([...both.problems.keys()]).toEqual([4])
    expect(both.accepted).toBe(false)
  })

  it('keeps what belongs to no row', () => {
    const whole = {
      ...gridAnswer('rejected', violation({ code: 'BAD_VALUE', message: '互相引用' })),
      message: '留有 2 处盲区',
    }
    expect(interpretGrids(whole, sent).general.map((problem) => problem.message)).toEqual(['留有 2 处盲区', '互相引用'])
  })

  it('counts what was created and what was updated', () => {
    const outcome = gridOutcome(gridAnswer('committed'), [grid(0, 'A'), grid(1, 'B', 3)])
    expect(outcome).toMatchObject({ created: 1, updated: 1, moved: { enterprises: 3, hazards: 1 }, foundDone: false })
  })
})

describe('a commit without an answer', () => {
  const now = (code: string, version: number) => ({ ...grid(0, code, version).existing!, version })
  it('was done when all new codes are there and all versions have grown', () => {
    const sent = [grid(0, 'A'), grid(1, 'B', 3)]
    expect(gridsAreIn(sent, [now('A', 1), now('B', 4)])).toBe(true)
    expect(gridsAreIn(sent, [now('B', 3)])).toBe(false)
    expect(gridsAreIn(sent, [now('A', 1), now('B', 3)])).toBe(false)
  })
})

describe('what the database says about enterprises', () => {
  const draft = (index: number): EnterpriseDraft => ({
    index,
    line: index + 2,
    row: { code: `9${index}`, name: '厂', lon: 117, lat: 40, sector: 'chem' },
    place: [117, 40],
    problems: [],
  })
  const line = (
    row: number,
    status: string,
    code?: string,
    grid_code: string | null = 'V1',
  ): EnterpriseAnswer['rows'][number] => ({
    row,
    status,
    grid_code,
    errors: code ? [{ field: 'code', code, message: code }] : [],
  })
  const answer = (inserted: number, ...rows: EnterpriseAnswer['rows']): EnterpriseAnswer => ({
    status: 'valid',
    inserted,
    updated: 0,
    rows,
  })
  const sent = [
    [draft(0), draft(2)],
    [draft(3), draft(9)],
  ]

  it('puts the lines of several parts to the rows of the file', () => {
    const checked = interpretEnterprises(
      [
        answer(1, line(1, 'inserted'), line(2, 'updated')),
        answer(1, line(1, 'unclaimed', 'OUTSIDE_ALL_GRIDS', null), line(2, 'rejected', 'DUPLICATE_CODE')),
      ],
      sent,
    )
    expect([...checked.actions]).toEqual([
      [0, 'create'],
      [2, 'update'],
      [3, 'create'],
      [9, 'create'],
    ])
    expect(checked.problems.get(3)).toMatchObject([{ severity: 'warning' }])
    expect(checked.problems.get(9)).toMatchObject([{ severity: 'error' }])
    const rows = enterpriseRows(sent.flat(), new Set(), checked)
    expect(rows.map((row) => [row.row, row.state, row.belongs])).toEqual([
      [2, 'good', 'V1'],
      [4, 'good', 'V1'],
      [5, 'warned', null],
      [11, 'wrong', 'V1'],
    ])
  })

  it('counts from the dry run when the answer was lost', () => {
    const checked = interpretEnterprises(
      [
        answer(1, line(1, 'inserted'), line(2, 'skipped')),
        answer(0, line(1, 'unclaimed', 'OUTSIDE_ALL_GRIDS', null), line(2, 'updated')),
      ],
      sent,
    )
    const outcome = enterpriseOutcome(null, checked, sent.flat())
    expect(outcome).toMatchObject({ created: 1, updated: 2, skipped: 1, unclaimed: 1, foundDone: true })
  })

  it('keeps a refusal of the whole', () => {
    const checked = interpretEnterprises([{ ...answer(0), status: 'rejected', message: '只有管理员可以导入' }], [[]])
    expect(checked.accepted).toBe(false)
    expect(checked.general[0]!.message).toBe('只有管理员可以导入')
  })
})
