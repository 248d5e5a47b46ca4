import { randomInt, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccidentCardData, AccidentFigures, AccidentRow, Sums } from '../../src/features/accidents/accident.ts'
import { gradeOf, KINDS } from '../../src/features/accidents/accident.ts'
import { random } from '../seed/random.ts'
import { type County, codes, enterprises, type GridKey, one, openCounty, type Person } from './fixtures.ts'

// The four figures are added up here once more from plain rows, day by day in China.
const seed = Number(process.env.SAFEGRID_SEED ?? randomInt(2 ** 31))
let c: County
interface Plain {
  id: string
  /** Day in China. */
  day: string
  grid: GridKey | null
  sector: number | null
  enterprise: string | null
  grade: number
  deaths: number
  serious: number
  minor: number
  loss: number
}
const all: Plain[] = []
const VILLAGES = ['v11', 'v12', 'v21', 'v22'] as const
const within = (grid: GridKey | null, top: GridKey) =>
  grid !== null && (top === 'root' || grid === top || grid.slice(1, 2) === top.slice(1))

beforeAll(async () => {
  console.log(`accidents: SAFEGRID_SEED=${seed}`)
  c = await openCounty()
  const next = random(seed)
  const days = [
    '2024-02-28',
    '2024-02-29',
    '2024-03-01',
    '2023-02-28',
    '2023-03-01',
    '2025-02-28',
    '2025-03-01',
    '2023-12-31',
    '2024-01-01',
  ]
  for (let i = 0; i < 90; i++) {
    const day =
      i < days.length * 3
        ? days[i % days.length]!
        : new Date(Date.UTC(2023, 0, 1) + Math.floor(next() * 1100) * 86_400_000).toISOString().slice(0, 10)
    // the first and the last minute of the day in China too
    const minute = [0, 1439, Math.floor(next() * 1440)][Math.floor(next() * 3)]!
    const village = next() < 0.08 ? null : VILLAGES[Math.floor(next() * 4)]!
    const deaths = next() < 0.6 ? 0 : Math.floor(next() ** 4 * 35)
    const serious = Math.floor(next() ** 3 * 110)
    const loss = Math.round(next() ** 5 * 2e10) / 100
    const row: Plain = {
      id: randomUUID(),
      day,
      grid: village,
      sector: next() < 0.5 ? c.sector.chem : next() < 0.8 ? c.sector.trade : null,
      enterprise: next() < 0.2 ? enterprises.a : null,
      grade: gradeOf(deaths, serious, loss),
      deaths,
      serious,
      minor: Math.floor(next() * 4),
      loss,
    }
    all.push(row)
    await c.db.query(
      `insert into public.accidents (id, code, title, kind, enterprise_id, sector_id, location, occurred_at, deaths, serious_injuries, minor_injuries, loss)
       values ($1, $2, '事故', '触电', $3, $4, extensions.ST_SetSRID(extensions.ST_MakePoint($5, 40.15), 4326),
         ($6::text || ' 00:00+08')::timestamptz + $7 * interval '1 minute', $8, $9, $10, $11)`,
      [
        row.id,
        `T-${i}`,
        row.enterprise,
        row.sector,
        village ? 117.05 + VILLAGES.indexOf(village) * 0.1 : 119,
        day,
        minute,
        deaths,
        serious,
        row.minor,
        loss,
      ],
    )
  }
})
afterAll(() => c.db.close())

type Figures = AccidentFigures & { status?: string; errors?: { field: string; code: string }[] }
interface List {
  rows: AccidentRow[]
  total: number
  sums: Sums
  next: string | null
  status?: string
}
const figures = (who: Person, args: Record<string, unknown> = {}) => c.call<Figures>(who, 'accident_figures', args)
const list = (who: Person, filter: unknown = {}, after: string | null = null, limit = 500) =>
  c.call<List>(who, 'list_accidents', { p_filter: filter, p_after: after, p_limit: limit })

const cents = (value: number) => Math.round(value * 100) / 100
function sum(rows: Plain[]) {
  return {
    accidents: rows.length,
    deaths: rows.reduce((n, row) => n + row.deaths, 0),
    injuries: rows.reduce((n, row) => n + row.serious + row.minor, 0),
    loss: cents(rows.reduce((n, row) => n + row.loss, 0)),
  }
}
const pick = (who: (row: Plain) => boolean, from: string, to: string) =>
  all.filter((row) => who(row) && row.day >= from && row.day <= to)

