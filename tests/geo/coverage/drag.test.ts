import { describe, expect, it } from 'vitest'
import { checkCoverage } from '../../../src/geo/coverage/check'
import { deleteVertex } from '../../../src/geo/coverage/deleteVertex'
import { beginDrag } from '../../../src/geo/coverage/drag'
import { handlesOf, nearestArc, nearestHandle } from '../../../src/geo/coverage/handles'
import { insertVertex } from '../../../src/geo/coverage/insertVertex'
import { moveVertex, snapNodes, straighten } from '../../../src/geo/coverage/operations'
import { areaOf, changedCells, geometryOf } from '../../../src/geo/coverage/read'
import type { Coverage, Position } from '../../../src/geo/coverage/types'
import { at, board, box, cell, chessboard, done, edgeBalance, opened, polygon, ROOT, ring, totalArea } from './ground'

const handle = (coverage: Coverage, place: Position) => nearestHandle(coverage, place, 1e-6)!

describe('dragging', () => {
  it('moves a junction with all four cells and opens no gap', () => {
    const before = opened(board(3, 3), chessboard(3, 3))
    const { arc, index, kind } = handle(before, at(1, 1))
    expect(kind).toBe('node')
    const begun = beginDrag(before, { kind: 'vertex', arc, index })
    if (!begun.ok) throw new Error(begun.reason.code)
    expect(begun.drag.cells).toEqual([10, 11, 13, 14])
    begun.drag.move(at(1.7, 1.6))
    const { shapes } = begun.drag.move(at(1.2, 1.3))
    for (const shape of shapes.values()) expect(shape.coordinates[0]![0]).toContainEqual(at(1.2, 1.3))
    const edit = done(begun.drag.finish())
    expect(edit.touched).toEqual([10, 11, 13, 14])
    expect(geometryOf(edit.coverage, 14)).toEqual(shapes.get(14))
    expect(totalArea(edit.coverage)).toBeCloseTo(totalArea(before), 3)
    expect([...edgeBalance(edit.coverage).values()].filter((n) => n !== 0)).toHaveLength(12)
    expect(changedCells(before, edit.coverage)).toEqual({ reshaped: [10, 11, 13, 14], created: [], removed: [] })
    expect(geometryOf(before, 14).coordinates[0]![0]).toContainEqual(at(1, 1))
  })

  it('keeps the very same coverage when nothing moved', () => {
    const before = opened(board(2, 2), chessboard(2, 2))
    const { arc, index } = handle(before, at(1, 1))
    const begun = beginDrag(before, { kind: 'vertex', arc, index })
    if (!begun.ok) throw new Error(begun.reason.code)
    begun.drag.move(at(1.5, 1.5))
    begun.drag.move(at(1, 1))
    expect(done(begun.drag.finish()).coverage).toBe(before)
  })

  it('inserts the vertex that the middle of a segment becomes', () => {
    const before = opened(board(2, 1), chessboard(2, 1))
    const mid = handle(before, at(1, 0.5))
    expect(mid.kind).toBe('mid')
    const begun = beginDrag(before, { kind: 'insert', arc: mid.arc, segment: mid.index, at: mid.at })
    if (!begun.ok) throw new Error(begun.reason.code)
    begun.drag.move(at(1.3, 0.5))
    const { coverage } = done(begun.drag.finish())
    for (const id of [10, 11]) expect(geometryOf(coverage, id).coordinates[0]![0]).toContainEqual(at(1.3, 0.5))
  })

  it('moves a closed border, its first point too, and a whole enclave as a stretch', () => {
    const hole = box(0.2, 0.2, 0.4, 0.4)
    const before = opened(board(1, 1), [cell(10, polygon(box(0, 0, 1, 1), hole)), cell(11, polygon(hole))])
    for (const corner of hole) {
      const { arc, index, kind } = handle(before, corner)
      expect(kind).toBe('vertex')
      const { coverage } = done(moveVertex(before, arc, index, at(0.3, 0.3)))
      expect(totalArea(coverage)).toBeCloseTo(totalArea(before), 3)
      expect([...edgeBalance(coverage).values()].filter((n) => n !== 0)).toHaveLength(4)
    }
    const { arc } = handle(before, hole[0]!)
    const begun = beginDrag(before, { kind: 'stretch', arc, from: 0, to: 4, grabbed: at(0.3, 0.3) })
    if (!begun.ok) throw new Error(begun.reason.code)
    begun.drag.move(at(0.6, 0.6))
    const { coverage } = done(begun.drag.finish())
    expect(geometryOf(coverage, 11).coordinates[0]![0]).toContainEqual(at(0.7, 0.7))
    expect(totalArea(coverage)).toBeCloseTo(totalArea(before), 3)
  })

  it('does not move the outline of the root', () => {
    const coverage = opened(board(2, 2), chessboard(2, 2))
    const { arc, index, fixed } = handle(coverage, at(0, 0))
    expect(fixed).toBe(true)
    expect(beginDrag(coverage, { kind: 'vertex', arc, index })).toMatchObject({ ok: false, reason: { code: 'FIXED' } })
    expect(beginDrag(coverage, { kind: 'vertex', arc: 999, index: 0 })).toMatchObject({
      reason: { code: 'UNKNOWN_ARC' },
    })
    expect(beginDrag(coverage, { kind: 'vertex', arc, index: 99 })).toMatchObject({
      reason: { code: 'NO_SUCH_VERTEX' },
    })
  })

  it.each([
    ['along it', at(1.3, 0.2), at(1.3, 0)],
    ['the other way, around a corner', at(-0.1, 0.4), at(0, 0.4)],
    ['not beyond the next junction', at(2.2, 1.5), at(2, 0.95)],
  ])('slides the end of a border %s', (_, to, rests) => {
    const before = opened(board(2, 2), chessboard(2, 2))
    const { arc, index, fixed } = handle(before, at(1, 0))
    expect(fixed).toBe(false)
    const begun = beginDrag(before, { kind: 'vertex', arc, index })
    if (!begun.ok) throw new Error(begun.reason.code)
    expect(begun.drag.cells).toEqual([10, 11])
    begun.drag.move(at(0.7, 0.3))
    const { at: place, shapes, issues } = begun.drag.move(to)
    expect(place).toEqual(rests)
    expect(issues.filter((issue) => issue.severity === 'error')).toEqual([])
    const { coverage, touched } = done(begun.drag.finish())
    expect(touched).toEqual([10, 11])
    expect(geometryOf(coverage, 10)).toEqual(shapes.get(10))
    expect(areaOf(coverage, ROOT)).toBeCloseTo(areaOf(before, ROOT), 2)
    expect(totalArea(coverage)).toBeCloseTo(totalArea(before), 2)
    expect(handle(coverage, rests)).toMatchObject({ kind: 'node', fixed: false })
    expect(checkCoverage(coverage)).toEqual([])
  })

  it('snaps the end of a border to a vertex of the outline', () => {
    const before = opened(board(2, 2), chessboard(2, 2))
    const { coverage } = done(snapNodes(before, at(1, 0), at(0, 0)))
    expect(checkCoverage(coverage).filter((issue) => issue.severity === 'error')).toEqual([])
    expect(totalArea(coverage)).toBeCloseTo(totalArea(before), 2)
    expect(snapNodes(before, at(1, 0), at(1, 1))).toMatchObject({ reason: { code: 'FIXED' } })
  })

  it('straightens a closed border through its beginning', () => {
    const hole = ring([0.2, 0.2], [0.3, 0.1], [0.4, 0.2], [0.4, 0.4], [0.2, 0.4])
    const before = opened(board(1, 1), [cell(10, polygon(box(0, 0, 1, 1), hole)), cell(11, polygon(hole))])
    const { arc } = handle(before, at(0.2, 0.2))
    const points = before.arcs.get(arc)!.points
    const [from, to] = [points.length - 2, 1]
    const { coverage } = done(straighten(before, arc, from, to))
    expect(coverage.arcs.get(arc)!.points).toHaveLength(points.length - 1)
    expect(coverage.arcs.get(arc)!.points).not.toContainEqual(points[0])
    expect(totalArea(coverage)).toBeCloseTo(totalArea(before), 3)
  })
})

