import type { MultiPolygon } from 'geojson'
import { arcsOf } from './cellArcs'
import { type Node, nodesOf, samePlace } from './lattice'
import type { Arc, Cell, CellId, Coverage, Position } from './types'

type Points = readonly Position[]

/** A cell, or the root. */
export const cellOf = (coverage: Coverage, id: CellId): Cell | undefined =>
  id === coverage.root.id ? coverage.root : coverage.cells.get(id)

export function shapeOf({ polygons }: Pick<Cell, 'polygons'>, pointsOf: (arc: number) => Points): MultiPolygon {
  return { type: 'MultiPolygon', coordinates: polygons.map((rings) => rings.map((ring) => ringOf(ring, pointsOf))) }
}

/** The points of a ring of arc numbers, closed. */
export function ringOf(ring: readonly number[], pointsOf: (arc: number) => Points): Position[] {
  const out: Position[] = []
  for (const ref of ring) {
    const points = pointsOf(ref < 0 ? ~ref : ref)
    if (ref < 0) for (let i = points.length - 1; i > 0; i--) out.push(points[i]!)
    else for (let i = 0; i < points.length - 1; i++) out.push(points[i]!)
  }
  if (out[0]) out.push(out[0])
  return out
}

/** Whether an arc is a ring of its own, without any junction. */
export const isClosed = ({ points }: Pick<Arc, 'points'>): boolean => samePlace(points[0]!, points[points.length - 1]!)

/** All cells below a cell, at every depth. */
export function descendantsOf(coverage: Coverage, id: CellId): CellId[] {
  const below = [...(coverage.children.get(id) ?? [])]
  for (let i = 0; i < below.length; i++) below.push(...(coverage.children.get(below[i]!) ?? []))
  return below
}

/** Children of a cell whose box touches the box of some nodes. */
export function childrenWithin(coverage: Coverage, parent: CellId, nodes: readonly Node[]): CellId[] {
  let [w, s, e, n] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y } of nodes) {
    if (x < w) w = x
    if (x > e) e = x
    if (y < s) s = y
    if (y > n) n = y
  }
  return (coverage.children.get(parent) ?? []).filter((id) => {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
    for (const number of arcsOf(coverage.cells.get(id)!)) {
      for (const { x, y } of nodesOf(coverage.arcs.get(number)!.points)) {
        if (x < west) west = x
        if (x > east) east = x
        if (y < south) south = y
        if (y > north) north = y
      }
    }
    return west <= e && east >= w && south <= n && north >= s
  })
}
