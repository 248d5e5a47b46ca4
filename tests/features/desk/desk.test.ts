import { describe, expect, it } from 'vitest'
import {
  type Alarm,
  clockSpan,
  connectionOf,
  type DeskRow,
  figureQuery,
  nearestLeader,
  STALE_MS,
  STATES,
  stateQuery,
  waits,
} from '../../../src/features/desk/desk'
import { DeskBook } from '../../../src/features/desk/deskBook'
import { inSight, stacked } from '../../../src/features/desk/useWindow'
import { readQuery, writeQuery } from '../../../src/features/ledgers/ledger'

const NOW = Date.parse('2026-11-22T04:00:00Z')
const alarm = (more: Partial<Alarm> = {}): Alarm => ({
  raised_at: '2026-11-22T03:59:00Z',
  due_at: '2026-11-22T04:04:00Z',
  acknowledged_at: null,
  name: null,
  role: null,
  escalated_at: null,
  escalated_to: null,
  ...more,
})
const row = (id: string, more: Partial<DeskRow> = {}): DeskRow => ({
  id,
  code: `YH-${id}`,
  title: id,
  severity: 'general',
  state: 'reported',
  sector_id: 1,
  sector: '工贸',
  enterprise: null,
  grid_id: 3,
  place: ['别山镇'],
  leaders: [],
  lon: 117,
  lat: 40,
  reporter: '甲',
  reporter_phone: null,
  found_at: '2026-11-22T03:59:00Z',
  reported_at: '2026-11-22T03:59:00Z',
  due_at: null,
  alarm: alarm(),
  seen_by: [],
  row_version: 1,
  ...more,
})

describe('what waits', () => {
  it('is open, called the desk, and was not acknowledged', () => {
    expect(waits(row('a'))).toBe(true)
    expect(waits(row('a', { alarm: null }))).toBe(false)
    expect(waits(row('a', { alarm: alarm({ acknowledged_at: '2026-11-22T04:00:00Z' }) }))).toBe(false)
    // called upon is not acknowledged
    expect(waits(row('a', { alarm: alarm({ escalated_at: '2026-11-22T04:04:00Z' }) }))).toBe(true)
    for (const state of STATES)
      expect([state, waits(row('a', { state }))]).toEqual([state, !/closed|rejected/.test(state)])
  })
})

describe('the book', () => {
  it('tells what begins to wait, once', () => {
    const book = new DeskBook()
    expect(book.put([row('a'), row('b', { alarm: null })], NOW).map(({ id }) => id)).toEqual(['a'])
    expect(book.put([row('a', { row_version: 2 }), row('c')], NOW).map(({ id }) => id)).toEqual(['c'])
    expect(book.lists().waiting.map(({ id }) => id)).toEqual(['c', 'a'])
    expect(book.lists().settled.map(({ id }) => id)).toEqual(['b'])
  })

  it('keeps the newer of two answers, whichever came last', () => {
    const book = new DeskBook()
    const seen = alarm({ acknowledged_at: '2026-11-22T03:59:30Z', name: '李' })
    book.put([row('a', { alarm: seen }), row('b', { row_version: 5, state: 'closed' })], NOW)
    expect(book.put([row('a'), row('b', { row_version: 4 })], NOW)).toEqual([])
    expect(book.lists().waiting).toEqual([])
    const called = alarm({ escalated_at: '2026-11-22T04:04:00Z', escalated_to: '县' })
    book.put([row('c', { alarm: called })], NOW)
    book.put([row('c')], NOW)
    expect(book.get('c')?.alarm?.escalated_to).toBe('县')
  })

  it('forgets what is settled by number and by age, and what waits only in a flood', () => {
    const book = new DeskBook({ waiting: 5, settled: 3, hours: 24 })
    const old = (hours: number) => new Date(NOW - hours * 3_600_000).toISOString()
    book.put(
      Array.from({ length: 9 }, (_, i) => row(`s${i}`, { alarm: null, reported_at: old(i) })),
      NOW,
    )
    expect(book.lists().settled.map(({ id }) => id)).toEqual(['s0', 's1', 's2'])
    book.put([row('late', { reported_at: old(700) })], NOW)
    expect(book.lists().waiting.map(({ id }) => id)).toEqual(['late'])
    book.put([row('gone', { alarm: null, reported_at: old(25) })], NOW)
    expect(book.has('gone')).toBe(false)
    book.put(
      Array.from({ length: 20 }, (_, i) => row(`w${i}`, { reported_at: old(i) })),
      NOW,
    )
    expect(book.lists().waiting.map(({ id }) => id)).toEqual(['w0', 'w1', 'w2', 'w3', 'w4'])
    expect(book.size).toBe(8)
  })

  it('starts anew from everything, and tells only what it did not know to wait', () => {
    const book = new DeskBook()
    book.put([row('a'), row('b')], NOW)
    expect(book.replace([row('b'), row('c')], NOW).map(({ id }) => id)).toEqual(['c'])
    expect(book.has('a')).toBe(false)
    book.remove(['b'])
    expect(book.lists().waiting.map(({ id }) => id)).toEqual(['c'])
  })
})

