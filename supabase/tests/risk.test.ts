import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { random } from '../seed/random.ts'
import { type County, codes, type GridKey, one, openCounty, type Person, people } from './fixtures.ts'

// Every part, point, index, level and veto is computed here once more, from plain rows and another way.
const seed = Number(process.env.SAFEGRID_SEED ?? randomInt(2 ** 31))
let c: County
beforeAll(async () => {
  console.log(`risk: SAFEGRID_SEED=${seed}`)
  c = await openCounty()
  await c.db.query(`update public.grids set created_at = now() - interval '2 years'`)
})
afterAll(() => c.db.close())

interface Part {
  factor: string
  weight: number
  points: number
  count: number
  records: { kind: string; id: string }[]
}
interface Breakdown {
  status?: string
  index: number
  level: number
  points: number
  scale: number
  parts: Part[]
  vetoes: { rule: string; level: number; records: { kind: string; id: string }[] }[]
}
interface Risk {
  grid_id: number
  code: string
  index: number
  level: number
  points: number
  enterprises: number
  open_hazards: number
  major_open: number
  overdue: number
  trend: number | null
}
const map = (who: Person, args: Record<string, unknown> = {}) => c.call<Risk[]>(who, 'risk_map', args)
const breakdown = (who: Person, args: Record<string, unknown>) => c.call<Breakdown>(who, 'risk_breakdown', args)

const WEIGHTS: Record<string, number> = {
  enterprise_red: 20,
  enterprise_orange: 8,
  enterprise_yellow: 2,
  enterprise_blue: 0.5,
  hazard_general: 1,
  hazard_major: 10,
  overdue_general: 0.5,
  overdue_major: 5,
  duty_missed: 2,
  accident_general: 10,
  accident_larger: 20,
  accident_major: 40,
  accident_extraordinary: 80,
  assurance_missing: 1,
}
/** Seen, and weighing nothing. */
const UNASSESSED = 'enterprise_unassessed'
const SCALES: Record<number, number> = { 1: 20_000, 2: 1_000, 3: 40 }
const PARENT: Record<GridKey, GridKey | null> = {
  root: null,
  t1: 'root',
  t2: 'root',
  v11: 't1',
  v12: 't1',
  v21: 't2',
  v22: 't2',
}
const KEYS = Object.keys(PARENT) as GridKey[]
const levelOf = (key: GridKey) => (key === 'root' ? 1 : key.startsWith('t') ? 2 : 3)
const within = (key: GridKey | null, top: GridKey): boolean => key !== null && (key === top || within(PARENT[key], top))

interface Fact {
  factor: string
  id: string
  grid: GridKey
  sector: number | null
}

/** What counts now, by one plain query a kind; duties by counting weeks and months here. */
async function facts(): Promise<Fact[]> {
  const keyOf = new Map(KEYS.map((key) => [c.grid[key], key]))
  const rows = async (sql: string) =>
    (
      await c.db.query<{ factor: string; id: string; grid_id: number | null; sector_id: number | null }>(sql)
    ).rows.flatMap(({ factor, id, grid_id, sector_id }): Fact[] =>
      grid_id === null ? [] : [{ factor, id, grid: keyOf.get(grid_id)!, sector: sector_id }],
    )
  const colour = `(array['red', 'orange', 'yellow', 'blue'])[risk_level]`
  const grade = `(array['extraordinary', 'major', 'larger', 'general'])[grade]`
  const plain = await Promise.all([
    rows(`select 'enterprise_' || coalesce(${colour}, 'unassessed') as factor, id, grid_id, sector_id from public.enterprises
      where status <> 'closed'`),
    rows(
      `select 'hazard_' || severity as factor, id, grid_id, sector_id from public.hazards where state not in ('closed', 'rejected')`,
    ),
    rows(`select 'overdue_' || severity as factor, id, grid_id, sector_id from public.hazards
      where state not in ('closed', 'rejected') and due_at < now()`),
    rows(
      `select 'accident_' || ${grade} as factor, id, grid_id, sector_id from public.accidents where occurred_at > now() - interval '12 months'`,
    ),
    rows(`select 'assurance_missing' as factor, e.id, e.grid_id, e.sector_id from public.enterprises e
      where e.status <> 'closed' and (select bool_or(not i.done) from public.checklist_items i where i.checklist_id = (
        select k.id from public.checklists k where k.enterprise_id = e.id order by k.checked_at desc, k.id desc limit 1))`),
  ])
  return [...plain.flat(), ...(await missedDuties())]
}

