import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../local/testing.ts'
import { ACCOUNTS } from '../seed/rows/accounts.ts'
import { type County, enterprises, openCounty, type Person, people } from './fixtures.ts'

interface Axis {
  key: string
  value: number | null
  median: number | null
  score: number | null
  full: number
  better: string
  n: number
}
interface Change {
  field: string
  old: string | null
  new: string | null
  by: string | null
}
interface Confirmation {
  never: boolean
  stale: boolean
  at: string | null
  by: string | null
  corrected: object
  changes: Change[]
}
interface Portrait {
  status: string
  since: string
  partial: boolean
  may: { edit: boolean; place: boolean }
  enterprise: { id: string; version: number; risk_level: number | null; licence_expiry: string | null } & Record<
    string,
    unknown
  >
  licences: { state: string; days: number | null }[]
  levels: { from: number; to: number }[]
  risk_points: { id: string; level: number; measures: unknown[] }[]
  sources: {
    r: number
    alpha: number
    grade: number | null
    substances: { quantity: number; threshold: number; beta: number }[]
  }[]
  hazards: {
    counts: Record<'open' | 'major' | 'overdue' | 'found' | 'closed', number>
    rows: { id: string }[]
    repeated: { title: string; n: number; rows: { id: string }[] }[]
    photos: unknown[]
  }
  visits: { count: number; hazards: number; rows: { id: string }[] }
  checklist: { missing: number; items: { done: boolean }[] } | null
  accidents: { count: number; rows: { id: string }[] }
  neighbours: { count: number; rows: { id: string; distance: number }[] }
  confirmation: Confirmation
  radar: { enterprises: number; axes: Axis[] }
}

