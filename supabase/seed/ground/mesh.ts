import { Delaunay } from 'd3-delaunay'
import type { Random } from '../random.ts'
import type { Point } from './plane.ts'

/** A fine honeycomb of irregular cells. Every border of the county runs along its edges, so neighbours share them. */
export interface Mesh {
  points: [number, number][]
  delaunay: Delaunay<[number, number]>
  /** The cells beside each cell. */
  neighbours: number[][]
}

/**
 * Scatters `count` points over a box (km), more where `density` (0..1) is high, and lets them settle a little
 * (Lloyd), so that cells are round but not regular.
 */
export function scatter(
  next: Random,
  [west, south, east, north]: readonly [number, number, number, number],
  count: number,
  density: (p: Point) => number,
): Mesh {
  let points: [number, number][] = []
  while (points.length < count) {
    const p: [number, number] = [west + next() * (east - west), south + next() * (north - south)]
    if (next() < density(p)) points.push(p)
  }
  for (let round = 0; round < 3; round++) {
    const voronoi = Delaunay.from(points).voronoi([west, south, east, north])
    points = points.map((p, i) => {
      const ring = voronoi.cellPolygon(i)
      return ring ? centroid(ring as unknown as [number, number][]) : p
    })
  }
  const delaunay = Delaunay.from(points)
  return { points, delaunay, neighbours: points.map((_, i) => [...delaunay.neighbors(i)]) }
}

/** The cell whose point is nearest. */
export function cellAt(mesh: Mesh, p: Point): number {
  return mesh.delaunay.find(p[0], p[1])
}

function centroid(ring: readonly [number, number][]): [number, number] {
  let area = 0
  let x = 0
  let y = 0
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!
    const [xj, yj] = ring[j]!
    const cross = xj * yi - xi * yj
    area += cross
    x += (xj + xi) * cross
    y += (yj + yi) * cross
  }
  return area === 0 ? ring[0]! : [x / (3 * area), y / (3 * area)]
}
