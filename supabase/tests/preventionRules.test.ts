import { afterAll, beforeAll, expect, test } from 'vitest'
import { type County, enterprises, openCounty, type Person, people } from './fixtures.ts'

// Thresholds of dual prevention: what a preview says is exactly what then happens, and nobody overwrites what they did not see.
let c: County
beforeAll(async () => {
  c = await openCounty()
  // points on both sides of every threshold, by both methods, and sources of several grades
  const firms = [enterprises.a, enterprises.b, enterprises.c, enterprises.d]
  const scores = [
    [10, 6, 7],
    [6, 6, 7],
    [3, 6, 15],
    [3, 3, 15],
    [1, 6, 15],
    [10, 10, 15],
  ] as const
  for (const [i, [l, e, x]] of scores.entries())
    await c.db.query(
      `insert into public.risk_points (enterprise_id, name, method, l, e, c) values ($1, $2, 'LEC', $3, $4, $5)`,
      [firms[i % 2], `点${i}`, l, e, x],
    )
  for (const [i, [l, s]] of (
    [
      [5, 4],
      [4, 3],
      [2, 2],
      [1, 3],
    ] as const
  ).entries())
    await c.db.query(
      `insert into public.risk_points (enterprise_id, name, method, l, s) values ($1, $2, 'LS', $3, $4)`,
      [firms[1 + (i % 2)], `阵${i}`, l, s],
    )
  await c.db.query('update public.grids set population = 900 where level = 3')
  for (const [firm, quantity] of [
    [enterprises.a, 40],
    [enterprises.c, 9],
  ] as const)
    await c.call('admin', 'save_major_hazard_source', {
      p_source: {
        enterprise_id: firm,
        name: '罐区',
        substances: [{ name: '氯', quantity, threshold: 5, beta: 4 }],
      },
    })
})
afterAll(() => c.db.close())

interface Changes {
  points: number
  up: number
  down: number
  sources: { up: number; down: number }
  enterprises: {
    up: number
    down: number
    rows: { id: string; level_before: number | null; level: number | null }[]
  }
}
interface Answer {
  status: string
  id?: number
  current?: number
  changes?: Changes
  errors?: { field: string; code: string }[]
}
const set = (who: Person, rules: object, options: object = {}) =>
  c.call<Answer>(who, 'set_prevention_rules', { p_rules: rules, p_options: options })
const levels = async (table: string, column: string) =>
  new Map(
    (
      await c.db.query<{ id: string; level: number | null }>(`select id, ${column}::int as level from public.${table}`)
    ).rows.map(({ id, level }) => [id, level]),
  )
const moved = (before: Map<string, number | null>, after: Map<string, number | null>) => {
  const pairs = [...after].map(([id, level]) => ({ id, before: before.get(id) ?? null, level }))
  return {
    up: pairs.filter((pair) => (pair.level ?? 9) < (pair.before ?? 9)),
    down: pairs.filter((pair) => (pair.level ?? 9) > (pair.before ?? 9)),
  }
}

test.each([
  [{ lec: [400, 200, 100] }],
  [{ lec: [200, 100, 50], ls: [25, 15, 5] }],
  [{ ls: [12, 6, 2] }],
  [{ source_grades: [40, 20, 5], source_floor: [1, 1, 2, 3] }],
  [{ source_floor: [2, 2, null, null], lec: [320, 160, 70] }],
  [
    {
      alpha: [
        [10, 4],
        [0, 1],
      ],
    },
  ],
  [{ source_floor: [null, null, null, null], ls: [20, 9, 4], source_grades: [100, 50, 10] }],
])('the preview of %j is what happens', async (rules) => {
  const told = await set('admin', rules, { dry_run: true })
  expect(told.status).toBe('valid')
  const read = () =>
    Promise.all([
      levels('risk_points', 'level'),
      levels('major_hazard_sources', 'grade'),
      levels('enterprises', 'risk_level'),
    ])
  const before = await read()
  const done = await set('admin', rules)
  expect(done).toMatchObject({ status: 'committed', changes: told.changes })
  const after = await read()
  const [points, sources, firms] = [0, 1, 2].map((i) => moved(before[i]!, after[i]!))
  const changes = told.changes!
  expect([changes.up, changes.down]).toEqual([points!.up.length, points!.down.length])
  expect(changes.points).toBe(points!.up.length + points!.down.length)
  expect(changes.sources).toEqual({ up: sources!.up.length, down: sources!.down.length })
  expect([changes.enterprises.up, changes.enterprises.down]).toEqual([firms!.up.length, firms!.down.length])
  const listed = changes.enterprises.rows.map(({ id, level_before, level }) => ({ id, before: level_before, level }))
  const by = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id)
  expect(listed.sort(by)).toEqual([...firms!.up, ...firms!.down].sort(by))
})

test('the rules above moved something of every kind, or the comparison compared nothing', async () => {
  const { rows } = await c.db.query<{ reason: string }>(
    `select distinct reason from public.enterprise_levels where reason = 'rules'`,
  )
  expect(rows).toHaveLength(1)
  const assessed = await c.db.query(
    `select from public.major_hazard_assessments where cause = 'rules' and grade is distinct from from_grade`,
  )
  expect(assessed.rows.length).toBeGreaterThan(0)
})

test('whoever did not see the rules that hold is told, and nothing is overwritten', async () => {
  const { current } = await c.call<{ current: number }>('admin', 'prevention_rule_versions')
  const first = await set('admin', { lec: [330, 160, 70] }, { seen: current })
  expect(first.status).toBe('committed')
  const second = await set('admin', { ls: [19, 9, 4] }, { seen: current })
  expect(second).toMatchObject({ status: 'conflict', current: first.id })
  expect((await set('admin', { ls: [19, 9, 4] }, { seen: current, dry_run: true })).status).toBe('conflict')
  expect((await set('admin', { ls: [19, 9, 4] }, { seen: 'x' })).status).toBe('conflict')
  const after = await c.call<{ current: number }>('admin', 'prevention_rule_versions')
  expect(after.current).toBe(first.id)
  expect(await set('admin', {}, { note: '长'.repeat(401) })).toMatchObject({
    status: 'rejected',
    errors: [{ field: 'note', code: 'TOO_LONG' }],
  })
})

test('everybody with a position reads the versions, with who changed what and why', async () => {
  await set('admin', { lec: [320, 160, 70] }, { note: '回到通行分级' })
  const read = (who: Person) =>
    c.call<{
      status: string
      may_set: boolean
      current: number
      versions: { id: number; lec: number[]; alpha: number[][]; note: string; created_by: string | null }[]
    }>(who, 'prevention_rule_versions')
  for (const who of Object.keys(people) as Person[]) {
    const told = await read(who)
    if (who === 'stranger') expect(told.status).toBe('rejected')
    else expect([told.status, told.may_set], who).toEqual(['ok', who === 'admin'])
  }
  const { versions, current } = await read('village')
  expect(versions[0]).toMatchObject({ id: current, lec: [320, 160, 70], note: '回到通行分级', created_by: '管理员' })
  expect(versions.at(-1)).toMatchObject({ created_by: null })
  expect(versions.at(-1)!.alpha).toEqual([
    [100, 2],
    [50, 1.5],
    [30, 1.2],
    [1, 1],
    [0, 0.5],
  ])
  expect(versions.map(({ id }) => id)).toEqual([...versions.map(({ id }) => id)].sort((a, b) => b - a))
})
