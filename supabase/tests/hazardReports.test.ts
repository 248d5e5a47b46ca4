import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, enterprises, failure, one, openCounty, type Person, people, upload } from './fixtures.ts'

// Reporting: who may, where, what is refused, and that a report sent twice is one hazard.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

interface Answer {
  status: string
  hazard: { id: string; code: string; state: string; grid_id: number | null; photos: string[]; version: number } | null
  errors: { field: string | null; code: string; message: string }[]
}

const given = (more: object = {}) => ({
  client_id: crypto.randomUUID(),
  title: '消防通道被占',
  description: '二号楼东侧通道堆放杂物',
  lon: 117.05,
  lat: 40.15,
  sector: 'gm',
  severity: 'general',
  source: 'patrol',
  ...more,
})
const report = (who: Person | 'anon' | 'service_role', hazard: object | null) =>
  c.call<Answer>(who, 'report_hazard', { p_hazard: hazard })
const codes = (answer: Answer) => answer.errors.map((e) => `${e.field}:${e.code}`)

describe('a report', () => {
  test('becomes a hazard in its grid, numbered by the day, due, with its first sealed step', async () => {
    const answer = await report('member', given({ severity: 'major' }))
    expect(answer).toMatchObject({ status: 'ok', errors: [], hazard: { state: 'reported', version: 1 } })
    expect(answer.hazard!.grid_id).toBe(c.grid.v11)
    const row = await one<Record<string, unknown>>(
      c.db,
      `select h.code, h.reported_by, h.due_at > now() as due, e.actor_name, e.actor_role, e.action, e.grid_name, e.lon::float8 as lon,
         to_char(now() at time zone 'Asia/Shanghai', 'YYYYMMDD') as day
       from public.hazards h join public.hazard_events e on e.hazard_id = h.id where h.id = $1`,
      [answer.hazard!.id],
    )
    expect(row).toMatchObject({
      reported_by: people.member,
      due: true,
      action: 'report',
      actor_name: '人member',
      actor_role: '别山一村网格员',
      grid_name: '别山一村',
      lon: 117.05,
    })
    expect(row.code).toMatch(new RegExp(`^YH-${row.day}-\\d{4}$`))
    expect(await c.call('member', 'verify_history', { p_hazard: answer.hazard!.id })).toMatchObject({
      status: 'ok',
      intact: true,
      events: 1,
      faults: [],
    })
  })

  test('sent twice is one hazard, with the same answer', async () => {
    const hazard = given()
    const first = await report('member', hazard)
    expect(await report('member', hazard)).toEqual(first)
    const [a, b] = await Promise.all([0, 1].map(() => report('town', given({ client_id: people.admin }))))
    expect(a).toEqual(b)
    expect(
      await one(c.db, 'select count(*)::int as n from public.hazards where client_id = $1', [people.admin]),
    ).toEqual({
      n: 1,
    })
    const foreign = await report('town2', hazard)
    expect(foreign).toMatchObject({ status: 'rejected', hazard: null })
    expect(codes(foreign)).toEqual(['client_id:BAD_VALUE'])
  })

  test('numbers without a gap or a double, also many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => report('village', given())))
    const numbers = answers.map((a) => Number(a.hazard!.code.slice(12))).sort((a, b) => a - b)
    expect(numbers.at(-1)! - numbers[0]!).toBe(11)
    expect(new Set(numbers).size).toBe(12)
  })

  test.each([
    ['title', { title: ' \n ' }, 'title:MISSING_FIELD'],
    ['title', { title: '长'.repeat(121) }, 'title:TOO_LONG'],
    ['description', { description: '长'.repeat(4001) }, 'description:TOO_LONG'],
    ['sector', { sector: '没有的' }, 'sector:UNKNOWN_SECTOR'],
    ['sector', { sector: null }, 'sector:MISSING_FIELD'],
    ['severity', { severity: 'huge' }, 'severity:BAD_VALUE'],
    ['source', { source: 'rumour' }, 'source:BAD_VALUE'],
    ['place', { lon: null }, 'lon:MISSING_FIELD'],
    ['place', { lat: 'north' }, 'lat:BAD_VALUE'],
    ['place', { lon: 500 }, 'lon:OUT_OF_RANGE'],
    ['place', { lon: '1e400' }, 'lon:BAD_VALUE'],
    ['client id', { client_id: 'me' }, 'client_id:BAD_VALUE'],
    ['client id', { client_id: null }, 'client_id:MISSING_FIELD'],
    ['enterprise', { enterprise_id: enterprises.d }, 'enterprise_id:NOT_FOUND'],
    ['enterprise', { enterprise_id: 'x' }, 'enterprise_id:NOT_FOUND'],
    ['photos', { photos: ['../secret.jpg'] }, 'photos:BAD_VALUE'],
    ['photos', { photos: [`${people.admin}/${people.admin}.jpg`] }, 'photos:BAD_VALUE'],
    ['photos', { photos: { a: 1 } }, 'photos:BAD_VALUE'],
    ['time', { found_at: 'yesterday-ish' }, 'found_at:BAD_VALUE'],
    ['time', { found_at: '2020-01-01T00:00:00Z' }, 'found_at:OUT_OF_RANGE'],
    ['time', { found_at: '2120-01-01T00:00:00Z' }, 'found_at:OUT_OF_RANGE'],
  ])('with a bad %s is refused in words: %#', async (_, more, code) => {
    const answer = await report('member', given(more))
    expect(answer.status).toBe('rejected')
    expect(answer.hazard).toBeNull()
    expect(codes(answer)).toEqual([code])
    expect(answer.errors[0]!.message).toMatch(/[一-龥]/)
  })

  test('that is no object at all is refused', async () => {
    for (const nothing of [null, [], '"x"' as unknown as object])
      expect((await report('admin', nothing)).status).toBe('rejected')
  })

  test('keeps its own photos only, once they are there, and at most as many as the setting says', async () => {
    const client_id = crypto.randomUUID()
    const photos = Array.from({ length: 9 }, () => `${client_id}/${crypto.randomUUID()}.jpg`)
    expect(codes(await report('member', given({ client_id, photos })))).toEqual(['photos:NOT_FOUND'])
    await upload(c.db, photos)
    expect((await report('member', given({ client_id, photos }))).hazard!.photos).toEqual(photos)
    const ten = crypto.randomUUID()
    const many = Array.from({ length: 10 }, () => `${ten}/${crypto.randomUUID()}.jpg`)
    expect(codes(await report('member', given({ client_id: ten, photos: many })))).toEqual(['photos:OUT_OF_RANGE'])
  })
})

