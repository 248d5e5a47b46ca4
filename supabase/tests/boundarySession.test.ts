import { randomUUID } from 'node:crypto'
import type { Position } from 'geojson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violationCodes } from './answers.ts'
import { box, type County, enterprises, hazards, openCounty, type Person, people } from './fixtures.ts'
import { type Trial, trial } from './trial.ts'

// What the boundary editor leans on: a call that can be asked after, its consequences, a leader for a new grid, a
// conflict that says who, and changes of several levels at once.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

const moved = (id1: number, id2: number, x: number, version = 1) => [
  { id: id1, version, boundary: box(117, 40.1, x, 40.2) },
  { id: id2, version, boundary: box(x, 40.1, 117.2, 40.2) },
]
const villages = (x: number, version = 1) => moved(c.grid.v11, c.grid.v12, x, version)
const newVillage = (more: object = {}) => [
  { id: c.grid.v11, version: 1, boundary: box(117, 40.1, 117.1, 40.15) },
  { code: '10103', name: '三村', kind: 'area', parent_id: c.grid.t1, boundary: box(117, 40.15, 117.1, 40.2), ...more },
]
const outcome = (t: Trial, who: Person, request: string | null) =>
  t.call<{ status: string; grids?: { id: number; code: string; version: number }[] }>(who, 'commit_outcome', {
    p_request: request,
  })

describe('a call whose answer was lost', () => {
  test('can be asked after, and repeating it does nothing twice', async () => {
    await trial(c, async (t) => {
      const request = randomUUID()
      expect(await outcome(t, 'town', request)).toEqual({ status: 'unknown' })
      const first = await t.commit(villages(117.12), { request_id: request }, 'town')
      expect(first.status).toBe('committed')
      const grids = first.grids.map(({ id, code, version }) => ({ id, code, version }))
      expect(await outcome(t, 'town', request)).toEqual({ status: 'committed', grids })
      const again = await t.commit(villages(117.12), { request_id: request.toUpperCase() }, 'town')
      expect(again).toMatchObject({ status: 'committed', repeated: true, grids })
      expect(await t.rows('select max(version) as v from public.grids')).toEqual([{ v: 2 }])
    })
  })

  test('also when all it did was to retire', async () => {
    await trial(c, async (t) => {
      const request = randomUUID()
      await t.commit([{ id: c.grid.v12, version: 1, retire: true }], { request_id: request }, 'town')
      expect(await outcome(t, 'town', request)).toEqual({
        status: 'committed',
        grids: [{ id: c.grid.v12, code: '10102', version: 2 }],
      })
      const again = await t.commit([{ id: c.grid.v12, version: 1, retire: true }], { request_id: request }, 'town')
      expect(again.status).toBe('committed')
    })
  })

  test('refused, tried or taken back: nothing was written, and that is the answer', async () => {
    await trial(c, async (t) => {
      const request = randomUUID()
      await t.commit(villages(117.12), { request_id: request, dry_run: true }, 'town')
      await t.commit([villages(117.12)[0]!], { request_id: request }, 'town')
      await t.commit(villages(117.12, 9), { request_id: request }, 'town')
      expect(await outcome(t, 'town', request)).toEqual({ status: 'unknown' })
      // so the same id may be used for the corrected call
      expect((await t.commit(villages(117.12), { request_id: request }, 'town')).repeated).toBeUndefined()
    })
  })

  test('is nobody else’s to know', async () => {
    await trial(c, async (t) => {
      const request = randomUUID()
      await t.commit(villages(117.12), { request_id: request }, 'town')
      for (const who of ['leader', 'admin', 'stranger'] as const)
        expect(await outcome(t, who, request)).toEqual({ status: 'unknown' })
      const other = await t.commit(villages(117.13, 2), { request_id: request }, 'leader')
      expect(other).toMatchObject({ status: 'committed' })
      expect(other.repeated).toBeUndefined()
    })
  })

  test('bad input', async () => {
    await trial(c, async (t) => {
      expect(await outcome(t, 'admin', null)).toEqual({ status: 'unknown' })
      for (const request_id of ['1', 'null', `${randomUUID()}0`, { a: 1 }]) {
        const answer = await t.commit(villages(117.12), { request_id }, 'town')
        expect(violationCodes(answer)).toEqual(['BAD_VALUE'])
      }
    })
  })
})

