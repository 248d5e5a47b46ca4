import { describe, expect, it } from 'vitest'
import words from '../../../src/features/prevention/messages'
import {
  axesOf,
  CATEGORIES,
  CONTROLS,
  draftOf,
  formula,
  levelCounts,
  levelHint,
  pointOf,
  type RiskPoint,
  SCALES,
  scoreOf,
  stepsOf,
  withMethod,
} from '../../../src/features/prevention/riskPoint'

const thresholds = { lec: [320, 160, 70], ls: [20, 9, 4] }
const point: RiskPoint = {
  id: 'p',
  enterprise_id: 'e',
  name: '罐区',
  method: 'LEC',
  l: 6,
  e: 6,
  c: 40,
  s: null,
  score: 1440,
  level: 1,
  accident_kinds: null,
  control: 'company',
  responsible: '甲',
  responsible_post: null,
  responsible_phone: null,
  version: 3,
  updated_at: '2026-01-01T00:00:00Z',
  measures: [{ category: 'training', content: '培训', person: null, phone: null, post: null }],
}

describe('the score of a risk point', () => {
  it('is the product of its axes, without the noise of floating point', () => {
    expect(scoreOf('LEC', { l: 0.1, e: 3, c: 7 })).toBe(2.1)
    expect(scoreOf('LS', { l: 5, s: 4 })).toBe(20)
    expect(scoreOf('LEC', { l: 3, e: null, c: 7 })).toBe(null)
    expect(scoreOf('LS', { l: 3, e: 6, c: 7 })).toBe(null)
  })

  it('reaches a level at its threshold, not before', () => {
    for (const [score, level] of [
      [320, 1],
      [319.9, 2],
      [160, 2],
      [159, 3],
      [70, 3],
      [69, 4],
    ] as const)
      expect(levelHint('LEC', score, thresholds)).toBe(level)
    expect([20, 19, 9, 8, 4, 3].map((score) => levelHint('LS', score, thresholds))).toEqual([1, 2, 2, 3, 3, 4])
    expect(levelHint('LEC', null, thresholds)).toBe(0)
    expect(levelHint('LEC', 200, { ...thresholds, lec: [200, 100, 50] })).toBe(1)
  })

  it('is said as it was reckoned', () => {
    expect(formula(point, 'en')).toBe('6 × 6 × 40 = 1,440')
    expect(formula({ ...point, method: 'LS', l: 3, s: 4, score: 12 }, 'en')).toBe('3 × 4 = 12')
  })
})

describe('the form of a risk point', () => {
  it('asks anew for what the other method measures otherwise', () => {
    const draft = draftOf(point)
    expect(withMethod(draft, 'LEC')).toBe(draft)
    expect(withMethod(draft, 'LS')).toMatchObject({ method: 'LS', l: null, e: null, c: null, s: null, name: '罐区' })
  })

  it('sends what its method asks for and the version that was seen', () => {
    const draft = draftOf(point)
    draft.measures.push({ category: 'emergency', content: '  ', person: '', phone: '', post: '' })
    const sent = pointOf({ ...draft, s: 5 }, 'e')
    expect(sent).toMatchObject({ id: 'p', enterprise_id: 'e', version: 3, l: 6, e: 6, c: 40, s: null })
    expect(sent.measures).toHaveLength(1)
    expect(pointOf({ ...draftOf(null), method: 'LS', l: 1, s: 2, c: 7 }, 'e')).toMatchObject({
      l: 1,
      s: 2,
      c: null,
      e: null,
    })
    expect('version' in pointOf(draftOf(null), 'e')).toBe(false)
    expect(draftOf(null).id).not.toBe(draftOf(null).id)
  })

  it('has a word for every step, category and control in both languages', () => {
    for (const { prevention } of Object.values(words)) {
      for (const method of ['LEC', 'LS'] as const)
        for (const axis of axesOf(method)) {
          const steps = (prevention.step[method] as Record<string, Record<string, string>>)[axis]!
          expect(Object.keys(steps).sort()).toEqual(
            stepsOf(method, axis)
              .map((step) => String(step).replace('.', '_'))
              .sort(),
          )
        }
      expect(Object.keys(prevention.category)).toEqual([...CATEGORIES])
      expect(Object.keys(prevention.control)).toEqual([...CONTROLS])
    }
    expect(SCALES.LEC.l).toHaveLength(7)
  })
})

it('counts the points of each level', () => {
  expect(levelCounts([point, point, { level: 4 }])).toEqual([0, 2, 0, 0, 1])
})
