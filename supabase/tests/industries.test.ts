import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MatrixAnswer } from '../../src/features/industries/matrix.ts'
import { random } from '../seed/random.ts'
import { type County, codes, type GridKey, one, openCounty, type Person, people } from './fixtures.ts'

// A cell of the matrix is what risk_map says of that grid in that sector: for everybody, today and on any day.
const seed = Number(process.env.SAFEGRID_SEED ?? randomInt(2 ** 31))
let c: County
beforeAll(async () => {
  console.log(`industries: SAFEGRID_SEED=${seed}`)
  c = await openCounty()
  await c.db.query(`update public.grids set created_at = now() - interval '2 years'`)
  await c.db.query(`insert into public.profiles (id, name) values ($1, '人stranger')`, [people.stranger])
  const next = random(seed)
  for (let i = 0; i < 70; i++) await change(next)
})
afterAll(() => c.db.close())

type Answer = MatrixAnswer | { status: 'not_found' }
const ask = (who: Person, args: Record<string, unknown> = {}) => c.call<Answer>(who, 'sector_matrix', args)
async function matrix(who: Person, args: Record<string, unknown> = {}): Promise<MatrixAnswer> {
  const answer = await ask(who, args)
  if (!('cells' in answer)) throw new Error(`${who}: ${answer.status}`)
  return answer
}

/** One record of the kind that a year brings, at a random place. */
async function change(next: () => number): Promise<void> {
  const point = `extensions.ST_SetSRID(extensions.ST_MakePoint(${117.001 + next() * 0.398}, 40.15), 4326)`
  const sector = [c.sector.chem, c.sector.trade, 'null'][Math.floor(next() * 3)]
  const firmSector = next() < 0.5 ? c.sector.chem : c.sector.trade
  const days = Math.floor(next() * 400)
  const serial = Math.floor(next() * 1e9)
  const ways = [
    `insert into public.enterprises (code, name, sector_id, location, risk_level)
     values ('R${serial}', '企业${serial}', ${firmSector}, ${point}, nullif(${Math.floor(next() * 5)}, 0))`,
    `insert into public.hazards (code, title, severity, state, sector_id, location, found_at, due_at)
     values ('YH-20260201-${serial}', '隐患', '${next() < 0.3 ? 'major' : 'general'}', 'rectifying', ${sector}, ${point},
       now() - interval '${days} days', now() - interval '${days} days' + interval '${Math.floor(next() * 500)} days')`,
    `insert into public.accidents (code, title, kind, sector_id, location, occurred_at, deaths)
     values ('SG${serial}', '事故', '触电', ${sector}, ${point}, now() - interval '${days} days', ${Math.floor(next() ** 4 * 12)})`,
  ]
  await c.db.query(ways[Math.floor(next() * ways.length)]!)
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
  trend: number | null
}

/** Compares every cell, also those that are not there, with one call of risk_map a sector. */
async function compare(who: Person, args: { p_parent?: number; p_on?: string } = {}): Promise<MatrixAnswer> {
  const seen = await matrix(who, args)
  const at = new Map(seen.cells.grid.map((grid, i) => [`${grid}:${seen.cells.sector[i]}`, i]))
  expect(at.size, 'each cell once').toBe(seen.cells.grid.length)
  const shown = new Set([seen.parent.id, ...seen.grids.map(({ id }) => id)])
  let met = 0
  for (const sector of [null, ...seen.sectors]) {
    const rows = await c.call<Risk[]>(who, 'risk_map', { p_sector: sector?.code ?? null, p_on: args.p_on ?? null })
    for (const row of rows.filter(({ grid_id }) => shown.has(grid_id))) {
      const i = at.get(`${row.grid_id}:${sector?.id ?? null}`)
      const where = `${who} ${row.grid_id} ${sector?.code}`
      expect(i === undefined, where).toBe(row.level === 0)
      if (i === undefined) continue
      met++
      const { cells } = seen
      expect(
        {
          index: cells.index[i],
          level: cells.level[i],
          points: cells.points[i],
          enterprises: cells.enterprises[i],
          open_hazards: cells.open[i],
          major_open: cells.major[i],
          overdue: cells.overdue[i],
          trend: cells.trend[i],
        },
        where,
      ).toEqual({
        index: row.index,
        level: row.level,
        points: row.points,
        enterprises: row.enterprises,
        open_hazards: row.open_hazards,
        major_open: row.major_open,
        overdue: row.overdue,
        trend: row.trend,
      })
    }
  }
  expect(met).toBe(at.size)
  return seen
}

