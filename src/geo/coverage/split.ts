import { linesNodes } from './drawn'
import { liesIn, piecesOf } from './pieces'
import { rework } from './rework'
import { descendantsOf } from './shape'
import { type CellId, type Coverage, type Edit, type Position, refuse } from './types'

/**
 * Cuts a cell along one line or several. The piece around `keeps` keeps the cell's id (when there is none, the largest),
 * the others take `ids` in order of size; parts that no line touches stay with the cell. Lines may begin and end outside. Children are not cut: each follows the
 * piece that holds most of it. Reasons: DOES_NOT_CROSS, TOO_FEW_IDS (`values.pieces`: how many are needed), DUPLICATE_ID.
 */
export function split(
  coverage: Coverage,
  cell: CellId,
  lines: readonly (readonly Position[])[],
  ids: readonly CellId[],
  keeps?: Position,
): Edit {
  const found = coverage.cells.get(cell)
  if (!found) return refuse('UNKNOWN_CELL', { cells: [cell] })
  const spare = ids.filter((id) => id !== cell)
  const known = spare.filter((id, i) => coverage.cells.has(id) || id === coverage.root.id || spare.indexOf(id) < i)
  if (known.length > 0) return refuse('DUPLICATE_ID', { cells: known })
  const drawn = linesNodes(lines)
  if (!drawn.ok) return drawn
  const birth = { level: found.level, parent: found.parent! }
  return rework(coverage, {
    owners: [cell, ...descendantsOf(coverage, cell)],
    lines: drawn.lines.map((nodes) => ({ nodes, left: [], right: [] })),
    created: new Map(spare.map((id) => [id, birth])),
    decide: (sheet) => {
      const pieces = piecesOf(coverage, sheet, cell).filter((piece) => piece.cut)
      const kept = (keeps && pieces.find((piece) => liesIn(sheet, piece, keeps))) ?? pieces[0]
      const others = pieces.filter((piece) => piece !== kept)
      if (others.length === 0) return { code: 'DOES_NOT_CROSS', cells: [cell] }
      if (others.length > spare.length) {
        return { code: 'TOO_FEW_IDS', cells: [cell], values: { pieces: others.length } }
      }
      others.forEach(({ grounds }, i) => {
        for (const ground of grounds) {
          sheet.grounds[ground]!.cells.delete(cell)
          sheet.grounds[ground]!.cells.add(spare[i]!)
        }
      })
      return null
    },
  })
}
