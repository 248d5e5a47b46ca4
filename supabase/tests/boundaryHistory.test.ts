import type { FeatureCollection, MultiPolygon } from 'geojson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BoundaryAnswer } from './answers.ts'
import { box, type County, type GridKey, one, openCounty, type Person } from './fixtures.ts'

// boundaries_at and boundary_history: any date drawn again, and who changed what and why.
interface Version {
  id: number
  code: string
  name: string
  level: number
  parent_id: number | null
  version: number
  valid_from: string
  valid_to: string | null
  self: boolean
}
type Versions = FeatureCollection<MultiPolygon, Version> & { status?: string }
interface Change {
  grid_id: number
  code: string
  name: string
  op: string
  version: number
  area_before: number | null
  area_after: number | null
}
interface History {
  status: string
  edits: { at: string; by: string | null; note: string | null; changes: Change[] }[]
  next: string | null
}

let c: County
let made = 0
/** Database time after each of the edits below. */
const after: string[] = []

const at = (who: Person, grid: number, moment: string | null) =>
  c.call<Versions>(who, 'boundaries_at', { p_grid: grid, p_at: moment })
const history = (who: Person, grid: number | null, before: string | null = null, limit: number | null = null) =>
  c.call<History>(who, 'boundary_history', { p_grid: grid, p_before: before, p_limit: limit })

/** The clock of PGlite counts milliseconds: the next edit must not fall into the same one. */
async function noteTime(): Promise<void> {
  after.push((await one<{ t: string }>(c.db, 'select clock_timestamp()::text as t')).t)
  await new Promise((later) => setTimeout(later, 5))
}

async function commit(who: Person, changes: object[], note: string): Promise<void> {
  const answer = await c.call<BoundaryAnswer>(who, 'commit_grid_boundaries', {
    p_changes: changes,
    p_options: { note },
  })
  expect(answer.violations.features).toEqual([])
  expect(answer.status).toBe('committed')
  await noteTime()
}

beforeAll(async () => {
  c = await openCounty()
  await noteTime()
  await commit(
    'town',
    [
      { id: c.grid.v11, version: 1, boundary: box(117, 40.1, 117.12, 40.2) },
      { id: c.grid.v12, version: 1, boundary: box(117.12, 40.1, 117.2, 40.2) },
    ],
    '调整村界',
  )
  await commit(
    'town',
    [
      { id: c.grid.v12, version: 2, boundary: box(117.12, 40.1, 117.2, 40.15) },
      { code: '10103', name: '新村', kind: 'area', parent_id: c.grid.t1, boundary: box(117.12, 40.15, 117.2, 40.2) },
    ],
    '分村',
  )
  made = (await one<{ id: number }>(c.db, `select id from public.grids where code = '10103'`)).id
  await commit('admin', [{ id: made, version: 1, name: '别山新村' }], '')
  await commit(
    'leader',
    [
      { id: made, version: 2, retire: true },
      { id: c.grid.v12, version: 3, boundary: box(117.12, 40.1, 117.2, 40.2) },
    ],
    '并回',
  )
  // 二村 goes over to the other town
  await commit(
    'leader',
    [
      { id: c.grid.t1, version: 1, boundary: box(117, 40.1, 117.12, 40.2) },
      { id: c.grid.t2, version: 1, boundary: box(117.12, 40.1, 117.4, 40.2) },
      { id: c.grid.v12, version: 4, parent_id: c.grid.t2 },
    ],
    '划归邦均',
  )
})
afterAll(() => c.db.close())

