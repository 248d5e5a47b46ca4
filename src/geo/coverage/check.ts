import { arcsOf } from './cellArcs'
import { cellIssues, isSliver } from './cellIssues'
import { outlinesOfGaps } from './gaps'
import { judge } from './judge'
import { collide, keyOf, type Node, nodeOf, nodesOf, twiceArea, whereIn } from './lattice'
import { arcsNear, boxAround } from './near'
import { within } from './rings'
import { cellOf, ringOf } from './shape'
import type { Arc, Cell, CellId, Coverage, Issue, Position } from './types'

/**
 * What is wrong with some cells of a coverage and what lies around them (with all when none are named): ground covered
 * twice or inside out, overlaps, ground beyond the parent, too many vertices, slivers; and, as warnings, the gaps beside
 * them. Empty: the database's dry run has no fault to find either.
 */
export function checkCoverage(coverage: Coverage, cells?: readonly CellId[]): Issue[] {
  const known = (cells ?? [...coverage.cells.keys()]).filter((id) => coverage.cells.has(id))
  const pointsOf = (arc: number) => coverage.arcs.get(arc)!.points
  const drawn = new Map<CellId, Node[][][]>()
  const ringsOf = (cell: Cell) => {
    const rings = drawn.get(cell.id) ?? ringNodes(coverage, cell)
    drawn.set(cell.id, rings)
    return rings
  }
  const suspects = new Set<CellId>()
  const seen = new Set<number>()
  for (const id of known) {
    const cell = coverage.cells.get(id)!
    for (const number of arcsOf(cell)) {
      if (seen.has(number)) continue
      seen.add(number)
      for (const arc of crossedBy(coverage, coverage.arcs.get(number)!)) {
        for (const other of [...arc.left, ...arc.right]) suspects.add(other)
      }
    }
    for (const other of misplaced(coverage, cell, ringsOf)) suspects.add(other)
    // children that did not move may have lost the ground under them
    for (const child of cells ? (coverage.children.get(id) ?? []) : []) {
      if (strayed(coverage, coverage.cells.get(child)!, ringsOf)) suspects.add(child).add(id)
    }
  }
  const orphans = known.filter((id) => !cellOf(coverage, coverage.cells.get(id)!.parent ?? Number.NaN))
  const wrong = suspects.size > 0 ? judge(coverage, suspects, pointsOf) : []
  const broken = new Set(wrong.flatMap((issue) => issue.cells))
  return [
    ...wrong,
    ...known.filter((id) => !broken.has(id)).flatMap((id) => cellIssues(coverage, id, pointsOf)),
    ...orphans.map((id) => orphaned(coverage, id)),
    ...gapIssues(coverage, cells && new Set(cells)),
  ]
}

/** An arc with those it crosses, touches or folds upon; none when all is well. */
function crossedBy(coverage: Coverage, arc: Arc): Arc[] {
  const found = new Set<Arc>()
  const nodes = nodesOf(arc.points)
  const box = boxAround(nodes)
  const whole = coverage.index.squaresIn(box) < 4 * nodes.length
  const near = whole ? arcsNear(coverage, box) : []
  for (let i = 1; i < nodes.length; i++) {
    const [a, b] = [nodes[i - 1]!, nodes[i]!]
    for (const other of whole ? near : arcsNear(coverage, boxAround([a, b]))) {
      const line = nodesOf(other.points)
      for (let j = 1; j < line.length; j++) {
        if ((other !== arc || j !== i) && collide(a, b, line[j - 1]!, line[j]!)) found.add(arc).add(other)
      }
    }
  }
  return [...found]
}

type RingsOf = (cell: Cell) => Node[][][]

/** The rings of a cell as nodes, not closed. */
const ringNodes = (coverage: Coverage, cell: Cell): Node[][][] =>
  cell.polygons.map((polygon) =>
    polygon.map((ring) =>
      ringOf(ring, (arc) => coverage.arcs.get(arc)!.points)
        .slice(1)
        .map(nodeOf),
    ),
  )

/** Whether a part of a cell lies in none of its parent's parts. */
function strayed(coverage: Coverage, cell: Cell, ringsOf: RingsOf): boolean {
  const parent = cell.parent === null ? undefined : cellOf(coverage, cell.parent)
  if (!parent) return false
  const ground = ringsOf(parent)
  return ringsOf(cell).some(([shell]) => !ground.some(([outer]) => within(outer!, shell!)))
}

/** A cell with those it lies wrong to though no borders cross: holes outside, turned rings, one upon the other. */
function misplaced(coverage: Coverage, cell: Cell, ringsOf: RingsOf): CellId[] {
  const own = ringsOf(cell)
  const wrong = new Set<CellId>()
  for (const [shell, ...holes] of own) {
    if (holes.some((hole) => !within(shell!, hole))) wrong.add(cell.id)
    if (twiceArea(shell!) <= 0 || holes.some((hole) => twiceArea(hole) >= 0)) wrong.add(cell.id)
    // a ring that comes through a place twice may be inside out on one side of it
    if ([shell!, ...holes].some((ring) => new Set(ring.map(keyOf)).size < ring.length)) wrong.add(cell.id)
    // a part upon another part, and not in a hole of it
    if (own.length > 1 && own.some((other) => other[0] !== shell && liesOn(other, shell!))) wrong.add(cell.id)
  }
  if (strayed(coverage, cell, ringsOf)) wrong.add(cell.id).add(cell.parent!)
  for (const arc of arcsNear(coverage, boxAround(own.flat(2)))) {
    if (arc.left.includes(cell.id) || arc.right.includes(cell.id)) continue
    const rivals = [...arc.left, ...arc.right].filter((id) => coverage.cells.get(id)?.level === cell.level)
    if (rivals.length === 0) continue
    const node = nodesOf(arc.points)[arc.points.length >> 1]!
    const inside = own.some(
      ([shell, ...holes]) => whereIn(shell!, node) > 0 && holes.every((h) => whereIn(h, node) < 0),
    )
    if (inside) for (const id of [cell.id, ...rivals]) wrong.add(id)
  }
  return [...wrong]
}

/** Whether a ring lies on the ground of a polygon that it does not cross. */
const liesOn = ([outer, ...holes]: readonly Node[][], ring: Node[]): boolean =>
  within(outer!, ring) && !holes.some((hole) => within(hole, ring))

function orphaned(coverage: Coverage, id: CellId): Issue {
  const arc = arcsOf(coverage.cells.get(id)!)[0]!
  const at = coverage.arcs.get(arc)!.points[0]!
  return { code: 'ORPHANED_CHILDREN', cells: [id], shape: { type: 'Point', coordinates: at }, severity: 'error', at }
}

function gapIssues(coverage: Coverage, beside: ReadonlySet<CellId> | undefined): Issue[] {
  return outlinesOfGaps(coverage).flatMap(({ polygon, area_m2, parent, rings }) => {
    const arcs = rings.flat().map((ref) => coverage.arcs.get(ref < 0 ? ~ref : ref)!)
    const around = new Set(arcs.flatMap(({ left, right }) => [...left, ...right]))
    const cells = [...around].filter((id) => coverage.cells.get(id)?.parent === parent).sort((a, b) => a - b)
    if (beside && !cells.some((id) => beside.has(id))) return []
    const code = isSliver(polygon, area_m2) ? ('SLIVER' as const) : ('GAP' as const)
    const at = polygon.coordinates[0]![0] as Position
    return [{ code, cells, area_m2, shape: polygon, severity: 'warning' as const, at }]
  })
}
