import type { Position } from 'geojson'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type BoundaryAnswer, violationCodes } from './answers.ts'
import { box, type County, enterprises, hazards, one, openCounty, openEmpty, type Person, people } from './fixtures.ts'
import { trial } from './trial.ts'

// commit_grid_boundaries: what may change, what is refused and in which words. Each test works on a county of its own
// within one transaction of the file's database.
const county = await openCounty()
const empty = await openEmpty()
afterAll(async () => {
  await county.db.close()
  await empty.db.close()
})

let c: County
beforeEach(() => {
  c = county
})

const grown = box(117, 40.1, 117.12, 40.2)
const shrunk = box(117.12, 40.1, 117.2, 40.2)

describe('a border moves', () => {
  test('both neighbours in one call, and what lies between changes hands', async () => {
    await trial(c, async ({ commit, rows }) => {
      const wide = box(117, 40.1, 117.16, 40.2)
      const rest = box(117.16, 40.1, 117.2, 40.2)
      const answer = await commit(
        [
          { id: c.grid.v11, version: 1, boundary: wide },
          { id: c.grid.v12, version: 1, boundary: rest },
        ],
        { note: '调整村界' },
      )
      expect(violationCodes(answer)).toEqual([])
      expect(answer).toMatchObject({ status: 'committed', moved: { enterprises: 1, hazards: 1 } })
      expect(answer.grids.map((g) => [g.id, g.version])).toEqual([
        [c.grid.v11, 2],
        [c.grid.v12, 2],
      ])
      expect(answer.gaps.features).toEqual([])
      expect(await rows('select grid_id from public.enterprises where id = $1', [enterprises.b])).toEqual([
        { grid_id: c.grid.v11 },
      ])
      expect(await rows('select grid_id from public.risk_points where enterprise_id = $1', [enterprises.b])).toEqual([
        { grid_id: c.grid.v11 },
      ])
      const history = await rows<{ version: number; open: boolean; note: string | null; changed_by: string | null }>(
        'select version, valid_to is null as open, note, changed_by from public.grid_versions where grid_id = $1 order by version',
        [c.grid.v11],
      )
      expect(history).toEqual([
        { version: 1, open: false, note: null, changed_by: null },
        { version: 2, open: true, note: '调整村界', changed_by: people.admin },
      ])
    })
  })

  test('closed hazards stay where they were closed', async () => {
    await trial(c, async ({ commit, rows }) => {
      const answer = await commit([
        { id: c.grid.v21, version: 1, boundary: box(117.2, 40.1, 117.22, 40.2) },
        { id: c.grid.v22, version: 1, boundary: box(117.22, 40.1, 117.4, 40.2) },
      ])
      expect(answer).toMatchObject({ status: 'committed', moved: { enterprises: 1, hazards: 0 } })
      expect(await rows('select grid_id from public.hazards where id = $1', [hazards.done])).toEqual([
        { grid_id: c.grid.v21 },
      ])
    })
  })

  test('one side alone overlaps: the ground, both names and the area are said', async () => {
    await trial(c, async ({ commit, rows }) => {
      const answer = await commit([{ id: c.grid.v11, version: 1, boundary: grown }])
      expect(answer.status).toBe('rejected')
      const [fault] = answer.violations.features
      expect(fault!.properties).toMatchObject({ code: 'OVERLAP', change: 0, grid_code: '10101', other_code: '10102' })
      // 0.02° × 0.1° at 40.15° north
      expect(fault!.properties.area_m2! / (0.02 * 85_262 * 0.1 * 111_041)).toBeCloseTo(1, 2)
      expect(fault!.properties.message).toMatch(/^“别山一村”与“别山二村”重叠 [\d.]+ (公顷|平方公里)$/)
      expect(fault!.geometry?.type).toBe('MultiPolygon')
      expect(await rows('select version from public.grids where id = $1', [c.grid.v11])).toEqual([{ version: 1 }])
    })
  })

  test('ground given up becomes a gap, which is listed, or refused when gaps are not allowed', async () => {
    await trial(c, async ({ commit }) => {
      const change = [{ id: c.grid.v12, version: 1, boundary: shrunk }]
      const refused = await commit(change, { allow_gaps: false })
      expect(refused).toMatchObject({ status: 'rejected', message: '留有 1 处盲区' })
      const answer = await commit(change)
      expect(answer).toMatchObject({ status: 'committed' })
      expect(answer.gaps.features).toHaveLength(1)
      expect(answer.gaps.features[0]!.properties).toMatchObject({ grid_code: '101' })
      expect(answer.gaps.features[0]!.properties.area_m2 / (0.02 * 85_262 * 0.1 * 111_041)).toBeCloseTo(1, 2)
    })
  })

  test('outside the parent', async () => {
    await trial(c, async ({ commit }) => {
      const answer = await commit([{ id: c.grid.v11, version: 1, boundary: box(116.9, 40.1, 117.1, 40.2) }])
      expect(answer.violations.features[0]!.properties).toMatchObject({
        code: 'OUTSIDE_PARENT',
        grid_code: '10101',
        other_code: '101',
      })
      expect(answer.violations.features[0]!.properties.message).toContain('落在上级“别山镇”之外')
    })
  })

  test('a parent cannot leave its children behind', async () => {
    await trial(c, async ({ commit }) => {
      const answer = await commit([{ id: c.grid.t1, version: 1, boundary: box(117.05, 40.1, 117.2, 40.2) }])
      expect(violationCodes(answer)).toEqual(['ORPHANED_CHILDREN'])
      expect(answer.violations.features[0]!.properties).toMatchObject({
        grid_code: '10101',
        other_code: '101',
        change: 0,
      })
    })
  })

  test('a trial run says the same and writes nothing', async () => {
    await trial(c, async ({ commit, rows }) => {
      const answer = await commit(
        [
          { id: c.grid.v11, version: 1, boundary: box(117, 40.1, 117.16, 40.2) },
          { id: c.grid.v12, version: 1, boundary: box(117.16, 40.1, 117.2, 40.2) },
          { code: 'U1', name: '学校', kind: 'unit', parent_id: c.grid.v11, center: [117.02, 40.15] },
        ],
        { dry_run: true },
      )
      expect(answer).toMatchObject({ status: 'valid', moved: { enterprises: 1, hazards: 1 } })
      expect(answer.grids[2]).toMatchObject({ id: null, code: 'U1', version: 1 })
      expect(await rows(`select code from public.grids where code = 'U1' or version > 1`)).toEqual([])
      expect(await rows('select grid_id from public.enterprises where id = $1', [enterprises.b])).toEqual([
        { grid_id: c.grid.v12 },
      ])
    })
  })
})

