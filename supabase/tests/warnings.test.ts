import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  box,
  type County,
  enterprises,
  failure,
  type GridKey,
  hazards,
  one,
  openCounty,
  type Person,
  people,
} from './fixtures.ts'

// Each rule just below and just at its threshold, by figures that are written here; once while it is open; who may.
let c: County
beforeAll(async () => {
  c = await openCounty()
  await c.db.query(`update public.grids set created_at = now() - interval '2 years'`)
  await c.db.query(`update public.memberships set since = '2020-01-01'`)
  await only([])
})
afterAll(() => c.db.close())

interface Row {
  id: string
  kind: string
  level: number
  state: string
  reason: string
  figures: Record<string, unknown>
  records: { kind: string; id: string }[]
  grid: { id: number; code: string; name: string }
  sector: { id: number } | null
  enterprise: { id: string } | null
  owner: { user_id: string; name: string; phone: string | null } | null
  department: { department: string; officers: { user_id: string }[] } | null
  cause_gone_at: string | null
  row_version: number
  steps: string[]
  note: string | null
  settled_by: string | null
}
interface Listed {
  status: string
  rows: Row[]
  total: number
  counts: { open: number; handled: number; false_alarm: number }
  next: string | null
}
interface Told {
  kind: string
  raised: number
  open: number
  handled: number
  false_alarms: number
  false_alarm_rate: number | null
}
type Done = { status: string; warning?: Row; errors?: { code: string; message: string }[] }

const list = (who: Person, filter: object = {}, after: string | null = null, limit: number | null = null) =>
  c.call<Listed>(who, 'list_warnings', { p_filter: filter, p_after: after, p_limit: limit })
const handle = (who: Person, row: Pick<Row, 'id' | 'row_version'>, action: string, note: string | null = null) =>
  c.call<Done>(who, 'handle_warning', { p_warning: row.id, p_version: row.row_version, p_action: action, p_note: note })
const sweep = () =>
  one<{ raised: number; changed: number; gone: number }>(
    c.db,
    'select * from private.sweep_warnings(clock_timestamp())',
  )
const kinds = ['index_up', 'overdue_major', 'repeats', 'unpatrolled', 'neighbours', 'licence_expired']
/** Only these rules, with these figures. */
async function rules(wanted: Record<string, object>): Promise<void> {
  const all = Object.fromEntries(
    kinds.map((kind) => [kind, { enabled: kind in wanted, ...(kind in wanted ? { parameters: wanted[kind] } : {}) }]),
  )
  const fresh = await c.call<{ status: string }>('admin', 'set_warning_rules', { p_rules: all, p_options: {} })
  expect(fresh.status).toBe('committed')
}
const only = (some: string[]) => rules(Object.fromEntries(some.map((kind) => [kind, {}])))
const clear = () =>
  c.db.exec(`set session_replication_role = replica; delete from public.warning_events; delete from public.warnings;
    set session_replication_role = origin`)
const today = async () => (await one<{ day: string }>(c.db, 'select private.today()::text as day')).day

