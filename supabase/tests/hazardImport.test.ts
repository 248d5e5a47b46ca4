import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, one, openCounty, type Person } from './fixtures.ts'

// 历史台账导入: all or none, each once, each with a history that holds.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

interface Answer {
  status: string
  inserted: number
  skipped: number
  message?: string
  rows: {
    row: number
    status: string
    state: string
    grid_code: string | null
    errors: { field: string; code: string; message: string }[]
  }[]
}
const send = (who: Person | 'service_role', rows: unknown, dry = false) =>
  c.call<Answer>(who, 'import_hazards', { p_rows: rows as never, p_options: { dry_run: dry } })
const count = async () => (await one<{ n: number }>(c.db, 'select count(*)::int as n from public.hazards')).n
const row = (more: object = {}) => ({
  title: '灭火器过期',
  found_at: '2025-03-04',
  sector: '工贸',
  grid: '10101',
  state: '已整改',
  closed_at: '2025-03-09',
  ...more,
})

describe('a row of an old ledger', () => {
  test('becomes a hazard with its history', async () => {
    const answer = await send('admin', [
      row({
        number: 'A-1',
        description: '二楼东侧',
        rectifier: '张三',
        reviewer: '李四',
        measures: '更换',
        funds: '1,200',
        severity: '重大隐患',
        found_by: '王五',
      }),
    ])
    expect(answer).toMatchObject({
      status: 'committed',
      inserted: 1,
      rows: [{ status: 'inserted', grid_code: '10101', state: 'closed', errors: [] }],
    })
    const h = await one<Record<string, unknown>>(
      c.db,
      `select h.*, to_char(closed_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as done, grid_id = ${c.grid.v11} as placed from public.hazards h where title = '灭火器过期'`,
    )
    expect(h).toMatchObject({
      code: 'YH-20250304-0001',
      state: 'closed',
      severity: 'major',
      done: '2025-03-09',
      placed: true,
      assurance_person: '张三',
      source: 'inspection',
    })
    expect(Number(h.funds_spent)).toBe(1200)
    const event = await one<{ action: string; note: string; actor_name: string }>(
      c.db,
      'select * from public.hazard_events where hazard_id = $1',
      [h.id],
    )
    expect(event).toMatchObject({ action: 'import', actor_name: '管理员' })
    for (const word of ['导入历史台账', 'A-1', '王五', '李四', '已整改']) expect(event.note).toContain(word)
    expect(await c.call('admin', 'verify_history', { p_hazard: h.id as string })).toMatchObject({
      status: 'ok',
      intact: true,
      events: 1,
    })
  })

  test('that is still open can be assigned, by the terms of today', async () => {
    const answer = await send('admin', [row({ title: '未完成的', state: '整改中', closed_at: null })])
    expect(answer.rows[0]).toMatchObject({ status: 'inserted', state: 'verified' })
    const h = await one<{ id: string; version: number; late: boolean }>(
      c.db,
      `select id, version, due_at < now() as late from public.hazards where title = '未完成的'`,
    )
    expect(h.late).toBe(false)
    const step = await c.call<{ status: string }>('town', 'advance_hazard', {
      p_hazard: h.id,
      p_version: h.version,
      p_action: 'assign',
      p_fields: { to: '00000000-0000-4000-8000-000000000005' },
    })
    expect(step.status).toBe('ok')
    expect(await c.call('admin', 'verify_history', { p_hazard: h.id })).toMatchObject({ intact: true, events: 2 })
  })

  test('takes place and sector from its enterprise, by name or code', async () => {
    const answer = await send('admin', [
      { title: '按名称', found_at: '2025年3月5日', enterprise: '红星化工厂' },
      { title: '按代码', found_at: '2025/3/5 14:30', enterprise: 'E-B' },
      { title: '按坐标', found_at: '2025.3.5', sector: 'gm', lon: 117.25, lat: '40.15', enterprise: '早已注销的厂' },
    ])
    expect(answer.rows.map((r) => [r.status, r.grid_code])).toEqual([
      ['inserted', '10101'],
      ['inserted', '10102'],
      ['inserted', '10201'],
    ])
    expect(await one(c.db, `select code, description from public.hazards where title = '按坐标'`)).toEqual({
      code: 'YH-20250305-0002',
      description: '单位：早已注销的厂',
    })
    expect(
      (await one<{ n: number }>(c.db, `select count(*)::int as n from public.hazards where code like 'YH-20250305-%'`))
        .n,
    ).toBe(3)
  })
})

