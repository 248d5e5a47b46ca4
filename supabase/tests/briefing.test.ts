import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { random } from '../seed/random.ts'
import { type County, failure, type GridKey, one, openCounty, type Person, people } from './fixtures.ts'

// Every figure of a briefing: once more by plain SQL, and the same as the calls whose lists it opens.
const seed = Number(process.env.SAFEGRID_SEED ?? randomInt(2 ** 31))
let c: County
let today: string
const VILLAGES = ['v11', 'v12', 'v21', 'v22'] as const
const BELOW: Record<string, readonly GridKey[]> = {
  root: ['root', 't1', 't2', ...VILLAGES],
  t1: ['t1', 'v11', 'v12'],
  t2: ['t2', 'v21', 'v22'],
  v11: ['v11'],
}

interface Part {
  factor: string
  weight: number
  count: number
  points: number
}
interface Figures {
  new: number
  new_major: number
  closed: number
  new_closed: number
}
interface Briefing {
  status: string
  live: boolean
  period: { from: string; to: string; days: number }
  scope: { grid: { id: number; code: string }; whole: boolean; sectors: string[] | null }
  risk: {
    index: number
    level: number
    points: number
    open: number
    major: number
    overdue: number
    enterprises: number
    red_enterprises: number
    parts: Part[]
    before: { on: string; index: number; level: number; open: number; major: number; overdue: number }
  }
  levels: { count: number; now: number[] }
  grids: { id: number; index: number; level: number; before: number; parts: Part[]; leader: { name: string } | null }[]
  sectors: { id: number; index: number; level: number; open: number; major: number; overdue: number }[]
  hazards: Figures & { before: Figures }
  accidents: Record<'period' | 'year', { period: object; figures: object }>
  warnings: { raised: number; raised_open: number; handled: number; false_alarm: number; open: number }
  duties: { required: number; done: number; missed: number; grids: { id: number; missed: number }[] } | null
  next: {
    majors: { overdue: number; soon: number; rows: { id: string; overdue: boolean }[] }
    vacant: { count: number; rows: { id: number }[] }
    unowned: { id: number; enterprises: number; open: number }[]
  } | null
  errors?: { code: string }[]
}
interface Risk {
  grid_id: number
  index: number
  level: number
  points: number
  enterprises: number
  open_hazards: number
  major_open: number
  overdue: number
}

const ask = (who: Person, args: Record<string, unknown> = {}) => c.call<Briefing>(who, 'risk_briefing', args)
const shift = (day: string, by: number) => new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10)
const count = async (sql: string, params: unknown[]) =>
  (await one<{ n: number }>(c.db, `select count(*)::int as n from ${sql}`, params)).n
const ids = (top: string) => (BELOW[top] ?? []).map((key) => c.grid[key])

beforeAll(async () => {
  console.log(`briefing: SAFEGRID_SEED=${seed}`)
  c = await openCounty()
  today = (await one<{ today: string }>(c.db, 'select private.today()::text as today')).today
  const r = random(seed)
  const int = (n: number) => Math.floor(r() * n)
  await c.db.query(`update public.grids set created_at = now() - interval '2 years'`)
  // one duty that can be counted on the fingers
  await c.db.query(`update public.duty_rules set until = '2020-12-31' where code <> 'village_patrol'`)
  const sectors = [c.sector.chem, c.sector.trade, null]
  const states = ['reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed', 'closed', 'rejected']
  for (let i = 0; i < 120; i++) {
    const found = int(40)
    const state = states[int(states.length)]!
    await c.db.query(
      `insert into public.hazards (code, title, severity, state, sector_id, location, found_at, due_at, closed_at, assurance_person)
       values ($1, '试验隐患', $2, $3::text, $4, extensions.ST_SetSRID(extensions.ST_MakePoint($5, 40.15), 4326),
         now() - make_interval(days => $6, mins => 5), now() + make_interval(days => $7),
         case when $3::text = 'closed' then now() - make_interval(days => $8) end, '张三')`,
      [
        `YH-20250101-${String(1000 + i)}`,
        r() < 0.3 ? 'major' : 'general',
        state,
        sectors[int(3)],
        117.05 + 0.1 * int(4),
        found,
        int(40) - 20,
        int(found + 1),
      ],
    )
  }
  for (let i = 0; i < 30; i++)
    await c.db.query(
      `insert into public.accidents (code, title, kind, sector_id, location, occurred_at, deaths, serious_injuries, loss)
       values ($1, '试验事故', '触电', $2, extensions.ST_SetSRID(extensions.ST_MakePoint($3, 40.15), 4326),
         now() - make_interval(days => $4), $5, $6, $7)`,
      [`B-${i}`, sectors[int(3)], 117.05 + 0.1 * int(4), int(700), int(3), int(4), int(1_000_000)],
    )
  for (let i = 0; i < 40; i++) {
    const state = ['open', 'handled', 'false_alarm'][int(3)]!
    await c.db.query(
      `insert into public.warnings (kind, thing, level, grid_id, sector_id, reason, figures, records, figure, step, told, state, raised_at, settled_at)
       values ('repeats', $1, $2, $3, $4, '试验预警', '{}', '[]', 1, 1, 1, $5::text, now() - make_interval(days => $6),
         case when $5::text <> 'open' then now() end)`,
      [`grid:test-${i}`, 1 + int(4), c.grid[VILLAGES[int(4)]!], sectors[int(3)], state, int(30)],
    )
  }
  for (let week = 0; week < 6; week++)
    for (const village of VILLAGES)
      if (r() < 0.6)
        await c.db.query(
          `insert into public.patrols (grid_id, user_id, started_at)
           values ($1, $2, (private.period_start('week', private.today()) - 7 * $3::int + 2)::timestamp at time zone 'Asia/Shanghai')`,
          [c.grid[village], people.member, week],
        )
  await c.db.query('update public.sectors set department_id = null where id = $1', [c.sector.trade])
})
afterAll(() => c.db.close())

