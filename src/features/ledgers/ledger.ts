/** What the two ledgers have in common: which columns, and what a link's filter means. Pure. */
export type LedgerKind = 'enterprises' | 'hazards'

export const STATES = ['reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed', 'rejected'] as const
/** Words of the filter `work` (private.is_my_work). */
const WORK: readonly string[] = [
  'all',
  'verify',
  'assign',
  'start',
  'submit',
  'pass',
  'decide',
  'file',
  'publish',
  'delist',
  'urge',
  'overdue',
  'today',
  'week',
  'later',
]
export const ENTERPRISE_STATES = ['active', 'suspended', 'closed'] as const

/** The filter as it stands in the link. Empty values are absent. `grid` is a code. */
export interface LedgerFilter {
  grid?: string
  sector?: number[]
  level?: number[]
  severity?: 'general' | 'major'
  /** Absent: what is open (hazards) or not closed (enterprises). */
  status?: string[]
  overdue?: boolean
  unclaimed?: boolean
  /** Waits for the asker: all, or steps and periods of their work. */
  work?: string[]
  from?: string
  to?: string
  q?: string
}

export type Query = Record<string, string | null | (string | null)[] | undefined>

const one = (value: Query[string]): string => (Array.isArray(value) ? (value[0] ?? '') : (value ?? ''))
const many = (value: Query[string]): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((part) => (part ?? '').split(',')).filter(Boolean)
const integers = (value: Query[string], most: number): number[] =>
  many(value)
    .map(Number)
    .filter((n) => Number.isInteger(n) && n >= 0 && n <= most)
const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)

/** Reads a link; what cannot be understood is left out rather than guessed. */
export function readQuery(kind: LedgerKind, query: Query): LedgerFilter {
  const filter: LedgerFilter = {}
  const sector = integers(query.sector, 1e9)
  const level = integers(query.level, 4)
  const known: readonly string[] = kind === 'hazards' ? STATES : ENTERPRISE_STATES
  const asked = many(query.status)
  const status = asked.includes('all') ? [...known] : asked.filter((word) => known.includes(word))
  const severity = one(query.severity)
  if (one(query.grid)) filter.grid = one(query.grid)
  if (sector.length) filter.sector = sector
  if (level.length && kind === 'enterprises') filter.level = level
  if (kind === 'hazards' && (severity === 'major' || severity === 'general')) filter.severity = severity
  if (status.length) filter.status = status
  if (kind === 'hazards' && one(query.overdue) === 'true') filter.overdue = true
  if (one(query.unclaimed) === 'true') filter.unclaimed = true
  const work = many(query.work).filter((word) => WORK.includes(word))
  if (kind === 'hazards' && work.length) filter.work = work
  if (kind === 'hazards' && isDate(one(query.from))) filter.from = one(query.from)
  if (kind === 'hazards' && isDate(one(query.to))) filter.to = one(query.to)
  if (one(query.q).trim()) filter.q = one(query.q).trim().slice(0, 100)
  return filter
}

/** The link of a filter; the shortest that reads back the same. */
export function writeQuery(kind: LedgerKind, filter: LedgerFilter): Record<string, string> {
  const query: Record<string, string> = {}
  const known: readonly string[] = kind === 'hazards' ? STATES : ENTERPRISE_STATES
  if (filter.grid) query.grid = filter.grid
  if (filter.sector?.length) query.sector = filter.sector.join(',')
  if (filter.level?.length) query.level = filter.level.join(',')
  if (filter.severity) query.severity = filter.severity
  if (filter.status?.length) query.status = filter.status.length === known.length ? 'all' : filter.status.join(',')
  if (filter.overdue) query.overdue = 'true'
  if (filter.unclaimed) query.unclaimed = 'true'
  if (filter.work?.length) query.work = filter.work.join(',')
  if (filter.from) query.from = filter.from
  if (filter.to) query.to = filter.to
  if (filter.q) query.q = filter.q
  return query
}

/** The filter as the database takes it (`p_filter` of list_* and map_points): `grid` becomes an id. */
export function rpcFilter(filter: LedgerFilter, gridId: number | null): Record<string, unknown> {
  const { grid: _code, ...rest } = filter
  return gridId === null ? rest : { ...rest, grid: gridId }
}

export interface EnterpriseRow {
  id: string
  code: string
  name: string
  sector: string
  grid: string | null
  risk_level: number | null
  status: string
  scale: string
  address: string | null
  legal_rep: string | null
  phone: string | null
  safety_lead: string | null
  safety_phone: string | null
  employees: number | null
  licence_expiry: string | null
}

export interface HazardRow {
  id: string
  code: string
  title: string
  severity: 'general' | 'major'
  state: string
  source: string
  sector: string | null
  enterprise: string | null
  grid: string | null
  found_at: string
  due_at: string | null
  closed_at: string | null
  overdue: boolean
}

export type LedgerRow = EnterpriseRow | HazardRow

/** Columns in their order; the export has them all, a phone leaves out the minor ones. */
export const COLUMNS = {
  enterprises: [
    { key: 'name', width: 30 },
    { key: 'risk_level', width: 10 },
    { key: 'sector', width: 16 },
    { key: 'grid', width: 22, en: 18 },
    { key: 'scale', width: 12, en: 15, minor: true },
    { key: 'legal_rep', width: 12 },
    { key: 'phone', width: 16 },
    { key: 'employees', width: 10, minor: true },
    { key: 'status', width: 10, en: 13 },
    { key: 'code', width: 24, minor: true },
    { key: 'address', width: 30, exportOnly: true },
    { key: 'safety_lead', width: 12, exportOnly: true },
    { key: 'safety_phone', width: 16, exportOnly: true },
    { key: 'licence_expiry', width: 14, exportOnly: true },
  ],
  hazards: [
    { key: 'code', width: 18, en: 20 },
    { key: 'title', width: 28, en: 22 },
    { key: 'severity', width: 9, en: 12 },
    { key: 'state', width: 9, en: 15 },
    { key: 'enterprise', width: 26, en: 24, long: true },
    { key: 'grid', width: 15 },
    { key: 'sector', width: 15 },
    { key: 'found_at', width: 19, long: true },
    { key: 'due_at', width: 25, long: true },
    { key: 'source', width: 12, exportOnly: true },
    { key: 'closed_at', width: 16, exportOnly: true },
    { key: 'overdue', width: 8, exportOnly: true },
  ],
} as const satisfies Record<LedgerKind, readonly Column[]>

export interface Column {
  key: string
  /** In characters of a spreadsheet; `en` where English words are longer. */
  width: number
  en?: number
  exportOnly?: boolean
  minor?: boolean
  /** Takes a line of its own on a phone. */
  long?: boolean
}