const DAY = 86_400_000
const iso = (time: number) => new Date(time).toISOString().slice(0, 10)

/** The four weeks before this one for each village, and the months and quarters that ended within 28 days for leaders. */
async function missedDuties(): Promise<Fact[]> {
  const { today } = await one<{ today: string }>(c.db, 'select private.today()::text as today')
  const now = Date.parse(today)
  const { rows: done } = await c.db.query<{ grid_id: number; user_id: string; kind: string; day: string }>(
    'select grid_id, user_id, kind, day::text from public.patrols',
  )
  const { rows: posts } = await c.db.query<{ grid_id: number; user_id: string; position: string; since: string }>(
    'select grid_id, user_id, position, since::text from public.memberships',
  )
  const out: Fact[] = []
  const count = (grid: number, kind: string, from: string, to: string, user?: string) =>
    done.filter(
      (d) => d.grid_id === grid && d.kind === kind && d.day >= from && d.day <= to && (!user || d.user_id === user),
    ).length
  const monday = now - ((new Date(now).getUTCDay() + 6) % 7) * DAY
  for (const key of KEYS.filter((k) => levelOf(k) === 3))
    for (let week = 1; week <= 4; week++) {
      const from = monday - week * 7 * DAY
      if (from + 6 * DAY >= now - 28 * DAY && count(c.grid[key], 'patrol', iso(from), iso(from + 6 * DAY)) === 0)
        out.push({ factor: 'duty_missed', id: `${key} ${iso(from)}`, grid: key, sector: null })
    }
  const lastMonthEnd = Date.UTC(new Date(now).getUTCFullYear(), new Date(now).getUTCMonth(), 1) - DAY
  for (const post of posts) {
    const key = KEYS.find((k) => c.grid[k] === post.grid_id)!
    const owes =
      (levelOf(key) === 1 && ['leader', 'deputy'].includes(post.position) && 1) ||
      (levelOf(key) === 2 && post.position === 'deputy' && 1) ||
      (levelOf(key) === 2 && post.position === 'leader' && 3) ||
      0
    const end = new Date(lastMonthEnd)
    if (!owes || lastMonthEnd < now - 28 * DAY || (owes === 3 && end.getUTCMonth() % 3 !== 2)) continue
    const from = iso(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() - owes + 1, 1))
    if (post.since <= from && count(post.grid_id, 'inspection', from, iso(lastMonthEnd), post.user_id) === 0)
      out.push({ factor: 'duty_missed', id: `${key} ${post.user_id}`, grid: key, sector: null })
  }
  return out
}

function expected(all: Fact[], key: GridKey, sector: number | null) {
  const mine = all.filter((f) => within(f.grid, key) && (sector === null || f.sector === sector))
  const counts: Record<string, number> = {}
  for (const f of mine) if (f.factor !== UNASSESSED) counts[f.factor] = (counts[f.factor] ?? 0) + 1
  const points = Object.entries(counts).reduce((sum, [factor, n]) => sum + n * WEIGHTS[factor]!, 0)
  const index = Math.round(100 * (1 - Math.exp(-points / SCALES[levelOf(key)]!)) * 100) / 100
  let level = index >= 75 ? 1 : index >= 50 ? 2 : index >= 25 ? 3 : 4
  if (counts.overdue_major) level = Math.min(level, 2)
  if (counts.accident_larger || counts.accident_major || counts.accident_extraordinary) level = 1
  return { counts, points, index, level: mine.length ? level : 0 }
}

