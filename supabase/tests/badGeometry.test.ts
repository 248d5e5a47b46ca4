import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BoundaryAnswer, violationCodes } from './answers.ts'
import { box, type County, openCounty } from './fixtures.ts'

// What people send that is no boundary: each is refused with its code, in words, and nothing is written.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

const text = (boundary: string, more = '') =>
  `[{"code": "N", "name": "新村", "kind": "area", "parent_id": ${c.grid.t1}, "boundary": ${boundary}${more}}]`
const send = async (changes: string, options = '{}') => {
  const { rows } = await c
    .as('admin')
    .query<{ v: BoundaryAnswer }>('select public.commit_grid_boundaries($1::text::jsonb, $2::text::jsonb) as v', [
      changes,
      options,
    ])
  return rows[0]!.v
}
const polygon = (ring: string) => `{"type": "Polygon", "coordinates": [[${ring}]]}`

const circle = (points: number) =>
  JSON.stringify({
    type: 'Polygon',
    coordinates: [
      Array.from({ length: points }, (_, i) => {
        const turn = i === points - 1 ? 0 : (i / (points - 1)) * 2 * Math.PI
        return [117.05 + 0.04 * Math.cos(turn), 40.15 + 0.04 * Math.sin(turn)]
      }),
    ],
  })

