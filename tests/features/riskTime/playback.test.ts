import { describe, expect, it } from 'vitest'
import { addDays } from '../../../src/features/riskTime/day'
import { openPlayback, type PlaybackAnswer, yearOf } from '../../../src/features/riskTime/playback'

const code = (index: number, level: number) => Math.round(index * 500) + level

const answer = (over: Partial<PlaybackAnswer> = {}): PlaybackAnswer => ({
  level: 3,
  from: '2026-01-01',
  to: '2026-12-31',
  known: { first: '2026-01-01', last: '2026-12-30' },
  grids: [7, 9],
  spans: [
    [0, code(74.96, 2), 10, code(75, 1), 20, code(0, 0)],
    [31, code(12.34, 4)],
  ],
  ...over,
})

describe('a year, unfolded', () => {
  it('is on each day what the last step up to it says', () => {
    const tape = openPlayback(answer())
    const at = (day: string) => tape.on(day).map(({ grid_id, index, level }) => [grid_id, index, level])
    expect(at('2026-01-01')).toEqual([
      [7, 74.96, 2],
      [9, 0, 0],
    ])
    expect(at('2026-01-10')[0]).toEqual([7, 74.96, 2])
    expect(at('2026-01-11')[0]).toEqual([7, 75, 1])
    expect(at('2026-01-30')[0]).toEqual([7, 75, 1])
    expect(at('2026-01-31')).toEqual([
      [7, 0, 0],
      [9, 0, 0],
    ])
    expect(at('2026-02-01')[1]).toEqual([9, 12.34, 4])
    expect(at('2026-12-30')[1]).toEqual([9, 12.34, 4])
  })

  it('agrees with a replay step by step, for any steps', () => {
    // a stream of numbers of our own, the same every time
    let seed = 5
    const next = (below: number) => {
      seed = (seed * 48271) % 2147483647
      return seed % below
    }
    const spans = Array.from({ length: 20 }, () =>
      Array.from({ length: next(30) }, () => [next(9) + 1, code(next(100), next(5))]).flat(),
    )
    const grids = spans.map((_, i) => i)
    const tape = openPlayback(answer({ grids, spans }))
    for (let day = 0; day < 300; day++) {
      const found = tape.on(addDays('2026-01-01', day))
      spans.forEach((steps, grid) => {
        let [at, now] = [0, 0]
        for (let i = 0; i < steps.length; i += 2) {
          at += steps[i]!
          if (at <= day) now = steps[i + 1]!
        }
        expect(found[grid]).toEqual({ grid_id: grid, index: Math.floor(now / 5) / 100, level: now % 5 })
      })
    }
  })

  it('tells nothing of days that are not written down', () => {
    const tape = openPlayback(answer({ known: { first: '2026-03-01', last: '2026-03-31' } }))
    expect(tape.days).toEqual({ first: '2026-03-01', last: '2026-03-31' })
    expect(tape.on('2026-02-28')).toEqual([])
    expect(tape.on('2026-03-01')).toHaveLength(2)
    expect(tape.on('2026-04-01')).toEqual([])
    expect(openPlayback(answer({ known: null })).on('2026-03-01')).toEqual([])
    expect(openPlayback(answer({ known: { first: '2020-01-01', last: '2020-02-01' } })).days).toBe(null)
  })

  it('is read as far as it makes sense when it is damaged', () => {
    expect(openPlayback(answer({ spans: [[], [5]] })).on('2026-06-01')).toEqual([
      { grid_id: 7, index: 0, level: 0 },
      { grid_id: 9, index: 0, level: 0 },
    ])
  })
})

describe('years', () => {
  it('end today and before, side by side, and hold the day', () => {
    const today = '2026-11-22'
    for (const ago of [0, 1, 364, 365, 366, 729, 730, 1094]) {
      const day = addDays(today, -ago)
      const [from, to] = yearOf(day, today)
      expect(from <= day && day <= to, day).toBe(true)
      expect(addDays(from, 364)).toBe(to)
      expect(yearOf(from, today)).toEqual([from, to])
      expect(yearOf(addDays(from, -1), today)[1]).toBe(addDays(from, -1))
    }
  })
})
