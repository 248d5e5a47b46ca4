import { describe, expect, it } from 'vitest'
import {
  ACTIONS,
  beforeAfter,
  categoryChoices,
  dayOf,
  daysLate,
  fieldsOf,
  type LoopCard,
  type LoopEvent,
  nextOf,
  toFields,
  unfilled,
  wordOf,
} from '../../../src/features/hazardLoop/loop'
import messages from '../../../src/features/hazardLoop/messages'

const card = (more: Partial<LoopCard> = {}): LoopCard =>
  ({
    severity: 'general',
    state: 'reported',
    due_at: '2026-11-20T16:30:00+00:00',
    listed_at: null,
    published_at: null,
    delisted_at: null,
    extension_until: null,
    assurance_person: null,
    assurance_funds: null,
    assurance_measures: null,
    assurance_deadline: null,
    assurance_plan: null,
    assigned_to_name: '史振海',
    photos: ['f/before.jpg'],
    steps: [],
    ...more,
  }) as LoopCard

describe('the loop on the page', () => {
  it('has words in both languages for every step and every field', () => {
    const cards = [
      card(),
      card({ severity: 'major', state: 'assigned', listed_at: '2026-01-01T00:00:00Z' }),
      card({ extension_until: '2026-12-01' }),
    ]
    for (const words of [messages['zh-CN'].hazardLoop, messages.en.hazardLoop])
      for (const action of ACTIONS)
        for (const one of cards) {
          expect(Object.keys(words.action)).toContain(wordOf(action, one))
          for (const field of fieldsOf(action, one)) {
            expect(Object.keys(words.field)).toContain(field.label)
            for (const choice of field.choices ?? []) expect(Object.keys(words.choice)).toContain(choice)
          }
        }
  })

  it('asks for the five assurances of a major hazard only', () => {
    expect(fieldsOf('start', card()).map((f) => f.key)).toEqual(['note'])
    const five = fieldsOf('start', card({ severity: 'major' }))
    expect(five.filter((f) => f.must)).toHaveLength(5)
    // 00:30 of the 21st in China
    expect(five.find((f) => f.key === 'assurance_deadline')?.start).toBe('2026-11-21')
    expect(unfilled(five, { assurance_person: '甲', assurance_funds: ' ' })).toEqual([
      'assurance_funds',
      'assurance_measures',
      'assurance_deadline',
      'assurance_plan',
    ])
  })

  it('files a listing first, then publishes it; asks for an extension, then decides', () => {
    const filed = card({ listed_at: '2026-01-01T00:00:00Z' })
    expect([wordOf('list', card()), wordOf('list', filed)]).toEqual(['list', 'publish'])
    expect(toFields('list', card(), { level: 'county', note: '' })).toEqual({ level: 'county' })
    expect(toFields('list', filed, { note: '网站' })).toEqual({ note: '网站', publish: true })
    expect(
      toFields('extend', card({ extension_until: '2026-12-01' }), { grant: 'false', note: '不同意', until: 'x' }),
    ).toEqual({
      grant: 'false',
      note: '不同意',
    })
  })

  it('confirms with the category that it has, or with another that is in use', () => {
    const all = [
      { id: 1, name: '消防安全', retired: false },
      { id: 2, name: '用火安全', retired: true },
      { id: 3, name: '用电安全', retired: false },
    ]
    const startOf = (one: LoopCard) => fieldsOf('verify', one).find(({ key }) => key === 'category')?.start
    const old = card({ category: { id: 2, name: '用火安全' } })
    expect([startOf(card()), startOf(old)]).toEqual(['', '2'])
    expect(categoryChoices(all, card()).map(({ id }) => id)).toEqual([1, 3])
    expect(categoryChoices(all, old).map(({ id }) => id)).toEqual([2, 1, 3])
    expect(toFields('verify', card(), { severity: 'general', category: '3' })).toEqual({
      severity: 'general',
      category: '3',
    })
    // nothing chosen: what a phone without signal does not know stays as it is
    expect(toFields('verify', card(), { severity: 'general', category: '' })).toEqual({ severity: 'general' })
  })

  it('makes a step the obvious one only when it brings the hazard on', () => {
    expect(nextOf(card({ state: 'assigned', steps: ['assign', 'list'] }))).toBeNull()
    expect(nextOf(card({ state: 'assigned', steps: ['start', 'assign'] }))).toBe('start')
    expect(nextOf(card({ state: 'submitted', steps: ['pass', 'return'] }))).toBe('pass')
    expect(nextOf(card({ state: 'rejected', steps: [] }))).toBeNull()
  })

  it('compares what was reported with what was last handed in', () => {
    const event = (action: string, photos: string[]) => ({ action, photos }) as LoopEvent
    const events = [
      event('submit', ['h/1.jpg']),
      event('return', ['h/2.jpg']),
      event('submit', ['h/3.jpg']),
      event('pass', []),
    ]
    expect(beforeAfter(card(), events)).toEqual({ before: ['f/before.jpg'], after: ['h/3.jpg'] })
    expect(dayOf(null)).toBe('')
  })

  it('counts how late a hazard is by days of the calendar in China, from one on', () => {
    const due = '2026-07-12T15:59:00Z'
    expect(daysLate(due, Date.parse('2026-07-12T15:59:30Z'))).toBe(1)
    expect(daysLate(due, Date.parse('2026-07-13T15:59:59Z'))).toBe(1)
    expect(daysLate(due, Date.parse('2026-07-13T16:00:00Z'))).toBe(2)
  })
})