async function compare(): Promise<void> {
  const all = await facts()
  for (const [name, sector] of [
    [null, null],
    ['whp', c.sector.chem],
    ['gm', c.sector.trade],
  ] as const) {
    const rows = new Map((await map('admin', { p_sector: name })).map((row) => [row.code, row]))
    for (const key of KEYS) {
      const want = expected(all, key, sector)
      const row = rows.get(codes[key])!
      const parts = await breakdown('admin', { p_grid: c.grid[key], p_sector: name })
      const at = `${key} ${name}`
      expect(Object.fromEntries(parts.parts.map((p) => [p.factor, p.count])), at).toEqual(want.counts)
      expect(
        parts.parts.reduce((sum, p) => sum + p.points, 0),
        at,
      ).toBe(want.points)
      for (const part of parts.parts) {
        expect(part.points, at).toBe(part.count * part.weight)
        expect(new Set(part.records.map((r) => r.id)).size, `${at} ${part.factor}`).toBe(part.count)
        const { rows } = await c.call<{ rows: { id: string; title: string; grid: string }[] }>(
          'admin',
          'risk_records',
          {
            p_grid: c.grid[key],
            p_factor: part.factor,
            p_sector: name,
          },
        )
        expect(rows.map((r) => r.id).sort(), `${at} ${part.factor}`).toEqual(part.records.map((r) => r.id).sort())
        expect(
          rows.every((r) => r.title && r.grid),
          at,
        ).toBe(true)
      }
      const ids = (factor: string) =>
        parts.parts.find((p) => p.factor === factor)?.records.map((r) => r.id) ?? ([] as string[])
      for (const factor of Object.keys(want.counts).filter((f) => f !== 'duty_missed'))
        expect(new Set(ids(factor)), `${at} ${factor}`).toEqual(
          new Set(
            all
              .filter((f) => f.factor === factor && within(f.grid, key) && (sector === null || f.sector === sector))
              .map((f) => f.id),
          ),
        )
      expect({ index: parts.index, points: parts.points }, at).toEqual({ index: want.index, points: want.points })
      expect({ index: row.index, points: row.points }, at).toEqual({ index: want.index, points: want.points })
      expect(row.level, at).toBe(want.level)
      expect(parts.level, at).toBe(want.level)
      expect(row, at).toMatchObject({
        open_hazards: (want.counts.hazard_general ?? 0) + (want.counts.hazard_major ?? 0),
        major_open: want.counts.hazard_major ?? 0,
        red: want.counts.enterprise_red ?? 0,
        overdue: (want.counts.overdue_general ?? 0) + (want.counts.overdue_major ?? 0),
      })
    }
  }
}

/** One change of the kind that a year brings, at a random place. */
async function change(next: () => number): Promise<void> {
  const lon = 117.001 + next() * 0.398
  const point = `extensions.ST_SetSRID(extensions.ST_MakePoint(${lon}, 40.15), 4326)`
  const sector = next() < 0.5 ? c.sector.chem : c.sector.trade
  const any = (table: string, where = 'true') =>
    `(select id from public.${table} where ${where} order by md5(id::text || ${next()}) limit 1)`
  const days = Math.floor(next() * 500)
  const serial = Math.floor(next() * 1e9)
  const village = c.grid[KEYS.filter((k) => levelOf(k) === 3)[Math.floor(next() * 4)]!]
  const ways: string[] = [
    `insert into public.enterprises (code, name, sector_id, location, risk_level)
     values ('R${serial}', '企业${serial}', ${sector}, ${point}, nullif(${Math.floor(next() * 5)}, 0))`,
    `update public.enterprises set status = 'closed' where id = ${any('enterprises')}`,
    `update public.enterprises set location = ${point} where id = ${any('enterprises')}`,
    `insert into public.hazards (code, title, severity, state, sector_id, location, found_at, due_at)
     values ('YH-20260201-${serial}', '隐患', '${next() < 0.2 ? 'major' : 'general'}', 'rectifying', ${sector}, ${point},
       now() - interval '${days} days', now() - interval '${days} days' + interval '${Math.floor(next() * 600)} days')`,
    `update public.hazards set state = 'closed', closed_at = now() where id = ${any('hazards', `state <> 'closed'`)}`,
    `insert into public.accidents (code, title, kind, sector_id, location, occurred_at, deaths)
     values ('SG${serial}', '事故', '触电', ${sector}, ${point}, now() - interval '${days} days', ${Math.floor(next() ** 4 * 40)})`,
    `insert into public.patrols (grid_id, user_id, kind, started_at)
     values (${village}, '${people.member}', 'patrol', now() - interval '${days % 40} days')`,
    `insert into public.patrols (grid_id, user_id, kind, started_at)
     values (${c.grid.root}, '${people.leader}', 'inspection', now() - interval '${days % 60} days')`,
    `with k as (insert into public.checklists (kind, enterprise_id, checked_at)
       values ('five_assurances', ${any('enterprises')}, now() - interval '${days} days') returning id)
     insert into public.checklist_items (checklist_id, code, name, done)
     select k.id, i, i, ${next() < 0.5} or i <> 'plan' from k cross join unnest(array['funds', 'plan']) i`,
  ]
  await c.db.query(ways[Math.floor(next() * ways.length)]!)
}

