import { areaM2 } from '../measure'
import { arrange, groundOf, type Path } from './arrangement'
import { nodesOf } from './lattice'
import { nodePaths } from './noding'
import { cellOf } from './shape'
import type { CellId, Coverage, Issue, IssueCode, Position } from './types'

type PointsOf = (arc: number) => readonly Position[]

/**
 * What is wrong between some cells (the root may be one): ground that a cell covers twice or inside out, that two
 * siblings cover, or a child beyond its parent. Each with the piece of ground. Costs what the cells' borders cost.
 */
export function judge(coverage: Coverage, ids: ReadonlySet<CellId>, pointsOf: PointsOf): Issue[] {
  const cells = [...ids].flatMap((id) => cellOf(coverage, id) ?? [])
  const numbers = new Set(cells.flatMap((cell) => cell.polygons.flat(2).map((ref) => (ref < 0 ? ~ref : ref))))
  const arcs = [...numbers].map((id) => coverage.arcs.get(id)!)
  const lines = nodePaths(arcs.map(({ id }) => nodesOf(pointsOf(id))))
  if (!lines)
    return [
      unclear(
        cells.map((c) => c.id).filter((id) => id !== coverage.root.id),
        pointsOf(arcs[0]!.id)[0]!,
      ),
    ]
  const ours = (list: readonly CellId[]) => list.filter((id) => ids.has(id))
  const paths = arcs.map(({ left, right }, i): Path => ({ nodes: lines[i]!, left: ours(left), right: ours(right) }))
  const arrangement = arrange(paths)

  const faults = new Map<string, { code: IssueCode; cells: CellId[]; faces: Set<number> }>()
  arrangement.faces.forEach(({ covers }, face) => {
    const note = (code: IssueCode, ...who: CellId[]) => {
      const key = `${code} ${who.join()}`
      const known = faults.get(key)
      if (known) known.faces.add(face)
      else faults.set(key, { code, cells: who, faces: new Set([face]) })
    }
    const here = [...covers.keys()].sort((a, b) => a - b)
    for (const id of here) {
      const cell = cellOf(coverage, id)!
      const times = covers.get(id)!
      if (times !== 1) note('INVALID_GEOMETRY', id)
      if (times < 1 || id === coverage.root.id) continue
      if (cell.parent !== null && ids.has(cell.parent) && !((covers.get(cell.parent) ?? 0) > 0)) {
        note('OUTSIDE_PARENT', id)
      }
      for (const other of here) {
        if (other > id && covers.get(other)! > 0 && cellOf(coverage, other)!.level === cell.level)
          note('OVERLAP', id, other)
      }
    }
  })
  return [...faults.values()].flatMap(({ code, cells: who, faces }) => {
    const shape = groundOf(arrangement, faces)
    const at = shape.coordinates[0]?.[0]?.[0] as Position | undefined
    // the root's own outline is not up for judgement here
    if (!at || who.includes(coverage.root.id)) return []
    const area_m2 = areaM2(shape)
    // rounding, not ground: the server looks over it too
    if (code !== 'INVALID_GEOMETRY' && area_m2 < LEAST_AREA_M2) return []
    return [{ code, cells: who, area_m2, shape, severity: 'error', at }]
  })
}

/** A part of a square metre is the rounding of a survey. The server counts from 1 m². */
const LEAST_AREA_M2 = 1

const unclear = (cells: CellId[], at: Position): Issue => ({
  code: 'INVALID_GEOMETRY',
  cells,
  shape: { type: 'Point', coordinates: at },
  severity: 'error',
  at,
})
