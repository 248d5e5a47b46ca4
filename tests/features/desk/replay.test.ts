import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { State } from '../../../src/features/desk/desk'
import { replayCollection, replayScene, waitingCollection, waitingScene } from '../../../src/features/desk/deskLayer'
import {
  eventsUntil,
  histogram,
  nextReport,
  type ReplayAnswer,
  reportedBefore,
  statesAt,
} from '../../../src/features/desk/replay'
import { FALLBACK } from '../../../src/map/palette'
import { compose, type Scene } from '../../../src/map/scene'

const HOUR = 3_600_000
const tapeOf = (
  states: (State | null)[],
  events: { hazard: number; ms: number; action: string; state: State | null }[],
): ReplayAnswer => ({
  from: '2026-11-21T04:00:00.000Z',
  to: '2026-11-22T04:00:00.000Z',
  truncated: false,
  hazards: {
    id: states.map((_, i) => `h${i}`),
    title: states.map((_, i) => `隐患${i}`),
    level: states.map((_, i) => (i % 2 ? 1 : 3)),
    sector: states.map(() => 1),
    grid: states.map(() => '别山村'),
    lon: states.map((_, i) => 117 + i),
    lat: states.map(() => 40),
    state: states,
  },
  events: {
    hazard: events.map(({ hazard }) => hazard),
    ms: events.map(({ ms }) => ms),
    action: events.map(({ action }) => action),
    state: events.map(({ state }) => state),
    who: events.map(() => '张三'),
    role: events.map(() => null),
  },
})
const tape = tapeOf(
  ['reported', null, 'closed'],
  [
    { hazard: 0, ms: HOUR, action: 'verify', state: 'verified' },
    { hazard: 1, ms: 2 * HOUR, action: 'report', state: 'reported' },
    { hazard: 1, ms: 2 * HOUR + 60_000, action: 'acknowledge', state: null },
    { hazard: 2, ms: 5 * HOUR, action: 'reopen', state: 'rectifying' },
    { hazard: 0, ms: 24 * HOUR, action: 'reject', state: 'rejected' },
  ],
)

describe('a day once more', () => {
  it('knows where everything stood at a moment', () => {
    expect(statesAt(tape, 0)).toEqual(['reported', null, 'closed'])
    expect(statesAt(tape, 2 * HOUR)).toEqual(['verified', 'reported', 'closed'])
    expect(statesAt(tape, 3 * HOUR)).toEqual(['verified', 'reported', 'closed'])
    expect(statesAt(tape, 24 * HOUR)).toEqual(['rejected', 'reported', 'rectifying'])
    expect(statesAt(tape, HOUR)).toEqual(['verified', null, 'closed'])
    // the tape itself stays as it was
    expect(tape.hazards.state).toEqual(['reported', null, 'closed'])
  })

  it('finds events as a plain count would', () => {
    const sorted = fc.array(fc.integer({ min: 0, max: 1000 })).map((list) => list.sort((a, b) => a - b))
    fc.assert(
      fc.property(sorted, fc.integer({ min: -1, max: 1001 }), (list, at) => {
        const one = tapeOf(
          ['reported'],
          list.map((ms) => ({ hazard: 0, ms, action: 'report', state: null })),
        )
        expect(eventsUntil(one, at)).toBe(list.filter((ms) => ms <= at).length)
        expect(nextReport(one, at)).toBe(list.find((ms) => ms > at) ?? null)
        expect(nextReport(one, at, true)).toBe(list.filter((ms) => ms < at).at(-1) ?? null)
        expect(reportedBefore(one, at, 50).length).toBe(list.filter((ms) => ms <= at && ms > at - 50).length)
      }),
    )
  })

  it('is counted in bars that together are all events', () => {
    const bars = histogram(tape, 24)
    expect(bars[2]).toEqual({ reports: 1, others: 1 })
    expect(bars[23]).toEqual({ reports: 0, others: 1 })
    expect(bars.reduce((sum, { reports, others }) => sum + reports + others, 0)).toBe(tape.events.ms.length)
  })
})

describe('the map of it', () => {
  it('shows what is open at the moment, what is not yet confirmed hollow, what is new pulsing', () => {
    const look = (at: number, fresh: number[] = []) =>
      replayCollection(tape, statesAt(tape, at), fresh).features.map(({ properties }) => [
        properties!.id,
        properties!.look,
        properties!.fresh,
      ])
    expect(look(0)).toEqual([['h0', 'desk-3-new', false]])
    expect(look(2 * HOUR, [1])).toEqual([
      ['h0', 'desk-3-work', false],
      ['h1', 'desk-1-new', true],
    ])
    expect(look(24 * HOUR)).toEqual([
      ['h1', 'desk-1-new', false],
      ['h2', 'desk-3-work', false],
    ])
  })

  it('of now marks what is new and what called upon the leader', () => {
    const row = { id: 'a', title: '甲', severity: 'major', lon: 117, lat: 40, alarm: { escalated_at: 'x' } }
    const { features } = waitingCollection([row as never], new Set(['a']))
    expect(features[0]!.properties).toMatchObject({ id: 'a', level: 1, fresh: true, called: true })
  })

  it('is a style that the map accepts', () => {
    const faults = (scene: Scene) => {
      const { sources, layers } = compose([scene])
      const data = Object.fromEntries(
        Object.entries(sources).flatMap(([id, source]) =>
          source.kind === 'geojson' ? [[id, { type: 'geojson' as const, data: source.data }]] : [],
        ),
      )
      return validateStyleMin({ version: 8, sources: data, layers }).map(({ message }) => message)
    }
    const empty = waitingCollection([], new Set())
    for (const theme of ['light', 'dark'] as const) {
      expect(faults(waitingScene(empty, FALLBACK[theme], 0.4, 'a'))).toEqual([])
      expect(faults(waitingScene(empty, FALLBACK[theme], null, null))).toEqual([])
      expect(faults(replayScene(replayCollection(tape, statesAt(tape, 0), []), FALLBACK[theme]))).toEqual([])
    }
  })
})
