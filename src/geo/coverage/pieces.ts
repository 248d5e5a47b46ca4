import { nodeOf, turnOf } from './lattice'
import type { Sheet } from './rework'
import type { CellId, Coverage, Position } from './types'

/** Grounds of a cell that hang together without crossing a drawn line. */
export interface PieceOfCell {
  grounds: Set<number>
  /** Twice the area in square lattice units. */
  area: number
  /** Whether a drawn line parts it from another piece of the cell. */
  cut: boolean
}

/**
 * The pieces into which drawn lines cut a cell, largest first. Children are not cut: each goes whole to the piece that
 * holds most of it, and the new border follows theirs.
 */
export function piecesOf(coverage: Coverage, sheet: Sheet, cell: CellId): PieceOfCell[] {
  const { grounds, edges } = sheet
  const inside = grounds.map((ground) => ground.cells.has(cell))
  const root = grounds.map((_, i) => i)
  const find = (i: number): number => {
    let top = i
    while (root[top] !== top) top = root[top]!
    root[i] = top
    return top
  }
  for (const { left, right, drawn } of edges)
    if (!drawn && inside[left] && inside[right]) root[find(left)] = find(right)
  const pieceOf = new Map<number, number>()
  grounds.forEach((_, i) => {
    if (inside[i]) pieceOf.set(i, find(i))
  })
  for (const child of coverage.children.get(cell) ?? []) {
    const own = [...pieceOf.keys()].filter((i) => grounds[i]!.cells.has(child))
    const home = largestShare(own.map((i) => [pieceOf.get(i)!, grounds[i]!.area]))
    for (const i of own) pieceOf.set(i, home!)
  }
  const pieces = new Map<number, PieceOfCell>()
  for (const [i, piece] of pieceOf) {
    const known = pieces.get(piece) ?? { grounds: new Set(), area: 0, cut: false }
    known.grounds.add(i)
    known.area += grounds[i]!.area
    pieces.set(piece, known)
  }
  for (const { left, right } of edges) {
    const [one, other] = [pieceOf.get(left), pieceOf.get(right)]
    if (one === undefined || other === undefined || one === other) continue
    pieces.get(one)!.cut = true
    pieces.get(other)!.cut = true
  }
  return [...pieces.values()].sort((a, b) => b.area - a.area)
}

/** Whether a place lies in a piece: how often a line from it to the east leaves or enters the piece. */
export function liesIn({ edges }: Sheet, { grounds }: PieceOfCell, place: Position): boolean {
  const node = nodeOf(place)
  let inside = false
  for (const { left, right, edge } of edges) {
    if (grounds.has(left) === grounds.has(right)) continue
    const [low, high] = edge.a.y < edge.b.y ? [edge.a, edge.b] : [edge.b, edge.a]
    if (low.y <= node.y && node.y < high.y && turnOf(low, high, node) > 0) inside = !inside
  }
  return inside
}

/** Of pairs (key, share) the key with the largest sum. */
export function largestShare<K>(shares: readonly (readonly [K, number])[]): K | undefined {
  const sums = new Map<K, number>()
  for (const [key, share] of shares) sums.set(key, (sums.get(key) ?? 0) + share)
  return [...sums].sort((a, b) => b[1] - a[1])[0]?.[0]
}
