import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, failure, type GridKey, one, openCounty, type Person } from './fixtures.ts'

// What the curve and the playback say, computed once more from the spans of risk_daily by a plain query a day.
let c: County
let today: string
const DAY = 86_400_000
const day = (ago: number) => new Date(Date.parse(today) - ago * DAY).toISOString().slice(0, 10)

beforeAll(async () => {
  c = await openCounty()
  today = (await one<{ today: string }>(c.db, 'select private.today()::text as today')).today
  await c.db.query(`update public.grids set created_at = now() - interval '2 years'`)
  // a second sector of the department, so that what its officer sees is a sum
  await c.db.query('update public.sectors set department_id = $1', [c.department])
  await c.db.query(
    `update public.hazards set found_at = now() - interval '33 days', due_at = now() - interval '20 days'`,
  )
  await c.db.query(`insert into public.accidents (code, title, kind, sector_id, location, occurred_at, deaths)
    values ('SG-1', '罐区事故', '灼烫', ${c.sector.chem}, ${at(117.05)}, now() - interval '12 days', 1),
      ('SG-2', '家具厂事故', '触电', ${c.sector.trade}, ${at(117.35)}, now() - interval '300 days', 3)`)
  await c.db.query('select private.fill_risk($1::date, $2::date)', [day(40), day(1)])
  for (const [name, from, to, grid, sectors] of [
    ['百日攻坚', 30, 10, 'root', '{}'],
    ['危化整治', 20, -5, 'root', `{${c.sector.chem}}`],
    ['别山集中行动', 9, 3, 't1', '{}'],
    ['旧事', 400, 380, 'root', '{}'],
  ] as const)
    await c.db.query(
      `insert into public.campaigns (name, starts, ends, grid_id, sector_ids) values ($1, $2, $3, $4, $5::text::int[])`,
      [name, day(from), day(to), c.grid[grid], sectors],
    )
})
afterAll(() => c.db.close())

const at = (lon: number) => `extensions.ST_SetSRID(extensions.ST_MakePoint(${lon}, 40.15), 4326)`

interface Trend {
  status?: string
  from: string
  to: string
  grid: { id: number; code: string; name: string }
  known: { first: string; last: string }
  index: (number | null)[]
  level: (number | null)[]
  points: (number | null)[]
  accidents: { id: string; title: string; on: string; grade: number; deaths: number }[]
  campaigns: { id: number; name: string; from: string; to: string }[]
}
interface Playback {
  status?: string
  from: string
  to: string
  known: { first: string; last: string }
  grids: number[]
  spans: number[][]
}
const trend = (who: Person, args: Record<string, unknown> = {}) => c.call<Trend>(who, 'risk_trend', args)
const playback = (who: Person, args: Record<string, unknown> = {}) => c.call<Playback>(who, 'risk_playback', args)
const map = async (who: Person, on: string, sector: string | null) =>
  new Map(
    (
      await c.call<{ grid_id: number; index: number; level: number; points: number }[]>(who, 'risk_map', {
        p_on: on,
        p_sector: sector,
      })
    ).map((row) => [row.grid_id, row]),
  )

/** What a playback says of a grid on a day, read step by step. */
function read({ from, grids, spans }: Playback, grid: number, on: string): { index: number; level: number } {
  let [offset, code] = [0, 0]
  const steps = spans[grids.indexOf(grid)] ?? []
  for (let i = 0; i < steps.length; i += 2) {
    offset += steps[i]!
    if (Date.parse(from) + offset * DAY > Date.parse(on)) break
    code = steps[i + 1]!
  }
  return { index: Math.floor(code / 5) / 100, level: code % 5 }
}

