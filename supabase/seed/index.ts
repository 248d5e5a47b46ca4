import { INSERT_CAMPAIGNS } from './campaigns.ts'
import { readCounty } from './county.ts'
import * as duties from './duties.ts'
import { INSERT_EVENTS, SETTLE_HAZARDS } from './hazardHistory.ts'
import { withoutIndexes } from './indexes.ts'
import * as prevention from './prevention.ts'
import { random, uuid } from './random.ts'
import { type AccidentRow, makeAccidents } from './rows/accidents.ts'
import { ACCOUNTS, DEMO_PASSWORD, DEMO_VILLAGE } from './rows/accounts.ts'
import { type EnterpriseRow, makeEnterprises } from './rows/enterprises.ts'
import { DAY, type HazardRow, makeHazards } from './rows/hazards.ts'
import { makePeople, type People, populationOf } from './rows/people.ts'
import { makeRiskPoints, type RiskPointRow } from './rows/riskPoints.ts'
import { makeSources, type SourceRow } from './rows/sources.ts'
import * as sql from './sql.ts'
import * as warnings from './warnings.ts'

/** What the seed needs of a database; one transaction around it is the caller's. */
export interface SeedDatabase {
  query(sql: string, params?: unknown[]): Promise<{ rows: unknown[] }>
  exec(sql: string): Promise<unknown>
}

export interface SeedAccounts {
  create(email: string, password: string, id: string): Promise<unknown>
}

export interface Demo {
  county: ReturnType<typeof readCounty>
  people: People
  population: Map<string, number>
  enterprises: EnterpriseRow[]
  riskPoints: RiskPointRow[]
  sources: SourceRow[]
  hazards: HazardRow[]
  accidents: AccidentRow[]
  /** Start of the day of seeding in the county (UTC+8), in milliseconds. */
  midnight: number
  enterpriseOfDemo: EnterpriseRow
}

/** Everything that will be written: the same for every call on the same day (UTC+8). */
export function makeDemo(today: Date): Demo {
  const county = readCounty()
  const midnight = Math.floor((today.getTime() + DAY / 3) / DAY) * DAY - DAY / 3
  const ids = random(7)
  const people = makePeople(random(1), county, () => uuid(ids))
  const inhabitants = random(2)
  const population = new Map(county.villages.map((v) => [v.code, populationOf(inhabitants, v.name)]))
  for (const village of county.villages) {
    const count = population.get(village.code)!
    for (const above of [village.township, county.code]) population.set(above, (population.get(above) ?? 0) + count)
  }
  const enterprises = makeEnterprises(random(3), county)
  const riskPoints = makeRiskPoints(random(4), enterprises)
  const hazards = makeHazards(random(5), county, people, enterprises, midnight)
  const accidents = makeAccidents(random(6), enterprises, midnight)
  const enterpriseOfDemo = enterprises.find((e) => e.grid_code === DEMO_VILLAGE && e.sector === 'hazchem')!
  const sources = makeSources(enterprises)
  return {
    county,
    people,
    population,
    enterprises,
    riskPoints,
    sources,
    hazards,
    accidents,
    midnight,
    enterpriseOfDemo,
  }
}

/**
 * Writes the demo county into migrated, empty tables. Called inside one transaction; every table takes one statement.
 * Runs wherever the migrations ran: on a hosted project call it with a direct connection (pg) as the owner of the
 * tables and with `accounts.create` made of `auth.admin.createUser`.
 */
export async function seedDemo(db: SeedDatabase, accounts: SeedAccounts, today = new Date()): Promise<void> {
  const demo = makeDemo(today)
  const rows = (list: unknown) => [JSON.stringify(list)]
  for (const { email, id } of Object.values(ACCOUNTS)) await accounts.create(email, DEMO_PASSWORD, id)
  for (const grids of sql.gridRows(demo)) await db.query(sql.INSERT_GRIDS, rows(grids))
  // each row names its grid already; without this a trigger would search it anew, row by row
  await db.exec(`select set_config('safegrid.placing', 'bulk', true)`)
  await db.query(sql.INSERT_PROFILES, rows(demo.people.people))
  await db.query(sql.INSERT_ADMINS, [ACCOUNTS.admin.id])
  await db.query(sql.INSERT_MEMBERSHIPS, rows(sql.membershipRows(demo)))
  await db.query(sql.INSERT_DEPARTMENTS, rows(sql.departmentRows(demo)))
  await db.query(sql.INSERT_SECTORS, rows(sql.sectorRows()))
  await db.query(sql.INSERT_OFFICERS, rows(demo.people.officers))
  await db.query(sql.INSERT_ENTERPRISES, rows(sql.enterpriseRows(demo)))
  await db.query(sql.INSERT_ENTERPRISE_USERS, [ACCOUNTS.enterprise.id, demo.enterpriseOfDemo.id])
  await seedPrevention(db, demo)
  await withoutIndexes(db, 'public.hazards', async () => {
    await db.exec(duties.UNCHECKED(true))
    await db.query(sql.INSERT_HAZARDS, rows(sql.hazardRows(demo)))
    await db.exec(duties.UNCHECKED(false))
  })
  // what was written in this transaction has no statistics yet: joins of thousands would be planned as of a few; and
  // compiling a long statement takes longer than running it once
  await db.exec(`analyze public.hazards; select set_config('jit', 'off', true)`)
  await db.query(INSERT_EVENTS, [new Date(demo.midnight).toISOString()])
  await db.exec(SETTLE_HAZARDS)
  const midnight = [new Date(demo.midnight).toISOString()]
  await db.query(duties.INSERT_ACCIDENTS, rows(sql.accidentRows(demo)))
  await db.exec(duties.UNCHECKED(true))
  await withoutIndexes(db, 'public.patrols', async () => {
    await db.query(duties.INSERT_PATROLS, midnight)
    await db.query(duties.INSERT_INSPECTIONS, midnight)
  })
  await db.query(duties.INSERT_PATROL_ITEMS, midnight)
  await db.query(duties.INSERT_EARLIER_ITEMS, midnight)
  await db.query(duties.INSERT_CHECKLISTS, midnight)
  await db.exec(duties.UNCHECKED(false))
  await db.exec('analyze public.patrols, public.checklists, public.checklist_items')
  await db.query(INSERT_CAMPAIGNS, midnight)
  await db.exec(duties.INSERT_RULES)
  await withoutIndexes(db, 'public.risk_daily', () => db.query(duties.FILL_RISK, sql.pastDays(demo)))
  await db.query(sql.SAVE_SETTINGS, rows(sql.settingRows()))
  for (const days of warnings.LOOKS)
    await db.query(warnings.RAISE, [new Date(demo.midnight - days * DAY).toISOString()])
  await db.query(warnings.SETTLE, midnight)
  await db.exec(`select set_config('safegrid.placing', '', true)`)
}

async function seedPrevention(db: SeedDatabase, demo: Demo): Promise<void> {
  const when = [new Date(demo.midnight).toISOString(), demo.enterpriseOfDemo.id]
  await db.query(prevention.INSERT_RISK_POINTS, [JSON.stringify(demo.riskPoints)])
  await db.query(prevention.INSERT_SOURCES, [JSON.stringify(demo.sources)])
  await db.exec(prevention.ASSESS_SOURCES)
  await db.exec(prevention.INSERT_LICENCES)
  await db.query(prevention.INSERT_CONFIRMATIONS, when)
  await db.query(prevention.INSERT_CHANGES, when)
  await db.query(prevention.INSERT_LEVELS, when)
}