describe('the rules', () => {
  test('a major hazard past its term: by more than so many days, told with days, state and people', async () => {
    await clear()
    await c.db.query(`update public.hazards set due_at = now() - interval '3 days' where id = $1`, [hazards.major])
    await rules({ overdue_major: { days: 4 } })
    expect((await list('leader')).total).toBe(0)
    await rules({ overdue_major: { days: 3 } })
    const { rows } = await list('leader')
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      kind: 'overdue_major',
      level: 2,
      grid: { code: '10101' },
      sector: { id: c.sector.chem },
      enterprise: { id: enterprises.a },
      figures: { days: 3, state: 'rectifying' },
      records: [{ kind: 'hazard', id: hazards.major }],
      owner: { user_id: people.village },
      department: { department: '应急管理局', officers: [{ user_id: people.officer }] },
    })
    expect(rows[0]!.reason).toContain('储罐泄漏')
    expect(rows[0]!.reason).toContain('已逾期 3 天')
    await c.db.query(`update public.hazards set due_at = now() - interval '40 days' where id = $1`, [hazards.major])
    expect(await sweep()).toMatchObject({ raised: 0, changed: 1 })
    // worse by more than a month: said again in the history, on the same warning
    const worse = (await list('leader')).rows
    expect(worse).toHaveLength(1)
    expect(worse[0]).toMatchObject({ level: 1, figures: { days: 40 } })
    const { events } = await c.call<{ events: { action: string }[] }>('leader', 'warning_card', {
      p_warning: worse[0]!.id,
    })
    expect(events.map(({ action }) => action)).toEqual(['raise', 'worse'])
  })

  test('one kind of hazard at one enterprise: so many times within so many days, however it is written', async () => {
    await clear()
    const add = (n: number, title: string, days: number, state = 'closed') =>
      c.db.query(
        `insert into public.hazards (code, title, state, sector_id, location, enterprise_id, found_at, closed_at)
         values ($1, $2, $4::text, $5, extensions.ST_SetSRID(extensions.ST_MakePoint(117.15, 40.15), 4326), $6,
           now() - make_interval(days => $3), case when $4::text = 'closed' then now() - make_interval(days => $3 - 1) end)`,
        [`YH-20260301-${String(n).padStart(4, '0')}`, title, days, state, c.sector.trade, enterprises.b],
      )
    await add(1, '配电箱未关', 5)
    await add(2, '配电箱 未关。', 20)
    await add(3, '配电箱未关', 61)
    await add(4, '配电箱未关', 10, 'rejected')
    await rules({ repeats: { times: 3, days: 60 } })
    expect((await list('leader')).total).toBe(0)
    await rules({ repeats: { times: 3, days: 62 } })
    const [row] = (await list('leader')).rows
    expect(row).toMatchObject({
      kind: 'repeats',
      level: 3,
      enterprise: { id: enterprises.b },
      figures: { times: 3, days: 62, open: 0 },
    })
    const { rows: mine } = await c.db.query<{ id: string }>(
      `select id from public.hazards where title like '配电箱%' and state <> 'rejected' order by found_at desc`,
    )
    expect(row!.records).toEqual(mine.map(({ id }) => ({ kind: 'hazard', id })))
    expect(row!.reason).toContain('62 天内第 3 次发现「配电箱未关」')
    // a fourth one: the same warning, with what is true now
    await add(5, '配电箱未关', 1)
    expect(await sweep()).toMatchObject({ raised: 0, changed: 1 })
    expect((await list('leader')).rows[0]).toMatchObject({ id: row!.id, figures: { times: 4 } })
    await c.db.query(`delete from public.hazards where title like '配电箱%'`)
  })

  test('nobody patrols: two finished weeks and the one that runs', async () => {
    await clear()
    await c.db.exec('delete from public.patrols')
    const patrol = (key: GridKey, weeks: number) =>
      c.db.query(
        `insert into public.patrols (grid_id, user_id, started_at)
         values ($1, $2, (private.period_start('week', private.today()) - $3::int * 7)::timestamp at time zone 'Asia/Shanghai' + interval '9 hours')`,
        [c.grid[key], people.member, weeks],
      )
    await patrol('v11', 3)
    await patrol('v12', 2)
    await patrol('v21', 0)
    await rules({ unpatrolled: { periods: 2 } })
    const rows = (await list('leader')).rows
    expect(rows.map(({ grid }) => grid.code).sort()).toEqual(['10101', '10202'])
    const left = rows.find(({ grid }) => grid.code === '10101')!
    expect(left).toMatchObject({ kind: 'unpatrolled', level: 3, figures: { periods: 2, per: 'week' } })
    expect(left.records.filter(({ kind }) => kind === 'duty')).toHaveLength(2)
    expect(left.records.filter(({ kind }) => kind === 'patrol')).toHaveLength(1)
    // never patrolled: as far as one looks back
    const never = rows.find(({ grid }) => grid.code === '10202')!
    expect(never.figures.last).toBeNull()
    expect(never.level).toBe(2)
    // the same grids as the blind spots of the map
    const { unpatrolled } = await c.call<{ unpatrolled: { code: string; periods: number }[] }>(
      'leader',
      'blind_spots',
      { p_grid: null },
    )
    expect(unpatrolled.map(({ code, periods }) => [code, periods])).toEqual(
      [never, left].map((row) => [row.grid.code, row.figures.periods]),
    )
    // patrolled at last: the cause is gone, and the warning waits for a person
    await patrol('v11', 0)
    expect(await sweep()).toMatchObject({ raised: 0, gone: 1 })
    const after = (await list('leader')).rows.find(({ id }) => id === left.id)!
    expect(after.state).toBe('open')
    expect(after.cause_gone_at).not.toBeNull()
    await patrol('v22', 0)
  })

  test('a licence that has expired, on its last day not yet', async () => {
    await clear()
    const add = (kind: string, days: number, firm = enterprises.a) =>
      c.db.query(
        `insert into public.licences (enterprise_id, kind, expires_on) values ($1, $2, private.today() - $3::int)`,
        [firm, kind, days],
      )
    await add('hazchem_operation', 0)
    await add('gas', 50, enterprises.closed)
    await rules({ licence_expired: { days: 0 } })
    expect((await list('leader')).total).toBe(0)
    await add('fire', 1)
    await sweep()
    const [row] = (await list('leader')).rows
    expect(row).toMatchObject({
      kind: 'licence_expired',
      level: 2,
      enterprise: { id: enterprises.a },
      figures: { licences: 1, days: 1 },
      records: [{ kind: 'enterprise', id: enterprises.a }],
    })
    expect(row!.reason).toContain('消防验收')
    expect(row!.reason).not.toContain('危险化学品经营许可证')
    await rules({ licence_expired: { days: 1 } })
    expect((await list('leader')).rows[0]!.cause_gone_at).not.toBeNull()
    // renewed
    await rules({ licence_expired: { days: 0 } })
    expect((await list('leader')).rows[0]!.cause_gone_at).toBeNull()
    await c.db.query(`update public.licences set expires_on = private.today() + 365`)
    expect(await sweep()).toMatchObject({ gone: 1 })
    expect((await list('officer')).rows.map(({ id }) => id)).toEqual([row!.id])
    expect((await list('town2')).total).toBe(0)
  })

  /** Writes the past so that the index of a grid has risen by so much in a week; all other grids have not moved. */
  async function risen(by: Partial<Record<string, number>>): Promise<void> {
    await c.db.exec('delete from public.risk_daily; delete from private.risk_days')
    await c.db.query('insert into private.risk_days (first, last) values (private.today() - 30, private.today() - 1)')
    await c.db.query(
      `insert into public.risk_daily (grid_id, sector_id, since, counts, points, index, level, rule_id)
       select i.grid_id, i.sector_id, private.today() - 30, '{}', 0,
         greatest(i.index - case when i.sector_id is null then coalesce(($1::jsonb ->> g.code)::numeric, 0) else 0 end, 0), i.level,
         (private.risk_rule(private.today())).id
       from private.risk_indexes(private.today()) i join public.grids g on g.id = i.grid_id`,
      [JSON.stringify(by)],
    )
  }

  test('the index of a grid rises by fifteen in a week, and not by a hundredth less', async () => {
    await clear()
    await c.db.query(`update public.enterprises set risk_level = 1 where id = $1`, [enterprises.a])
    await rules({ index_up: { rise: 15, days: 7 } })
    await risen({ '10101': 14.99 })
    await sweep()
    expect((await list('leader')).total).toBe(0)
    await risen({ '10101': 15 })
    await sweep()
    const { rows } = await list('leader')
    expect(rows.map(({ kind, grid }) => [kind, grid.code])).toEqual([['index_up', '10101']])
    const live = await c.call<{ index: number; level: number }>('leader', 'risk_breakdown', { p_grid: c.grid.v11 })
    expect(rows[0]).toMatchObject({ level: live.level, figures: { after: live.index, days: 7, to: await today() } })
    expect(Number(rows[0]!.figures.rise)).toBe(15)
    expect(rows[0]!.reason).toContain('7 天内由')
  })

  test('other weights are no rise: the past is compared by those of today', async () => {
    await clear()
    await risen({})
    await rules({ index_up: { rise: 5, days: 7 } })
    const index = async () =>
      (await c.call<{ index: number }>('leader', 'risk_breakdown', { p_grid: c.grid.v11 })).index
    const before = await index()
    await c.db.exec('delete from public.risk_daily')
    await c.db.query(
      `insert into public.risk_daily (grid_id, since, counts, points, index, level, rule_id)
       select r.grid_id, private.today() - 30, r.counts, r.points, r.index, r.level, (private.risk_rule(private.today())).id
       from private.risk_live(private.risk_rule(private.today()), now()) r where r.level > 0`,
    )
    await c.call('admin', 'set_risk_rules', { p_rules: { weights: { enterprise_red: 60 } }, p_options: {} })
    expect(await index()).toBeGreaterThan(before + 5)
    await sweep()
    expect((await list('leader', { kind: 'index_up' })).rows.filter(({ sector }) => sector === null)).toEqual([])
    await c.call('admin', 'set_risk_rules', { p_rules: { weights: { enterprise_red: 20 } }, p_options: {} })
  })

  test('of a day that nobody wrote down nothing is compared', async () => {
    await clear()
    await c.db.exec('delete from public.risk_daily; delete from private.risk_days')
    expect(await sweep()).toMatchObject({ raised: 0 })
    await c.db.query('insert into private.risk_days (first, last) values (private.today() - 6, private.today() - 1)')
    expect(await sweep()).toMatchObject({ raised: 0 })
    await c.db.exec('update private.risk_days set first = private.today() - 7')
    expect((await sweep()).raised).toBeGreaterThan(0)
  })

  test('neighbours share a border, not a corner; a border drawn apart by a hair is one', async () => {
    const add = async (code: string, parent: number, shape: object) =>
      (
        await one<{ id: number }>(
          c.db,
          `insert into public.grids (code, name, parent_id, boundary, created_at)
           values ($1, $1, $2, extensions.ST_Multi(extensions.ST_SetSRID(extensions.ST_GeomFromGeoJSON($3::text), 4326)), now() - interval '2 years') returning id`,
          [code, parent, JSON.stringify(shape)],
        )
      ).id
    const t3 = await add('103', c.grid.root, box(117.4, 40.1, 117.7, 40.2))
    const ids: Record<string, number> = {}
    for (const [code, shape] of Object.entries({
      '10301': box(117.4, 40.1, 117.5, 40.15),
      '10302': box(117.5, 40.1, 117.6, 40.15),
      '10303': box(117.4, 40.15, 117.5, 40.2),
      '10304': box(117.5, 40.15, 117.6, 40.2),
      '10305': box(117.600001, 40.1, 117.7, 40.2),
    }))
      ids[code] = await add(code, t3, shape)
    await c.db.query('select private.find_neighbours()')
    const beside = async (code: string) =>
      (
        await c.db.query<{ code: string }>(
          `select g.code from private.grid_neighbours n join public.grids g on g.id = n.neighbour_id where n.grid_id = $1 order by 1`,
          [ids[code]],
        )
      ).rows.map((row) => row.code)
    expect(await beside('10301')).toEqual(['10302', '10303'])
    expect(await beside('10302')).toEqual(['10301', '10304', '10305'])
    expect(await beside('10305')).toEqual(['10302', '10304'])
    // nothing changed: nothing is looked for
    expect(await one(c.db, 'select private.find_neighbours() as n')).toEqual({ n: 0 })
    await c.db.query(`update public.grids set version = version + 1 where id = $1`, [ids['10305']])
    expect(await one(c.db, 'select private.find_neighbours() as n')).toEqual({ n: 1 })
  })

  test('a grid rises by more than the mean of those beside it', async () => {
    await clear()
    await c.db.query(
      `insert into public.enterprises (code, name, sector_id, location, risk_level)
       select 'N' || i, '邻厂' || i, $1, extensions.ST_SetSRID(extensions.ST_MakePoint(x, y), 4326), 1
       from (values (1, 117.45, 40.12), (2, 117.55, 40.12), (3, 117.45, 40.17)) v (i, x, y)`,
      [c.sector.trade],
    )
    await risen({})
    await rules({ neighbours: { rise: 10, days: 7 } })
    // beside it: 6 and 2 up, 4 on the mean
    await risen({ '10301': 13.99, '10302': 6, '10303': 2 })
    await sweep()
    expect((await list('leader')).total).toBe(0)
    await risen({ '10301': 14, '10302': 6, '10303': 2 })
    await sweep()
    const { rows } = await list('leader')
    expect(rows.map(({ kind, grid }) => [kind, grid.code])).toEqual([['neighbours', '10301']])
    expect(rows[0]!.figures).toMatchObject({ neighbours: 2 })
    expect([rows[0]!.figures.mean, rows[0]!.figures.above].map(Number)).toEqual([4, 10])
  })
})

