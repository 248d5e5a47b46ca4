import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { box, type County, enterprises, failure, hazards, one, openCounty, type Person, people } from './fixtures.ts'

// What was tried against the index, its rules, the enterprises and the warnings, and gave way once.
let c: County
beforeAll(async () => {
  c = await openCounty()
  await c.db.query(`update public.grids set created_at = now() - interval '2 years'`)
  await c.db.query(`update public.memberships set since = '2020-01-01'`)
})
afterAll(() => c.db.close())

interface Answer {
  status: string
  errors?: { field: string; code: string; message: string }[]
}
type Call = [who: Person, name: string, args: Record<string, unknown>]
const faults = (answer: Answer) => answer.errors?.map((e) => `${e.field}:${e.code}`)

/**
 * Lets the first do its work and hold it open until the second, on a connection of its own, waits for it or is done;
 * the embedded engine has one connection, there the second comes after.
 */
async function behind(first: Call, second: Call): Promise<[Answer, Answer]> {
  let late: Promise<Answer> | undefined
  const early = await c.as(first[0]).transaction(async (session) => {
    const args = Object.entries(first[2])
    const { rows } = await session.query<{ v: Answer }>(
      `select public.${first[1]}(${args.map(([key], i) => `${key} => $${i + 1}`).join(', ')}) as v`,
      args.map(([, value]) => (typeof value === 'object' ? JSON.stringify(value) : value)),
    )
    late = c.call<Answer>(...second)
    let answered = false
    const done = () => {
      answered = true
    }
    late.then(done, done)
    if (c.db.engine === 'postgres') {
      let locked = 0
      while (locked === 0 && !answered) {
        const { rows: locks } = await session.query<{ n: number }>(
          `select count(*)::int as n from pg_locks l join pg_stat_activity a on a.pid = l.pid
           where not l.granted and a.datname = current_database()`,
        )
        locked = locks[0]!.n
      }
    }
    return rows[0]!.v
  })
  return [early, await late!]
}
const statuses = async (first: Call, second: Call) => (await behind(first, second)).map((answer) => answer.status)

