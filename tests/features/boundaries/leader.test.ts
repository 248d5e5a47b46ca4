import { describe, expect, it } from 'vitest'
import { rootOf, toSent } from '../../../src/features/boundaries/boundary'
import type { FoundPerson, NewLeader } from '../../../src/features/boundaries/boundaryRpc'
import { drawingOf } from '../../../src/features/boundaries/boundaryStore'
import { type Command, perform } from '../../../src/features/boundaries/command'
import { leaderFrom, namesakes, nextOption } from '../../../src/features/boundaries/leader'
import { township } from './make'

const person = (user_id: string, name: string): FoundPerson => ({ user_id, name, title: null, phone: null })

describe('who is meant by a typed name', () => {
  it('may be anybody called just so, blanks aside', () => {
    const found = [person('a', '王新'), person('b', '王新民'), person('c', '王新')]
    expect(namesakes(' 王新 ', found).map((each) => each.user_id)).toEqual(['a', 'c'])
    expect(namesakes('王', found)).toEqual([])
  })

  it('is the one picked, or a new one, said so or not', () => {
    expect(leaderFrom('  ', '1', null, false)).toBeNull()
    expect(leaderFrom('王新', '1', person('a', '王新'), false)).toEqual({ user_id: 'a', name: '王新' })
    expect(leaderFrom(' 王新 ', ' 1 ', null, false)).toEqual({ name: '王新', phone: '1' })
    expect(leaderFrom('王新', '1', null, true)).toEqual({ name: '王新', phone: '1', new: true })
  })

  it('is gone to by arrow keys, round at both ends', () => {
    expect([nextOption(-1, 1, 3), nextOption(2, 1, 3), nextOption(-1, -1, 3), nextOption(0, -1, 3)]).toEqual([
      0, 0, 2, 2,
    ])
    expect(nextOption(-1, 1, 0)).toBe(-1)
  })
})

describe('the leader of a grid made in this session', () => {
  const opened = drawingOf(township())
  if (!opened.ok) throw new Error(opened.reason.code)
  const from = opened.drawing
  const split: Command = {
    op: 'split',
    cell: 11,
    lines: [
      [
        [116.99, 40.03],
        [117.11, 40.03],
      ],
    ],
    kept: '11村',
    made: [{ id: -1, code: '1015', name: '新村', leader: { name: '王新', phone: '' } }],
  }
  const leaderAfter = (...commands: Command[]) => {
    let drawing = from
    for (const command of commands) {
      const result = perform(drawing, JSON.parse(JSON.stringify(command)))
      if (!result.ok) throw new Error(result.reason.code)
      drawing = result.drawing
    }
    return toSent(from, drawing, rootOf(township())).find((change) => change.code === '1015')?.leader
  }
  const renamed = (more: { leader?: NewLeader | null }): Command => ({
    op: 'describe',
    cell: -1,
    code: '1015',
    name: '新村',
    ...more,
  })

  it('can be corrected afterwards, and stays when nothing is said', () => {
    expect(leaderAfter(split, renamed({}))).toEqual({ name: '王新', phone: '' })
    expect(leaderAfter(split, renamed({ leader: { user_id: 'a', name: '王新' } }))).toBe('a')
    expect(leaderAfter(split, renamed({ leader: { name: '王新', phone: '', new: true } }))).toEqual({
      name: '王新',
      phone: '',
      new: true,
    })
    expect(leaderAfter(split, renamed({ leader: null }))).toBeUndefined()
  })

  it('is no business of a grid that exists', () => {
    const result = perform(from, {
      op: 'describe',
      cell: 11,
      code: '1011',
      name: 'x',
      leader: { user_id: 'a', name: 'b' },
    })
    expect(result.ok && result.drawing.details.get(11)?.appoint).toBeNull()
  })
})