describe('the four figures', () => {
  // before: what a person who counts whole months compares with
  test.each<[string, string, string, string, string]>([
    ['an ordinary quarter', '2024-04-01', '2024-06-30', '2023-04-01', '2023-06-30'],
    ['a whole year after a leap year', '2025-01-01', '2025-12-31', '2024-01-01', '2024-12-31'],
    ['a leap year', '2024-01-01', '2024-12-31', '2023-01-01', '2023-12-31'],
    ['February of a leap year', '2024-02-01', '2024-02-29', '2023-02-01', '2023-02-28'],
    ['February after a leap year', '2025-02-01', '2025-02-28', '2024-02-01', '2024-02-29'],
    ['until 28 February of a leap year', '2024-01-01', '2024-02-28', '2023-01-01', '2023-02-28'],
    ['from 29 February', '2024-02-29', '2024-03-31', '2023-03-01', '2023-03-31'],
    ['over the turn of a year', '2023-12-15', '2024-01-15', '2022-12-15', '2023-01-15'],
  ])('%s', async (_, from, to, beforeFrom, beforeTo) => {
    for (const [grid, key] of [
      [null, null],
      [c.grid.t1, 't1'],
      [c.grid.v22, 'v22'],
    ] as const)
      for (const [name, sector] of [
        [null, null],
        ['whp', c.sector.chem],
      ] as const) {
        const wanted = (row: Plain) =>
          (key === null || within(row.grid, key)) && (sector === null || row.sector === sector)
        const told = await figures('leader', { p_grid: grid, p_sector: name, p_from: from, p_to: to })
        const [now, before] = [sum(pick(wanted, from, to)), sum(pick(wanted, beforeFrom, beforeTo))]
        expect(told.period).toEqual({ from, to })
        expect(told.before).toEqual({ from: beforeFrom, to: beforeTo })
        for (const measure of ['accidents', 'deaths', 'injuries', 'loss'] as const) {
          expect(told.figures[measure], `${key} ${name} ${measure}`).toEqual({
            now: now[measure],
            before: before[measure],
          })
          // the months add up to the period, this year and last
          for (const side of ['now', 'before'] as const)
            expect(
              cents(told.months.reduce((n, month) => n + month.figures[measure][side], 0)),
              `${measure} ${side}`,
            ).toBe(told.figures[measure][side])
          // and each opens its records
          for (const [side, period] of [
            ['now', told.period],
            ['before', told.before],
          ] as const) {
            const opened = await list('leader', {
              ...period,
              ...(grid ? { grid } : {}),
              ...(name ? { sector: name } : {}),
              ...(measure === 'accidents' ? {} : { harm: measure }),
            })
            const counted = {
              accidents: opened.total,
              deaths: opened.sums.deaths,
              injuries: opened.sums.serious_injuries + opened.sums.minor_injuries,
              loss: opened.sums.loss,
            }
            expect(counted[measure], `${measure} ${side} opened`).toBe(told.figures[measure][side])
            expect(opened.rows.length).toBe(opened.total)
          }
        }
        expect(told.grades).toEqual(
          [1, 2, 3, 4].map((grade) => ({
            grade,
            now: pick((row) => wanted(row) && row.grade === grade, from, to).length,
            before: pick((row) => wanted(row) && row.grade === grade, beforeFrom, beforeTo).length,
          })),
        )
      }
  })

  test('a 29 February alone has no day of last year', async () => {
    const told = await figures('leader', { p_from: '2024-02-29', p_to: '2024-02-29' })
    expect(told.before).toEqual({ from: '2023-03-01', to: '2023-02-28' })
    expect(told.figures.accidents).toEqual({ now: pick(() => true, '2024-02-29', '2024-02-29').length, before: 0 })
    expect(told.figures.accidents.now).toBeGreaterThan(0)
  })

  test('without days: this year until today', async () => {
    const { today, first } = await one<{ today: string; first: string }>(
      c.db,
      `select private.today()::text as today, date_trunc('year', private.today()::timestamp)::date::text as first`,
    )
    expect((await figures('leader')).period).toEqual({ from: first, to: today })
    expect((await figures('leader', { p_to: '2024-05-05' })).period).toEqual({ from: '2024-01-01', to: '2024-05-05' })
  })

  test('people count the accidents of their scope only', async () => {
    const args = { p_from: '2023-01-01', p_to: '2025-12-31' }
    const seen: [Person, (row: Plain) => boolean][] = [
      ['admin', () => true],
      ['town', (row) => within(row.grid, 't1')],
      ['village', (row) => row.grid === 'v11'],
      ['officer', (row) => row.sector === c.sector.chem],
      ['enterprise', (row) => row.enterprise === enterprises.a],
      ['stranger', () => false],
    ]
    for (const [who, may] of seen) {
      const mine = pick(may, args.p_from, args.p_to)
      const told = await figures(who, args)
      expect(told.figures.accidents.now, who).toBe(mine.length)
      expect(told.figures.loss.now, who).toBe(sum(mine).loss)
      const listed = await list(who)
      expect(new Set(listed.rows.map(({ id }) => id)), who).toEqual(new Set(all.filter(may).map(({ id }) => id)))
    }
    expect(await figures('town', { ...args, p_grid: c.grid.t2 })).toEqual({ status: 'not_found' })
    expect((await list('town', { grid: c.grid.t2 })).total).toBe(0)
    await expect(c.as('anon').rpc('accident_figures')).rejects.toThrow(/permission/)
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['an unknown sector', { p_sector: '航天' }, 'UNKNOWN_SECTOR'],
    ['days the wrong way round', { p_from: '2024-02-02', p_to: '2024-02-01' }, 'BAD_VALUE'],
    ['eleven years', { p_from: '2014-01-01', p_to: '2024-12-31' }, 'OUT_OF_RANGE'],
    ['the end of time', { p_from: '2024-01-01', p_to: 'infinity' }, 'OUT_OF_RANGE'],
    ['before there was a county', { p_from: '0001-01-01', p_to: '0001-12-31' }, 'OUT_OF_RANGE'],
  ])('%s is refused', async (_, args, code) => {
    expect(await figures('leader', args)).toMatchObject({ status: 'rejected', errors: [{ code }] })
  })
})