const fineRing = '[[117, 40.1], [117.1, 40.1], [117.1, 40.2], [117, 40.1]]'
const refused: [string, string, string, RegExp][] = [
  ['"NaN" as a string', polygon('["NaN", 40], [117.1, 40], [117.1, 40.1], ["NaN", 40]'), 'BAD_VALUE', /不是数字/],
  ['null', polygon('[null, 40], [117.1, 40], [117.1, 40.1], [null, 40]'), 'BAD_VALUE', /不是数字/],
  ['true', polygon('[true, 40], [117.1, 40], [117.1, 40.1], [true, 40]'), 'BAD_VALUE', /不是数字/],
  ['1e400', polygon('[1e400, 40], [117.1, 40], [117.1, 40.1], [1e400, 40]'), 'OUT_OF_RANGE', /有限/],
  ['a third number', polygon('[117, 40, 5], [117.1, 40, 5], [117.1, 40.1, 5], [117, 40, 5]'), 'BAD_VALUE', /高程/],
  ['no ring', '{"type": "Polygon", "coordinates": []}', 'INVALID_GEOMETRY', /空/],
  ['an empty ring', '{"type": "Polygon", "coordinates": [[]]}', 'INVALID_GEOMETRY', /空/],
  ['no coordinates', '{"type": "Polygon"}', 'INVALID_GEOMETRY', /空/],
  ['an unclosed ring', polygon('[117, 40.1], [117.1, 40.1], [117.1, 40.2], [117, 40.2]'), 'INVALID_GEOMETRY', /闭合/],
  ['three points', polygon('[117, 40.1], [117.1, 40.1], [117, 40.1]'), 'INVALID_GEOMETRY', /四个点/],
  [
    'an unclosed hole',
    '{"type": "Polygon", "coordinates": [[[117, 40.1], [117.1, 40.1], [117.1, 40.2], [117, 40.1]], [[117.05, 40.12], [117.06, 40.12], [117.06, 40.13], [117.05, 40.14]]]}',
    'INVALID_GEOMETRY',
    /闭合/,
  ],
  [
    'a bow tie',
    polygon('[117, 40.1], [117.1, 40.2], [117.1, 40.1], [117, 40.2], [117, 40.1]'),
    'INVALID_GEOMETRY',
    /自相交，位置 117\.05\d*, 40\.15/,
  ],
  ['no area', polygon('[117, 40.1], [117.1, 40.1], [117, 40.1], [117, 40.1]'), 'INVALID_GEOMETRY', /“新村”/],
  ['a point', '{"type": "Point", "coordinates": [117, 40]}', 'INVALID_GEOMETRY', /Point/],
  ['a mixed collection', '{"type": "GeometryCollection", "geometries": []}', 'INVALID_GEOMETRY', /GeometryCollection/],
  ['a string', '"POLYGON((0 0))"', 'INVALID_GEOMETRY', /GeoJSON/],
  [
    'wrong depth',
    '{"type": "MultiPolygon", "coordinates": [[[117, 40], [117.1, 40], [117.1, 40.1], [117, 40]]]}',
    'INVALID_GEOMETRY',
    /层次/,
  ],
  ['one number', polygon('[117], [118], [119], [117]'), 'INVALID_GEOMETRY', /层次/],
  ['latitude first', polygon('[40.1, 117], [40.2, 117], [40.2, 117.1], [40.1, 117]'), 'OUT_OF_RANGE', /经纬度疑似颠倒/],
  [
    'metres',
    polygon('[500000, 4444000], [500100, 4444000], [500100, 4444100], [500000, 4444000]'),
    'OUT_OF_RANGE',
    /以米为单位/,
  ],
  [
    'a hole outside',
    '{"type": "Polygon", "coordinates": [[[117, 40.1], [117.1, 40.1], [117.1, 40.2], [117, 40.1]], [[118, 40], [118.1, 40], [118.1, 40.1], [118, 40]]]}',
    'INVALID_GEOMETRY',
    /洞/,
  ],
  ['a string after the ring', `{"type": "Polygon", "coordinates": [${fineRing}, "x"]}`, 'BAD_VALUE', /不是数字/],
  ['an object after the ring', `{"type": "Polygon", "coordinates": [${fineRing}, {}]}`, 'BAD_VALUE', /不是数字/],
  ['null after the ring', `{"type": "Polygon", "coordinates": [${fineRing}, null]}`, 'BAD_VALUE', /不是数字/],
  ['an empty hole', `{"type": "Polygon", "coordinates": [${fineRing}, []]}`, 'INVALID_GEOMETRY', /空/],
  ['a number after the ring', `{"type": "Polygon", "coordinates": [${fineRing}, 5]}`, 'INVALID_GEOMETRY', /层次/],
  [
    'a ring where a polygon belongs',
    `{"type": "MultiPolygon", "coordinates": [${fineRing}]}`,
    'INVALID_GEOMETRY',
    /层次/,
  ],
  ['polygons in a polygon', `{"type": "Polygon", "coordinates": [[${fineRing}], [${fineRing}]]}`, 'BAD_VALUE', /高程/],
  [
    'a string after the polygon',
    `{"type": "MultiPolygon", "coordinates": [[${fineRing}], "x"]}`,
    'BAD_VALUE',
    /不是数字/,
  ],
  [
    'a string within the polygon',
    `{"type": "MultiPolygon", "coordinates": [[${fineRing}, "EMPTY"]]}`,
    'BAD_VALUE',
    /不是数字/,
  ],
  ['words for coordinates', '{"type": "Polygon", "coordinates": " EMPTY"}', 'INVALID_GEOMETRY', /空/],
  ['true for coordinates', '{"type": "MultiPolygon", "coordinates": [true]}', 'BAD_VALUE', /不是数字/],
  [
    'four numbers',
    polygon('[117, 40, 5, 1], [117.1, 40, 5, 1], [117.1, 40.1, 5, 1], [117, 40, 5, 1]'),
    'BAD_VALUE',
    /高程/,
  ],
  ['now two numbers, now three', polygon('[117, 40], [117.1, 40, 5], [117.1, 40.1], [117, 40]'), 'BAD_VALUE', /高程/],
  ['1e-400 beside 1e300', polygon('[1e-400, 40], [117.1, 1e300], [117.1, 40.1], [1e-400, 40]'), 'OUT_OF_RANGE', /离谱/],
]

