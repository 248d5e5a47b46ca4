import { describe, expect, it } from 'vitest'
import { checkCoverage } from '../../../src/geo/coverage/check'
import * as ops from '../../../src/geo/coverage/operations'
import { areaOf, changedCells, gapsOf, geometryOf, nearestArc, nearestHandle } from '../../../src/geo/coverage/read'
import type { Coverage } from '../../../src/geo/coverage/types'
import { areaM2 } from '../../../src/geo/measure'
import { at, board, box, cell, chessboard, done, edgeBalance, opened, polygon, ROOT, ring, totalArea } from './ground'

const nine = () => opened(board(3, 3), chessboard(3, 3))

/** Nothing wrong, and every edge inside walked once each way. */
function sound(coverage: Coverage, gaps = 0): void {
  expect(checkCoverage(coverage).filter((issue) => issue.severity === 'error')).toEqual([])
  expect(gapsOf(coverage)).toHaveLength(gaps)
  const total = gapsOf(coverage).reduce((sum, gap) => sum + gap.area_m2, totalArea(coverage))
  expect(total / areaOf(coverage, ROOT)).toBeCloseTo(1, 9)
  for (const arc of coverage.arcs.values()) {
    if (arc.levels.includes(coverage.level) && gaps === 0 && !arc.fixed) {
      expect(arc.left.filter((id) => coverage.cells.get(id)?.level === coverage.level)).toHaveLength(1)
      expect(arc.right.filter((id) => coverage.cells.get(id)?.level === coverage.level)).toHaveLength(1)
    }
  }
}

const two = (townships = [polygon(box(0, 0, 2, 2)), polygon(box(2, 0, 4, 2))]) =>
  opened(board(4, 2), [
    cell(10, townships[0]!),
    cell(11, townships[1]!),
    ...[0, 1, 2, 3].flatMap((x) => [
      cell(100 + x, polygon(box(x, 0, x + 1, 1)), x < 2 ? 10 : 11, 4),
      cell(200 + x, polygon(box(x, 1, x + 1, 2)), x < 2 ? 10 : 11, 4),
    ]),
  ])

