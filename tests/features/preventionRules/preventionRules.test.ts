import { describe, expect, test } from 'vitest'
import {
  changedIn,
  draftOf,
  faultsOf,
  levelOf,
  type PreventionVersion,
  read,
} from '../../../src/features/preventionRules/preventionRules'

const now: PreventionVersion = {
  id: 1,
  lec: [320, 160, 70],
  ls: [20, 9, 4],
  source_grades: [100, 50, 10],
  alpha: [[0, 1]],
  radius_m: 500,
  source_floor: [1, 2, null, null],
  note: null,
  created_at: '2026-01-01T00:00:00Z',
  created_by: null,
}

describe('a draft', () => {
  test('of what holds changes nothing', () => {
    expect(faultsOf(draftOf(now))).toEqual([])
    expect(changedIn(draftOf(now), now)).toBe(null)
    // the same number written otherwise is the same number
    expect(changedIn({ ...draftOf(now), lec: ['320.0', ' 160', '70'] }, now)).toBe(null)
  })

  test('sends only what differs', () => {
    expect(changedIn({ ...draftOf(now), ls: ['20', '10', '4'] }, now)).toEqual({ ls: [20, 10, 4] })
    expect(changedIn({ ...draftOf(now), source_floor: ['1', '', '', '4'] }, now)).toEqual({
      source_floor: [1, null, null, 4],
    })
  })

  test.each([
    [['70', '160', '320']],
    [['320', '320', '70']],
    [['320', '160', '0']],
    [['320', '160', '']],
    [['320', '160', '-1']],
    [['3e2', '160', '70']],
  ] as [[string, string, string]][])('%j is no order', (lec) => {
    expect(faultsOf({ ...draftOf(now), lec })).toEqual(['lec'])
  })
})

test('a score has the level of the first threshold it reaches', () => {
  expect([320, 319, 160, 70, 69.9].map((score) => levelOf(score, [320, 160, 70]))).toEqual([1, 2, 2, 3, 4])
  expect(levelOf(400, [read('x'), 160, 70])).toBe(0)
})