describe('boundaries_at', () => {
  const codes = (versions: Versions) => versions.features.map((f) => f.properties.code)

  test('draws every date as it was', async () => {
    expect(codes(await at('town', c.grid.t1, after[0]!))).toEqual(['101', '10101', '10102'])
    expect(codes(await at('town', c.grid.t1, after[2]!))).toEqual(['101', '10101', '10102', '10103'])
    expect(codes(await at('town', c.grid.t1, after[4]!))).toEqual(['101', '10101', '10102'])
    expect(codes(await at('town', c.grid.t1, null))).toEqual(['101', '10101'])
    expect(codes(await at('town2', c.grid.t2, null))).toEqual(['102', '10102', '10201', '10202'])
    expect(codes(await at('admin', c.grid.t1, '1999-01-01T00:00:00Z'))).toEqual([])
  })

  test('with name, version and time of then, and the exact outline', async () => {
    const then = await at('town', c.grid.t1, after[3]!)
    const renamed = then.features.find((f) => f.id === made)!
    expect(renamed.properties).toMatchObject({
      name: '别山新村',
      version: 2,
      level: 3,
      parent_id: c.grid.t1,
      self: false,
    })
    expect(renamed.properties.valid_to).not.toBeNull()
    expect(then.features[0]!.properties).toMatchObject({ id: c.grid.t1, self: true })
    const { same } = await one<{ same: boolean }>(
      c.db,
      `select extensions.ST_OrderingEquals(boundary, extensions.ST_SetSRID(extensions.ST_GeomFromGeoJSON($1::text), 4326)) as same
       from public.grid_versions where grid_id = $2 and version = 2`,
      [JSON.stringify(renamed.geometry), made],
    )
    expect(same).toBe(true)
  })

  test('each date tiles like the ground did: areas of the children sum to the parent', async () => {
    for (const moment of after) {
      const { features } = await at('leader', c.grid.t1, moment)
      const { inside, whole } = await one<{ inside: number; whole: number }>(
        c.db,
        `select sum(a) filter (where not self) as inside, sum(a) filter (where self) as whole from (
           select (f -> 'properties' ->> 'self')::boolean as self,
             extensions.ST_Area(extensions.ST_SetSRID(extensions.ST_GeomFromGeoJSON(f -> 'geometry'), 4326)::extensions.geography) as a
           from jsonb_array_elements($1::text::jsonb) f) x`,
        [JSON.stringify(features)],
      )
      expect(Number(inside) / Number(whole)).toBeCloseTo(1, 6)
    }
  })

  test.each<[Person, GridKey, boolean]>([
    ['leader', 't2', true],
    ['officer', 't2', true],
    ['village', 'v11', true],
    ['town', 't2', false],
    ['town2', 't1', false],
    ['stranger', 'root', false],
  ])('%s draws %s: %s', async (who, key, may) => {
    const answer = await at(who, c.grid[key], null)
    if (may) expect(answer.features.length).toBeGreaterThan(0)
    else expect(answer).toEqual({ status: 'not_found' })
  })

  test('what is not there is not found', async () => {
    expect(await at('admin', 999_999, null)).toEqual({ status: 'not_found' })
    expect(await c.call('admin', 'boundaries_at', {})).toEqual({ status: 'not_found' })
  })
})