describe('split', () => {
  it('lets the piece around a place keep the id; a place elsewhere says nothing', () => {
    const line = [at(1.3, 0.5), at(1.3, 2.5)]
    for (const [keeps, kept] of [
      [at(1.1, 1.5), 0.3],
      [at(1.9, 1.5), 0.7],
      [at(0.5, 0.5), 0.7],
      [undefined, 0.7],
    ] as const) {
      const before = nine()
      const { coverage } = done(ops.split(before, 14, [line], [-1], keeps))
      expect(areaOf(coverage, 14) / areaOf(before, 14)).toBeCloseTo(kept, 3)
      expect(areaOf(coverage, -1) / areaOf(before, 14)).toBeCloseTo(1 - kept, 3)
    }
  })

  it('cuts a cell in two; the larger keeps the id, the neighbours get the new vertices', () => {
    const before = nine()
    const edit = done(ops.split(before, 14, [[at(1.3, 0.5), at(1.3, 2.5)]], [-1]))
    expect(edit).toMatchObject({ touched: [11, 14, 17], created: [-1], removed: [] })
    sound(edit.coverage)
    expect(areaOf(edit.coverage, -1) / areaOf(before, 14)).toBeCloseTo(0.3, 4)
    expect(geometryOf(edit.coverage, 11).coordinates[0]![0]).toContainEqual(at(1.3, 1))
    expect(edit.coverage.cells.get(-1)).toMatchObject({ level: 3, parent: ROOT })
    expect(edit.coverage.children.get(ROOT)).toContain(-1)
  })

  it('by several lines, crossing each other', () => {
    const edit = done(
      ops.split(
        nine(),
        14,
        [
          [at(1.3, 0.9), at(1.3, 2.1)],
          [at(0.9, 1.6), at(2.1, 1.6)],
        ],
        [-1, -2, -3],
      ),
    )
    expect(edit.created).toEqual([-3, -2, -1])
    sound(edit.coverage)
    const areas = [14, -1, -2, -3].map((id) => areaOf(edit.coverage, id))
    expect(areas).toEqual(areas.toSorted((a, b) => b - a))
  })

  it('from the outline of the root, whose cells stay within it', () => {
    const edit = done(ops.split(nine(), 11, [[at(1.333, -0.5), at(1.777, 1.5)]], [-1]))
    sound(edit.coverage)
  })

  it('around a hole, and an enclave stays where it is', () => {
    const hole = box(0.4, 0.4, 0.6, 0.6)
    const before = opened(board(1, 1), [cell(10, polygon(box(0, 0, 1, 1), hole)), cell(11, polygon(hole))])
    const across = done(ops.split(before, 10, [[at(0.5, -0.1), at(0.5, 1.1)]], [-1]))
    sound(across.coverage)
    expect(areaOf(across.coverage, 11)).toBeCloseTo(areaOf(before, 11), 3)
    const besides = done(ops.split(before, 10, [[at(0.2, -0.1), at(0.2, 1.1)]], [-1]))
    sound(besides.coverage)
    expect(geometryOf(besides.coverage, 10).coordinates[0]).toHaveLength(2)
  })

  it('along the children, which are not cut', () => {
    const edit = done(ops.split(two(), 10, [[at(-0.1, 1.1), at(2.1, 0.8)]], [-1]))
    sound(edit.coverage)
    expect(geometryOf(edit.coverage, -1).coordinates[0]![0]).toContainEqual(at(1, 1))
    const [lower, upper] = [edit.coverage.cells.get(100)!.parent, edit.coverage.cells.get(200)!.parent]
    expect(new Set([lower, upper])).toEqual(new Set([10, -1]))
    expect(areaOf(edit.coverage, -1)).toBeCloseTo(areaOf(edit.coverage, 10), -3)
    expect(edit.touched).toContain(lower === -1 ? 100 : 200)
  })

  it.each([
    ['a line that stops half-way', [[at(1.5, 0.5), at(1.5, 1.5)]], 'DOES_NOT_CROSS'],
    ['a line elsewhere', [[at(0.5, 0.5), at(0.6, 0.7)]], 'DOES_NOT_CROSS'],
    ['a line along the border', [[at(1, 0.9), at(1, 2.1)]], 'DOES_NOT_CROSS'],
    ['no line', [], 'DOES_NOT_CROSS'],
    ['a single point', [[at(1.5, 1.5)]], 'DOES_NOT_CROSS'],
    [
      'more pieces than ids',
      [
        [at(1.5, 0.9), at(1.5, 2.1)],
        [at(0.9, 1.5), at(2.1, 1.5)],
      ],
      'TOO_FEW_IDS',
    ],
  ])('refuses %s', (_, lines, code) => {
    expect(ops.split(nine(), 14, lines, [-1])).toMatchObject({ ok: false, reason: { code, cells: [14] } })
  })

  it('refuses ids that are taken, cells that are not there', () => {
    const line = [[at(1.5, 0.5), at(1.5, 2.5)]]
    expect(ops.split(nine(), 14, line, [11])).toMatchObject({ reason: { code: 'DUPLICATE_ID' } })
    expect(ops.split(nine(), 99, line, [-1])).toMatchObject({ reason: { code: 'UNKNOWN_CELL' } })
  })
})