describe('the trend', () => {
  test('is on each day what risk_daily says, and null where nothing is written', async () => {
    for (const [key, sector] of [
      ['root', null],
      ['t1', null],
      ['v22', null],
      ['root', 'whp'],
      ['v11', 'gm'],
    ] as [GridKey, string | null][]) {
      const told = await trend('leader', { p_grid: c.grid[key], p_sector: sector, p_from: day(45), p_to: today })
      expect(told.index.length).toBe(46)
      for (let ago = 45; ago >= 1; ago--) {
        const here = 45 - ago
        const { rows } = await c.db.query<{ index: string; level: number; points: string }>(
          `select index, level, points from public.risk_daily d where d.grid_id = $1 and d.since <= $2::date
             and (d.until is null or d.until > $2::date)
             and d.sector_id is not distinct from (select s.id from public.sectors s where s.code = $3)`,
          [c.grid[key], day(ago), sector],
        )
        const found = { index: told.index[here], level: told.level[here], points: told.points[here] }
        expect(found, `${key} ${sector} ${day(ago)}`).toEqual(
          ago > 40
            ? { index: null, level: null, points: null }
            : { index: Number(rows[0]?.index ?? 0), level: rows[0]?.level ?? 0, points: Number(rows[0]?.points ?? 0) },
        )
      }
      const now = (await map('leader', today, sector)).get(c.grid[key])!
      expect([told.index[45], told.level[45], told.points[45]]).toEqual([now.index, now.level, now.points])
    }
  })

  test('changes from day to day, so that there is something to see', async () => {
    const told = await trend('leader', { p_from: day(40), p_to: today })
    expect(new Set(told.index).size).toBeGreaterThan(3)
    expect(told.known).toEqual({ first: day(40), last: day(1) })
    expect(told.grid).toMatchObject({ id: c.grid.root, name: '试验区' })
  })

  test('sums the sectors of a department as the map of that day does', async () => {
    const told = await trend('officer', { p_grid: c.grid.root, p_from: day(40), p_to: today })
    for (const ago of [0, 1, 11, 12, 13, 19, 20, 21, 33, 34, 40]) {
      const row = (await map('officer', day(ago), null)).get(c.grid.root)!
      const here = 40 - ago
      expect([told.index[here], told.level[here], told.points[here]], day(ago)).toEqual([
        row.index,
        row.level,
        row.points,
      ])
    }
    // duties are of no sector: the whole county has more
    const whole = await trend('leader', { p_grid: c.grid.root, p_from: day(40), p_to: today })
    expect(whole.points[39]).toBeGreaterThan(told.points[39]!)
  })

  test('marks the accidents of the subtree and the campaigns of the grid and those above', async () => {
    const names = async (who: Person, args: Record<string, unknown>) => {
      const told = await trend(who, args)
      return [told.accidents.map((a) => a.title), told.campaigns.map((x) => x.name)]
    }
    const span = { p_from: day(60), p_to: today }
    expect(await names('leader', span)).toEqual([['罐区事故'], ['百日攻坚', '危化整治']])
    expect(await names('leader', { ...span, p_grid: c.grid.v11 })).toEqual([
      ['罐区事故'],
      ['百日攻坚', '危化整治', '别山集中行动'],
    ])
    expect(await names('leader', { ...span, p_grid: c.grid.v22 })).toEqual([[], ['百日攻坚', '危化整治']])
    expect(await names('leader', { ...span, p_sector: 'gm' })).toEqual([[], ['百日攻坚']])
    expect((await trend('leader', span)).accidents[0]).toMatchObject({ on: day(12), grade: 4, deaths: 1 })
    expect((await names('leader', { p_from: day(364) }))[0]).toEqual(['家具厂事故', '罐区事故'])
    expect((await names('leader', { p_from: day(12), p_to: day(12) }))[0]).toEqual(['罐区事故'])
    expect((await names('leader', { p_from: day(11), p_to: today }))[0]).toEqual([])
  })

  test('without a grid it is the topmost that is judged for the asker; others do not exist', async () => {
    expect((await trend('town')).grid.id).toBe(c.grid.t1)
    expect((await trend('member')).grid.id).toBe(c.grid.v11)
    expect((await trend('officer')).grid.id).toBe(c.grid.root)
    for (const [who, key] of [
      ['town', 'root'],
      ['town', 'v21'],
      ['village', 't1'],
      ['enterprise', 'v11'],
      ['stranger', 'root'],
    ] as [Person, GridKey][])
      expect(await trend(who, { p_grid: c.grid[key] }), `${who} ${key}`).toEqual({ status: 'not_found' })
    expect(await trend('stranger')).toEqual({ status: 'not_found' })
    expect(await trend('leader', { p_grid: 999_999 })).toEqual({ status: 'not_found' })
  })
})

