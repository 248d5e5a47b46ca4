/** Boundaries as they were: versions, edits, and what two dates differ in. Pure. */

type Area = GeoJSON.Polygon | GeoJSON.MultiPolygon

/** One grid as of a moment, from `boundaries_at`; EPSG:4326. */
export interface VersionProperties {
  id: number
  code: string
  name: string
  level?: number
  parent_id: number | null
  version: number
  valid_from: string
  /** Null: so it is now. */
  valid_to: string | null
  /** The grid that was asked for, rather than one of its children. */
  self: boolean
}
export type VersionFeature = GeoJSON.Feature<Area, VersionProperties>
export type Versions = GeoJSON.FeatureCollection<Area, VersionProperties>

export type EditOp = 'created' | 'reshaped' | 'renamed' | 'moved' | 'retired'
export interface EditChange {
  grid_id: number
  code: string
  name: string
  op: EditOp
  version: number
  /** Square metres; null where there was, or is, no outline. */
  area_before: number | null
  area_after: number | null
}
/** Everything that one person committed at one moment. */
export interface BoundaryEdit {
  at: string
  by: string | null
  note: string | null
  changes: EditChange[]
}
/** What `boundary_history` answers; `next` is the moment to go on from, null at the end. */
export interface HistoryPage {
  edits: BoundaryEdit[]
  next: string | null
}

/** One grid that two dates differ in, from `boundary_comparison`. */
export interface ComparedGrid {
  id: number
  code: string
  name: string
  self: boolean
  /** gone: retired, or given to another parent */
  op: 'created' | 'gone' | 'reshaped' | 'renamed'
  name_before: string | null
  version_before: number | null
  version_after: number | null
  area_before: number | null
  area_after: number | null
  gained_m2: number
  lost_m2: number
  gained: GeoJSON.MultiPolygon | null
  lost: GeoJSON.MultiPolygon | null
}
export interface Comparison {
  status: 'ok'
  from: string
  to: string
  grids: ComparedGrid[]
}

/** What is looked at: one moment (`to`, null for now), or what became of `from` until then. */
export interface Period {
  from: string | null
  to: string | null
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})$/

/** Reads `from` and `to` of a link; what is no moment counts as absent. */
export function readPeriod(query: Record<string, unknown>): Period {
  const moment = (value: unknown) =>
    typeof value === 'string' && MOMENT.test(value) && !Number.isNaN(Date.parse(value))
      ? new Date(value).toISOString()
      : null
  return { from: moment(query.from), to: moment(query.to) }
}

export const writePeriod = ({ from, to }: Period): Record<string, string> => ({
  ...(from ? { from } : {}),
  ...(to ? { to } : {}),
})

// The database knows microseconds, the page milliseconds: one to each side is clear of both.
const shifted = (iso: string, milliseconds: number): string => new Date(Date.parse(iso) + milliseconds).toISOString()

/** From right before an edit to right after it. */
export const aroundEdit = (at: string): { from: string; to: string } => ({ from: shifted(at, -1), to: shifted(at, 1) })

const BEIJING = 8 * 3_600_000

/** The calendar day (yyyy-mm-dd, Beijing) of a moment. */
export const dayOf = (iso: string): string => new Date(Date.parse(iso) + BEIJING).toISOString().slice(0, 10)

/** The end of a day in Beijing as a moment; null when the words are no day. Never later than `now`. */
export function endOfDay(day: string, now = new Date()): string | null {
  const start = Date.parse(`${day}T00:00:00+08:00`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(start)) return null
  return new Date(Math.min(start + 86_400_000 - 1, now.getTime())).toISOString()
}

/**
 * The moments between which the outlines stood still, given when they were changed: before the oldest edit that is known, and after each one, oldest
 * first. The last stands for now.
 */
export function stopsOf(edits: readonly string[]): string[] {
  const moments = [...edits].sort((a, b) => Date.parse(a) - Date.parse(b))
  const oldest = moments[0]
  return oldest === undefined ? [] : [aroundEdit(oldest).from, ...moments.map((at) => aroundEdit(at).to)]
}

/** The stop that shows the same as a moment (null: now): the last one that is not later. */
export function stopAt(stops: readonly string[], moment: string | null): number {
  if (moment === null) return stops.length - 1
  const time = Date.parse(moment)
  return Math.max(
    0,
    stops.findLastIndex((stop) => Date.parse(stop) <= time),
  )
}

/** The link that takes an old version up as a new edit: the editor of the parent, with the version at hand. */
export const restoreLink = (parentCode: string, id: number, version: number) => ({
  path: `/boundaries/${encodeURIComponent(parentCode)}`,
  query: { restore: `${id}@${version}` },
})
