import { addDays, daysBetween } from './day'
import type { KnownDays } from './trend'

/** What `risk_playback` answers: see its comment. */
export interface PlaybackAnswer {
  level: number
  from: string
  to: string
  known: KnownDays
  grids: number[]
  /** For each grid: days since the step before, code = 500 × index + level, and so on. */
  spans: number[][]
}

/** What a grid was on a day. */
export interface Past {
  grid_id: number
  /** 0..100, two decimals */
  index: number
  /** 1 red … 4 blue, 0 nothing to judge */
  level: number
}

/** A year of one level, unfolded: any day of it is read without asking anybody. */
export interface Playback {
  level: number
  /** The days that it can tell, or null: none. */
  days: { first: string; last: string } | null
  /** Every grid that was judged at some time, on a day; empty for a day that it cannot tell. */
  on(day: string): Past[]
}

/** Unfolds an answer. Steps out of order and lists of odd length are read as far as they make sense. */
export function openPlayback(answer: PlaybackAnswer): Playback {
  const lines = answer.spans.map((steps) => {
    const length = steps.length >> 1
    const [offsets, codes] = [new Int32Array(length), new Int32Array(length)]
    let offset = 0
    for (let i = 0; i < length; i++) {
      offset += steps[2 * i]!
      offsets[i] = offset
      codes[i] = steps[2 * i + 1]!
    }
    return { offsets, codes }
  })
  const days = within(answer)
  return {
    level: answer.level,
    days,
    on(day) {
      if (!days || day < days.first || day > days.last) return []
      const wanted = daysBetween(answer.from, day)
      return answer.grids.map((grid_id, i) => {
        const line = lines[i]!
        const code = line.codes[lastUpTo(line.offsets, wanted)] ?? 0
        return { grid_id, index: Math.floor(code / 5) / 100, level: code % 5 }
      })
    },
  }
}

function within({ from, to, known }: PlaybackAnswer): Playback['days'] {
  if (!known) return null
  const [first, last] = [known.first > from ? known.first : from, known.last < to ? known.last : to]
  return first > last ? null : { first, last }
}

/** The place of the last number that is not above the limit; -1 when all are. */
function lastUpTo(sorted: Int32Array, limit: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Years end today, then a year before today, and so on: the one that a day lies in, as [from, to]. */
export function yearOf(day: string, today: string): [string, string] {
  const back = Math.max(0, Math.floor(daysBetween(day, today) / 365))
  const to = addDays(today, -365 * back)
  return [addDays(to, -364), to]
}
