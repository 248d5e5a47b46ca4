/** What `map_points('enterprise')` answers: one array per column, all of the same length. WGS84, 6 decimals. */
export interface EnterprisePoints {
  id: string[]
  lon: number[]
  lat: number[]
  /** Risk level 1..4, 0 not assessed. */
  level: number[]
  sector: (number | null)[]
  status: string[]
  name: string[]
  grid: (number | null)[]
  total: number
  truncated: boolean
}

export const NO_ENTERPRISES: EnterprisePoints = {
  id: [],
  lon: [],
  lat: [],
  level: [],
  sector: [],
  status: [],
  name: [],
  grid: [],
  total: 0,
  truncated: false,
}

export interface EnterpriseFilter {
  /** Sector id; null for all. */
  sector: number | null
  /** Levels switched off in the legend. */
  hidden: readonly number[]
}

export interface ContactPerson {
  user_id?: string
  name: string
  title?: string | null
  phone: string | null
  position?: string
}

/** A line of responsibility by area: a grid with its people, from the village up. */
export interface TerritorialLine {
  grid_id: number
  name: string
  level: number
  people: ContactPerson[]
}

/** What `enterprise_card` answers. */
export interface EnterpriseCardData {
  id: string
  code: string
  name: string
  lon: number | null
  lat: number | null
  address: string | null
  scale: 'above' | 'small' | 'micro' | 'individual' | null
  risk_level: number | null
  status: 'active' | 'suspended' | 'closed'
  legal_rep: string | null
  phone: string | null
  safety_lead: string | null
  safety_phone: string | null
  employees: number | null
  licence_expiry: string | null
  major_hazard_source_grade: number | null
  sector: { id: number; name: string; department: string | null } | null
  breadcrumb: { id: number; code: string; name: string; level: number }[]
  responsible: {
    territorial: TerritorialLine[]
    industry: { department: string | null; officers: ContactPerson[] } | null
  }
  risk_points: { count: number; rows: { id: string; name: string; level: number; score: number | null }[] }
  /** At most 20 rows; `count` is of all open ones. */
  hazards: { count: number; rows: EnterpriseHazard[] }
}

export interface EnterpriseHazard {
  id: string
  code: string
  title: string
  severity: 'general' | 'major'
  state: string
  overdue: boolean
}

/** How long before it expires a licence is worth a word, in days. */
const LICENCE_NOTICE = 60

/**
 * Whether a licence has expired or soon will, by calendar days in local time; null when nothing is to be said.
 * @param expiry last valid day as yyyy-mm-dd; a licence is good until its end
 */
export function licenceOf(expiry: string | null, now = new Date()): { state: 'expired' | 'soon'; days: number } | null {
  const last = expiry && Date.parse(`${expiry.slice(0, 10)}T00:00:00Z`)
  if (!last) return null
  const days = Math.round((last - Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())) / 86_400_000)
  if (days < 0) return { state: 'expired', days: -days }
  return days <= LICENCE_NOTICE ? { state: 'soon', days } : null
}

/** Whether point `i` passes the filter. */
export function passes(points: EnterprisePoints, i: number, filter: EnterpriseFilter): boolean {
  if (filter.sector !== null && points.sector[i] !== filter.sector) return false
  return !filter.hidden.includes(points.level[i] ?? 0)
}

/** How many enterprises each sector has among `grids` (null: anywhere). */
export function countBySector(points: EnterprisePoints, grids: ReadonlySet<number> | null): Map<number, number> {
  const counts = new Map<number, number>()
  for (let i = 0; i < points.id.length; i++) {
    const sector = points.sector[i]
    if (sector == null || !within(points.grid[i], grids)) continue
    counts.set(sector, (counts.get(sector) ?? 0) + 1)
  }
  return counts
}

/** How many enterprises there are in a set of grids, and how many of each level (index 0: not assessed). */
export function countByLevel(
  points: EnterprisePoints,
  grids: ReadonlySet<number> | null,
  sector: number | null,
): { total: number; levels: number[] } {
  const levels = [0, 0, 0, 0, 0]
  let total = 0
  for (let i = 0; i < points.id.length; i++) {
    if (sector !== null && points.sector[i] !== sector) continue
    if (!within(points.grid[i], grids)) continue
    total++
    const level = points.level[i] ?? 0
    levels[level] = (levels[level] ?? 0) + 1
  }
  return { total, levels }
}

const within = (grid: number | null | undefined, grids: ReadonlySet<number> | null): boolean =>
  grids === null || (grid != null && grids.has(grid))
