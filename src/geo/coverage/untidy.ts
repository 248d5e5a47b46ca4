import { beside, collide, nodesOf, ROUNDING } from './lattice'
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
  for (const arc of coverage.arcs.values()) {
    if (!isOpen(coverage, arc)) continue
    const nodes = nodesOf(arc.points)
    const near = arcsNear(coverage, boxAround(nodes, reach)).filter((other) => other !== arc)
    const others = near.map((other) => ({ other, open: isOpen(coverage, other), nodes: nodesOf(other.points) }))
    nodes.forEach((p, i) => {
      const stretch = Math.cos((arc.points[i]![1] * Math.PI) / 180)
      const flat = (n: typeof p) => ({ x: n.x * stretch, y: n.y })
      for (const { other, open, nodes: line } of others) {
        for (let j = 1; j < line.length; j++) {
          const [c, d] = [line[j - 1]!, line[j]!]
          if (open && beside(flat(c), flat(d), flat(p), reach) && !beside(c, d, p, ROUNDING)) {
            note(arc, other, arc.points[i]!, false)
          }
          if (i > 0 && collide(nodes[i - 1]!, p, c, d)) note(arc, other, arc.points[i]!, true)
        }
      }
    })
  }
  return [...pairs.values()].map(({ cells, places, crossing }) => ({
    code: crossing ? 'OVERLAP' : 'SLIVER',
    cells,
    shape: { type: 'MultiPoint', coordinates: places },
    severity: 'warning',
    at: places[0]!,
  }))
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