describe('the list', () => {
  test('page by page every accident once, newest first', async () => {
    const met: AccidentRow[] = []
    let after: string | null = null
    do {
      const page: List = await list('leader', {}, after, 7)
      expect(page.total).toBe(all.length)
      met.push(...page.rows)
      after = page.next
    } while (after)
    expect(met.length).toBe(all.length)
    expect(new Set(met.map(({ id }) => id)).size).toBe(all.length)
    const times = met.map(({ occurred_at }) => Date.parse(occurred_at))
    expect(times).toEqual([...times].sort((a, b) => b - a))
  })

  test('by grade, enterprise, sector and days together', async () => {
    const wanted = all.filter((row) => row.grade === 3 && row.sector === c.sector.chem && row.day >= '2023-06-01')
    const told = await list('admin', { grade: 3, sector: c.sector.chem, from: '2023-06-01' })
    expect(new Set(told.rows.map(({ id }) => id))).toEqual(new Set(wanted.map(({ id }) => id)))
    expect((await list('admin', { grade: [1, 2] })).total).toBe(all.filter(({ grade }) => grade < 3).length)
    expect((await list('admin', { enterprise: enterprises.a })).total).toBe(
      all.filter(({ enterprise }) => enterprise === enterprises.a).length,
    )
    for (const row of told.rows) expect(row).toMatchObject({ grade: 3, sector: { code: 'whp' } })
  })

  test.each<[string, unknown, string | null]>([
    ['a filter that is a list', [1], null],
    ['a day that is none', { from: '2024-13-40' }, null],
    ['a grid that is a word', { grid: 'x' }, null],
    ['harm of another kind', { harm: 'feelings' }, null],
    ['an enterprise that is none', { enterprise: 'x' }, null],
    ['a place that is none', {}, 'yesterday'],
    ['half a place', {}, '2024-01-01T00:00:00Z'],
  ])('%s is refused', async (_, filter, after) => {
    expect(await list('leader', filter, after)).toMatchObject({ status: 'rejected' })
  })
})