describe('two at the same thing lose nothing', () => {
  const point = (who: Person, name: string, l: number): Call => [
    who,
    'save_risk_point',
    { p_point: { enterprise_id: enterprises.b, name, method: 'LS', l, s: l } },
  ]
  test('two risk points of one enterprise: its level is that of the graver, whoever came second', async () => {
    await c.db.query('delete from public.risk_points where enterprise_id = $1', [enterprises.b])
    expect(await statuses(point('town', '储罐', 5), point('leader', '货架', 2))).toEqual(['ok', 'ok'])
    const level = 'select risk_level as level from public.enterprises where id = $1'
    expect(await one(c.db, level, [enterprises.b])).toEqual({ level: 1 })
    const graver = await one<{ id: string; v: number }>(
      c.db,
      `select id, row_version::int as v from public.risk_points where enterprise_id = $1 and name = '储罐'`,
      [enterprises.b],
    )
    const gone: Call = ['town', 'remove_risk_point', { p_point: graver.id, p_version: graver.v }]
    expect(await statuses(gone, point('leader', '叉车', 1))).toEqual(['ok', 'ok'])
    expect(await one(c.db, level, [enterprises.b])).toEqual({ level: 3 })
  })

  test('two licences: the earliest term is that of the enterprise', async () => {
    const licence = (who: Person, kind: string, expires_on: string): Call => [
      who,
      'save_licence',
      { p_licence: { enterprise_id: enterprises.b, kind, expires_on } },
    ]
    expect(await statuses(licence('town', 'fire', '2026-01-01'), licence('leader', 'gas', '2031-01-01'))).toEqual([
      'ok',
      'ok',
    ])
    const term = 'select licence_expiry::text as term from public.enterprises where id = $1'
    expect(await one(c.db, term, [enterprises.b])).toEqual({ term: '2026-01-01' })
  })

  test('two major hazard sources: the gravest grade is that of the enterprise', async () => {
    const source = (who: Person, name: string, quantity: number): Call => [
      who,
      'save_major_hazard_source',
      {
        p_source: { enterprise_id: enterprises.b, name, substances: [{ name: '氯', quantity, threshold: 5, beta: 4 }] },
      },
    ]
    expect(await statuses(source('town', '罐区', 5000), source('leader', '库房', 5))).toEqual(['ok', 'ok'])
    expect(
      await one(c.db, 'select major_hazard_source_grade as grade from public.enterprises where id = $1', [
        enterprises.b,
      ]),
    ).toEqual({ grade: 1 })
  })

  test('two weights, two parameters: the second is added to the first', async () => {
    const weigh = (weights: object): Call => ['admin', 'set_risk_rules', { p_rules: { weights }, p_options: {} }]
    expect(await statuses(weigh({ enterprise_red: 21 }), weigh({ enterprise_orange: 9 }))).toEqual([
      'committed',
      'committed',
    ])
    expect(
      await one(
        c.db,
        `select weights -> 'enterprise_red' as red, weights -> 'enterprise_orange' as orange
        from public.risk_rules order by id desc limit 1`,
      ),
    ).toEqual({ red: 21, orange: 9 })
    const warn = (parameters: object): Call => [
      'admin',
      'set_warning_rules',
      { p_rules: { repeats: { parameters } }, p_options: {} },
    ]
    expect(await statuses(warn({ times: 4 }), warn({ days: 99 }))).toEqual(['committed', 'committed'])
    expect(
      await one(c.db, `select parameters from public.warning_rules where kind = 'repeats' order by id desc limit 1`),
    ).toEqual({ parameters: { times: 4, days: 99 } })
  })

  test('a warning reopened while the same is raised anew: said in words, and one is open', async () => {
    interface Row extends Answer {
      id: string
      row_version: number
      warning: { row_version: number }
    }
    await c.call('admin', 'raise_warnings')
    const filter = { p_filter: { kind: 'overdue_major' } }
    const { rows } = await c.call<{ rows: Row[] }>('leader', 'list_warnings', filter)
    const settle = { p_warning: rows[0]!.id, p_version: rows[0]!.row_version, p_action: 'handle', p_note: '已整改' }
    const settled = await c.call<Row>('leader', 'handle_warning', settle)
    await c.db.query(`update public.hazards set due_at = now() - interval '100 days' where id = $1`, [hazards.major])
    const [swept, reopened] = await behind(
      ['admin', 'raise_warnings', {}],
      [
        'leader',
        'handle_warning',
        { p_warning: rows[0]!.id, p_version: settled.warning.row_version, p_action: 'reopen', p_note: null },
      ],
    )
    expect(swept).toMatchObject({ status: 'ok', looked: true, raised: 1 })
    expect(faults(reopened)).toEqual(['action:BAD_VALUE'])
    expect(reopened.errors![0]!.message).toContain('已有新的预警')
  })
})

