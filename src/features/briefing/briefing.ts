/** What `risk_briefing` answers: all figures of a briefing, of one snapshot. */
export interface Person {
  name: string
  phone: string | null
}

interface Ref {
  id: number
  code: string
  name: string
}

export interface Part {
  factor: string
  weight: number
  count: number
  points: number
  before: number
}

export interface BriefGrid extends Ref {
  index: number
  level: number
  before: number
  open: number
  major: number
  overdue: number
  parts: Part[]
  leader: Person | null
}

export interface BriefSector extends Ref {
  index: number
  level: number
  before: number
  open: number
  major: number
  overdue: number
  department: { id: number; name: string } | null
  officer: Person | null
}

interface HazardFigures {
  /** Found in the period, not rejected. */
  new: number
  new_major: number
  /** Closed in the period, whenever found. */
  closed: number
  /** Found and closed in the period. */
  new_closed: number
}

export const HARMS = ['accidents', 'deaths', 'injuries', 'loss'] as const
export type Harm = (typeof HARMS)[number]

/** Loss in yuan. */
export interface Compared {
  period: { from: string; to: string }
  before: { from: string; to: string }
  figures: Record<Harm, { now: number; before: number }>
}

export interface DueMajor {
  id: string
  title: string
  due_at: string
  overdue: boolean
  /** Days late, or days left. */
  days: number
  grid: string
  enterprise: string | null
  person: string | null
  phone: string | null
  leader: (Person & { grid: string }) | null
}

export interface Briefing {
  status: 'ok'
  now: string
  today: string
  live: boolean
  /** ISO dates, both inclusive. */
  period: { from: string; to: string; days: number }
  scope: {
    grid: Ref & { level: number }
    trail: (Ref & { level: number })[]
    leader: Person | null
    sector: { id: number; name: string; department: string | null } | null
    whole: boolean
    /** The only sectors the asker sees; null for who sees all of the grid. */
    sectors: string[] | null
  }
  risk: {
    index: number
    level: number
    points: number
    parts: Part[]
    open: number
    major: number
    overdue: number
    overdue_major: number
    enterprises: number
    red_enterprises: number
    /** Missed in the last four weeks. */
    duties_missed: number
    before: {
      on: string
      index: number
      level: number
      points: number
      open: number
      major: number
      overdue: number
      red_enterprises: number
    }
    vetoes: { rule: string; level: number; count: number }[]
  }
  /** Grids below by level 0…4. */
  levels: { count: number; now: number[]; before: number[] }
  grids: BriefGrid[]
  sectors: BriefSector[]
  hazards: HazardFigures & { before: HazardFigures }
  accidents: { period: Compared; year: Compared }
  warnings: { raised: number; raised_open: number; handled: number; false_alarm: number; open: number }
  /** Of periods that ended within the briefing's; null for who does not see the grid whole, and of one sector. */
  duties: {
    required: number
    done: number
    missed: number
    grids: (Ref & { missed: number; leader: Person | null })[]
  } | null
  /** Of now only. */
  next: {
    majors: { overdue: number; soon: number; rows: DueMajor[] }
    vacant: { count: number; rows: Ref[] }
    unowned: { id: number; name: string; enterprises: number; open: number }[]
  } | null
}

/** Where a figure comes from: a list with exactly its records, or the page that shows them. */
export interface Target {
  path: string
  query: Record<string, string>
}

/** What the briefing is about, as the link has it. */
export interface BriefingLink {
  /** Code of a grid; null for the topmost of the asker. */
  grid: string | null
  sector: number | null
  from: string
  to: string
}

type Query = Record<string, string | null | undefined | (string | null)[]>
const DAY = /^\d{4}-\d{2}-\d{2}$/

const shifted = (day: string, by: number): string => {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + by)
  return at.toISOString().slice(0, 10)
}
const isDay = (word: string): boolean => DAY.test(word) && !Number.isNaN(Date.parse(word))

/** Reads a link; days that make no sense become the last seven up to `on`, or to today. */
export function parseLink(query: Query, today: string): BriefingLink {
  const word = (name: string): string => {
    const value = query[name]
    return (Array.isArray(value) ? value[0] : value) ?? ''
  }
  const sector = Number(word('sector'))
  const given = [word('to'), word('on')].find(isDay)
  const to = given && given < today ? given : today
  const from = isDay(word('from')) && word('from') <= to ? word('from') : shifted(to, -6)
  return { grid: word('grid') || null, sector: Number.isInteger(sector) && sector > 0 ? sector : null, from, to }
}

export const formatLink = ({ grid, sector, from, to }: BriefingLink): Record<string, string> => ({
  ...(grid ? { grid } : {}),
  ...(sector ? { sector: String(sector) } : {}),
  from,
  to,
})

export const PERIODS = ['days7', 'lastWeek', 'thisMonth', 'lastMonth'] as const
export type PeriodName = (typeof PERIODS)[number]

/** The days that a period means today; weeks begin on Monday. */
export function periodOf(name: PeriodName, today: string): { from: string; to: string } {
  if (name === 'days7') return { from: shifted(today, -6), to: today }
  if (name === 'thisMonth') return { from: `${today.slice(0, 7)}-01`, to: today }
  if (name === 'lastMonth') {
    const to = shifted(`${today.slice(0, 7)}-01`, -1)
    return { from: `${to.slice(0, 7)}-01`, to }
  }
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7
  const to = shifted(today, -weekday - 1)
  return { from: shifted(to, -6), to }
}

/** Down, never up: an index of 74.96 is not yet the 75 from which a grid is red. */
export const shownIndex = (index: number): number => Math.floor(index * 10 + 1e-9) / 10

/** 2026-01-31 → 2026年1月31日 in Chinese, as it is in other languages. */
export function dayWords(iso: string, locale: string): string {
  if (!locale.startsWith('zh')) return iso
  const [year, month, day] = iso.split('-').map(Number)
  return `${year}年${month}月${day}日`
}
