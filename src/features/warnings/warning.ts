// 预警: what it is, what a link's filter means, and where its records are shown. Pure.

export const KINDS = ['index_up', 'neighbours', 'overdue_major', 'repeats', 'unpatrolled', 'licence_expired'] as const
export type WarningKind = (typeof KINDS)[number]
export const STATES = ['open', 'handled', 'false_alarm', 'all'] as const
export type WarningState = Exclude<(typeof STATES)[number], 'all'>
export type WarningStep = 'acknowledge' | 'handle' | 'false_alarm' | 'reopen'

interface Person {
  user_id: string
  name: string
  title?: string | null
  phone: string | null
}

/** A row of `list_warnings`. Times are ISO; level 1 red … 4 blue. */
export interface WarningRow {
  id: string
  kind: WarningKind
  level: number
  raised_at: string
  grid: { id: number; code: string; name: string }
  /** Names of the grids below the root, down to its own. */
  place: string[]
  sector: { id: number; name: string } | null
  enterprise: { id: string; name: string; phone: string | null } | null
  /** In words with figures, by the database. */
  reason: string
  figures: Record<string, unknown>
  records: { kind: string; id: string }[]
  /** Territorial line: the leader of its grid, or of the nearest above that has one. */
  owner: (Person & { position: string; grid: string }) | null
  /** Industry line, where it has a sector. */
  department: { id: number; department: string | null; officers: Person[] } | null
  state: WarningState
  /** The cause does not hold any more; null: it does. */
  cause_gone_at: string | null
  acknowledged_at: string | null
  acknowledged_by: string | null
  settled_at: string | null
  settled_by: string | null
  note: string | null
  /** For `handle_warning`. */
  row_version: number
  /** What the asker may do. */
  steps: WarningStep[]
}

export interface WarningRecord {
  kind: string
  id: string
  title: string
  note: string | null
  at: string | null
  state: string | null
  grid_code: string | null
  grid: string | null
}

export interface WarningEvent {
  at: string
  action: string
  /** Null: the system. */
  name: string | null
  role: string | null
  reason: string | null
  note: string | null
}

/** What `warning_card` answers. */
export interface WarningCardData extends WarningRow {
  named: WarningRecord[]
  territorial: {
    grid_id: number
    code: string
    name: string
    level: number
    people: (Person & { position: string })[]
  }[]
  earlier: { count: number; false_alarms: number; last: string | null }
  events: WarningEvent[]
}

export type Counts = Record<WarningState, number>

/** The filter of a link. A grid is named by its code, or its id; a sector by its id, code or name. */
export interface WarningFilter {
  state: (typeof STATES)[number]
  grid?: string
  sector?: string
  kind?: WarningKind
  level?: number
  enterprise?: string
  /** Only what waits for the asker. */
  owner?: 'me'
  /** Days (China) on which it was raised. */
  from?: string
  to?: string
  /** Which one is open. */
  open?: string
  /** The rules are open. */
  rules?: true
}

