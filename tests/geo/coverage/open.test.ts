import { describe, expect, it } from 'vitest'
import { openCoverage } from '../../../src/geo/coverage/open'
import { areaOf, geometryOf } from '../../../src/geo/coverage/read'
import { areaM2 } from '../../../src/geo/measure'
import { readCounty } from '../../../supabase/seed/county'
import { at, board, box, cell, chessboard, edgeBalance, opened, polygon, ROOT, ring, totalArea } from './ground'

describe('openCoverage', () => {
  it('puts neighbours on one arc', () => {
    const coverage = opened(board(2, 2), chessboard(2, 2))
    // four borders inside, eight stretches of the outline
    expect(coverage.arcs.size).toBe(8)
    expect([...coverage.arcs.values()].filter((arc) => arc.fixed)).toHaveLength(4)
    const inner = [...coverage.arcs.values()].filter((arc) => !arc.fixed)
    for (const arc of inner) {
      expect(arc.left).toHaveLength(1)
      expect(arc.right).toHaveLength(1)
      expect(arc.levels).toEqual([3])
    }
    expect(totalArea(coverage)).toBeCloseTo(areaOf(coverage, ROOT), 3)
  })

  it('gives back what came in, rings turned the right way', () => {
    const clockwise = polygon(box(0, 0, 1, 1).toReversed(), box(0.2, 0.2, 0.4, 0.4))
    const coverage = opened(board(1, 1), [cell(10, clockwise), cell(11, polygon(box(0.2, 0.2, 0.4, 0.4)))])
    const [shell, hole] = geometryOf(coverage, 10).coordinates[0]!
    expect(shell).toHaveLength(5)
    expect(hole).toHaveLength(5)
    expect(areaM2(geometryOf(coverage, 10))).toBeCloseTo(areaM2(clockwise), 3)
    // the enclave and the hole are one closed arc
    expect(coverage.arcs.size).toBe(2)
    expect([...coverage.arcs.values()].find((arc) => !arc.fixed)).toMatchObject({ levels: [3] })
  })

  it('makes a corner on a foreign border a vertex of both', () => {
    const [lower, left, right] = [box(0, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2)].map((r) => polygon(r))
    const answer = openCoverage(board(2, 2), [cell(10, lower!), cell(11, left!), cell(12, right!)])
    expect(answer.ok && answer.untidy).toEqual([])
    if (!answer.ok) return
    expect(geometryOf(answer.coverage, 10).coordinates[0]![0]).toContainEqual(at(1, 1))
    expect([...edgeBalance(answer.coverage).values()].filter((n) => n === 0)).toHaveLength(3)
  })

  it('reports a corner that only nearly lies on a border', () => {
    const near = polygon(ring([0, 1], [1, 1.00003], [1, 2], [0, 2]))
    const answer = openCoverage(board(2, 2), [cell(10, polygon(box(0, 0, 2, 1))), cell(11, near)])
    expect(answer.ok && answer.untidy).toMatchObject([{ code: 'SLIVER', cells: [10, 11], severity: 'warning' }])
  })

  it('reports borders that cross', () => {
    const over = polygon(box(0.5, 0.5, 1.5, 0.8))
    const answer = openCoverage(board(2, 1), [...chessboard(2, 1), cell(20, over)])
    expect(answer.ok && answer.untidy.filter((u) => u.code === 'OVERLAP').map((u) => u.cells)).toEqual(
      expect.arrayContaining([[10, 20]]),
    )
  })

  it.each([
    ['a number that is none', [cell(10, polygon([at(0, 0), [Number.NaN, 1], at(1, 1), at(0, 0)]))], 'OUT_OF_RANGE'],
    ['off the world', [cell(10, polygon([at(0, 0), [200, 1], at(1, 1), at(0, 0)]))], 'OUT_OF_RANGE'],
    ['a line instead of a ring', [cell(10, polygon([at(0, 0), at(1, 1), at(0, 0)]))], 'INVALID_GEOMETRY'],
    ['nothing', [cell(10, { type: 'MultiPolygon', coordinates: [] })], 'INVALID_GEOMETRY'],
    ['an id twice', [...chessboard(1, 1), ...chessboard(1, 1)], 'DUPLICATE_ID'],
    ['a parent that is not there', [cell(10, polygon(box(0, 0, 1, 1)), 99)], 'UNKNOWN_CELL'],
  ])('refuses %s', (_, cells, code) => {
    expect(openCoverage(board(1, 1), cells)).toMatchObject({ ok: false, reason: { code } })
  })

  it('opens the demo county, townships and villages on the same arcs', () => {
    const county = readCounty()
    const number = new Map(county.townships.map((t, i) => [t.code, 100 + i]))
    const answer = openCoverage({ id: ROOT, level: 1, parent: null, geometry: county.boundary }, [
      ...county.townships.map((t) => cell(number.get(t.code)!, t.boundary, ROOT, 2)),
      ...county.villages.map((v, i) => cell(1000 + i, v.boundary, number.get(v.township)!, 3)),
    ])
    expect(answer.ok && answer.untidy).toEqual([])
    if (!answer.ok) return
    const { coverage } = answer
    expect(coverage.cells.size).toBe(28 + 983)
    expect(totalArea(coverage, 2)).toBeCloseTo(areaOf(coverage, ROOT), 0)
    expect(totalArea(coverage, 3)).toBeCloseTo(areaOf(coverage, ROOT), 0)
    const shared = [...coverage.arcs.values()].filter((arc) => arc.levels.length === 2)
    expect(shared.length).toBeGreaterThan(100)
    for (const v of county.villages.slice(0, 50)) {
      const id = 1000 + county.villages.indexOf(v)
      expect(areaOf(coverage, id)).toBeCloseTo(areaM2(v.boundary), 3)
    }
  })
})