describe('consequences', () => {
  test('areas before and after, what changes grid, who is concerned: the same in a trial run and when it is done', async () => {
    await trial(c, async (t) => {
      await t.rows(
        `insert into public.hazards (code, title, location, sector_id) select 'YH-20260109-0001', '井盖', location, sector_id from public.hazards where id = $1`,
        [hazards.general],
      )
      const tried = await t.commit(villages(117.16), { dry_run: true, details: true }, 'town')
      const { areas, moved: things, people: who } = tried.consequences!
      expect(areas.map((area) => [area.id, area.code])).toEqual([
        [c.grid.v11, '10101'],
        [c.grid.v12, '10102'],
      ])
      const [west, east] = areas
      expect(west!.after_m2! / west!.before_m2!).toBeCloseTo(1.6, 3)
      expect(east!.after_m2! / east!.before_m2!).toBeCloseTo(0.4, 3)
      expect(west!.after_m2! + east!.after_m2!).toBeCloseTo(west!.before_m2! + east!.before_m2!, -1)
      expect(things).toHaveLength(3)
      expect(things[0]).toEqual({
        kind: 'enterprise',
        id: enterprises.b,
        name: '别山机械厂',
        lon: 117.15,
        lat: 40.15,
        from_id: c.grid.v12,
        from: '别山二村',
        to_id: c.grid.v11,
        to: '别山一村',
      })
      expect(things.slice(1).map((thing) => `${thing.kind} ${thing.name}`)).toEqual(['hazard 井盖', 'hazard 通道堵塞'])
      expect(tried.moved).toEqual({ enterprises: 1, hazards: 2 })
      expect(who.map((person) => `${person.name} ${person.position} ${person.grid}`)).toEqual([
        '人village leader 别山一村',
        '人member member 别山一村',
      ])
      expect(await t.rows('select grid_id from public.enterprises where id = $1', [enterprises.b])).toEqual([
        { grid_id: c.grid.v12 },
      ])
      const done = await t.commit(villages(117.16), { details: true }, 'town')
      expect(done.consequences).toEqual(tried.consequences)
      expect(
        await t.rows('select round(area_m2::numeric, 1)::float8 as a from public.grids where id = $1', [c.grid.v11]),
      ).toEqual([{ a: west!.after_m2 }])
    })
  })

  test('made and retired grids; ids of a trial are not shown', async () => {
    await trial(c, async (t) => {
      const tried = await t.commit(
        [{ id: c.grid.v12, version: 1, retire: true }, ...newVillage()],
        { dry_run: true, details: true },
        'town',
      )
      expect(tried.consequences!.areas).toMatchObject([
        { id: c.grid.v12, code: '10102', after_m2: null },
        { id: c.grid.v11, code: '10101' },
        { id: null, code: '10103', before_m2: null },
      ])
      const to = tried.consequences!.moved.map((thing) => [thing.from, thing.to_id, thing.to])
      expect(to).toContainEqual(['别山二村', c.grid.t1, '别山镇'])
      // on the new border, the smaller side has it
      expect(to).toContainEqual(['别山一村', null, '三村'])
    })
  })

  test('at most 500 are listed, all are counted; only when asked for', async () => {
    await trial(c, async (t) => {
      await t.rows(`insert into public.enterprises (code, name, sector_id, location)
        select 'M' || n, '商户' || n, sector_id, extensions.ST_SetSRID(extensions.ST_MakePoint(117.14, 40.15), 4326)
        from public.enterprises cross join generate_series(1, 600) n where id = '${enterprises.b}'`)
      const answer = await t.commit(villages(117.16), { dry_run: true, details: true }, 'town')
      expect(answer.moved).toEqual({ enterprises: 601, hazards: 1 })
      expect(answer.consequences!.moved).toHaveLength(500)
      expect((await t.commit(villages(117.16), { dry_run: true }, 'town')).consequences).toBeUndefined()
    })
  })

  test('nobody draws in what belongs to others: not moved, and not listed', async () => {
    await trial(c, async (t) => {
      await t.rows('update public.enterprises set grid_id = $1 where id = $2', [c.grid.v22, enterprises.b])
      const answer = await t.commit(villages(117.16), { details: true }, 'town')
      expect(answer.moved).toEqual({ enterprises: 0, hazards: 1 })
      expect(answer.consequences!.moved.map((thing) => thing.id)).toEqual([hazards.general])
    })
  })
})

