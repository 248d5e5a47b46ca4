/** What the duty desk lists, counts and asks. Pure. */
export type Severity = 'major' | 'general'
export const STATES = ['reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed', 'rejected'] as const
export type State = (typeof STATES)[number]

/** The call of the desk for one hazard. ISO times. */
export interface Alarm {
  raised_at: string
  /** Until when somebody has to acknowledge it. */
  due_at: string
  acknowledged_at: string | null
  /** Who did, and as what. */
  name: string | null
  role: string | null
  escalated_at: string | null
  /** Name of the grid whose leader was called upon. */
  escalated_to: string | null
}

/** A line of the desk: one hazard of `desk_feed`. */
export interface DeskRow {
  id: string
  code: string
  title: string
  severity: Severity
  state: State
  sector_id: number | null
  sector: string | null
  enterprise: string | null
  grid_id: number | null
  /** Names of the grids below the root, largest first. */
  place: string[]
  /** Whom to call, nearest first. */
  leaders: { grid_id: number; grid: string; name: string; phone: string | null }[]
  /** Degrees, WGS84. */
  lon: number
  lat: number
  reporter: string | null
  reporter_phone: string | null
  found_at: string
  reported_at: string
  due_at: string | null
  /** Null: it never called this desk (it was here before, or came with an old ledger). */
  alarm: Alarm | null
  seen_by: { name: string | null; role: string; at: string; counts: boolean }[]
  row_version: number
}

export interface Figures {
  reported: number
  major: number
  closed: number
  open: number
  overdue: number
  unacknowledged: number
  states: Record<State, number>
}

export interface Period {
  days: 1 | 7 | 30
  /** Dates of Beijing time, both inclusive. */
  from: string
  to: string
  total: Figures
  sectors: (Figures & { sector_id: number | null; sector: string | null })[]
}

/** What `desk_counts` answers. */
export interface DeskCounts {
  now: string
  today: string
  periods: Period[]
  unacknowledged: { count: number; major: number; ids: string[] }
}

const isOpen = ({ state }: Pick<DeskRow, 'state'>): boolean => state !== 'closed' && state !== 'rejected'

/** Whether somebody still has to acknowledge it. */
export const waits = (row: Pick<DeskRow, 'alarm' | 'state'>): boolean =>
  row.alarm !== null && row.alarm.acknowledged_at === null && isOpen(row)

/** Newest first; of the same moment in one order everywhere. */
export const newestFirst = (a: DeskRow, b: DeskRow): number =>
  Date.parse(b.reported_at) - Date.parse(a.reported_at) || (a.id < b.id ? 1 : -1)

/** Nearest person with a telephone; else the nearest person. */
export const nearestLeader = (row: Pick<DeskRow, 'leaders'>) =>
  row.leaders.find(({ phone }) => phone) ?? row.leaders[0] ?? null

/** Whole seconds between an ISO time and `now` (milliseconds), never negative. */
export const secondsSince = (iso: string, now: number): number =>
  Math.max(0, Math.floor((now - Date.parse(iso)) / 1000))

/** A span as the wall shows it: 0:42, 12:05, 3:04:05, and from two days on in days. */
export function clockSpan(seconds: number): { text: string; days: number } {
  const whole = Math.max(0, Math.floor(seconds))
  const days = Math.floor(whole / 86_400)
  if (days >= 2) return { text: '', days }
  const two = (n: number) => String(n).padStart(2, '0')
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  return { text: hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`, days: 0 }
}

export type FigureKey = Exclude<keyof Figures, 'states'>

type Span = Pick<Period, 'from' | 'to'>
const scoped = (sector: number | null): Record<string, string> => (sector === null ? {} : { sector: String(sector) })

/** The ledger that a figure counts: the query of `/hazards` with exactly as many rows. */
export function figureQuery(key: FigureKey, { from, to }: Span, sector: number | null): Record<string, string> {
  const found = { ...scoped(sector), from, to }
  if (key === 'reported') return { ...found, status: 'all' }
  if (key === 'major') return { ...found, status: 'all', severity: 'major' }
  if (key === 'overdue') return { ...found, overdue: 'true' }
  if (key === 'unacknowledged') return { ...found, acknowledged: 'false' }
  // closures of the period, whenever they were found
  if (key === 'closed') return { ...scoped(sector), status: 'closed', closed_from: from, closed_to: to }
  return found
}

/** The same for what was found in the period and is in a state now. */
export const stateQuery = (state: State, { from, to }: Span): Record<string, string> => ({ from, to, status: state })

/** After so long without a word of the server the desk says that it knows nothing newer. */
export const STALE_MS = 30_000

/** live: what is shown is what is. catching_up: older by moments. stale: nothing was heard for 30 s. offline: no server. */
export type Connection = 'starting' | 'live' | 'catching_up' | 'stale' | 'offline'

/**
 * The one word on the connection that stands on the wall.
 * @param feed what the feed says of itself
 * @param heard when the server last proved that nothing is missing (milliseconds), null: never yet
 */
export function connectionOf(feed: 'live' | 'catching_up' | 'offline', heard: number | null, now: number): Connection {
  if (feed === 'offline') return 'offline'
  if (heard === null) return 'starting'
  if (now - heard > STALE_MS) return 'stale'
  return feed
}
