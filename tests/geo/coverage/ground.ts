// Coverages to test on: a plain chessboard, and the demo county.
import type { MultiPolygon, Polygon } from 'geojson'
import { openCoverage } from '../../../src/geo/coverage/open'
import { areaOf, geometryOf } from '../../../src/geo/coverage/read'
import type { CellInput, Coverage, Edit, Position } from '../../../src/geo/coverage/types'

export const ROOT = 1
const [WEST, SOUTH, STEP] = [117.4, 40, 0.01]

/** Corner of the chessboard in degrees; steps of 0.01. */
export const at = (x: number, y: number): Position => [
  Math.round((WEST + x * STEP) * 1e7) / 1e7,
  Math.round((SOUTH + y * STEP) * 1e7) / 1e7,
]

/** A ring through corners of the board, closed. */
export const ring = (...corners: [number, number][]): Position[] => [...corners, corners[0]!].map(([x, y]) => at(x, y))

export const box = (w: number, s: number, e: number, n: number): Position[] => ring([w, s], [e, s], [e, n], [w, n])

export const polygon = (...coordinates: Position[][]): Polygon => ({ type: 'Polygon', coordinates })

export const cell = (id: number, geometry: Polygon | MultiPolygon, parent = ROOT, level = 3): CellInput => ({
  id,
  level,
  parent,
  geometry,
})

/** The grid above the board: every corner on its edge is a vertex of it. */
export function board(columns: number, rows: number): CellInput {
  const corners: [number, number][] = []
  for (let x = 0; x < columns; x++) corners.push([x, 0])
  for (let y = 0; y < rows; y++) corners.push([columns, y])
  for (let x = columns; x > 0; x--) corners.push([x, rows])
  for (let y = rows; y > 0; y--) corners.push([0, y])
  return { id: ROOT, level: 2, parent: null, geometry: polygon(ring(...corners)) }
}

/** Squares 10, 11, 12 … row by row from the south-west. */
export function chessboard(columns: number, rows: number): CellInput[] {
  return Array.from({ length: columns * rows }, (_, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)]
    return cell(10 + i, polygon(box(x, y, x + 1, y + 1)))
  })
}

export function opened(root: CellInput, cells: CellInput[]): Coverage {
  const answer = openCoverage(root, cells)
  if (!answer.ok) throw new Error(`not opened: ${JSON.stringify(answer.reason)}`)
  return answer.coverage
}

export function done(edit: Edit): Extract<Edit, { ok: true }> {
  if (!edit.ok) throw new Error(`refused: ${JSON.stringify(edit.reason)}`)
  return edit
}

export const totalArea = (coverage: Coverage, level = coverage.level): number =>
  [...coverage.cells.values()].filter((c) => c.level === level).reduce((sum, c) => sum + areaOf(coverage, c.id), 0)

/** How many times each edge is walked by the cells of a level, forwards less backwards. */
export function edgeBalance(coverage: Coverage, level = coverage.level): Map<string, number> {
  const edges = new Map<string, number>()
  for (const c of coverage.cells.values()) {
    if (c.level !== level) continue
    for (const r of geometryOf(coverage, c.id).coordinates.flat()) {
      for (let i = 1; i < r.length; i++) {
        const [a, b] = [r[i - 1]!.join(), r[i]!.join()]
        const key = a < b ? `${a} ${b}` : `${b} ${a}`
        edges.set(key, (edges.get(key) ?? 0) + (a < b ? 1 : -1))
      }
    }
  }
  return edges
}
