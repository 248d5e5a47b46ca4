import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, enterprises, openCounty, type Person } from './fixtures.ts'

// 安全风险分级管控清单: rows judged by the database, all of them or none.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

interface Answer {
  status: string
  message?: string
  inserted: number
  updated: number
  enterprises: number
  rows: {
    row: number
    status: string
    grid_code: string | null
    enterprise: string | null
    score: number | null
    level: number | null
    errors: { field: string | null; code: string; message: string }[]
  }[]
}
const row = (more: object = {}) => ({
  enterprise: 'E-D',
  name: '喷漆房',
  method: 'LEC',
  l: '3',
  e: '6',
  c: '15',
  ...more,
})
const send = (who: Person, rows: unknown, options: object = {}) =>
  c.call<Answer>(who, 'import_risk_points', { p_rows: rows, p_options: options })
const faults = (answer: Answer) => answer.rows.map(({ errors }) => errors.map(({ field, code }) => `${field} ${code}`))
const points = async (firm: string) =>
  (
    await c.db.query<{
      id: string
      name: string
      method: string
      score: number
      level: number
      control: string
      responsible: string | null
      accident_kinds: string | null
      version: number
    }>(
      `select id, name, method, score::float8 as score, level::int, control, responsible, accident_kinds, row_version::int as version
       from public.risk_points where enterprise_id = $1 order by name collate "C"`,
      [firm],
    )
  ).rows
const measures = async (point: string) =>
  (
    await c.db.query<{ line: string }>(
      `select concat_ws('|', no, category, content, person) as line from public.risk_measures where risk_point_id = $1 order by no`,
      [point],
    )
  ).rows.map(({ line }) => line)
const level = async (firm: string) =>
  (
    await c.db.query<{ level: number | null }>(
      'select risk_level::int as level from public.enterprises where id = $1',
      [firm],
    )
  ).rows[0]!.level
const clear = () => c.db.query('delete from public.risk_points where enterprise_id = $1', [enterprises.d])

describe('a list', () => {
  test('in the words of the trade becomes points with measures, and the enterprise has the level of the worst', async () => {
    const rows = [
      row({
        activity: '调漆',
        method: '作业条件危险性评价法',
        score: '270',
        level: '较大风险',
        control: '公司级',
        accident_kinds: '火灾',
        responsible: '王五',
        engineering: '防爆风机\n可燃气体报警',
        training: '班前会',
        protection: '无',
      }),
      { enterprise: '邦均家具厂', name: '开料锯', method: null, l: 3, s: 4, control: '岗位', measures: '护罩' },
    ]
    const dry = await send('town2', rows, { dry_run: true })
    expect(dry).toMatchObject({ status: 'valid', inserted: 2, updated: 0, enterprises: 1 })
    expect(dry.rows.map(({ status, score, level: of, enterprise }) => [status, score, of, enterprise])).toEqual([
      ['inserted', 270, 2, '邦均家具厂'],
      ['inserted', 12, 2, '邦均家具厂'],
    ])
    expect(await points(enterprises.d)).toEqual([])
    expect((await send('town2', rows)).status).toBe('committed')
    const [paint, saw] = await points(enterprises.d)
    expect(paint).toMatchObject({
      name: '喷漆房·调漆',
      method: 'LEC',
      score: 270,
      level: 2,
      control: 'company',
      version: 1,
    })
    expect(saw).toMatchObject({ name: '开料锯', method: 'LS', score: 12, level: 2, control: 'post' })
    expect(await measures(paint!.id)).toEqual([
      '1|engineering|防爆风机|王五',
      '2|engineering|可燃气体报警|王五',
      '3|training|班前会|王五',
    ])
    expect(await measures(saw!.id)).toEqual(['1|management|护罩'])
    expect(await level(enterprises.d)).toBe(2)
    const { rows: history } = await c.db.query(
      `select from public.enterprise_levels where enterprise_id = $1 and note = '导入风险分级管控清单'`,
      [enterprises.d],
    )
    expect(history).toHaveLength(1)
    await clear()
  })

  test('sent again updates the same points, and keeps what it has no column for', async () => {
    await send('admin', [row({ responsible: '王五', engineering: '风机' })])
    const [before] = await points(enterprises.d)
    const again = await send('admin', [row({ l: '6', accident_kinds: '火灾' })])
    expect(again).toMatchObject({ status: 'committed', inserted: 0, updated: 1 })
    const [after] = await points(enterprises.d)
    expect(after).toMatchObject({
      id: before!.id,
      version: 2,
      score: 540,
      level: 1,
      responsible: '王五',
      accident_kinds: '火灾',
    })
    expect(await measures(after!.id)).toEqual(['1|engineering|风机|王五'])
    expect(await send('admin', [row()], { on_duplicate: 'skip' })).toMatchObject({
      updated: 0,
      rows: [{ status: 'skipped' }],
    })
    expect(faults(await send('admin', [row()], { on_duplicate: 'reject' }))).toEqual([['name DUPLICATE_CODE']])
    await send('admin', [row({ l: 1, c: '', e: '', s: 2, method: 'LS', emergency: '疏散' })])
    const [last] = await points(enterprises.d)
    expect(last).toMatchObject({ method: 'LS', score: 2, level: 4, version: 3 })
    expect(await measures(last!.id)).toEqual(['1|emergency|疏散'])
    await clear()
  })

  test('with one bad row writes nothing, and says of every row what is wrong', async () => {
    const rows = [
      row(),
      row({ name: '', l: '5' }),
      row({ enterprise: '没有的厂' }),
      row({ enterprise: null }),
      row({ method: 'HAZOP', name: '甲' }),
      row({ name: '乙', score: 300 }),
      row({ name: '丙', level: '很大' }),
      row({ name: '丁', control: '全员' }),
      row({ name: '戊', engineering: '长'.repeat(401) }),
      row(),
      '不是对象',
    ]
    const answer = await send('admin', rows)
    expect(answer).toMatchObject({ status: 'rejected', inserted: 0, updated: 0 })
    expect(faults(answer)).toEqual([
      [],
      ['name MISSING_FIELD', 'l BAD_VALUE'],
      ['enterprise NOT_FOUND'],
      ['enterprise MISSING_FIELD'],
      ['method BAD_VALUE'],
      ['score BAD_VALUE'],
      ['level BAD_VALUE'],
      ['control BAD_VALUE'],
      ['measures TOO_LONG'],
      ['name DUPLICATE_CODE'],
      ['null BAD_VALUE'],
    ])
    expect(answer.rows[5]!.errors[0]!.message).toBe('分值 300 与各项的乘积 270 不符')
    expect(await points(enterprises.d)).toEqual([])
  })

  test('whose level is another one than the thresholds say is taken, with a remark', async () => {
    const answer = await send('admin', [row({ level: '一般' })], { dry_run: true })
    expect(answer.status).toBe('valid')
    expect(answer.rows[0]).toMatchObject({
      status: 'inserted',
      level: 2,
      errors: [{ code: 'LEVEL_DIFFERS', field: 'level' }],
    })
    expect(answer.rows[0]!.errors[0]!.message).toBe(
      '清单写的是一般风险，按现行分级标准（D = 270）为较大风险，以现行标准为准',
    )
  })

  test('finds the enterprise by its code, else by a name that only one has', async () => {
    await c.db.query(
      `insert into public.enterprises (code, name, sector_id, location) select 'E-D2', '邦均家具厂', sector_id, location
       from public.enterprises where id = $1`,
      [enterprises.d],
    )
    expect(faults(await send('admin', [row({ enterprise: '邦均家具厂' })]))).toEqual([['enterprise BAD_VALUE']])
    expect((await send('admin', [row()], { dry_run: true })).status).toBe('valid')
    await c.db.query(`delete from public.enterprises where code = 'E-D2'`)
  })

  test('does not choose between points of the same name', async () => {
    await c.db.query(
      `insert into public.risk_points (enterprise_id, name, method, l, s) select $1, '喷漆房', 'LS', 1, n from generate_series(1, 2) n`,
      [enterprises.d],
    )
    expect(faults(await send('admin', [row()]))).toEqual([['name BAD_VALUE']])
    await clear()
  })

  test('may have no more than 500 points of one enterprise', async () => {
    const many = Array.from({ length: 501 }, (_, i) => row({ name: `点${i}` }))
    const answer = await send('admin', many, { dry_run: true })
    expect(answer.status).toBe('rejected')
    expect(answer.rows[0]!.errors).toMatchObject([
      { code: 'TOO_LONG', message: '一家企业最多 500 个风险点，导入后有 501 个' },
    ])
    expect((await send('admin', many.slice(1), { dry_run: true })).status).toBe('valid')
  })
})