describe('the index', () => {
  test('is what the records add up to, at first and after each of many changes', { timeout: 120_000 }, async () => {
    await c.db.query(
      `insert into public.memberships (user_id, grid_id, position, since) values ($1, $2, 'deputy', '2020-01-01')`,
      [people.town, c.grid.t2],
    )
    await c.db.query(`update public.memberships set since = '2020-01-01'`)
    await compare()
    const next = random(seed)
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 12; i++) await change(next)
      await compare()
    }
  })

  test('a parent counts what its children count', async () => {
    const rows = await map('admin')
    const points = (key: GridKey) => rows.find((row) => row.code === codes[key])!
    for (const top of ['root', 't1', 't2'] as const)
      for (const field of ['enterprises', 'open_hazards', 'major_open', 'overdue'] as const)
        expect(points(top)[field], `${top} ${field}`).toBe(
          KEYS.filter((k) => PARENT[k] === top).reduce((sum, k) => sum + points(k)[field], 0),
        )
  })

  test('people see the parts of their scope only', async () => {
    expect((await breakdown('village', { p_grid: c.grid.t1 })).status).toBe('not_found')
    expect(await c.call('village', 'risk_records', { p_grid: c.grid.t1, p_factor: 'hazard_general' })).toEqual({
      status: 'not_found',
    })
    expect((await breakdown('stranger', { p_grid: c.grid.root })).status).toBe('not_found')
    expect((await breakdown('admin', { p_grid: null })).status).toBe('not_found')
    expect(await breakdown('admin', { p_grid: c.grid.root, p_sector: '航天' })).toMatchObject({ status: 'rejected' })
    // a department officer: own sectors, and duties are of no sector
    const all = await facts()
    const want = expected(all, 'root', c.sector.chem)
    const seen = await breakdown('officer', { p_grid: c.grid.root })
    expect(Object.fromEntries(seen.parts.map((p) => [p.factor, p.count]))).toEqual(want.counts)
  })
})

