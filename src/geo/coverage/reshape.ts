import type { MultiPolygon, Polygon } from 'geojson'
import { OUTLINE } from './drawn'
import { largestShare } from './pieces'
import { readRings } from './readRings'
import { rework } from './rework'
import { cellOf, childrenWithin, descendantsOf } from './shape'
import { type CellId, type Coverage, type Edit, refuse } from './types'

/**
 * Gives a cell a whole new outline (an old version, say); with `born`, the parent of a cell that is not there, that comes
 * into being so. Neighbours below the same parent give way; what the cell leaves becomes a gap; ground beyond the parent is
 * not taken. Children of neighbours go whole to where most of them lies.
 * Reasons: those of a bad outline, DUPLICATE_ID, OUTSIDE_PARENT, ORPHANED_CHILDREN (own children left outside), ZERO_AREA (neighbours,
 * all of them in `cells`, would have nothing left).
 */
export function reshape(coverage: Coverage, cell: CellId, geometry: Polygon | MultiPolygon, born?: CellId): Edit {
  const found = coverage.cells.get(cell)
  const parent = found?.parent ?? born
  const above = parent === undefined ? undefined : cellOf(coverage, parent)
  if (parent === undefined || !above) return refuse('UNKNOWN_CELL', { cells: [cell] })
  if (born !== undefined && (found || cell === coverage.root.id)) return refuse('DUPLICATE_ID', { cells: [cell] })
  const level = above.level + 1
  const read = readRings([{ id: cell, level, parent, geometry }])
  if (!read.ok) return read
  const { xs, ys, starts } = read.strip
  const rings = starts.slice(0, -1).map((start, i) => {
    const nodes = Array.from({ length: starts[i + 1]! - start }, (_, k) => ({ x: xs[start + k]!, y: ys[start + k]! }))
    return [...nodes, nodes[0]!]
  })
  const siblings = childrenWithin(coverage, parent, rings.flat()).filter((id) => id !== cell)
  const circle = found ? [cell, ...siblings] : siblings
  return rework(coverage, {
    ...(found ? {} : { created: new Map([[cell, { level, parent }]]) }),
    owners: [parent, ...circle, ...circle.flatMap((id) => descendantsOf(coverage, id))],
    lines: rings.map((nodes) => ({ nodes, left: [OUTLINE], right: [] })),
    decide: ({ grounds }) => {
      const inside = grounds.flatMap(({ cells }, i) => (cells.has(parent) ? [i] : []))
      const taken = new Set(inside.filter((i) => (grounds[i]!.covers.get(OUTLINE) ?? 0) > 0))
      if (taken.size === 0) return { code: 'OUTSIDE_PARENT', cells: [cell] }
      const orphans: CellId[] = []
      for (const child of circle.flatMap((id) => coverage.children.get(id) ?? [])) {
        const whole = inside.filter((i) => grounds[i]!.cells.has(child))
        const goes = largestShare(whole.map((i) => [taken.has(i), grounds[i]!.area]))
        if (!goes && cellOf(coverage, child)!.parent === cell) orphans.push(child)
        for (const i of whole) {
          if (goes) taken.add(i)
          else taken.delete(i)
        }
      }
      if (orphans.length > 0) return { code: 'ORPHANED_CHILDREN', cells: orphans }
      for (const i of inside) {
        const { cells } = grounds[i]!
        if (taken.has(i)) {
          for (const id of siblings) cells.delete(id)
          cells.add(cell)
        } else cells.delete(cell)
      }
      const swallowed = siblings.filter((id) => !grounds.some(({ cells }) => cells.has(id)))
      if (swallowed.length > 0) return { code: 'ZERO_AREA', cells: swallowed }
      return null
    },
  })
}
