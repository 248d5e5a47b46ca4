import { describe, expect, it } from 'vitest'
import { checkCoverage } from '../../../src/geo/coverage/check'
import { beginDrag } from '../../../src/geo/coverage/drag'
import { redrawStretch, retire, snapNodes } from '../../../src/geo/coverage/operations'
import { nearestHandle } from '../../../src/geo/coverage/read'
import type { Coverage, Issue, Position } from '../../../src/geo/coverage/types'
import { areaM2 } from '../../../src/geo/measure'
import { at, board, box, cell, chessboard, done, opened, polygon, ROOT } from './ground'

/** What is said while something is dragged, and what the check says after it is dropped. */
function dragged(coverage: Coverage, from: Position, to: Position): { live: Issue[]; after: Issue[] } {
  const { arc, index, kind } = nearestHandle(coverage, from, 1e-6)!
  const begun = beginDrag(
    coverage,
    kind === 'mid' ? { kind: 'insert', arc, segment: index, at: from } : { kind: 'vertex', arc, index },
  )
  if (!begun.ok) throw new Error(begun.reason.code)
  const live = begun.drag.move(to).issues
  const edit = done(begun.drag.finish())
  return { live, after: checkCoverage(edit.coverage, edit.touched) }
}

const said = (issues: Issue[]) => issues.map(({ code, cells }) => `${code} ${cells.join()}`).sort()

describe('checks', () => {
  it('find nothing where nothing is wrong', () => {
    const coverage = opened(board(3, 3), chessboard(3, 3))
    expect(checkCoverage(coverage)).toEqual([])
    expect(dragged(coverage, at(1, 1), at(1.4, 1.3))).toEqual({ live: [], after: [] })
  })

  it('see a corner that was turned inside out by a vertex joined with another one of the same ring', () => {
    const corners = [at(0.2, 0.2), at(0.8, 0.2), at(0.8, 0.8), at(0.5, 0.7), at(0.2, 0.8)]
    const hole = [...corners, corners[0]!]
    const before = opened(board(1, 1), [cell(10, polygon(box(0, 0, 1, 1), hole)), cell(11, polygon(hole))])
    const { coverage } = done(snapNodes(before, at(0.2, 0.2), at(0.8, 0.8)))
    expect(said(checkCoverage(coverage, [11]).filter((issue) => issue.severity === 'error'))).toContain(
      'INVALID_GEOMETRY 11',
    )
  })

  it('still see ground that a cell covers twice when the neighbour on whose border it came about is gone', () => {
    const before = opened(board(2, 1), chessboard(2, 1))
    const { arc } = nearestHandle(before, at(1, 0.5), 1e-6)!
    const folded = [at(1.1, 0.7), at(0.7, 0.8), at(1.2, 0.6)]
    const bent = done(redrawStretch(before, arc, 0, 1, folded)).coverage
    expect(said(checkCoverage(bent))).toEqual(['INVALID_GEOMETRY 10', 'INVALID_GEOMETRY 11'])
    // borders are cut where they cross: what lies on itself now are two parts
    const { coverage } = done(retire(bent, 11))
    expect(said(checkCoverage(coverage, [10]).filter((issue) => issue.severity === 'error'))).toEqual([
      'INVALID_GEOMETRY 10',
    ])
  })

  it('see a junction dragged across a far border: both cells, with the ground', () => {
    const coverage = opened(board(3, 3), chessboard(3, 3))
    const { live, after } = dragged(coverage, at(1, 1), at(1.5, 2.5))
    expect(said(live)).toEqual(said(after))
    expect(said(live)).toContain('OVERLAP 11,17')
    for (const issue of live) {
      expect(issue.severity).toBe('error')
      expect(issue.area_m2).toBeCloseTo(areaM2(issue.shape as never), 6)
    }
  })

  it('see a border that leaves the parent', () => {
    const { live, after } = dragged(opened(board(2, 1), chessboard(2, 1)), at(1, 0.5), at(2.5, 0.5))
    expect(said(live)).toContain('OUTSIDE_PARENT 10')
    expect(said(after)).toContain('OUTSIDE_PARENT 10')
  })

  it('see an enclave turned inside out, folded, or left behind by its ground', () => {
    const hole = box(1.2, 0.4, 1.4, 0.6)
    const [left, right] = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    const coverage = opened(board(2, 1), [
      cell(10, polygon(left)),
      cell(11, polygon(right, hole)),
      cell(12, polygon(hole)),
    ])
    expect(checkCoverage(coverage)).toEqual([])
    const swept = dragged(coverage, at(1, 0.5), at(1.9, 0.5))
    expect(said(swept.live)).toEqual(expect.arrayContaining(['INVALID_GEOMETRY 11', 'OVERLAP 10,12']))
    expect(said(swept.after)).toContain('INVALID_GEOMETRY 11')
    const folded = dragged(coverage, at(1.2, 0.4), at(1.5, 0.5))
    expect(said(folded.live)).toEqual(expect.arrayContaining(['INVALID_GEOMETRY 11', 'INVALID_GEOMETRY 12']))
    expect(said(folded.after)).toEqual(said(folded.live))
  })

  it('see a village left outside its township', () => {
    const [west, east] = [box(0, 0, 1, 1), box(1, 0, 2, 1)].map((r) => polygon(r))
    const lone = polygon(box(0.8, 0.4, 0.9, 0.6))
    const coverage = opened(board(2, 1), [
      cell(10, west!),
      cell(11, east!),
      cell(100, lone, 10, 4),
      cell(101, polygon(box(1.5, 0.4, 1.6, 0.6)), 11, 4),
    ])
    const { live, after } = dragged(coverage, at(1, 0.5), at(0.2, 0.5))
    expect(said(live)).toContain('OUTSIDE_PARENT 100')
    expect(said(after)).toContain('OUTSIDE_PARENT 100')
  })

  it('warn of gaps and slivers', () => {
    const coverage = opened(board(2, 1), [
      cell(10, polygon(box(0, 0, 1, 1))),
      cell(11, polygon(box(1.000_01, 0, 2, 1))),
    ])
    expect(checkCoverage(coverage)).toMatchObject([{ code: 'SLIVER', cells: [10, 11], severity: 'warning' }])
    const open = opened(board(2, 1), [cell(10, polygon(box(0, 0, 1, 1)))])
    expect(checkCoverage(open, [10])).toMatchObject([{ code: 'GAP', cells: [10], severity: 'warning' }])
    expect(checkCoverage(open, [ROOT])).toEqual([])
    const back = dragged(open, at(1, 0.5), at(0.8, 0.5))
    expect(back.live).toMatchObject([{ code: 'GAP', cells: [10], severity: 'warning' }])
    expect(areaM2(back.live[0]!.shape as never)).toBeCloseTo(back.live[0]!.area_m2!, 3)
    expect(dragged(open, at(1, 0.5), at(1.2, 0.5)).live).toEqual([])
  })
})