describe('vertices', () => {
  it('are inserted and deleted on both sides of a border; a junction is not', () => {
    const before = opened(board(2, 1), chessboard(2, 1))
    const border = nearestArc(before, at(1.01, 0.5), 0.001)!
    const inserted = done(insertVertex(before, border.arc, border.segment, border.at))
    expect(inserted.touched).toEqual([10, 11])
    for (const id of [10, 11]) expect(geometryOf(inserted.coverage, id).coordinates[0]![0]).toHaveLength(6)
    const deleted = done(deleteVertex(inserted.coverage, border.arc, 1))
    expect(geometryOf(deleted.coverage, 10)).toEqual(geometryOf(before, 10))
    expect(deleteVertex(before, border.arc, 0)).toMatchObject({ ok: false })
  })

  it('keep a triangle a triangle', () => {
    const triangle = [at(0.2, 0.2), at(0.4, 0.2), at(0.3, 0.4), at(0.2, 0.2)]
    const coverage = opened(board(1, 1), [cell(10, polygon(box(0, 0, 1, 1), triangle)), cell(11, polygon(triangle))])
    const { arc, index } = handle(coverage, at(0.3, 0.4))
    expect(deleteVertex(coverage, arc, index)).toMatchObject({ ok: false, reason: { code: 'TOO_FEW_VERTICES' } })
  })

  it('are found in a box, junctions once', () => {
    const coverage = opened(board(3, 3), chessboard(3, 3))
    expect(handlesOf(coverage).filter((h) => h.kind === 'node')).toHaveLength(12)
    expect(handlesOf(coverage, [...at(0.9, 0.9), ...at(1.1, 1.1)])).toHaveLength(1)
    expect(nearestHandle(coverage, at(0.5, 0.52), 1e-5)).toBeNull()
    expect(nearestArc(coverage, at(0.5, 0.52), 1e-5)).toBeNull()
  })
})
