import type { County, Village } from '../county.ts'
import { normal, pick, type Random, uuid, weighted } from '../random.ts'
import { ACCOUNTS, DEMO_VILLAGE } from './accounts.ts'
import type { EnterpriseRow } from './enterprises.ts'
import { categoryOf } from './hazardCategories.ts'
import { HAZARD_KINDS, VILLAGE_HAZARDS } from './hazardKinds.ts'
import { type Loop, runLoop } from './hazardLoop.ts'
import type { People } from './people.ts'
import { badness, makeSiter } from './places.ts'

export interface HazardRow extends Loop {
  id: string
  code: string
  client_id: string
  title: string
  description: string
  severity: 'general' | 'major'
  source: 'patrol' | 'inspection' | 'enterprise' | 'department' | 'public' | 'online'
  sector: string
  /** Code of the category; one in sixteen of the general ones was reported without. */
  category: string | null
  enterprise_id: string | null
  grid_code: string | null
  lon: number
  lat: number
}

export const DAY = 86_400_000
const PER_YEAR = 1_652
const YEARS = 3
/** Checks cluster before Spring Festival, in the safety month of June, in the flood season and before winter. */
const BY_MONTH = [1.25, 0.7, 0.9, 1.0, 1.05, 1.45, 1.2, 1.15, 1.0, 0.85, 1.05, 1.2]
const SOURCES = [
  ['patrol', 44],
  ['inspection', 20],
  ['enterprise', 17],
  ['department', 11],
  ['public', 5],
  ['online', 3],
] as const

/**
 * About 5,000 hazards of the three years before `midnight` (start of the day in the county, UTC+8), oldest first. Each
 * goes through its loop step by step as far as time allowed; what is left over is open today.
 */
export function makeHazards(
  next: Random,
  county: County,
  people: People,
  enterprises: readonly EnterpriseRow[],
  midnight: number,
): HazardRow[] {
  const villages = new Map(county.villages.map((v) => [v.code, v]))
  const siter = makeSiter(county)
  const firms = enterprises.filter((e) => e.status !== 'closed')
  const chooseFirm = chooser(firms, (e) => {
    const village = e.grid_code ? villages.get(e.grid_code)! : null
    const own = { 1: 16, 2: 8, 3: 2.4, 4: 0.55 }[e.risk_level ?? 4]!
    const demo = e.grid_code === DEMO_VILLAGE && e.sector === 'hazchem' ? 2 : 1
    return own * demo * (village ? badness(village.township) * hotSpot(village.code) : 0.4)
  })
  const chooseVillage = chooser(county.villages, (v) => badness(v.township) * hotSpot(v.code))
  const rows = foundTimes(next, midnight).map((found) => {
    const firm = next() < 0.8 ? chooseFirm(next) : null
    const village: Village | null = firm ? (firm.grid_code ? villages.get(firm.grid_code)! : null) : chooseVillage(next)
    const what = firm ? atFirm(next, firm) : inVillage(next)
    const spot = firm ? ([firm.lon, firm.lat] as const) : siter.spot(next, village!)
    const township = village?.township ?? county.townships[0]!.code
    const loop = runLoop(next, {
      found,
      now: midnight,
      major: what.severity === 'major',
      slow: badness(township),
      title: what.title,
      village: village ? people.crews.get(village.code)! : { members: [] },
      township: people.crews.get(township)!,
      owner: firm?.grid_code === DEMO_VILLAGE && firm.sector === 'hazchem' ? ACCOUNTS.enterprise.id : null,
      dutyId: ACCOUNTS.duty.id,
    })
    const id = uuid(next)
    return {
      ...loop,
      ...what,
      id,
      category: what.severity === 'general' && id < '1' ? null : categoryOf(what.title),
      client_id: uuid(next),
      code: '',
      source: weighted(next, SOURCES),
      enterprise_id: firm?.id ?? null,
      grid_code: village?.code ?? null,
      lon: spot[0],
      lat: spot[1],
    }
  })
  return numbered(rows)
}

function atFirm(next: Random, firm: EnterpriseRow) {
  const kinds = HAZARD_KINDS[firm.sector]!
  // grave findings come from grave places
  const chance = { 1: 0.09, 2: 0.06, 3: 0.03, 4: 0.009 }[firm.risk_level ?? 4]!
  const severity: HazardRow['severity'] = next() < chance ? 'major' : 'general'
  const [title, description] = pick(next, kinds[severity])
  return { severity, title, description: `${firm.name}：${description}`, sector: firm.sector }
}

function inVillage(next: Random) {
  const [sector, title, description] = pick(next, VILLAGE_HAZARDS)
  return { severity: 'general' as const, title, description, sector }
}

/** When things were found, oldest first: by season, on working days mostly, in daylight. */
function foundTimes(next: Random, midnight: number): number[] {
  const times: number[] = []
  while (times.length < PER_YEAR * YEARS) {
    // reporting became a habit: the last year has somewhat more than the first
    const daysAgo = 1 + Math.floor(YEARS * 365 * next() ** 1.08)
    const day = new Date(midnight + 8 * 3_600_000 - daysAgo * DAY)
    const weekend = day.getUTCDay() % 6 === 0 ? 0.35 : 1
    if (next() * 1.45 > BY_MONTH[day.getUTCMonth()]! * weekend) continue
    const minutes = Math.min(1_380, Math.max(420, Math.round(780 + normal(next) * 170)))
    times.push(midnight - daysAgo * DAY + minutes * 60_000)
  }
  return times.sort((a, b) => a - b)
}

/** Some villages are worse than their neighbours, always the same ones. */
function hotSpot(code: string): number {
  if (code === DEMO_VILLAGE) return 3.5
  let h = 0
  for (const c of code) h = Math.imul(h ^ c.charCodeAt(0), 2654435761) >>> 0
  return [0.5, 0.7, 0.9, 1, 1.3, 2.4][h % 6]!
}

function chooser<T>(list: readonly T[], weight: (item: T) => number): (next: Random) => T {
  let total = 0
  const sums = list.map((item) => {
    total += weight(item)
    return total
  })
  return (next) => {
    const at = next() * total
    let low = 0
    let high = sums.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! > at) high = middle
      else low = middle + 1
    }
    return list[low]!
  }
}

function numbered(rows: HazardRow[]): HazardRow[] {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const day = new Date(row.found_at + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')
    const count = (counts.get(day) ?? 0) + 1
    counts.set(day, count)
    row.code = `YH-${day}-${String(count).padStart(4, '0')}`
  }
  return rows
}
