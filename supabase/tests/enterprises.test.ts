import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImportAnswer } from './answers.ts'
import { type County, enterprises, hazards, one, openCounty, type Person } from './fixtures.ts'

let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

const send = (rows: unknown, options: unknown = {}, who: Person = 'admin') =>
  c.call<ImportAnswer>(who, 'import_enterprises', { p_rows: rows, p_options: options })
const row = (more: object = {}) => ({ code: 'N-1', name: '新企业', lon: 117.05, lat: 40.15, sector: 'whp', ...more })
const errorCodes = (answer: ImportAnswer) => answer.rows.flatMap((r) => r.errors.map((e) => `${e.field}:${e.code}`))
const dry = { dry_run: true }

describe('every row lies in the grid that contains it', () => {
  const gridOf = async (table: string, id: string) =>
    (await one<{ grid_id: number | null }>(c.db, `select grid_id from public.${table} where id = $1`, [id])).grid_id

  test('on insert, whatever grid the writer names', async () => {
    expect(await gridOf('enterprises', enterprises.a)).toBe(c.grid.v11)
    expect(await gridOf('enterprises', enterprises.out)).toBeNull()
    expect(await gridOf('hazards', hazards.general)).toBe(c.grid.v12)
    const { rows } = await c.db.query<{ id: string; grid_id: number }>(
      `insert into public.enterprises (code, name, sector_id, grid_id, location)
       values ('LIE', '乱写', $1, $2, extensions.ST_SetSRID(extensions.ST_MakePoint(117.35, 40.15), 4326)) returning id, grid_id`,
      [c.sector.trade, c.grid.v11],
    )
    expect(rows[0]!.grid_id).toBe(c.grid.v22)
    await c.db.query('delete from public.enterprises where id = $1', [rows[0]!.id])
  })

  test('and whenever it moves; its risk points follow', async () => {
    const move = (lon: number) =>
      c.db.query(
        'update public.enterprises set location = extensions.ST_SetSRID(extensions.ST_MakePoint($1, 40.15), 4326) where id = $2',
        [lon, enterprises.a],
      )
    const before = await one<{ v: number }>(c.db, 'select row_version as v from public.enterprises where id = $1', [
      enterprises.a,
    ])
    await move(117.25)
    expect(await gridOf('enterprises', enterprises.a)).toBe(c.grid.v21)
    expect(
      (
        await one<{ grid_id: number }>(c.db, 'select grid_id from public.risk_points where enterprise_id = $1', [
          enterprises.a,
        ])
      ).grid_id,
    ).toBe(c.grid.v21)
    await move(117.05)
    expect(await gridOf('enterprises', enterprises.a)).toBe(c.grid.v11)
    const after = await one<{ v: number }>(c.db, 'select row_version as v from public.enterprises where id = $1', [
      enterprises.a,
    ])
    expect(Number(after.v)).toBe(Number(before.v) + 2)
  })

  test('on a shared border exactly one of the two', async () => {
    const { at } = await one<{ at: number }>(
      c.db,
      'select private.grid_at(extensions.ST_SetSRID(extensions.ST_MakePoint(117.1, 40.15), 4326)) as at',
    )
    expect([c.grid.v11, c.grid.v12]).toContain(at)
  })
})