const names = (keys: GridKey[]) => keys.map((key) => codes[key])
const shownTo = ({ grids }: MatrixAnswer) => grids.map(({ code }) => code)

describe('every cell is what risk_map says', () => {
  test('for the county, each township and a village, today', async () => {
    const county = await compare('leader')
    expect(county).toMatchObject({ status: 'ok', source: 'live', sectors_only: false, parent: { code: '1', level: 1 } })
    expect(shownTo(county)).toEqual(names(['t1', 't2']))
    expect(county.cells.grid.length).toBeGreaterThan(6)
    expect(county.cells.level.some((level) => level < 4)).toBe(true)
    const town = await compare('leader', { p_parent: c.grid.t1 })
    expect(shownTo(town)).toEqual(names(['v11', 'v12']))
    expect(town.parent.trail.map(({ code }) => code)).toEqual(names(['root', 't1']))
    const village = await compare('leader', { p_parent: c.grid.v11 })
    expect(village.grids).toEqual([])
  })

  test('on days written down, and on days before', { timeout: 120_000 }, async () => {
    const { first, day } = await one<{ first: string; day: string }>(
      c.db,
      `select (private.today() - 40)::text as first, (private.today() - 1)::text as day`,
    )
    await c.db.query('select private.fill_risk($1::date, $2::date)', [first, day])
    const written = await compare('leader', { p_on: day })
    expect(written).toMatchObject({ source: 'written', on: day, first })
    expect(written.cells.trend.every((trend) => trend !== null)).toBe(true)
    const live = await compare('leader')
    expect(live.cells.trend.every((trend) => trend !== null)).toBe(true)
    const { before } = await one<{ before: string }>(c.db, `select (private.today() - 60)::text as before`)
    expect(await compare('leader', { p_on: before, p_parent: c.grid.t2 })).toMatchObject({
      source: 'derived',
      on: before,
    })
    for (const who of ['town', 'officer'] as const) await compare(who, { p_on: day })
    // what is to come is as it is now
    expect(await matrix('leader', { p_on: '2100-01-01' })).toMatchObject({ source: 'live', on: live.today })
  })

  test('the totals are those of the parts', async () => {
    const { cells, parent, grids, sectors } = await matrix('leader')
    const points = (grid: number, sector: number | null) => {
      const i = cells.grid.findIndex((id, at) => id === grid && cells.sector[at] === sector)
      return i < 0 ? 0 : cells.points[i]!
    }
    for (const { id } of sectors)
      expect(points(parent.id, id), `sector ${id}`).toBe(grids.reduce((sum, grid) => sum + points(grid.id, id), 0))
    // duties and records without a sector are in the total only
    const { none } = await one<{ none: number }>(
      c.db,
      `select count(*)::int as none from public.hazards where sector_id is null and grid_id is not null and state = 'rectifying'`,
    )
    expect(none).toBeGreaterThan(0)
    for (const { id } of grids)
      expect(points(id, null)).toBeGreaterThanOrEqual(sectors.reduce((sum, sector) => sum + points(id, sector.id), 0))
  })
})