describe('the word on the connection', () => {
  it.each([
    ['live', NOW, 'live'],
    ['live', NOW - STALE_MS - 1, 'stale'],
    ['catching_up', NOW - 5_000, 'catching_up'],
    ['catching_up', NOW - STALE_MS - 1, 'stale'],
    ['live', null, 'starting'],
    ['offline', NOW, 'offline'],
    ['offline', null, 'offline'],
  ] as const)('%s, heard %s: %s', (feed, heard, word) => {
    expect(connectionOf(feed, heard, NOW)).toBe(word)
  })
})

describe('a span', () => {
  it.each([
    [0, '0:00', 0],
    [42, '0:42', 0],
    [725.9, '12:05', 0],
    [3 * 3600 + 245, '3:04:05', 0],
    [47 * 3600 + 59 * 60, '47:59:00', 0],
    [48 * 3600, '', 2],
    [-5, '0:00', 0],
  ])('of %s seconds is %s', (seconds, text, days) => {
    expect(clockSpan(seconds)).toEqual({ text, days })
  })
})

it('whom to call first is the nearest with a telephone', () => {
  const leader = (grid: string, phone: string | null) => ({ grid_id: 1, grid, name: grid, phone })
  expect(nearestLeader({ leaders: [leader('村', null), leader('镇', '139')] })?.grid).toBe('镇')
  expect(nearestLeader({ leaders: [leader('村', null)] })?.grid).toBe('村')
  expect(nearestLeader({ leaders: [] })).toBeNull()
})

describe('a figure', () => {
  const span = { from: '2026-11-16', to: '2026-11-22' }
  it('opens a ledger that understands every word of its link', () => {
    const queries = [
      ...(['reported', 'major', 'open', 'closed', 'overdue', 'unacknowledged'] as const).map((key) =>
        figureQuery(key, span, 4),
      ),
      ...STATES.map((state) => stateQuery(state, span)),
    ]
    for (const query of queries) expect(writeQuery('hazards', readQuery('hazards', query))).toEqual(query)
  })

  it('of closures counts by the day of closing, of a state by the day of finding', () => {
    expect(figureQuery('closed', span, null)).toEqual({ status: 'closed', closed_from: span.from, closed_to: span.to })
    expect(stateQuery('closed', span)).toEqual({ status: 'closed', ...span })
    expect(figureQuery('reported', span, null)).toEqual({ status: 'all', ...span })
  })
})

describe('the window on a long list', () => {
  it('has what can be seen and a little around it', () => {
    const { lines, total } = stacked([10, 20, 30, 40, 50], (height) => height)
    expect(total).toBe(150)
    expect(lines.map(({ top }) => top)).toEqual([0, 10, 30, 60, 100])
    expect(inSight(lines, 30, 20, 0).map(({ item }) => item)).toEqual([30])
    expect(inSight(lines, 30, 20, 25).map(({ item }) => item)).toEqual([10, 20, 30, 40])
    expect(inSight(lines, 0, 1_000).length).toBe(5)
  })
})