describe('who may report where', () => {
  const places = { v11: 117.05, v12: 117.15, v21: 117.25, beyond: 118.5 }
  const may: Record<Person, (keyof typeof places)[]> = {
    admin: ['v11', 'v12', 'v21'],
    leader: ['v11', 'v12', 'v21'],
    duty: ['v11', 'v12', 'v21'],
    town: ['v11', 'v12'],
    town2: ['v21'],
    village: ['v11'],
    member: ['v11'],
    officer: ['v11', 'v12', 'v21'],
    enterprise: ['v11'],
    stranger: [],
  }
  test.each(Object.keys(people) as Person[])('%s', async (who) => {
    for (const [place, lon] of Object.entries(places)) {
      const answer = await report(who, given({ lon, sector: 'whp' }))
      expect(answer.status, place).toBe(may[who].includes(place as 'v11') ? 'ok' : 'rejected')
      if (answer.status === 'rejected') {
        const all = ['admin', 'leader', 'duty', 'officer'].includes(who)
        expect(answer.errors[0]!.code, place).toBe(all ? 'OUTSIDE_ALL_GRIDS' : 'NOT_ALLOWED')
      }
    }
  })

  test('just over the border of one’s own grid, without learning whose it is', async () => {
    const answer = await report('member', given({ lon: 117.1005 }))
    expect(answer).toMatchObject({ status: 'ok', hazard: { grid_id: null } })
    expect(await one(c.db, 'select grid_id as grid from public.hazards where id = $1', [answer.hazard!.id])).toEqual({
      grid: c.grid.v12,
    })
    expect(codes(await report('member', given({ lon: 117.11 })))).toEqual(['lon:NOT_ALLOWED'])
  })

  test('an officer only in the sectors of the department', async () => {
    expect((await report('officer', given({ sector: 'gm' }))).errors[0]).toMatchObject({ code: 'NOT_ALLOWED' })
  })

  test('an enterprise user only for their own enterprise, which need not be named', async () => {
    const answer = await report('enterprise', given({ sector: null, source: null }))
    expect(answer.hazard).toMatchObject({ enterprise_id: enterprises.a, source: 'enterprise', sector: '危险化学品' })
    expect(codes(await report('enterprise', given({ enterprise_id: enterprises.b })))).toEqual([
      'enterprise_id:NOT_FOUND',
    ])
    expect(codes(await report('enterprise', given({ lon: 117.09 })))).toEqual(['lon:NOT_ALLOWED'])
  })

  test('the service key for other systems, nobody without an account', async () => {
    expect((await report('service_role', given({ source: 'public' }))).status).toBe('ok')
    expect(await failure(() => report('anon', given()))).toBe('42501')
  })
})

describe('hazards nearby', () => {
  type Near = { id: string; distance_m: number; state: string }[]
  const nearby = (who: Person, args: object) =>
    c.call<Near>(who, 'hazards_nearby', { p_lat: 40.12, p_radius_m: 120, ...args })

  test('are the open ones of one’s scope within the radius, nearest first', async () => {
    const at = async (lon: number, sector = 'gm') =>
      (await report('leader', given({ lon, lat: 40.12, sector }))).hazard!.id
    const [here, near, chem] = [await at(117.02), await at(117.021), await at(117.0205, 'whp')]
    const far = await at(117.03)
    const found = await nearby('village', { p_lon: 117.02 })
    expect(found.map((n) => n.id)).toEqual([here, chem, near])
    expect(found[0]!.distance_m).toBe(0)
    expect(found[2]!.distance_m).toBeCloseTo(85, 0)
    expect((await nearby('village', { p_lon: 117.02, p_sector: '工贸' })).map((n) => n.id)).toEqual([here, near])
    expect((await nearby('village', { p_lon: 117.02, p_radius_m: 1000 })).map((n) => n.id)).toContain(far)
    expect(await nearby('town2', { p_lon: 117.02 })).toEqual([])
    expect(await nearby('stranger', { p_lon: 117.02 })).toEqual([])
  })

  test('are none for what is no place', async () => {
    expect(await nearby('admin', { p_lon: null })).toEqual([])
    expect(await nearby('admin', { p_lon: 900 })).toEqual([])
    expect(await nearby('admin', { p_lon: 117.02, p_sector: '没有' })).toEqual([])
  })
})