describe('whoever', () => {
  test.each([
    ['admin', 'E-A', 'valid'],
    ['leader', 'E-A', 'valid'],
    ['town', 'E-A', 'valid'],
    ['village', 'E-A', 'valid'],
    ['member', 'E-A', 'valid'],
    ['officer', 'E-A', 'valid'],
    ['enterprise', 'E-A', 'valid'],
    ['duty', 'E-A', 'NOT_ALLOWED'],
    ['town2', 'E-A', 'NOT_FOUND'],
    ['village', 'E-B', 'NOT_FOUND'],
    ['officer', 'E-B', 'NOT_FOUND'],
    ['enterprise', 'E-B', 'NOT_FOUND'],
    ['stranger', 'E-A', 'NOT_FOUND'],
  ] as const)('%s imports for %s: %s', async (who, enterprise, expected) => {
    const answer = await send(who, [row({ enterprise })], { dry_run: true })
    expect(answer.status === 'valid' ? 'valid' : answer.rows[0]!.errors[0]!.code).toBe(expected)
  })

  test.each([
    [null, {}],
    [{}, {}],
    [[], {}],
    [[row()], []],
    [[row()], { on_duplicate: 'merge' }],
    [[row()], { dry_run: 'yes' }],
    [Array.from({ length: 2001 }, () => 1), {}],
  ])('a call that is none is refused with words (%#)', async (rows, options) => {
    const answer = await c.call<Answer>('admin', 'import_risk_points', { p_rows: rows, p_options: options })
    expect(answer.status).toBe('rejected')
    expect(answer.message).toMatch(/[一-龥]/)
  })

  test('sends cells of any kind gets an answer', async () => {
    const odd = [null, 7, true, [], {}, { a: 1 }, 'x', '1e999', '=1+1', '９', '\u0000'.slice(1)]
    for (const field of [
      'enterprise',
      'name',
      'method',
      'l',
      'e',
      'c',
      's',
      'score',
      'level',
      'control',
      'engineering',
    ])
      for (const value of odd) {
        const answer = await send('admin', [row({ [field]: value })], { dry_run: true })
        expect(['valid', 'rejected'], `${field} ${JSON.stringify(value)}`).toContain(answer.status)
      }
  })
})
