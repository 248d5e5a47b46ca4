// A trend as shapes in a box, in CSS pixels. Pure.
import { addDays } from './day'
import { type Campaign, indexRange, runs, type Trend } from './trend'

export interface CurveBox {
  width: number
  /** From the top: where the curve may be, then the strip of levels. */
  top: number
  bottom: number
}

export interface Tick {
  x: number
  /** A day of the month, the month, or the year. */
  kind: 'day' | 'month' | 'year'
  day: string
}

export interface Bar {
  x: number
  width: number
  /** Which of the rows above the curve: campaigns of the same time lie side by side. */
  row: number
  campaign: Campaign
}

/** Where the middle of a day is. */
export const xOf = (place: number, days: number, width: number): number => ((place + 0.5) / days) * width

/** Which day is at x: a place in the lists, always one that there is. */
export const placeAt = (x: number, days: number, width: number): number =>
  Math.max(0, Math.min(days - 1, Math.floor((x / Math.max(1, width)) * days)))

/** The lines of the index: one for each run of days that are known. A day by itself is a short dash. */
export function linesOf(index: readonly (number | null)[], box: CurveBox): string[] {
  const [low, high] = indexRange(index)
  const y = (value: number) => box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top)
  return runs(index.map((value) => value !== null))
    .filter((run) => run.value)
    .map(({ from, to }) => {
      const points: string[] = []
      for (let i = from; i <= to; i++)
        points.push(`${round(xOf(i, index.length, box.width))},${round(y(index[i] as number))}`)
      const first = points[0]!.split(',').map(Number) as [number, number]
      return from === to ? `M${first[0] - 2},${first[1]}h4` : `M${points.join('L')}`
    })
}

/** How high an index is drawn. */
export function yOf(value: number, index: readonly (number | null)[], box: CurveBox): number {
  const [low, high] = indexRange(index)
  return box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top)
}

/** Runs of days with one level (null: not known), as x and width. */
export const stripOf = (level: readonly (number | null)[], width: number) =>
  runs(level).map(({ from, to, value }) => ({
    x: round((from / level.length) * width),
    width: round(((to - from + 1) / level.length) * width),
    level: value,
  }))

/** Days that are named below the curve, none closer than `apart` pixels to the next. */
export function ticksOf({ from, index }: Pick<Trend, 'from' | 'index'>, width: number, apart: number): Tick[] {
  const days = index.length
  const found: Tick[] = []
  const kind = days > 500 ? 'year' : days > 70 ? 'month' : 'day'
  for (let place = 0; place < days; place++) {
    const day = addDays(from, place)
    const date = Number(day.slice(8))
    const starts = kind === 'day' ? date === 1 || date === 11 || date === 21 : date === 1
    const x = xOf(place, days, width)
    if (!starts || x < apart / 2 || x > width - apart / 2 || x - (found.at(-1)?.x ?? -apart) < apart) continue
    const year = day.slice(5, 7) === '01' && date === 1
    found.push({ x, day, kind: year ? 'year' : kind === 'day' ? 'day' : 'month' })
  }
  return found
}

/** The campaigns as bars, each in the first row that is free; at least as wide as can be pointed at. */
export function barsOf({ from, index, campaigns }: Trend, width: number): Bar[] {
  const days = index.length
  const placeOf = (day: string) => Math.round((Date.parse(day) - Date.parse(from)) / 86_400_000)
  const free: number[] = []
  return campaigns.map((campaign) => {
    const [first, last] = [Math.max(0, placeOf(campaign.from)), Math.min(days - 1, placeOf(campaign.to))]
    const x = round((first / days) * width)
    const wide = Math.max(4, round(((last - first + 1) / days) * width))
    let row = free.findIndex((end) => end <= x)
    if (row < 0) row = free.length
    free[row] = x + wide + 2
    return { x, width: wide, row, campaign }
  })
}

const round = (value: number): number => Math.round(value * 10) / 10
