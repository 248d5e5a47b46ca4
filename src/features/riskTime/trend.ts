import { addDays, daysBetween } from './day'

/** Days of risk that are written down, `YYYY-MM-DD`; null when none is yet. */
export type KnownDays = { first: string; last: string } | null

export interface TrendAccident {
  id: string
  title: string
  on: string
  /** 1 特别重大 … 4 一般 */
  grade: number
  deaths: number
}

export interface Campaign {
  id: number
  name: string
  /** First and last day. */
  from: string
  to: string
  grid: { id: number; code: string; name: string }
  description: string | null
}

/** What `risk_trend` answers: one entry a day from `from` to `to`, null where it is not known. */
export interface Trend {
  from: string
  to: string
  grid: { id: number; code: string; name: string }
  known: KnownDays
  /** 0..100, two decimals */
  index: (number | null)[]
  /** 1 red … 4 blue, 0 nothing to judge */
  level: (number | null)[]
  points: (number | null)[]
  accidents: TrendAccident[]
  campaigns: Campaign[]
}

/** A run of days that have something in common, places in the lists of a trend: from … to, both included. */
export interface Run<T> {
  from: number
  to: number
  value: T
}

/** Days side by side with the same value become one run. */
export function runs<T>(values: readonly T[]): Run<T>[] {
  const found: Run<T>[] = []
  values.forEach((value, at) => {
    const last = found.at(-1)
    if (last && last.value === value) last.to = at
    else found.push({ from: at, to: at, value })
  })
  return found
}

/** Since when a level lasts, as it is read on one day. */
export interface Since {
  /** 1 red … 4 blue */
  level: number
  /** Its first day, `YYYY-MM-DD`. */
  from: string
  /** How manieth day of it this is: 1 on the first. */
  nth: number
  /** It was so on the first day asked about already: it may last longer. */
  whole: boolean
}

/**
 * Since when the level of a day lasts.
 * @param on the day, `YYYY-MM-DD`; null for the last one
 * @returns null when that day is outside, not known, or nothing was judged
 */
export function sinceWhen(trend: Pick<Trend, 'from' | 'level'>, on: string | null): Since | null {
  const place = on === null ? trend.level.length - 1 : daysBetween(trend.from, on)
  const run = runs(trend.level).find(({ from, to }) => from <= place && place <= to)
  if (!run?.value) return null
  return { level: run.value, from: addDays(trend.from, run.from), nth: place - run.from + 1, whole: run.from === 0 }
}

/** The highest and the lowest of what is known, as places in the list; null when nothing is. */
export function extremes(values: readonly (number | null)[]): { high: number; low: number } | null {
  let [high, low] = [-1, -1]
  values.forEach((value, at) => {
    if (value === null) return
    if (high < 0 || value > values[high]!) high = at
    if (low < 0 || value < values[low]!) low = at
  })
  return high < 0 ? null : { high, low }
}

/**
 * The span of the index that a curve is drawn in: what is known with a little air, at least 10 wide, within 0..100.
 */
export function indexRange(values: readonly (number | null)[]): [number, number] {
  const known = values.filter((value) => value !== null)
  if (!known.length) return [0, 100]
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const air = Math.max((high - low) * 0.12, (10 - (high - low)) / 2, 0.5)
  return [Math.max(0, Math.floor(low - air)), Math.min(100, Math.ceil(high + air))]
}