const isDay = (word: string) => /^\d{4}-\d{2}-\d{2}$/.test(word) && !Number.isNaN(Date.parse(word))
const isId = (word: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(word)
const isWord = (word: string) => word.length > 0 && word.length <= 60

/** Reads a link; what cannot be read is no condition. Without a state: what is open. */
export function parseFilter(query: Record<string, unknown>): WarningFilter {
  const word = (key: string): string | undefined => {
    const value = query[key]
    return typeof value === 'string' ? value : undefined
  }
  const state = STATES.find((each) => each === word('state')) ?? 'open'
  const filter: WarningFilter = { state }
  const { grid, sector, from, to, enterprise, open } = {
    grid: word('grid'),
    sector: word('sector'),
    from: word('from'),
    to: word('to'),
    enterprise: word('enterprise'),
    open: word('open'),
  }
  if (grid && isWord(grid)) filter.grid = grid
  if (sector && isWord(sector)) filter.sector = sector
  const kind = KINDS.find((each) => each === word('kind'))
  if (kind) filter.kind = kind
  const level = Number(word('level'))
  if ([1, 2, 3, 4].includes(level)) filter.level = level
  if (enterprise && isId(enterprise)) filter.enterprise = enterprise
  if (word('owner') === 'me') filter.owner = 'me'
  if (from && isDay(from)) filter.from = from
  if (to && isDay(to)) filter.to = to
  if (open && isId(open)) filter.open = open
  if (word('rules') === '1') filter.rules = true
  return filter
}

/** The link of a filter: parseFilter() of it is the same filter. */
export function formatFilter({ state, level, rules, ...rest }: WarningFilter): Record<string, string> {
  return {
    ...(state === 'open' ? {} : { state }),
    ...(level ? { level: String(level) } : {}),
    ...(rules ? { rules: '1' } : {}),
    ...rest,
  }
}

/** The filter as `list_warnings` takes it. */
export function askOf({ open: _, rules: __, ...conditions }: WarningFilter): Record<string, unknown> {
  return conditions
}

/** Where a record is shown; null for what has no page of its own. */
export function recordLink(
  record: Pick<WarningRecord, 'kind' | 'id'>,
): { path: string; query?: Record<string, string> } | null {
  if (record.kind === 'hazard') return { path: `/hazards/${record.id}` }
  if (record.kind === 'enterprise') return { path: `/enterprises/${record.id}` }
  return record.kind === 'accident' ? { path: '/accidents', query: { open: record.id } } : null
}

/** The one step that comes next: seen first, then settled. Null: nothing for the asker to do. */
export function nextStep({ steps }: Pick<WarningRow, 'steps'>): WarningStep | null {
  return (['acknowledge', 'handle', 'reopen'] as const).find((step) => steps.includes(step)) ?? null
}

/** Steps that say why. */
export const needsNote = (step: WarningStep): boolean => step === 'handle' || step === 'false_alarm'

export interface Tile {
  /** A key of `warnings.figure`. */
  key: string
  value: string
}

const num = (figures: Record<string, unknown>, key: string): number | null =>
  typeof figures[key] === 'number' ? (figures[key] as number) : null
const text = (figures: Record<string, unknown>, key: string): string | null =>
  typeof figures[key] === 'string' ? (figures[key] as string) : null

/** The few figures of a warning that are read from afar, one decimal at most; those that are not known are left out. */
export function tilesOf({ kind, figures }: Pick<WarningRow, 'kind' | 'figures'>): Tile[] {
  const fixed = (key: string, sign = false) => {
    const value = num(figures, key)
    if (value === null) return null
    const words = (Math.round(value * 10) / 10).toFixed(1)
    return sign && value > 0 ? `+${words}` : words
  }
  const plain = (key: string) => num(figures, key)?.toString() ?? null
  const day = (key: string) => text(figures, key)?.slice(0, 10) ?? null
  const wanted: Record<WarningKind, [string, string | null][]> = {
    index_up: [
      ['before', fixed('before')],
      ['after', fixed('after')],
      ['rise', fixed('rise', true)],
    ],
    neighbours: [
      ['rise', fixed('rise', true)],
      ['mean', fixed('mean', true)],
      ['above', fixed('above', true)],
    ],
    overdue_major: [
      ['overdueDays', plain('days')],
      ['due', text(figures, 'due_at') === null ? null : moment(String(figures.due_at)).slice(0, 10)],
    ],
    repeats: [
      ['times', plain('times')],
      ['window', plain('days')],
      ['unclosed', plain('open')],
    ],
    unpatrolled: [
      ['periods', plain('periods')],
      ['last', day('last')],
    ],
    licence_expired: [
      ['licences', plain('licences')],
      ['expired', day('expired')],
      ['expiredDays', plain('days')],
    ],
  }
  return (wanted[kind] ?? []).flatMap(([key, value]) => (value === null ? [] : [{ key, value }]))
}

/** A moment as `2026-11-21 14:05` in China. */
export function moment(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  return new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
}

/** How long ago, as a key of `warnings.ago` and a number. */
export function ago(iso: string, now = Date.now()): { key: 'now' | 'minutes' | 'hours' | 'days'; n: number } {
  const minutes = Math.floor((now - Date.parse(iso)) / 60_000)
  if (minutes < 1) return { key: 'now', n: 0 }
  if (minutes < 60) return { key: 'minutes', n: minutes }
  return minutes < 1_440
    ? { key: 'hours', n: Math.floor(minutes / 60) }
    : { key: 'days', n: Math.floor(minutes / 1_440) }
}
