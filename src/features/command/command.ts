/** What the command screen shows: the figures of one snapshot, and what follows from them. Pure. */
import type { Span } from './commandLink'

interface Ref {
  id: number
  code: string
  name: string
}

/** One part of the index of a grid; `before` at the beginning of the period. */
export interface Part {
  factor: string
  weight: number
  count: number
  points: number
  before: number
}

/** Counts of a grid at one moment. */
interface Counts {
  /** 0..100, two decimals */
  index: number
  /** 1 red … 4 blue, 0 nothing to judge */
  level: number
  points: number
  open: number
  major: number
  overdue: number
  red_enterprises: number
}

export interface RankedGrid extends Ref {
  index: number
  level: number
  points: number
  /** Its index at the beginning of the period. */
  before: number
  open: number
  major: number
  overdue: number
  leader: { name: string; phone: string | null } | null
}

export interface RankedSector extends Ref {
  index: number
  level: number
  points: number
  before: number
  open: number
  major: number
  overdue: number
  department: { id: number; name: string } | null
}

/** What `risk_briefing` answers, as far as this screen shows it. */
export interface Figures {
  /** ISO time of the snapshot. */
  now: string
  /** ISO date of the county. */
  today: string
  live: boolean
  period: Span & { days: number }
  scope: {
    grid: Ref & { level: number }
    trail: (Ref & { level: number })[]
    sector: Ref | null
    whole: boolean
    /** Names of the only sectors the asker sees; null for who sees all of the grid. */
    sectors: string[] | null
  }
  risk: Counts & {
    parts: Part[]
    enterprises: number
    overdue_major: number
    before: Counts & { on: string }
    vetoes: { rule: string; level: number; count: number }[]
  }
  /** Grids below by level 0…4. */
  levels: { count: number; now: number[]; before: number[] }
  grids: RankedGrid[]
  sectors: RankedSector[]
}

/** What `risk_trend` answers: one entry a day, null where it is not known. */
export interface Trend {
  from: string
  to: string
  index: (number | null)[]
  level: (number | null)[]
  accidents: { id: string; title: string; on: string; grade: number; deaths: number }[]
  campaigns: { id: string; name: string; from: string; to: string }[]
}

export interface Pair {
  now: number
  before: number
}

/** The four figures of every report; loss in yuan. */
export const HARMS = ['accidents', 'deaths', 'injuries', 'loss'] as const
export type Harm = (typeof HARMS)[number]

interface Compared {
  period: Span
  /** The same days of the year before. */
  before: Span
  figures: Record<Harm, Pair>
}

/** What `accident_figures` answers. */
export interface AccidentFigures extends Compared {
  months: Compared[]
}

export interface WarningRow {
  id: string
  kind: string
  level: number
  raised_at: string
  grid: Ref | null
  enterprise: { id: string; name: string } | null
  reason: string
  owner: { name: string; phone: string | null } | null
  state: string
}

/** The reason without the name of the enterprise in front: it stands below, and the room is for how long it lasts. */
export function shortReason({ reason, enterprise }: Pick<WarningRow, 'reason' | 'enterprise'>): string {
  const name = enterprise?.name
  return name && reason.startsWith(`${name} `) ? reason.slice(name.length + 1) : reason
}

export interface MajorRow {
  id: string
  code: string
  title: string
  state: string
  sector: string | null
  enterprise: string | null
  grid: string | null
  found_at: string
  due_at: string | null
  overdue: boolean
}

/** What a figure counts, in the words of the link that lists it. */
export type FigureKey = 'open' | 'major' | 'overdue' | 'red_enterprises'
export const FIGURES: readonly FigureKey[] = ['open', 'major', 'overdue', 'red_enterprises']

/** Grid code and sector id, as every ledger takes them. */
export interface Scope {
  grid: string
  sector: number | null
}

const scoped = ({ grid, sector }: Scope): Record<string, string> => ({
  grid,
  ...(sector === null ? {} : { sector: String(sector) }),
})

