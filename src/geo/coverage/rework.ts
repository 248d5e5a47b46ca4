import { arrange, type Edge, type Path } from './arrangement'
import { arcsOf } from './cellArcs'
import { joinEdges } from './joinEdges'
import { nodesOf } from './lattice'
import { endsAt } from './near'
import { nodePaths } from './noding'
import { rebuild } from './rebuild'
import { cellOf } from './shape'
import { type CellId, type Coverage, type Edit, type Reason, refuse } from './types'

/** A piece of ground with no border in it, before (`covers`) and after: an operation sets `cells`. */
export interface Ground {
  /** Twice its area in square lattice units. */
  area: number
  /** Owners and marks that cover it now. */
  covers: ReadonlyMap<number, number>
  /** The owners that shall cover it. */
  cells: Set<CellId>
}

/** The ground at hand, cut along every border and every drawn line. */
export interface Sheet {
  grounds: Ground[]
  /** Between which two grounds each edge runs, and whether a drawn line runs along it. */
  edges: { left: number; right: number; drawn: boolean; edge: Edge }[]
}

export interface Work {
  /** Cells (the root too) that may win or lose ground: their whole borders take part. */
  owners: Iterable<CellId>
  /** Drawn lines; `left`/`right` name marks (no whole numbers) that they enclose. */
  lines?: readonly Path[]
  /** Arcs, signed, with a mark on their left: ground that no owner covers but that an operation wants to know. */
  marked?: ReadonlyMap<number, number>
  /** Cells that come into being. */
  created?: ReadonlyMap<CellId, { level: number; parent: CellId }>
  /** Cells that may lose all they have. */
  vanishing?: ReadonlySet<CellId>
  /** Crossings of borders stay as they are; only vertices on lines are joined. */
  keepCrossings?: boolean
  /** Says which cells cover each ground, or why nothing can be done. */
  decide?(sheet: Sheet): Reason | null
}

/**
 * The one way in which borders are cut, joined and dropped: takes the arcs of the owners, nodes them with the drawn
 * lines, lets `decide` say which cells cover each piece of ground, keeps the edges that still separate something, and
 * joins them to arcs again. Other cells along these arcs get every new vertex too.
 */
export function rework(coverage: Coverage, work: Work): Edit {
  const owners = new Set(work.owners)
  const lost = [...owners].filter((id) => !cellOf(coverage, id))
  if (lost.length > 0) return refuse('UNKNOWN_CELL', { cells: lost })
  const local = localArcs(coverage, owners, [...(work.marked?.keys() ?? [])])
  const arcs = [...local].map((id) => coverage.arcs.get(id)!)
  const lines = work.lines ?? []
  const given = [...arcs.map((arc) => nodesOf(arc.points)), ...lines.map((line) => line.nodes)]
  const noded = nodePaths(given, !work.keepCrossings)
  if (!noded) return refuse('TOO_FINE')
  const paths = arcs.map((arc, i): Path => {
    const mark = (ref: number) => (work.marked?.has(ref) ? [work.marked.get(ref)!] : [])
    return {
      nodes: noded[i]!,
      left: [...arc.left.filter((id) => owners.has(id)), ...mark(arc.id)],
      right: [...arc.right.filter((id) => owners.has(id)), ...mark(~arc.id)],
    }
  })
  lines.forEach((line, i) => {
    paths.push({ ...line, nodes: noded[arcs.length + i]! })
  })
  const { edges, faces } = arrange(paths)
  const grounds = faces.map(({ area, covers }): Ground => {
    const cells = new Set([...covers].filter(([id, times]) => owners.has(id) && times > 0).map(([id]) => id))
    return { area, covers, cells }
  })
  if (work.decide) {
    const drawn = (edge: Edge) => edge.uses.some(({ path }) => path >= arcs.length)
    const reason = work.decide({
      grounds,
      edges: edges.map((edge) => ({ left: edge.left, right: edge.right, drawn: drawn(edge), edge })),
    })
    if (reason) return { ok: false, reason }
  }
  const pieces = edges.flatMap((edge) => {
    const sides = sidesOf(edge, arcs, owners, grounds, work.decide === undefined)
    return sides.left.length + sides.right.length > 0 ? [{ edge, ...sides }] : []
  })
  const parents = work.decide ? parentsAfter(coverage, owners, grounds) : new Map<CellId, CellId>()
  return rebuild(coverage, work, arcs, joinEdges(coverage, local, arcs, pieces, given), parents)
}

/** Arcs of the owners, those asked for, and all that end where these do (a junction may vanish). */
function localArcs(coverage: Coverage, owners: ReadonlySet<CellId>, more: readonly number[]): Set<number> {
  const local = new Set<number>(more.map((ref) => (ref < 0 ? ~ref : ref)))
  for (const id of owners) for (const arc of arcsOf(cellOf(coverage, id)!)) local.add(arc)
  for (const id of [...local]) {
    const { points } = coverage.arcs.get(id)!
    for (const end of [points[0]!, points[points.length - 1]!]) {
      for (const { arc } of endsAt(coverage, end)) local.add(arc.id)
    }
  }
  return local
}

/** Who ends at an edge after the work: owners by the ground on both sides, others as the arcs along it say. */
function sidesOf(
  { left, right, uses }: Edge,
  arcs: readonly { left: readonly CellId[]; right: readonly CellId[] }[],
  owners: ReadonlySet<CellId>,
  grounds: readonly Ground[],
  asBefore: boolean,
): { left: CellId[]; right: CellId[] } {
  const net = new Map<CellId, number>()
  const add = (id: CellId, step: number) => net.set(id, (net.get(id) ?? 0) + step)
  for (const { path, sign } of uses) {
    const arc = arcs[path]
    for (const id of arc?.left ?? []) if (asBefore || !owners.has(id)) add(id, sign)
    for (const id of arc?.right ?? []) if (asBefore || !owners.has(id)) add(id, -sign)
  }
  if (!asBefore) {
    for (const id of grounds[left]!.cells) add(id, 1)
    for (const id of grounds[right]!.cells) add(id, -1)
  }
  const those = (sign: number) => [...net].filter(([, n]) => Math.sign(n) === sign).map(([id]) => id)
  return { left: those(1), right: those(-1) }
}

/** Owners whose ground now lies under another cell of the level above: id → that cell (where most of it lies). */
function parentsAfter(
  coverage: Coverage,
  owners: ReadonlySet<CellId>,
  grounds: readonly Ground[],
): Map<CellId, CellId> {
  const parents = new Map<CellId, CellId>()
  for (const id of owners) {
    const cell = coverage.cells.get(id)
    if (!cell || cell.parent === null || !owners.has(cell.parent)) continue
    const shares = new Map<CellId, number>()
    for (const ground of grounds) {
      if (!ground.cells.has(id)) continue
      for (const other of ground.cells) {
        const level = cellOf(coverage, other)?.level ?? coverage.level
        if (level === cell.level - 1) shares.set(other, (shares.get(other) ?? 0) + ground.area)
      }
    }
    const [best] = [...shares].sort((a, b) => b[1] - a[1])
    if (best && best[0] !== cell.parent) parents.set(id, best[0])
  }
  return parents
}
