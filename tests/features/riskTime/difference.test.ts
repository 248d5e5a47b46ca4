import { describe, expect, it } from 'vitest'
import { differences } from '../../../src/features/riskTime/difference'

const side = (grid_id: number, level: number, index: number) => ({ grid_id, level, index })

describe('two pictures side by side', () => {
  const left = [side(1, 3, 40), side(2, 2, 60), side(3, 4, 10.2), side(4, 1, 80), side(5, 0, 0), side(6, 2, 20)]
  const right = [side(1, 2, 41), side(2, 2, 58), side(3, 4, 10.9), side(4, 4, 12), side(5, 4, 3), side(6, 3, 30)]
  const found = new Map(differences(left, right).map((row) => [row.grid_id, row]))

  it('a graver level is worse, whatever the index; then the index as it is shown decides', () => {
    expect(found.get(1)).toMatchObject({ way: 'worse', by: 1 })
    expect(found.get(2)).toMatchObject({ way: 'better', by: -2 })
    expect(found.get(3)).toMatchObject({ way: 'same', by: 0 })
    expect(found.get(4)).toMatchObject({ way: 'better' })
    // something to judge where there was nothing
    expect(found.get(5)).toMatchObject({ way: 'worse' })
    // a veto is gone although there is more
    expect(found.get(6)).toMatchObject({ way: 'better', by: 10 })
  })

  it('the greatest change of level comes first', () => {
    expect(differences(left, right)[0]?.grid_id).toBe(4)
  })

  it('what one side does not know is no change', () => {
    expect(differences([side(1, 1, 90)], [side(2, 4, 1)])).toEqual([
      { grid_id: 1, left: side(1, 1, 90), right: null, by: null, way: 'same' },
      { grid_id: 2, left: null, right: side(2, 4, 1), by: null, way: 'same' },
    ])
    expect(differences([], [])).toEqual([])
  })
})