describe('a change of weights that is to hold in the past', () => {
  const ago = async (days: number) =>
    (await one<{ day: string }>(c.db, 'select (private.today() - $1::int)::text as day', [days])).day
  interface Broken {
    points: number
    parts: { points: number; weight: number; factor: string }[]
  }
  const rewrite = (from: string, red: number) =>
    c.call<Answer>('admin', 'set_risk_rules', {
      p_rules: { weights: { enterprise_red: red } },
      p_options: { effective_from: from, rewrite: true },
    })

  test('holds on every day since, also where another version had begun in between', async () => {
    await c.db.query('truncate public.risk_daily')
    await c.db.query('delete from private.risk_days')
    await c.db.query('select private.fill_risk(private.today() - 20, private.today() - 1)')
    expect((await rewrite(await ago(5), 31)).status).toBe('committed')
    expect((await rewrite(await ago(10), 41)).status).toBe('committed')
    for (const days of [0, 2, 7, 12]) {
      const on = await ago(days)
      const told = await c.call<Broken>('leader', 'risk_breakdown', { p_grid: c.grid.v11, p_on: on })
      expect([days, told.parts.find((part) => part.factor === 'enterprise_red')?.weight]).toEqual([
        days,
        days > 10 ? 20 : 41,
      ])
      expect(told.parts.reduce((sum, part) => sum + part.points, 0)).toBeCloseTo(told.points, 6)
    }
  })

  test('of days that are not written down yet, spoils no writing', async () => {
    await c.db.query('delete from private.risk_days')
    await c.db.query('truncate public.risk_daily')
    await c.db.query('select private.fill_risk(private.today() - 20, private.today() - 8)')
    expect((await rewrite(await ago(3), 51)).status).toBe('committed')
    expect(await c.call('admin', 'refresh_risk')).toMatchObject({ status: 'ok', days: 7, behind: 0 })
    const [early, late] = await Promise.all(
      [5, 2].map(async (days) =>
        c.call<Broken>('leader', 'risk_breakdown', { p_grid: c.grid.v11, p_on: await ago(days) }),
      ),
    )
    for (const [told, weight] of [
      [early!, 41],
      [late!, 51],
    ] as const) {
      expect(told.parts.find((part) => part.factor === 'enterprise_red')?.weight).toBe(weight)
      expect(told.parts.reduce((sum, part) => sum + part.points, 0)).toBeCloseTo(told.points, 6)
    }
  })
})

test('a village that is merged away takes along what it missed and leaves its accidents: the township is the sum of its villages', async () => {
  const sums = async () => {
    const map = await c.call<{ grid_id: number; points: number }[]>('leader', 'risk_map')
    const of = (id: number) => map.find((row) => row.grid_id === id)?.points ?? 0
    return [of(c.grid.t2), of(c.grid.v21) + of(c.grid.v22)]
  }
  await c.db.query(`delete from public.memberships where position = 'leader' and grid_id = $1`, [c.grid.t2])
  await c.db.query(
    `insert into public.accidents (code, title, kind, sector_id, location, occurred_at)
     values ('SG-X', '车间起火', '火灾', $1, extensions.ST_SetSRID(extensions.ST_MakePoint(117.35, 40.15), 4326), now() - interval '1 day')`,
    [c.sector.trade],
  )
  const [town, villages] = await sums()
  expect(town).toBe(villages)
  const merged = await c.call<Answer>('admin', 'commit_grid_boundaries', {
    p_changes: [
      { id: c.grid.v22, retire: true },
      { id: c.grid.v21, boundary: box(117.2, 40.1, 117.4, 40.2) },
    ],
    p_options: {},
  })
  expect(merged.status).toBe('committed')
  const after = await sums()
  expect(after[0]).toBe(after[1])
  // four weeks without a patrol, two points each
  expect(after[0]).toBe(town! - 8)
  await c.db.query(
    `insert into public.memberships (user_id, grid_id, position, since) values ($1, $2, 'leader', '2020-01-01')`,
    [people.town2, c.grid.t2],
  )
})

