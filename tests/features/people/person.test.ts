import { expect, test } from 'vitest'
import { lacksLeader, rowsOf, type StaffedGrid, shortName } from '../../../src/features/people/person'
import { cropOf, PORTRAIT } from '../../../src/features/people/portrait'

const grid = (
  id: number,
  parent_id: number | null,
  code: string,
  leader = '',
  kind: StaffedGrid['kind'] = 'area',
): StaffedGrid => ({
  id,
  code,
  name: `格${code}`,
  level: 1,
  kind,
  parent_id,
  may: [],
  people: leader
    ? [
        {
          user_id: leader,
          name: leader,
          title: null,
          phone: '13900000001',
          photo_path: null,
          position: 'leader',
          since: '2026-01-01',
          account: false,
          may_edit: false,
        },
      ]
    : [],
})
const county = [
  grid(1, null, '1', '赵'),
  grid(3, 1, '102'),
  grid(2, 1, '101', '钱'),
  grid(4, 2, '10102', '孙'),
  grid(5, 2, '10101'),
]
const codes = (word: string, leaderless = false) => rowsOf(county, 1, word, leaderless).map(({ grid: g }) => g.code)

test('grids stand in the order of the tree, each with its depth', () => {
  const rows = rowsOf(county, 1, '', false)
  expect(rows.map((row) => [row.grid.code, row.depth])).toEqual([
    ['1', 0],
    ['101', 1],
    ['10101', 2],
    ['10102', 2],
    ['102', 1],
  ])
})

test('a list that begins in the middle of the tree begins there', () => {
  expect(rowsOf(county.slice(2), 2, '', false).map(({ grid: g }) => g.code)).toEqual(['101', '10101', '10102'])
})

test('a word finds grids by name, code, person and phone', () => {
  expect(codes('10101')).toEqual(['10101'])
  expect(codes('孙')).toEqual(['10102'])
  expect(codes('0000001')).toEqual(['1', '101', '10102'])
  expect(codes('无此')).toEqual([])
})

test('those without a leader can be seen alone; a department has none by nature', () => {
  expect(codes('', true)).toEqual(['10101', '102'])
  expect(lacksLeader(grid(9, 1, 'd', '', 'department'))).toBe(false)
})

test('a village is named without its committee', () => {
  expect(shortName('盘山村村民委员会')).toBe('盘山村')
  expect(shortName('居委会')).toBe('居委会')
})

test('a portrait is cut to its proportion wherever it is taken from', () => {
  for (const [w, h] of [
    [4000, 3000],
    [3000, 4000],
    [450, 600],
    [10, 5000],
  ] as const) {
    for (const at of [0, 0.3, 1]) {
      const crop = cropOf(w, h, at)
      expect(crop.w / crop.h).toBeCloseTo(PORTRAIT.width / PORTRAIT.height, 6)
      expect(crop.x).toBeGreaterThanOrEqual(0)
      expect(crop.y).toBeGreaterThanOrEqual(0)
      expect(crop.x + crop.w).toBeLessThanOrEqual(w + 1e-6)
      expect(crop.y + crop.h).toBeLessThanOrEqual(h + 1e-6)
    }
  }
})