describe('merge', () => {
  it('is what a split undoes', () => {
    const before = nine()
    const { coverage } = done(ops.split(before, 14, [[at(1.3, 0.5), at(1.3, 2.5)]], [-1]))
    const edit = done(ops.merge(coverage, [14, -1], 14))
    sound(edit.coverage)
    expect(edit.removed).toEqual([-1])
    expect(areaOf(edit.coverage, 14)).toBeCloseTo(areaOf(before, 14), 3)
  })

  it('joins many, and leaves no junction behind', () => {
    const edit = done(ops.merge(nine(), [10, 11, 13, 14], 11))
    sound(edit.coverage)
    expect(edit.removed).toEqual([10, 13, 14])
    const handles = nearestHandle(edit.coverage, at(1, 1), 1e-4)
    expect(handles).toBeNull()
    expect(edit.coverage.children.get(ROOT)).toHaveLength(6)
  })

  it('gives the children their new parent', () => {
    const edit = done(ops.merge(two(), [10, 11], 11))
    sound(edit.coverage)
    expect(edit.coverage.cells.get(100)).toMatchObject({ parent: 11 })
    expect(edit.coverage.children.get(11)).toHaveLength(8)
    expect(edit.coverage.children.has(10)).toBe(false)
    expect(edit.touched).toEqual(expect.arrayContaining([11, 100, 101, 200, 201]))
    expect(edit.touched).not.toContain(103)
  })

  it('around a ring leaves a hole or fills it', () => {
    const edit = done(ops.merge(nine(), [10, 11, 12, 13, 15, 16, 17, 18], 10))
    sound(edit.coverage)
    expect(geometryOf(edit.coverage, 10).coordinates[0]).toHaveLength(2)
    sound(done(ops.merge(edit.coverage, [10, 14], 10)).coverage)
  })

  it('refuses cells that do not touch, of different parents, or alone', () => {
    expect(ops.merge(nine(), [10, 12], 10)).toMatchObject({ reason: { code: 'NOT_ADJACENT', cells: [12] } })
    expect(ops.merge(nine(), [10, 14], 10)).toMatchObject({ reason: { code: 'NOT_ADJACENT', cells: [14] } })
    expect(ops.merge(nine(), [10], 10)).toMatchObject({ reason: { code: 'NOT_ADJACENT' } })
    expect(ops.merge(two(), [101, 102], 101)).toMatchObject({ reason: { code: 'NOT_SIBLINGS', cells: [102] } })
    expect(ops.merge(nine(), [10, 11], 12)).toMatchObject({ reason: { code: 'UNKNOWN_CELL' } })
  })
})

describe('retire, gaps, fill, draw', () => {
  it('a retired cell is a gap; filled, it is a neighbour’s ground', () => {
    const before = nine()
    const retired = done(ops.retire(before, 14))
    expect(retired).toMatchObject({ removed: [14], touched: [] })
    sound(retired.coverage, 1)
    const [gap] = gapsOf(retired.coverage)
    expect(gap).toMatchObject({ parent: ROOT })
    expect(gap!.area_m2).toBeCloseTo(areaOf(before, 14), 3)
    const filled = done(ops.fill(retired.coverage, gap!.id, 11))
    sound(filled.coverage)
    expect(filled.touched).toEqual([11])
    expect(areaOf(filled.coverage, 11)).toBeCloseTo(areaOf(before, 11) + areaOf(before, 14), 3)
    expect(ops.fill(retired.coverage, gap!.id, 10)).toMatchObject({ reason: { code: 'NOT_ADJACENT' } })
    expect(ops.fill(retired.coverage, 9999, 11)).toMatchObject({ reason: { code: 'UNKNOWN_GAP' } })
  })

  it('gaps side by side are one', () => {
    const one = done(ops.retire(nine(), 14)).coverage
    const two = done(ops.retire(one, 11)).coverage
    sound(two, 1)
    sound(done(ops.fill(two, gapsOf(two)[0]!.id, 15)).coverage)
  })

  it('a parent with children is not retired', () => {
    expect(ops.retire(two(), 10)).toMatchObject({ reason: { code: 'HAS_CHILDREN', cells: [100, 200, 101, 201] } })
  })

  it('a drawn cell takes free ground only, along its neighbours’ borders', () => {
    const free = done(ops.retire(nine(), 14)).coverage
    const edit = done(ops.drawCell(free, box(0.5, 0.5, 2.5, 2.5), { id: -1, parent: ROOT }))
    sound(edit.coverage)
    expect(edit).toMatchObject({ created: [-1], touched: [] })
    const part = done(ops.drawCell(free, box(1.5, 0.5, 2.5, 2.5), { id: -1, parent: ROOT }))
    sound(part.coverage, 1)
    expect(areaOf(part.coverage, -1) / gapsOf(free)[0]!.area_m2).toBeCloseTo(0.5, 4)
    expect(part.touched).toEqual([11, 17])
  })

  it('the first cell of an empty parent; an island; one around it', () => {
    const island = done(ops.drawCell(opened(board(3, 3), []), box(1, 1, 2, 2), { id: -1, parent: ROOT }))
    sound(island.coverage, 1)
    const around = done(ops.drawCell(island.coverage, box(-1, -1, 4, 4), { id: -2, parent: ROOT }))
    sound(around.coverage)
    expect(geometryOf(around.coverage, -2).coordinates[0]).toHaveLength(2)
  })

  it.each([
    ['no free ground', box(0.2, 0.2, 0.8, 0.8), 'NO_FREE_GROUND'],
    ['outside the parent', box(5, 5, 6, 6), 'OUTSIDE_PARENT'],
    ['a ring that crosses itself', ring([1.2, 1.2], [1.8, 1.8], [1.8, 1.2], [1.1, 1.8]), 'SELF_CROSSING'],
    ['a line', ring([1.2, 1.2], [1.8, 1.8]), 'ZERO_AREA'],
    ['a point', [at(1.5, 1.5)], 'ZERO_AREA'],
  ])('a drawing of %s is refused', (_, drawn, code) => {
    const free = done(ops.retire(nine(), 14)).coverage
    expect(ops.drawCell(free, drawn, { id: -1, parent: ROOT })).toMatchObject({ reason: { code } })
  })
})

