import { RING, ringNodes } from './drawn'
import { rework } from './rework'
import { cellOf, childrenWithin } from './shape'
import { type CellId, type Coverage, type Edit, type Position, refuse } from './types'

/**
 * A new cell below `parent` on the free ground within a drawn ring: where the ring runs over neighbours or beyond the
 * parent, their borders are taken exactly. Reasons: SELF_CROSSING, ZERO_AREA, OUTSIDE_PARENT, NO_FREE_GROUND,
 * DUPLICATE_ID.
 */
export function drawCell(
  coverage: Coverage,
  ring: readonly Position[],
  { id, parent }: { id: CellId; parent: CellId },
): Edit {
  const above = cellOf(coverage, parent)
  if (!above) return refuse('UNKNOWN_CELL', { cells: [parent] })
  if (cellOf(coverage, id)) return refuse('DUPLICATE_ID', { cells: [id] })
  const drawn = ringNodes(ring)
  if (!drawn.ok) return drawn
  const siblings = childrenWithin(coverage, parent, drawn.nodes)
  return rework(coverage, {
    owners: [parent, ...siblings],
    lines: [{ nodes: drawn.nodes, left: [RING], right: [] }],
    created: new Map([[id, { level: above.level + 1, parent }]]),
    decide: ({ grounds }) => {
      const within = grounds.filter(({ covers, cells }) => covers.has(RING) && cells.has(parent))
      const free = within.filter(({ cells }) => !siblings.some((sibling) => cells.has(sibling)))
      if (within.length === 0) return { code: 'OUTSIDE_PARENT', cells: [parent] }
      if (free.length === 0) return { code: 'NO_FREE_GROUND', cells: siblings }
      for (const { cells } of free) cells.add(id)
      return null
    },
  })
}
