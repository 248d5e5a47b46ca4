import type { Polygon } from 'geojson'
import { openTestDatabase, type TestDatabase, type Who } from '../local/testing.ts'

/**
 * A county small enough to hold in the head. Degrees, EPSG:4326:
 *
 *   117.0      117.1      117.2      117.3      117.4
 *   40.2 ┌──────────┬──────────┬──────────┬──────────┐
 *        │ 别山一村  │ 别山二村  │ 邦均一村  │ 邦均二村  │
 *        │ v11      │ v12      │ v21      │ v22      │
 *   40.1 └──────────┴──────────┴──────────┴──────────┘
 *          别山镇 t1              邦均镇 t2
 */
export const box = (west: number, south: number, east: number, north: number): Polygon => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
})

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

/** Who asks; the stranger has an account and no right at all. */
export const people = {
  admin: uuid(1),
  leader: uuid(2),
  town: uuid(3),
  town2: uuid(4),
  village: uuid(5),
  member: uuid(6),
  duty: uuid(7),
  officer: uuid(8),
  enterprise: uuid(9),
  stranger: uuid(10),
} as const
export type Person = keyof typeof people

export const enterprises = { a: uuid(21), b: uuid(22), c: uuid(23), d: uuid(24), out: uuid(25), closed: uuid(26) }
export const hazards = { major: uuid(41), general: uuid(42), done: uuid(43), other: uuid(44), outside: uuid(45) }
export type GridKey = 'root' | 't1' | 't2' | 'v11' | 'v12' | 'v21' | 'v22'

export interface County {
  db: TestDatabase
  /** Grid ids by key. */
  grid: Record<GridKey, number>
  sector: { chem: number; trade: number }
  department: number
  /** The person's hand: rpc, query, transaction. */
  as(who: Person | Who): ReturnType<TestDatabase['asUser']>
  /** Calls an RPC; objects go as JSON text, as every driver takes them. */
  call<T>(who: Person | Who, name: string, args?: Record<string, unknown>): Promise<T>
}

export const codes: Record<GridKey, string> = {
  root: '1',
  t1: '101',
  t2: '102',
  v11: '10101',
  v12: '10102',
  v21: '10201',
  v22: '10202',
}

const ground: Record<GridKey, { name: string; parent: GridKey | null; shape: Polygon }> = {
  root: { name: '试验区', parent: null, shape: box(117, 40.1, 117.4, 40.2) },
  t1: { name: '别山镇', parent: 'root', shape: box(117, 40.1, 117.2, 40.2) },
  t2: { name: '邦均镇', parent: 'root', shape: box(117.2, 40.1, 117.4, 40.2) },
  v11: { name: '别山一村', parent: 't1', shape: box(117, 40.1, 117.1, 40.2) },
  v12: { name: '别山二村', parent: 't1', shape: box(117.1, 40.1, 117.2, 40.2) },
  v21: { name: '邦均一村', parent: 't2', shape: box(117.2, 40.1, 117.3, 40.2) },
  v22: { name: '邦均二村', parent: 't2', shape: box(117.3, 40.1, 117.4, 40.2) },
}

/** An empty database: no grid, one administrator. */
export async function openEmpty(): Promise<County> {
  const db = await openTestDatabase()
  await db.query(`insert into public.profiles (id, name) values ($1, '管理员')`, [people.admin])
  await db.query('insert into public.admins (user_id) values ($1)', [people.admin])
  return county(db, {} as County['grid'], { chem: 0, trade: 0 }, 0)
}

