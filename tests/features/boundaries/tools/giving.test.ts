import type { MultiPolygon } from 'geojson'
import { expect, it } from 'vitest'
import { cutsAcross, givenAreas } from '../../../../src/features/boundaries/tools/giving'
import type { Position } from '../../../../src/geo/coverage/types'

const giver: MultiPolygon = {
  type: 'MultiPolygon',
  coordinates: [
    [
      [
        [0, 0],
        [10, 0],
        [10, 10],
        [0, 10],
        [0, 0],
      ],
    ],
  ],
}
const across: Position[] = [
  [-1, 5],
  [5, 6],
  [11, 5],
]
const around: Position[] = [
  [8, -1],
  [8, 4],
  [11, 4],
]
const within: Position[] = [
  [2, 2],
  [4, 2],
  [4, 4],
]

it('a line from side to side cuts; what begins inside, or could be closed outside, goes around a piece', () => {
  expect(cutsAcross(giver, across)).toBe(true)
  expect(cutsAcross(giver, across.slice(0, 2))).toBe(true)
  expect(cutsAcross(giver, within)).toBe(false)
  expect(
    cutsAcross(giver, [
      [2, -1],
      [2, 4],
      [6, 4],
      [6, -1],
    ]),
  ).toBe(false)
  expect(cutsAcross(giver, [...across, across[0]!])).toBe(false)
  expect(cutsAcross(giver, [])).toBe(false)
})

it('the likelier meaning comes first, and what goes around is closed', () => {
  expect(givenAreas(giver, across)).toEqual([across, [...across, across[0]]])
  expect(givenAreas(giver, within)).toEqual([[...within, within[0]]])
  expect(givenAreas(giver, around)[0]).toEqual(around)
  expect(givenAreas(giver, across.slice(0, 2))).toEqual([across.slice(0, 2)])
  const closed = [...within, within[0]!]
  expect(givenAreas(giver, closed)).toEqual([closed])
  expect(givenAreas(giver, [])).toEqual([])
})