describe('tolerance', () => {
  const wobbled = (by: number) => {
    const shape = box(117, 40.1, 117.1, 40.2)
    const ring = shape.coordinates[0] as Position[]
    // extra points on the shared border, each off by some of the last digits
    ring.splice(2, 0, [117.1 + by, 40.12], [117.1 - by, 40.14], [117.1 + by, 40.16], [117.1 - by, 40.18])
    return shape
  }

  test.each([1e-9, 1e-7, 1e-6, 4e-6])('%s degrees of rounding is no overlap and no gap', async (by) => {
    await trial(c, async ({ commit }) => {
      const answer = await commit([{ id: c.grid.v11, version: 1, boundary: wobbled(by) }])
      expect(violationCodes(answer)).toEqual([])
      expect(answer.status).toBe('committed')
      expect(answer.gaps.features).toEqual([])
    })
  })

  test.each([3e-5, 1e-4])('%s degrees is one', async (by) => {
    await trial(c, async ({ commit }) => {
      const answer = await commit([{ id: c.grid.v11, version: 1, boundary: wobbled(by) }])
      expect(violationCodes(answer)).toContain('OVERLAP')
    })
  })

  test('is the caller’s to choose', async () => {
    await trial(c, async ({ commit }) => {
      const change = [{ id: c.grid.v11, version: 1, boundary: wobbled(3e-5) }]
      expect((await commit(change, { tolerance_m: 20, dry_run: true })).status).toBe('valid')
      expect((await commit(change, { tolerance_m: 0.1 })).status).toBe('rejected')
    })
  })
})

