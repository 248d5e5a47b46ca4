import type { Feature, FeatureCollection, MultiPolygon, Position } from 'geojson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BoundaryAnswer } from './answers.ts'
import { type County, codes, failure, openCounty, openEmpty, type Person } from './fixtures.ts'

let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

interface Properties {
  id: number
  code: string
  level: number
  leader: string | null
  center: Position
}
const features = (who: Person, args: Record<string, unknown> = {}) =>
  c.call<FeatureCollection<MultiPolygon, Properties>>(who, 'grid_features', args)
const shown = async (who: Person, args: Record<string, unknown> = {}) =>
  (await features(who, args)).features.map((f) => f.properties.code)

describe('grid_features', () => {
  test('gives what the map draws', async () => {
    const all = await features('admin')
    expect(all.type).toBe('FeatureCollection')
    const town = all.features.find((f) => f.properties.code === '101')!
    expect(town).toMatchObject({
      type: 'Feature',
      id: c.grid.t1,
      geometry: { type: 'MultiPolygon' },
      properties: {
        id: c.grid.t1,
        name: '别山镇',
        level: 2,
        kind: 'area',
        parent_id: c.grid.root,
        version: 1,
        leader: '人town',
      },
    })
    expect(town.properties.center[0]).toBeGreaterThan(117)
    expect(town.properties.center[0]).toBeLessThan(117.2)
  })

  test.each<[string, Record<string, unknown>, (keyof typeof codes)[]]>([
    ['everything', {}, ['root', 't1', 't2', 'v11', 'v12', 'v21', 'v22']],
    ['a level', { p_level: 2 }, ['t1', 't2']],
    ['the children of a grid', { p_parent: 't2' }, ['v21', 'v22']],
    ['a level that is not there', { p_level: 7 }, []],
    ['a box', { p_level: 3, p_bbox: [117.01, 40.11, 117.02, 40.12] }, ['v11']],
  ])('%s', async (_, args, expected) => {
    const parent = args.p_parent ? { p_parent: c.grid[args.p_parent as 't2'] } : {}
    expect(await shown('admin', { ...args, ...parent })).toEqual(expected.map((k) => codes[k]))
  })

  test.each<[Person, string[]]>([
    ['town', ['1', '101', '10101', '10102']],
    ['village', ['1', '101', '10101']],
    ['officer', ['1', '101', '102', '10101', '10102', '10201', '10202']],
    ['enterprise', ['1', '101', '10101']],
    ['stranger', []],
  ])('%s is shown %s', async (who, expected) => {
    expect(await shown(who)).toEqual(expected)
    expect(await shown(who, { p_parent: c.grid.t2 })).toEqual(
      expected.filter((code) => code.startsWith('102') && code !== '102'),
    )
  })

  test('names the leaders of the day', async () => {
    const leaderOf = async (tolerance: number | null) =>
      (await features('admin', { p_tolerance: tolerance })).features.find((f) => f.id === c.grid.t2)?.properties.leader
    const person = crypto.randomUUID()
    const before = await leaderOf(null)
    await c.db.query(`insert into public.profiles (id, name) values ($1, '王"五"')`, [person])
    await c.db.query(
      `insert into public.memberships (user_id, grid_id, position, since) values ($1, $2, 'leader', '2020-01-01')`,
      [person, c.grid.t2],
    )
    const joined = (name: string) => [name, before].filter(Boolean).join('、')
    expect(await leaderOf(0.0005)).toBe(joined('王"五"'))
    await c.db.query(`update public.profiles set name = '王六 "geometry" :' where id = $1`, [person])
    expect(await leaderOf(null)).toBe(joined('王六 "geometry" :'))
    await c.db.query(`update public.memberships set position = 'deputy' where user_id = $1`, [person])
    expect(await leaderOf(0.0005)).toBe(before)
    await c.db.query(`update public.memberships set position = 'leader' where user_id = $1`, [person])
    await c.db.query('delete from public.profiles where id = $1', [person])
    expect(await leaderOf(0.0005)).toBe(before)
  })

  test('a department has no outline, at any zoom', async () => {
    const { grids } = await c.call<BoundaryAnswer>('admin', 'commit_grid_boundaries', {
      p_changes: [{ code: 'D-1', name: '应急管理局', kind: 'department', parent_id: c.grid.root }],
      p_options: {},
    })
    const made = grids as unknown as { id: number }[]
    for (const p_tolerance of [null, 0.0001, 0.0005, 0.01]) {
      const { features: all } = await features('admin', { p_tolerance })
      expect(all.find((f) => f.id === made[0]!.id)).toMatchObject({
        geometry: null,
        properties: { kind: 'department' },
      })
    }
    await c.db.query('delete from public.grids where id = $1', [made[0]!.id])
  })

  test('a bad box is refused in words', async () => {
    expect(await c.call('admin', 'grid_features', { p_bbox: [1, 2, 3] })).toMatchObject({
      status: 'rejected',
      errors: [{ code: 'BAD_VALUE' }],
    })
  })

  test('simplified borders stay shared, and small grids stay', async () => {
    const empty = await openEmpty()
    // a border of 400 points that neighbours walk in opposite directions, from different starting points
    const border: Position[] = Array.from({ length: 400 }, (_, i) => [
      117.1 + 0.003 * Math.sin(i / 7),
      40 + (i * 0.1) / 399,
    ])
    const west: Position[] = [[117, 40], ...border, [117, 40.1], [117, 40]]
    const turned = [...border].reverse()
    const east: Position[] = [...turned.slice(100), [117.2, 40], [117.2, 40.1], ...turned.slice(0, 101)]
    const tiny: Position[] = [
      [117.3, 40],
      [117.3002, 40],
      [117.3002, 40.0002],
      [117.3, 40],
    ]
    const polygon = (ring: Position[]) => ({ type: 'Polygon', coordinates: [ring] })
    const answer = await empty.call<BoundaryAnswer>('admin', 'commit_grid_boundaries', {
      p_changes: [
        {
          code: '1',
          name: '区',
          boundary: polygon([
            [117, 40],
            border[0]!,
            [117.2, 40],
            [117.4, 40],
            [117.4, 40.1],
            [117.2, 40.1],
            border[399]!,
            [117, 40.1],
            [117, 40],
          ]),
        },
        { code: 'W', name: '西', parent_code: '1', boundary: polygon(west) },
        { code: 'E', name: '东', parent_code: '1', boundary: polygon(east) },
        { code: 'T', name: '小', parent_code: '1', boundary: polygon(tiny) },
      ],
    })
    expect(answer.violations.features).toEqual([])
    const drawn = await empty.call<FeatureCollection<MultiPolygon, Properties>>('admin', 'grid_features', {
      p_tolerance: 0.001,
    })
    const of = (code: string): Feature<MultiPolygon, Properties> =>
      drawn.features.find((f) => f.properties.code === code)!
    const inner = (code: string) =>
      new Set(
        of(code)
          .geometry.coordinates.flat(2)
          .filter(([x]) => x! > 117.05 && x! < 117.15)
          .map(String),
      )
    // Both sides drop the same vertices, but where one ring begins: its first vertex always stays.
    const [onWest, onEast] = [inner('W'), inner('E')]
    const oneSided = [...onWest, ...onEast].filter((vertex) => !(onWest.has(vertex) && onEast.has(vertex)))
    expect(oneSided.length).toBeLessThanOrEqual(4)
    expect(inner('W').size).toBeLessThan(200)
    expect(inner('W').size).toBeGreaterThan(20)
    expect(of('T').geometry.coordinates[0]![0]!.length).toBeGreaterThanOrEqual(4)
    const exact = await empty.call<FeatureCollection<MultiPolygon, Properties>>('admin', 'grid_features', {})
    expect(JSON.stringify(drawn).length).toBeLessThan(JSON.stringify(exact).length / 2)
    await empty.db.close()
  })
})