describe('the playback', () => {
  test('is for every grid and day what the map of that day is', async () => {
    for (const [who, sector] of [
      ['leader', null],
      ['leader', 'whp'],
      ['town', null],
      ['officer', null],
      ['officer', 'gm'],
    ] as [Person, string | null][])
      for (const level of [1, 2, 3]) {
        const told = await playback(who, { p_level: level, p_sector: sector, p_from: day(60), p_to: today })
        expect(told.known).toEqual({ first: day(40), last: day(1) })
        for (const ago of [1, 2, 11, 12, 13, 20, 21, 33, 34, 39, 40]) {
          for (const [grid, row] of await map(who, day(ago), sector)) {
            const { rows } = await c.db.query<{ level: number }>('select level from public.grids where id = $1', [grid])
            if (rows[0]!.level !== level) expect(told.grids).not.toContain(grid)
            else
              expect(read(told, grid, day(ago)), `${who} ${sector} ${grid} ${day(ago)}`).toEqual({
                index: row.index,
                level: row.level,
              })
          }
        }
      }
  })

  test('tells a grid once a change, and only the grids of the asker', async () => {
    const told = await playback('leader', { p_level: 1, p_from: day(40), p_to: today })
    const codes = told.spans[0]!.filter((_, i) => i % 2)
    expect(codes.length).toBeGreaterThan(3)
    for (let i = 1; i < codes.length; i++) expect(codes[i]).not.toBe(codes[i - 1])
    expect((await playback('village', { p_level: 3 })).grids).toEqual([c.grid.v11])
    expect((await playback('village', { p_level: 2 })).grids).toEqual([])
    expect((await playback('stranger', { p_level: 3 })).grids).toEqual([])
  })

  test('begins in the middle with what holds there', async () => {
    const all = await playback('leader', { p_level: 3, p_from: day(40), p_to: today })
    const late = await playback('leader', { p_level: 3, p_from: day(7), p_to: day(3) })
    for (const ago of [7, 5, 3])
      for (const grid of all.grids) expect(read(late, grid, day(ago))).toEqual(read(all, grid, day(ago)))
  })
})

describe('bad questions are answered in words', () => {
  test.each([
    ['risk_trend', { p_from: '2026-03-01', p_to: '2026-02-01' }, '起始日期不能晚于截止日期'],
    ['risk_trend', { p_from: '1926-01-01', p_to: '2026-01-01' }, '时间跨度太长：一次最多查询五年'],
    ['risk_trend', { p_from: '2999-01-01' }, '起始日期不能晚于今天'],
    ['risk_trend', { p_to: 'infinity' }, '起止日期不正确'],
    ['risk_trend', { p_from: '-infinity' }, '起止日期不正确'],
    ['risk_trend', { p_sector: '航天' }, '没有这个行业领域：航天'],
    ['risk_playback', { p_level: 3, p_from: '2026-03-01', p_to: '2026-02-01' }, '起始日期不能晚于截止日期'],
    ['risk_playback', { p_level: 3, p_from: '1926-01-01' }, '时间跨度太长：一次最多查询十三个月'],
    ['risk_playback', { p_level: 3, p_sector: '航天' }, '没有这个行业领域：航天'],
    ['risk_playback', {}, '请指定网格层级'],
    ['risk_playback', { p_level: -1 }, '请指定网格层级'],
  ])('%s %o', async (name, args, message) => {
    expect(await c.call('leader', name, args)).toMatchObject({ status: 'rejected', errors: [{ message }] })
  })

  test('a day to come is cut to today', async () => {
    expect(await trend('leader', { p_from: day(3), p_to: day(-30) })).toMatchObject({ from: day(3), to: today })
  })

  test('where nothing is written down yet nothing is known, and today is', async () => {
    const { first, last } = await one<{ first: string; last: string }>(
      c.db,
      'delete from private.risk_days returning first::text, last::text',
    )
    try {
      const told = await trend('leader', { p_from: day(2), p_to: today })
      expect(told.index.slice(0, 2)).toEqual([null, null])
      expect(told.index[2]).toBeGreaterThan(0)
      expect(told.known).toBe(null)
      expect(await playback('leader', { p_level: 3 })).toMatchObject({ known: null, grids: [], spans: [] })
    } finally {
      await c.db.query('insert into private.risk_days (first, last) values ($1, $2)', [first, last])
    }
  })
})

describe('campaigns', () => {
  const names = async (who: Person) =>
    (await c.as(who).query<{ name: string }>('select name from public.campaigns order by starts')).rows.map(
      (r) => r.name,
    )

  test('are known to the people of the grids they are about, and to those below', async () => {
    expect(await names('leader')).toHaveLength(4)
    expect(await names('member')).toHaveLength(4)
    expect(await names('officer')).toHaveLength(4)
    expect(await names('town2')).toEqual(['旧事', '百日攻坚', '危化整治'])
    expect(await names('stranger')).toEqual([])
  })

  test('end after they begin', async () => {
    expect(
      await failure(() =>
        c.db.query(`insert into public.campaigns (name, starts, ends, grid_id) values ('倒着', $1, $2, $3)`, [
          today,
          day(1),
          c.grid.root,
        ]),
      ),
    ).toBe('23514')
  })
})
