// Outlines, areas and places for names of all cells of a coverage, kept as long as the coverage is.
import type { MultiPolygon } from 'geojson'
import { changedCells, geometryOf } from '../../geo/coverage/read'
import type { CellId, Coverage } from '../../geo/coverage/types'
import { labelPoint } from '../../geo/labelPoint'
import { areaM2 } from '../../geo/measure'

export interface Shape {
  geometry: MultiPolygon
  area_m2: number
  /** Where its name stands, [lon, lat]; looked for when it is asked for, which most cells never are. */
  readonly center: [number, number]
}

const known = new WeakMap<Coverage, ReadonlyMap<CellId, Shape>>()

/** The shapes of a coverage. With `near`, whose shapes are known, only what differs is made. */
export function shapesOf(coverage: Coverage, near?: Coverage): ReadonlyMap<CellId, Shape> {
  const before = known.get(coverage)
  if (before) return before
  const start = near && known.get(near)
  const shapes = new Map<CellId, Shape>(start)
  if (near && start) {
    const { removed, created, reshaped } = changedCells(near, coverage)
    for (const id of removed) shapes.delete(id)
    for (const id of [...created, ...reshaped]) shapes.set(id, shapeOf(coverage, id))
  } else for (const id of coverage.cells.keys()) shapes.set(id, shapeOf(coverage, id))
  known.set(coverage, shapes)
  return shapes
}

function shapeOf(coverage: Coverage, id: CellId): Shape {
  const geometry = geometryOf(coverage, id)
  let center: [number, number] | undefined
  return {
    geometry,
    area_m2: areaM2(geometry),
    get center() {
      center ??= labelPoint(geometry)
      return center
    },
  }
}