describe('the past', () => {
  const yesterday = () => one<{ day: string }>(c.db, `select (private.today() - 1)::text as day`)

  test('days written down one by one are those that are written down at once', { timeout: 120_000 }, async () => {
    const spans = async () =>
      (
        await c.db.query(`select grid_id, sector_id, since::text, until::text, counts, points, index, level from public.risk_daily
          order by grid_id, sector_id nulls first, since`)
      ).rows
    const { first } = await one<{ first: string }>(c.db, `select (private.today() - 25)::text as first`)
    const { day } = await yesterday()
    await c.db.query('select private.fill_risk($1::date, $2::date)', [first, day])
    const atOnce = await spans()
    expect(atOnce.length).toBeGreaterThan(20)
    await c.db.exec('delete from public.risk_daily; delete from private.risk_days')
    await c.db.query(`insert into private.risk_days (first, last) values ($1::date, $1::date - 1)`, [first])
    expect(await c.call('service_role', 'refresh_risk')).toMatchObject({ status: 'ok', days: 14, behind: 11 })
    expect(await c.call('admin', 'refresh_risk')).toMatchObject({ status: 'ok', days: 11, behind: 0, last: day })
    expect(await c.call('admin', 'refresh_risk')).toMatchObject({ status: 'ok', days: 0 })
    // a span that still holds ends where the next day will say so
    expect(await spans()).toEqual(atOnce)
  })

  test('is the same tomorrow, whatever happens to records, and agrees with what was live', async () => {
    const { day } = await yesterday()
    const then = await map('admin', { p_on: day })
    const chem = await map('officer', { p_on: day })
    expect(then.some((row) => row.level > 0)).toBe(true)
    const next = random(seed + 1)
    for (let i = 0; i < 30; i++) await change(next)
    const facts = ({ code, index, level, points, open_hazards, overdue }: Risk) => ({
      code,
      index,
      level,
      points,
      open_hazards,
      overdue,
    })
    expect((await map('admin', { p_on: day })).map(facts)).toEqual(then.map(facts))
    expect((await map('officer', { p_on: day })).map(facts)).toEqual(chem.map(facts))
    const { parts, points } = await breakdown('admin', { p_grid: c.grid.root, p_on: day })
    expect(parts.reduce((sum, p) => sum + p.points, 0)).toBe(points)
    expect(points).toBe(then.find((row) => row.code === '1')!.points)
  })

  test('the trend is today less seven days ago', async () => {
    const { day } = await one<{ day: string }>(c.db, `select (private.today() - 7)::text as day`)
    const then = new Map((await map('town', { p_on: day })).map((row) => [row.code, row.index]))
    for (const row of await map('town')) expect(row.trend).toBeCloseTo(row.index - then.get(row.code)!, 6)
  })

  test('or less as many days ago as one asks for, from any day', async () => {
    const days = await one<{ on: string; before: string }>(
      c.db,
      `select (private.today() - 2)::text as on, (private.today() - 12)::text as before`,
    )
    const then = new Map((await map('town', { p_on: days.before })).map((row) => [row.code, row.index]))
    const rows = await map('town', { p_on: days.on, p_days: 10 })
    for (const row of rows) expect(row.trend).toBeCloseTo(row.index - then.get(row.code)!, 6)
    // further back than anything is written
    for (const row of await map('town', { p_days: 3000 })) expect(row.trend).toBe(null)
    expect((await map('town', { p_days: -5 })).map((row) => row.code)).toEqual(rows.map((row) => row.code))
  })

  test('nobody else writes it', async () => {
    for (const who of ['leader', 'town', 'officer', 'stranger'] as const)
      expect(await c.call(who, 'refresh_risk')).toMatchObject({ status: 'rejected', errors: [{ code: 'NOT_ALLOWED' }] })
    await expect(c.as('service_role').query('update public.risk_daily set index = 0')).rejects.toThrow(/permission/)
    await expect(c.as('admin').query('delete from public.risk_daily')).rejects.toThrow(/permission/)
    const { rows } = await c.as('village').query<{ grid_id: number }>('select distinct grid_id from public.risk_daily')
    expect(rows).toEqual([{ grid_id: c.grid.v11 }])
  })
})

