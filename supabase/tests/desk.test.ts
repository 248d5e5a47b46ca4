import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, failure, hazards, one, openCounty, type Person } from './fixtures.ts'
import { type Loop, makeLoop, STATES } from './hazardLoop.ts'

// What the duty desk lists, counts and replays, each against the ledger or against the history itself.
let c: County
let loop: Loop
beforeAll(async () => {
  c = await openCounty()
  loop = makeLoop(c)
  // of every state one, found on different days (Beijing time), some of them closed on another
  for (const [i, state] of STATES.entries()) {
    for (const days of [0, 3, 20]) {
      const { id } = await loop.bring(state, { severity: i % 2 ? 'major' : 'general' })
      await c.db.query(
        `update public.hazards set found_at = now() - make_interval(days => $2), due_at = case when $3 then now() - interval '1 hour' else due_at end,
           closed_at = closed_at - make_interval(days => $2 / 2), sector_id = $4 where id = $1`,
        [id, days, i === 3, i === 4 ? c.sector.trade : c.sector.chem],
      )
      if (days === 3) await c.as('duty').rpc('acknowledge_hazards', { p_hazards: [id] })
    }
  }
})
afterAll(() => c.db.close())

interface Figures {
  reported: number
  major: number
  closed: number
  open: number
  overdue: number
  unacknowledged: number
  states: Record<string, number>
}
interface Counts {
  status: string
  today: string
  periods: {
    days: number
    from: string
    to: string
    total: Figures
    sectors: (Figures & { sector_id: number; sector: string })[]
  }[]
  unacknowledged: { count: number; major: number; ids: string[] }
  errors?: { code: string }[]
}
interface Row {
  id: string
  title: string
  place: string[]
  leaders: { grid: string; name: string; phone: string | null }[]
  reporter: string
  reported_at: string
  sector: string
  alarm: { acknowledged_at: string | null; name: string | null; due_at: string } | null
  seen_by: { name: string; counts: boolean }[]
}
interface Replay {
  status: string
  from: string
  to: string
  truncated: boolean
  hazards: Record<'id' | 'title' | 'level' | 'sector' | 'grid' | 'lon' | 'lat' | 'state', (string | number | null)[]>
  events: Record<'hazard' | 'ms' | 'action' | 'state' | 'who' | 'role', (string | number | null)[]>
  errors?: { code: string }[]
}

const total = async (who: Person, filter: object) =>
  (await c.call<{ total: number }>(who, 'list_hazards', { p_filter: filter, p_limit: 1 })).total

describe('the figures', () => {
  test.each(['duty', 'town', 'officer', 'enterprise', 'stranger'] as const)(
    'of %s each open as many rows',
    async (who) => {
      const counts = await c.call<Counts>(who, 'desk_counts')
      expect(counts.periods.map(({ days }) => days)).toEqual([1, 7, 30])
      for (const { from, to, total: all, sectors } of counts.periods) {
        const every = { status: [...STATES] }
        for (const figures of [all, ...sectors]) {
          const scope = 'sector_id' in figures ? { sector: (figures as { sector_id: number }).sector_id } : {}
          const found = { ...scope, from, to }
          expect({
            scope,
            reported: await total(who, { ...found, ...every }),
            major: await total(who, { ...found, ...every, severity: 'major' }),
            open: await total(who, found),
            overdue: await total(who, { ...found, overdue: true }),
            unacknowledged: await total(who, { ...found, acknowledged: false }),
            closed: await total(who, { ...scope, status: 'closed', closed_from: from, closed_to: to }),
          }).toEqual({
            scope,
            reported: figures.reported,
            major: figures.major,
            open: figures.open,
            overdue: figures.overdue,
            unacknowledged: figures.unacknowledged,
            closed: figures.closed,
          })
          for (const state of STATES)
            expect([state, figures.states[state]]).toEqual([state, await total(who, { ...found, status: state })])
        }
        // the sectors are the whole
        for (const key of ['reported', 'closed', 'open', 'overdue', 'unacknowledged'] as const)
          expect(sectors.reduce((sum, sector) => sum + sector[key], 0)).toBe(all[key])
      }
      expect(counts.unacknowledged.count).toBe(await total(who, { acknowledged: false }))
      expect(counts.unacknowledged.major).toBe(await total(who, { acknowledged: false, severity: 'major' }))
      expect(new Set(counts.unacknowledged.ids).size).toBe(counts.unacknowledged.count)
    },
  )

  test('are not all zero, and today is the day in China', async () => {
    const { periods, today } = await c.call<Counts>('duty', 'desk_counts')
    expect(periods.map(({ total: all }) => all.reported)).toEqual([7, 14, 21])
    expect(periods[2]!.total.closed).toBeGreaterThan(0)
    expect(periods[2]!.total.overdue).toBeGreaterThan(0)
    expect(periods[0]!.total.unacknowledged).toBe(5)
    expect(today).toBe((await one<{ day: string }>(c.db, 'select private.today()::text as day')).day)
  })

  test('of one grid are those of its subtree; one outside the scope is none', async () => {
    const inside = await c.call<Counts>('duty', 'desk_counts', { p_grid: c.grid.v11 })
    expect(inside.periods[2]!.total.reported).toBe(
      await total('duty', { grid: c.grid.v11, from: inside.periods[2]!.from, to: inside.today, status: [...STATES] }),
    )
    const other = await c.call<Counts>('duty', 'desk_counts', { p_grid: c.grid.t2 })
    expect(other.periods[2]!.total.reported).toBe(0)
    for (const grid of [c.grid.t2, 999_999])
      expect(await c.call<Counts>('village', 'desk_counts', { p_grid: grid })).toMatchObject({
        status: 'rejected',
        errors: [{ code: 'NOT_FOUND' }],
      })
    expect(await failure(() => c.call('anon', 'desk_counts'))).toBe('42501')
  })
})

