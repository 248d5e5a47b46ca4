import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
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

// Who may see and change what: people × tables × verbs, both what they may and what they may not.
let c: County
beforeAll(async () => {
  c = await openCounty()
})
afterAll(() => c.db.close())

const everybody = Object.keys(people) as Person[]
const everything: GridKey[] = ['root', 't1', 't2', 'v11', 'v12', 'v21', 'v22']
const firm = Object.keys(enterprises) as (keyof typeof enterprises)[]
const hazard = Object.keys(hazards) as (keyof typeof hazards)[]

type Sight = { grids: GridKey[]; enterprises: typeof firm; hazards: typeof hazard; people: Person[] }
const whole: Sight = {
  grids: everything,
  enterprises: firm,
  hazards: hazard,
  people: everybody.filter((p) => p !== 'stranger'),
}
const sees: Record<Person, Sight> = {
  admin: whole,
  leader: whole,
  duty: whole,
  town: {
    grids: ['root', 't1', 'v11', 'v12'],
    enterprises: ['a', 'b', 'closed'],
    hazards: ['major', 'general'],
    people: ['leader', 'duty', 'town', 'village', 'member', 'officer'],
  },
  town2: {
    grids: ['root', 't2', 'v21', 'v22'],
    enterprises: ['c', 'd'],
    hazards: ['done', 'other'],
    people: ['leader', 'duty', 'town2', 'officer'],
  },
  village: {
    grids: ['root', 't1', 'v11'],
    enterprises: ['a', 'closed'],
    hazards: ['major'],
    people: ['leader', 'duty', 'town', 'village', 'member', 'officer'],
  },
  member: {
    grids: ['root', 't1', 'v11'],
    enterprises: ['a', 'closed'],
    hazards: ['major'],
    people: ['leader', 'duty', 'town', 'village', 'member', 'officer'],
  },
  officer: {
    grids: everything,
    enterprises: ['a', 'c'],
    hazards: ['major', 'done'],
    people: ['leader', 'duty', 'town', 'town2', 'village', 'member', 'officer'],
  },
  enterprise: {
    grids: ['root', 't1', 'v11'],
    enterprises: ['a'],
    hazards: ['major'],
    people: ['leader', 'duty', 'town', 'village', 'member', 'officer', 'enterprise'],
  },
  stranger: { grids: [], enterprises: [], hazards: [], people: [] },
}

const read = async (who: Person, sql: string) =>
  (await c.as(who).query<{ key: string }>(sql)).rows.map((row) => row.key).sort()

describe.each(everybody)('%s reads', (who) => {
  test('exactly the grids of the scope and those above', async () => {
    expect(await read(who, 'select code as key from public.grids')).toEqual(sees[who].grids.map((k) => codes[k]).sort())
    expect(await read(who, 'select code as key from public.grid_versions')).toEqual(
      sees[who].grids.map((k) => codes[k]).sort(),
    )
  })

  test('exactly the enterprises of the scope, with their risk points', async () => {
    const expected = sees[who].enterprises.map((k) => enterprises[k]).sort()
    expect(await read(who, 'select id as key from public.enterprises')).toEqual(expected)
    expect(await read(who, 'select enterprise_id as key from public.risk_points')).toEqual(
      expected.filter((id) => id === enterprises.a || id === enterprises.b),
    )
    expect(await read(who, 'select enterprise_id as key from public.enterprise_users')).toEqual(
      expected.filter((id) => id === enterprises.a),
    )
  })

  test('exactly the hazards of the scope', async () => {
    expect(await read(who, 'select id as key from public.hazards')).toEqual(
      sees[who].hazards.map((k) => hazards[k]).sort(),
    )
  })

  test('exactly the people around them', async () => {
    expect(await read(who, 'select id as key from public.profiles')).toEqual(
      sees[who].people.map((k) => people[k]).sort(),
    )
  })

  test('the positions in the grids they see, and no other', async () => {
    const ids = sees[who].grids.map((k) => c.grid[k])
    const { rows } = await c.as(who).query<{ grid_id: number }>('select grid_id from public.memberships')
    expect(rows.every((row) => ids.includes(row.grid_id))).toBe(true)
    const all = await c.db.query<{ n: number }>(
      'select count(*)::int as n from public.memberships where grid_id = any ($1)',
      [ids],
    )
    expect(rows.length).toBe(all.rows[0]!.n)
  })

  test('who administers only as an administrator', async () => {
    expect(await read(who, 'select user_id as key from public.admins')).toEqual(who === 'admin' ? [people.admin] : [])
  })

  test('departments, sectors and settings, which are no secret', async () => {
    expect(await read(who, 'select code as key from public.departments')).toEqual(['yj'])
    expect(await read(who, 'select code as key from public.sectors')).toEqual(['gm', 'whp'])
    expect(await read(who, 'select code as key from public.hazard_categories')).toContain('fire')
    expect(await read(who, 'select key from public.settings')).toContain('bounds')
    expect(await read(who, 'select user_id as key from public.department_officers')).toEqual(
      sees[who].people.includes('officer') ? [people.officer] : [],
    )
  })
})

