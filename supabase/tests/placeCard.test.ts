// 问图: what is said of a point, against plain SQL, as people of different scope, now and on a past day.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../local/testing'

interface Card {
  status: string
  errors: { code: string }[]
  territorial: { grid_id: number; code: string; people: { name: string; position: string }[] }[]
  industry: { sector_id: number; sector: string; enterprises: number; department: string | null; officers: unknown[] }[]
  enterprises: { total: number; rows: { id: string; metres: number; sector_id: number }[] }
  hazards: { total: number; rows: { id: string; metres: number; overdue: boolean }[] }
  accidents: { total: number; rows: { id: string; metres: number }[] }
}

let db: TestDatabase
const person = new Map<string, ReturnType<TestDatabase['asUser']>>()
let spot: { lon: number; lat: number; grid: number }

beforeAll(async () => {
  db = await openTestDatabase({ demo: true })
  const { rows } = await db.query<{ id: string; email: string }>('select id, email from auth.users')
  for (const { id, email } of rows) person.set(email.split('@')[0]!, db.asUser(id))
  // where most enterprises stand close together, in the demo member's village
  const found = await db.query<{ lon: number; lat: number; grid: number }>(`
    select st_x(e.location) as lon, st_y(e.location) as lat, e.grid_id as grid
    from public.enterprises e
    where e.grid_id in (select m.grid_id from public.memberships m join auth.users u on u.id = m.user_id where u.email = 'member@demo.local')
    order by (select count(*) from public.enterprises o where st_dwithin(o.location, e.location, 0.003)) desc, e.id limit 1`)
  spot = found.rows[0]!
})
afterAll(() => db?.close())

const ask = (who: string, more: Record<string, unknown> = {}) =>
  person.get(who)!.rpc<Card>('place_card', { p_lon: spot.lon, p_lat: spot.lat, ...more })

describe('the card of a place', () => {
  it('lists what lies within the radius, each once, by metres on the ellipsoid', async () => {
    for (const radius of [120, 500, 2_000]) {
      const card = await ask('leader', { p_radius_m: radius })
      const near = async (table: string, more = '') =>
        (
          await db.query<{ id: string }>(
            `select id from public.${table} where st_distance(location::geography, st_setsrid(st_makepoint($1, $2), 4326)::geography) <= $3 ${more}`,
            [spot.lon, spot.lat, radius],
          )
        ).rows.map(({ id }) => id)
      const ids = (list: { rows: { id: string }[] }) => list.rows.map(({ id }) => id).sort()
      expect(ids(card.enterprises)).toEqual((await near('enterprises', `and status <> 'closed'`)).sort())
      expect(card.enterprises.total).toBe(card.enterprises.rows.length)
      expect(ids(card.hazards)).toEqual((await near('hazards', `and state not in ('closed', 'rejected')`)).sort())
      expect(ids(card.accidents)).toEqual((await near('accidents')).sort())
      const metres = card.enterprises.rows.map((row) => row.metres)
      expect(metres).toEqual([...metres].sort((a, b) => a - b))
      for (const { sector_id, enterprises } of card.industry)
        expect(enterprises).toBe(card.enterprises.rows.filter((row) => row.sector_id === sector_id).length)
    }
    expect((await ask('leader')).enterprises.total).toBeGreaterThan(0)
  })

  it('names the grids up the tree and the department of every sector', async () => {
    const card = await ask('leader')
    expect(card.territorial[0]?.grid_id).toBe(spot.grid)
    expect(card.territorial.map(({ code }) => code.length)).toEqual([12, 9, 6])
    const { rows } = await db.query<{ n: number }>('select count(*)::int as n from public.sectors')
    expect(card.industry).toHaveLength(rows[0]!.n)
    expect(card.industry.some(({ officers }) => officers.length > 0)).toBe(true)
  })

  it('tells of a past day who was there then, and what was open then', async () => {
    const { rows } = await db.query<{ user: string; name: string }>(
      `select m.user_id as user, p.name from public.memberships m join public.profiles p on p.id = m.user_id
       where m.grid_id = $1 and m.position = 'leader'`,
      [spot.grid],
    )
    const [before] = rows
    await db.query(`delete from public.memberships where grid_id = $1 and position = 'leader'`, [spot.grid])
    const yesterday = (await db.query<{ day: string }>(`select (private.today() - 1)::text as day`)).rows[0]!.day
    const leaders = (card: Card) =>
      card.territorial[0]?.people.filter(({ position }) => position === 'leader').map(({ name }) => name)
    expect(leaders(await ask('leader'))).toEqual([])
    expect(leaders(await ask('leader', { p_on: yesterday }))).toEqual([before?.name])

    const day = (await db.query<{ day: string }>(`select (private.today() - 200)::text as day`)).rows[0]!.day
    const then = await ask('leader', { p_on: day, p_radius_m: 5_000 })
    const open = await db.query<{ id: string }>(
      `select h.id from public.hazards h
       where st_distance(h.location::geography, st_setsrid(st_makepoint($1, $2), 4326)::geography) <= 5000
         and h.found_at <= ($3::date + 1)::timestamp at time zone 'Asia/Shanghai'
         and (h.state not in ('closed', 'rejected')
           or coalesce(h.closed_at, h.verified_at, h.updated_at) > ($3::date + 1)::timestamp at time zone 'Asia/Shanghai')`,
      [spot.lon, spot.lat, day],
    )
    expect(then.hazards.rows.map(({ id }) => id).sort()).toEqual(open.rows.map(({ id }) => id).sort())
    expect(then.hazards.total).toBeGreaterThan(0)
  })

  it('shows nobody more than their scope', async () => {
    const all = await ask('leader', { p_radius_m: 5_000 })
    const officer = await ask('officer', { p_radius_m: 5_000 })
    const own = new Set(
      (
        await db.query<{ id: number }>(
          `select s.id from public.sectors s join public.department_officers o on o.department_id = s.department_id
           join auth.users u on u.id = o.user_id where u.email = 'officer@demo.local'`,
        )
      ).rows.map(({ id }) => id),
    )
    expect(officer.enterprises.rows.map(({ id }) => id).sort()).toEqual(
      all.enterprises.rows
        .filter((row) => own.has(row.sector_id))
        .map(({ id }) => id)
        .sort(),
    )
    const stranger = db.asUser(await db.createUser('placeless@test.local'))
    const nothing = await stranger.rpc<Card>('place_card', { p_lon: spot.lon, p_lat: spot.lat })
    expect(nothing).toMatchObject({ territorial: [], industry: [], enterprises: { total: 0 }, hazards: { total: 0 } })
    const other = await ask('town2')
    expect(other.territorial).toEqual([])
    expect(other.enterprises.total).toBe(0)
  })

  it('refuses what is no place, in words', async () => {
    for (const [args, code] of [
      [{ p_lon: null }, 'MISSING_FIELD'],
      [{ p_lat: 91 }, 'OUT_OF_RANGE'],
      [{ p_lon: Number.NaN }, 'OUT_OF_RANGE'],
      [{ p_radius_m: 1e9 }, 'OUT_OF_RANGE'],
      [{ p_radius_m: -5 }, 'OUT_OF_RANGE'],
    ] as const) {
      const card = await ask('leader', args)
      expect(card.status, JSON.stringify(args)).toBe('rejected')
      expect(card.errors[0]?.code).toBe(code)
    }
  })
})
