import { describe, expect, it } from 'vitest'
import type { Present } from '../../../src/db/presence'
import { companyOf } from '../../../src/features/boundaries/company'

const at = (user_id: string, grid_id: number, name = `人${user_id}`): Present => ({ user_id, grid_id, name, since: '' })
const nameOf = (id: number) => ({ 1: '蓟州区', 7: '别山镇' })[id]

describe('who else is at work', () => {
  it('is never oneself: another window of one’s own is called that', () => {
    expect(companyOf([at('me', 1)], 'me', nameOf)).toEqual([{ key: 'mine', grid: '蓟州区', people: [], n: 1 }])
  })

  it('is told by the parent that is edited: here, below, and above', () => {
    const said = companyOf([at('a', 1), at('b', 7), at('c', 99)], 'me', nameOf)
    expect(said.map(({ key, grid, people }) => [key, grid, ...people])).toEqual([
      ['here', '蓟州区', '人a'],
      ['here', '别山镇', '人b'],
      ['above', '', '人c'],
    ])
  })

  it('counts people, not windows, and names three', () => {
    const many = ['a', 'a', 'b', 'c', 'd'].map((who) => at(who, 7))
    expect(companyOf(many, 'me', nameOf)).toEqual([
      { key: 'hereMany', grid: '别山镇', people: ['人a', '人b', '人c'], n: 4 },
    ])
  })

  it('does not count who only looks', () => {
    expect(companyOf([at('a', 0)], 'me', nameOf)).toEqual([])
  })
})
