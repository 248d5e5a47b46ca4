import type { FeatureCollection, MultiPolygon } from 'geojson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BoundaryAnswer } from './answers.ts'
import { box, type County, enterprises, type GridKey, one, openCounty, type Person, people } from './fixtures.ts'
import { trial } from './trial.ts'

// blind_spots: ground, enterprises and grids that nobody answers for.
interface BlindSpots {
  status: string
  gaps: FeatureCollection<MultiPolygon, { grid_id: number; grid_code: string; grid_name: string; area_m2: number }>
  unclaimed_enterprises: {
    id: string
    name: string
    lon: number
    lat: number
    sector: string
    grid_code: string | null
  }[]
  understaffed: {
    grid_id: number
    code: string
    level: number
    leaders: number
    members: number
    needed: number
    missing: string
    lon: number
    lat: number
  }[]
  unpatrolled: unknown[]
}

let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

const spots = (who: Person, grid: number | null) => c.call<BlindSpots>(who, 'blind_spots', { p_grid: grid })
const lacking = (found: BlindSpots) => found.understaffed.map((grid) => `${grid.code} ${grid.missing}`)

test('an exact coverage has no gap; outside of everything is unclaimed; who is missing where', async () => {
  const found = await spots('leader', null)
  expect(found).toMatchObject({ status: 'ok', unpatrolled: [] })
  expect(found.gaps.features).toEqual([])
  expect(found.unclaimed_enterprises).toEqual([
    { id: enterprises.out, name: '区外企业', lon: 118.5, lat: 40.15, sector: '工贸', grid_code: null },
  ])
  expect(lacking(found)).toEqual(['101 members', '102 members', '10102 leader', '10201 leader', '10202 leader'])
  expect(found.understaffed[0]).toMatchObject({ grid_id: c.grid.t1, level: 2, leaders: 1, members: 1, needed: 2 })
  expect(await spots('leader', c.grid.root)).toEqual(found)
})

describe('gaps', () => {
  const around = 'extensions.ST_SetSRID(extensions.ST_GeomFromGeoJSON($1::text), 4326)'
  beforeAll(async () => {
    const answer = await c.call<BoundaryAnswer>('admin', 'commit_grid_boundaries', {
      p_changes: [
        { id: c.grid.v12, boundary: box(117.16, 40.1, 117.2, 40.2) },
        { id: c.grid.v22, boundary: box(117.3, 40.1, 117.4, 40.19) },
      ],
    })
    expect(answer.status).toBe('committed')
  })

  test('the largest first, each with the grid that has it; figures by independent SQL', async () => {
    const { gaps } = await spots('leader', null)
    expect(gaps.features.map((gap) => [gap.properties.grid_code, gap.properties.grid_name])).toEqual([
      ['101', '别山镇'],
      ['102', '邦均镇'],
    ])
    for (const gap of gaps.features) {
      const { area, differs } = await one<{ area: number; differs: number }>(
        c.db,
        `select extensions.ST_Area(rest::extensions.geography) as area,
           extensions.ST_Area(extensions.ST_SymDifference(rest, ${around})) as differs
         from (select extensions.ST_Difference(p.boundary, (
             select extensions.ST_Union(k.boundary) from public.grids k where k.parent_id = p.id and k.retired_at is null)) as rest
           from public.grids p where p.id = $2) x`,
        [JSON.stringify(gap.geometry), gap.properties.grid_id],
      )
      expect(gap.properties.area_m2 / area).toBeCloseTo(1, 3)
      expect(differs).toBeLessThan(1e-9)
    }
  })

  test('an enterprise in a gap is claimed by nobody; a closed one needs nobody', async () => {
    const named = async (who: Person, grid: number | null) =>
      (await spots(who, grid)).unclaimed_enterprises.map((e) => `${e.name} ${e.grid_code}`)
    expect(await named('leader', null)).toEqual(['别山机械厂 101', '区外企业 null'])
    expect(await named('town', c.grid.t1)).toEqual(['别山机械厂 101'])
    expect(await named('town2', null)).toEqual([])
    // the officer sees one's own sector only, and this one trades
    expect(await named('officer', null)).toEqual([])
    await c.db.query(`update public.enterprises set status = 'closed' where id = $1`, [enterprises.b])
    expect(await named('town', c.grid.t1)).toEqual([])
    await c.db.query(`update public.enterprises set status = 'active' where id = $1`, [enterprises.b])
  })

  test('a sliver under the tolerance is none', async () => {
    const answer = await c.call<BoundaryAnswer>('admin', 'commit_grid_boundaries', {
      p_changes: [
        { id: c.grid.v12, boundary: box(117.100003, 40.1, 117.2, 40.2) },
        { id: c.grid.v22, boundary: box(117.3, 40.1, 117.4, 40.2) },
      ],
    })
    expect(answer.status).toBe('committed')
    expect((await spots('admin', null)).gaps.features).toEqual([])
  })
})

