import { beside, collide, type Node, nodesOf, ROUNDING } from './lattice'
import { arcsNear, boxAround } from './near'
import type { Arc, Coverage, Issue, Position } from './types'

/** Borders closer than this (metres) that are not one look like a mistake of the survey. */
const NEAR_M = 1
const METRES_PER_UNIT = 0.0111

/**
 * Borders without a partner that run beside another within a metre, or cross one: a hint for each pair of neighbours,
 * with the places. Nothing is changed.
 */
export function untidyBorders(coverage: Coverage): Issue[] {
  const pairs = new Map<string, { cells: [number, number]; places: Position[]; crossing: boolean }>()
  const note = (a: Arc, b: Arc, at: Position, crossing: boolean) => {
    const [one, other] = strangers(coverage, a, b)
    if (one === undefined || other === undefined) return
    const cells: [number, number] = one < other ? [one, other] : [other, one]
    const key = `${crossing} ${cells.join()}`
    const known = pairs.get(key)
    if (known) known.places.push(at)
    else pairs.set(key, { cells, places: [at], crossing })
  }
  const reach = NEAR_M / METRES_PER_UNIT
  const open = new Map<Arc, boolean>()
  const isBare = (arc: Arc) => {
    const known = open.get(arc) ?? isOpen(coverage, arc)
    open.set(arc, known)
    return known
  }
  for (const arc of coverage.arcs.values()) {
    if (!isBare(arc)) continue
    const nodes = nodesOf(arc.points)
    const stretch = Math.cos((arc.points[0]![1] * Math.PI) / 180)
    const near = arcsNear(coverage, boxAround(nodes, reach / Math.max(0.05, stretch)))
    for (const other of near) {
      if (other === arc) continue
      const bare = isBare(other)
      const line = nodesOf(other.points)
      for (let j = 1; j < line.length; j++) {
        const [c, d] = [line[j - 1]!, line[j]!]
        for (let i = 0; i < nodes.length; i++) {
          const p = nodes[i]!
          if (bare && isNear(p, c, d, reach, stretch) && !beside(c, d, p, ROUNDING))
            note(arc, other, arc.points[i]!, false)
          if (i > 0 && collide(nodes[i - 1]!, p, c, d)) note(arc, other, arc.points[i]!, true)
        }
      }
    }
  }
  return [...pairs.values()].map(({ cells, places, crossing }) => ({
    code: crossing ? 'OVERLAP' : 'SLIVER',
    cells,
    shape: { type: 'MultiPoint', coordinates: places },
    severity: 'warning',
    at: places[0]!,
  }))
}

/** Whether p lies within reach of the inside of a segment; a unit along the parallel is `stretch` units long. */
function isNear(p: Node, c: Node, d: Node, reach: number, stretch: number): boolean {
  const [dx, dy] = [(d.x - c.x) * stretch, d.y - c.y]
  const [px, py] = [(p.x - c.x) * stretch, p.y - c.y]
  if (Math.min(0, dy) - reach > py || Math.max(0, dy) + reach < py) return false
  const along = px * dx + py * dy
  const length2 = dx * dx + dy * dy
  if (along <= 0 || along >= length2) return false
  const across = px * dy - py * dx
  return across * across <= reach * reach * length2
}

/** Whether a level lacks its partner along an arc: no sibling beyond it, and no parent that ends there too. */
function isOpen(coverage: Coverage, { left, right }: Arc): boolean {
  const lone = (here: readonly number[], there: readonly number[]) =>
    here.some((id) => {
      const cell = coverage.cells.get(id)
      if (!cell) return !here.some((other) => coverage.cells.get(other)?.parent === id)
      return !here.includes(cell.parent!) && !there.some((other) => coverage.cells.get(other)?.level === cell.level)
    })
  return lone(left, right) || lone(right, left)
}

/** A cell of each arc, of one level, that the other arc does not bound. */
function strangers(coverage: Coverage, a: Arc, b: Arc): [number | undefined, number | undefined] {
  const all = (arc: Arc) => [...arc.left, ...arc.right]
  for (const one of all(a)) {
    if (all(b).includes(one)) continue
    const level = coverage.cells.get(one)?.level ?? coverage.level - 1
    const other = all(b).find(
      (id) => !all(a).includes(id) && (coverage.cells.get(id)?.level ?? coverage.level - 1) === level,
    )
    if (other !== undefined) return [one, other]
  }
  const one = all(a).find((id) => !all(b).includes(id))
  const other = all(b).find((id) => !all(a).includes(id))
  return [one, other]
}