describe('create, move, retire', () => {
  test('a whole tree at once, parents named by code in any order', async () => {
    await trial(empty, async ({ commit, rows }) => {
      const answer = await commit([
        { code: '10101', name: '一村', kind: 'area', parent_code: '101', boundary: box(117, 40, 117.1, 40.1) },
        { code: '1', name: '区', kind: 'area', boundary: box(117, 40, 117.2, 40.1) },
        { code: '101', name: '镇', kind: 'area', parent_code: '1', boundary: box(117, 40, 117.2, 40.1) },
      ])
      expect(violationCodes(answer)).toEqual([])
      expect(answer.status).toBe('committed')
      expect(answer.gaps.features.map((g) => g.properties.grid_code)).toEqual(['101'])
      expect(
        await rows(`select g.code, g.level::int as level, p.code as parent, g.path::text = coalesce(p.path::text || '.', '') || g.id as path_right,
          g.area_m2 > 0 and g.center is not null as derived from public.grids g left join public.grids p on p.id = g.parent_id order by g.level`),
      ).toEqual([
        { code: '1', level: 1, parent: null, path_right: true, derived: true },
        { code: '101', level: 2, parent: '1', path_right: true, derived: true },
        { code: '10101', level: 3, parent: '101', path_right: true, derived: true },
      ])
    })
  })

  test('two imported villages overlap: both are named', async () => {
    await trial(empty, async ({ commit }) => {
      const answer = await commit([
        { code: '1', name: '区', kind: 'area', boundary: box(117, 40, 117.2, 40.1) },
        { code: '2', name: '东村', kind: 'area', parent_code: '1', boundary: box(117.09, 40, 117.2, 40.1) },
        { code: '3', name: '西村', kind: 'area', parent_code: '1', boundary: box(117, 40, 117.1, 40.1) },
      ])
      expect(violationCodes(answer)).toEqual(['OVERLAP'])
      expect(answer.violations.features[0]!.properties.message).toContain('东村')
      expect(answer.violations.features[0]!.properties.message).toContain('西村')
    })
  })

  test('one village splits in two; the old one is history', async () => {
    await trial(c, async ({ commit, rows }) => {
      const answer = await commit([
        { id: c.grid.v11, version: 1, boundary: box(117, 40.1, 117.1, 40.15) },
        { code: '10103', name: '别山三村', kind: 'area', parent_id: c.grid.t1, boundary: box(117, 40.15, 117.1, 40.2) },
      ])
      expect(answer).toMatchObject({ status: 'committed' })
      expect(answer.gaps.features).toEqual([])
      expect(await rows(`select level::int as level from public.grids where code = '10103'`)).toEqual([{ level: 3 }])
    })
  })

  test('two villages merge: the retired one gives its ground, people and things to the other', async () => {
    await trial(c, async ({ commit, rows }) => {
      const answer = await commit([
        { id: c.grid.v12, version: 1, retire: true },
        { id: c.grid.v11, version: 1, name: '别山村', boundary: box(117, 40.1, 117.2, 40.2) },
      ])
      expect(answer).toMatchObject({ status: 'committed', moved: { enterprises: 1, hazards: 1 } })
      expect(answer.gaps.features).toEqual([])
      expect(
        await rows('select retired_at is not null as retired from public.grids where id = $1', [c.grid.v12]),
      ).toEqual([{ retired: true }])
      expect(
        await rows('select count(*)::int as open from public.grid_versions where grid_id = $1 and valid_to is null', [
          c.grid.v12,
        ]),
      ).toEqual([{ open: 0 }])
    })
  })

  test('a retired grid leaves a gap; its code is free again', async () => {
    await trial(c, async ({ commit, rows }) => {
      const answer = await commit([{ id: c.grid.v22, version: 1, retire: true }])
      expect(answer).toMatchObject({ status: 'committed', moved: { enterprises: 1 } })
      expect(answer.gaps.features.map((g) => g.properties.grid_code)).toEqual(['102'])
      expect(await rows('select grid_id from public.enterprises where id = $1', [enterprises.d])).toEqual([
        { grid_id: c.grid.t2 },
      ])
      const again = await commit([
        { code: '10202', name: '新村', kind: 'area', parent_id: c.grid.t2, boundary: box(117.3, 40.1, 117.4, 40.2) },
      ])
      expect(again).toMatchObject({ status: 'committed', moved: { enterprises: 1 } })
    })
  })

  test('a parent with children cannot be retired', async () => {
    await trial(c, async ({ commit }) => {
      const answer = await commit([{ id: c.grid.t1, version: 1, retire: true }])
      expect(violationCodes(answer)).toEqual(['ORPHANED_CHILDREN'])
      expect(answer.violations.features[0]!.properties.message).toContain('别山一村')
      const all = await commit([
        { id: c.grid.t1, retire: true },
        { id: c.grid.v11, retire: true },
        { id: c.grid.v12, retire: true },
      ])
      expect(all).toMatchObject({ status: 'committed', moved: { enterprises: 3, hazards: 2 } })
    })
  })

  test('a town moves under another parent and takes its children along', async () => {
    await trial(c, async ({ commit, rows }) => {
      const answer = await commit([
        { code: '100', name: '片区', kind: 'area', parent_id: c.grid.root, boundary: box(117, 40.1, 117.2, 40.2) },
        { id: c.grid.t1, version: 1, parent_code: '100' },
      ])
      expect(violationCodes(answer)).toEqual([])
      expect(
        await rows(
          `select g.code, g.level::int as level, extensions.nlevel(g.path) as depth from public.grids g where code in ('101', '10101') order by 1`,
        ),
      ).toEqual([
        { code: '101', level: 3, depth: 3 },
        { code: '10101', level: 4, depth: 4 },
      ])
    })
  })

  test('units do not tile: a school inside a village is no overlap', async () => {
    await trial(c, async ({ commit }) => {
      const answer = await commit([
        { code: 'S1', name: '小学', kind: 'unit', parent_id: c.grid.v11, boundary: box(117.01, 40.11, 117.02, 40.12) },
        { code: 'S2', name: '医院', kind: 'unit', parent_id: c.grid.v11, boundary: box(117.015, 40.11, 117.03, 40.12) },
        { code: 'S3', name: '走失的学校', kind: 'unit', parent_id: c.grid.v11, center: [117.15, 40.15] },
      ])
      expect(violationCodes(answer)).toEqual(['OUTSIDE_PARENT'])
      expect(answer.violations.features[0]!.properties).toMatchObject({
        change: 2,
        message: '“走失的学校”落在上级“别山一村”之外',
      })
    })
  })
})

