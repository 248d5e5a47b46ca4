import { describe, expect, it } from 'vitest'
import { changedIn, draftOf, faultsOf, type RuleVersion } from '../../../src/features/riskRules/riskRules'

const version: RuleVersion = {
  id: 2,
  effective_from: '2026-01-01',
  weights: { hazard_general: 1, hazard_major: 10 },
  scales: { 1: 20_000, 2: 1_000 },
  thresholds: [75, 50, 25],
  note: null,
  created_at: '2026-01-01T00:00:00Z',
  created_by: null,
}
const draft = () => draftOf(version, '2026-11-22')

describe('a draft of the rules', () => {
  it('is no change until something differs, and then only that', () => {
    expect(changedIn(draft(), version)).toBeNull()
    const typed = draft()
    typed.weights.hazard_major = ' 12.5 '
    typed.weights.hazard_general = '1.0'
    expect(changedIn(typed, version)).toEqual({ weights: { hazard_major: 12.5 } })
    typed.scales[2] = '900'
    typed.thresholds[1] = '55'
    expect(changedIn(typed, version)).toEqual({
      weights: { hazard_major: 12.5 },
      scales: { 2: 900 },
      thresholds: [75, 55, 25],
    })
  })

  it('names every field that holds no number the rule can have', () => {
    expect(faultsOf(draft())).toEqual([])
    for (const word of ['', 'x', '-1', '1e3', '1001', '٣']) {
      const typed = draft()
      typed.weights.hazard_major = word
      expect(faultsOf(typed), word).toEqual(['weights.hazard_major'])
    }
    for (const word of ['0', '', '9999999999']) {
      const typed = draft()
      typed.scales[1] = word
      expect(faultsOf(typed), word).toEqual(['scales.1'])
    }
    for (const thresholds of [
      ['75', '75', '25'],
      ['100', '50', '25'],
      ['75', '50', '0'],
      ['50', '75', '25'],
      ['', '50', '25'],
    ] as const) {
      expect(faultsOf({ ...draft(), thresholds: [...thresholds] })).toEqual(['thresholds'])
    }
  })

  it('reads in the order of the panel that explains a grid, whatever order the database has', () => {
    const weights = {
      assurance_missing: 1,
      accident_major: 40,
      strange: 3,
      hazard_general: 1,
      hazard_major: 10,
      enterprise_red: 20,
    }
    expect(Object.keys(draftOf({ ...version, weights }, '2026-11-22').weights)).toEqual([
      'enterprise_red',
      'hazard_major',
      'hazard_general',
      'accident_major',
      'assurance_missing',
      'strange',
    ])
  })
})