describe('once', () => {
  test('while it is open it is not raised again; after it was settled only when it came back, or became worse', async () => {
    await clear()
    await c.db.query(
      `update public.hazards set due_at = now() - interval '3 days', state = 'rectifying', closed_at = null where id = $1`,
      [hazards.major],
    )
    await rules({ overdue_major: { days: 0 } })
    const [row] = (await list('leader')).rows
    for (let i = 0; i < 3; i++) expect(await sweep()).toMatchObject({ raised: 0, changed: 0, gone: 0 })
    expect((await handle('leader', row!, 'handle', '已约谈')).status).toBe('ok')
    // it still is overdue, and somebody dealt with it
    expect(await sweep()).toMatchObject({ raised: 0 })
    await c.db.query(`update public.hazards set due_at = now() + interval '3 days' where id = $1`, [hazards.major])
    expect(await sweep()).toMatchObject({ raised: 0, gone: 1 })
    await c.db.query(`update public.hazards set due_at = now() - interval '1 day' where id = $1`, [hazards.major])
    expect(await sweep()).toMatchObject({ raised: 1 })
    const second = (await list('leader', { state: 'open' })).rows[0]!
    expect(second.id).not.toBe(row!.id)
    expect((await handle('leader', second, 'false_alarm', '系统时间不对')).status).toBe('ok')
    // a month later it is news again
    await c.db.query(`update public.hazards set due_at = now() - interval '31 days' where id = $1`, [hazards.major])
    expect(await sweep()).toMatchObject({ raised: 1 })
    expect((await list('leader')).counts).toEqual({ open: 1, handled: 1, false_alarm: 1 })
    const card = await c.call<{ earlier: object }>('leader', 'warning_card', {
      p_warning: (await list('leader')).rows[0]!.id,
    })
    expect(card.earlier).toMatchObject({ count: 2, false_alarms: 1 })
  })

  test('a cause that comes back says so on the warning that is open', async () => {
    const [open] = (await list('leader', { state: 'open' })).rows
    const due = (when: string) =>
      c.db.query(`update public.hazards set due_at = now() + $2::interval where id = $1`, [hazards.major, when])
    await due('2 days')
    // that of the false alarm before it too
    expect(await sweep()).toMatchObject({ raised: 0, gone: 2 })
    await due('-31 days')
    expect(await sweep()).toMatchObject({ raised: 0, changed: 1 })
    const { events, cause_gone_at } = await c.call<{ events: { action: string }[]; cause_gone_at: null }>(
      'leader',
      'warning_card',
      { p_warning: open!.id },
    )
    expect(events.map(({ action }) => action)).toEqual(['raise', 'gone', 'back'])
    expect(cause_gone_at).toBeNull()
  })

  test('the clock looks where something happened, and rests otherwise; nobody else calls it', async () => {
    const raise = (who: Person | 'service_role') =>
      c.call<{ status: string; looked: boolean; raised: number }>(who, 'raise_warnings')
    await raise('service_role')
    expect(await raise('service_role')).toMatchObject({ status: 'ok', looked: false })
    for (const change of [
      `update public.hazards set funds_spent = 7 where id = '${hazards.major}'`,
      `insert into public.patrols (grid_id, started_at) values (${c.grid.v12}, now())`,
      `insert into public.accidents (code, title, kind, location, occurred_at) values ('SG-W', '事故', '触电', extensions.ST_SetSRID(extensions.ST_MakePoint(117.05, 40.15), 4326), now())`,
      `insert into public.checklists (kind, enterprise_id) values ('five_assurances', '${enterprises.a}')`,
    ]) {
      await c.db.query(change)
      expect(await raise('service_role'), change).toMatchObject({ looked: true })
      expect(await raise('admin'), change).toMatchObject({ looked: false })
    }
    // a term that ends is nobody's write
    await c.db.query(`update public.hazards set due_at = now() + interval '1 hour' where id = $1`, [hazards.other])
    await raise('service_role')
    expect(await raise('service_role')).toMatchObject({ looked: false })
    // half an hour passes, the last look's and the term's: neither is a change of the log
    await c.db.exec(`set session_replication_role = replica;
      update public.hazards set due_at = now() - interval '1 second' where id = '${hazards.other}';
      update private.warning_sweeps set at = at - interval '30 minutes';
      set session_replication_role = default`)
    expect(await raise('service_role')).toMatchObject({ looked: true })
    await c.db.query(`update private.warning_sweeps set at = at - interval '61 minutes'`)
    expect(await raise('service_role')).toMatchObject({ looked: true })
    for (const who of ['leader', 'duty', 'stranger'] as const)
      expect(await raise(who)).toMatchObject({ status: 'rejected', errors: [{ code: 'NOT_ALLOWED' }] })
  })
})

