import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { box, type County, enterprises, one, openCounty, type Person, people } from './fixtures.ts'

// Dual prevention: levels recomputed here by the rules of DOMAIN.md, and who may change what they follow from.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

interface Answer {
  status: 'ok' | 'rejected' | 'conflict' | 'not_found' | 'valid' | 'committed'
  errors?: { field: string; code: string; message: string }[]
  point?: { id: string; level: number; score: number; version: number; measures: { category: string }[] } | null
  source?: {
    id: string
    version: number
    r: number
    grade: number | null
    people: number
    alpha: number
    ratio: number
  }
  enterprise?: { risk_level: number | null }
  changes?: { points: number; up: number; down: number }
}
const uuid = (n: number) => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`
const levelOf = async (id: string) =>
  (
    await one<{ level: number | null }>(c.db, 'select risk_level::int as level from public.enterprises where id = $1', [
      id,
    ])
  ).level
const history = async (id: string) =>
  (
    await c.db.query<{ from_level: number; to_level: number; reason: string; note: string | null; changed_by: string }>(
      'select from_level::int, to_level::int, reason, note, changed_by from public.enterprise_levels where enterprise_id = $1 order by id',
      [id],
    )
  ).rows
const point = (more: object = {}) => ({
  enterprise_id: enterprises.d,
  name: '喷漆房',
  method: 'LEC',
  l: 3,
  e: 6,
  c: 15,
  ...more,
})
const save = (who: Person, more: object = {}) => c.call<Answer>(who, 'save_risk_point', { p_point: point(more) })

describe('a risk point', () => {
  const L = [10, 6, 3, 1, 0.5, 0.2, 0.1]
  const E = [10, 6, 3, 2, 1, 0.5]
  const C = [100, 40, 15, 7, 3, 1]
  const five = [1, 2, 3, 4, 5]

  test('has the level of its score, for every value of both scales', async () => {
    const lec = L.flatMap((l) => E.flatMap((e) => C.map((x) => ({ method: 'LEC', l, e, c: x, s: null }))))
    const ls = five.flatMap((l) => five.map((s) => ({ method: 'LS', l, e: null, c: null, s })))
    await c.db.query(
      `insert into public.risk_points (enterprise_id, name, method, l, e, c, s)
       select $1, '全部', method, l, e, c, s from jsonb_to_recordset($2::jsonb) as r(method text, l numeric, e numeric, c numeric, s numeric)`,
      [enterprises.d, JSON.stringify([...lec, ...ls])],
    )
    const { rows } = await c.db.query<{ method: string; l: string; e: string; c: string; s: string; level: number }>(
      `select method, l, e, c, s, level::int from public.risk_points where enterprise_id = $1`,
      [enterprises.d],
    )
    expect(rows.length).toBe(252 + 25)
    for (const row of rows) {
      const score = row.method === 'LEC' ? +(+row.l * +row.e * +row.c).toFixed(6) : +row.l * +row.s
      const [red, orange, yellow] = row.method === 'LEC' ? [320, 160, 70] : [20, 9, 4]
      const expected = score >= red! ? 1 : score >= orange! ? 2 : score >= yellow! ? 3 : 4
      expect(row.level, JSON.stringify(row)).toBe(expected)
    }
    expect(await levelOf(enterprises.d)).toBe(1)
    await c.db.query('delete from public.risk_points where enterprise_id = $1', [enterprises.d])
    expect(await levelOf(enterprises.d)).toBe(null)
    await c.db.query('delete from public.enterprise_levels')
  })

  test('gives its enterprise the level of the worst, and the imported one when none is left', async () => {
    await c.db.query('update public.enterprises set risk_level = 4 where id = $1', [enterprises.d])
    expect(await history(enterprises.d)).toMatchObject([{ from_level: null, to_level: 4, reason: 'import' }])
    const first = await save('town2', { id: uuid(1) })
    expect(first).toMatchObject({
      status: 'ok',
      point: { score: 270, level: 2, version: 1 },
      enterprise: { risk_level: 2 },
    })
    await save('town2', { id: uuid(2), name: '烘干线', l: 0.1 })
    expect(await levelOf(enterprises.d)).toBe(2)
    const worse = await save('town2', { id: uuid(2), name: '烘干线', l: 10, version: 1 })
    expect(worse).toMatchObject({ status: 'ok', point: { level: 1, version: 2 }, enterprise: { risk_level: 1 } })
    // what is imported meanwhile waits
    const sent = await c.call<{ status: string }>('admin', 'import_enterprises', {
      p_rows: [{ code: 'E-D', name: '邦均家具厂', sector: '工贸', lon: 117.35, lat: 40.15, risk_level: 3 }],
      p_options: { on_duplicate: 'update' },
    })
    expect(sent.status).toBe('committed')
    expect(await levelOf(enterprises.d)).toBe(1)
    expect(await c.call('town2', 'remove_risk_point', { p_point: uuid(2), p_version: 2 })).toMatchObject({
      status: 'ok',
    })
    expect(await levelOf(enterprises.d)).toBe(2)
    expect(await c.call('town2', 'remove_risk_point', { p_point: uuid(1), p_version: 1 })).toMatchObject({
      status: 'ok',
    })
    expect(await levelOf(enterprises.d)).toBe(3)
    expect((await history(enterprises.d)).slice(1)).toEqual([
      { from_level: 4, to_level: 2, reason: 'point', note: '喷漆房', changed_by: people.town2 },
      { from_level: 2, to_level: 1, reason: 'point', note: '烘干线', changed_by: people.town2 },
      { from_level: 1, to_level: 2, reason: 'point', note: '烘干线', changed_by: people.town2 },
      { from_level: 2, to_level: 3, reason: 'point', note: '喷漆房', changed_by: people.town2 },
    ])
  })

  test('keeps its measures, each with who answers for it, and tells whoever looks at the enterprise', async () => {
    const measures = [
      { category: 'engineering', content: '局部排风', person: '王强', phone: '13800001111', post: '设备员' },
      { category: 'emergency', content: '灭火器、洗眼器' },
    ]
    const saved = await save('town2', { id: uuid(3), measures, control: 'workshop', responsible: ' 王强 ' })
    expect(saved.point).toMatchObject({ control: 'workshop', responsible: '王强', measures })
    // left out they stay; an empty list takes them away
    const renamed = await save('town2', { id: uuid(3), name: '喷漆房二', version: 1 })
    expect(renamed.point?.measures.map(({ category }) => category)).toEqual(['engineering', 'emergency'])
    expect((await save('town2', { id: uuid(3), version: 2, measures: [] })).point?.measures).toEqual([])
    const { n } = await one<{ n: number }>(
      c.db,
      `select count(*)::int as n from public.change_log where entity = 'enterprise' and row_id = $1 and row_version is null`,
      [enterprises.d],
    )
    expect(n).toBeGreaterThanOrEqual(3)
    await c.call('town2', 'remove_risk_point', { p_point: uuid(3), p_version: 3 })
    expect((await c.db.query('select from public.risk_measures where risk_point_id = $1', [uuid(3)])).rows).toEqual([])
  })

  test('is changed by whoever answers for the enterprise and by nobody else', async () => {
    const answers: Record<string, string> = {}
    for (const who of Object.keys(people) as Person[]) {
      const answer = await save(who, { enterprise_id: enterprises.a, name: `点${who}`, l: 0.1 })
      answers[who] = answer.status
      if (who === 'duty') expect(answer.errors).toMatchObject([{ code: 'NOT_ALLOWED' }])
    }
    expect(answers).toEqual({
      admin: 'ok',
      leader: 'ok',
      town: 'ok',
      town2: 'not_found',
      village: 'ok',
      member: 'ok',
      duty: 'rejected',
      officer: 'ok',
      enterprise: 'ok',
      stranger: 'not_found',
    })
    // neither by taking another enterprise's point along
    const theirs = await one<{ id: string }>(c.db, 'select id from public.risk_points where enterprise_id = $1', [
      enterprises.b,
    ])
    expect(await save('enterprise', { id: theirs.id, enterprise_id: enterprises.a, version: 1 })).toEqual({
      status: 'not_found',
    })
    expect(await c.call('enterprise', 'remove_risk_point', { p_point: theirs.id, p_version: 1 })).toEqual({
      status: 'not_found',
    })
    expect(await c.call('duty', 'remove_risk_point', { p_point: theirs.id, p_version: 1 })).toMatchObject({
      status: 'rejected',
    })
    await c.db.query(`delete from public.risk_points where name like '点%'`)
  })

  test('is not overwritten by who saw an earlier one', async () => {
    await save('town2', { id: uuid(4) })
    await save('leader', { id: uuid(4), name: '别人的', version: 1 })
    expect(await save('town2', { id: uuid(4), version: 1 })).toMatchObject({
      status: 'conflict',
      point: { name: '别人的', version: 2 },
    })
    expect(await c.call('town2', 'remove_risk_point', { p_point: uuid(4), p_version: 1 })).toMatchObject({
      status: 'conflict',
    })
    await c.call('leader', 'remove_risk_point', { p_point: uuid(4), p_version: 2 })
    expect(await save('town2', { id: uuid(4), version: 2 })).toMatchObject({ status: 'conflict', point: null })
  })

  test.each<[string, unknown, string]>([
    ['nothing', null, 'BAD_VALUE'],
    ['a word', '"x"', 'BAD_VALUE'],
    ['a list', [1], 'BAD_VALUE'],
    ['no name', point({ name: ' ' }), 'MISSING_FIELD'],
    ['a long name', point({ name: '长'.repeat(121) }), 'TOO_LONG'],
    ['a name that is none', point({ name: { a: 1 } }), 'MISSING_FIELD'],
    ['another method', point({ method: 'HAZOP' }), 'BAD_VALUE'],
    ['a value between the steps', point({ l: 4 }), 'BAD_VALUE'],
    ['a word for a value', point({ e: 'x' }), 'BAD_VALUE'],
    ['LS with values of LEC', point({ method: 'LS', l: 6, s: 5 }), 'BAD_VALUE'],
    ['LS without S', point({ method: 'LS', l: 5 }), 'BAD_VALUE'],
    ['no uuid', point({ id: 'x' }), 'BAD_VALUE'],
    ['another control', point({ control: 'moon' }), 'BAD_VALUE'],
    ['measures that are none', point({ measures: 'x' }), 'BAD_VALUE'],
    ['a measure without words', point({ measures: [{ category: 'training', content: '' }] }), 'MISSING_FIELD'],
    ['a measure of no category', point({ measures: [{ content: 'x' }] }), 'BAD_VALUE'],
    ['a measure that is a number', point({ measures: [7] }), 'MISSING_FIELD'],
  ])('of %s is refused in words', async (_, given, code) => {
    const answer = await c.call<Answer>('admin', 'save_risk_point', { p_point: given })
    expect(answer.status).toBe('rejected')
    expect(answer.errors?.map((error) => error.code)).toContain(code)
    for (const { message } of answer.errors ?? []) expect(message).toMatch(/[\u4e00-\u9fff]/)
  })

  test('nobody writes tables behind the door', async () => {
    for (const table of [
      'risk_points',
      'risk_measures',
      'enterprise_levels',
      'prevention_rules',
      'major_hazard_sources',
      'licences',
    ])
      await expect(c.as('admin').query(`delete from public.${table}`)).rejects.toThrow()
  })
})

describe('the thresholds', () => {
  test('take every level along, in one step, and only an administrator sets them', async () => {
    await save('town2', { id: uuid(5) })
    expect(await levelOf(enterprises.d)).toBe(2)
    const rules = { p_rules: { lec: [270, 100, 50] }, p_options: { dry_run: true } }
    for (const who of ['leader', 'town', 'officer', 'enterprise', 'stranger'] as const)
      expect(await c.call(who, 'set_prevention_rules', rules)).toMatchObject({
        status: 'rejected',
        errors: [{ code: 'NOT_ALLOWED' }],
      })
    expect(await c.call('admin', 'set_prevention_rules', rules)).toEqual({
      status: 'valid',
      changes: {
        points: 1,
        up: 1,
        down: 0,
        sources: { up: 0, down: 0 },
        enterprises: {
          up: 1,
          down: 0,
          rows: [{ id: enterprises.d, name: '邦均家具厂', grid: '邦均二村', level_before: 2, level: 1 }],
        },
      },
    })
    expect(await levelOf(enterprises.d)).toBe(2)
    // the threshold itself is reached
    expect(
      await c.call<Answer>('admin', 'set_prevention_rules', { ...rules, p_options: { note: '加严' } }),
    ).toMatchObject({ status: 'committed' })
    expect(await levelOf(enterprises.d)).toBe(1)
    expect((await history(enterprises.d)).at(-1)).toMatchObject({
      from_level: 2,
      to_level: 1,
      reason: 'rules',
      changed_by: people.admin,
    })
    await c.call('admin', 'set_prevention_rules', { p_rules: { lec: [320, 160, 70] } })
    expect(await levelOf(enterprises.d)).toBe(2)
    await c.call('town2', 'remove_risk_point', { p_point: uuid(5), p_version: 1 })
  })

  test.each([
    [{ lec: [1, 2, 3] }],
    [{ lec: [3, 2] }],
    [{ lec: 'x' }],
    [{ ls: [20, 9, 0] }],
    [{ ls: [20, '9', 4] }],
    [{ source_grades: [100, 50, null] }],
    [{ alpha: [[100, 2]] }],
    [
      {
        alpha: [
          [1, 1],
          [100, 2],
          [0, 0.5],
        ],
      },
    ],
    [
      {
        alpha: [
          [100, 2],
          [0, 0],
        ],
      },
    ],
    [{ alpha: [[100], [0, 1]] }],
    [{ alpha: { 100: 2 } }],
    [{ source_floor: [1, 2, 3] }],
    [{ source_floor: [1, 2, 3, 9] }],
    [[1]],
  ])('%j is refused', async (given) => {
    expect(await c.call('admin', 'set_prevention_rules', { p_rules: given })).toMatchObject({
      status: 'rejected',
      errors: [{ code: 'BAD_VALUE' }],
    })
  })
})

describe('a major hazard source', () => {
  const chlorine = [{ name: '氯', quantity: 25, threshold: 5, beta: 4 }]
  const send = (who: Person, more: object = {}) =>
    c.call<Answer>(who, 'save_major_hazard_source', {
      p_source: { id: uuid(50), enterprise_id: enterprises.a, name: '液氯储罐区', substances: chlorine, ...more },
    })
  const now = () =>
    one<{ people: number; alpha: string; r: string; ratio: string; grade: number | null; version: number }>(
      c.db,
      'select people, alpha, r, ratio, grade::int, row_version::int as version from public.major_hazard_sources where id = $1',
      [uuid(50)],
    )
  const causes = async () =>
    (
      await c.db.query<{ cause: string }>(
        'select cause from public.major_hazard_assessments where enterprise_id = $1 order by id',
        [enterprises.a],
      )
    ).rows.map((row) => row.cause)
  const gradeOf = async () =>
    (
      await one<{ grade: number | null }>(
        c.db,
        'select major_hazard_source_grade::int as grade from public.enterprises where id = $1',
        [enterprises.a],
      )
    ).grade
  const populate = (key: 'v11' | 'v12', people: number | null) =>
    c.db.query('update public.grids set population = $2 where id = $1', [c.grid[key], people])
  /** People of a village for so many of them to live within the circle, by the area on the ellipsoid. */
  const forPeople = async (wanted: number) => {
    const { area } = await one<{ area: number }>(
      c.db,
      'select extensions.ST_Area(boundary::extensions.geography) as area from public.grids where id = $1',
      [c.grid.v11],
    )
    return Math.round((wanted * area) / (Math.PI * 500 * 500))
  }

  test('is assessed when it is added', async () => {
    await populate('v11', 0)
    expect(await send('enterprise')).toMatchObject({
      status: 'ok',
      source: { people: 0, alpha: 0.5, ratio: 5, r: 10, grade: 3, version: 1 },
    })
    expect(await gradeOf()).toBe(3)
    expect(await causes()).toEqual(['source'])
  })

  test.each([
    [0, 0.5, 10],
    [1, 1, 20],
    [29, 1, 20],
    [30, 1.2, 24],
    [49, 1.2, 24],
    [50, 1.5, 30],
    [99, 1.5, 30],
    [100, 2, 40],
    [900, 2, 40],
  ])('with %i people around has α %d', async (wanted, alpha, r) => {
    await populate('v11', await forPeople(wanted))
    const found = await now()
    expect(found.people).toBe(wanted)
    expect([Number(found.alpha), Number(found.r)]).toEqual([alpha, r])
  })

  test.each([
    // α is 2 here; Σ β·q/Q = 0.8·q, S = q/5
    [4.99, null],
    [5, 4],
    [6.2, 4],
    [6.25, 3],
    [31.2, 3],
    [31.25, 2],
    [62.4, 2],
    [62.5, 1],
  ])('of %d tonnes of chlorine has the grade %j', async (quantity, grade) => {
    const { version } = await now()
    const saved = await send('enterprise', { version, substances: [{ name: '氯', quantity, threshold: 5, beta: 4 }] })
    expect(saved.source).toMatchObject({ r: +(2 * 0.8 * quantity).toFixed(4), grade })
    expect(await gradeOf()).toBe(grade)
  })

  test('adds its substances up', async () => {
    const { version } = await now()
    const substances = [
      { name: '氨', quantity: 30, threshold: 10, beta: 2 },
      { name: '汽油', quantity: 500, threshold: 200 },
    ]
    expect((await send('enterprise', { version, substances })).source).toMatchObject({
      ratio: 5.5,
      r: 2 * (6 + 2.5),
      grade: 3,
    })
  })

  test('counts the people on both sides of a border', async () => {
    await populate('v11', await forPeople(400))
    await populate('v12', await forPeople(100))
    await c.db.query(
      `update public.enterprises set location = extensions.ST_SetSRID(extensions.ST_MakePoint(117.1, 40.15), 4326) where id = $1`,
      [enterprises.a],
    )
    expect(await now()).toMatchObject({ people: 250 })
    expect((await causes()).at(-1)).toBe('enterprise')
    await populate('v12', null)
    expect(
      await one(c.db, 'select people, people_unknown from public.major_hazard_sources where id = $1', [uuid(50)]),
    ).toEqual({ people: 200, people_unknown: 1 })
    await c.db.query(
      `update public.enterprises set location = extensions.ST_SetSRID(extensions.ST_MakePoint(117.05, 40.15), 4326) where id = $1`,
      [enterprises.a],
    )
    expect(await now()).toMatchObject({ people: 400 })
  })

  test('is assessed anew when borders move, and only then written down', async () => {
    const before = (await causes()).length
    await c.db.query(`update public.grids set population = 5 where id = any ($1)`, [[c.grid.v21, c.grid.v22]])
    await c.db.query(`update public.grids set name = name where id = $1`, [c.grid.v11])
    expect((await causes()).length).toBe(before)
    // six tenths of the village keep all its people and the whole circle
    const smaller = await c.call<{ status: string }>('admin', 'commit_grid_boundaries', {
      p_changes: [{ id: c.grid.v11, boundary: box(117, 40.1, 117.06, 40.2) }],
      p_options: {},
    })
    expect(smaller.status).toBe('committed')
    expect((await causes()).at(-1)).toBe('grids')
    expect((await now()).people).toBe(Math.round(400 / 0.6))
    await populate('v11', await forPeople(40))
    expect((await causes()).at(-1)).toBe('grids')
  })

  test('is graded by the rules that hold, which may also judge the enterprise', async () => {
    await populate('v11', 0)
    const { version } = await now()
    await send('enterprise', { version })
    expect((await now()).grade).toBe(3)
    await c.db.query('delete from public.risk_points where enterprise_id = $1', [enterprises.a])
    const declared = await levelOf(enterprises.a)
    await c.call('admin', 'set_prevention_rules', { p_rules: { source_grades: [9, 5, 2], source_floor: [1, 1, 2, 3] } })
    expect((await now()).grade).toBe(1)
    expect((await causes()).at(-1)).toBe('rules')
    expect(await levelOf(enterprises.a)).toBe(1)
    await c.call('admin', 'set_prevention_rules', {
      p_rules: {
        alpha: [
          [10, 3],
          [0, 1],
        ],
      },
    })
    expect(Number((await now()).r)).toBe(20)
    const alpha = [
      [100, 2],
      [50, 1.5],
      [30, 1.2],
      [1, 1],
      [0, 0.5],
    ]
    await c.call('admin', 'set_prevention_rules', { p_rules: { source_grades: [100, 50, 10], alpha } })
    expect((await now()).grade).toBe(3)
    expect(await levelOf(enterprises.a)).toBe(Math.min(declared ?? 9, 2))
    await c.call('admin', 'set_prevention_rules', { p_rules: { source_floor: [null, null, null, null] } })
    expect(await levelOf(enterprises.a)).toBe(declared)
  })

  test('gives its grade to the enterprise, the gravest of several, and the imported one without any', async () => {
    await c.db.query('update public.enterprises set major_hazard_source_grade = 4 where id = $1', [enterprises.a])
    expect(await gradeOf()).toBe(3)
    await send('village', {
      id: uuid(51),
      name: '氨罐区',
      substances: [{ name: '氨', quantity: 1000, threshold: 10, beta: 2 }],
    })
    expect(await gradeOf()).toBe(1)
    expect(await c.call('village', 'remove_major_hazard_source', { p_source: uuid(51), p_version: 1 })).toEqual({
      status: 'ok',
    })
    expect(await gradeOf()).toBe(3)
    expect(await c.call('village', 'remove_major_hazard_source', { p_source: uuid(50), p_version: 0 })).toMatchObject({
      status: 'conflict',
    })
    const { version } = await now()
    await c.call('village', 'remove_major_hazard_source', { p_source: uuid(50), p_version: version })
    expect(await gradeOf()).toBe(4)
    expect((await causes()).at(-1)).toBe('removed')
  })

  test('is changed by whoever answers for the enterprise and by nobody else', async () => {
    const answers = await Promise.all(
      (['duty', 'town2', 'stranger'] as const).map((who) => send(who, { id: uuid(52) })),
    )
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'not_found', 'not_found'])
    expect((await send('officer', { id: uuid(52) })).status).toBe('ok')
    expect(await c.call('town2', 'remove_major_hazard_source', { p_source: uuid(52), p_version: 1 })).toEqual({
      status: 'not_found',
    })
  })

  test.each<[string, object, string]>([
    ['no name', { name: '' }, 'name'],
    ['nothing in it', { substances: [] }, 'substances'],
    ['a quantity below nothing', { substances: [{ name: '氯', quantity: -1, threshold: 5 }] }, 'substances'],
    ['no threshold', { substances: [{ name: '氯', quantity: 1 }] }, 'substances'],
    ['a threshold of nothing', { substances: [{ name: '氯', quantity: 1, threshold: 0 }] }, 'substances'],
    ['a β of nothing', { substances: [{ name: '氯', quantity: 1, threshold: 5, beta: 0 }] }, 'substances'],
    ['substances that are words', { substances: ['氯'] }, 'substances'],
    ['half a place', { lon: 117 }, 'lon'],
    ['a place beyond the world', { lon: 500, lat: 40 }, 'lon'],
  ])('with %s is refused in words', async (_, more, field) => {
    const answer = await send('admin', { id: uuid(60), ...more })
    expect(answer.status).toBe('rejected')
    expect(answer.errors?.map((error) => error.field)).toContain(field)
  })
})

describe('licences', () => {
  const send = (who: Person, more: object) =>
    c.call<{
      status: string
      licence?: { state: string; days: number; version: number } | null
      errors?: { field: string }[]
    }>(who, 'save_licence', {
      p_licence: { id: uuid(70), enterprise_id: enterprises.a, kind: 'hazchem_operation', number: 'WH-1', ...more },
    })
  const version = async () =>
    (
      await c.db.query<{ version: number }>('select row_version::int as version from public.licences where id = $1', [
        uuid(70),
      ])
    ).rows[0]?.version ?? null
  const day = async (days: number) =>
    (await one<{ day: string }>(c.db, `select (private.today() + $1::int)::text as day`, [days])).day

  test.each([
    [-1, 'expired'],
    [0, 'within_30'],
    [30, 'within_30'],
    [31, 'within_90'],
    [90, 'within_90'],
    [91, 'valid'],
  ])('with %i days left are said to be %s', async (days, state) => {
    const saved = await send('enterprise', { expires_on: await day(days), version: await version() })
    expect(saved).toMatchObject({ status: 'ok', licence: { state, days } })
    expect(
      await one(c.db, 'select licence_expiry::text as expiry from public.enterprises where id = $1', [enterprises.a]),
    ).toEqual({ expiry: await day(days) })
  })

  test('are kept by whoever answers for the enterprise', async () => {
    expect((await send('town2', {})).status).toBe('not_found')
    expect((await send('duty', {})).status).toBe('rejected')
    for (const [more, field] of [
      [{ kind: 'x' }, 'kind'],
      [{ expires_on: 'soon' }, 'expires_on'],
      [{ issued_on: '2026-05-01', expires_on: '2026-04-30' }, 'expires_on'],
      [{ number: '1'.repeat(61) }, 'number'],
      [{ id: 'x' }, 'id'],
    ] as const)
      expect((await send('enterprise', more)).errors?.[0]?.field).toBe(field)
    expect(await send('village', { remove: true, version: await version() })).toEqual({ status: 'ok', licence: null })
    expect(await one(c.db, 'select count(*)::int as n from public.licences')).toEqual({ n: 0 })
  })

  test('are changed by the first of two, and the second is told', async () => {
    const made = await send('enterprise', { issuer: '应急管理局' })
    expect(made).toMatchObject({ status: 'ok', licence: { version: 1 } })
    // sent twice, because the first answer was lost
    expect(await send('enterprise', { issuer: '应急管理局' })).toEqual(made)
    expect(await send('village', { issuer: '区应急局', version: 1 })).toMatchObject({ licence: { version: 2 } })
    const second = await send('enterprise', { issuer: '别的局', version: 1 })
    expect(second).toMatchObject({ status: 'conflict', licence: { version: 2, issuer: '区应急局' } })
    expect((await send('enterprise', { issuer: '别的局' })).status).toBe('conflict')
    expect((await send('enterprise', { remove: true, version: 1 })).status).toBe('conflict')
    expect((await send('enterprise', { remove: true })).status).toBe('conflict')
    expect(await send('enterprise', { remove: true, version: 2 })).toEqual({ status: 'ok', licence: null })
    expect(await send('village', { issuer: '区应急局', version: 2 })).toMatchObject({
      status: 'conflict',
      licence: null,
    })
    // taken away twice is taken away
    expect(await send('enterprise', { remove: true, version: 2 })).toEqual({ status: 'ok', licence: null })
    expect(await one(c.db, 'select count(*)::int as n from public.licences')).toEqual({ n: 0 })
  })

  test('are not overwritten by an import, which says so; a term without one is replaced with a word', async () => {
    const rows = (expiry: string | null) => [
      { code: 'E-A', name: '红星化工厂', sector: 'whp', lon: 117.05, lat: 40.15, licence_expiry: expiry },
      { code: 'E-D', name: '邦均家具厂', sector: 'gm', lon: 117.35, lat: 40.15, licence_expiry: expiry },
    ]
    const send2 = async (expiry: string | null, dry_run: boolean) =>
      (
        await c.call<{ status: string; rows: { status: string; errors: { code: string; message: string }[] }[] }>(
          'admin',
          'import_enterprises',
          { p_rows: rows(expiry), p_options: { on_duplicate: 'update', dry_run } },
        )
      ).rows.map(({ status, errors }) => [status, ...errors.map(({ code, message }) => `${code} ${message}`)])
    const terms = async () =>
      (
        await c.db.query<{ term: string | null }>(
          `select licence_expiry::text as term from public.enterprises where code in ('E-A', 'E-D') order by code`,
        )
      ).rows.map(({ term }) => term)
    await c.db.query(`update public.enterprises set licence_expiry = null where code in ('E-A', 'E-D')`)
    // nothing was entered: nothing to be told
    expect(await send2('2027-01-01', false)).toEqual([['updated'], ['updated']])
    await send('enterprise', { expires_on: '2030-05-01' })
    const told = [
      ['updated', 'KEPT 证照以企业画像里登记的 1 个为准（最早到期 2030-05-01），文件里的有效期不采用：2028-02-02'],
      ['updated', 'REPLACED 许可证有效期将由 2027-01-01 改为 2028-02-02'],
    ]
    expect(await send2('2028-02-02', true)).toEqual(told)
    expect(await terms()).toEqual(['2030-05-01', '2027-01-01'])
    expect(await send2('2028-02-02', false)).toEqual(told)
    expect(await terms()).toEqual(['2030-05-01', '2028-02-02'])
    expect((await send2(null, false))[1]).toEqual(['updated', 'REPLACED 将清空许可证有效期，原为 2028-02-02'])
    expect(await terms()).toEqual(['2030-05-01', null])
    await send('enterprise', { remove: true, version: 1 })
  })
})

test('what belongs to an enterprise is read by whoever sees the enterprise', async () => {
  for (const id of [enterprises.a, enterprises.c]) {
    await c.call('admin', 'save_licence', { p_licence: { enterprise_id: id, kind: 'fire' } })
    await c.call('admin', 'save_major_hazard_source', {
      p_source: { enterprise_id: id, name: '罐区', substances: [{ name: '氨', quantity: 99, threshold: 10 }] },
    })
    await c.call('admin', 'save_risk_point', {
      p_point: point({ enterprise_id: id, measures: [{ category: 'training', content: '培训' }] }),
    })
    await c.db.query('update public.enterprises set employees = 7, risk_level = 4 where id = $1', [id])
    await c.db.query('insert into public.enterprise_confirmations (enterprise_id) values ($1)', [id])
  }
  const tables: [string, string][] = [
    ...[
      'licences',
      'major_hazard_sources',
      'major_hazard_assessments',
      'enterprise_levels',
      'enterprise_changes',
      'enterprise_confirmations',
    ].map((table): [string, string] => [table, 'enterprise_id']),
    ['risk_measures', '(select r.enterprise_id from public.risk_points r where r.id = risk_point_id)'],
    ['major_hazard_substances', '(select s.enterprise_id from public.major_hazard_sources s where s.id = source_id)'],
  ]
  for (const [table, owner] of tables)
    for (const who of Object.keys(people) as Person[]) {
      const { rows } = await c.as(who).query<{ id: string }>(`select distinct ${owner} as id from public.${table}`)
      const sees = (await c.as(who).query<{ id: string }>('select id from public.enterprises')).rows.map(({ id }) => id)
      const expected = [enterprises.a, enterprises.c].filter((id) => sees.includes(id))
      expect([
        who,
        table,
        rows
          .map(({ id }) => id)
          .filter((id) => expected.includes(id))
          .sort(),
      ]).toEqual([who, table, expected])
      expect(
        rows.every(({ id }) => sees.includes(id)),
        `${who} ${table}`,
      ).toBe(true)
    }
})
