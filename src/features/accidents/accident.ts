// 事故: what it is, what a link's filter means, and how figures are compared. Pure.
import { isDay, today } from '../../ui/day'

export interface AccidentRow {
  id: string
  code: string
  title: string
  kind: string
  /** 1 特别重大, 2 重大, 3 较大, 4 一般: the database's, by the regulation */
  grade: number
  occurred_at: string
  deaths: number
  serious_injuries: number
  minor_injuries: number
  /** Yuan */
  loss: number
  enterprise: { id: string; name: string } | null
  sector: { id: number; code: string; name: string } | null
  grid: { id: number; code: string; name: string } | null
  /** Degrees, WGS84 */
  lon: number
  lat: number
  row_version: number
}

interface Person {
  user_id: string
  name: string
  title: string | null
  phone: string | null
  position?: string
}

/** What was told of an accident. */
export type Told = Record<string, string | number | null>

export interface AccidentCardData extends AccidentRow {
  summary: string | null
  /** Which figures made the grade; none for an ordinary accident. */
  grade_by: ('deaths' | 'serious_injuries' | 'loss')[]
  breadcrumb: { id: number; code: string; name: string; level: number }[]
  responsible: {
    territorial: { grid_id: number; name: string; level: number; people: Person[] }[]
    industry: { id: number; department: string; officers: Person[] } | null
  }
  may_change: boolean
  history: { at: string; by: string | null; reason: string | null; changed: string[]; was: Told }[]
}

export interface Sums {
  deaths: number
  serious_injuries: number
  minor_injuries: number
  loss: number
}

export const MEASURES = ['accidents', 'deaths', 'injuries', 'loss'] as const
export type Measure = (typeof MEASURES)[number]
export interface Compared {
  now: number
  before: number
}
/** First and last day, `YYYY-MM-DD` in China. */
export interface Period {
  from: string
  to: string
}
export interface FourFigures {
  period: Period
  before: Period
  figures: Record<Measure, Compared>
}
export interface AccidentFigures extends FourFigures {
  grades: { grade: number; now: number; before: number }[]
  months: FourFigures[]
}

/** The twenty kinds of GB/T 6441 (private.accident_kinds()). */
export const KINDS = [
  '物体打击',
  '车辆伤害',
  '机械伤害',
  '起重伤害',
  '触电',
  '淹溺',
  '灼烫',
  '火灾',
  '高处坠落',
  '坍塌',
  '冒顶片帮',
  '透水',
  '放炮',
  '火药爆炸',
  '瓦斯爆炸',
  '锅炉爆炸',
  '容器爆炸',
  '其他爆炸',
  '中毒和窒息',
  '其他伤害',
] as const

/**
 * What the database will grade an accident as, shown while one types: 生产安全事故报告和调查处理条例 §3, by deaths, serious
 * injuries or loss in yuan.
 */
export function gradeOf(deaths: number, seriousInjuries: number, loss: number): 1 | 2 | 3 | 4 {
  if (deaths >= 30 || seriousInjuries >= 100 || loss >= 100_000_000) return 1
  if (deaths >= 10 || seriousInjuries >= 50 || loss >= 50_000_000) return 2
  if (deaths >= 3 || seriousInjuries >= 10 || loss >= 10_000_000) return 3
  return 4
}

// ── the link ─────────────────────────────────────────────────────────────────────────────────────────────────────
export type Harm = 'deaths' | 'injuries' | 'loss'

/** The filter as it stands in the link. Empty values are absent. `grid` is a code. */
export interface AccidentFilter extends Period {
  grid?: string
  sector?: number
  grade?: number
  /** Those with any deaths, injuries or loss. */
  harm?: Harm
  /** Id of an enterprise. */
  enterprise?: string
  /** Id of the accident that is open. */
  open?: string
}