describe('import', () => {
  test('puts rows in, reads the words of the trade, and says where each went', async () => {
    const answer = await send([
      row({
        scale: '规模以上',
        risk_level: '红',
        status: '停产',
        employees: '120',
        licence_expiry: '2027/3/1',
        legal_rep: '张三',
        major_hazard_source_grade: 2,
      }),
      row({ code: 'N-2', sector: '工贸', lon: '117.25', lat: '40.15', risk_level: 4 }),
      row({ code: 'N-3', lon: 118.5 }),
    ])
    expect(answer).toMatchObject({ status: 'committed', inserted: 3, updated: 0 })
    expect(answer.rows.map((r) => [r.row, r.status, r.grid_code])).toEqual([
      [1, 'inserted', '10101'],
      [2, 'inserted', '10201'],
      [3, 'unclaimed', null],
    ])
    expect(errorCodes(answer)).toEqual(['lon:OUTSIDE_ALL_GRIDS'])
    expect(
      await one(
        c.db,
        `select scale, risk_level::int as level, status, employees, licence_expiry::text as expiry, major_hazard_source_grade::int as grade, initials, grid_id
        from public.enterprises where code = 'N-1'`,
      ),
    ).toEqual({
      scale: 'above',
      level: 1,
      status: 'suspended',
      employees: 120,
      expiry: '2027-03-01',
      grade: 2,
      initials: 'xqy',
      grid_id: c.grid.v11,
    })
    const again = await send([row({ name: '再来' })])
    expect(again).toMatchObject({ status: 'rejected', inserted: 0 })
    expect(errorCodes(again)).toEqual(['code:DUPLICATE_CODE'])
    expect(await send([row({ name: '再来' })], { on_duplicate: 'skip' })).toMatchObject({
      status: 'committed',
      inserted: 0,
      updated: 0,
      rows: [{ status: 'skipped' }],
    })
    expect(await send([row({ name: '改名', lon: 117.15 })], { on_duplicate: 'update' })).toMatchObject({
      status: 'committed',
      updated: 1,
    })
    // what the file does not have keeps its value
    expect(
      await one(
        c.db,
        `select name, risk_level::int as level, legal_rep, grid_id from public.enterprises where code = 'N-1'`,
      ),
    ).toEqual({
      name: '改名',
      level: 1,
      legal_rep: '张三',
      grid_id: c.grid.v12,
    })
    await c.db.query(`delete from public.enterprises where code like 'N-%'`)
  })

  test('all or nothing: one bad row keeps every row out, and each says what is wrong with it', async () => {
    const answer = await send([row(), row({ code: 'N-2', sector: '航天' }), row({ code: '' })])
    expect(answer).toMatchObject({ status: 'rejected', inserted: 0, updated: 0 })
    expect(answer.rows.map((r) => r.status)).toEqual(['inserted', 'rejected', 'rejected'])
    expect(errorCodes(answer)).toEqual(['sector:UNKNOWN_SECTOR', 'code:MISSING_FIELD'])
    expect(
      (await one<{ n: number }>(c.db, `select count(*)::int as n from public.enterprises where code like 'N-%'`)).n,
    ).toBe(0)
  })

  test('a trial run writes nothing', async () => {
    const versions = () => one<{ n: number }>(c.db, 'select sum(row_version)::int as n from public.enterprises')
    const before = await versions()
    expect(await send([row(), row({ code: 'E-A' })], { dry_run: true, on_duplicate: 'update' })).toMatchObject({
      status: 'valid',
      inserted: 1,
      updated: 1,
    })
    expect(await versions()).toEqual(before)
  })

  test.each<[string, object, string]>([
    ['no name', { name: ' ' }, 'name:MISSING_FIELD'],
    ['no sector', { sector: null }, 'sector:MISSING_FIELD'],
    ['no place', { lon: '' }, 'lon:MISSING_FIELD'],
    ['NaN', { lat: 'NaN' }, 'lat:BAD_VALUE'],
    ['a word for a number', { lon: '东经117度' }, 'lon:BAD_VALUE'],
    ['too much', { lon: 1e300 }, 'lon:BAD_VALUE'],
    ['latitude first', { lon: 40.15, lat: 117.05 }, 'lon:OUT_OF_RANGE'],
    ['metres', { lon: 39512345, lat: 4444000 }, 'lon:OUT_OF_RANGE'],
    ['a long name', { name: '长'.repeat(121) }, 'name:TOO_LONG'],
    ['a long code', { code: 'x'.repeat(41) }, 'code:TOO_LONG'],
    ['a long phone', { phone: '1'.repeat(31) }, 'phone:TOO_LONG'],
    ['a scale that is none', { scale: '巨型' }, 'scale:BAD_VALUE'],
    ['level 5', { risk_level: 5 }, 'risk_level:BAD_VALUE'],
    ['a status that is none', { status: '挺好' }, 'status:BAD_VALUE'],
    ['half a person', { employees: 1.5 }, 'employees:BAD_VALUE'],
    ['30 February', { licence_expiry: '2026-02-30' }, 'licence_expiry:BAD_VALUE'],
    ['grade 7', { major_hazard_source_grade: 7 }, 'major_hazard_source_grade:BAD_VALUE'],
  ])('refuses %s', async (_, more, expected) => {
    const answer = await send([row(more)], dry)
    expect(answer.status).toBe('rejected')
    expect(errorCodes(answer)).toEqual([expected])
    expect(answer.rows[0]!.errors[0]!.message).toMatch(/[一-鿿]/)
  })

  test('says that longitude and latitude look swapped', async () => {
    const answer = await send([row({ lon: 40.15, lat: 117.05 })], dry)
    expect(answer.rows[0]!.errors[0]!.message).toContain('经纬度疑似颠倒')
  })

  test('the same code twice in one file', async () => {
    const answer = await send([row(), row({ name: '又一家' })], { ...dry, on_duplicate: 'update' })
    expect(answer.rows[1]!.errors[0]).toMatchObject({ code: 'DUPLICATE_CODE', message: '企业代码与第 1 行重复：N-1' })
    expect(await send([row(), row({ name: '又一家' })], { ...dry, on_duplicate: 'skip' })).toMatchObject({
      status: 'valid',
      inserted: 1,
      rows: [{}, { status: 'skipped' }],
    })
  })

  test('formulas and HTML stay text; control characters become a space', async () => {
    const answer = await send([
      row({ name: '=HYPERLINK("x")', legal_rep: '<script>', address: '一行\n二行\u0007', code: '+86' }),
      row({ code: '@x', name: '-1' }),
    ])
    expect(answer.status).toBe('committed')
    expect(await one(c.db, `select name, legal_rep, address from public.enterprises where code = '+86'`)).toEqual({
      name: '=HYPERLINK("x")',
      legal_rep: '<script>',
      address: '一行 二行',
    })
    await c.db.query(`delete from public.enterprises where code in ('+86', '@x')`)
  })

  test.each<[string, unknown, unknown, string]>([
    ['not a list', { a: 1 }, {}, 'BAD_VALUE'],
    ['nothing', [], {}, 'MISSING_FIELD'],
    ['null', null, null, 'BAD_VALUE'],
    ['an option that is none', [{}], { on_duplicate: 'overwrite' }, 'BAD_VALUE'],
  ])('refuses %s as a whole', async (_, rows, options, code) => {
    const answer = await send(rows, options)
    expect(answer).toMatchObject({ status: 'rejected', inserted: 0, updated: 0, rows: [] })
    expect(answer.errors![0]!.code).toBe(code)
  })

  test('a row that is no object', async () => {
    expect(errorCodes(await send([row(), 'x', null, [1]], dry))).toEqual([
      'null:BAD_VALUE',
      'null:BAD_VALUE',
      'null:BAD_VALUE',
    ])
  })

  test.each<[Person, boolean]>([
    ['admin', true],
    ['leader', true],
    ['duty', false],
    ['town', false],
    ['village', false],
    ['member', false],
    ['officer', false],
    ['enterprise', false],
    ['stranger', false],
  ])('%s may: %s', async (who, may) => {
    const answer = await send([row()], dry, who)
    expect(answer.status).toBe(may ? 'valid' : 'rejected')
    if (!may) expect(answer.errors![0]!.code).toBe('NOT_ALLOWED')
  })
})
