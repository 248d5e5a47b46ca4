import { describe, expect, it } from 'vitest'
import type { OutboxEntry } from '../../../src/db/outbox'
import messages from '../../../src/features/work/messages'
import { conflictOf, foreseen, isStep, onVersion, stepEntry, stepOf, valuesOf } from '../../../src/features/work/step'
import {
  actionOf,
  byPeriod,
  daysLeft,
  dueWord,
  ledgerLink,
  PERIODS,
  pilesOf,
  readTown,
  readWords,
  STEPS,
  seenAt,
  stepLink,
  type WorkAnswer,
  type WorkItem,
  workQuery,
} from '../../../src/features/work/work'

// 2026-11-22 20:00 in China
const now = Date.parse('2026-11-22T12:00:00Z')
const item = (more: Partial<WorkItem> = {}): WorkItem =>
  ({ id: 'h', step: 'pass', period: 'week', due_at: '2026-11-25T15:59:00Z', ...more }) as WorkItem

describe('by when', () => {
  it('days are those of China, whatever the device thinks', () => {
    expect(daysLeft('2026-11-22T15:59:00Z', now)).toBe(0)
    expect(daysLeft('2026-11-22T16:00:00Z', now)).toBe(1)
    expect(daysLeft('2026-11-21T15:59:00Z', now)).toBe(-1)
  })

  it('is said in words', () => {
    expect(dueWord(null, now)).toEqual({ key: 'none', n: 0 })
    expect(dueWord('2026-11-22T15:59:00Z', now)).toEqual({ key: 'today', n: 0 })
    expect(dueWord('2026-11-24T15:59:00Z', now)).toEqual({ key: 'in', n: 2 })
    expect(dueWord('2026-11-22T11:59:00Z', now)).toEqual({ key: 'late', n: 1 })
    expect(dueWord('2026-11-12T15:59:00Z', now)).toEqual({ key: 'late', n: 10 })
  })

  it('what was kept grows old: a term that has passed since is overdue', () => {
    expect(seenAt(item(), now).period).toBe('week')
    expect(seenAt(item(), Date.parse('2026-11-25T12:00:00Z')).period).toBe('today')
    expect(seenAt(item(), Date.parse('2026-11-25T16:30:00Z')).period).toBe('overdue')
    expect(seenAt(item({ due_at: null, period: 'later' }), now).period).toBe('later')
  })

  it('groups come in their order, and none is empty', () => {
    const rows = [item({ period: 'later' }), item({ period: 'overdue' }), item({ period: 'later' })]
    expect(byPeriod(rows).map(({ period, rows: { length } }) => [period, length])).toEqual([
      ['overdue', 1],
      ['later', 2],
    ])
  })
})

describe('so much that nobody reads it from top to bottom', () => {
  const pile = (count: number) => ({ count, overdue: 0, due_at: null })
  const answer = (kinds: Record<string, number>, towns: number[]) =>
    ({
      kinds: Object.entries(kinds).map(([step, count]) => ({ step, ...pile(count) })),
      townships: towns.map((count, id) => ({ id, code: null, name: null, ...pile(count) })),
    }) as WorkAnswer

  it('is put together by step, and of one step by township; never into a single pile', () => {
    const much = answer({ submit: 139, pass: 8 }, [100, 47])
    expect(pilesOf(much, [])).toBe('kinds')
    expect(pilesOf(much, ['overdue'])).toBe('kinds')
    expect(pilesOf(answer({ submit: 139 }, [100, 39]), ['submit'])).toBe('townships')
    expect(pilesOf(answer({ submit: 139 }, [139]), ['submit'])).toBe('list')
    expect(pilesOf(answer({ submit: 30, pass: 8 }, [20, 18]), [])).toBe('list')
    expect(pilesOf(answer({}, []), [])).toBe('list')
  })

  it('opens by its link', () => {
    expect(workQuery(['overdue', 'submit'], 7)).toEqual({ work: 'overdue,submit', town: '7' })
    expect(workQuery([])).toEqual({})
    expect([readTown('7'), readTown('x'), readTown('0'), readTown(undefined)]).toEqual([7, null, null, null])
    expect(ledgerLink(['submit'], '120119106').query).toEqual({ work: 'submit', grid: '120119106' })
  })
})

describe('links', () => {
  it('open the hazard at the step, and the ledger at the same rows', () => {
    expect(stepLink({ id: 'h', step: 'decide' })).toEqual({ path: '/hazards/h', query: { step: 'extend' } })
    expect(stepLink({ id: 'h', step: 'urge' })).toEqual({ path: '/hazards/h', query: {} })
    expect(ledgerLink([])).toEqual({ path: '/hazards', query: { work: 'all' } })
    expect(ledgerLink(['overdue', 'file']).query.work).toBe('overdue,file')
    expect(readWords('overdue,file,nonsense')).toEqual(['overdue', 'file'])
    expect(readWords(['x'])).toEqual([])
  })

  it('every step and period has its words', () => {
    for (const words of Object.values(messages)) {
      expect(Object.keys(words.work.step).sort()).toEqual([...STEPS].sort())
      expect(Object.keys(words.work.period).sort()).toEqual([...PERIODS].sort())
    }
    expect(STEPS.filter((step) => actionOf(step) === null)).toEqual(['urge'])
  })
})

describe('a step taken on a phone', () => {
  const take = (action: string, version = 3): OutboxEntry => ({
    ...stepEntry(
      'e1',
      { id: 'h1', version },
      action,
      { note: '已清理' },
      [{ id: 'p1', blob: new Blob(['x']) }],
      [117.123456789, 40],
      '提交复查：通道堵塞',
    ),
    user_id: 'u',
    files: [],
    state: 'waiting',
    reason: null,
    asked: false,
    tries: 0,
    next_at: 0,
    made_at: '',
    done_at: null,
    answer: null,
  })

  it('names its photos, its place and its number, and can be read back', () => {
    const entry = take('submit')
    expect(entry.args).toEqual({
      p_hazard: 'h1',
      p_version: 3,
      p_action: 'submit',
      p_fields: { note: '已清理', lon: 117.1234568, lat: 40, photos: ['h1/p1.jpg'], event_id: 'e1' },
    })
    expect([entry.thread, isStep(entry, 'h1'), isStep(entry, 'h2'), stepOf(entry)]).toEqual([
      'h1',
      true,
      false,
      'submit',
    ])
    expect(valuesOf(entry)).toEqual({ note: '已清理' })
    expect(onVersion(entry, 9)).toMatchObject({ p_version: 9, p_fields: { event_id: 'e1' } })
  })

  it('lets the next one be taken before it has arrived', () => {
    const assigned = { state: 'assigned', version: 3, steps: ['start'] }
    expect(foreseen(assigned, [])).toEqual(assigned)
    expect(foreseen(assigned, [take('start')])).toEqual({ state: 'rectifying', version: 4, steps: ['submit'] })
    expect(foreseen(assigned, [take('start'), take('submit', 4)])).toEqual({
      state: 'submitted',
      version: 5,
      steps: [],
    })
  })

  it('tells who was quicker', () => {
    const now = { state: 'submitted', version: 5, steps: [], last: null }
    const refused = (answer: unknown): OutboxEntry => ({
      ...take('submit'),
      state: 'failed',
      reason: { kind: 'refused', message: '', answer },
    })
    expect(conflictOf(refused({ status: 'conflict', hazard: now }))).toEqual(now)
    expect(conflictOf(refused({ status: 'rejected', hazard: now }))).toBeNull()
    expect(conflictOf(take('submit'))).toBeNull()
  })
})
