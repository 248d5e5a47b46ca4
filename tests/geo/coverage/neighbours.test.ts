import { expect, it } from 'vitest'
import { neighboursOf } from '../../../src/geo/coverage/neighbours'
import { board, box, cell, chessboard, opened, polygon } from './ground'

it('neighbours share a border, not a corner; the longest first', () => {
  const nine = opened(board(3, 3), chessboard(3, 3))
  expect([...neighboursOf(nine, 14).keys()].sort()).toEqual([11, 13, 15, 17])
  expect([...neighboursOf(nine, 10).keys()].sort()).toEqual([11, 13])
  // a degree of latitude is longer than one of longitude
  expect([...neighboursOf(nine, 14).keys()].slice(0, 2).sort()).toEqual([13, 15])
  expect(neighboursOf(nine, 14).get(13)).toBeCloseTo(1112, 0)
  expect(neighboursOf(nine, 99).size).toBe(0)
})

it('an enclave has its surroundings for a neighbour; children and parents are none', () => {
  const hole = box(0.2, 0.2, 0.4, 0.4)
  const coverage = opened(board(1, 1), [
    cell(10, polygon(box(0, 0, 1, 1), hole)),
    cell(11, polygon(hole)),
    cell(20, polygon(hole), 11, 4),
  ])
  expect([...neighboursOf(coverage, 11).keys()]).toEqual([10])
  expect([...neighboursOf(coverage, 10).keys()]).toEqual([11])
  expect(neighboursOf(coverage, 20).size).toBe(0)
})