describe('who may', () => {
  const split = (parent: number) => [
    { code: 'N1', name: '新村', kind: 'area', parent_id: parent, boundary: box(117, 40.1, 117.05, 40.2) },
  ]
  const reshape = (id: number) => [{ id, version: 1, name: '改名' }]

  test.each<[Person, 'v11' | 't1' | 'v21' | 'root', string]>([
    ['admin', 'root', 'committed'],
    ['admin', 'v11', 'committed'],
    ['leader', 't1', 'committed'],
    ['leader', 'v21', 'committed'],
    ['leader', 'root', 'NOT_ALLOWED'],
    ['town', 'v11', 'committed'],
    ['town', 't1', 'NOT_ALLOWED'],
    ['town', 'root', 'NOT_ALLOWED'],
    ['town', 'v21', 'NOT_FOUND'],
    ['village', 'v11', 'NOT_ALLOWED'],
    ['village', 'v21', 'NOT_FOUND'],
    ['member', 'v11', 'NOT_ALLOWED'],
    ['duty', 'v11', 'NOT_ALLOWED'],
    ['officer', 'v11', 'NOT_ALLOWED'],
    ['enterprise', 'v11', 'NOT_ALLOWED'],
    ['enterprise', 'v21', 'NOT_ALLOWED'],
    ['stranger', 'v11', 'NOT_ALLOWED'],
  ])('%s changes %s: %s', async (who, key, expected) => {
    await trial(c, async ({ commit }) => {
      const answer = await commit(reshape(c.grid[key]), {}, who)
      expect(answer.status === 'committed' ? 'committed' : violationCodes(answer)[0]).toBe(expected)
    })
  })

  test('a foreign grid is answered like one that does not exist', async () => {
    await trial(c, async ({ commit }) => {
      const foreign = await commit(reshape(c.grid.v21), {}, 'town')
      const nowhere = await commit(reshape(999999), {}, 'town')
      const words = (answer: BoundaryAnswer) =>
        JSON.stringify(answer).replaceAll(String(c.grid.v21), '#').replaceAll('999999', '#').replaceAll('改名', '')
      expect(words(foreign)).toBe(words(nowhere))
      expect(violationCodes(await commit(split(c.grid.v21), {}, 'town'))).toEqual(['NOT_FOUND'])
    })
  })

  test('a town leader creates villages in the town, not towns', async () => {
    await trial(c, async ({ commit }) => {
      const inside = await commit(
        [{ id: c.grid.v11, version: 1, boundary: box(117.05, 40.1, 117.1, 40.2) }, ...split(c.grid.t1)],
        {},
        'town',
      )
      expect(violationCodes(inside)).toEqual([])
      expect(violationCodes(await commit(split(c.grid.root), {}, 'town'))).toContain('NOT_ALLOWED')
      expect(violationCodes(await commit([{ code: 'R', name: '根', boundary: grown }], {}, 'town'))).toEqual([
        'NOT_ALLOWED',
      ])
    })
  })

  test('nobody lifts a grid out of reach, or into a foreign one', async () => {
    await trial(c, async ({ commit }) => {
      const answer = await commit([{ id: c.grid.v11, version: 1, parent_id: c.grid.root }], {}, 'town')
      expect(violationCodes(answer)).toEqual(['NOT_ALLOWED'])
      const foreign = await commit([{ id: c.grid.v11, version: 1, parent_id: c.grid.t2 }], {}, 'town')
      expect(violationCodes(foreign)).toEqual(['NOT_FOUND'])
    })
  })
})

