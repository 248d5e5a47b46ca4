import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  box,
  type County,
  codes,
  enterprises,
  failure,
  type GridKey,
  hazards,
  openCounty,
  type Person,
  people,
} from './fixtures.ts'

// The feed: who is told of what, that nothing is missed, and when everything must be loaded anew. And what is said aloud.
interface Change {
  entity: string
  id: string
  op: 'insert' | 'update' | 'delete'
  row_version: number | null
  at: string
}
interface Feed {
  epoch: string
  scope_version: string
  cursor: string
  caught_up: boolean
  resync: boolean
  changes: Change[]
}

let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

const feed = (who: Person, cursor: string | null = null, limit?: number) =>
  c.call<Feed>(who, 'changes_since', { p_cursor: cursor, ...(limit ? { p_limit: limit } : {}) })
const short = (changes: Change[]) => changes.map(({ entity, id, op }) => `${op} ${entity} ${id}`)

/** What each of these people is told of a piece of work, and nobody else anything. */
async function told(work: () => Promise<unknown>): Promise<Partial<Record<Person, string[]>>> {
  const everybody = Object.keys(people) as Person[]
  const before = new Map<Person, string>()
  for (const who of everybody) before.set(who, (await feed(who)).cursor)
  await work()
  const heard: Partial<Record<Person, string[]>> = {}
  for (const who of everybody) {
    const { changes } = await feed(who, before.get(who))
    if (changes.length > 0) heard[who] = short(changes)
  }
  return heard
}
const toAll = (words: string[], ...who: Person[]) => Object.fromEntries(who.map((one) => [one, words]))
const at = (lon: number) => `extensions.ST_SetSRID(extensions.ST_MakePoint(${lon}, 40.15), 4326)`