describe('give', () => {
  it('what lies in a ring goes over; the rest stays', () => {
    const before = nine()
    const edit = done(ops.give(before, 14, 15, box(1.6, 0.5, 2.5, 2.5)))
    sound(edit.coverage)
    expect(edit.touched).toEqual([11, 14, 15, 17])
    expect(areaOf(edit.coverage, 14) / areaOf(before, 14)).toBeCloseTo(0.6, 4)
  })

  it('what a line cuts off on the taker’s side', () => {
    const before = nine()
    const edit = done(ops.give(before, 14, 15, [at(1.6, 0.9), at(1.6, 2.1)]))
    sound(edit.coverage)
    expect(areaOf(edit.coverage, 14) / areaOf(before, 14)).toBeCloseTo(0.6, 4)
    const bite = done(ops.give(before, 14, 15, [at(2.1, 1.2), at(1.8, 1.2), at(1.8, 1.5), at(2.1, 1.5)]))
    sound(bite.coverage)
    expect(areaOf(bite.coverage, 14) / areaOf(before, 14)).toBeCloseTo(0.94, 3)
  })

  it('villages go whole, with their township', () => {
    const edit = done(ops.give(two(), 10, 11, box(0.8, 0.9, 2.2, 2.1)))
    sound(edit.coverage)
    expect(edit.coverage.cells.get(201)).toMatchObject({ parent: 11 })
    expect(edit.coverage.cells.get(101)).toMatchObject({ parent: 10 })
    expect(edit.touched).toEqual(expect.arrayContaining([10, 11, 201]))
  })

  it.each([
    ['all of it', 15, box(0.5, 0.5, 2.5, 2.5), 'NOTHING_LEFT'],
    ['none of it', 15, box(2.5, 0.5, 2.8, 2.5), 'NO_GROUND'],
    ['a piece far from the taker', 15, box(1.1, 1.1, 1.3, 1.3), 'NOT_ADJACENT'],
    ['to itself', 14, box(1.1, 1.1, 1.3, 1.3), 'NOT_SIBLINGS'],
    ['by a line that does not cross', 15, [at(1.2, 1.2), at(1.3, 1.9)], 'DOES_NOT_CROSS'],
  ])('refuses %s', (_, to, area, code) => {
    expect(ops.give(nine(), 14, to, area)).toMatchObject({ ok: false, reason: { code } })
  })
})

