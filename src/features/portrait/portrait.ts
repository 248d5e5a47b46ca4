/** The portrait of an enterprise: what enterprise_portrait() answers, and how it is said. Pure. */
import type { LinePerson } from '../../map/card/ResponsibleLines.vue'
import type { Level } from '../../map/levels'

export const BASIC_FIELDS = [
  'name',
  'address',
  'scale',
  'legal_rep',
  'phone',
  'safety_lead',
  'safety_phone',
  'employees',
  'licence_expiry',
  'status',
  'lon',
  'lat',
] as const
export type BasicField = (typeof BASIC_FIELDS)[number]
/** Texts, numbers (lon, lat in EPSG:4326 degrees) and null for what is not known. */
export type BasicData = Record<BasicField, string | number | null>

export interface Change {
  field: string
  old: string | null
  new: string | null
  at: string
  by: string | null
}
export interface Confirmation {
  at: string | null
  by: string | null
  by_title: string | null
  /** Nobody ever confirmed. */
  never: boolean
  /** Longer ago than the county asks for. */
  stale: boolean
  changes: Change[]
}
export interface RadarAxis {
  key: string
  unit: 'point' | 'percent' | 'day' | 'time'
  better: 'more' | 'less'
  /** What scores 100 (more) or 0 (less). */
  full: number
  value: number | null
  score: number | null
  median: number | null
  median_score: number | null
  /** How many enterprises of the sector have a figure. */
  n: number
}
export const LICENCE_KINDS = [
  'safety_production',
  'hazchem_operation',
  'hazchem_use',
  'fireworks',
  'mining',
  'gas',
  'transport',
  'construction',
  'special_equipment',
  'fire',
  'standardisation',
  'personnel',
  'other',
] as const
export interface Licence {
  id: string
  /** Of what was seen: another one by now is a conflict. */
  version: number
  kind: string
  number: string | null
  issuer: string | null
  issued_on: string | null
  expires_on: string | null
  state: 'expired' | 'within_30' | 'within_90' | 'valid' | 'unlimited'
  /** Until the last day; negative: past. */
  days: number | null
}
export interface LevelChange {
  at: string
  from: number | null
  to: number | null
  reason: string
  note: string | null
  by: string | null
}
export interface PortraitHazard {
  id: string
  code: string
  title: string
  category: string | null
  severity: 'general' | 'major'
  state: string
  found_at: string
  due_at: string | null
  overdue: boolean
}
export interface Visit {
  id: string
  kind: string
  at: string
  result: string
  note: string | null
  hazard_id: string | null
  person: string | null
  title: string | null
  grid: string
}
export interface Neighbour {
  id: string
  name: string
  sector: string
  level: Level | null
  grade: number | null
  /** Metres. */
  distance: number
}
export interface Line {
  territorial: { grid_id: number; name: string; level: number; people: LinePerson[] }[]
  industry: { department: string | null; officers: LinePerson[] } | null
}

/** `Points` and `Source` are those of the prevention room, which the screen puts in. */
export interface Portrait<Point = unknown, Source = unknown> {
  /** The id of the enterprise. */
  id: string
  taken_at: string
  /** First day of the last twelve months. */
  since: string
  enterprise: BasicData & {
    id: string
    code: string
    version: number
    risk_level: Level | null
    level_by: 'import' | 'assessment'
    declared_level: number | null
    major_hazard_source_grade: number | null
    created_at: string
  }
  may: { edit: boolean; place: boolean }
  partial: boolean
  sector: { id: number; name: string; department: string | null }
  breadcrumb: { id: number; code: string; name: string; level: number }[]
  responsible: Line
  licences: Licence[]
  levels: LevelChange[]
  thresholds: { lec: number[]; ls: number[]; source_grades: number[]; radius_m: number }
  risk_points: Point[]
  sources: Source[]
  hazards: {
    counts: { open: number; major: number; overdue: number; found: number; closed: number }
    rows: PortraitHazard[]
    repeat_times: number
    repeat_months: number
    repeated: {
      title: string
      n: number
      last: string
      rows: { id: string; code: string; found_at: string; state: string }[]
    }[]
    photos: { hazard_id: string; title: string; path: string; at: string; after: boolean }[]
  }
  visits: { count: number; hazards: number; closed_door: number; last: string | null; rows: Visit[] }
  checklist: {
    at: string
    by: string | null
    missing: number
    items: { code: string; name: string; done: boolean; note: string | null }[]
  } | null
  accidents: {
    count: number
    rows: {
      id: string
      title: string
      kind: string
      at: string
      grade: number
      deaths: number
      serious_injuries: number
      loss: number
    }[]
  }
  neighbours: { radius_m: number; count: number; employees: number | null; rows: Neighbour[] }
  confirmation: Confirmation
  radar: { enterprises: number; closed: number; axes: RadarAxis[] }
}