describe('the demo county', () => {
  let db: TestDatabase
  const ask = (who: keyof typeof ACCOUNTS, id: string) =>
    db.asUser(ACCOUNTS[who].id).rpc<Portrait>('enterprise_portrait', { p_enterprise: id })
  const ids = async (sql: string) => (await db.query<{ id: string }>(sql)).rows.map(({ id }) => id)
  const rows = async <T>(sql: string, params: unknown[] = []) => (await db.query<T>(sql, params)).rows
  let chosen: string[]
  beforeAll(async () => {
    db = await openTestDatabase({ demo: true })
    const seed = Number(process.env.SAFEGRID_SEED ?? Date.now() % 1e9)
    console.log(`portrait: SAFEGRID_SEED=${seed}`)
    chosen = [
      ...(await ids(`select enterprise_id as id from public.enterprise_users`)),
      ...(await ids(
        `select id from public.enterprises where major_hazard_source_grade is not null order by md5(id::text || ${seed}) limit 2`,
      )),
      ...(await ids(
        `select enterprise_id as id from public.accidents where enterprise_id is not null order by md5(enterprise_id::text || ${seed}) limit 2`,
      )),
      ...(await ids(
        `select id from public.enterprises where grid_id is not null order by md5(id::text || ${seed}) limit 5`,
      )),
    ]
  }, 180_000)
  afterAll(() => db.close())

  test('is drawn with the figures that independent SQL finds', { timeout: 120_000 }, async () => {
    const middle = (values: number[]) => {
      const sorted = [...values].sort((a, b) => a - b)
      const half = sorted.length / 2
      return sorted.length % 2 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2
    }
    for (const id of chosen) {
      const p = await ask('leader', id)
      const since = `(${"'"}${p.since}${"'"}::date)::timestamp at time zone 'Asia/Shanghai'`
      const [h] = await rows<Portrait['hazards']['counts']>(
        `select count(*) filter (where state not in ('closed', 'rejected'))::int as open,
           count(*) filter (where state not in ('closed', 'rejected') and severity = 'major')::int as major,
           count(*) filter (where state not in ('closed', 'rejected') and due_at < now())::int as overdue,
           count(*) filter (where state <> 'rejected' and found_at >= ${since})::int as found,
           count(*) filter (where closed_at >= ${since})::int as closed
         from public.hazards where enterprise_id = $1`,
        [id],
      )
      expect(p.hazards.counts).toEqual(h)
      expect(p.hazards.rows.length).toBe(Math.min(50, h!.open))
      const [visits] = await rows<{ n: number }>(
        `select count(*)::int as n from public.patrol_items i join public.patrols p on p.id = i.patrol_id where i.enterprise_id = $1 and p.day >= $2`,
        [id, p.since],
      )
      expect(p.visits.count).toBe(visits!.n)
      expect(p.visits.rows.length).toBe(Math.min(200, visits!.n))
      const near = await rows<{ id: string }>(
        `select n.id from public.enterprises n, public.enterprises e where e.id = $1 and n.id <> e.id and n.status <> 'closed'
           and round(extensions.ST_Distance(n.location::extensions.geography, e.location::extensions.geography)) <= 500`,
        [id],
      )
      expect(p.neighbours.rows.map((row) => row.id).sort()).toEqual(near.map((row) => row.id).sort())
      expect(p.neighbours.count).toBe(near.length)
      const titles = await rows<{ title: string; n: number }>(
        `select regexp_replace(lower(title), '[[:space:][:punct:][:digit:]，。、；：“”‘’（）《》【】！？－—·]', '', 'g') as title, count(*)::int as n
         from public.hazards where enterprise_id = $1 and state <> 'rejected' and found_at >= now() - interval '12 months' group by 1 having count(*) >= 2`,
        [id],
      )
      expect(p.hazards.repeated.map(({ n }) => n).sort()).toEqual(titles.map(({ n }) => n).sort())
      expect(p.hazards.repeated.every((kind) => kind.rows.length === kind.n)).toBe(true)
      for (const source of p.sources) {
        const sum = source.substances.reduce((n, x) => n + (x.beta * x.quantity) / x.threshold, 0)
        expect(source.r).toBeCloseTo(source.alpha * sum, 3)
        expect(source.grade).toBe(source.r >= 100 ? 1 : source.r >= 50 ? 2 : source.r >= 10 ? 3 : 4)
      }
      if (p.risk_points.length)
        expect(p.enterprise.risk_level).toBe(Math.min(...p.risk_points.map(({ level }) => level)))

      // the radar, one enterprise of the sector after the other
      const peers = await rows<{
        id: string
        points: number | null
        open: number
        timely: number | null
        days: number | null
        visits: number
        assurance: number | null
        accidents: number
      }>(
        `select e.id,
           (select sum((array[20, 8, 2, 0.5])[r.level])::float8 from public.risk_points r where r.enterprise_id = e.id) as points,
           (select coalesce(sum(case severity when 'major' then 10 else 1 end), 0)::float8 from public.hazards h where h.enterprise_id = e.id and h.state not in ('closed', 'rejected')) as open,
           (select avg(case when h.due_at is null or h.closed_at <= h.due_at then 100.0 else 0 end)::float8 from public.hazards h where h.enterprise_id = e.id and h.closed_at >= ${since}) as timely,
           (select percentile_cont(0.5) within group (order by extract(epoch from h.closed_at - h.found_at)::float8 / 86400) from public.hazards h where h.enterprise_id = e.id and h.closed_at >= ${since}) as days,
           (select count(distinct i.patrol_id)::int from public.patrol_items i join public.patrols p on p.id = i.patrol_id where i.enterprise_id = e.id and p.day > private.today() - 90) as visits,
           (select avg(case when i.done then 100.0 else 0 end)::float8 from public.checklist_items i where i.checklist_id = (
             select c.id from public.checklists c where c.enterprise_id = e.id order by c.checked_at desc, c.id desc limit 1)) as assurance,
           (select coalesce(sum((array[80, 40, 20, 10])[a.grade]), 0)::float8 from public.accidents a where a.enterprise_id = e.id and a.occurred_at >= now() - interval '36 months') as accidents
         from public.enterprises e where e.sector_id = (select sector_id from public.enterprises where id = $1) and (e.status <> 'closed' or e.id = $1)`,
        [id],
      )
      expect(p.radar.enterprises).toBe(peers.length)
      const own = peers.find((peer) => peer.id === id)!
      for (const axis of p.radar.axes) {
        const key = axis.key as Exclude<keyof typeof own, 'id'>
        const values = peers.flatMap((peer) => (peer[key] === null ? [] : [Number(peer[key])]))
        const value = own[key] === null ? null : Number(own[key])
        const about = (n: number | null) => (n === null ? null : expect.closeTo(n, 0.5))
        expect([axis.key, axis.n, axis.value]).toEqual([
          axis.key,
          values.length,
          value === null ? null : expect.closeTo(value, 0.4),
        ])
        expect(axis.median).toEqual(values.length < 5 ? null : about(middle(values)))
        if (value !== null) {
          const part = Math.min(value, axis.full) / axis.full
          expect(axis.score).toEqual(expect.closeTo(100 * (axis.better === 'less' ? 1 - part : part), -0.5))
        } else expect(axis.score).toBe(null)
      }
    }
  })

  test('opens lists as long as its figures say', async () => {
    for (const id of chosen.slice(0, 5)) {
      const p = await ask('leader', id)
      const list = async (filter: object) =>
        (
          await db
            .asUser(ACCOUNTS.leader.id)
            .rpc<{ total: number }>('list_hazards', { p_filter: JSON.stringify({ enterprise: id, ...filter }) })
        ).total
      const { counts } = p.hazards
      expect(await list({})).toBe(counts.open)
      expect(await list({ severity: 'major' })).toBe(counts.major)
      expect(await list({ overdue: true })).toBe(counts.overdue)
      expect(await list({ status: ['closed'], closed_from: p.since })).toBe(counts.closed)
      expect(
        await list({
          status: ['reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed'],
          from: p.since,
        }),
      ).toBe(counts.found)
    }
  })

  test('is there for whoever sees the enterprise, as far as they see', async () => {
    const id = chosen[0]!
    for (const who of ['admin', 'leader', 'duty', 'town', 'village', 'member', 'officer', 'enterprise'] as const) {
      const p = await ask(who, id)
      expect([who, p.status, p.partial, p.may.edit]).toEqual([who, 'ok', who === 'officer', who !== 'duty'])
      expect(p.may.place).toBe(p.may.edit && who !== 'enterprise')
    }
    expect(await ask('town2', id)).toEqual({ status: 'not_found' })
    expect(await db.asUser(ACCOUNTS.leader.id).rpc('enterprise_portrait', {})).toEqual({ status: 'not_found' })
    // neighbours: nobody learns of one outside their scope, nor how many there are
    const [all, village, own] = [await ask('leader', id), await ask('village', id), await ask('enterprise', id)]
    const mine = new Set(
      await ids(
        `select e.id from public.enterprises e join public.grids g on g.id = e.grid_id where g.code = '120119106215'`,
      ),
    )
    expect(village.neighbours.rows.map((row) => row.id)).toEqual(
      all.neighbours.rows.map((row) => row.id).filter((x) => mine.has(x)),
    )
    expect(village.neighbours.count).toBe(village.neighbours.rows.length)
    expect(own.neighbours).toMatchObject({ count: 0, rows: [] })
    // the sector's median is the same whoever asks
    expect(own.radar.axes).toEqual(all.radar.axes)
  })
})

