// The last day once more: which hazard stood where at a moment. Pure.
import type { State } from './desk'

/** What `desk_replay` answers, as columns. */
export interface ReplayAnswer {
  from: string
  to: string
  truncated: boolean
  hazards: {
    id: string[]
    title: string[]
    level: (1 | 3)[]
    sector: (number | null)[]
    grid: (string | null)[]
    lon: number[]
    lat: number[]
    /** At the beginning; null: not yet reported. */
    state: (State | null)[]
  }
  /** Oldest first; `hazard` is an index, `ms` counts from `from`. */
  events: {
    hazard: number[]
    ms: number[]
    action: string[]
    state: (State | null)[]
    who: (string | null)[]
    role: (string | null)[]
  }
}

/** Index of the first event later than a moment. */
export function eventsUntil({ events: { ms } }: ReplayAnswer, at: number): number {
  let [low, high] = [0, ms.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ms[middle]! <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** The state of every hazard at a moment (milliseconds from the beginning); null: not yet reported. */
export function statesAt(tape: ReplayAnswer, at: number): (State | null)[] {
  const states = [...tape.hazards.state]
  const until = eventsUntil(tape, at)
  for (let i = 0; i < until; i++) {
    const state = tape.events.state[i]
    if (state) states[tape.events.hazard[i]!] = state
  }
  return states
}

/** The hazards that were reported within `span` milliseconds before a moment: they pulse. */
export function reportedBefore(tape: ReplayAnswer, at: number, span: number): number[] {
  const found: number[] = []
  for (let i = eventsUntil(tape, at) - 1; i >= 0 && tape.events.ms[i]! > at - span; i--)
    if (tape.events.action[i] === 'report') found.push(tape.events.hazard[i]!)
  return found
}

/** How many reports and how many other events fall into each of so many equal parts of the span. */
export function histogram(tape: ReplayAnswer, parts: number): { reports: number; others: number }[] {
  const span = Date.parse(tape.to) - Date.parse(tape.from)
  const bars = Array.from({ length: parts }, () => ({ reports: 0, others: 0 }))
  for (const [i, ms] of tape.events.ms.entries()) {
    const bar = bars[Math.min(parts - 1, Math.floor((ms / span) * parts))]
    if (!bar) continue
    if (tape.events.action[i] === 'report') bar.reports++
    else bar.others++
  }
  return bars
}

/** The moment of the next (or the last) report from a moment on; null when there is none. */
export function nextReport(tape: ReplayAnswer, at: number, back = false): number | null {
  const { ms, action } = tape.events
  if (back) {
    for (let i = ms.length - 1; i >= 0; i--) if (ms[i]! < at && action[i] === 'report') return ms[i]!
    return null
  }
  for (let i = eventsUntil(tape, at); i < ms.length; i++) if (action[i] === 'report') return ms[i]!
  return null
}