describe('two people at once', () => {
  test('another version landed first: a conflict with the present state, and nothing overwritten', async () => {
    await trial(c, async ({ commit, rows }) => {
      expect((await commit([{ id: c.grid.v11, version: 1, name: '先到' }], {}, 'town')).status).toBe('committed')
      const late = await commit([{ id: c.grid.v11, version: 1, name: '后到' }])
      expect(late).toMatchObject({ status: 'conflict', grids: [{ id: c.grid.v11, code: '10101', version: 2 }] })
      expect(late.current?.features[0]).toMatchObject({ id: c.grid.v11, properties: { name: '先到', version: 2 } })
      expect(late.current?.features[0]?.geometry.type).toBe('MultiPolygon')
      expect(await rows('select name from public.grids where id = $1', [c.grid.v11])).toEqual([{ name: '先到' }])
    })
  })

  test('moving a border into each other from both sides: only one of them lands', async () => {
    const other = await openCounty()
    try {
      const left = { p_changes: [{ id: other.grid.v11, version: 1, boundary: box(117, 40.1, 117.09, 40.2) }] }
      await other.call('admin', 'commit_grid_boundaries', left)
      await other.call('admin', 'commit_grid_boundaries', {
        p_changes: [{ id: other.grid.v12, version: 1, boundary: box(117.11, 40.1, 117.2, 40.2) }],
      })
      const answers = await Promise.all([
        other.call<BoundaryAnswer>('town', 'commit_grid_boundaries', {
          p_changes: [{ id: other.grid.v11, version: 2, boundary: box(117, 40.1, 117.108, 40.2) }],
        }),
        other.call<BoundaryAnswer>('leader', 'commit_grid_boundaries', {
          p_changes: [{ id: other.grid.v12, version: 2, boundary: box(117.092, 40.1, 117.2, 40.2) }],
        }),
      ])
      expect(answers.map((a) => a.status).sort()).toEqual(['committed', 'rejected'])
      expect(violationCodes(answers.find((a) => a.status === 'rejected')!)).toEqual(['OVERLAP'])
    } finally {
      await other.db.close()
    }
  })
})

