import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, codes, type GridKey, one, openCounty, type Person, people } from './fixtures.ts'

// What is owed in the running periods, recomputed from plain rows.
let c: County
beforeAll(async () => {
  c = await openCounty()
  await c.db.query(`update public.grids set created_at = now() - interval '2 years'`)
  await c.db.query(`update public.memberships set since = '2020-01-01'`)
})
afterAll(() => c.db.close())

interface Rule {
  id: number
  code: string
  starts: string
  due: string
  owed: number
  fulfilled: number
  required: number
  done: number
  missing: number
}
interface Duty {
  rule: number
  code: string
  person: { user_id: string; name: string; phone: string | null } | null
  required: number
  done: number
  missing: number
  due: string
}
interface Status {
  status: string
  on: string
  rules: Rule[]
  rows: Duty[]
}
const status = (who: Person, key: GridKey | null = null, on: string | null = null) =>
  c.call<Status>(who, 'duty_status', { p_grid: key === null ? null : c.grid[key], p_on: on })
const patrol = (key: GridKey, day: string, kind = 'patrol', who: Person = 'member') =>
  c.db.query(
    `insert into public.patrols (grid_id, user_id, kind, started_at) values ($1, $2, $3, ($4 || ' 09:00+08')::timestamptz)`,
    [c.grid[key], people[who], kind, day],
  )
const VILLAGES = ['v11', 'v12', 'v21', 'v22'] as const

describe('duty_status', () => {
  // 2026-03-11 is a Wednesday: its week is 9 to 15 March
  test('counts each grid in the week, month and quarter that a day lies in', async () => {
    for (const [key, day] of [
      ['v11', '2026-03-09'],
      ['v11', '2026-03-15'],
      ['v12', '2026-03-08'],
      ['v21', '2026-03-16'],
    ] as const)
      await patrol(key, day)
    // another kind is no patrol
    await patrol('v22', '2026-03-11', 'inspection')
    const { rules, rows, on } = await status('leader', null, '2026-03-11')
    expect(on).toBe('2026-03-11')
    const weekly = rules.find(({ code }) => code === 'village_patrol')!
    expect(weekly).toMatchObject({
      starts: '2026-03-09',
      due: '2026-03-15',
      owed: 4,
      fulfilled: 1,
      required: 4,
      done: 2,
      missing: 3,
    })
    const of = (key: GridKey) => rows.find((row) => row.rule === weekly.id && row.code === codes[key])!
    expect(VILLAGES.map((key) => [key, of(key).done, of(key).missing])).toEqual([
      ['v11', 2, 0],
      ['v12', 0, 1],
      ['v21', 0, 1],
      ['v22', 0, 1],
    ])
    // what is missing comes first
    expect(rows.map(({ missing }) => missing > 0)).toEqual(
      [...rows].sort((a, b) => Number(b.missing > 0) - Number(a.missing > 0)).map(({ missing }) => missing > 0),
    )
  })

  test('names the person where a position owes it', async () => {
    await patrol('root', '2026-03-02', 'inspection', 'leader')
    await patrol('t1', '2026-01-05', 'inspection', 'town')
    const { rules, rows } = await status('leader', null, '2026-03-11')
    const id = (code: string) => rules.find((rule) => rule.code === code)!.id
    expect(rows.filter((row) => row.rule === id('county_leader_inspection'))).toEqual([
      expect.objectContaining({
        person: expect.objectContaining({ user_id: people.leader }),
        required: 1,
        done: 1,
        missing: 0,
        due: '2026-03-31',
      }),
    ])
    const quarter = rows.filter((row) => row.rule === id('town_leader_inspection'))
    expect(quarter.map(({ code, person, missing, due }) => [code, person?.user_id, missing, due])).toEqual([
      ['102', people.town2, 1, '2026-03-31'],
      ['101', people.town, 0, '2026-03-31'],
    ])
  })

  test('the sums of the rules are those of their rows, whoever asks', async () => {
    for (const who of ['admin', 'leader', 'town', 'village'] as const) {
      const { rules, rows } = await status(who, null, '2026-03-11')
      expect(rules.length, who).toBeGreaterThan(0)
      for (const rule of rules) {
        const mine = rows.filter((row) => row.rule === rule.id)
        const sum = (key: 'required' | 'done' | 'missing') => mine.reduce((total, row) => total + row[key], 0)
        expect([rule.owed, rule.required, rule.done, rule.missing, rule.fulfilled], `${who} ${rule.code}`).toEqual([
          mine.length,
          sum('required'),
          sum('done'),
          sum('missing'),
          mine.filter(({ missing }) => missing === 0).length,
        ])
      }
    }
  })

  test('is of one’s own scope; what lies outside is not there', async () => {
    const grids = async (who: Person, key: GridKey | null = null) =>
      [...new Set((await status(who, key, '2026-03-11')).rows.map(({ code }) => code))].sort()
    expect(await grids('town')).toEqual(['101', '10101', '10102'])
    expect(await grids('village')).toEqual(['10101'])
    expect(await grids('leader', 't2')).toEqual(['102', '10201', '10202'])
    for (const [who, key] of [
      ['town', 't2'],
      ['town', 'root'],
      ['village', 'v12'],
      ['officer', 'v11'],
      ['officer', null],
      ['enterprise', null],
      ['stranger', null],
    ] as const)
      expect(await status(who, key), `${who} ${key}`).toEqual({ status: 'not_found' })
    expect(await c.call('admin', 'duty_status', { p_grid: 99_999 })).toEqual({ status: 'not_found' })
    expect(await status('admin', null, '1066-10-14')).toMatchObject({ status: 'rejected' })
    await expect(c.as('anon').rpc('duty_status', {})).rejects.toMatchObject({ code: '42501' })
  })

  test('nobody owes for a time before the grid, or after the rule', async () => {
    await c.db.query(`update public.grids set created_at = '2026-03-10' where id = $1`, [c.grid.v22])
    const weekly = async (on: string) =>
      (await status('leader', null, on)).rules.find(({ code }) => code === 'village_patrol')?.owed
    expect(await weekly('2026-03-11')).toBe(3)
    expect(await weekly('2026-03-18')).toBe(4)
    await c.db.query(`update public.duty_rules set until = '2026-03-15' where code = 'village_patrol'`)
    expect(await weekly('2026-03-11')).toBe(3)
    expect(await weekly('2026-03-18')).toBeUndefined()
    await c.db.query(`update public.duty_rules set until = null where code = 'village_patrol'`)
  })
})