// [table, insert, update]; the rows named in the updates are ones that everybody above may or may not see
const writes: [string, string, string | null][] = [
  [
    'grids',
    `insert into public.grids (code, name, kind) values ('x', 'x', 'department')`,
    `update public.grids set name = name || '改'`,
  ],
  [
    'grid_versions',
    `insert into public.grid_versions (grid_id, version, code, name, kind) values (1, 99, 'x', 'x', 'area')`,
    `update public.grid_versions set note = 'x'`,
  ],
  [
    'admins',
    `insert into public.admins (user_id) values ('${people.town}')`,
    `update public.admins set user_id = '${people.town}'`,
  ],
  [
    'enterprises',
    `insert into public.enterprises (code, name) values ('x', 'x')`,
    `update public.enterprises set name = 'x'`,
  ],
  [
    'risk_points',
    `insert into public.risk_points (name, method, l) values ('x', 'LS', 1)`,
    `update public.risk_points set name = 'x'`,
  ],
  [
    'risk_measures',
    `insert into public.risk_measures (no, category, content) values (1, 'training', 'x')`,
    `update public.risk_measures set content = 'x'`,
  ],
  [
    'prevention_rules',
    `insert into public.prevention_rules (note) values ('x')`,
    `update public.prevention_rules set note = 'x'`,
  ],
  [
    'enterprise_levels',
    `insert into public.enterprise_levels (enterprise_id, reason) values ('${enterprises.a}', 'import')`,
    `update public.enterprise_levels set note = 'x'`,
  ],
  [
    'major_hazard_sources',
    `insert into public.major_hazard_sources (enterprise_id, name) values ('${enterprises.a}', 'x')`,
    `update public.major_hazard_sources set grade = 4`,
  ],
  [
    'major_hazard_substances',
    `insert into public.major_hazard_substances (no, name) values (1, 'x')`,
    `update public.major_hazard_substances set quantity = 1`,
  ],
  [
    'major_hazard_assessments',
    `insert into public.major_hazard_assessments (cause) values ('source')`,
    `update public.major_hazard_assessments set grade = 4`,
  ],
  [
    'licences',
    `insert into public.licences (enterprise_id, kind) values ('${enterprises.a}', 'fire')`,
    `update public.licences set expires_on = '2040-01-01'`,
  ],
  [
    'enterprise_changes',
    `insert into public.enterprise_changes (enterprise_id, fields) values ('${enterprises.a}', '{}')`,
    `update public.enterprise_changes set fields = '{}'`,
  ],
  [
    'enterprise_confirmations',
    `insert into public.enterprise_confirmations (enterprise_id) values ('${enterprises.a}')`,
    `update public.enterprise_confirmations set confirmed_at = now()`,
  ],
  [
    'hazards',
    `insert into public.hazards (code, title) values ('YH-20260101-9999', 'x')`,
    `update public.hazards set state = 'closed'`,
  ],
]
const administered: [string, string, string | null][] = [
  [
    'profiles',
    `insert into public.profiles (name) values ('新人')`,
    `update public.profiles set phone = '1' where id = '${people.member}'`,
  ],
  [
    'memberships',
    `insert into public.memberships (user_id, grid_id, position) values ('${people.member}', $root, 'deputy')`,
    null,
  ],
  [
    'departments',
    `insert into public.departments (code, name, grid_id) values ('x', '新部门', $root)`,
    `update public.departments set name = '改名' where code = 'yj'`,
  ],
  [
    'sectors',
    `insert into public.sectors (code, name) values ('x', '新行业')`,
    `update public.sectors set sort = 9 where code = 'gm'`,
  ],
  [
    'hazard_categories',
    `insert into public.hazard_categories (code, name) values ('x', '新类别')`,
    `update public.hazard_categories set sort = 9 where code = 'fire'`,
  ],
  [
    'department_officers',
    `insert into public.department_officers (user_id, department_id) values ('${people.town}', $department)`,
    null,
  ],
  [
    'enterprise_users',
    `insert into public.enterprise_users (user_id, enterprise_id) values ('${people.town}', '${enterprises.b}')`,
    null,
  ],
  [
    'settings',
    `insert into public.settings (key, value) values ('x', '1')`,
    `update public.settings set value = '"x"' where key = 'county_name'`,
  ],
]
const undo = Symbol('undo')
/** Runs and takes back; gives the SQLSTATE or the number of rows written. */
async function attempt(who: Person | 'anon' | 'service_role', sql: string): Promise<string | number> {
  let written = -1
  const statement = sql.replace('$root', String(c.grid.root)).replace('$department', String(c.department))
  const code = await failure(() =>
    c.as(who).transaction(async (session) => {
      const { affected, rows } = await session.query(
        `with done as (${statement} returning 1) select count(*)::int as n from done`,
      )
      written = Number((rows[0] as { n: number } | undefined)?.n ?? affected)
      throw undo
    }),
  )
  return code && code !== String(undo) && written < 0 ? code : written
}

