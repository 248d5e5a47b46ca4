import { changedCells } from './read'
import { nestRings, traceRings } from './rings'
import { cellOf } from './shape'
import { type Arc, type Cell, type CellId, type Coverage, type Edit, refuse } from './types'

interface Change {
  created?: ReadonlyMap<CellId, { level: number; parent: CellId }>
  vanishing?: ReadonlySet<CellId>
}

/** Puts new arcs in the place of old ones, and the rings of every cell along them anew. */
export function rebuild(
  coverage: Coverage,
  { created, vanishing }: Change,
  old: readonly Arc[],
  joined: { arcs: readonly Arc[]; nextArc: number },
  parents: ReadonlyMap<CellId, CellId>,
): Edit {
  const kept = new Set(joined.arcs.filter((arc) => coverage.arcs.get(arc.id) === arc))
  const gone = old.filter((arc) => !kept.has(arc))
  const fresh = joined.arcs.filter((arc) => !kept.has(arc)).map((arc) => levelled(coverage, arc, created))
  const now = new Map(fresh.map((arc) => [arc.id, arc]))
  const goneIds = new Set(gone.map((arc) => arc.id))
  const arcs = coverage.arcs.with([
    ...gone.filter((arc) => !now.has(arc.id)).map((arc) => [arc.id, undefined] as const),
    ...[...now].map(([id, arc]) => [id, arc] as const),
  ])
  const index = coverage.index.with([
    ...gone.map((arc) => [arc, now.get(arc.id)] as const),
    ...fresh.filter((arc) => !goneIds.has(arc.id)).map((arc) => [undefined, arc] as const),
  ])
  const pointsOf = (arc: number) => arcs.get(arc)!.points

  const affected = new Set<CellId>(parents.keys())
  for (const { left, right } of [...gone, ...fresh]) for (const id of [...left, ...right]) affected.add(id)
  const changes = new Map<CellId, Cell | undefined>()
  for (const id of affected) {
    const before = cellOf(coverage, id)
    const stays = before?.polygons.flat(2).filter((ref) => !goneIds.has(ref < 0 ? ~ref : ref)) ?? []
    const comes = fresh.flatMap((arc) => [
      ...(arc.left.includes(id) ? [arc.id] : []),
      ...(arc.right.includes(id) ? [~arc.id] : []),
    ])
    const refs = [...stays, ...comes]
    if (refs.length === 0) {
      if (!vanishing?.has(id)) return refuse('ZERO_AREA', { cells: [id] })
      changes.set(id, undefined)
      continue
    }
    const rings = traceRings(refs, pointsOf)
    if (!rings) return refuse('TOO_FINE', { cells: [id] })
    const birth = created?.get(id)
    const level = before?.level ?? birth!.level
    const parent = parents.get(id) ?? before?.parent ?? birth?.parent ?? null
    changes.set(id, { id, level, parent, polygons: nestRings(rings, pointsOf) })
  }
  const after: Coverage = {
    ...coverage,
    root: changes.get(coverage.root.id) ?? coverage.root,
    arcs,
    cells: coverage.cells.with([...changes].filter(([id]) => id !== coverage.root.id)),
    children: childrenAfter(coverage, changes),
    index,
    nextArc: joined.nextArc,
  }
  const { reshaped, created: born, removed } = changedCells(coverage, after)
  return { ok: true, coverage: after, touched: reshaped, created: born, removed }
}

/** Levels of an arc where cells have just come into being. */
function levelled(coverage: Coverage, arc: Arc, created: Change['created']): Arc {
  const level = (id: CellId) => coverage.cells.get(id)?.level ?? created?.get(id)?.level ?? []
  return { ...arc, levels: [...new Set([...arc.left, ...arc.right].flatMap(level))].sort((a, b) => a - b) }
}

function childrenAfter(coverage: Coverage, changes: ReadonlyMap<CellId, Cell | undefined>) {
  const lists = new Map<CellId, CellId[]>()
  const list = (parent: CellId) => {
    let found = lists.get(parent)
    if (!found) {
      found = [...(coverage.children.get(parent) ?? [])]
      lists.set(parent, found)
    }
    return found
  }
  for (const [id, cell] of changes) {
    if (id === coverage.root.id) continue
    const before = coverage.cells.get(id)
    if (before?.parent === cell?.parent) continue
    if (before?.parent !== null && before?.parent !== undefined) {
      const siblings = list(before.parent)
      siblings.splice(siblings.indexOf(id), 1)
    }
    if (cell?.parent !== null && cell?.parent !== undefined) list(cell.parent).push(id)
  }
  return coverage.children.with([...lists].map(([id, ids]) => [id, ids.length > 0 ? ids : undefined] as const))
}