describe('unpatrolled', () => {
  const bare = async (day: string, periods: number) =>
    (
      await c.db.query<{ code: string; n: number; last: string | null }>(
        `select g.code, cardinality(u.starts) as n, u.last_day::text as last from private.unpatrolled($1::date, $2) u join public.grids g on g.id = u.grid_id order by 1`,
        [day, periods],
      )
    ).rows

  test('counts the finished periods since the last patrol, by the calendar of the rule', async () => {
    await c.db.exec('delete from public.patrols')
    // Wednesday 11 March; finished: 2 to 8 March, 23 February to 1 March, …
    await patrol('v11', '2026-02-22')
    await patrol('v12', '2026-02-23')
    await patrol('v21', '2026-03-09')
    const two = await bare('2026-03-11', 2)
    expect(two.find(({ code }) => code === codes.v11)).toEqual({ code: codes.v11, n: 2, last: '2026-02-22' })
    expect(two.map(({ code }) => code)).not.toContain(codes.v12)
    expect(two.map(({ code }) => code)).not.toContain(codes.v21)
    const single = await bare('2026-03-11', 1)
    expect(single.find(({ code }) => code === codes.v12)).toEqual({ code: codes.v12, n: 1, last: '2026-02-23' })
    // the week that runs is not over, and counts as soon as somebody went
    expect(single.map(({ code }) => code)).not.toContain(codes.v21)
  })

  test('a department is not told, a leader of one’s own grids only', async () => {
    await c.db.exec('delete from public.patrols')
    const told = async (who: Person, key: GridKey | null = null) =>
      (
        await c.call<{ unpatrolled: { code: string; per: string }[] }>(who, 'blind_spots', {
          p_grid: key === null ? null : c.grid[key],
        })
      ).unpatrolled.map(({ code }) => code)
    expect((await told('leader')).sort()).toEqual(VILLAGES.map((key) => codes[key]))
    expect((await told('leader', 't1')).sort()).toEqual([codes.v11, codes.v12])
    expect((await told('town')).sort()).toEqual([codes.v11, codes.v12])
    expect(await told('village')).toEqual([codes.v11])
    expect(await told('officer')).toEqual([])
    expect(await told('stranger')).toEqual([])
    // each as often as the duty that is owed says
    const { n } = await one<{ n: number }>(
      c.db,
      `select count(*)::int as n from private.duty_status_of(private.today(), private.today()) d join public.duty_rules r on r.id = d.rule_id
       where r.code = 'village_patrol' and d.done = 0`,
    )
    expect((await told('admin')).length).toBe(n)
  })
})