describe('reshape', () => {
  it('neighbours give way, what is left behind is a gap', () => {
    const before = nine()
    const edit = done(ops.reshape(before, 14, polygon(box(1.5, 1, 2.5, 2))))
    sound(edit.coverage, 1)
    expect(areaOf(edit.coverage, 14)).toBeCloseTo(areaOf(before, 14), 0)
    expect(areaOf(edit.coverage, 15) / areaOf(before, 15)).toBeCloseTo(0.5, 4)
    const back = done(ops.reshape(edit.coverage, 14, geometryOf(before, 14)))
    expect(areaM2(geometryOf(back.coverage, 14))).toBeCloseTo(areaOf(before, 14), 3)
    sound(back.coverage, 1)
  })

  it('refuses what swallows a neighbour, lies outside, or is no ground', () => {
    expect(ops.reshape(nine(), 14, polygon(box(0, 0, 3, 3)))).toMatchObject({
      reason: { code: 'ZERO_AREA', cells: [10, 11, 12, 13, 15, 16, 17, 18] },
    })
    expect(ops.reshape(nine(), 14, polygon(box(5, 5, 6, 6)))).toMatchObject({ reason: { code: 'OUTSIDE_PARENT' } })
    expect(ops.reshape(nine(), 14, polygon([]))).toMatchObject({ reason: { code: 'INVALID_GEOMETRY' } })
    expect(ops.reshape(two(), 10, polygon(box(0, 0, 1, 2)))).toMatchObject({ reason: { code: 'ORPHANED_CHILDREN' } })
  })
})

describe('stretches and snapping', () => {
  const wavy = () => {
    const border: [number, number][] = [
      [1, 0],
      [1.1, 0.2],
      [1.001, 0.4],
      [0.9, 0.6],
      [1.1, 0.8],
      [1, 1],
    ]
    return opened(board(2, 1), [
      cell(10, polygon(ring([0, 0], ...border, [0, 1]))),
      cell(11, polygon(ring(...border, [2, 1], [2, 0]))),
    ])
  }
  const line = (coverage: Coverage) => {
    const { arc } = nearestArc(coverage, at(0.9, 0.6), 1e-6)!
    return { arc, last: coverage.arcs.get(arc)!.points.length - 1 }
  }

  it('are straightened, simplified, redrawn and moved on both sides', () => {
    const before = wavy()
    const { arc, last } = line(before)
    const straight = done(ops.straighten(before, arc, 0, last)).coverage
    expect(straight.arcs.get(arc)!.points).toHaveLength(2)
    sound(straight)
    const simple = done(ops.simplifyStretch(before, arc, 0, last, 20)).coverage
    expect(simple.arcs.get(arc)!.points).toHaveLength(last)
    sound(simple)
    const redrawn = done(ops.redrawStretch(before, arc, 0, last, [at(1.4, 0.3), at(0.6, 0.7)])).coverage
    expect(redrawn.arcs.get(arc)!.points).toHaveLength(4)
    sound(redrawn)
    const moved = done(ops.moveStretch(before, arc, 1, 3, at(1, 0.5), at(1.2, 0.5))).coverage
    sound(moved)
    expect(changedCells(before, moved).reshaped).toEqual([10, 11])
    for (const code of ['FIXED', 'NO_SUCH_VERTEX', 'UNKNOWN_ARC']) {
      const fixed = [...before.arcs.values()].find((each) => each.fixed)!.id
      const target = code === 'FIXED' ? fixed : code === 'UNKNOWN_ARC' ? 99 : arc
      expect(ops.straighten(before, target, code === 'NO_SUCH_VERTEX' ? 4 : 0, 1)).toMatchObject({ reason: { code } })
    }
  })

  it('two junctions snapped together are one', () => {
    const before = opened(board(3, 2), [
      cell(10, polygon(ring([0, 0], [1, 0], [1.4, 1], [1, 2], [0, 2]))),
      cell(11, polygon(ring([1, 0], [2, 0], [1.6, 1], [1.4, 1]))),
      cell(12, polygon(ring([1.4, 1], [1.6, 1], [2, 2], [1, 2]))),
      cell(13, polygon(ring([2, 0], [3, 0], [3, 2], [2, 2], [1.6, 1]))),
    ])
    sound(before)
    const edit = done(ops.snapNodes(before, at(1.4, 1), at(1.6, 1)))
    sound(edit.coverage)
    expect(edit.coverage.arcs.size).toBe(before.arcs.size - 1)
    expect(edit.touched).toEqual([10, 11, 12])
  })

  it('snapping closes a sliver between two borders', () => {
    const before = opened(board(2, 1), [
      cell(10, polygon(ring([0, 0], [1, 0], [0.99, 0.5], [1, 1], [0, 1]))),
      cell(11, polygon(ring([1, 0], [2, 0], [2, 1], [1, 1], [1.01, 0.5]))),
    ])
    sound(before, 1)
    const edit = done(ops.snapNodes(before, at(0.99, 0.5), at(1.01, 0.5)))
    sound(edit.coverage)
    expect([...edgeBalance(edit.coverage).values()].filter((n) => n === 0)).toHaveLength(2)
    expect(ops.snapNodes(before, at(0.5, 0.5), at(1.01, 0.5))).toMatchObject({ reason: { code: 'NO_SUCH_VERTEX' } })
    expect(ops.snapNodes(before, at(0, 0), at(1.01, 0.5))).toMatchObject({ reason: { code: 'FIXED' } })
  })

  it('a cell is not snapped to nothing', () => {
    const triangle = ring([0.4, 0.4], [0.6, 0.4], [0.5, 0.6])
    const before = opened(board(1, 1), [cell(10, polygon(box(0, 0, 1, 1), triangle)), cell(11, polygon(triangle))])
    expect(ops.snapNodes(before, at(0.4, 0.4), at(0.6, 0.4))).toMatchObject({ reason: { code: 'ZERO_AREA' } })
  })
})

