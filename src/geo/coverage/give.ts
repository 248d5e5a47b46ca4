import { linesNodes, RING, ringNodes } from './drawn'
import { samePlace } from './lattice'
import { largestShare, piecesOf } from './pieces'
import { rework, type Sheet } from './rework'
import { descendantsOf } from './shape'
import { type CellId, type Coverage, type Edit, type Position, type Reason, refuse } from './types'

/**
 * Gives a piece of one cell to a neighbour: what lies within a drawn ring (its last point is its first), or what a line
 * cuts off on the neighbour's side. Children go whole to where most of them lies. Reasons: NOT_SIBLINGS, NO_GROUND,
 * NOTHING_LEFT (merge instead), NOT_ADJACENT, DOES_NOT_CROSS, SELF_CROSSING, ZERO_AREA.
 */
export function give(coverage: Coverage, from: CellId, to: CellId, area: readonly Position[]): Edit {
  const [giver, taker] = [coverage.cells.get(from), coverage.cells.get(to)]
  if (!giver || !taker) return refuse('UNKNOWN_CELL', { cells: [giver ? to : from] })
  if (giver.parent !== taker.parent || from === to) return refuse('NOT_SIBLINGS', { cells: [from, to] })
  const closed = area.length > 2 && samePlace(area[0]!, area[area.length - 1]!)
  const drawn = closed ? ringNodes(area) : linesNodes([area])
  if (!drawn.ok) return drawn
  const nodes = 'nodes' in drawn ? drawn.nodes : drawn.lines[0]!
  return rework(coverage, {
    owners: [from, to, ...descendantsOf(coverage, from), ...descendantsOf(coverage, to)],
    lines: [{ nodes, left: closed ? [RING] : [], right: [] }],
    decide: (sheet) => {
      const given = closed ? withinRing(coverage, sheet, from) : cutOff(coverage, sheet, from, to)
      if (!(given instanceof Set)) return given
      const left = sheet.grounds.some(({ cells }, i) => cells.has(from) && !given.has(i))
      if (!left) return { code: 'NOTHING_LEFT', cells: [from] }
      if (!borders(sheet, given, to)) return { code: 'NOT_ADJACENT', cells: [to] }
      for (const i of given) {
        sheet.grounds[i]!.cells.delete(from)
        sheet.grounds[i]!.cells.add(to)
      }
      return null
    },
  })
}

function withinRing(coverage: Coverage, { grounds }: Sheet, from: CellId): Set<number> | Reason {
  const own = grounds.flatMap(({ cells }, i) => (cells.has(from) ? [i] : []))
  const given = new Set(own.filter((i) => grounds[i]!.covers.has(RING)))
  for (const child of coverage.children.get(from) ?? []) {
    const whole = own.filter((i) => grounds[i]!.cells.has(child))
    const goes = largestShare(whole.map((i) => [given.has(i), grounds[i]!.area]))
    for (const i of whole) {
      if (goes) given.add(i)
      else given.delete(i)
    }
  }
  return given.size > 0 ? given : { code: 'NO_GROUND', cells: [from] }
}

/** The smallest piece beside the taker. */
function cutOff(coverage: Coverage, sheet: Sheet, from: CellId, to: CellId): Set<number> | Reason {
  const pieces = piecesOf(coverage, sheet, from).filter((piece) => piece.cut)
  if (pieces.length < 2) return { code: 'DOES_NOT_CROSS', cells: [from] }
  const beside = pieces.filter((piece) => borders(sheet, piece.grounds, to))
  return beside[beside.length - 1]?.grounds ?? { code: 'NOT_ADJACENT', cells: [to] }
}

function borders({ grounds, edges }: Sheet, piece: ReadonlySet<number>, cell: CellId): boolean {
  return edges.some(
    ({ left, right }) =>
      (piece.has(left) && grounds[right]!.cells.has(cell)) || (piece.has(right) && grounds[left]!.cells.has(cell)),
  )
}