describe('a leader for a new grid', () => {
  test('somebody known, in the same transaction, with the right at once', async () => {
    await trial(c, async (t) => {
      const answer = await t.commit(newVillage({ leader: people.member }), { details: true }, 'town')
      expect(violationCodes(answer)).toEqual([])
      const made = answer.grids[1]!.id!
      expect(await t.rows(`select user_id, position from public.memberships where grid_id = $1`, [made])).toEqual([
        { user_id: people.member, position: 'leader' },
      ])
      expect(answer.consequences!.people.map((person) => `${person.name} ${person.grid}`)).toContain('人member 三村')
      const split = { code: 'Z1', name: '组', kind: 'area', parent_id: made, boundary: box(117, 40.15, 117.05, 40.2) }
      expect((await t.commit([split], {}, 'member')).status).toBe('committed')
    })
  })

  test('a new person; the same name and phone again is the same person', async () => {
    await trial(c, async (t) => {
      const leader = { name: '赵新', phone: '13900000001' }
      await t.commit(newVillage({ leader }), {}, 'town')
      const second = {
        code: '10104',
        name: '四村',
        parent_id: c.grid.t1,
        boundary: box(117.1, 40.15, 117.2, 40.2),
        leader,
      }
      const answer = await t.commit([{ id: c.grid.v12, boundary: box(117.1, 40.1, 117.2, 40.15) }, second], {}, 'town')
      expect(violationCodes(answer)).toEqual([])
      expect(
        await t.rows(`select g.code from public.memberships m join public.profiles p on p.id = m.user_id
          join public.grids g on g.id = m.grid_id where p.name = '赵新' and p.phone = '13900000001' order by 1`),
      ).toEqual([{ code: '10103' }, { code: '10104' }])
      expect(await t.rows(`select 1 from public.profiles where name = '赵新'`)).toHaveLength(1)
    })
  })

  test('a trial run appoints nobody', async () => {
    await trial(c, async (t) => {
      const answer = await t.commit(
        newVillage({ leader: { name: '赵新', phone: '13900000001' } }),
        { dry_run: true, details: true },
        'town',
      )
      expect(answer.status).toBe('valid')
      expect(answer.consequences!.people.map((person) => person.name)).toContain('赵新')
      expect(await t.rows(`select 1 from public.profiles where name = '赵新'`)).toEqual([])
    })
  })

  test.each<[string, unknown, string]>([
    ['nobody by this id', '00000000-0000-4000-8000-00000000ffff', 'NOT_FOUND'],
    ['somebody out of sight', people.stranger, 'NOT_FOUND'],
    ['no uuid', 'town', 'BAD_VALUE'],
    ['no name', { name: ' ', phone: '1' }, 'MISSING_FIELD'],
    ['a name too long', { name: '长'.repeat(61), phone: '1' }, 'TOO_LONG'],
    ['a list', [people.member], 'BAD_VALUE'],
    ['a number', 7, 'BAD_VALUE'],
    ['an object without name', { phone: '1' }, 'BAD_VALUE'],
  ])('%s is refused and nothing is written', async (_, leader, code) => {
    await trial(c, async (t) => {
      const answer = await t.commit(newVillage({ leader }), {}, 'town')
      expect(answer.status).toBe('rejected')
      expect(violationCodes(answer)).toEqual([code])
      expect(answer.violations.features[0]!.properties.message).toMatch(/[\u4e00-\u9fff]/)
      expect(await t.rows(`select 1 from public.grids where code = '10103' or version > 1`)).toEqual([])
    })
  })

  test('not through here for a grid that is there already', async () => {
    await trial(c, async (t) => {
      const answer = await t.commit([{ id: c.grid.v11, version: 1, leader: people.member }], {}, 'town')
      expect(violationCodes(answer)).toEqual(['BAD_VALUE'])
    })
  })
})