/** The lists behind the figures: as many rows as the figure says. */
export function listLinks(portrait: Pick<Portrait, 'id' | 'since'>) {
  const hazards = `/hazards?enterprise=${portrait.id}`
  return {
    open: hazards,
    major: `${hazards}&severity=major`,
    overdue: `${hazards}&overdue=true`,
    found: `${hazards}&status=reported,verified,assigned,rectifying,submitted,closed&from=${portrait.since}`,
    closed: `${hazards}&status=closed&closed_from=${portrait.since}`,
    accidents: `/accidents?enterprise=${portrait.id}`,
  }
}

/** The licences that somebody has to do something about, the most pressing first. */
export function pressing(licences: readonly Licence[]): Licence[] {
  const rank: Record<Licence['state'], number> = { expired: 0, within_30: 1, within_90: 2, valid: 3, unlimited: 4 }
  return licences
    .filter(({ state }) => rank[state] < 3)
    .sort((a, b) => rank[a.state] - rank[b.state] || (a.days ?? 0) - (b.days ?? 0))
}

/** What the radar draws: an axis without a figure has its point in the middle and says so. */
export function radarSeries(axes: readonly RadarAxis[]) {
  return { own: axes.map(({ score }) => score ?? 0), median: axes.map(({ median_score }) => median_score ?? 0) }
}

/** Where the enterprise is clearly worse than half of its sector, the widest gap first. */
export function weakest(axes: readonly RadarAxis[], least = 15): RadarAxis[] {
  const gap = (axis: RadarAxis) => (axis.median_score ?? 0) - (axis.score ?? 0)
  return axes
    .filter((axis) => axis.score !== null && axis.median_score !== null && gap(axis) >= least)
    .sort((a, b) => gap(b) - gap(a))
}

/** What the form of the basic data holds, as text; empty is not known. */
export type ConfirmDraft = Record<BasicField, string>

export const confirmDraft = (data: BasicData): ConfirmDraft =>
  Object.fromEntries(
    BASIC_FIELDS.map((field) => [field, data[field] === null ? '' : String(data[field])]),
  ) as ConfirmDraft

/** What differs from the data, as confirm_enterprise() takes it; empty becomes null. */
export function corrections(draft: ConfirmDraft, data: BasicData): Partial<Record<BasicField, string | null>> {
  const before = confirmDraft(data)
  const changed = BASIC_FIELDS.filter((field) => draft[field].trim() !== before[field])
  return Object.fromEntries(changed.map((field) => [field, draft[field].trim() || null]))
}

/** After a conflict: one's own corrections on top of what is there now. */
export function rebase(draft: ConfirmDraft, seen: BasicData, now: BasicData): ConfirmDraft {
  const mine = corrections(draft, seen)
  const base = confirmDraft(now)
  return Object.fromEntries(
    BASIC_FIELDS.map((field) => [field, field in mine ? (mine[field] ?? '') : base[field]]),
  ) as ConfirmDraft
}

/** The day of an instant in China, in the reader's words. */
export function dayOf(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'Asia/Shanghai' }).format(new Date(iso))
}

/** Whole days between two instants. */
export const daysBetween = (from: string, to: string): number =>
  Math.floor((Date.parse(to) - Date.parse(from)) / 86_400_000)
