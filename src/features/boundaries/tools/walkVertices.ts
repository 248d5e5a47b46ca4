// The vertices of the selected grid by keyboard: the next, the one before, and from one to another a stretch.
import { handlesOf } from '../../../geo/coverage/handles'
import { geometryOf } from '../../../geo/coverage/read'
import type { CellId, Coverage, Position } from '../../../geo/coverage/types'
import { samePlace } from '../locate'

/** The movable vertices around a cell, ring by ring, each once. */
function verticesOf(coverage: Coverage, cell: CellId): Position[][] {
  const rings = geometryOf(coverage, cell).coordinates.flat() as Position[][]
  const all = rings.flat()
  if (!all.length) return []
  const [lons, lats] = [all.map(([lon]) => lon), all.map(([, lat]) => lat)]
  const fixed = new Set(
    handlesOf(coverage, [least(lons), least(lats), most(lons), most(lats)]).flatMap((handle) =>
      handle.kind !== 'mid' && handle.fixed ? [handle.at.join()] : [],
    ),
  )
  return rings.map((ring) => ring.slice(1).filter((at) => !fixed.has(at.join()))).filter((ring) => ring.length)
}

const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b))
const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b))

/** The vertex after (`way` 1) or before (−1) one of a cell, from ring to ring; the first when none is in hand. */
export function nextVertex(coverage: Coverage, cell: CellId, from: Position | null, way: 1 | -1): Position | null {
  const path = verticesOf(coverage, cell).flat()
  if (!path.length) return null
  const at = from ? path.findIndex((each) => samePlace(each, from)) : -1
  if (at < 0) return (way > 0 ? path[0] : path.at(-1)) ?? null
  return path[(at + way + path.length) % path.length] ?? null
}