describe('what is no day, no word, no yes', () => {
  const ends = ['4714-11-24 BC', '5874897-12-31', '-infinity', 'infinity']
  const asked: [string, string, Record<string, unknown>][] = [
    ['risk_map', 'p_on', {}],
    ['risk_breakdown', 'p_on', { p_grid: 1 }],
    ['risk_records', 'p_on', { p_grid: 1, p_factor: 'hazard_major' }],
    ['sector_matrix', 'p_on', {}],
    ['risk_trend', 'p_to', {}],
    ['risk_trend', 'p_from', {}],
    ['risk_playback', 'p_to', { p_level: 3 }],
    ['risk_briefing', 'p_to', {}],
    ['risk_briefing', 'p_from', {}],
    ['accident_figures', 'p_to', {}],
    ['accident_figures', 'p_from', {}],
    ['duty_status', 'p_on', {}],
    ['refresh_risk', 'p_on', {}],
  ]
  test.each(asked.map(([name, field, more]) => ({ name, field, more })))(
    'the ends of the calendar as $field of $name',
    async ({ name, field, more }) => {
      const args = 'p_grid' in more ? { ...more, p_grid: c.grid.v11 } : more
      for (const day of ends) {
        const answer = await c.call<Answer | unknown[]>(name === 'refresh_risk' ? 'admin' : 'leader', name, {
          ...args,
          [field]: day,
        })
        // yet to come is now; what lies before everything is refused in words
        if (day.startsWith('-') || day.endsWith('BC')) {
          expect([day, (answer as Answer).status]).toEqual([day, 'rejected'])
          expect((answer as Answer).errors![0]!.message).toMatch(/日期/)
        } else expect(answer).not.toBeNull()
      }
    },
  )

  test('a day before the first rules is judged by these', async () => {
    const told = await c.call<{ thresholds: number[] }>('leader', 'risk_breakdown', {
      p_grid: c.grid.root,
      p_on: '1999-12-31',
    })
    expect(told.thresholds).toEqual([75, 50, 25])
  })

  test.each(
    ['infinity', '-infinity', '0001-01-01', '99999-01-01', 'today', '2026-02-30', true, [], { a: 1 }].map((day) => ({
      day,
    })),
  )('as the day from which weights hold: $day', async ({ day }) => {
    const count = 'select count(*)::int as n from public.risk_rules'
    const before = await one(c.db, count)
    const answer = await c.call<Answer>('admin', 'set_risk_rules', {
      p_rules: { weights: { enterprise_red: 22 } },
      p_options: { effective_from: day, rewrite: true },
    })
    expect(faults(answer)).toEqual(['effective_from:BAD_VALUE'])
    expect(await one(c.db, count)).toEqual(before)
  })

  test.each(['set_risk_rules', 'set_warning_rules', 'set_prevention_rules'])(
    'whoever wants to look only, and says it badly, changes nothing: %s',
    async (name) => {
      for (const dry_run of ['true', 1, 'yes', [true]]) {
        const answer = await c.call<Answer>('admin', name, { p_rules: {}, p_options: { dry_run } })
        expect(faults(answer)).toEqual(['dry_run:BAD_VALUE'])
      }
    },
  )

  test('a licence whose term is no word is not one that never expires', async () => {
    for (const field of ['issued_on', 'expires_on', 'number', 'issuer'])
      for (const value of [true, [], {}, ['2027-01-01']]) {
        const p_licence = { enterprise_id: enterprises.a, kind: 'fire', [field]: value }
        expect(faults(await c.call<Answer>('leader', 'save_licence', { p_licence }))).toEqual([`${field}:BAD_VALUE`])
      }
    expect(
      await one(c.db, 'select count(*)::int as n from public.licences where enterprise_id = $1', [enterprises.a]),
    ).toEqual({
      n: 0,
    })
  })

  test('what is no text is not passed over as the description of a campaign', async () => {
    for (const description of [{ a: 1 }, [1], true]) {
      const p_campaign = { name: '百日行动', grid: '1', from: '2026-01-01', to: '2026-04-10', description }
      expect(faults(await c.call<Answer>('admin', 'save_campaign', { p_campaign }))).toEqual(['description:BAD_VALUE'])
    }
  })

  test('a list, an object or nothing to see becomes no name of an enterprise', async () => {
    const { v } = await one<{ v: number }>(c.db, 'select row_version::int as v from public.enterprises where id = $1', [
      enterprises.a,
    ])
    const confirm = (p_fields: object) =>
      c.call<Answer>('leader', 'confirm_enterprise', { p_enterprise: enterprises.a, p_version: v, p_fields })
    for (const value of [[], {}, ['甲'], { a: 1 }, true])
      expect(faults(await confirm({ name: value }))).toEqual(['name:BAD_VALUE'])
    expect(faults(await confirm({ phone: { a: 1 } }))).toEqual(['phone:BAD_VALUE'])
    expect(faults(await confirm({ name: '\u200b' }))).toEqual(['name:MISSING_FIELD'])
    const point = { enterprise_id: enterprises.a, name: '\u200b', method: 'LS', l: 1, s: 1 }
    expect(faults(await c.call<Answer>('leader', 'save_risk_point', { p_point: point }))).toEqual([
      'name:MISSING_FIELD',
    ])
  })

  test('no figure for ever: not a number as a loss, no time without end, even by hand', async () => {
    const record = (more: string, values: string) =>
      failure(() =>
        c.as('admin').query(
          `insert into public.accidents (code, title, kind, location, ${more})
           values ('X-1', '试', '坍塌', extensions.ST_SetSRID(extensions.ST_MakePoint(117.05, 40.15), 4326), ${values})`,
        ),
      )
    expect(await record('occurred_at, loss', `now(), 'NaN'`)).toBe('23514')
    expect(await record('occurred_at', `'infinity'`)).toBe('23514')
    expect(
      await failure(() =>
        c
          .as('admin')
          .query(
            `insert into public.duty_rules (code, name, kind, times, per, since) values ('x', '试', 'patrol', 1, 'week', '-infinity')`,
          ),
      ),
    ).toBe('23514')
  })

  test('a number of an accident that was given by hand is passed over', async () => {
    const record = () =>
      c.call<Answer & { accident: { code: string } }>('admin', 'save_accident', {
        p_accident: {
          id: randomUUID(),
          title: '坍塌事故',
          kind: '坍塌',
          occurred_at: '2024-02-29 08:00',
          enterprise_id: enterprises.a,
        },
      })
    expect((await record()).accident.code).toBe('SG-2024-001')
    await c.db.query(
      `insert into public.accidents (code, title, kind, location, occurred_at)
       select 'SG-2024-002', title, kind, location, occurred_at from public.accidents where code = 'SG-2024-001'`,
    )
    expect((await record()).accident.code).toBe('SG-2024-003')
  })
})

