import { GAP } from './drawn'
import { outlinesOfGaps } from './gaps'
import { rework } from './rework'
import { type CellId, type Coverage, type Edit, refuse } from './types'

/** Gives a gap (a blind spot, by its id of `gapsOf`) to a cell beside it. Reasons: UNKNOWN_GAP, NOT_SIBLINGS, NOT_ADJACENT. */
export function fill(coverage: Coverage, gap: number, into: CellId): Edit {
  const cell = coverage.cells.get(into)
  if (!cell) return refuse('UNKNOWN_CELL', { cells: [into] })
  const outline = outlinesOfGaps(coverage).find(({ id }) => id === gap)
  if (!outline) return refuse('UNKNOWN_GAP')
  if (cell.parent !== outline.parent) return refuse('NOT_SIBLINGS', { cells: [into] })
  const refs = outline.rings.flat()
  const beside = refs.some((ref) => {
    const arc = coverage.arcs.get(ref < 0 ? ~ref : ref)!
    return (ref < 0 ? arc.left : arc.right).includes(into)
  })
  if (!beside) return refuse('NOT_ADJACENT', { cells: [into] })
  return rework(coverage, {
    owners: [into],
    marked: new Map(refs.map((ref) => [ref, GAP])),
    decide: ({ grounds }) => {
      for (const ground of grounds) if (ground.covers.has(GAP)) ground.cells.add(into)
      return null
    },
  })
}
