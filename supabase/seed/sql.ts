import type { Demo } from './index.ts'
import { DAY } from './rows/hazards.ts'
import { DEPARTMENTS, SECTORS } from './rows/sectors.ts'
import { wkb } from './wkb.ts'

/** The statements of the seed, one a table, and the rows as they take them ($1 = a JSON array). */

export const INSERT_GRIDS = `
  insert into public.grids (code, name, kind, parent_id, level, boundary, population, created_at)
  select r.code, r.name, 'area', p.id, r.level, r.boundary::extensions.geometry, r.population, r.created_at
  from jsonb_to_recordset($1::jsonb) as r(code text, name text, parent text, level smallint, boundary text, population int,
    created_at timestamptz)
  left join public.grids p on p.code = r.parent
  order by r.code`

/** County, townships, villages: each level after the one above it. */
export function gridRows({ county, population, midnight }: Demo) {
  // before everything that is told of them
  const created_at = instant(midnight - 4 * 365 * DAY)
  const row = (
    grid: { code: string; name: string; boundary: Demo['county']['boundary'] },
    level: number,
    parent: string | null,
  ) => ({
    code: grid.code,
    name: grid.name,
    level,
    parent,
    boundary: wkb(grid.boundary),
    population: population.get(grid.code)!,
    created_at,
  })
  return [
    [row(county, 1, null)],
    county.townships.map((t) => row(t, 2, county.code)),
    county.villages.map((v) => row(v, 3, v.township)),
  ]
}

export const INSERT_PROFILES = `
  insert into public.profiles (id, name, phone, title)
  select id, name, phone, title
  from jsonb_to_recordset($1::jsonb) as r(id uuid, name text, phone text, title text)`

export const INSERT_ADMINS = 'insert into public.admins (user_id) values ($1)'

export const INSERT_MEMBERSHIPS = `
  insert into public.memberships (user_id, grid_id, position, since)
  select r.user_id, g.id, r.position, r.since
  from jsonb_to_recordset($1::jsonb) as r(user_id uuid, grid_code text, position text, since date)
  join public.grids g on g.code = r.grid_code
  order by r.grid_code, r.position`

export function membershipRows({ people, midnight }: Demo) {
  return people.memberships.map(({ since_days, ...rest }) => ({ ...rest, since: date(midnight - since_days * DAY) }))
}

export const INSERT_DEPARTMENTS = `
  insert into public.departments (code, name, grid_id)
  select r.code, r.name, g.id
  from jsonb_to_recordset($1::jsonb) as r(code text, name text, grid_code text, sort int)
  join public.grids g on g.code = r.grid_code
  order by r.sort`

export function departmentRows({ county }: Demo) {
  return DEPARTMENTS.map(([code, name], sort) => ({ code, name, grid_code: county.code, sort }))
}

export const INSERT_SECTORS = `
  insert into public.sectors (code, name, department_id, sort)
  select r.code, r.name, d.id, r.sort
  from jsonb_to_recordset($1::jsonb) as r(code text, name text, department text, sort int)
  left join public.departments d on d.code = r.department
  order by r.sort`

export function sectorRows() {
  return SECTORS.map(({ code, name, department }, i) => ({ code, name, department, sort: i + 1 }))
}

export const INSERT_OFFICERS = `
  insert into public.department_officers (user_id, department_id)
  select r.user_id, d.id
  from jsonb_to_recordset($1::jsonb) as r(user_id uuid, department text)
  join public.departments d on d.code = r.department`

const POINT = 'extensions.st_setsrid(extensions.st_makepoint(r.lon, r.lat), 4326)'

export const INSERT_ENTERPRISES = `
  insert into public.enterprises (id, code, name, sector_id, grid_id, location, address, scale, risk_level, legal_rep,
    phone, safety_lead, safety_phone, employees, licence_expiry, major_hazard_source_grade, status, level_by,
    declared_level)
  select r.id, r.code, r.name, s.id, g.id, ${POINT}, r.address, r.scale, r.risk_level, r.legal_rep,
    r.phone, r.safety_lead, r.safety_phone, r.employees, r.licence_expiry, r.major_hazard_source_grade, r.status,
    -- those that are worse than blue have risk points, see rows/riskPoints.ts
    case when r.risk_level < 4 then 'assessment' else 'import' end, case when r.risk_level < 4 then r.risk_level end
  from jsonb_to_recordset($1::jsonb) as r(id uuid, code text, name text, sector text, grid_code text, lon float8,
    lat float8, address text, scale text, risk_level smallint, legal_rep text, phone text, safety_lead text,
    safety_phone text, employees int, licence_expiry date, major_hazard_source_grade smallint, status text)
  join public.sectors s on s.code = r.sector
  left join public.grids g on g.code = r.grid_code`