describe.each(everybody)('%s writes', (who) => {
  test.each(writes)('nothing into %s', async (table, insert, update) => {
    expect(await attempt(who, insert)).toBe('42501')
    if (update) expect(await attempt(who, update)).toBe('42501')
    expect(await attempt(who, `delete from public.${table}`)).toBe('42501')
  })

  test.each(administered)(
    who === 'admin' ? '%s as the administrator' : 'nothing into %s',
    async (table, insert, update) => {
      const some = table === 'enterprise_users' || table === 'department_officers'
      if (who === 'admin') {
        expect(await attempt(who, insert)).toBe(1)
        if (update) expect(await attempt(who, update)).toBe(1)
        if (some) expect(await attempt(who, `delete from public.${table}`)).toBe(1)
      } else {
        expect(await attempt(who, insert)).toBe('42501')
        // a row that may not be changed is not there
        if (update) expect(await attempt(who, update)).toBe(0)
        const kept = table === 'settings' || table === 'hazard_categories'
        expect(await attempt(who, `delete from public.${table}`)).toBe(kept ? '42501' : 0)
      }
    },
  )
})

test('nobody writes a derived column by PATCH, the administrator included', async () => {
  for (const sql of [
    `update public.profiles set initials = 'x'`,
    `update public.profiles set id = gen_random_uuid()`,
    `update public.memberships set position = 'leader'`,
    `update public.grids set path = '1'`,
    `update public.grids set version = 9`,
  ])
    expect(['42501', '428C9']).toContain(await attempt('admin', sql))
})

describe('without an account', () => {
  test.each([...writes, ...administered])('%s is closed', async (table, insert) => {
    expect(await failure(() => c.as('anon').query(`select * from public.${table}`))).toBe('42501')
    expect(await attempt('anon', insert)).toBe('42501')
  })
})

test('the service key reads everything and cannot change history', async () => {
  const { rows } = await c.as('service_role').query<{ n: number }>('select count(*)::int as n from public.hazards')
  expect(rows[0]!.n).toBe(hazard.length)
  expect(await attempt('service_role', `update public.grid_versions set note = 'x'`)).toBe('42501')
  expect(await attempt('service_role', 'delete from public.grid_versions')).toBe('42501')
  expect(await failure(() => c.db.exec('truncate public.grid_versions'))).toBe('42501')
  expect(await failure(() => c.db.exec('delete from public.grid_versions'))).toBe('42501')
})

test('a right taken back is gone at the next request', async () => {
  const before = await c.as('member').query('select id from public.enterprises')
  expect(before.rows.length).toBe(2)
  await c.as('admin').query('delete from public.memberships where user_id = $1', [people.member])
  const after = await c.as('member').query('select id from public.enterprises')
  expect(after.rows.length).toBe(0)
  const me = await c.call<{ positions: unknown[]; root: unknown }>('member', 'me')
  expect(me).toMatchObject({ positions: [], root: null })
  await c.db.query(`insert into public.memberships (user_id, grid_id, position) values ($1, $2, 'member')`, [
    people.member,
    c.grid.v11,
  ])
})

test('a department below the root sees its sectors there and nowhere else', async () => {
  const { rows } = await c.db.query<{ id: number }>(
    `insert into public.departments (code, name, grid_id) values ('t2', '邦均应急所', $1) returning id`,
    [c.grid.t2],
  )
  await c.db.query('update public.sectors set department_id = $1 where id = $2', [rows[0]!.id, c.sector.trade])
  await c.db
    .query('insert into public.department_officers values ($1, $2)', [people.stranger, rows[0]!.id])
    .catch(async () => {
      await c.db.query(`insert into public.profiles (id, name) values ($1, '所员')`, [people.stranger])
      await c.db.query('insert into public.department_officers values ($1, $2)', [people.stranger, rows[0]!.id])
    })
  expect(await read('stranger', 'select id as key from public.enterprises')).toEqual([enterprises.d])
  expect(await read('stranger', 'select id as key from public.hazards')).toEqual([hazards.other])
  expect(await read('stranger', 'select code as key from public.grids')).toEqual(['1', '102', '10201', '10202'])
  const points = await c.call<{ id: string[] }>('stranger', 'map_points', { p_kind: 'enterprise' })
  expect(points.id).toEqual([enterprises.d])
})