describe('refused', () => {
  test.each(refused)('%s', async (_, boundary, code, words) => {
    const answer = await send(text(boundary))
    expect(answer.status).toBe('rejected')
    expect(violationCodes(answer)).toEqual([code])
    expect(answer.violations.features[0]!.properties).toMatchObject({ change: 0, grid_code: 'N' })
    expect(answer.violations.features[0]!.properties.message).toMatch(words)
  })

  test.each(refused)('%s is not taken for right at first sight', async (_, boundary) => {
    const { rows } = await c.db.query<{ plain: string | null }>(
      'select (private.plain_boundaries($1::text::jsonb, array[-180, -90, 180, 90]))[1] as plain',
      [text(boundary)],
    )
    expect(rows[0]!.plain).toBeNull()
  })

  test('one among many is the only one complained about', async () => {
    const fine = box(117.01, 40.11, 117.02, 40.12)
    const answer = await send(
      JSON.stringify(
        [fine, { type: 'Polygon', coordinates: [[[117, 40]]] }, fine].map((boundary, i) => ({
          code: `N${i}`,
          name: `新村${i}`,
          parent_id: c.grid.t1,
          boundary,
        })),
      ),
    )
    expect(answer.violations.features.map((f) => f.properties.change)).toEqual([1])
  })

  test('20,001 points, before any geometry engine sees them; 20,000 are judged', async () => {
    expect(violationCodes(await send(text(circle(20_001))))).toEqual(['TOO_MANY_VERTICES'])
    expect(violationCodes(await send(text(circle(20_000))))).toEqual(['OVERLAP'])
  })

  test('another coordinate system named inside the geometry is not believed', async () => {
    const answer = await send(
      text(
        `{"type": "Polygon", "crs": {"type": "name", "properties": {"name": "EPSG:3857"}}, "coordinates": ${JSON.stringify(box(117.01, 40.11, 117.02, 40.12).coordinates)}}`,
      ),
    )
    expect(violationCodes(answer)).toEqual(['OVERLAP'])
  })

  test('outside the deployment’s bounds', async () => {
    await c.db.query(`update public.settings set value = '[116, 39, 118, 41]' where key = 'bounds'`)
    expect(violationCodes(await send(text(JSON.stringify(box(118.5, 40, 118.6, 40.1)))))).toEqual(['OUT_OF_RANGE'])
    await c.db.query(`update public.settings set value = 'null' where key = 'bounds'`)
  })
})

describe('read', () => {
  const hole = '[[117.05, 40.11], [117.06, 40.11], [117.06, 40.12], [117.05, 40.11]]'
  const island = '[[118, 40], [118.1, 40], [118.1, 40.1], [118, 40]]'
  test.each([
    ['a polygon', `{"type": "Polygon", "coordinates": [${fineRing}]}`],
    ['whole, small and negative numbers', polygon('[-1, 0], [1e-7, 0], [1.50, 2E1], [-1, 0]')],
    ['more digits than there are', polygon('[117.00000000000000000001, 0], [1, 0], [1, 1], [117.0, 0]')],
    ['a hole', `{"type": "Polygon", "coordinates": [${fineRing}, ${hole}]}`],
    ['one polygon of several', `{"type": "MultiPolygon", "coordinates": [[${fineRing}, ${hole}]]}`],
    ['an island', `{"type": "MultiPolygon", "coordinates": [[${fineRing}, ${hole}], [${island}]]}`],
  ])('%s, at first sight or at a second: bit for bit the same', async (_, boundary) => {
    const { rows } = await c.db.query<{ plain: string | null; read: string }>(
      `select extensions.st_asewkb((private.plain_boundaries(b, w))[1])::text as plain, extensions.st_asewkb(r.shape)::text as read
       from (select $1::text::jsonb as b, array[-180, -90, 180, 90]::float8[] as w) x
       cross join lateral private.read_boundary(b -> 0 -> 'boundary', w) r`,
      [text(boundary)],
    )
    expect(rows[0]!.read).not.toBeNull()
    expect(rows[0]!.plain ?? rows[0]!.read).toBe(rows[0]!.read)
    if (!boundary.includes(island)) expect(rows[0]!.plain).not.toBeNull()
  })
})

