// What waits for one person (我的工作), as `my_work` answers it. Pure.

export const STEPS = [
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
] as const
export type WorkStep = (typeof STEPS)[number]
export const PERIODS = ['overdue', 'today', 'week', 'later'] as const
export type WorkPeriod = (typeof PERIODS)[number]

/** A hazard that waits, with what the form of its step starts with. Times are ISO, places EPSG:4326 degrees. */
export interface WorkItem {
  id: string
  code: string
  title: string
  description: string | null
  severity: 'major' | 'general'
  state: string
  version: number
  step: WorkStep
  /** By when this step is to be done; null: no term. */
  due_at: string | null
  period: WorkPeriod
  /** Why it is theirs: a key of `work.why`. */
  why: string
  sector: string | null
  /** Absent in rows that a phone kept from before there were any. */
  category?: { id: number; name: string } | null
  enterprise: string | null
  enterprise_phone: string | null
  grid: string | null
  township: string | null
  lon: number
  lat: number
  found_at: string
  photos: number
  listed_at: string | null
  published_at: string | null
  delisted_at: string | null
  extension_until: string | null
  assurance_person: string | null
  assurance_funds: number | string | null
  assurance_measures: string | null
  assurance_deadline: string | null
  assurance_plan: string | null
  assigned_to_name: string | null
  /** By when the present state of the hazard ends, whatever the step. */
  hazard_due_at: string | null
  contact: { name: string; phone: string | null; as: 'reporter' | 'assigner' | 'rectifier' | 'asker' } | null
}

/** Some of what waits, put together. */
export interface WorkPile {
  count: number
  overdue: number
  /** The first term among them, ISO. */
  due_at: string | null
}

export interface WorkAnswer {
  status: 'ok'
  /** Everything that waits, whatever was asked for. */
  total: number
  steps: Partial<Record<WorkStep, number>>
  periods: Record<WorkPeriod, number>
  /** What the words of the question mean, by step and by township, the worst first. */
  kinds: (WorkPile & { step: WorkStep })[]
  townships: (WorkPile & { id: number | null; code: string | null; name: string | null })[]
  /** How many the question meant. */
  matching: number
  /** Open warnings that wait for the person; not among `total`. */
  warnings: number
  as_of: string
  rows: WorkItem[]
  next: { due_at: string | null; id: string } | null
}

const isWord = (word: string): boolean => ([...STEPS, ...PERIODS] as readonly string[]).includes(word)

/** The steps and periods that a link asks for; what is none is left out. */
export function readWords(query: unknown): string[] {
  return (typeof query === 'string' ? query.split(',') : []).filter(isWord)
}

/** The township that a link asks for: an id; null without one. */
export const readTown = (query: unknown): number | null =>
  typeof query === 'string' && /^[1-9]\d{0,8}$/.test(query) ? Number(query) : null

/** The query of this page for some words and a township. */
export const workQuery = (words: readonly string[], town: number | null = null): Record<string, string> => ({
  ...(words.length ? { work: words.join(',') } : {}),
  ...(town ? { town: String(town) } : {}),
})

/**
 * The link of the ledger with exactly these rows.
 * @param grid code of the township they lie in; null: wherever they lie
 */
export const ledgerLink = (
  words: readonly string[],
  grid: string | null = null,
): { path: string; query: Record<string, string> } => ({
  path: '/hazards',
  query: { work: words.length ? words.join(',') : 'all', ...(grid ? { grid } : {}) },
})

/** More than one reads in a list from top to bottom. */
const MANY = 40

/**
 * How so much is shown: one list; as many piles as there are steps; or, of one step, as many as there are townships.
 * Nothing is put into a single pile.
 */
export function pilesOf(answer: WorkAnswer, words: readonly string[]): 'list' | 'kinds' | 'townships' {
  const all = answer.kinds.reduce((sum, { count }) => sum + count, 0)
  if (all <= MANY) return 'list'
  if (answer.kinds.length > 1 && !words.some((word) => (STEPS as readonly string[]).includes(word))) return 'kinds'
  return answer.townships.length > 1 ? 'townships' : 'list'
}

/** The list of warnings that wait for the person. */
export const WARNINGS_LINK = { path: '/warnings', query: { owner: 'me' } } as const

/** The step as `advance_hazard` calls it; null where one presses and writes nothing. */
export function actionOf(step: WorkStep): string | null {
  if (step === 'urge') return null
  if (step === 'decide') return 'extend'
  return step === 'file' || step === 'publish' ? 'list' : step
}

/** The page of the hazard, with the form of the step open. */
export function stepLink(item: Pick<WorkItem, 'id' | 'step'>): { path: string; query: Record<string, string> } {
  const action = actionOf(item.step)
  return { path: `/hazards/${item.id}`, query: action ? { step: action } : {} }
}

/** Rows under the periods they fall into, in their order; empty periods are left out. */
export function byPeriod<T extends { period: WorkPeriod }>(rows: readonly T[]): { period: WorkPeriod; rows: T[] }[] {
  return PERIODS.map((period) => ({ period, rows: rows.filter((row) => row.period === period) })).filter(
    (group) => group.rows.length > 0,
  )
}

const DAY = 86_400_000
const CHINA = 8 * 3_600_000
const chinaDay = (time: number) => Math.floor((time + CHINA) / DAY)

/** Days of the calendar in China from now until an ISO time; negative when it has passed. */
export function daysLeft(iso: string, now = Date.now()): number {
  return chinaDay(Date.parse(iso)) - chinaDay(now)
}

/** Key and number of `work.due`: how far away a term is, in words. */
export function dueWord(due: string | null, now = Date.now()): { key: 'none' | 'late' | 'today' | 'in'; n: number } {
  if (!due) return { key: 'none', n: 0 }
  const days = daysLeft(due, now)
  if (Date.parse(due) < now) return { key: 'late', n: Math.max(1, -days) }
  return days <= 0 ? { key: 'today', n: 0 } : { key: 'in', n: days }
}

/** What was kept on this device, seen at a later moment: a term may have passed since. */
export function seenAt(item: WorkItem, now = Date.now()): WorkItem {
  const { key, n } = dueWord(item.due_at, now)
  const period = key === 'late' ? 'overdue' : key === 'today' ? 'today' : key === 'in' && n <= 7 ? 'week' : 'later'
  return period === item.period ? item : { ...item, period }
}