type Query = Record<string, string | null | undefined | (string | null)[]>
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Reads a query; what cannot be understood is left out. Without days: this year until today. */
export function parseFilter(query: Query, now = today()): AccidentFilter {
  const word = (name: string): string => {
    const value = query[name]
    return (Array.isArray(value) ? value[0] : value) ?? ''
  }
  const to = isDay(word('to')) ? word('to') : now
  const from = isDay(word('from')) ? word('from') : `${to.slice(0, 4)}-01-01`
  const sector = Number(word('sector'))
  const grade = Number(word('grade'))
  return {
    from,
    to,
    ...(word('grid') ? { grid: word('grid') } : {}),
    ...(Number.isInteger(sector) && sector > 0 ? { sector } : {}),
    ...([1, 2, 3, 4].includes(grade) ? { grade } : {}),
    ...(['deaths', 'injuries', 'loss'].includes(word('harm')) ? { harm: word('harm') as Harm } : {}),
    ...(UUID.test(word('enterprise')) ? { enterprise: word('enterprise') } : {}),
    ...(UUID.test(word('open')) ? { open: word('open') } : {}),
  }
}

/** Writes a query. The days are always in it: a link that is sent on means the same tomorrow. */
export function formatFilter(filter: AccidentFilter): Record<string, string> {
  const { from, to, grid, sector, grade, harm, enterprise, open } = filter
  return {
    ...(grid ? { grid } : {}),
    ...(sector ? { sector: String(sector) } : {}),
    from,
    to,
    ...(grade ? { grade: String(grade) } : {}),
    ...(harm ? { harm } : {}),
    ...(enterprise ? { enterprise } : {}),
    ...(open ? { open } : {}),
  }
}

/** The records that a figure counts: its period, and for people and money those that have any. */
export function filterOf(filter: AccidentFilter, period: Period, measure: Measure): AccidentFilter {
  const { grid, sector } = filter
  return {
    ...period,
    ...(grid ? { grid } : {}),
    ...(sector ? { sector } : {}),
    ...(measure === 'accidents' ? {} : { harm: measure }),
  }
}

// ── periods ──────────────────────────────────────────────────────────────────────────────────────────────────────
export const PERIODS = ['year', 'quarter', 'month', 'lastMonth', 'twelve', 'lastYear'] as const
export type PeriodWord = (typeof PERIODS)[number]

const dayOf = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10)

/** The days that a word means on a day. */
export function periodOf(word: PeriodWord, now = today()): Period {
  const [year, month, day] = now.split('-').map(Number) as [number, number, number]
  switch (word) {
    case 'year':
      return { from: dayOf(year, 0, 1), to: now }
    case 'quarter':
      return { from: dayOf(year, Math.floor((month - 1) / 3) * 3, 1), to: now }
    case 'month':
      return { from: dayOf(year, month - 1, 1), to: now }
    case 'lastMonth':
      return { from: dayOf(year, month - 2, 1), to: dayOf(year, month - 1, 0) }
    case 'twelve':
      return { from: dayOf(year - 1, month - 1, day + 1), to: now }
    case 'lastYear':
      return { from: dayOf(year - 1, 0, 1), to: dayOf(year - 1, 11, 31) }
  }
}

/** The word for a period; null when it has none. */
export function periodWord(period: Period, now = today()): PeriodWord | null {
  return (
    PERIODS.find((word) => {
      const { from, to } = periodOf(word, now)
      return from === period.from && to === period.to
    }) ?? null
  )
}

// ── comparison ───────────────────────────────────────────────────────────────────────────────────────────────────
export interface Change {
  arrow: '↑' | '↓' | ''
  by: number
  /** Whole per cent; null when there was nothing to compare with. */
  percent: number | null
}

export function changeOf({ now, before }: Compared): Change {
  const by = Math.round((now - before) * 100) / 100
  return {
    arrow: by > 0 ? '↑' : by < 0 ? '↓' : '',
    by: Math.abs(by),
    percent: before === 0 ? null : Math.round((Math.abs(by) / before) * 100),
  }
}

/** Yuan in 万元: no decimals from a million yuan on. */
export function inWan(yuan: number): number {
  const wan = yuan / 10_000
  return wan >= 100 ? Math.round(wan) : Math.round(wan * 10) / 10
}

/** A moment as `2026-11-21 14:05` in China. */
export function moment(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  return new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
}