describe('the basic data', () => {
  let c: County
  beforeAll(async () => {
    c = await openCounty()
    await c.db.query(
      `update public.enterprises set phone = '1', safety_lead = '旧人', employees = 10 where id = any ($1)`,
      [[enterprises.a, enterprises.b]],
    )
  })
  afterAll(() => c.db.close())
  const portrait = (who: Person, id = enterprises.a) =>
    c.call<Portrait>(who, 'enterprise_portrait', { p_enterprise: id })
  interface Answer {
    status: string
    version?: number
    errors?: { field: string; code: string; message: string }[]
    current?: Record<string, unknown>
    confirmation?: Confirmation
  }
  const confirm = async (who: Person, fields: unknown = {}, version?: number, id = enterprises.a) =>
    c.call<Answer>(who, 'confirm_enterprise', {
      p_enterprise: id,
      p_version: version ?? (await portrait('admin', id)).enterprise.version,
      p_fields: fields,
    })

  test('say when nobody ever confirmed them', async () => {
    const { confirmation } = await portrait('village')
    expect(confirmation).toMatchObject({ never: true, stale: false, at: null })
    expect(confirmation.changes.map(({ field }) => field).sort()).toEqual(['employees', 'phone', 'safety_lead'])
  })

  test('are confirmed as they are, or corrected in the same step', async () => {
    expect(await confirm('member')).toMatchObject({
      status: 'ok',
      confirmation: { never: false, by: '人member', corrected: {}, changes: [] },
    })
    const corrected = await confirm('enterprise', {
      safety_lead: '新人',
      employees: '12',
      address: '东街 1 号',
      phone: null,
    })
    expect(corrected).toMatchObject({ status: 'ok', confirmation: { by: '人enterprise', changes: [] } })
    expect(corrected.confirmation?.corrected).toEqual({
      safety_lead: ['旧人', '新人'],
      employees: ['10', '12'],
      address: [null, '东街 1 号'],
      phone: ['1', null],
    })
    const { rows } = await c.db.query(
      'select safety_lead, employees, address, phone from public.enterprises where id = $1',
      [enterprises.a],
    )
    expect(rows).toEqual([{ safety_lead: '新人', employees: 12, address: '东街 1 号', phone: null }])
  })

  test('say field by field what changed since, whoever changed it', async () => {
    const send = (more: object) =>
      c.call<{ status: string }>('admin', 'import_enterprises', {
        p_rows: [{ code: 'E-A', name: '红星化工厂', sector: 'whp', lon: 117.05, lat: 40.15, ...more }],
        p_options: { on_duplicate: 'update' },
      })
    await send({ employees: 20, scale: 'above' })
    await send({ employees: 30, scale: 'small', sector: 'gm' })
    const { confirmation } = await portrait('leader')
    // there and back again is no change
    expect(confirmation.changes.map(({ field, old, new: now, by }) => [field, old, now, by]).sort()).toEqual([
      ['employees', '12', '30', '管理员'],
      ['sector_id', '危险化学品', '工贸', '管理员'],
    ])
    await send({})
    expect((await confirm('leader')).confirmation?.changes).toEqual([])
  })

  test('are old after a year', async () => {
    await c.db.query(`update public.enterprise_confirmations set confirmed_at = confirmed_at - interval '366 days'`)
    expect((await portrait('leader')).confirmation).toMatchObject({ never: false, stale: true })
    await confirm('leader')
    expect((await portrait('leader')).confirmation).toMatchObject({ stale: false })
  })

  test('are not overwritten by who saw earlier ones', async () => {
    const { version } = (await portrait('leader')).enterprise
    await confirm('leader', { safety_lead: '甲' })
    const second = await confirm('village', { safety_lead: '乙' }, version)
    expect(second).toMatchObject({ status: 'conflict', version: version + 1, current: { safety_lead: '甲' } })
    expect((await portrait('leader')).enterprise.safety_lead).toBe('甲')
    expect((await confirm('village', {}, 0)).status).toBe('conflict')
  })

  test('are confirmed by whoever answers for the enterprise and by nobody else', async () => {
    const answers: Record<string, string> = {}
    for (const who of Object.keys(people) as Person[]) answers[who] = (await confirm(who)).status
    expect(answers).toEqual({
      admin: 'ok',
      leader: 'ok',
      town: 'ok',
      town2: 'not_found',
      village: 'ok',
      member: 'ok',
      duty: 'rejected',
      officer: 'ok',
      enterprise: 'ok',
      stranger: 'not_found',
    })
  })

  test('let an enterprise correct neither where it is nor whether it works', async () => {
    for (const [fields, field] of [
      [{ lon: 117.06 }, 'lon'],
      [{ status: 'closed' }, 'status'],
    ] as const)
      expect(await confirm('enterprise', fields)).toMatchObject({
        status: 'rejected',
        errors: [{ field, code: 'NOT_ALLOWED' }],
      })
    // nor a village give it away
    expect(await confirm('village', { lon: 117.15 })).toMatchObject({
      status: 'rejected',
      errors: [{ field: 'lon', code: 'NOT_ALLOWED' }],
    })
    expect(await confirm('village', { lon: 117.06 })).toMatchObject({ status: 'ok' })
    expect(await confirm('town', { lon: 117.15 })).toMatchObject({ status: 'ok' })
    const { rows } = await c.db.query<{ grid_id: number }>('select grid_id from public.enterprises where id = $1', [
      enterprises.a,
    ])
    expect(rows[0]!.grid_id).toBe(c.grid.v12)
    expect(await confirm('town', { lon: 117.05 })).toMatchObject({ status: 'ok' })
  })

  test('leave the day of a licence to the licence', async () => {
    expect(await confirm('town', { licence_expiry: '2031-01-01' })).toMatchObject({ status: 'ok' })
    await c.call('town', 'save_licence', {
      p_licence: { enterprise_id: enterprises.a, kind: 'fire', expires_on: '2030-01-01' },
    })
    expect(await confirm('town', { licence_expiry: '2032-01-01' })).toMatchObject({
      status: 'rejected',
      errors: [{ field: 'licence_expiry' }],
    })
    expect(await confirm('town', { employees: 3 })).toMatchObject({ status: 'ok' })
  })

  test.each<[unknown, string]>([
    [{ name: '' }, 'name'],
    [{ name: null }, 'name'],
    [{ employees: -1 }, 'employees'],
    [{ employees: '很多' }, 'employees'],
    [{ scale: '巨大' }, 'scale'],
    [{ status: '开张' }, 'status'],
    [{ lat: 400 }, 'lon'],
    [{ lon: 'x' }, 'lon'],
    [{ phone: '1'.repeat(31) }, 'phone'],
    [{ risk_level: 4 }, 'risk_level'],
    [{ code: 'X' }, 'code'],
    [[1], 'fields'],
    [7, 'fields'],
  ])('%j is refused in words', async (fields, field) => {
    const answer = await c.call<Answer>('admin', 'confirm_enterprise', {
      p_enterprise: enterprises.a,
      p_version: (await portrait('admin')).enterprise.version,
      p_fields: typeof fields === 'number' ? JSON.stringify(fields) : fields,
    })
    expect(answer).toMatchObject({ status: 'rejected', errors: [{ field }] })
    expect(answer.errors![0]!.message).toMatch(/[\u4e00-\u9fff]/)
  })
})