describe('a file', () => {
  test('sent again is not there twice, also when it was cut off', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => row({ title: `批量 ${i}` }))
    expect(await send('admin', rows.slice(0, 25))).toMatchObject({ inserted: 25, skipped: 0 })
    const before = await count()
    expect(await send('admin', rows)).toMatchObject({ status: 'committed', inserted: 15, skipped: 25 })
    expect(await count()).toBe(before + 15)
    expect(
      await send(
        'admin',
        rows.map((r) => ({ ...r, state: '未整改' })),
      ),
    ).toMatchObject({ inserted: 0, skipped: 40 })
  })

  test('our own export brought back is there already', async () => {
    expect(await send('admin', [row({ title: '储罐泄漏', code: 'YH-20260101-0001' })])).toMatchObject({
      inserted: 0,
      skipped: 1,
    })
  })

  test('with one bad row writes none; a dry run writes none', async () => {
    const before = await count()
    const answer = await send('admin', [row({ title: '好的' }), row({ title: '坏的', found_at: '去年' })])
    expect(answer).toMatchObject({ status: 'rejected', inserted: 0 })
    expect(answer.rows.map((r) => r.status)).toEqual(['inserted', 'rejected'])
    expect(await send('admin', [row({ title: '好的' })], true)).toMatchObject({ status: 'valid', inserted: 1 })
    expect(await count()).toBe(before)
  })

  test.each<[string, object, string, string]>([
    ['no words', { title: ' ' }, 'title', 'MISSING_FIELD'],
    ['no day', { found_at: null }, 'found_at', 'MISSING_FIELD'],
    ['a day that is none', { found_at: '2025-02-30' }, 'found_at', 'BAD_VALUE'],
    ['a day to come', { found_at: '2099-01-01' }, 'found_at', 'OUT_OF_RANGE'],
    ['a severity nobody knows', { severity: '特大' }, 'severity', 'BAD_VALUE'],
    ['a state nobody knows', { state: '也许' }, 'state', 'BAD_VALUE'],
    ['a sector nobody knows', { sector: '航天' }, 'sector', 'UNKNOWN_SECTOR'],
    ['no sector', { sector: null }, 'sector', 'MISSING_FIELD'],
    ['a grid nobody knows', { grid: '99999' }, 'grid', 'NOT_FOUND'],
    ['no place', { grid: null }, 'lon', 'MISSING_FIELD'],
    ['half a place', { lon: 117 }, 'lon', 'BAD_VALUE'],
    ['a place that is none', { lon: 'x', lat: 'y' }, 'lon', 'BAD_VALUE'],
    ['done before it was found', { closed_at: '2025-03-01' }, 'closed_at', 'OUT_OF_RANGE'],
    ['money that is none', { funds: '很多' }, 'funds', 'BAD_VALUE'],
    ['a day of completion that is none', { closed_at: '月底' }, 'closed_at', 'BAD_VALUE'],
    ['too many words', { description: '长'.repeat(4001) }, 'description', 'TOO_LONG'],
  ])('%s is said', async (_, more, field, code) => {
    const answer = await send('admin', [row(more)], true)
    expect(answer.status).toBe('rejected')
    expect(answer.rows[0]!.errors).toContainEqual(
      expect.objectContaining({ field, code, message: expect.stringMatching(/[一-鿿]/) }),
    )
  })

  test('names a row that stands in it twice', async () => {
    const answer = await send('admin', [row({ title: '两次' }), row({ title: '两次' })], true)
    expect(answer.rows.map((r) => r.errors.map((e) => e.code))).toEqual([[], ['DUPLICATE_CODE']])
  })

  test.each<[string, unknown]>([
    ['nothing', []],
    ['a word', '"x"'],
    ['an object', {}],
    ['rows that are none', [1, null, 'x']],
  ])('that is %s is refused', async (_, rows) => {
    expect((await send('admin', rows)).status).toBe('rejected')
  })
})

describe('who may', () => {
  test.each<[Person, string]>([
    ['leader', 'valid'],
    ['town', 'valid'],
    ['village', 'valid'],
  ])('%s, in their own grids', async (who, status) => {
    expect((await send(who, [row({ title: '本地' })], true)).status).toBe(status)
  })
  test.each<Person>(['town2'])('%s, not in those of others', async (who) => {
    const answer = await send(who, [row({ title: '外地' })], true)
    expect(answer.rows[0]!.errors[0]).toMatchObject({ code: 'NOT_ALLOWED' })
  })
  test.each<Person>(['member', 'duty', 'officer', 'enterprise', 'stranger'])('%s may not at all', async (who) => {
    expect(await send(who, [row({ title: '无权' })])).toMatchObject({ status: 'rejected', rows: [] })
  })
})
