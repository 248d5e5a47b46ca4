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
export const SOURCES = ['patrol', 'inspection', 'enterprise', 'department', 'public', 'online'] as const
export const ENTERPRISE_STATES = ['active', 'suspended', 'closed'] as const

export const SORTS = [
  'found_at',
  'due_at',
  'closed_at',
  'code',
  'title',
  'severity',
  'state',
  'source',
  'grid',
  'sector',
  'category',
  'enterprise',
]
/** Conditions that are days. */
export const DAYS = ['from', 'to', 'due_from', 'due_to', 'closed_from', 'closed_to'] as const
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The filter as it stands in the link. Empty values are absent. `grid` is a code. */
export interface LedgerFilter {
  grid?: string
  sector?: number[]
  /** Ids of categories; 0: hazards without one. */
  category?: number[]
  level?: number[]
  severity?: 'general' | 'major'
  /** Absent: what is open (hazards) or not closed (enterprises). */
  status?: string[]
  overdue?: boolean
  unclaimed?: boolean
  /** Waits for the asker: all, or steps and periods of their work. */
  work?: string[]
  /** Found, first and last day in Beijing. */
  from?: string
  to?: string
  /** Due, first and last day in Beijing. */
  due_from?: string
  due_to?: string
  /** Closed, first and last day in Beijing. */
  closed_from?: string
  closed_to?: string
  /** Of what the duty desk has to acknowledge: what it did, or what it did not. */
  acknowledged?: boolean
  source?: string[]
  /** Id of an enterprise. */
  enterprise?: string
  /** Under supervised listing now. */
  listed?: boolean
  /** Assigned to whoever asks. */
  mine?: boolean
  q?: string
  /** Column, with `-` before it descending. Absent: newest first, or gravest first. */
  sort?: string
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
  if (one(query.grid)) filter.grid = one(query.grid)
  if (sector.length) filter.sector = sector
  if (level.length && kind === 'enterprises') filter.level = level
  if (status.length) filter.status = status
  if (one(query.unclaimed) === 'true') filter.unclaimed = true
  if (one(query.q).trim()) filter.q = one(query.q).trim().slice(0, 100)
  if (kind === 'hazards') readHazardQuery(query, filter)
  return filter
}

function readHazardQuery(query: Query, filter: LedgerFilter): void {
  const severity = one(query.severity)
  const category = integers(query.category, 1e9)
  const source = many(query.source).filter((word) => (SOURCES as readonly string[]).includes(word))
  const work = many(query.work).filter((word) => WORK.includes(word))
  const sort = one(query.sort)
  if (severity === 'major' || severity === 'general') filter.severity = severity
  for (const key of ['overdue', 'listed', 'mine'] as const) if (one(query[key]) === 'true') filter[key] = true
  for (const key of DAYS) if (isDate(one(query[key]))) filter[key] = one(query[key])
  const acknowledged = one(query.acknowledged)
  if (acknowledged === 'true' || acknowledged === 'false') filter.acknowledged = acknowledged === 'true'
  if (category.length) filter.category = category
  if (source.length) filter.source = source
  if (work.length) filter.work = work
  if (UUID.test(one(query.enterprise))) filter.enterprise = one(query.enterprise)
  if (SORTS.includes(sort.replace(/^-/, '')) && sort !== '-found_at') filter.sort = sort
}

/** The link of a filter; the shortest that reads back the same. */
export function writeQuery(kind: LedgerKind, filter: LedgerFilter): Record<string, string> {
  const query: Record<string, string> = {}
  const known: readonly string[] = kind === 'hazards' ? STATES : ENTERPRISE_STATES
  if (filter.grid) query.grid = filter.grid
  if (filter.sector?.length) query.sector = filter.sector.join(',')
  if (filter.level?.length) query.level = filter.level.join(',')
  if (filter.status?.length) query.status = filter.status.length === known.length ? 'all' : filter.status.join(',')
  if (filter.category?.length) query.category = filter.category.join(',')
  if (filter.source?.length) query.source = filter.source.join(',')
  if (filter.work?.length) query.work = filter.work.join(',')
  for (const key of ['overdue', 'unclaimed', 'listed', 'mine'] as const) if (filter[key]) query[key] = 'true'
  if (filter.acknowledged !== undefined) query.acknowledged = String(filter.acknowledged)
  for (const key of ['severity', 'enterprise', ...DAYS, 'q', 'sort'] as const) {
    if (filter[key]) query[key] = filter[key]
  }
  return query
}

/** The filter as the database takes it (`p_filter` of list_* and map_points): `grid` becomes an id. */
export function rpcFilter(filter: LedgerFilter, gridId: number | null): Record<string, unknown> {
  const { grid: _code, sort: _sort, ...rest } = filter
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
  category: string | null
  enterprise: string | null
  grid: string | null
  found_at: string
  due_at: string | null
  closed_at: string | null
  overdue: boolean
  listed_level: string | null
  version: number
  /** Of a whole line only. */
  description?: string | null
  town?: string | null
  department?: string | null
  legal_rep?: string | null
  phone?: string | null
  address?: string | null
  submitted_at?: string | null
  assurance_person?: string | null
  assurance_funds?: number | null
  assurance_measures?: string | null
  assurance_deadline?: string | null
  assurance_plan?: string | null
  funds_spent?: number | null
  reported_by?: string | null
  assigned_to?: string | null
  rectifier?: string | null
  reviewer?: string | null
  rectified?: string | null
  reviewed?: string | null
}

export type LedgerRow = EnterpriseRow | HazardRow
