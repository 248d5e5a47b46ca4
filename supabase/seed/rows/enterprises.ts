import type { County, Village } from '../county.ts'
import { between, normal, pick, type Random, uuid, weighted } from '../random.ts'
import { DEMO_VILLAGE } from './accounts.ts'
import { badness, makeSiter } from './places.ts'
import { type Scale, SECTORS, type SectorPlan } from './sectors.ts'
import { demoPhone, firmWord, personName, shopWord } from './words.ts'

export interface EnterpriseRow {
  id: string
  code: string
  name: string
  sector: string
  /** Code of the village it lies in; null = outside every grid. */
  grid_code: string | null
  lon: number
  lat: number
  address: string
  scale: Scale
  risk_level: number | null
  legal_rep: string
  phone: string
  safety_lead: string
  safety_phone: string
  employees: number
  /** Days after the day of seeding (negative: expired). */
  licence_days: number | null
  major_hazard_source_grade: number | null
  status: 'active' | 'suspended' | 'closed'
}

/** Just outside the county's outline: nobody's, until somebody claims them. */
const OUTSIDE: readonly [number, number][] = [
  [117.551, 39.9412],
  [117.5462, 39.8731],
  [117.1375, 39.9723],
  [117.3044, 40.1282],
  [117.8012, 40.0101],
  [117.2214, 39.7475],
]
const FIRST_PHONE = 10_000
const LICENSED = new Set(['hazchem', 'mining', 'fireworks', 'gas', 'water', 'construction', 'road'])

/** About 3,000 enterprises: by sector as SECTORS says, each inside its village, six outside every grid. */
export function makeEnterprises(next: Random, county: County): EnterpriseRow[] {
  const siter = makeSiter(county)
  const townshipName = new Map(county.townships.map((t) => [t.code, t.name]))
  const names = new Set<string>()
  const rows: EnterpriseRow[] = []
  const demoVillage = county.villages.find((v) => v.code === DEMO_VILLAGE)!
  for (const sector of SECTORS) {
    for (let i = 0; i < sector.count; i++) {
      // the enterprise of the demo sign-in: a chemical firm in the demo village
      const demo = sector.code === 'hazchem' && i === 0
      const village = demo ? demoVillage : siter.village(next, sector.siting)
      const town = townshipName.get(village.township)!
      const [lon, lat] = siter.spot(next, village)
      rows.push({
        ...describe(next, sector, demo ? 2 : levelOf(next, sector, village), rows.length),
        name: uniqueName(names, () => nameOf(next, sector, village, town, demo ? '化工有限公司' : undefined)),
        grid_code: village.code,
        lon,
        lat,
        address: `天津市蓟州区${town}${village.name}${between(next, 1, 180)}号`,
        ...(demo
          ? { status: 'active' as const, scale: 'above' as const, employees: 86, major_hazard_source_grade: 3 }
          : {}),
      })
    }
  }
  OUTSIDE.forEach(([lon, lat], i) => {
    const sector = SECTORS[[3, 3, 5, 12, 13, 17][i]!]!
    rows.push({
      ...describe(next, sector, [3, 4, 4, null, 4, null][i]!, rows.length),
      name: uniqueName(names, () => `天津蓟州${firmWord(next)}${i % 2 ? '加工点' : '仓储部'}`),
      grid_code: null,
      lon,
      lat,
      address: '天津市蓟州区（界线附近，待认领）',
    })
  })
  return rows
}

function describe(
  next: Random,
  sector: SectorPlan,
  risk_level: number | null,
  index: number,
): Omit<EnterpriseRow, 'name' | 'grid_code' | 'lon' | 'lat' | 'address'> {
  const scale = weighted(next, sector.scales)
  const [least, most] = sector.employees
  const share = {
    above: 0.5 + next() * 0.5,
    small: 0.1 + next() * 0.3,
    micro: next() * 0.12,
    individual: next() * 0.08,
  }[scale]
  const source = sector.code === 'hazchem' && risk_level !== null && risk_level <= 2 && next() < 0.6
  return {
    id: uuid(next),
    code: creditCode(next, index),
    sector: sector.code,
    scale,
    risk_level,
    legal_rep: personName(next),
    phone: demoPhone(FIRST_PHONE + index * 2),
    safety_lead: personName(next),
    safety_phone: demoPhone(FIRST_PHONE + index * 2 + 1),
    employees: Math.max(1, Math.round(least + (most - least) * share)),
    licence_days: LICENSED.has(sector.code) ? Math.round(380 + normal(next) * 260) : null,
    major_hazard_source_grade: source ? (risk_level === 1 ? between(next, 1, 2) : between(next, 3, 4)) : null,
    status: weighted(next, [
      ['active', 94],
      ['suspended', 4.5],
      ['closed', 1.5],
    ] as const),
  }
}

/** Levels by the sector's weights, worse where the township is worse. */
function levelOf(next: Random, sector: SectorPlan, village: Village): number | null {
  const [red, orange, yellow, blue, none] = sector.levels
  const worse = badness(village.township)
  const level = weighted(next, [
    [1, red * worse ** 1.5 * 1.1],
    [2, orange * worse ** 1.3 * 1.25],
    [3, yellow * Math.sqrt(worse)],
    [4, blue],
    [0, none],
  ])
  return level === 0 ? null : level
}

function nameOf(next: Random, sector: SectorPlan, village: Village, town: string, fixed?: string): string {
  const ending = fixed ?? pick(next, sector.names)
  if (/公司$/.test(ending)) return `天津蓟州${firmWord(next)}${ending}`
  const place = next() < 0.5 ? town.replace(/(镇|街道|满族乡)$/, '') : village.name.replace(/(村|社区)$/, '')
  return `${place}${shopWord(next)}${ending}`
}

function uniqueName(taken: Set<string>, make: () => string): string {
  let name = make()
  for (let tries = 0; taken.has(name); tries++) {
    name = tries < 12 ? make() : `${make()}${'二三四五六七八九'[tries % 8]}店`
  }
  taken.add(name)
  return name
}

const DIGITS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/**
 * A 统一社会信用代码 with its check character right (GB 32100-2015), under a registration office that does not exist
 * (000000), so that it is nobody's.
 */
function creditCode(next: Random, index: number): string {
  const body = `91000000MA${String(index).padStart(5, '0')}${DIGITS[between(next, 0, 30)]}${DIGITS[between(next, 0, 30)]}`
  const sum = [...body].reduce((total, c, i) => total + DIGITS.indexOf(c) * WEIGHTS[i]!, 0)
  return body + DIGITS[(31 - (sum % 31)) % 31]
}