describe('too few people', () => {
  test('everyone counts once, whatever the positions; duty officers do not', async () => {
    const add = (person: Person, key: GridKey, position: string) =>
      c.db.query('insert into public.memberships (user_id, grid_id, position) values ($1, $2, $3)', [
        people[person],
        c.grid[key],
        position,
      ])
    await add('town', 't1', 'member')
    await add('duty', 'v12', 'duty')
    expect(lacking(await spots('town', null))).toEqual(['101 members', '10102 leader'])
    await add('member', 't1', 'deputy')
    await add('member', 'v12', 'leader')
    expect(lacking(await spots('town', null))).toEqual([])
  })

  test('how many is the county’s to set, by level', async () => {
    const set = (value: object) =>
      c
        .as('admin')
        .query(`update public.settings set value = $1::text::jsonb where key = 'staffing'`, [JSON.stringify(value)])
    await set({ 3: 5 })
    expect(lacking(await spots('town', null))).toEqual(['10101 members', '10102 members'])
    await set({ 3: 'many' })
    expect(lacking(await spots('town', null))).toEqual([])
    await set({ 2: 2, 3: 1 })
  })

  test('whoever is counted is there: figures by independent SQL', async () => {
    for (const grid of (await spots('leader', null)).understaffed) {
      const { rows } = await c.db.query<{ user_id: string; position: string }>(
        `select user_id, position from public.memberships where grid_id = $1 and position <> 'duty'`,
        [grid.grid_id],
      )
      expect(grid.members).toBe(new Set(rows.map((row) => row.user_id)).size)
      expect(grid.leaders).toBe(rows.filter((row) => row.position === 'leader').length)
    }
  })
})

test('faces made of leftover edges hold the same ground as an overlay, however villages lie', async () => {
  let seed = 11
  const random = () => {
    seed = (seed * 48271) % 2147483647
    return seed / 2147483647
  }
  for (let round = 0; round < 25; round++) {
    await trial(c, async (t) => {
      for (const key of ['v11', 'v12', 'v21', 'v22'] as const) {
        if (random() < 0.3) continue
        // moved, shrunk, over a neighbour, with a hole: never the corners of a neighbour
        const [dx, dy] = [(random() - 0.5) * 0.03, (random() - 0.5) * 0.02]
        await t.rows(
          `update public.grids g set boundary = extensions.ST_Multi(s.shape) from (
             select extensions.ST_Difference(extensions.ST_Translate(boundary, $2, $3),
               case when $4 then extensions.ST_Buffer(extensions.ST_PointOnSurface(boundary), 0.005) end) as holed,
               extensions.ST_Translate(boundary, $2, $3) as whole from public.grids where id = $1) x
           cross join lateral (select coalesce(x.holed, x.whole) as shape) s where g.id = $1`,
          [c.grid[key], dx, dy, random() < 0.3],
        )
      }
      const found = await t.call<BlindSpots>('admin', 'blind_spots', { p_grid: null })
      expect(found.status).toBe('ok')
      const rows = await t.rows<{ code: string; area: number }>(
        `select p.code, sum(private.area_m2(d.geom)) as area
         from public.grids p
         cross join lateral extensions.ST_Dump(extensions.ST_Difference(p.boundary, (
           select extensions.ST_Union(k.boundary, 1e-8) from public.grids k
           where k.parent_id = p.id and k.retired_at is null and k.kind = 'area'), 1e-8)) d
         where private.part_counts(d.geom, 1) group by p.code`,
      )
      const sums = new Map<string, number>()
      for (const { properties } of found.gaps.features)
        sums.set(properties.grid_code, (sums.get(properties.grid_code) ?? 0) + properties.area_m2)
      expect([...sums.keys()].sort()).toEqual(rows.map((row) => row.code).sort())
      for (const { code, area } of rows) expect(Math.abs(sums.get(code)! - Number(area))).toBeLessThan(100)
    })
  }
})

describe('who may', () => {
  test.each<[Person, GridKey, boolean]>([
    ['admin', 't2', true],
    ['leader', 't2', true],
    ['duty', 'root', true],
    ['officer', 't1', true],
    ['town', 't1', true],
    ['town', 'root', false],
    ['town', 't2', false],
    ['town2', 'v11', false],
    ['member', 'v11', true],
    ['enterprise', 'v11', false],
    ['stranger', 'root', false],
  ])('%s asks about %s: %s', async (who, key, may) => {
    const found = await spots(who, c.grid[key])
    if (may) expect(found.status).toBe('ok')
    else expect(found).toEqual({ status: 'not_found' })
  })

  test('the whole scope is one’s own', async () => {
    expect(lacking(await spots('town2', null)).every((grid) => grid.startsWith('102'))).toBe(true)
    expect(await spots('stranger', null)).toEqual({
      status: 'ok',
      gaps: { type: 'FeatureCollection', features: [] },
      unclaimed_enterprises: [],
      understaffed: [],
      unpatrolled: [],
    })
  })

  test('what is not there is not found, and nobody asks without an account', async () => {
    expect(await spots('admin', 999_999)).toEqual({ status: 'not_found' })
    await expect(c.as('anon').rpc('blind_spots', { p_grid: null })).rejects.toMatchObject({ code: '42501' })
  })
})