describe('changes_since', () => {
  test('starts from now and tells what comes after, once', async () => {
    const start = await feed('leader')
    expect(start).toMatchObject({ caught_up: true, resync: false, changes: [] })
    await c.db.query('update public.enterprises set employees = 5 where id = $1', [enterprises.a])
    await c.db.query('update public.hazards set funds_spent = 5 where id = $1', [hazards.general])
    const next = await feed('leader', start.cursor)
    expect(short(next.changes)).toEqual([`update enterprise ${enterprises.a}`, `update hazard ${hazards.general}`])
    const { rows } = await c.db.query<{ v: number }>('select row_version as v from public.enterprises where id = $1', [
      enterprises.a,
    ])
    expect(next.changes[0]!.row_version).toBe(rows[0]!.v)
    expect(Number.isNaN(Date.parse(next.changes[0]!.at))).toBe(false)
    expect(next).toMatchObject({ caught_up: true, epoch: start.epoch, scope_version: start.scope_version })
    expect((await feed('leader', next.cursor)).changes).toEqual([])
  })

  test('comes in parts that together are the whole', async () => {
    const { cursor } = await feed('admin')
    for (let i = 0; i < 7; i++)
      await c.db.query('update public.enterprises set employees = $1 where id = any ($2)', [
        i,
        [enterprises.a, enterprises.b],
      ])
    const whole = await feed('admin', cursor)
    const parts: Change[] = []
    let part = await feed('admin', cursor, 3)
    for (; !part.caught_up; part = await feed('admin', part.cursor, 3)) parts.push(...part.changes)
    parts.push(...part.changes)
    expect(whole.changes).toHaveLength(14)
    expect(parts).toEqual(whole.changes)
  })

  test('says nothing of what was taken back, and nothing twice for a write that changed no grid', async () => {
    const { cursor } = await feed('admin')
    await c.db
      .transaction(async (session) => {
        await session.query('update public.hazards set funds_spent = 9')
        throw new Error('taken back')
      })
      .catch(() => undefined)
    await c.db.query('update public.grids set population = 3')
    expect((await feed('admin', cursor)).changes).toEqual([])
  })

  test('knows what was written so many seconds ago, for a page that looked before it asked', async () => {
    await c.db.query('update public.enterprises set employees = 6 where id = $1', [enterprises.a])
    const recent = await feed('leader', 'ago:60')
    expect(short(recent.changes)).toContain(`update enterprise ${enterprises.a}`)
    // a transaction of somebody else's (autovacuum) that still runs moves the beginning back, until it ends
    while ((await feed('leader', 'ago:0')).changes.length) await new Promise((later) => setTimeout(later, 20))
    expect((await feed('leader', recent.cursor)).changes).toEqual([])
  })

  test('refuses a cursor that is none, and sends one that is worth nothing back to the start', async () => {
    const bad = ['', 'x', '1:2', '0123456789ab/1', '0123456789ab/5:3:']
    for (const cursor of [...bad, '0123456789ab/1:2:/1:2:', '0123456789ab/1:2:/1:2:/x', "';--", 'ago:-1'])
      expect(await c.call('leader', 'changes_since', { p_cursor: cursor }), cursor).toMatchObject({
        status: 'rejected',
        errors: [{ field: 'cursor', code: 'BAD_VALUE' }],
      })
    const now = await feed('leader')
    const [epoch, snapshot] = now.cursor.split('/')
    const elsewhere = await feed('leader', `000000000000/${snapshot}`)
    expect(elsewhere).toMatchObject({ resync: true, changes: [], epoch })
    const later = Number(snapshot!.split(':')[1]) + 1_000_000
    expect(await feed('leader', `${epoch}/${later}:${later}:`)).toMatchObject({ resync: true, changes: [] })
    expect((await feed('leader', elsewhere.cursor)).resync).toBe(false)
  })

  test('sends who stayed away too long back to the start', async () => {
    const { cursor } = await feed('leader')
    await c.db.query('update public.hazards set funds_spent = 1')
    await c.db.query(`update private.feed set pruned = $1::text::xid8`, [cursor.split(/[/:]/)[1]])
    expect(await feed('leader', cursor)).toMatchObject({ resync: true, changes: [] })
    await c.db.query(`update private.feed set pruned = '0'`)
    expect((await feed('leader', cursor)).changes).not.toEqual([])
  })

  test('keeps thirty days', async () => {
    await c.db.query(
      `insert into public.change_log (entity, row_id, op, at) values ('old', 'x', 'update', now() - interval '31 days')`,
    )
    // the broom is a matter of chance, so that no writer pays for it
    for (let i = 0; i < 20; i++)
      await c.db.exec(
        `do $$ begin for i in 1..300 loop insert into public.change_log (entity, row_id, op) select 'x', 'x', 'update' where false; end loop; end $$`,
      )
    const { rows } = await c.db.query<{ old: number; fresh: number; cut: boolean }>(
      `select count(*) filter (where entity = 'old')::int as old, count(*)::int as fresh,
         (select pruned > '0' from private.feed) as cut from public.change_log`,
    )
    expect(rows[0]).toMatchObject({ old: 0, cut: true })
    expect(rows[0]!.fresh).toBeGreaterThan(10)
    await c.db.query(`update private.feed set pruned = '0'`)
  })

  test('is nobody’s to write, and only an administrator’s to read whole', async () => {
    expect(await failure(() => c.as('anon').query(`select public.changes_since()`))).toBe('42501')
    expect(await failure(() => c.as('anon').query('select * from public.change_log'))).toBe('42501')
    for (const who of ['admin', 'leader', 'service_role'] as const) {
      const write = `insert into public.change_log (entity, row_id, op) values ('hazard', 'x', 'insert')`
      expect(await failure(() => c.as(who).query(write)), who).toBe('42501')
      expect(await failure(() => c.as(who).query('delete from public.change_log')), who).toBe('42501')
    }
    expect((await c.as('leader').query('select * from public.change_log')).rows).toEqual([])
    expect((await c.as('admin').query('select * from public.change_log')).rows.length).toBeGreaterThan(0)
  })
})

