import { describe, expect, it } from 'vitest'
import { addRecent, type Found, groupFound, linkOf, markMatch, RECENT_MOST } from '../../../src/features/search/search'

const found = (kind: Found['kind'], id: number | string, more: Partial<Found> = {}): Found => ({
  kind,
  id,
  title: `${kind} ${id}`,
  subtitle: '',
  grid_id: null,
  lon: null,
  lat: null,
  ...more,
})

describe('what search found', () => {
  it('is grouped in the order of the best hit, and keeps the order within', () => {
    const groups = groupFound([found('enterprise', 'a'), found('grid', 1), found('enterprise', 'b')])
    expect(groups.map((g) => [g.kind, g.items.map((i) => i.id)])).toEqual([
      ['enterprise', ['a', 'b']],
      ['grid', [1]],
    ])
  })

  it('marks the words where they stand, whatever the case, and nothing when initials matched', () => {
    expect(markMatch('别山镇', '山')).toEqual({ before: '别', match: '山', after: '镇' })
    expect(markMatch('LPG 站', 'lpg')).toEqual({ before: '', match: 'LPG', after: ' 站' })
    expect(markMatch('别山镇', 'bsz')).toEqual({ before: '别山镇', match: '', after: '' })
    expect(markMatch('别山镇', '')).toEqual({ before: '别山镇', match: '', after: '' })
  })

  it('leads to the map: grids by code, a person to the grid they answer for, records by id', () => {
    const codeOf = (id: number) => (id === 7 ? '120119106' : undefined)
    expect(linkOf(found('grid', 7, { code: '120119106' }), codeOf)).toEqual({ grid: '120119106' })
    expect(linkOf(found('person', 'u', { grid_id: 7 }), codeOf)).toEqual({ grid: '120119106' })
    expect(linkOf(found('person', 'u', { grid_id: 8 }), codeOf)).toBeNull()
    expect(linkOf(found('person', 'u'), codeOf)).toBeNull()
    expect(linkOf(found('hazard', 'h'), codeOf)).toEqual({ sel: 'hazard:h' })
  })

  it('remembers the newest first, each once, and not without end', () => {
    let recent: Found[] = []
    for (let i = 0; i < 20; i++) recent = addRecent(recent, found('grid', i % 10))
    expect(recent).toHaveLength(RECENT_MOST)
    expect(recent.map((item) => item.id)).toEqual([9, 8, 7, 6, 5, 4, 3, 2])
  })
})