/** The ledger with exactly the rows that a figure of now counts. */
export function figureLink(key: FigureKey, scope: Scope): { path: string; query: Record<string, string> } {
  const query = scoped(scope)
  if (key === 'red_enterprises') return { path: '/enterprises', query: { ...query, level: '1' } }
  if (key === 'major') return { path: '/hazards', query: { ...query, severity: 'major' } }
  if (key === 'overdue') return { path: '/hazards', query: { ...query, overdue: 'true' } }
  return { path: '/hazards', query }
}

/** The accidents of a span; of a harm other than their number those that did any. */
export const accidentLink = (scope: Scope, { from, to }: Span, harm: Harm = 'accidents') => ({
  path: '/accidents',
  query: { ...scoped(scope), from, to, ...(harm === 'accidents' ? {} : { harm }) },
})
/** Warnings: those open now, or those raised in a span of the past; one of them open. */
export const warningLink = (scope: Scope, span: Span | null, open?: string) => ({
  path: '/warnings',
  query: { ...scoped(scope), ...(span ? { ...span, state: 'all' } : { state: 'open' }), ...(open ? { open } : {}) },
})
/** Where the risk of a day is shown in all its parts, each with its records. */
export const whyLink = ({ grid, sector }: Scope, day: string | null) => ({
  path: '/map',
  query: { ...scoped({ grid, sector }), ...(day ? { on: day } : {}) },
})
/** Major hazards: those open now, or those found in a span of the past. */
export const majorLink = (scope: Scope, span: Span | null) => ({
  path: '/hazards',
  query: { ...scoped(scope), ...(span ? { ...span, status: 'all' } : {}), severity: 'major' },
})

/** The first `most`, and the chosen one in place of the last should it come later. */
export function topWith<T extends { id: number }>(rows: readonly T[], most: number, chosen: number | null): T[] {
  const top = rows.slice(0, most)
  const wanted = chosen === null ? undefined : rows.find(({ id }) => id === chosen)
  return wanted && !top.includes(wanted) ? [...top.slice(0, -1), wanted] : top
}

/** The row before or after the chosen one, round and round; the first (or last) when none is chosen. */
export function neighbour<T extends { id: number }>(rows: readonly T[], chosen: number | null, by: 1 | -1): T | null {
  if (!rows.length) return null
  const at = rows.findIndex(({ id }) => id === chosen)
  if (at < 0) return rows.at(by > 0 ? 0 : -1) ?? null
  return rows[(at + by + rows.length) % rows.length] ?? null
}

/** The days of a trend up to a day, at most so many: ISO dates and their index. */
export function lastDays(trend: Trend, to: string, most: number): { days: string[]; index: (number | null)[] } {
  const days = daysOf(trend.from, trend.index.length)
  const end = days.findLastIndex((day) => day <= to) + 1
  const start = Math.max(0, end - most)
  return { days: days.slice(start, end), index: trend.index.slice(start, end) }
}

function daysOf(from: string, count: number): string[] {
  const first = Date.parse(`${from}T00:00:00Z`)
  return Array.from({ length: count }, (_, i) => new Date(first + i * 86_400_000).toISOString().slice(0, 10))
}

/**
 * The index at the end of each month of a year out of a trend, of the running month as it is; null for what is not
 * known or still to come.
 * @param upto ISO date: later days are left out
 */
export function monthEnds(trend: Trend, year: number, upto: string): (number | null)[] {
  const days = daysOf(trend.from, trend.index.length)
  return Array.from({ length: 12 }, (_, i) => {
    const month = `${year}-${String(i + 1).padStart(2, '0')}`
    const last = days.findLastIndex((day) => day.startsWith(month) && day <= upto)
    return last < 0 ? null : (trend.index[last] ?? null)
  })
}

/** Down, never up: an index of 74.96 is not yet the 75 from which a grid is red. */
export const shownIndex = (index: number): number => Math.floor(index * 10 + 1e-9) / 10

/** A change as it is shown: none when it rounds to nothing. @param digits after the point */
export function change(now: number, before: number, digits = 0): { by: number; arrow: '↑' | '↓' | '→' } {
  const by = Math.round((now - before) * 10 ** digits) / 10 ** digits
  return { by: Math.abs(by), arrow: by > 0 ? '↑' : by < 0 ? '↓' : '→' }
}
