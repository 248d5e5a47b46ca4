import { describe, expect, it } from 'vitest'
import { heirsOf, withHeir } from '../../../src/features/boundaries/heirs'

const merge = (into: number, ...cells: number[]) => ({ op: 'merge' as const, into, cells: [into, ...cells] })

describe('the people of a merged grid go', () => {
  it('where its ground went, through as many merges as there were', () => {
    const living = new Set([1, 9])
    expect([...heirsOf([merge(2, 3), merge(1, 2), merge(9, 8)], (id) => living.has(id))]).toEqual([
      [3, 1],
      [2, 1],
      [8, 9],
    ])
  })

  it('nowhere when what swallowed it is gone, or when it is there again', () => {
    expect(heirsOf([merge(2, 3), { op: 'retire', cell: 2 }], () => false).size).toBe(0)
    expect(heirsOf([merge(2, 3)], () => true).size).toBe(0)
    expect(heirsOf([merge(2, 3), merge(3, 2)], () => false).size).toBe(0)
  })

  it('by the code of a grid that is new itself', () => {
    expect(withHeir({ id: 3, retire: true }, { id: -1, code: 'a' })).toEqual({
      id: 3,
      retire: true,
      members_to_code: 'a',
    })
    expect(withHeir({ id: 3, retire: true }, { id: 7, code: 'a' })).toEqual({ id: 3, retire: true, members_to: 7 })
    expect(withHeir({ id: 3, code: 'x' }, { id: 7, code: 'a' })).toEqual({ id: 3, code: 'x' })
    expect(withHeir({ id: 3, retire: true }, null)).toEqual({ id: 3, retire: true })
  })
})