describe('the list', () => {
  const feed = (who: Person, args: Record<string, unknown> = {}) =>
    c.as(who).rpc<{ status: string; now: string; rows: Row[] }>('desk_feed', args)

  test('has everything that waits, however old, and what came of late, newest first', async () => {
    const { id } = await loop.bring('reported', { severity: 'major' })
    await c.db.query(`alter table public.hazard_alarms disable trigger keep`)
    await c.db.query(
      `update public.hazard_alarms set raised_at = now() - interval '9 days', due_at = now() - interval '9 days' where hazard_id = $1`,
      [id],
    )
    await c.db.query(`alter table public.hazard_alarms enable trigger keep`)
    await c.db.query(`update public.hazards set found_at = now() - interval '9 days' where id = $1`, [id])
    const { rows } = await feed('duty')
    expect(rows.map((row) => row.id)).toContain(id)
    expect(rows.map((row) => row.reported_at)).toEqual(
      rows
        .map((row) => row.reported_at)
        .sort()
        .reverse(),
    )
    const { unacknowledged } = await c.call<Counts>('duty', 'desk_counts')
    const waiting = rows.filter(({ alarm }) => alarm && !alarm.acknowledged_at)
    for (const wanted of unacknowledged.ids) expect(waiting.map((row) => row.id)).toContain(wanted)
    // with little room, what waits comes first
    const few = await feed('duty', { p_limit: unacknowledged.count })
    expect(new Set(few.rows.map((row) => row.id))).toEqual(new Set(unacknowledged.ids))
    await c.as('duty').rpc('acknowledge_hazards', { p_hazards: [id] })
    expect((await feed('duty')).rows.map((row) => row.id)).not.toContain(id)
    expect((await feed('duty', { p_hours: 300 })).rows.map((row) => row.id)).toContain(id)
  })

  test('says where, who reported, whom to call and who saw it', async () => {
    const { id } = await loop.bring('reported', {})
    await c.as('town').rpc('acknowledge_hazards', { p_hazards: [id] })
    await c.as('duty').rpc('acknowledge_hazards', { p_hazards: [id] })
    const { rows } = await feed('duty', { p_hazards: [id] })
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      title: '储罐渗漏',
      place: ['别山镇', '别山一村'],
      reporter: '人member',
      sector: '危险化学品',
      leaders: [
        { grid: '别山一村', name: '人village' },
        { grid: '别山镇', name: '人town' },
        { grid: '试验区', name: '人leader' },
      ],
      alarm: { name: '人duty' },
      seen_by: [
        { name: '人town', counts: false },
        { name: '人duty', counts: true },
      ],
    })
    expect(rows[0]!.leaders[0]!.phone).toMatch(/^138/)
  })

  test('has nothing from outside the scope, asked for by name either', async () => {
    const { id } = await loop.bring('reported', {})
    const ids = [id, hazards.other, hazards.outside]
    const seen = async (who: Person) => (await feed(who, { p_hazards: ids })).rows.map((row) => row.id).sort()
    expect(await seen('duty')).toEqual([...ids].sort())
    expect(await seen('town2')).toEqual([hazards.other])
    expect(await seen('village')).toEqual([id])
    expect(await seen('stranger')).toEqual([])
    expect((await feed('stranger')).rows).toEqual([])
    expect((await feed('duty', { p_hazards: [], p_hours: -4, p_limit: -1 })).rows).toEqual([])
    expect(await failure(() => c.as('anon').rpc('desk_feed'))).toBe('42501')
  })
})

