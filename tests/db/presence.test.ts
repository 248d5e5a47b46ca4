import { describe, expect, it } from 'vitest'
import { othersOf } from '../../src/db/presence'

const said = (user_id: string, since: string, grid_id = 1) => ({ user_id, name: `人${user_id}`, since, grid_id })

describe('who else is there', () => {
  it('is everyone but this page, the longest there first', () => {
    const everyone = new Map([
      ['mine', [said('a', '2026-01-01T08:00:00Z')]],
      ['k2', [said('b', '2026-01-01T09:00:00Z')]],
      ['k3', [said('c', '2026-01-01T07:00:00Z')]],
    ])
    expect(othersOf(everyone, 'mine').map(({ user_id }) => user_id)).toEqual(['c', 'b'])
  })

  it('counts a person in two windows once a grid, since the earlier', () => {
    const everyone = new Map([
      ['k1', [said('a', '2026-01-01T09:00:00Z')]],
      ['k2', [said('a', '2026-01-01T08:00:00Z'), said('a', '2026-01-01T10:00:00Z', 2)]],
    ])
    expect(othersOf(everyone, 'mine')).toEqual([
      said('a', '2026-01-01T08:00:00Z'),
      said('a', '2026-01-01T10:00:00Z', 2),
    ])
  })

  it('believes nobody: what is no word is none, what is too long is cut', () => {
    const strange = new Map([['k', [{ user_id: 7, name: 'x'.repeat(500), since: null, grid_id: 'nine' }]]])
    expect(othersOf(strange, 'mine')).toEqual([{ user_id: '', name: 'x'.repeat(60), since: '', grid_id: 0 }])
  })
})
