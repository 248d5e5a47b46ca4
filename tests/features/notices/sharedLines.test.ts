import { expect, test } from 'vitest'
import { sharedLines } from '../../../src/features/notices/sheet/sharedLines'

const west = [
  [0, 0],
  [5, 0],
  [5, 5],
  [0, 5],
  [0, 0],
] as const
const east = [
  [5, 0],
  [10, 0],
  [10, 5],
  [5, 5],
  [5, 0],
] as const
const around = [
  [0, 0],
  [5, 0],
  [10, 0],
  [10, 5],
  [5, 5],
  [0, 5],
  [0, 0],
] as const
const length = (lines: readonly (readonly (readonly [number, number])[])[]) =>
  lines
    .flatMap((line) => line.slice(1).map(([x, y], i) => Math.hypot(x - line[i]![0], y - line[i]![1])))
    .reduce((a, b) => a + b, 0)

test('a border between two areas is drawn once, the one around both not at all', () => {
  expect(sharedLines([west, east], [around])).toEqual([
    [
      [5, 0],
      [5, 5],
    ],
  ])
})

test('without anything to leave out, every piece is there once', () => {
  expect(length(sharedLines([west, east], []))).toBe(35)
  expect(length(sharedLines([west, west], []))).toBe(20)
})