describe('scope', () => {
  test('a township leader sees the villages of the township, and nothing beside it', async () => {
    const own = await compare('town')
    expect(own.parent.code).toBe(codes.t1)
    expect(shownTo(own)).toEqual(names(['v11', 'v12']))
    expect(await ask('town', { p_parent: c.grid.t2 })).toEqual({ status: 'not_found' })
    expect(await ask('town', { p_parent: c.grid.v21 })).toEqual({ status: 'not_found' })
    // above one's own: only what one may judge
    const above = await matrix('town', { p_parent: c.grid.root })
    expect(shownTo(above)).toEqual(names(['t1']))
    expect(above.cells.grid).not.toContain(c.grid.root)
    expect(await ask('village', { p_parent: c.grid.v12 })).toEqual({ status: 'not_found' })
  })

  test('who holds villages of two townships sees both, and no total of the county', async () => {
    await c.db.query(
      `insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'leader'), ($1, $3, 'leader')`,
      [people.stranger, c.grid.v12, c.grid.v22],
    )
    const seen = await compare('stranger')
    expect(seen.parent.code).toBe(codes.root)
    expect(shownTo(seen)).toEqual(names(['v12', 'v22']))
    expect(seen.cells.grid).not.toContain(c.grid.root)
    await c.db.query('delete from public.memberships where user_id = $1', [people.stranger])
  })

  test('an officer sees the sectors of the department, and is told so', async () => {
    const seen = await compare('officer')
    expect(seen.sectors_only).toBe(true)
    expect(seen.sectors.map(({ code }) => code)).toEqual(['whp'])
    expect(seen.grids.every(({ whole }) => !whole)).toBe(true)
    expect(new Set(seen.cells.sector)).toEqual(new Set([null, c.sector.chem]))
  })

  test('an officer of a department below the root sees its sectors there only', async () => {
    const { id } = await one<{ id: number }>(
      c.db,
      `insert into public.departments (code, name, grid_id) values ('zj', '镇经济办', $1) returning id`,
      [c.grid.t2],
    )
    await c.db.query('update public.sectors set department_id = $1 where id = $2', [id, c.sector.trade])
    await c.db.query('insert into public.department_officers (user_id, department_id) values ($1, $2)', [
      people.stranger,
      id,
    ])
    const seen = await compare('stranger')
    expect(seen.parent.code).toBe(codes.t2)
    expect(seen.sectors.map(({ code }) => code)).toEqual(['gm'])
    expect(await ask('stranger', { p_parent: c.grid.t1 })).toEqual({ status: 'not_found' })
    await c.db.query('delete from public.departments where id = $1', [id])
  })

  test('a user of an enterprise and a stranger see nothing', async () => {
    for (const who of ['enterprise', 'stranger'] as const) {
      expect(await ask(who)).toEqual({ status: 'not_found' })
      expect(await ask(who, { p_parent: c.grid.v11 })).toEqual({ status: 'not_found' })
    }
    for (const p_parent of [-1, 999_999]) expect(await ask('leader', { p_parent })).toEqual({ status: 'not_found' })
    await expect(c.as('anon').rpc('sector_matrix')).rejects.toThrow(/permission/)
  })
})

describe('who answers', () => {
  test('the department that owns a sector and its officers; none where nobody does', async () => {
    const { sectors, departments } = await matrix('leader')
    expect(sectors.map(({ code }) => code)).toEqual(['whp', 'gm'])
    expect(sectors[0]).toMatchObject({
      department: { id: c.department, name: '应急管理局' },
      officers: [{ user_id: people.officer, name: '人officer', phone: expect.stringMatching(/^138/) }],
    })
    expect(sectors[1]).toMatchObject({ department: null, officers: [] })
    expect(departments).toBeNull()
    expect((await matrix('admin')).departments).toEqual([{ id: c.department, name: '应急管理局' }])
  })

  const assign = (who: Person, department: number | null, was: number | null, sector = c.sector.trade) =>
    c.call<Record<string, unknown>>(who, 'set_sector_department', {
      p_sector: sector,
      p_department: department,
      p_was: was,
    })

  test('an administrator gives a sector to a department; another choice made meanwhile is not overwritten', async () => {
    expect(await assign('admin', c.department, null)).toMatchObject({
      status: 'ok',
      sector: { department: '应急管理局' },
    })
    expect((await matrix('officer')).sectors.map(({ code }) => code)).toEqual(['whp', 'gm'])
    expect(await assign('admin', null, null)).toMatchObject({ status: 'conflict', department: { id: c.department } })
    expect(await assign('admin', null, c.department)).toMatchObject({ status: 'ok' })
    expect((await matrix('leader')).sectors[1]!.department).toBeNull()
  })

  test('nobody else does, and not to what does not exist', async () => {
    for (const who of ['leader', 'town', 'officer', 'enterprise', 'stranger'] as const)
      expect(await assign(who, c.department, null)).toMatchObject({
        status: 'rejected',
        errors: [{ code: 'NOT_ALLOWED' }],
      })
    expect(await assign('admin', 999_999, null)).toMatchObject({ status: 'rejected', errors: [{ code: 'NOT_FOUND' }] })
    expect(await assign('admin', c.department, null, 999_999)).toMatchObject({
      status: 'rejected',
      errors: [{ code: 'UNKNOWN_SECTOR' }],
    })
    expect((await matrix('leader')).sectors[1]!.department).toBeNull()
  })
})