describe('who is told', () => {
  beforeEach(async () => {
    await c.db.query(`update public.enterprises set location = ${at(117.05)} where id = $1`, [enterprises.a])
  })

  test('of an enterprise: its grids, its department, its own people', async () => {
    const words = [`update enterprise ${enterprises.a}`]
    expect(
      await told(() => c.db.query('update public.enterprises set employees = 8 where id = $1', [enterprises.a])),
    ).toEqual(toAll(words, 'admin', 'leader', 'town', 'village', 'member', 'duty', 'officer', 'enterprise'))
  })

  test('of one that moves away: those it leaves that it is gone, those it comes to that it is there', async () => {
    const heard = await told(() =>
      c.db.query(`update public.enterprises set location = ${at(117.25)} where id = $1`, [enterprises.a]),
    )
    expect(heard).toEqual({
      ...toAll([`update enterprise ${enterprises.a}`], 'admin', 'leader', 'duty', 'officer', 'enterprise', 'town2'),
      ...toAll([`delete enterprise ${enterprises.a}`], 'town', 'village', 'member'),
    })
  })

  test('of one that changes its sector: the department that lost it, too', async () => {
    const heard = await told(() =>
      c.db.query('update public.enterprises set sector_id = $2 where id = $1', [enterprises.c, c.sector.trade]),
    )
    expect(heard).toEqual({
      ...toAll([`update enterprise ${enterprises.c}`], 'admin', 'leader', 'duty', 'town2'),
      ...toAll([`delete enterprise ${enterprises.c}`], 'officer'),
    })
    await c.db.query('update public.enterprises set sector_id = $2 where id = $1', [enterprises.c, c.sector.chem])
  })

  test('of an accident, a patrol, a checklist and a warning: whoever sees it, and nobody else', async () => {
    const all = ['admin', 'leader', 'town', 'village', 'member', 'duty', 'officer', 'enterprise'] as const
    const id = (n: number) => `00000000-0000-4000-9000-00000000000${n}`
    const accident = `insert into public.accidents (id, code, title, kind, enterprise_id, sector_id, location, occurred_at)
      values ('${id(1)}', 'SG-FEED', '事故', '触电', '${enterprises.a}', ${c.sector.chem}, ${at(117.05)}, now())`
    expect(await told(() => c.db.query(accident))).toEqual(toAll([`insert accident ${id(1)}`], ...all))
    // what it was is changed, and what it became is told
    expect(await told(() => c.db.query(`update public.accidents set deaths = 1 where id = '${id(1)}'`))).toEqual(
      toAll([`update accident ${id(1)}`], ...all),
    )
    // a patrol is of no sector and of no enterprise
    const patrol = `insert into public.patrols (id, grid_id, user_id, started_at) values ('${id(2)}', ${c.grid.v11}, '${people.member}', now())`
    expect(await told(() => c.db.query(patrol))).toEqual(
      toAll([`insert patrol ${id(2)}`], 'admin', 'leader', 'town', 'village', 'member', 'duty'),
    )
    const checklist = `with k as (insert into public.checklists (id, kind, enterprise_id) values ('${id(3)}', 'five_assurances', '${enterprises.c}') returning id)
      select 1 from k`
    expect(await told(() => c.db.query(checklist))).toEqual(
      toAll([`insert checklist ${id(3)}`], 'admin', 'leader', 'town2', 'duty', 'officer'),
    )
    const points = `insert into public.checklist_items (checklist_id, code, name, done)
      values ('${id(3)}', 'plan', '预案落实', false), ('${id(3)}', 'funds', '资金落实', true)`
    expect(await told(() => c.db.query(points))).toEqual(
      toAll([`update checklist ${id(3)}`], 'admin', 'leader', 'town2', 'duty', 'officer'),
    )
    await c.db.query('select * from private.sweep_warnings(clock_timestamp())')
    const { rows } = await c.db.query<{ id: string }>(
      `update public.warnings set note = 'x' where thing = 'hazard:${hazards.major}' returning id`,
    )
    const [warning] = rows
    expect(await told(() => c.db.query(`update public.warnings set note = null where id = '${warning!.id}'`))).toEqual(
      toAll([`update warning ${warning!.id}`], ...all),
    )
    expect(await told(() => c.db.query(`delete from public.accidents where id = '${id(1)}'`))).toEqual(
      toAll([`delete accident ${id(1)}`], ...all),
    )
  })

  test('of what lies in no grid: those who see everything', async () => {
    expect(
      await told(() => c.db.query('update public.hazards set funds_spent = 2 where id = $1', [hazards.outside])),
    ).toEqual(toAll([`update hazard ${hazards.outside}`], 'admin', 'leader', 'duty'))
  })

  test('of a deletion: whoever saw it, with a version above its last', async () => {
    const { rows } = await c.db.query<{ id: string }>(
      `insert into public.enterprises (code, name, sector_id, location) values ('GONE', '将撤', $1, ${at(117.15)}) returning id`,
      [c.sector.trade],
    )
    const { cursor } = await feed('town')
    const heard = await told(() => c.db.query('delete from public.enterprises where id = $1', [rows[0]!.id]))
    expect(heard).toEqual(toAll([`delete enterprise ${rows[0]!.id}`], 'admin', 'leader', 'duty', 'town'))
    expect((await feed('town', cursor)).changes).toMatchObject([{ op: 'delete', row_version: 2 }])
  })

  test('of a grid: whoever sees its card, and of who answers for it, without a version', async () => {
    const rename = () =>
      c.call('admin', 'commit_grid_boundaries', { p_changes: [{ id: c.grid.v11, name: '别山一村' }], p_options: {} })
    const words = [`update grid ${c.grid.v11}`]
    const around: Person[] = ['admin', 'leader', 'town', 'village', 'member', 'duty', 'officer', 'enterprise']
    expect(await told(rename)).toEqual(toAll(words, ...around))
    const { cursor } = await feed('town')
    const post = () =>
      c.db.query(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'deputy')`, [
        people.village,
        c.grid.v11,
      ])
    expect(await told(post)).toEqual(toAll(words, ...around))
    expect((await feed('town', cursor)).changes).toMatchObject([{ row_version: null }])
    await c.db.query(`delete from public.memberships where position = 'deputy'`)
  })

  test('of a grid that is retired, that it is gone', async () => {
    const made = await c.call<{ grids: { id: number }[] }>('admin', 'commit_grid_boundaries', {
      p_changes: [
        { code: 'u', name: '学校', kind: 'unit', parent_id: c.grid.v12, boundary: box(117.12, 40.12, 117.13, 40.13) },
      ],
      p_options: {},
    })
    const id = made.grids[0]!.id
    const heard = await told(() =>
      c.call('admin', 'commit_grid_boundaries', { p_changes: [{ id, retire: true }], p_options: {} }),
    )
    expect(heard.town).toEqual([`delete grid ${id}`])
    expect(heard.town2).toBeUndefined()
  })

  test('of a grid moved in the tree: the old parent’s people that it and all below are gone', async () => {
    await c.db.query(`insert into public.grids (code, name, kind, parent_id) values ('d', '站', 'department', $1)`, [
      c.grid.v12,
    ])
    const { rows } = await c.db.query<{ id: number }>(`select id from public.grids where code = 'd'`)
    const heard = await told(() =>
      c.db.query('update public.grids set parent_id = $2, version = version + 1 where id = $1', [
        c.grid.v12,
        c.grid.t2,
      ]),
    )
    expect(heard.town?.sort()).toEqual([`delete grid ${c.grid.v12}`, `delete grid ${rows[0]!.id}`].sort())
    expect(heard.town2?.sort()).toEqual([`update grid ${c.grid.v12}`, `update grid ${rows[0]!.id}`].sort())
    await c.db.query('update public.grids set parent_id = $2 where id = $1', [c.grid.v12, c.grid.t1])
  })
})

describe('rights', () => {
  test('are named by a version that changes with every one of them, for oneself only', async () => {
    const version = async (who: Person) => (await feed(who)).scope_version
    const before = { member: await version('member'), town: await version('town'), officer: await version('officer') }
    await c.db.query(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'member')`, [
      people.member,
      c.grid.v12,
    ])
    const after = await version('member')
    expect(after).not.toBe(before.member)
    expect(await version('town')).toBe(before.town)
    await c.db.query('delete from public.memberships where user_id = $1 and grid_id = $2', [people.member, c.grid.v12])
    expect(await version('member')).toBe(before.member)
    await c.db.query('update public.sectors set department_id = $1 where id = $2', [c.department, c.sector.trade])
    expect(await version('officer')).not.toBe(before.officer)
    await c.db.query('update public.sectors set department_id = null where id = $1', [c.sector.trade])
  })

  test('taken back are gone at the next question, with what was written before too', async () => {
    const { cursor, scope_version } = await feed('member')
    await c.db.query('update public.enterprises set employees = 3 where id = $1', [enterprises.a])
    await c.db.query('delete from public.memberships where user_id = $1', [people.member])
    const next = await feed('member', cursor)
    expect(next.changes).toEqual([])
    expect(next.scope_version).not.toBe(scope_version)
    await c.db.query(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'member')`, [
      people.member,
      c.grid.v11,
    ])
  })
})

describe('what is said aloud', () => {
  /** Topic and payload of the messages that a piece of work sends. */
  async function said(
    work: () => Promise<unknown>,
  ): Promise<{ topic: string; event: string; payload: Record<string, unknown> }[]> {
    await c.db.exec('delete from realtime.messages')
    await work()
    const { rows } = await c.db.query<{
      topic: string
      event: string
      payload: Record<string, unknown>
      private: boolean
    }>('select topic, event, payload, private from realtime.messages order by topic')
    expect(rows.filter((row) => !row.private)).toEqual([])
    return rows
  }
  const topicsOf = (messages: { topic: string }[]) => messages.map(({ topic }) => topic)
  const topics = (...keys: GridKey[]) => keys.map((key) => `grid:${c.grid[key]}`)

  test('is four words about one thing, to its grid, all above it and its sector', async () => {
    const messages = await said(() =>
      c.db.query('update public.hazards set funds_spent = 4 where id = $1', [hazards.major]),
    )
    expect(topicsOf(messages)).toEqual(
      [...topics('root', 't1', 'v11'), `sector:${c.sector.chem}`, `enterprise:${enterprises.a}`].sort(),
    )
    for (const { payload } of messages) {
      expect(Object.keys(payload).sort()).toEqual(['entity', 'id', 'op', 'row_version'])
      expect(payload).toMatchObject({ entity: 'hazard', id: hazards.major, op: 'update' })
    }
  })

  test('of an accident and a warning too: its grid, all above it and its sector', async () => {
    const topics = (key: GridKey) =>
      ['root', key.slice(0, 1) === 'v' ? `t${key[1]}` : key, key].map((each) => `grid:${c.grid[each as GridKey]}`)
    const heard = async (sql: string) =>
      (await said(() => c.db.query(sql))).map(({ topic, payload }) => [topic, payload.entity])
    const of = (entity: string, ...names: string[]) => names.sort().map((topic) => [topic, entity])
    expect(
      await heard(`insert into public.accidents (code, title, kind, sector_id, location, occurred_at)
        values ('SG-TOLD', '事故', '触电', ${c.sector.chem}, ${at(117.25)}, now())`),
    ).toEqual(of('accident', ...topics('v21'), `sector:${c.sector.chem}`))
    expect(await heard(`insert into public.patrols (grid_id, started_at) values (${c.grid.v12}, now())`)).toEqual(
      of('patrol', ...topics('v12')),
    )
    const warned = await heard(`update public.warnings set note = 'y' where thing = 'hazard:${hazards.major}'`)
    expect(warned.filter(([topic]) => !String(topic).startsWith('enterprise'))).toEqual(
      of('warning', ...topics('v11'), `sector:${c.sector.chem}`),
    )
  })

  test('of many things is one message a topic, however many', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({
      code: `M${i}`,
      name: `企业${i}`,
      lon: 117.01 + (i % 38) / 100,
      lat: 40.15,
      sector: i % 2 ? 'gm' : 'whp',
    }))
    const messages = await said(() => c.call('admin', 'import_enterprises', { p_rows: rows, p_options: {} }))
    expect(topicsOf(messages).sort()).toEqual(
      [...topics('root', 't1', 't2'), `sector:${c.sector.chem}`, `sector:${c.sector.trade}`].sort(),
    )
    expect(messages.map(({ payload }) => payload)).toEqual(
      messages.map(() => ({ entity: 'enterprise', id: null, op: 'many', row_version: null })),
    )
    const few = await said(() => c.db.query(`delete from public.enterprises where code in ('M0', 'M1', 'M2')`))
    expect(few.find(({ topic }) => topic === `grid:${c.grid.root}`)?.payload).toMatchObject({ id: null, op: 'many' })
    await c.db.query(`delete from public.enterprises where code like 'M%'`)
  })

  test('of a grid is told without its geometry, and a right to the person alone', async () => {
    const messages = await said(() =>
      c.call('admin', 'commit_grid_boundaries', { p_changes: [{ id: c.grid.t1, name: '别山镇' }], p_options: {} }),
    )
    expect(topicsOf(messages)).toEqual(topics('root', 't1').sort())
    const rights = await said(() =>
      c.db.query(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'duty')`, [
        people.member,
        c.grid.root,
      ]),
    )
    expect(rights.find(({ event }) => event === 'rights')).toMatchObject({
      topic: `user:${people.member}`,
      payload: { entity: 'me', id: people.member, op: 'update', row_version: null },
    })
    await c.db.query(`delete from public.memberships where position = 'duty' and user_id = $1`, [people.member])
  })

  test('reaches a department below the root and an enterprise, nobody beside them, and leaves with what leaves', async () => {
    const [d] = (
      await c.db.query<{ id: number }>(
        `insert into public.departments (code, name, grid_id) values ('zyj', '镇应急办', $1) returning id`,
        [c.grid.t1],
      )
    ).rows
    await c.db.query('update public.sectors set department_id = $1 where id = $2', [d!.id, c.sector.trade])
    await c.db.query('insert into public.department_officers (user_id, department_id) values ($1, $2)', [
      people.officer,
      d!.id,
    ])
    const small = `sector:${c.sector.trade}.${c.grid.t1}`
    const heard = async (work: string) =>
      (await said(() => c.db.query(work))).filter(({ topic }) => topic === small).map(({ payload }) => payload.op)
    const at = (lon: number) =>
      `update public.hazards set location = extensions.ST_SetSRID(extensions.ST_MakePoint(${lon}, 40.15), 4326) where id = '${hazards.general}'`
    expect(await heard(`update public.hazards set funds_spent = 5 where id = '${hazards.general}'`)).toEqual(['update'])
    expect(await heard(`update public.hazards set funds_spent = 5 where id = '${hazards.other}'`)).toEqual([])
    expect(await heard(`update public.hazards set funds_spent = 5 where id = '${hazards.major}'`)).toEqual([])
    expect(await heard(at(117.25))).toEqual(['delete'])
    expect(await heard(at(117.15))).toEqual(['update'])
    const may = async (who: Person, topic: string) =>
      (
        await c.db.query<{ may: string[] }>(`select realtime.rights_on($1, 'authenticated', $2::jsonb) as may`, [
          topic,
          JSON.stringify({ sub: people[who], role: 'authenticated' }),
        ])
      ).rows[0]!.may.includes('hear')
    expect([await may('officer', small), await may('town', small), await may('enterprise', small)]).toEqual([
      true,
      false,
      false,
    ])
    expect(await may('officer', `sector:${c.sector.trade}.${c.grid.t2}`)).toBe(false)
    expect(await may('officer', `sector:${c.sector.trade}`)).toBe(false)
    expect(await may('enterprise', `enterprise:${enterprises.a}`)).toBe(true)
    for (const [who, firm] of [
      ['enterprise', enterprises.b],
      ['officer', enterprises.a],
      ['stranger', enterprises.a],
    ] as const)
      expect(await may(who, `enterprise:${firm}`), who).toBe(false)
    await c.db.query('delete from public.department_officers where department_id = $1', [d!.id])
    expect(await may('officer', small)).toBe(false)
    await c.db.query('update public.sectors set department_id = null where id = $1', [c.sector.trade])
    await c.db.query('delete from public.departments where id = $1', [d!.id])
  })

  test('is heard by those whose it is, and spoken by nobody', async () => {
    const may = async (who: Person, topic: string) =>
      (
        await c.db.query<{ may: string[] }>(`select realtime.rights_on($1, 'authenticated', $2::jsonb) as may`, [
          topic,
          JSON.stringify({ sub: people[who], role: 'authenticated' }),
        ])
      ).rows[0]!.may.sort()
    const all = ['appear', 'hear', 'see']
    const expected: [Person, GridKey[]][] = [
      ['admin', ['root', 't1', 'v22']],
      ['leader', ['root', 't1', 'v22']],
      ['duty', ['root', 't1', 'v22']],
      ['town', ['t1', 'v11', 'v12']],
      ['village', ['v11']],
      ['member', ['v11']],
      ['officer', []],
      ['enterprise', []],
      ['stranger', []],
    ]
    for (const [who, mine] of expected)
      for (const key of Object.keys(codes) as GridKey[]) {
        const rights = await may(who, `grid:${c.grid[key]}`)
        if (mine.includes(key)) expect(rights, `${who} ${key}`).toEqual(all)
        else if (!['admin', 'leader', 'duty'].includes(who)) expect(rights, `${who} ${key}`).toEqual([])
      }
    expect(await may('officer', `sector:${c.sector.chem}`)).toEqual(all)
    expect(await may('officer', `sector:${c.sector.trade}`)).toEqual([])
    expect(await may('town', `sector:${c.sector.chem}`)).toEqual([])
    expect(await may('town', `user:${people.town}`)).toEqual(all)
    expect(await may('town', `user:${people.member}`)).toEqual([])
    for (const odd of ['grid:', 'grid:99999999999', 'grid:1;', 'x', ''])
      expect(await may('leader', odd), odd).toEqual([])
  })
})