describe('the table keeps itself right', () => {
  const put = (sql: string) => failure(() => c.db.exec(sql))
  const ring = (points: string) => `extensions.ST_GeomFromText('MULTIPOLYGON(((${points})))', 4326)`

  test.each<[string, string]>([
    ['NaN', `extensions.ST_GeomFromText('MULTIPOLYGON(((NaN 0, 1 0, 1 1, NaN 0)))', 4326)`],
    ['a bow tie', ring('0 0, 1 1, 1 0, 0 1, 0 0')],
    ['an empty one', `extensions.ST_GeomFromText('MULTIPOLYGON EMPTY', 4326)`],
    ['a height', `extensions.ST_GeomFromText('MULTIPOLYGON Z(((0 0 1, 1 0 1, 1 1 1, 0 0 1)))', 4326)`],
    ['a point', `extensions.ST_GeomFromText('POINT(0 0)', 4326)`],
    [
      '20,001 points',
      `extensions.ST_Multi(extensions.ST_Buffer(extensions.ST_SetSRID(extensions.ST_MakePoint(1, 1), 4326), 0.5, 5001))`,
    ],
  ])('refuses %s as a boundary', async (_, boundary) => {
    expect(
      await put(
        `insert into public.grids (code, name, parent_id, boundary) values ('bad', 'bad', ${c.grid.root}, ${boundary})`,
      ),
    ).not.toBeNull()
  })

  test('an area has a boundary, a department has none, a code is used once, there is one root', async () => {
    const square = ring('0 0, 1 0, 1 1, 0 0')
    expect(await put(`insert into public.grids (code, name, parent_id) values ('x', 'x', ${c.grid.root})`)).toBe(
      '23514',
    )
    expect(
      await put(
        `insert into public.grids (code, name, kind, parent_id, boundary) values ('x', 'x', 'department', ${c.grid.root}, ${square})`,
      ),
    ).toBe('23514')
    expect(
      await put(
        `insert into public.grids (code, name, parent_id, boundary) values ('101', 'x', ${c.grid.root}, ${square})`,
      ),
    ).toBe('23505')
    expect(await put(`insert into public.grids (code, name, boundary) values ('x', 'x', ${square})`)).toBe('23505')
    expect(await put(`update public.grids set parent_id = ${c.grid.v11} where id = ${c.grid.t1}`)).toBe('23514')
  })

  test('path and level cannot be set by hand, even by the owner', async () => {
    await c.db.exec(`update public.grids set path = '9.9', level = 7, area_m2 = 1 where id = ${c.grid.t1}`)
    const { rows } = await c.db.query<{ path: string }>(
      'select path::text as path from public.grids where id = any ($1) order by 1',
      [[c.grid.t1, c.grid.v11]],
    )
    expect(rows.map((row) => row.path)).toEqual([
      `${c.grid.root}.${c.grid.t1}`,
      `${c.grid.root}.${c.grid.t1}.${c.grid.v11}`,
    ])
  })
})