describe('the replay', () => {
  const replay = (who: Person, from: string | null = null, to: string | null = null) =>
    c.as(who).rpc<Replay>('desk_replay', { p_from: from, p_to: to })

  test('tells every step, and its states at any moment are those of the history', async () => {
    const { id } = await loop.bring('closed', {})
    const { id: waiting } = await loop.bring('reported', { severity: 'major' })
    await c.as('duty').rpc('acknowledge_hazards', { p_hazards: [waiting] })
    const answer = await replay('duty')
    expect(answer).toMatchObject({ status: 'ok', truncated: false })
    const { hazards: told, events } = answer
    const of = (hazard: string) => {
      const index = told.id.indexOf(hazard)
      return events.hazard.flatMap((at, i) => (at === index ? [events.action[i]] : []))
    }
    expect(of(id)).toEqual(['report', 'verify', 'assign', 'start', 'submit', 'pass'])
    expect(of(waiting)).toEqual(['report', 'acknowledge'])
    expect(events.ms).toEqual([...(events.ms as number[])].sort((a, b) => a - b))

    // by independent SQL: the last step before the moment
    const begin = Date.parse(answer.from)
    const moments = [0, ...(events.ms as number[]), Date.parse(answer.to) - begin]
    for (const ms of moments.filter((_, i) => i % 7 === 0)) {
      const states = new Map<unknown, unknown>(told.id.map((key, i) => [key, told.state[i]]))
      for (const [i, at] of (events.ms as number[]).entries())
        if (at <= ms && events.state[i] !== null) states.set(told.id[events.hazard[i] as number], events.state[i])
      const { rows } = await c.db.query<{ id: string; state: string }>(
        `select h.id, (select e.to_state from public.hazard_events e where e.hazard_id = h.id
           and e.at <= $1::timestamptz + make_interval(secs => $2::float8 / 1000) + interval '0.5 ms' order by e.seq desc limit 1) as state
         from public.hazards h where exists (select from public.hazard_events e where e.hazard_id = h.id)`,
        [answer.from, ms],
      )
      const open = (list: [unknown, unknown][]) =>
        list.filter(([, state]) => state && state !== 'closed' && state !== 'rejected').sort()
      const known = new Set(rows.map((row) => row.id))
      expect(open([...states].filter(([key]) => known.has(key as string)))).toEqual(
        open(rows.map((row) => [row.id, row.state])),
      )
    }
  })

  test('of a span that is none, or longer than a day, is refused in words', async () => {
    expect(await replay('duty', '2026-01-02', '2026-01-01')).toMatchObject({ errors: [{ code: 'BAD_VALUE' }] })
    expect(await replay('duty', '-infinity', 'infinity')).toMatchObject({ errors: [{ code: 'BAD_VALUE' }] })
    expect(await replay('duty', '2026-01-01', '2026-01-03')).toMatchObject({ errors: [{ code: 'OUT_OF_RANGE' }] })
    expect(await replay('duty', '2020-01-01', '2020-01-02')).toMatchObject({ status: 'ok', events: { hazard: [] } })
    expect(await failure(() => c.call('anon', 'desk_replay'))).toBe('42501')
  })

  test('tells nothing from outside the scope', async () => {
    await loop.bring('reported', {})
    const { hazards: told } = await replay('town2')
    expect(told.id).toEqual([hazards.other])
    const none = await replay('stranger')
    expect([none.hazards.id, none.events.hazard]).toEqual([[], []])
  })
})