export function enterpriseRows({ enterprises, midnight }: Demo) {
  return enterprises.map(({ licence_days, ...rest }) => ({
    ...rest,
    licence_expiry: licence_days === null ? null : date(midnight + licence_days * DAY),
  }))
}

export const INSERT_ENTERPRISE_USERS = 'insert into public.enterprise_users (user_id, enterprise_id) values ($1, $2)'

export const INSERT_HAZARDS = `
  insert into public.hazards (id, code, client_id, title, description, severity, state, source, sector_id, category_id,
    enterprise_id, grid_id, location, found_at, reported_by, verified_by, verified_at, assigned_to, assigned_by,
    assigned_at, rectifier, submitted_at, reviewer, closed_at, due_at, assurance_person, assurance_funds,
    assurance_measures, assurance_deadline, assurance_plan, funds_spent, listed_level, listed_at, delisted_at, version,
    created_at, updated_at)
  select r.id, r.code, r.client_id, r.title, r.description, r.severity, r.state, r.source, s.id, k.id,
    r.enterprise_id, g.id, ${POINT}, r.found_at, r.reported_by, r.verified_by, r.verified_at, r.assigned_to,
    r.assigned_by, r.assigned_at, r.rectifier, r.submitted_at, r.reviewer, r.closed_at,
    -- before the assignment it is the verification that is due, or the assignment
    coalesce(r.due_at, case r.state when 'reported' then private.due_at('verify', r.severity, r.found_at)
      when 'verified' then private.due_at('assign', r.severity, r.verified_at) end), r.assurance_person,
    r.assurance_funds, r.assurance_measures, r.assurance_deadline, r.assurance_plan, r.funds_spent, r.listed_level,
    r.listed_at, r.delisted_at, r.version, r.found_at,
    greatest(r.found_at, r.verified_at, r.assigned_at, r.listed_at, r.submitted_at, r.closed_at)
  from jsonb_to_recordset($1::jsonb) as r(id uuid, code text, client_id uuid, title text, description text,
    severity text, state text, source text, sector text, category text, enterprise_id uuid, grid_code text, lon float8, lat float8,
    found_at timestamptz, reported_by uuid, verified_by uuid, verified_at timestamptz, assigned_to uuid,
    assigned_by uuid, assigned_at timestamptz, rectifier uuid, submitted_at timestamptz, reviewer uuid,
    closed_at timestamptz, due_at timestamptz, assurance_person text, assurance_funds numeric,
    assurance_measures text, assurance_deadline date, assurance_plan text, funds_spent numeric, listed_level text,
    listed_at timestamptz, delisted_at timestamptz, version int)
  join public.sectors s on s.code = r.sector
  left join public.hazard_categories k on k.code = r.category
  left join public.grids g on g.code = r.grid_code`

export function hazardRows({ hazards }: Demo) {
  return hazards.map((h) => ({
    ...h,
    found_at: instant(h.found_at),
    verified_at: instant(h.verified_at),
    assigned_at: instant(h.assigned_at),
    submitted_at: instant(h.submitted_at),
    closed_at: instant(h.closed_at),
    due_at: instant(h.due_at),
    listed_at: instant(h.listed_at),
    delisted_at: instant(h.delisted_at),
    assurance_deadline: h.assurance_deadline === null ? null : date(h.assurance_deadline),
  }))
}

export function accidentRows({ accidents }: Demo) {
  return accidents.map((a) => ({ ...a, occurred_at: instant(a.occurred_at) }))
}

/** The first and the last day of the three years before the day of seeding. */
export function pastDays({ midnight }: Demo): [string, string] {
  return [date(midnight - 3 * 365 * DAY), date(midnight - DAY)]
}

export const SAVE_SETTINGS = `
  insert into public.settings (key, value)
  select key, value from jsonb_to_recordset($1::jsonb) as r(key text, value jsonb)
  on conflict (key) do update set value = excluded.value`

/** `bounds`: China, so that swapped or projected coordinates are refused. */
export function settingRows() {
  return [
    { key: 'bounds', value: [73, 3, 136, 54] },
    { key: 'demo', value: true },
    { key: 'county_name', value: '蓟州区' },
  ]
}

function instant(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}

/** The day in the county (UTC+8). */
function date(time: number): string {
  return new Date(time + DAY / 3).toISOString().slice(0, 10)
}
