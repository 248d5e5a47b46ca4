import { describe, expect, test } from 'vitest'
import {
  type Campaign,
  type Campaigns,
  differences,
  draftOf,
  formatFilter,
  newDraft,
  parseFilter,
  progress,
} from '../../../src/features/campaigns/campaign'

const campaign: Campaign = {
  id: 7,
  version: 3,
  name: '百日攻坚',
  from: '2026-10-08',
  to: '2027-01-15',
  state: 'running',
  grid: { id: 1, code: '120119', name: '蓟州区' },
  sectors: [
    { id: 9, code: 'b', name: '乙' },
    { id: 4, code: 'a', name: '甲' },
  ],
  description: null,
  may_change: true,
  by: '沈文清',
  at: '2026-10-08T01:00:00Z',
}

describe('the link', () => {
  test('says what is asked for and nothing else', () => {
    expect(parseFilter({ grid: '120119', state: 'running', x: 'y' })).toEqual({ grid: '120119', state: 'running' })
    expect(parseFilter({ grid: '', state: 'never' })).toEqual({})
    expect(parseFilter({ grid: ['1', '2'] })).toEqual({})
    expect(formatFilter({ grid: '120119' })).toEqual({ grid: '120119' })
    expect(formatFilter({})).toEqual({})
  })
})

describe('a form', () => {
  const known = {
    today: '2026-11-22',
    grids: [
      { code: '120119', name: '蓟州区', level: 1 },
      { code: '120119106', name: '别山镇', level: 2 },
    ],
  } as Campaigns

  test('begins today, with the grid of the page where one may', () => {
    expect(newDraft(known, '120119106')).toMatchObject({ grid: '120119106', from: '2026-11-22', id: null })
    expect(newDraft(known, '999').grid).toBe('120119')
  })

  test('holds what is written down', () => {
    expect(draftOf(campaign)).toMatchObject({ id: 7, version: 3, grid: '120119', sectors: [4, 9], description: '' })
  })

  test('tells in what it differs from another, in its own order', () => {
    const mine = draftOf(campaign)
    expect(differences(mine, { ...mine, sectors: [9, 4], name: ' 百日攻坚 ', version: 9 })).toEqual([])
    expect(differences(mine, { ...mine, to: '2026-12-01', name: '别的', sectors: [4] })).toEqual([
      'name',
      'sectors',
      'to',
    ])
  })
})

test.each([
  ['2026-10-07', { day: 0, of: 100 }],
  ['2026-10-08', { day: 1, of: 100 }],
  ['2026-11-22', { day: 46, of: 100 }],
  ['2027-01-15', { day: 100, of: 100 }],
  ['2027-03-01', { day: 100, of: 100 }],
])('on %s it is on its day %j', (today, expected) => {
  expect(progress(campaign, today)).toEqual(expected)
})