describe('boundary_history', () => {
  test('newest first: who, why, and what became of each grid', async () => {
    const { status, edits, next } = await history('town', c.grid.t1)
    expect(status).toBe('ok')
    expect(next).toBeNull()
    // the fixtures plant each grid in a statement of its own
    const edited = edits.filter((edit) => edit.by !== null)
    expect(edited.map((edit) => [edit.by, edit.note])).toEqual([
      ['人leader', '划归邦均'],
      ['人leader', '并回'],
      ['管理员', null],
      ['人town', '分村'],
      ['人town', '调整村界'],
    ])
    expect(edited.map((edit) => edit.changes.map((change) => `${change.code} ${change.op}`))).toEqual([
      ['101 reshaped', '10102 moved'],
      ['10102 reshaped', '10103 retired'],
      ['10103 renamed'],
      ['10102 reshaped', '10103 created'],
      ['10101 reshaped', '10102 reshaped'],
    ])
    expect(edits.slice(edited.length).flatMap((edit) => edit.changes.map((change) => change.op))).toEqual([
      'created',
      'created',
      'created',
    ])
    const retired = edited[1]!.changes[1]!
    expect(retired).toMatchObject({ grid_id: made, name: '别山新村', version: 3, area_after: null })
  })

  test('areas are those of the outlines, to the square metre by independent SQL', async () => {
    const { edits } = await history('admin', c.grid.root)
    for (const { at: moment, changes } of edits)
      for (const change of changes) {
        const { before, after: later } = await one<{ before: number | null; after: number | null }>(
          c.db,
          `select extensions.ST_Area(o.boundary::extensions.geography) as before, extensions.ST_Area(v.boundary::extensions.geography) as after
           from public.grid_versions v left join public.grid_versions o on o.grid_id = v.grid_id and o.version = v.version - 1
           where v.grid_id = $1 and v.version = $2 and v.valid_from = $3::text::timestamptz`,
          [change.grid_id, change.version, moment],
        )
        if (before === null) expect(change.area_before).toBeNull()
        else expect(change.area_before! / before).toBeCloseTo(1, 3)
        if (later === null) expect(change.area_after).toBeNull()
        else expect(change.area_after! / later).toBeCloseTo(1, 3)
      }
    const { n } = await one<{ n: number }>(c.db, 'select count(*)::int as n from public.grid_versions')
    expect(edits.flatMap((edit) => edit.changes)).toHaveLength(n)
  })

  test('pages meet without gap or repetition', async () => {
    const all = (await history('leader', c.grid.root)).edits
    const paged: History['edits'] = []
    let before: string | null = null
    do {
      const page: History = await history('leader', c.grid.root, before, 2)
      expect(page.edits.length).toBeLessThanOrEqual(2)
      paged.push(...page.edits)
      before = page.next
    } while (before)
    expect(paged).toEqual(all)
  })

  test('who led it sees why a village left, and nothing of what it became', async () => {
    const [left] = (await history('town', c.grid.t1)).edits
    expect(left!.changes.find((change) => change.op === 'moved')).toMatchObject({ area_after: null })
    const arrived = (await history('town2', c.grid.t2)).edits[0]!
    expect(arrived.changes.find((change) => change.op === 'moved')!.area_after).toBeGreaterThan(0)
    await commit('town2', [{ id: c.grid.v12, version: 5, name: '邦均三村' }], '更名')
    expect((await history('town', c.grid.t1)).edits[0]!.note).toBe('划归邦均')
    expect((await history('town2', c.grid.t2)).edits[0]!.note).toBe('更名')
  })

  test.each<[Person, GridKey]>([
    ['town', 't2'],
    ['village', 'v12'],
    ['enterprise', 'v21'],
    ['stranger', 'root'],
  ])('%s finds no history of %s', async (who, key) => {
    expect(await history(who, c.grid[key])).toEqual({ status: 'not_found' })
  })

  test('a grid above one’s own tells only of what one sees', async () => {
    const { edits } = await history('town', c.grid.root)
    const ids = new Set(edits.flatMap((edit) => edit.changes.map((change) => change.grid_id)))
    expect(ids.has(c.grid.v21)).toBe(false)
    expect(ids.has(c.grid.v11)).toBe(true)
  })

  test('bad input', async () => {
    expect(await history('admin', null)).toEqual({ status: 'not_found' })
    expect((await history('admin', c.grid.root, null, 0)).edits).toHaveLength(1)
    expect((await history('admin', c.grid.root, '1999-01-01T00:00:00Z')).edits).toEqual([])
  })
})

test('history is append-only, the retirement too', async () => {
  for (const sql of [
    `update public.grid_versions set note = 'x' where retired`,
    `update public.grid_versions set request_id = gen_random_uuid(), valid_to = now() where valid_to is null`,
    'delete from public.grid_versions where retired',
  ])
    await expect(c.db.query(sql)).rejects.toMatchObject({ code: '42501' })
})