test("one enterprise with ever so many expired licences stops nobody else's warnings", async () => {
  const sweep = () => c.db.query('select * from private.sweep_warnings(clock_timestamp())')
  const add = (from: number, to: number) =>
    c.db.query(
      `insert into public.licences (enterprise_id, kind, expires_on)
       select $1, 'personnel', date '2024-01-01' + n from generate_series($2::int, $3::int) n`,
      [enterprises.d, from, to],
    )
  await add(1, 2)
  await sweep()
  await add(3, 60)
  await sweep()
  const { rows } = await c.call<{ rows: { reason: string; figures: { licences: number } }[] }>(
    'leader',
    'list_warnings',
    {
      p_filter: { kind: 'licence_expired', enterprise: enterprises.d },
    },
  )
  expect(rows.map((row) => row.figures.licences)).toEqual([60])
  expect(rows[0]!.reason).toContain('有 60 张证照已过期')
  expect(rows[0]!.reason.length).toBeLessThan(400)
})

describe('by way of what one sees, nothing of what one does not', () => {
  const titled = (firm: string, sector: number, day: number) =>
    c.db.query(
      `insert into public.hazards (code, title, severity, state, sector_id, location, enterprise_id, found_at, due_at)
       select $1, '电线私拉乱接', 'general', 'rectifying', $2, e.location, e.id, now() - make_interval(days => $3::int), now() + interval '9 days'
       from public.enterprises e where e.id = $4`,
      [`YH-20260201-${String(day).padStart(4, '0')}`, sector, day, firm],
    )
  const repeats = async (who: Person) =>
    (await c.call<{ rows: { reason: string }[] }>(who, 'list_warnings', { p_filter: { kind: 'repeats' } })).rows.filter(
      (row) => row.reason.includes('电线私拉乱接'),
    ).length

  test('a warning of repeated hazards belongs to the sector of these, not to that of the enterprise', async () => {
    for (const day of [1, 2, 3, 4]) await titled(enterprises.a, c.sector.trade, day)
    const sweep = () => c.db.query('select * from private.sweep_warnings(clock_timestamp())')
    await sweep()
    // the officer answers for 危险化学品: the enterprise is theirs, these hazards of 工贸 are not
    const seen = `select count(*)::int as n from public.hazards where title = '电线私拉乱接'`
    expect((await c.as('officer').query(seen)).rows).toEqual([{ n: 0 }])
    expect([await repeats('officer'), await repeats('leader'), await repeats('village')]).toEqual([0, 1, 1])
    // given to their sector, they are told of it at the next look
    await c.db.query(`update public.hazards set sector_id = $1 where title = '电线私拉乱接'`, [c.sector.chem])
    await sweep()
    expect(await repeats('officer')).toBe(1)
  })

  test('of hazards that lie in several grids it is told only where all of them are seen', async () => {
    const told = async () =>
      one<{ grid_id: number }>(
        c.db,
        `select grid_id from public.warnings where kind = 'repeats' and state = 'open' and reason like '%电线私拉乱接%'`,
      )
    expect(await told()).toEqual({ grid_id: c.grid.v11 })
    // one of them at a site in the next village
    await c.db.query(
      `update public.hazards set location = extensions.ST_SetSRID(extensions.ST_MakePoint(117.15, 40.15), 4326) where code = 'YH-20260201-0001'`,
    )
    await c.db.query('select * from private.sweep_warnings(clock_timestamp())')
    expect(await told()).toEqual({ grid_id: c.grid.t1 })
    expect([await repeats('village'), await repeats('town'), await repeats('leader')]).toEqual([0, 1, 1])
  })

  test('a visit tells the officer of a sector of no hazard of another one', async () => {
    const patrol = await one<{ id: string }>(
      c.db,
      `insert into public.patrols (grid_id, user_id, kind, started_at) values ($1, $2, 'patrol', now() - interval '1 day') returning id`,
      [c.grid.v11, people.member],
    )
    const foreign = await one<{ id: string }>(
      c.db,
      `insert into public.hazards (code, title, severity, state, sector_id, location, enterprise_id, found_at)
       select 'YH-20260202-0001', '货架倾斜', 'general', 'reported', $1, e.location, e.id, now() from public.enterprises e where e.id = $2 returning id`,
      [c.sector.trade, enterprises.a],
    )
    await c.db.query(
      `insert into public.patrol_items (patrol_id, no, enterprise_id, result, hazard_id) values ($1, 1, $2, 'hazard', $3), ($1, 2, $2, 'hazard', $4)`,
      [patrol.id, enterprises.a, foreign.id, hazards.major],
    )
    interface Portrait {
      visits: { rows: { hazard_id: string | null }[] }
    }
    const told = async (who: Person) =>
      (await c.call<Portrait>(who, 'enterprise_portrait', { p_enterprise: enterprises.a })).visits.rows.flatMap(
        (row) => row.hazard_id ?? [],
      )
    expect(new Set(await told('leader'))).toEqual(new Set([foreign.id, hazards.major]))
    expect(await told('officer')).toEqual([hazards.major])
    const items = 'select hazard_id from public.patrol_items'
    expect((await c.as('officer').query(items)).rows).toEqual([{ hazard_id: hazards.major }])
    expect((await c.as('member').query(items)).rows).toHaveLength(2)
  })

  test('the middle of few is somebody: no median below five', async () => {
    interface Radar {
      radar: { axes: { key: string; n: number; median: number | null }[] }
    }
    const open = async () =>
      (await c.call<Radar>('enterprise', 'enterprise_portrait', { p_enterprise: enterprises.a })).radar.axes.find(
        (axis) => axis.key === 'open',
      )!
    const add = (n: number) =>
      c.db.query(
        `insert into public.enterprises (code, name, sector_id, location)
         select 'M-' || $1::int, '化工' || $1::int, e.sector_id, e.location from public.enterprises e where e.id = $2`,
        [n, enterprises.a],
      )
    await add(1)
    await add(2)
    expect(await open()).toMatchObject({ n: 4, median: null })
    await add(3)
    expect(await open()).toMatchObject({ n: 5, median: expect.any(Number) })
  })
})