describe('recording', () => {
  const save = (who: Person, accident: unknown) =>
    c.call<{
      status: string
      accident: AccidentCardData & { status: string }
      errors: { field: string; code: string; message: string }[]
    }>(who, 'save_accident', { p_accident: accident })
  const card = (who: Person, id: string) =>
    c.call<AccidentCardData & { status: string }>(who, 'accident_card', { p_accident: id })
  const complete = () => ({
    id: randomUUID(),
    title: '红星化工厂灼烫事故',
    kind: '灼烫',
    occurred_at: '2025-05-06T08:30',
    enterprise_id: enterprises.a,
    deaths: 3,
    serious_injuries: '1',
    minor_injuries: 2,
    loss: '1234567.89',
    summary: '作业中\n泄漏',
  })

  test('at the place and in the sector of the enterprise; code, grid and grade are the database’s; twice is once', async () => {
    const wanted = complete()
    const done = await save('admin', wanted)
    expect(done).toMatchObject({
      status: 'ok',
      accident: {
        id: wanted.id,
        code: 'SG-2025-001',
        grade: 3,
        grade_by: ['deaths'],
        deaths: 3,
        loss: 1234567.89,
        grid: { code: codes.v11 },
        sector: { code: 'whp' },
        enterprise: { id: enterprises.a },
        lon: 117.05,
        lat: 40.15,
        history: [],
        may_change: true,
      },
    })
    // 8:30 in China
    expect(Date.parse(done.accident.occurred_at)).toBe(Date.parse('2025-05-06T00:30:00Z'))
    expect(await save('admin', wanted)).toEqual(done)
    expect((await save('admin', { ...complete(), lon: 117.35, lat: 40.12 })).accident).toMatchObject({
      code: 'SG-2025-002',
      grid: { code: codes.v22 },
    })
    expect((await list('leader', { q: 'SG-2025-001' })).rows).toMatchObject([{ id: wanted.id }])
  })

  test('grades as the regulation does, and says by which figure', async () => {
    const cases = [
      [{ deaths: 30 }, 1, ['deaths']],
      [{ deaths: 0, serious_injuries: 50 }, 2, ['serious_injuries']],
      [{ deaths: 2, serious_injuries: 9, loss: '9999999.99' }, 4, []],
      [{ deaths: 3, serious_injuries: 12, loss: 10_000_000 }, 3, ['deaths', 'serious_injuries', 'loss']],
      [{ deaths: 0, serious_injuries: 0, loss: 100_000_000 }, 1, ['loss']],
    ] as const
    for (const [harm, grade, by] of cases) {
      const given = { ...complete(), serious_injuries: 0, loss: 0, ...harm }
      expect((await save('admin', given)).accident).toMatchObject({ grade, grade_by: by })
      expect(gradeOf(given.deaths, given.serious_injuries, Number(given.loss))).toBe(grade)
    }
    expect(await one(c.db, 'select private.accident_kinds() as kinds')).toEqual({ kinds: [...KINDS] })
  })

  test('a correction needs a reason, leaves what was said, and does not overwrite another one', async () => {
    const { accident } = await save('admin', complete())
    const mine = { ...complete(), id: accident.id, row_version: accident.row_version, deaths: 0 }
    expect(await save('admin', mine)).toMatchObject({
      status: 'rejected',
      errors: [{ field: 'reason', code: 'MISSING_FIELD' }],
    })
    const done = await save('admin', { ...mine, reason: '核实后无人死亡' })
    expect(done).toMatchObject({ status: 'ok', accident: { deaths: 0, grade: 4, code: accident.code } })
    expect(done.accident.row_version).toBeGreaterThan(accident.row_version)
    expect(done.accident.history).toMatchObject([
      { by: '管理员', reason: '核实后无人死亡', changed: ['deaths'], was: { deaths: 3, title: accident.title } },
    ])
    expect(await save('admin', { ...mine, reason: '迟到的更正' })).toMatchObject({
      status: 'conflict',
      accident: { deaths: 0 },
    })
    expect(await save('admin', { ...mine, id: randomUUID(), reason: '没有它' })).toEqual({ status: 'not_found' })
    // whoever goes around the form leaves a trace too, and nobody erases it
    await c.as('admin').query('update public.accidents set deaths = 1 where id = $1', [accident.id])
    expect((await card('leader', accident.id)).history).toMatchObject([
      { reason: null, was: { deaths: 0 } },
      { was: { deaths: 3 } },
    ])
    await expect(c.db.exec('delete from private.accident_history')).rejects.toThrow(/只增不改/)
    await expect(c.db.exec('truncate private.accident_history')).rejects.toThrow(/只增不改/)
  })

  test('a border that moves is no correction', async () => {
    const { accident } = await save('admin', complete())
    await c.db.query('update public.accidents set grid_id = $2 where id = $1', [accident.id, c.grid.v12])
    expect((await card('leader', accident.id)).history).toEqual([])
  })

  test('one recorded in error is removed with a reason, and counted no more', async () => {
    const { accident } = await save('admin', complete())
    const remove = (who: Person, version: number, reason: string | null) =>
      c.call(who, 'remove_accident', { p_accident: accident.id, p_version: version, p_reason: reason })
    expect(await remove('admin', accident.row_version, '  ')).toMatchObject({ errors: [{ code: 'MISSING_FIELD' }] })
    expect(await remove('admin', accident.row_version + 1, '重复')).toMatchObject({ status: 'conflict' })
    for (const who of ['leader', 'officer', 'enterprise', 'stranger'] as const)
      expect(await remove(who, accident.row_version, '重复')).toMatchObject({ errors: [{ code: 'NOT_ALLOWED' }] })
    expect(await remove('admin', accident.row_version, '重复登记')).toEqual({ status: 'ok' })
    expect(await remove('admin', accident.row_version, '重复登记')).toEqual({ status: 'not_found' })
    expect(await card('admin', accident.id)).toEqual({ status: 'not_found' })
    expect(
      await one(
        c.db,
        'select action, reason, was ->> $2 as code from private.accident_history where accident_id = $1',
        [accident.id, 'code'],
      ),
    ).toEqual({ action: 'remove', reason: '重复登记', code: accident.code })
  })

  test('only administrators record', async () => {
    for (const who of ['leader', 'town', 'officer', 'enterprise', 'stranger'] as const)
      expect(await save(who, complete())).toMatchObject({ status: 'rejected', errors: [{ code: 'NOT_ALLOWED' }] })
  })

  test('who sees an accident sees its card: both lines, and corrections where the grid is seen whole', async () => {
    const { accident } = await save('admin', complete())
    await save('admin', {
      ...complete(),
      id: accident.id,
      row_version: accident.row_version,
      deaths: 1,
      reason: '更正',
    })
    for (const who of ['leader', 'town', 'village', 'officer', 'enterprise'] as const) {
      const seen = await card(who, accident.id)
      expect(seen, who).toMatchObject({
        title: accident.title,
        may_change: false,
        responsible: { industry: { department: '应急管理局' } },
      })
      expect(seen.history.length, who).toBe(who === 'officer' || who === 'enterprise' ? 0 : 1)
    }
    for (const who of ['town2', 'stranger'] as const)
      expect(await card(who, accident.id)).toEqual({ status: 'not_found' })
    expect(await card('leader', randomUUID())).toEqual({ status: 'not_found' })
  })

  test.each<[string, Record<string, unknown>, string, string]>([
    ['without a title', { title: ' ' }, 'title', 'MISSING_FIELD'],
    ['with a title too long', { title: '长'.repeat(121) }, 'title', 'TOO_LONG'],
    ['of no kind', { kind: '' }, 'kind', 'MISSING_FIELD'],
    ['of a kind that is none', { kind: '天灾' }, 'kind', 'BAD_VALUE'],
    ['without a time', { occurred_at: null }, 'occurred_at', 'MISSING_FIELD'],
    ['at a time that is none', { occurred_at: '昨天' }, 'occurred_at', 'BAD_VALUE'],
    ['tomorrow', { occurred_at: '2999-01-01T00:00' }, 'occurred_at', 'OUT_OF_RANGE'],
    ['with half a death', { deaths: 0.5 }, 'deaths', 'BAD_VALUE'],
    ['with fewer than none', { serious_injuries: -1 }, 'serious_injuries', 'BAD_VALUE'],
    ['with more than there are', { minor_injuries: 100_001 }, 'minor_injuries', 'BAD_VALUE'],
    ['with a loss in words', { loss: '很多' }, 'loss', 'BAD_VALUE'],
    ['with a list for a number', { deaths: [1] }, 'deaths', 'BAD_VALUE'],
    ['with a coordinate that is none', { lon: 'x', lat: 1 }, 'lon', 'BAD_VALUE'],
    ['with half a place', { lon: 117.05 }, 'lat', 'BAD_VALUE'],
    ['off the world', { lon: 317, lat: 40 }, 'lon', 'OUT_OF_RANGE'],
    ['outside every grid', { lon: 119, lat: 40.15 }, 'lon', 'OUTSIDE_ALL_GRIDS'],
    ['nowhere', { enterprise_id: null, sector: 'whp' }, 'lon', 'MISSING_FIELD'],
    ['of no sector', { enterprise_id: null, lon: 117.05, lat: 40.15 }, 'sector', 'MISSING_FIELD'],
    ['of a sector that is none', { sector: '航天' }, 'sector', 'UNKNOWN_SECTOR'],
    [
      'of an enterprise that is none',
      { enterprise_id: randomUUID(), sector: 'whp', lon: 117.05, lat: 40.15 },
      'enterprise_id',
      'NOT_FOUND',
    ],
    ['without an id', { id: null }, 'id', 'MISSING_FIELD'],
    ['with an id that is none', { id: 'x' }, 'id', 'BAD_VALUE'],
  ])('%s is refused with words', async (_, part, field, code) => {
    const answer = await save('admin', { ...complete(), ...part })
    expect(answer).toMatchObject({ status: 'rejected', errors: [{ field, code }] })
    expect(answer.errors[0]!.message).toMatch(/[\u4e00-\u9fff]/)
  })

  test.each([['"x"'], ['[]'], ['null'], ['7']])('%s is no accident', async (text) => {
    expect(await c.as('admin').rpc('save_accident', { p_accident: text })).toMatchObject({ status: 'rejected' })
  })
})