describe('who', () => {
  /** One overdue hazard of chemistry in 别山一村 and the patrols of 别山一村 and 邦均一村. */
  async function three(): Promise<Record<'major' | 'v11' | 'v21', Row>> {
    await clear()
    await c.db.exec('delete from public.patrols')
    for (const key of ['v12', 'v22'] as const)
      await c.db.query('insert into public.patrols (grid_id, started_at) values ($1, now())', [c.grid[key]])
    await c.db.query(`update public.grids set retired_at = now() where code like '103%'`)
    await c.db.query(`update public.hazards set due_at = now() - interval '3 days' where id = $1`, [hazards.major])
    await rules({ overdue_major: { days: 0 }, unpatrolled: { periods: 2 } })
    const { rows } = await list('admin', { state: 'open' })
    const of = (code: string, kind: string) => rows.find((row) => row.grid.code === code && row.kind === kind)!
    return { major: of('10101', 'overdue_major'), v11: of('10101', 'unpatrolled'), v21: of('10201', 'unpatrolled') }
  }

  test('everyone sees those of their scope and no others, by list, card, table and history', async () => {
    const { major, v11, v21 } = await three()
    const seen: [Person, Row[]][] = [
      ['admin', [major, v11, v21]],
      ['leader', [major, v11, v21]],
      ['duty', [major, v11, v21]],
      ['town', [major, v11]],
      ['town2', [v21]],
      ['village', [major, v11]],
      ['member', [major, v11]],
      ['officer', [major]],
      ['enterprise', [major]],
      ['stranger', []],
    ]
    for (const [who, rows] of seen) {
      const ids = rows.map(({ id }) => id).sort()
      const listed = await list(who)
      expect(listed.rows.map(({ id }) => id).sort(), who).toEqual(ids)
      expect([listed.total, listed.counts.open], who).toEqual([ids.length, ids.length])
      const table = await c.as(who).query<{ id: string }>('select id from public.warnings order by id')
      expect(
        table.rows.map(({ id }) => id),
        who,
      ).toEqual(ids)
      const history = await c
        .as(who)
        .query<{ id: string }>('select distinct warning_id as id from public.warning_events order by 1')
      expect(
        history.rows.map(({ id }) => id),
        who,
      ).toEqual(ids)
      for (const row of [major, v11, v21]) {
        const card = await c.call<{ status: string }>(who, 'warning_card', { p_warning: row.id })
        expect(card.status, `${who} ${row.kind}`).toBe(ids.includes(row.id) ? 'ok' : 'not_found')
        if (!ids.includes(row.id))
          expect(await handle(who, row, 'acknowledge'), who).toMatchObject({
            status: 'rejected',
            errors: [{ code: 'NOT_FOUND' }],
          })
      }
    }
    await expect(c.as('anon').rpc('list_warnings', {})).rejects.toMatchObject({ code: '42501' })
  })

  test('leaders up the tree, the department and administrators settle; the duty desk acknowledges', async () => {
    const { major, v11 } = await three()
    const may: [Person, string[]][] = [
      ['admin', ['acknowledge', 'handle', 'false_alarm']],
      ['leader', ['acknowledge', 'handle', 'false_alarm']],
      ['town', ['acknowledge', 'handle', 'false_alarm']],
      ['village', ['acknowledge', 'handle', 'false_alarm']],
      ['officer', ['acknowledge', 'handle', 'false_alarm']],
      ['duty', ['acknowledge']],
      ['member', []],
      ['enterprise', []],
    ]
    for (const [who, steps] of may)
      expect((await list(who, { kind: 'overdue_major' })).rows[0]!.steps, who).toEqual(steps)
    for (const who of ['member', 'enterprise'] as const)
      for (const action of ['acknowledge', 'handle', 'false_alarm'])
        expect(await handle(who, major, action, '越权'), `${who} ${action}`).toMatchObject({
          status: 'rejected',
          errors: [{ code: 'NOT_ALLOWED' }],
        })
    expect(await handle('duty', major, 'handle', '越权')).toMatchObject({
      status: 'rejected',
      errors: [{ code: 'NOT_ALLOWED' }],
    })
    const told = await handle('duty', major, 'acknowledge')
    expect(told).toMatchObject({ status: 'ok', warning: { row_version: 2, state: 'open' } })
    expect(await handle('town', { ...major, row_version: 2 }, 'acknowledge')).toMatchObject({ status: 'rejected' })
    const done = await handle('officer', { ...major, row_version: 2 }, 'handle', '已督促整改')
    expect(done).toMatchObject({ status: 'ok', warning: { state: 'handled', note: '已督促整改', steps: ['reopen'] } })
    const { events } = await c.call<{
      events: { action: string; name: string | null; role: string | null; note: string | null }[]
    }>('leader', 'warning_card', { p_warning: major.id })
    expect(events.map(({ action, name, role, note }) => [action, name, role, note])).toEqual([
      ['raise', null, null, null],
      ['acknowledge', '人duty', '试验区值班员', null],
      ['handle', '人officer', '应急管理局', '已督促整改'],
    ])
    expect(await handle('officer', v11, 'handle', '不是我的行业')).toMatchObject({ errors: [{ code: 'NOT_FOUND' }] })
  })

  test('bad input is refused in words, and nothing is written', async () => {
    const { major } = await three()
    const refused = async (
      row: Pick<Row, 'id' | 'row_version'>,
      action: string | null,
      note: string | null,
      code: string,
    ) =>
      expect(
        await c.call<Done>('leader', 'handle_warning', {
          p_warning: row.id,
          p_version: row.row_version,
          p_action: action,
          p_note: note,
        }),
        `${action} ${note?.slice(0, 9)}`,
      ).toMatchObject({ status: 'rejected', errors: [{ code }] })
    await refused(major, 'erase', null, 'BAD_VALUE')
    await refused(major, null, null, 'BAD_VALUE')
    await refused(major, 'reopen', null, 'BAD_VALUE')
    await refused(major, 'handle', ' \n ', 'MISSING_FIELD')
    await refused(major, 'false_alarm', null, 'MISSING_FIELD')
    await refused(major, 'handle', '长'.repeat(2001), 'TOO_LONG')
    await refused({ id: people.admin, row_version: 1 }, 'handle', '没有', 'NOT_FOUND')
    expect(await c.call<Done>('leader', 'handle_warning', {})).toMatchObject({ errors: [{ code: 'NOT_FOUND' }] })
    expect(
      await c.call<Done>('service_role', 'handle_warning', {
        p_warning: major.id,
        p_version: 1,
        p_action: 'handle',
        p_note: 'x',
      }),
    ).toMatchObject({ errors: [{ code: 'NOT_ALLOWED' }] })
    for (const filter of [{ state: '坏' }, { owner: people.leader }, { from: '昨天' }, { enterprise: 'x' }, []])
      expect((await list('leader', filter)).status, JSON.stringify(filter)).toBe('rejected')
    expect((await list('leader', {}, "1'; drop table x")).status).toBe('rejected')
    expect((await list('leader', {}, '0/1/2')).status).toBe('rejected')
    // what does not exist matches nothing
    for (const filter of [{ grid: '999' }, { grid: 99_999 }, { sector: '航天' }, { kind: '坏' }, { level: 9 }])
      expect(await list('leader', filter), JSON.stringify(filter)).toMatchObject({ status: 'ok', total: 0, rows: [] })
    expect((await list('leader')).counts.open).toBe(3)
  })

  test('two at once: the second is shown how it stands, and nothing of theirs is written', async () => {
    const { major } = await three()
    expect((await handle('leader', major, 'handle', '甲')).status).toBe('ok')
    const late = await handle('town', major, 'false_alarm', '乙')
    expect(late).toMatchObject({ status: 'conflict', warning: { state: 'handled', note: '甲', row_version: 2 } })
    const again = await handle('town', { ...major, row_version: 2 }, 'reopen', '还没有整改')
    expect(again).toMatchObject({ status: 'ok', warning: { state: 'open', note: null, row_version: 3 } })
    // the sweep brings figures up to date and takes no version from anybody
    await c.db.query(`update public.hazards set due_at = now() - interval '5 days' where id = $1`, [hazards.major])
    expect(await sweep()).toMatchObject({ changed: 1 })
    expect((await handle('town', { ...major, row_version: 3 }, 'handle', '丙')).status).toBe('ok')
    // a newer one of the same is open: the old one stays settled
    await c.db.query(`update public.hazards set due_at = now() + interval '5 days' where id = $1`, [hazards.major])
    await sweep()
    await c.db.query(`update public.hazards set due_at = now() - interval '5 days' where id = $1`, [hazards.major])
    expect(await sweep()).toMatchObject({ raised: 1 })
    expect(await handle('town', { ...major, row_version: 4 }, 'reopen')).toMatchObject({
      status: 'rejected',
      errors: [{ code: 'BAD_VALUE' }],
    })
  })

  test('nobody writes warnings, their history or the rules past the functions', async () => {
    const { major } = await three()
    for (const who of ['admin', 'leader', 'service_role'] as const)
      for (const sql of [
        `update public.warnings set state = 'handled', settled_at = now() where id = '${major.id}'`,
        `delete from public.warnings where id = '${major.id}'`,
        `insert into public.warnings (kind, thing, level, grid_id, reason, figures, records, figure, step, told, raised_at)
         values ('index_up', 'grid:1', 1, ${c.grid.root}, '假', '{}', '[]', 1, 1, 1, now())`,
        `insert into public.warning_events (warning_id, at, action) values ('${major.id}', now(), 'handle')`,
        `delete from public.warning_events`,
        `update public.warning_rules set enabled = false`,
        `insert into public.warning_rules (kind, parameters) values ('index_up', '{"rise": 99}')`,
      ])
        expect(await failure(() => c.as(who).query(sql)), `${who}: ${sql}`).toBe('42501')
    // not even the owner changes what was written
    expect(await failure(() => c.db.query(`update public.warning_events set note = 'x'`))).toBe('42501')
    expect(await failure(() => c.db.query('delete from public.warning_events'))).toBe('42501')
    expect(await failure(() => c.db.query('truncate public.warning_events'))).toBe('42501')
  })

  test('what waits for one: the nearest leader with an account, the department, and the same figure everywhere', async () => {
    const { major, v11, v21 } = await three()
    await c.db.query('delete from auth.users')
    const account = (who: Person) =>
      c.db.query(`insert into auth.users (id, email) values ($1, $2)`, [people[who], `${who}@x.cn`])
    for (const who of ['leader', 'town', 'officer', 'admin', 'duty', 'member'] as const) await account(who)
    const mine = async (who: Person) => (await list(who, { owner: 'me' })).rows.map(({ id }) => id).sort()
    const ids = (...rows: Row[]) => rows.map(({ id }) => id).sort()
    // the leader of the village has no account; nor has that of the other township
    expect(await mine('town')).toEqual(ids(major, v11))
    expect(await mine('leader')).toEqual(ids(v21))
    expect(await mine('officer')).toEqual(ids(major))
    for (const who of ['admin', 'duty', 'member'] as const) expect(await mine(who), who).toEqual([])
    await account('village')
    expect(await mine('village')).toEqual(ids(major, v11))
    expect(await mine('town')).toEqual([])
    for (const who of ['village', 'town', 'leader', 'officer', 'admin'] as const) {
      const open = (await list(who, { owner: 'me', state: 'open' })).total
      expect((await c.call<{ warnings: number }>(who, 'my_work', { p_limit: 0 })).warnings, who).toBe(open)
      expect((await c.call<{ warnings: number }>(who, 'my_notices', { p_limit: 0 })).warnings, who).toBe(open)
    }
    // nobody up the tree can: the administrator
    await c.db.query('delete from auth.users where id <> $1', [people.admin])
    expect(await mine('admin')).toEqual(ids(major, v11, v21))
  })
})