describe('a conflict', () => {
  test('holds every stale grid as it is, who saved it and why; nothing is written, the fresh ones neither', async () => {
    await trial(c, async (t) => {
      await t.commit(villages(117.12), { note: '先到' }, 'leader')
      const answer = await t.commit([...villages(117.08), ...newVillage().slice(1)], {}, 'town')
      expect(answer.status).toBe('conflict')
      expect(answer.grids).toEqual([
        { id: c.grid.v11, code: '10101', version: 2 },
        { id: c.grid.v12, code: '10102', version: 2 },
      ])
      const [mine] = answer.current!.features
      expect(mine!.properties).toMatchObject({
        changed_by: '人leader',
        note: '先到',
        retired: false,
        level: 3,
        parent_id: c.grid.t1,
      })
      expect(Date.parse(mine!.properties!.changed_at)).not.toBeNaN()
      expect((mine!.geometry as { coordinates: Position[][][] }).coordinates[0]![0]).toContainEqual([117.12, 40.2])
      expect(await t.rows(`select 1 from public.grids where code = '10103' or version > 2`)).toEqual([])
    })
  })

  test('somebody retired it meanwhile: its last outline, and that it is gone', async () => {
    await trial(c, async (t) => {
      await t.commit(
        [
          { id: c.grid.v12, version: 1, retire: true },
          { id: c.grid.v11, version: 1, boundary: box(117, 40.1, 117.2, 40.2) },
        ],
        {},
        'leader',
      )
      const answer = await t.commit(villages(117.08), {}, 'town')
      expect(answer.status).toBe('conflict')
      expect(answer.current!.features.map((f) => [f.id, f.properties!.retired, f.geometry?.type])).toEqual([
        [c.grid.v11, false, 'MultiPolygon'],
        [c.grid.v12, true, 'MultiPolygon'],
      ])
      // of a foreign one not even that
      expect(violationCodes(await t.commit([{ id: c.grid.v12, version: 1, name: '改' }], {}, 'town2'))).toEqual([
        'NOT_FOUND',
      ])
    })
  })

  test('a code taken by the other one is part of the same conflict, not the first thing said', async () => {
    await trial(c, async (t) => {
      expect((await t.commit(newVillage(), {}, 'leader')).status).toBe('committed')
      expect((await t.commit(newVillage(), {}, 'town')).status).toBe('conflict')
    })
  })
})

describe('several levels in one call', () => {
  const border = (x: number) => [
    { id: c.grid.v12, version: 1, boundary: box(117.1, 40.1, x, 40.2) },
    { id: c.grid.t1, version: 1, boundary: box(117, 40.1, x, 40.2) },
    { id: c.grid.v21, version: 1, boundary: box(x, 40.1, 117.3, 40.2) },
    { id: c.grid.t2, version: 1, boundary: box(x, 40.1, 117.4, 40.2) },
  ]

  test('the county leader moves a border of two townships with the villages on both sides', async () => {
    await trial(c, async (t) => {
      const answer = await t.commit(border(117.26), { details: true }, 'leader')
      expect(violationCodes(answer)).toEqual([])
      expect(answer).toMatchObject({ status: 'committed', moved: { enterprises: 1, hazards: 0 } })
      expect(answer.gaps.features).toEqual([])
      expect(await t.rows('select grid_id from public.enterprises where id = $1', [enterprises.c])).toEqual([
        { grid_id: c.grid.v12 },
      ])
      const [truth] = await t.rows<{ worst: number; beyond: number }>(`
        select max(extensions.ST_Area(extensions.ST_SymDifference(p.boundary, k.ground))) as worst,
          max(extensions.ST_Area(p.boundary) - k.sum) as beyond
        from public.grids p join (select parent_id, extensions.ST_Union(boundary) as ground, sum(extensions.ST_Area(boundary)) as sum
          from public.grids group by parent_id) k on k.parent_id = p.id`)
      expect(truth!.worst).toBeLessThan(1e-12)
      expect(Math.abs(truth!.beyond)).toBeLessThan(1e-12)
    })
  })

  test('the township leader may not, and a child never moves its parent’s outline', async () => {
    await trial(c, async (t) => {
      const own = border(117.26).slice(0, 2)
      expect(violationCodes(await t.commit(own, {}, 'town'))).toEqual(['NOT_ALLOWED'])
      const child = await t.commit([own[0]!], {}, 'town')
      expect(violationCodes(child)).toEqual(['OUTSIDE_PARENT'])
      expect(child.violations.features[0]!.properties.message).toMatch(
        /^“别山二村”有 [\d.]+ 平方公里落在上级“别山镇”之外$/,
      )
      expect(violationCodes(await t.commit(border(117.26), {}, 'town'))).toContain('NOT_FOUND')
    })
  })

  test('left behind on one side: said for the village that sticks out', async () => {
    await trial(c, async (t) => {
      const [v12, t1, , t2] = border(117.26)
      const answer = await t.commit([v12!, t1!, t2!], {}, 'leader')
      expect(violationCodes(answer)).toEqual(['ORPHANED_CHILDREN'])
      expect(answer.violations.features[0]!.properties).toMatchObject({ grid_code: '10201', other_code: '102' })
    })
  })

  test('units of a shrunken village are not forgotten', async () => {
    await trial(c, async (t) => {
      await t.commit([{ code: 'S1', name: '小学', kind: 'unit', parent_id: c.grid.v11, center: [117.09, 40.15] }])
      const answer = await t.commit(villages(117.08), {}, 'town')
      expect(violationCodes(answer)).toEqual(['ORPHANED_CHILDREN'])
    })
  })
})

