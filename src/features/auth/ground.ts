// The picture beside the sign-in form: an invented county of cells, some tinted by level. Pure and always the same.
import { Delaunay } from 'd3-delaunay'

/** Paths for an SVG of the size asked for. */
export interface Ground {
  /** All borders between cells, as one path. */
  villages: string
  /** Borders between townships, as one path. */
  townships: string
  /** Cells worth a tint; level 1..4. */
  tinted: { level: 1 | 2 | 3 | 4; path: string }[]
}

const CELLS = 460
const TOWNS = 17
const SEED = 119120

/** A small generator of repeatable chance (mulberry32), 0..1. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Draws the county: cells of nearly even size, grouped into townships by the nearest centre. */
export function drawGround(width: number, height: number): Ground {
  const random = chance(SEED)
  const scatter = (count: number) =>
    Float64Array.from({ length: count * 2 }, (_, i) => random() * (i % 2 ? height : width))
  const points = evenOut(scatter(CELLS), width, height, 3)
  const cells = new Delaunay(points)
  const voronoi = cells.voronoi([-20, -20, width + 20, height + 20])
  const towns = new Delaunay(evenOut(scatter(TOWNS), width, height, 2))
  const townOf = (cell: number) => towns.find(points[2 * cell]!, points[2 * cell + 1]!)

  let townships = ''
  const { halfedges, triangles } = cells
  halfedges.forEach((twin, edge) => {
    if (twin < edge || townOf(triangles[edge]!) === townOf(triangles[twin]!)) return
    const [from, to] = [Math.floor(edge / 3) * 2, Math.floor(twin / 3) * 2]
    const at = (index: number) =>
      `${Math.round(voronoi.circumcenters[index]!)} ${Math.round(voronoi.circumcenters[index + 1]!)}`
    townships += `M${at(from)}L${at(to)}`
  })

  const tinted: Ground['tinted'] = []
  for (let cell = 0; cell < CELLS; cell++) {
    const lot = random()
    const level = lot < 0.012 ? 1 : lot < 0.04 ? 2 : lot < 0.1 ? 3 : lot < 0.16 ? 4 : null
    if (level) tinted.push({ level, path: voronoi.renderCell(cell) })
  }
  return {
    villages: rounded(voronoi.render()),
    townships,
    tinted: tinted.map((cell) => ({ ...cell, path: rounded(cell.path) })),
  }
}

/** Moves every point to the middle of its cell, some times over (Lloyd's relaxation). */
function evenOut(points: Float64Array, width: number, height: number, times: number): Float64Array {
  for (let time = 0; time < times; time++) {
    const voronoi = new Delaunay(points).voronoi([0, 0, width, height])
    for (let i = 0; i < points.length / 2; i++) {
      const ring = voronoi.cellPolygon(i)
      if (!ring) continue
      const corners = ring.slice(1)
      points[2 * i] = corners.reduce((sum, [x]) => sum + x, 0) / corners.length
      points[2 * i + 1] = corners.reduce((sum, [, y]) => sum + y, 0) / corners.length
    }
  }
  return points
}

const rounded = (path: string): string => path.replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number))))