describe('figures', () => {
  test('each count is the list it opens, page by page in one order', async () => {
    const all = (await list('leader')).rows
    for (const state of ['open', 'handled', 'false_alarm'] as const) {
      const part = await list('leader', { state })
      expect(part.total, state).toBe(part.rows.length)
      expect(part.total, state).toBe(part.counts[state])
      expect(part.rows.every((row) => row.state === state)).toBe(true)
    }
    const paged: string[] = []
    let after: string | null = null
    do {
      const page: Listed = await list('leader', {}, after, 1)
      expect(page.rows).toHaveLength(1)
      paged.push(page.rows[0]!.id)
      after = page.next
    } while (after)
    expect(paged).toEqual(all.map(({ id }) => id))
    const sorted = [...all].sort((a, b) => Number(a.state !== 'open') - Number(b.state !== 'open') || a.level - b.level)
    expect(all.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id))
    for (const [filter, fits] of [
      [{ grid: '101' }, (row: Row) => row.grid.code.startsWith('101')],
      [{ grid: c.grid.v21 }, (row: Row) => row.grid.code === '10201'],
      [{ sector: 'whp' }, (row: Row) => row.sector?.id === c.sector.chem],
      [{ kind: ['unpatrolled'] }, (row: Row) => row.kind === 'unpatrolled'],
      [{ level: 2 }, (row: Row) => row.level === 2],
      [{ enterprise: enterprises.a }, (row: Row) => row.enterprise?.id === enterprises.a],
      [{ from: await today(), to: await today() }, () => true],
      [{ to: '2026-01-01' }, () => false],
    ] as [object, (row: Row) => boolean][])
      expect(
        (await list('leader', filter)).rows.map(({ id }) => id),
        JSON.stringify(filter),
      ).toEqual(all.filter(fits).map(({ id }) => id))
  })

  test('a rule is told with how often it was wrong, over what the asker sees', async () => {
    const rule = async (who: Person) => {
      const { rules: all } = await c.call<{ rules: Told[] }>(who, 'list_warning_rules')
      return all.find((each) => each.kind === 'unpatrolled')!
    }
    const open = (await list('leader', { kind: 'unpatrolled', state: 'open' })).rows
    expect(open).toHaveLength(2)
    expect(await rule('leader')).toMatchObject({ raised: 2, open: 2, false_alarms: 0, false_alarm_rate: null })
    await handle('leader', open[0]!, 'false_alarm', '记录漏传')
    expect(Number((await rule('leader')).false_alarm_rate)).toBe(1)
    await handle('leader', open[1]!, 'handle', '已补巡')
    expect(await rule('leader')).toMatchObject({ raised: 2, open: 0, handled: 1, false_alarms: 1 })
    expect(Number((await rule('leader')).false_alarm_rate)).toBe(0.5)
    expect(Number((await rule('town')).raised) + Number((await rule('town2')).raised)).toBe(2)
    for (const state of ['open', 'handled', 'false_alarm'] as const)
      expect((await list('town', { kind: 'unpatrolled', state })).total).toBe(
        (await rule('town'))[state === 'false_alarm' ? 'false_alarms' : state],
      )
  })

  test('rules are seen before they hold, changed by administrators only, and keep who changed them', async () => {
    await clear()
    await only([])
    const set = (who: Person, given: unknown, options: object = {}) =>
      c.call<{
        status: string
        preview: { kind: string; raises: number; holds: number; examples: { reason: string }[] }[]
        raised: number
        errors: { field: string; code: string }[]
      }>(who, 'set_warning_rules', { p_rules: given, p_options: options })
    const on = { overdue_major: { enabled: true, parameters: { days: 0 } } }
    for (const who of ['leader', 'officer', 'duty', 'stranger'] as const)
      expect(await set(who, on, { dry_run: true }), who).toMatchObject({
        status: 'rejected',
        errors: [{ code: 'NOT_ALLOWED' }],
      })
    const before = await one<{ n: number }>(c.db, 'select count(*)::int as n from public.warning_rules')
    const seen = await set('admin', on, { dry_run: true })
    expect(seen.status).toBe('valid')
    const mine = seen.preview.find(({ kind }) => kind === 'overdue_major')!
    expect([mine.holds, mine.raises, mine.examples.length]).toEqual([1, 1, 1])
    expect(await one(c.db, 'select count(*)::int as n from public.warning_rules')).toEqual(before)
    expect((await list('leader')).total).toBe(0)
    expect(await set('admin', on, { note: '启用' })).toMatchObject({ status: 'committed', raised: mine.raises })
    expect((await list('leader')).total).toBe(mine.raises)
    expect(await one(c.db, `select kind, note, created_by from public.warning_rules order by id desc limit 1`)).toEqual(
      {
        kind: 'overdue_major',
        note: '启用',
        created_by: people.admin,
      },
    )
    // what is the same is no version
    await set('admin', on)
    expect(await one(c.db, 'select count(*)::int as n from public.warning_rules')).toEqual({ n: before.n + 1 })
    for (const [given, field] of [
      [{ index_up: { parameters: { rise: 0 } } }, 'index_up.rise'],
      [{ index_up: { parameters: { days: 7.5 } } }, 'index_up.days'],
      [{ repeats: { parameters: { times: '3' } } }, 'repeats.times'],
      [{ repeats: { parameters: { hours: 3 } } }, 'repeats.hours'],
      [{ repeats: { parameters: [] } }, 'repeats.parameters'],
      [{ repeats: { enabled: 'yes' } }, 'repeats.enabled'],
      [{ repeats: { off: true } }, 'repeats.off'],
      [{ repeats: 3 }, 'repeats'],
      [{ thunder: {} }, 'thunder'],
      [[], 'rules'],
    ] as [unknown, string][])
      expect(await set('admin', given), JSON.stringify(given)).toMatchObject({
        status: 'rejected',
        errors: [{ field, code: 'BAD_VALUE' }],
      })
  })
})