describe('what is no place', () => {
  const off: [number, number] = [Number.NaN, 40]
  const far: [number, number] = [200, 40]
  const { arc, index } = nearestHandle(nine(), at(1, 1), 1e-6)!
  const range = { ok: false, reason: { code: 'OUT_OF_RANGE' } }

  it.each([off, far])('is refused by every operation that is told places', (...place) => {
    const [lon, lat] = place as [number, number]
    const p: [number, number] = [lon, lat]
    expect(ops.split(nine(), 14, [[p, at(1, 1)]], [-1])).toMatchObject(range)
    expect(ops.give(nine(), 14, 15, [p, at(1, 1)])).toMatchObject(range)
    expect(ops.give(nine(), 14, 15, [at(1, 1), p, at(2, 1), at(1, 1)])).toMatchObject(range)
    expect(ops.drawCell(nine(), [p, at(1, 1), at(2, 2)], { id: -1, parent: ROOT })).toMatchObject(range)
    expect(ops.reshape(nine(), 14, polygon([p, at(1, 1), at(2, 2), p]))).toMatchObject(range)
    expect(ops.moveVertex(nine(), arc, index, p)).toMatchObject(range)
    expect(ops.moveStretch(nine(), arc, 0, 1, at(1, 1), p)).toMatchObject(range)
    expect(ops.insertVertex(nine(), arc, 0, p)).toMatchObject(range)
    expect(ops.redrawStretch(nine(), arc, 0, 1, [p])).toMatchObject(range)
    expect(ops.snapNodes(nine(), at(1, 1), p)).toMatchObject({ reason: { code: 'NO_SUCH_VERTEX' } })
  })

  it('20 001 vertices are too many', () => {
    const many = Array.from({ length: 20_001 }, (_, i) => at(1.1 + i * 1e-5, 1.5))
    expect(ops.split(nine(), 14, [many], [-1])).toMatchObject({ reason: { code: 'TOO_MANY_VERTICES' } })
    expect(ops.drawCell(nine(), many, { id: -1, parent: ROOT })).toMatchObject({
      reason: { code: 'TOO_MANY_VERTICES' },
    })
    expect(ops.redrawStretch(nine(), arc, 0, 1, many)).toMatchObject({ reason: { code: 'TOO_MANY_VERTICES' } })
  })
})