describe.each([
  ['leader', 'root', null],
  ['leader', 't2', null],
  ['leader', 'root', 'chem'],
  ['town', 't1', null],
  ['village', 'v11', null],
  ['officer', 'root', null],
] as const)('the briefing of %s on %s, %s', (who, top, wanted) => {
  const span = () => ({ from: shift(today, -13), to: today })
  const sector = () => (wanted ? c.sector[wanted] : who === 'officer' ? c.sector.chem : null)
  const args = (extra: Record<string, unknown> = {}) => ({
    p_grid: c.grid[top],
    p_sector: wanted ? String(c.sector[wanted]) : null,
    p_from: span().from,
    p_to: span().to,
    ...extra,
  })
  const rowOf = async (grid: number, extra: Record<string, unknown> = {}) => {
    const rows = await c.call<Risk[]>(who, 'risk_map', { p_sector: args().p_sector, ...extra })
    return rows.find(({ grid_id }) => grid_id === grid)!
  }
  const shown = (row: Risk) => ({
    index: row.index,
    level: row.level,
    open: row.open_hazards,
    major: row.major_open,
    overdue: row.overdue,
  })

  test('its overall figures are those of the map and of the reasons', async () => {
    const { risk, levels, grids } = await ask(who, args())
    const row = await rowOf(c.grid[top])
    expect(risk).toMatchObject({ ...shown(row), points: row.points, enterprises: row.enterprises })
    const why = await c.call<{ parts: Part[] }>(who, 'risk_breakdown', {
      p_grid: c.grid[top],
      p_sector: args().p_sector,
    })
    const parts = risk.parts.filter((part) => part.count > 0)
    expect(parts.map(({ factor, weight, count: n, points }) => ({ factor, weight, count: n, points }))).toEqual(
      why.parts.map(({ factor, weight, count: n, points }) => ({ factor, weight, count: n, points })),
    )
    expect(parts.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(risk.points, 9)
    const before = await rowOf(c.grid[top], { p_on: shift(span().from, -1) })
    expect(risk.before).toMatchObject({ on: shift(span().from, -1), ...shown(before) })

    const { rows: children } = await c.db.query<{ id: number }>('select id from public.grids where parent_id = $1', [
      c.grid[top],
    ])
    const below = await Promise.all(children.map(({ id }) => rowOf(id)))
    expect(levels.count).toBe(children.length)
    expect(levels.now).toEqual([0, 1, 2, 3, 4].map((level) => below.filter((each) => each.level === level).length))
    const worst = below
      .filter(({ level }) => level > 0)
      .sort((a, b) => a.level - b.level || b.index - a.index)
      .slice(0, 5)
    expect(grids.map(({ id, index, level }) => ({ id, index, level }))).toEqual(
      worst.map(({ grid_id, index, level }) => ({ id: grid_id, index, level })),
    )
  })

  test('each sector is as the map has it', async () => {
    const { sectors } = await ask(who, args())
    expect(sectors.length).toBeGreaterThan(0)
    for (const each of sectors)
      expect(each).toMatchObject(shown(await rowOf(c.grid[top], { p_sector: String(each.id) })))
    expect(sectors.map(({ level, index }) => [level, -index])).toEqual(
      [...sectors].sort((a, b) => a.level - b.level || b.index - a.index).map(({ level, index }) => [level, -index]),
    )
  })

  test('its hazards are counted once more', async () => {
    const { hazards } = await ask(who, args())
    const totals = async (from: string, to: string): Promise<Figures> => {
      const where = (more: string) =>
        count(
          `public.hazards h where h.grid_id = any ($1) and ($2::int is null or h.sector_id = $2)
           and (h.found_at at time zone 'Asia/Shanghai')::date >= case when $5 then $3::date else '-infinity' end
           and (h.found_at at time zone 'Asia/Shanghai')::date <= case when $5 then $4::date else 'infinity' end and ${more}`,
          [ids(top), sector(), from, to, !more.startsWith('/* any */')],
        )
      const closed = `h.state = 'closed' and (h.closed_at at time zone 'Asia/Shanghai')::date`
      return {
        new: await where(`h.state <> 'rejected'`),
        new_major: await where(`h.state <> 'rejected' and h.severity = 'major'`),
        closed: await where(`/* any */ ${closed} between $3::date and $4::date`),
        new_closed: await where(`${closed} <= $4::date`),
      }
    }
    const { from, to } = span()
    expect(hazards).toEqual({
      ...(await totals(from, to)),
      before: await totals(shift(from, -14), shift(from, -1)),
    })
    const { total } = await c.call<{ total: number }>(who, 'list_hazards', {
      p_filter: {
        grid: c.grid[top],
        ...(wanted ? { sector: c.sector[wanted] } : {}),
        from,
        to,
        status: ['reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed'],
      },
    })
    expect(total).toBe(hazards.new)
  })

  test('its accidents are the four figures, of the period and of the year', async () => {
    const { accidents } = await ask(who, args())
    const figures = (from: string) =>
      c.call<{ period: object; figures: object }>(who, 'accident_figures', { ...args(), p_from: from })
    const [period, year] = await Promise.all([figures(span().from), figures(`${today.slice(0, 4)}-01-01`)])
    expect(accidents.period).toMatchObject({ period: period.period, figures: period.figures })
    expect(accidents.year).toMatchObject({ period: year.period, figures: year.figures })
  })

  test('its warnings are counted once more', async () => {
    const { warnings } = await ask(who, args())
    const raised = (state: string | null) =>
      count(
        `public.warnings w where w.grid_id = any ($1) and ($2::int is null or w.sector_id = $2) and ($3::text is null or w.state = $3)
         and (w.raised_at at time zone 'Asia/Shanghai')::date between $4::date and $5::date`,
        [ids(top), sector(), state, span().from, today],
      )
    expect(warnings).toMatchObject({
      raised: await raised(null),
      raised_open: await raised('open'),
      handled: await raised('handled'),
      false_alarm: await raised('false_alarm'),
      open: await count(
        `public.warnings w where w.grid_id = any ($1) and ($2::int is null or w.sector_id = $2) and w.state = 'open'`,
        [ids(top), sector()],
      ),
    })
  })

  test('its duties are counted by hand, for who sees the grid whole', async () => {
    const { duties } = await ask(who, args())
    if (who === 'officer' || wanted) {
      expect(duties).toBeNull()
      return
    }
    const villages = VILLAGES.filter((key) => BELOW[top]?.includes(key))
    const sunday = (7 - new Date(`${today}T00:00:00Z`).getUTCDay()) % 7
    const ends = [0, 7, 14, 21]
      .map((days) => shift(today, sunday - days))
      .filter((day) => day >= span().from && day <= today)
    let done = 0
    for (const end of ends)
      for (const key of villages)
        done += Math.min(
          1,
          await count('public.patrols p where p.grid_id = $1 and p.day between $2::date and $3::date', [
            c.grid[key],
            shift(end, -6),
            end,
          ]),
        )
    const required = ends.length * villages.length
    expect(duties).toMatchObject({ required, done, missed: required - done })
    expect(duties?.grids.reduce((sum, { missed }) => sum + missed, 0)).toBe(required - done)
  })

  test('what is next is what is late, vacant or unowned', async () => {
    const { next } = await ask(who, args())
    const majors = (due: string) =>
      count(
        `public.hazards h where h.grid_id = any ($1) and ($2::int is null or h.sector_id = $2) and h.severity = 'major'
         and h.state not in ('closed', 'rejected') and ${due}`,
        [ids(top), sector()],
      )
    expect(next?.majors).toMatchObject({
      overdue: await majors('h.due_at < now()'),
      soon: await majors(`h.due_at >= now() and (h.due_at at time zone 'Asia/Shanghai')::date <= private.today() + 7`),
    })
    const rows = next?.majors.rows ?? []
    expect(rows.length).toBe(Math.min(8, (next?.majors.overdue ?? 0) + (next?.majors.soon ?? 0)))
    expect(rows.map(({ overdue }) => overdue)).toEqual(
      rows.map(({ overdue }) => overdue).sort((a, b) => Number(b) - Number(a)),
    )
    const vacant =
      who === 'officer'
        ? 0
        : await count(
            `public.grids g where g.id = any ($1) and not exists (
         select from public.memberships m where m.grid_id = g.id and m.position = 'leader')`,
            [ids(top)],
          )
    expect(next?.vacant.count).toBe(vacant)
    // of sectors that an asker does not see there is nothing to say
    const unowned = who === 'officer' || wanted ? [] : [c.sector.trade]
    expect(next?.unowned.map(({ id }) => id)).toEqual(unowned)
  })
})

describe('a period of the past', () => {
  test('ends with its last day, and says nothing of now', async () => {
    const [from, to] = [shift(today, -20), shift(today, -10)]
    const briefing = await ask('leader', { p_grid: c.grid.root, p_from: from, p_to: to })
    const rows = await c.call<Risk[]>('leader', 'risk_map', { p_on: to })
    const row = rows.find(({ grid_id }) => grid_id === c.grid.root)!
    expect(briefing).toMatchObject({ live: false, next: null, period: { from, to, days: 11 } })
    expect(briefing.risk).toMatchObject({
      index: row.index,
      level: row.level,
      open: row.open_hazards,
      overdue: row.overdue,
    })
  })

  test('written down, is the same after the records changed', async () => {
    await c.db.query(`select private.fill_risk(private.today() - 60, private.today() - 1)`)
    const span = { p_grid: c.grid.root, p_from: shift(today, -20), p_to: shift(today, -10) }
    const before = await ask('leader', span)
    await c.db.query(`update public.enterprises set risk_level = 1 where grid_id is not null`)
    expect((await ask('leader', span)).risk).toEqual(before.risk)
    expect((await ask('leader', { ...span, p_to: today })).risk.index).toBeGreaterThan(before.risk.index)
  })
})

describe('who asks, and what', () => {
  test('without a grid it is the topmost of one’s own, and says whose', async () => {
    const tops = await Promise.all((['leader', 'town', 'village', 'officer'] as const).map((who) => ask(who)))
    expect(tops.map(({ scope }) => scope.grid.id)).toEqual([c.grid.root, c.grid.t1, c.grid.v11, c.grid.root])
    expect(tops.map(({ scope }) => scope.whole)).toEqual([true, true, true, false])
    expect(tops.map(({ scope }) => scope.sectors)).toEqual([null, null, null, ['危险化学品']])
    expect(tops[0]?.period).toEqual({ from: shift(today, -6), to: today, days: 7 })
  })

  test('what lies outside of one’s scope does not exist', async () => {
    expect(await ask('town', { p_grid: c.grid.t2 })).toEqual({ status: 'not_found' })
    expect(await ask('leader', { p_grid: 999_999 })).toEqual({ status: 'not_found' })
    expect(await ask('enterprise')).toEqual({ status: 'not_found' })
    expect(await ask('stranger')).toEqual({ status: 'not_found' })
    expect(await failure(() => c.as('anon').rpc('risk_briefing', {}))).toBe('42501')
  })

  test.each([
    ['an unknown sector', { p_sector: 'nothing' }, 'UNKNOWN_SECTOR'],
    ['days the wrong way round', { p_from: '2026-02-01', p_to: '2026-01-01' }, 'BAD_VALUE'],
    ['a day to come', { p_from: '2999-01-01' }, 'BAD_VALUE'],
    ['more than a year', { p_from: '2020-01-01', p_to: '2025-01-01' }, 'OUT_OF_RANGE'],
    ['no end', { p_from: '-infinity' }, 'BAD_VALUE'],
  ])('%s is refused in words', async (_, args, code) => {
    const answer = await ask('leader', args)
    expect(answer).toMatchObject({
      status: 'rejected',
      errors: [{ code, message: expect.stringMatching(/[\u4e00-\u9fff]/) }],
    })
  })
})
