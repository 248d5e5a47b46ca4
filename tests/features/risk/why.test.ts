import { describe, expect, it } from 'vitest'
import words from '../../../src/features/risk/why/messages'
import { ledgerOf, placeOf, type RiskRecord, shownIndex } from '../../../src/features/risk/why/reason'

const FACTORS = [
  'enterprise_red',
  'enterprise_orange',
  'enterprise_yellow',
  'enterprise_blue',
  'hazard_general',
  'hazard_major',
  'overdue_general',
  'overdue_major',
  'duty_missed',
  'accident_general',
  'accident_larger',
  'accident_major',
  'accident_extraordinary',
  'assurance_missing',
]

describe('the parts of the index', () => {
  it('have a name in both languages', () => {
    for (const locale of ['zh-CN', 'en'] as const)
      expect(Object.keys(words[locale].riskWhy.factor).sort()).toEqual([...FACTORS].sort())
  })

  it.each([
    ['enterprise_orange', '/enterprises', { grid: '101', level: '2' }],
    ['enterprise_blue', '/enterprises', { grid: '101', level: '4' }],
    ['hazard_major', '/hazards', { grid: '101', severity: 'major' }],
    ['overdue_general', '/hazards', { grid: '101', severity: 'general', overdue: 'true' }],
  ])('%s opens the ledger of what it counts', (factor, path, query) => {
    expect(ledgerOf(factor, '101', null)).toEqual({ path, query })
    expect(ledgerOf(factor, '101', 7)).toEqual({ path, query: { ...query, sector: '7' } })
  })

  it.each(['duty_missed', 'accident_general', 'assurance_missing'])('%s has no ledger, and is listed in place', (f) => {
    expect(ledgerOf(f, '101', null)).toBeNull()
  })

  it('each record is one click away, where there is a page of it', () => {
    const record = (kind: RiskRecord['kind']) =>
      placeOf({ kind, id: 'x', title: '', note: null, at: null, grid_id: 1, grid_code: '10 1', grid: '' })
    expect(record('hazard')).toBe('/hazards/x')
    expect(record('enterprise')).toBe('/map?sel=enterprise:x')
    expect(record('duty')).toBe('/people/10%201')
    expect(record('accident')).toBeNull()
  })

  it('an index is never shown higher than it is', () => {
    expect(shownIndex(74.99)).toBe(74.9)
    expect(shownIndex(75)).toBe(75)
    expect(shownIndex(0.1)).toBe(0.1)
    expect(shownIndex(57.3)).toBe(57.3)
  })
})