describe('a thousand at once', () => {
  test('tile exactly, are proven so, and come out right; one vertex off is found', async () => {
    await trial(empty, async ({ commit, rows }) => {
      const n = 32
      const at = (i: number) => Number((117 + i / 100).toFixed(7))
      const up = (j: number) => Number((40 + j / 100).toFixed(7))
      const edge = (k: number, f: (i: number) => Position) =>
        Array.from({ length: n }, (_, i) => f(k === 0 || k === 1 ? i : n - i))
      // the parent walks every border point of its children
      const ring = [
        ...edge(0, (i) => [at(i), up(0)]),
        ...edge(1, (i) => [at(n), up(i)]),
        ...edge(2, (i) => [at(i), up(n)]),
        ...edge(3, (i) => [at(0), up(i)]),
        [at(0), up(0)],
      ]
      const cells = Array.from({ length: n * n }, (_, k) => ({
        code: `C${k}`,
        name: `村${k}`,
        kind: 'area',
        parent_code: 'P',
        boundary: box(at(k % n), up(Math.floor(k / n)), at((k % n) + 1), up(Math.floor(k / n) + 1)),
      }))
      const parent = { code: 'P', name: '区', kind: 'area', boundary: { type: 'Polygon', coordinates: [ring] } }
      const off = structuredClone(cells)
      off[500]!.boundary.coordinates[0]![2]![0]! += 0.002
      const wrong = await commit([parent, ...off], { dry_run: true })
      expect(new Set(violationCodes(wrong))).toEqual(new Set(['OVERLAP']))
      const answer = await commit([parent, ...cells])
      expect(violationCodes(answer)).toEqual([])
      expect(answer).toMatchObject({ status: 'committed' })
      expect(answer.grids).toHaveLength(n * n + 1)
      expect(answer.gaps.features).toEqual([])
      const [proof] = await rows<{ exact: number[] }>(
        `select private.tiled_exactly(array(select id from public.grids where code = 'P')) as exact`,
      )
      expect(proof!.exact).toHaveLength(1)
      const [history] = await rows<{ n: number }>(
        'select count(*)::int as n from public.grid_versions where version = 1',
      )
      expect(history!.n).toBe(n * n + 1)
    })
  })

  test('a missing cell is a gap, found without the proof', async () => {
    await trial(empty, async ({ commit }) => {
      const cells = Array.from({ length: 25 }, (_, k) => ({
        code: `C${k}`,
        name: `村${k}`,
        parent_code: 'P',
        boundary: box(
          117 + (k % 5) / 10,
          40 + Math.floor(k / 5) / 10,
          117.1 + (k % 5) / 10,
          40.1 + Math.floor(k / 5) / 10,
        ),
      }))
      const answer = await commit([
        { code: 'P', name: '区', boundary: box(117, 40, 117.5, 40.5) },
        ...cells.filter((_, k) => k !== 12),
      ])
      expect(answer.status).toBe('committed')
      expect(answer.gaps.features).toHaveLength(1)
      expect(answer.gaps.features[0]!.properties.area_m2 / (0.1 * 85_000 * 0.1 * 111_040)).toBeCloseTo(1, 1)
    })
  })
})

test('history tells whose grid a place was on any past day', async () => {
  await trial(c, async ({ commit, rows }) => {
    await commit([
      { id: c.grid.v11, version: 1, boundary: box(117, 40.1, 117.16, 40.2) },
      { id: c.grid.v12, version: 1, boundary: box(117.16, 40.1, 117.2, 40.2) },
    ])
    const at = async (when: string) => {
      const [row] = await rows<{ v: { territorial: { code: string }[] } }>(
        `select public.responsible_at(117.15, 40.15, null, ${when}) as v`,
      )
      return row!.v.territorial.map((line) => line.code)
    }
    // within one transaction now() stands still: both versions began at the same moment, the later one counts
    expect(await at('now()')).toEqual(['10101', '101', '1'])
    expect(await at(`now() - interval '1 year'`)).toEqual([])
  })
  const { v } = await one<{ v: { territorial: { code: string }[] } }>(
    c.db,
    'select public.responsible_at(117.15, 40.15) as v',
  )
  expect(v.territorial.map((line) => line.code)).toEqual(['10102', '101', '1'])
})