describe('words', () => {
  const fine = JSON.stringify(box(117.01, 40.11, 117.02, 40.12))
  test.each<[string, string, string]>([
    ['not a list', '{}', 'BAD_VALUE'],
    ['nothing', '[]', 'MISSING_FIELD'],
    ['null', 'null', 'BAD_VALUE'],
    ['not an object', '[1]', 'BAD_VALUE'],
    ['no code', `[{"name": "x", "parent_id": 1, "boundary": ${fine}}]`, 'MISSING_FIELD'],
    ['no name', `[{"code": "x", "parent_id": 1, "boundary": ${fine}}]`, 'MISSING_FIELD'],
    ['blank name', `[{"code": "x", "name": "  ", "parent_id": 1, "boundary": ${fine}}]`, 'MISSING_FIELD'],
    ['no boundary', `[{"code": "x", "name": "x", "parent_id": 1}]`, 'MISSING_FIELD'],
    ['no parent', `[{"code": "x", "name": "x", "boundary": ${fine}}]`, 'MISSING_FIELD'],
    ['an unknown parent', `[{"code": "x", "name": "x", "parent_code": "没有", "boundary": ${fine}}]`, 'NOT_FOUND'],
    ['itself as parent', `[{"code": "x", "name": "x", "parent_code": "x", "boundary": ${fine}}]`, 'NOT_FOUND'],
    [
      'a kind that is none',
      `[{"code": "x", "name": "x", "kind": "块", "parent_id": 1, "boundary": ${fine}}]`,
      'BAD_VALUE',
    ],
    ['a version that is none', `[{"id": 1, "version": "最新"}]`, 'BAD_VALUE'],
    ['an id that is none', `[{"id": "1; drop table grids"}]`, 'BAD_VALUE'],
    ['a long name', `[{"code": "x", "name": "${'长'.repeat(61)}", "parent_id": 1, "boundary": ${fine}}]`, 'TOO_LONG'],
    ['a control character', `[{"code": "x\\u0001", "name": "x", "parent_id": 1, "boundary": ${fine}}]`, 'BAD_VALUE'],
    ['retire nothing', `[{"retire": true}]`, 'MISSING_FIELD'],
    ['a grid that does not exist', `[{"id": 123456, "retire": true}]`, 'NOT_FOUND'],
    ['a code in use', `[{"code": "101", "name": "x", "parent_id": 1, "boundary": ${fine}}]`, 'DUPLICATE_CODE'],
  ])('%s', async (_, changes, code) => {
    const answer = await send(changes)
    expect(answer.status).toBe('rejected')
    expect(violationCodes(answer)).toContain(code)
    for (const fault of answer.violations.features) expect(fault.properties.message).toMatch(/[一-鿿]/)
  })

  test('the same code twice in one call', async () => {
    const answer = await send(
      `[{"code": "x", "name": "甲", "parent_id": ${c.grid.t1}, "boundary": ${fine}}, {"code": "x", "name": "乙", "parent_id": ${c.grid.t1}, "boundary": ${fine}}]`,
    )
    expect(violationCodes(answer)).toEqual(['DUPLICATE_CODE'])
    expect(answer.violations.features[0]!.properties).toMatchObject({ change: 1, grid_code: 'x', other_code: 'x' })
  })

  test('parents that name each other', async () => {
    const answer = await send(
      `[{"code": "x", "name": "甲", "parent_code": "y", "boundary": ${fine}}, {"code": "y", "name": "乙", "parent_code": "x", "boundary": ${fine}}]`,
    )
    expect(violationCodes(answer)).toEqual(['BAD_VALUE'])
  })

  test('a grid under its own child', async () => {
    const answer = await send(`[{"id": ${c.grid.t1}, "parent_id": ${c.grid.v11}}]`)
    expect(answer.status).toBe('rejected')
    expect(violationCodes(answer)).toEqual(['BAD_VALUE'])
  })

  test('HTML and formulas are names like any other', async () => {
    const answer = await send(
      JSON.stringify([
        {
          code: 'u-1',
          name: '=1+1 <img src=x onerror=alert(1)>',
          kind: 'unit',
          parent_id: c.grid.v11,
          center: [117.05, 40.15],
        },
      ]),
      '{"dry_run": true}',
    )
    expect(answer).toMatchObject({ status: 'valid', grids: [{ code: 'u-1' }] })
  })

  test('arguments as JSON strings, as they come through the embedded Data API on native PostgreSQL', async () => {
    const { rows } = await c
      .as('admin')
      .query<{ v: BoundaryAnswer }>(
        'select public.commit_grid_boundaries(to_jsonb($1::text), to_jsonb($2::text)) as v',
        [`[{"id": ${c.grid.v11}, "version": 1, "name": "改名"}]`, '{"dry_run": true}'],
      )
    expect(rows[0]!.v).toMatchObject({ status: 'valid', grids: [{ version: 2 }] })
  })
})

test('nothing of all this was written', async () => {
  const { rows } = await c.db.query<{ n: number; v: number }>(
    'select count(*)::int as n, max(version) as v from public.grids',
  )
  expect(rows[0]).toEqual({ n: 7, v: 1 })
})