describe('the rules', () => {
  const set = (who: Person, rules: unknown, options: unknown = {}) =>
    c.call<{
      status: string
      changes: { up: number; down: number; grids: { code: string; level: number; level_before: number }[] }
      errors?: { field: string; message: string }[]
    }>(who, 'set_risk_rules', { p_rules: rules, p_options: options })

  test('a change is seen before it takes effect, and leaves the past alone', async () => {
    const { day } = await one<{ day: string }>(c.db, `select (private.today() - 3)::text as day`)
    const then = await map('admin', { p_on: day })
    // no veto stands in the way of what the scale does
    await c.db.exec('delete from public.accidents; update public.hazards set due_at = null')
    const before = await map('admin')
    const tried = await set('admin', { scales: { 1: 5, 2: 5, 3: 5 } }, { dry_run: true })
    expect(tried.status).toBe('valid')
    expect(await map('admin')).toEqual(before)
    const done = await set('admin', { scales: { 1: 5, 2: 5, 3: 5 } }, { note: '试' })
    expect(done).toMatchObject({ status: 'committed', changes: tried.changes })
    const now = new Map((await map('admin')).map((row) => [row.code, row.level]))
    for (const grid of tried.changes.grids) expect(now.get(grid.code)).toBe(grid.level)
    expect(tried.changes.up).toBeGreaterThan(0)
    expect((await map('admin', { p_on: day })).map((row) => row.index)).toEqual(then.map((row) => row.index))
  })

  test('the past is judged anew only when asked for', async () => {
    const { day } = await one<{ day: string }>(c.db, `select (private.today() - 3)::text as day`)
    const { before } = await one<{ before: string }>(c.db, `select (private.today() - 4)::text as before`)
    const older = await map('admin', { p_on: before })
    expect(await set('admin', { scales: { 3: 7 } }, { effective_from: day })).toMatchObject({
      status: 'rejected',
      errors: [{ field: 'effective_from' }],
    })
    expect(await set('admin', { scales: { 3: 7 } }, { effective_from: day, rewrite: true })).toMatchObject({
      status: 'committed',
    })
    for (const row of await map('admin', { p_on: day, p_level: 3 }))
      expect(row.index).toBeCloseTo(100 * (1 - Math.exp(-row.points / 7)), 2)
    expect(await map('admin', { p_on: before })).toEqual(older)
    const { n } = await one<{ n: number }>(
      c.db,
      `select count(*)::int as n from public.risk_daily a join public.risk_daily b on a.grid_id = b.grid_id
         and a.sector_id is not distinct from b.sector_id and a.since < b.since and (a.until is null or a.until > b.since)`,
    )
    expect(n).toBe(0)
  })

  test.each<[string, unknown, string]>([
    ['a factor that is none', { weights: { luck: 3 } }, 'weights.luck'],
    ['a weight that is no number', { weights: { duty_missed: 'x' } }, 'weights.duty_missed'],
    ['a negative weight', { weights: { duty_missed: -1 } }, 'weights.duty_missed'],
    ['a scale of nothing', { scales: { 3: 0 } }, 'scales.3'],
    ['a scale of no level', { scales: { town: 3 } }, 'scales.town'],
    ['thresholds out of order', { thresholds: [25, 50, 75] }, 'thresholds'],
    ['two thresholds', { thresholds: [50, 25] }, 'thresholds'],
    ['weights that are a list', { weights: [1] }, 'weights'],
    ['a word', '"x"', 'rules'],
  ])('%s is refused', async (_, rules, field) => {
    expect(await set('admin', rules)).toMatchObject({ status: 'rejected', errors: [{ field }] })
  })

  test('everybody with a position reads which version holds, since when and by whom', async () => {
    interface Versions {
      status: string
      current: number
      may_set: boolean
      today: string
      versions: { id: number; effective_from: string; scales: Record<string, number>; created_by: string | null }[]
    }
    const { id } = await one<{ id: number }>(
      c.db,
      `select id from public.risk_rules where effective_from <= private.today() order by effective_from desc, id desc limit 1`,
    )
    for (const who of ['admin', 'leader', 'village', 'officer', 'enterprise'] as const) {
      const told = await c.call<Versions>(who, 'risk_rule_versions')
      expect(told, who).toMatchObject({ status: 'ok', current: id, may_set: who === 'admin' })
      const order = told.versions.map((version) => `${version.effective_from} ${String(version.id).padStart(9, '0')}`)
      expect(order).toEqual([...order].sort().reverse())
      const { n } = await one<{ n: number }>(c.db, 'select count(*)::int as n from public.risk_rules')
      expect(told.versions).toHaveLength(n)
    }
    const { versions } = await c.call<Versions>('leader', 'risk_rule_versions')
    const { name } = await one<{ name: string }>(c.db, 'select name from public.profiles where id = $1', [people.admin])
    expect(versions.some(({ created_by }) => created_by === name)).toBe(true)
    expect(await c.call('stranger', 'risk_rule_versions')).toMatchObject({ status: 'rejected' })
  })

  test('only administrators', async () => {
    expect(await set('leader', { weights: { duty_missed: 0 } })).toMatchObject({
      status: 'rejected',
      errors: [{ code: 'NOT_ALLOWED' }],
    })
    await expect(c.as('admin').query(`delete from public.risk_rules`)).rejects.toThrow(/permission/)
  })
})
