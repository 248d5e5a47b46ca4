export type HazardSeverity = 'major' | 'general'
export type HazardState = 'reported' | 'verified' | 'assigned' | 'rectifying' | 'submitted' | 'closed' | 'rejected'

/** What `map_points('hazard')` answers: one array per column. Open hazards only; `level` is 1 major, 3 general. */
export interface HazardPoints {
  id: string[]
  lon: number[]
  lat: number[]
  level: number[]
  sector: (number | null)[]
  status: HazardState[]
  overdue: boolean[]
  title: string[]
  grid: (number | null)[]
  total: number
  truncated: boolean
}

export const NO_HAZARDS: HazardPoints = {
  id: [],
  lon: [],
  lat: [],
  level: [],
  sector: [],
  status: [],
  overdue: [],
  title: [],
  grid: [],
  total: 0,
  truncated: false,
}

/** Where a hazard stands, as the map tells it by its ring: not yet confirmed, being dealt with, waiting for review. */
export type HazardStage = 'new' | 'work' | 'review'
export const STAGES = ['new', 'work', 'review'] as const

export function stageOf(state: HazardState): HazardStage {
  if (state === 'reported') return 'new'
  return state === 'submitted' ? 'review' : 'work'
}

export interface HazardFilter {
  sector: number | null
  /** Severities, stages or 'overdue' switched off in the legend ('ontime' hides what is not overdue). */
  hidden: readonly string[]
}

const severityOf = (level: number | undefined): HazardSeverity => (level === 1 ? 'major' : 'general')

export function passes(points: HazardPoints, i: number, filter: HazardFilter): boolean {
  if (filter.sector !== null && points.sector[i] !== filter.sector) return false
  if (!filter.hidden.length) return true
  if (filter.hidden.includes(severityOf(points.level[i]))) return false
  if (filter.hidden.includes(stageOf(points.status[i] ?? 'assigned'))) return false
  return !filter.hidden.includes(points.overdue[i] ? 'overdue' : 'ontime')
}

export interface HazardCounts {
  open: number
  major: number
  overdue: number
}

/** Open, major and overdue hazards in a set of grids (null: anywhere, those outside every grid too). */
export function countHazards(
  points: HazardPoints,
  grids: ReadonlySet<number> | null,
  sector: number | null,
): HazardCounts {
  const counts: HazardCounts = { open: 0, major: 0, overdue: 0 }
  for (let i = 0; i < points.id.length; i++) {
    if (sector !== null && points.sector[i] !== sector) continue
    const grid = points.grid[i]
    if (grids !== null && (grid == null || !grids.has(grid))) continue
    counts.open++
    if (points.level[i] === 1) counts.major++
    if (points.overdue[i]) counts.overdue++
  }
  return counts
}

/** How many points of a set of grids (null: anywhere) each legend entry stands for. */
export function countLegend(
  points: HazardPoints,
  grids: ReadonlySet<number> | null,
  sector: number | null,
): Record<string, number> {
  const counts: Record<string, number> = { major: 0, general: 0, new: 0, work: 0, review: 0, overdue: 0, ontime: 0 }
  for (let i = 0; i < points.id.length; i++) {
    if (sector !== null && points.sector[i] !== sector) continue
    const grid = points.grid[i]
    if (grids !== null && (grid == null || !grids.has(grid))) continue
    for (const key of [
      severityOf(points.level[i]),
      stageOf(points.status[i] ?? 'assigned'),
      points.overdue[i] ? 'overdue' : 'ontime',
    ]) {
      counts[key] = (counts[key] ?? 0) + 1
    }
  }
  return counts
}

interface Contact {
  user_id?: string
  name: string
  title?: string | null
  phone: string | null
  position?: string
}

/** What `hazard_card` answers. */
export interface HazardCardData {
  id: string
  code: string
  title: string
  description: string | null
  severity: HazardSeverity
  state: HazardState
  source: string
  overdue: boolean
  lon: number | null
  lat: number | null
  found_at: string
  due_at: string | null
  closed_at: string | null
  listed_level: 'county' | 'province' | null
  reported_by_name: string | null
  assigned_to_name: string | null
  rectifier_name: string | null
  reviewer_name: string | null
  /** What the asker may do next, the obvious step first. */
  steps: string[]
  sector: { id: number; name: string; department?: string | null } | null
  category: { id: number; name: string } | null
  enterprise: { id: string; name: string } | null
  breadcrumb: { id: number; code: string; name: string; level: number }[]
  responsible: {
    territorial: { grid_id: number; name: string; level: number; people: Contact[] }[]
    industry: { department: string | null; officers: Contact[] } | null
  }
}

const FORWARD: Partial<Record<HazardState, string>> = {
  reported: 'verify',
  verified: 'assign',
  assigned: 'start',
  rectifying: 'submit',
  submitted: 'pass',
}

/** The step that brings a hazard on, when it is the asker's to take. */
export function nextStep({ state, steps }: Pick<HazardCardData, 'state' | 'steps'>): string | null {
  return steps.find((step) => step === FORWARD[state]) ?? null
}

/** Whole days (calendar, local time) from now until an ISO time; negative when it has passed. */
export function daysUntil(iso: string, now = new Date()): number {
  const day = (date: Date) => Math.floor((date.getTime() - date.getTimezoneOffset() * 60_000) / 86_400_000)
  return day(new Date(iso)) - day(now)
}