describe('bad input', () => {
  const circle = (n: number): Position[] => {
    const ring = Array.from({ length: n }, (_, i) => {
      const a = (2 * Math.PI * i) / n
      return [117.05 + 0.04 * Math.cos(a), 40.15 + 0.04 * Math.sin(a)]
    })
    return [...ring, ring[0]!]
  }

  test.each<[string, object, string]>([
    ['20,001 vertices', { type: 'Polygon', coordinates: [circle(20_000)] }, 'TOO_MANY_VERTICES'],
    ['outside the world', box(117, 40.1, 190, 40.2), 'OUT_OF_RANGE'],
    [
      'a figure of eight',
      {
        type: 'Polygon',
        coordinates: [
          [
            [117, 40.1],
            [117.1, 40.2],
            [117.1, 40.1],
            [117, 40.2],
            [117, 40.1],
          ],
        ],
      },
      'INVALID_GEOMETRY',
    ],
    [
      'no area',
      {
        type: 'Polygon',
        coordinates: [
          [
            [117, 40.1],
            [117.1, 40.1],
            [117, 40.1],
            [117, 40.1],
          ],
        ],
      },
      'INVALID_GEOMETRY',
    ],
  ])('%s', async (_, boundary, code) => {
    await trial(c, async (t) => {
      const answer = await t.commit([{ id: c.grid.v11, version: 1, boundary }], { details: true }, 'town')
      expect(violationCodes(answer)).toEqual([code])
      expect(answer.consequences).toBeUndefined()
    })
  })

  test('20,000 vertices are not too many', async () => {
    await trial(c, async (t) => {
      const answer = await t.commit(
        [{ id: c.grid.v11, version: 1, boundary: { type: 'Polygon', coordinates: [circle(19_999)] } }],
        {},
        'town',
      )
      expect(violationCodes(answer)).toEqual([])
    })
  })

  test.each([
    ['the code of another grid', '10102', 'DUPLICATE_CODE'],
    ['with space around', ' 10102\u3000', 'DUPLICATE_CODE'],
    ['in full width', '１０１０２', 'DUPLICATE_CODE'],
    ['with a character without width', '10102\u200b', 'BAD_VALUE'],
    ['with a soft hyphen', '101\u00ad02', 'BAD_VALUE'],
    ['with a word joiner', '\u206010102', 'BAD_VALUE'],
    ['written from the right', '10102\u202e', 'BAD_VALUE'],
    ['with a Hangul filler', '10102\u3164', 'BAD_VALUE'],
    ['with a space inside', '101 99', 'BAD_VALUE'],
    ['in Chinese', '别山99', 'BAD_VALUE'],
    ['with other signs', '10199!', 'BAD_VALUE'],
    ['that ends with a hyphen', '10199-', 'BAD_VALUE'],
    ['with two hyphens', '101--99', 'BAD_VALUE'],
    ['of 41 letters', 'A'.repeat(41), 'TOO_LONG'],
  ])('%s', async (_, code, expected) => {
    await trial(c, async (t) => {
      expect(violationCodes(await t.commit([newVillage()[0]!, { ...newVillage()[1], code }], {}, 'town'))).toEqual([
        expected,
      ])
      expect(violationCodes(await t.commit([{ id: c.grid.v11, version: 1, code }], {}, 'town'))).toEqual([expected])
    })
  })

  test('letters, digits and hyphens between them make a code, and the refusal says so', async () => {
    await trial(c, async (t) => {
      for (const code of ['BS-01', 'bs_01', '7']) {
        const answer = await t.commit([{ id: c.grid.v11, version: 1, code }], { dry_run: true }, 'town')
        expect(answer.status).toBe('valid')
      }
      const answer = await t.commit([{ id: c.grid.v11, version: 1, code: '10102\n别' }], {}, 'town')
      expect(answer.violations.features[0]!.properties.message).toBe('网格代码只用数字、字母，中间可用连字符：10102?别')
    })
  })

  test('a name with a character without width is refused in words', async () => {
    await trial(c, async (t) => {
      const answer = await t.commit([{ id: c.grid.v11, version: 1, name: '别山\u200b二村' }], {}, 'town')
      expect(answer.violations.features[0]!.properties.message).toBe('名称里有看不见的字符')
    })
  })

  test('a retired parent with live children, in words', async () => {
    await trial(c, async (t) => {
      const answer = await t.commit([{ id: c.grid.t1, version: 1, retire: true }], {}, 'leader')
      expect(answer.violations.features[0]!.properties.message).toBe(
        '“别山镇”撤销后，下级“别山一村”等 2 个网格没有上级',
      )
    })
  })
})