/** The county above with its people, enterprises and hazards. */
export async function openCounty(): Promise<County> {
  const { db } = await openEmpty()
  const grid = {} as County['grid']
  for (const key of Object.keys(ground) as GridKey[]) {
    const { name, parent, shape } = ground[key]
    const { rows } = await db.query<{ id: number }>(
      `insert into public.grids (code, name, parent_id, boundary)
       values ($1, $2, $3, extensions.ST_Multi(extensions.ST_SetSRID(extensions.ST_GeomFromGeoJSON($4::text), 4326))) returning id`,
      [codes[key], name, parent ? grid[parent] : null, JSON.stringify(shape)],
    )
    grid[key] = rows[0]!.id
  }
  const named = Object.entries(people).filter(([key]) => key !== 'admin' && key !== 'stranger')
  for (const [key, id] of named)
    await db.query(`insert into public.profiles (id, name, phone) values ($1, $2, $3)`, [
      id,
      `人${key}`,
      `138${id.slice(-8)}`,
    ])
  const posts: [Person, GridKey, string][] = [
    ['leader', 'root', 'leader'],
    ['duty', 'root', 'duty'],
    ['town', 't1', 'leader'],
    ['town2', 't2', 'leader'],
    ['village', 'v11', 'leader'],
    ['member', 'v11', 'member'],
  ]
  for (const [person, key, position] of posts)
    await db.query('insert into public.memberships (user_id, grid_id, position) values ($1, $2, $3)', [
      people[person],
      grid[key],
      position,
    ])
  const department = await one<{ id: number }>(
    db,
    `insert into public.departments (code, name, grid_id) values ('yj', '应急管理局', $1) returning id`,
    [grid.root],
  )
  const chem = await one<{ id: number }>(
    db,
    `insert into public.sectors (code, name, department_id, sort) values ('whp', '危险化学品', $1, 1) returning id`,
    [department.id],
  )
  const trade = await one<{ id: number }>(
    db,
    `insert into public.sectors (code, name, sort) values ('gm', '工贸', 2) returning id`,
  )
  await db.query('insert into public.department_officers (user_id, department_id) values ($1, $2)', [
    people.officer,
    department.id,
  ])
  const firms: [string, string, string, number, number, number | null, string][] = [
    [enterprises.a, 'E-A', '红星化工厂', chem.id, 117.05, 1, 'active'],
    [enterprises.b, 'E-B', '别山机械厂', trade.id, 117.15, 2, 'active'],
    [enterprises.c, 'E-C', '邦均气体站', chem.id, 117.25, 3, 'suspended'],
    [enterprises.d, 'E-D', '邦均家具厂', trade.id, 117.35, null, 'active'],
    [enterprises.out, 'E-OUT', '区外企业', trade.id, 118.5, 4, 'active'],
    [enterprises.closed, 'E-CLOSED', '关停小厂', trade.id, 117.06, 1, 'closed'],
  ]
  for (const [id, code, name, sector, lon, level, status] of firms)
    await db.query(
      `insert into public.enterprises (id, code, name, sector_id, location, risk_level, status)
       values ($1, $2, $3, $4, extensions.ST_SetSRID(extensions.ST_MakePoint($5, 40.15), 4326), $6, $7)`,
      [id, code, name, sector, lon, level, status],
    )
  await db.query('insert into public.enterprise_users (user_id, enterprise_id) values ($1, $2)', [
    people.enterprise,
    enterprises.a,
  ])
  await db.query(
    `insert into public.risk_points (enterprise_id, name, method, l, e, c) values ($1, '液氯储罐', 'LEC', 6, 6, 40)`,
    [enterprises.a],
  )
  await db.query(
    `insert into public.risk_points (enterprise_id, name, method, l, s) values ($1, '冲压机', 'LS', 3, 3)`,
    [enterprises.b],
  )
  const found: [string, string, string, string, string, number, number, string | null, string, string][] = [
    [
      hazards.major,
      'YH-20260101-0001',
      '储罐泄漏',
      'major',
      'rectifying',
      chem.id,
      117.05,
      enterprises.a,
      '2026-01-01',
      '-1 day',
    ],
    [
      hazards.general,
      'YH-20260102-0001',
      '通道堵塞',
      'general',
      'reported',
      trade.id,
      117.15,
      null,
      '2026-01-02',
      '9 days',
    ],
    [hazards.done, 'YH-20260103-0001', '标识缺失', 'general', 'closed', chem.id, 117.25, null, '2026-01-03', '-9 days'],
    [
      hazards.other,
      'YH-20260104-0001',
      '电线老化',
      'general',
      'verified',
      trade.id,
      117.35,
      null,
      '2026-01-04',
      '-2 days',
    ],
    [
      hazards.outside,
      'YH-20260105-0001',
      '区外隐患',
      'general',
      'reported',
      trade.id,
      118.5,
      null,
      '2026-01-05',
      '9 days',
    ],
  ]
  for (const [id, code, title, severity, state, sector, lon, firm, day, due] of found)
    await db.query(
      `insert into public.hazards (id, code, title, severity, state, sector_id, location, enterprise_id, found_at, due_at, closed_at)
       values ($1, $2, $3, $4, $5::text, $6, extensions.ST_SetSRID(extensions.ST_MakePoint($7, 40.15), 4326), $8,
         ($9::text || ' 08:00+08')::timestamptz, now() + $10::text::interval,
         case when $5::text = 'closed' then ($9::text || ' 08:00+08')::timestamptz + interval '5 days' end)`,
      [id, code, title, severity, state, sector, lon, firm, day, due],
    )
  return county(db, grid, { chem: chem.id, trade: trade.id }, department.id)
}

function county(db: TestDatabase, grid: County['grid'], sector: County['sector'], department: number): County {
  const as: County['as'] = (who) => db.asUser(people[who as Person] ?? who)
  return {
    db,
    grid,
    sector,
    department,
    as,
    call: (who, name, args = {}) =>
      as(who).rpc(
        name,
        Object.fromEntries(
          Object.entries(args).map(([key, value]) => [key, plain(value) ? value : JSON.stringify(value)]),
        ),
      ),
  }
}

/** Lists of numbers are SQL arrays (a bounding box); every other object is jsonb. */
const plain = (value: unknown) =>
  typeof value !== 'object' ||
  value === null ||
  (Array.isArray(value) && value.length > 0 && value.every((x) => typeof x === 'number'))

/** Photos of hazards as if uploaded. */
export async function upload(db: TestDatabase, photos: string[]): Promise<void> {
  for (const photo of photos)
    await db.query(`insert into storage.objects (bucket_id, name) values ('hazards', $1)`, [photo])
}

/** The one row of a query as the owner of everything. */
export async function one<T>(db: TestDatabase, sql: string, params: unknown[] = []): Promise<T> {
  const { rows } = await db.query<T>(sql, params)
  if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}: ${sql}`)
  return rows[0]!
}

/** SQLSTATE of what a piece of work throws; null when it does not. */
export async function failure(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}
