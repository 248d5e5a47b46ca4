// The picture beside the sign-in form: an invented county of cells over hills, with the places that need a look.
// Pure, and always the same.
import { Delaunay } from 'd3-delaunay'

/** Paths for an SVG of the size asked for. */
export interface Ground {
  /** Cells by height of the land, from low to high, as one path each. */
  heights: string[]
  /** All borders between cells, as one path. */
  villages: string
  /** Borders between townships, as one path. */
  townships: string
  /** Cells worth a tint; level 1 red, 2 orange, 3 yellow. */
  tinted: { level: 1 | 2 | 3; path: string }[]
}

const CELLS = 780
const TOWNS = 19
const STEPS = 5
const SEED = 119120

/** Where it is worth a look: x and y as shares of the picture, radius in pixels of the red heart. */
const SPOTS = [
  { x: 0.61, y: 0.6, radius: 26 },
  { x: 0.34, y: 0.36, radius: 0 },
  { x: 0.78, y: 0.24, radius: -16 },
]

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

/** Height of the land, 0..1: mountains in the north, as in the demo county, a plain in the south. */
function heightAt(x: number, y: number): number {
  const hills =
    Math.sin(x * 7.1 + y * 2.3) * 0.12 + Math.sin(x * 3.7 - y * 6.1 + 1.2) * 0.12 + Math.sin(x * 13 + y * 11) * 0.05
  return Math.min(0.999, Math.max(0, 0.98 - y * 1.25 + hills))
}

/** Draws the county: villages smaller on the plain than in the hills, grouped into townships by the nearest centre. */
export function drawGround(width: number, height: number): Ground {
  const random = chance(SEED)
  const points = evenOut(
    scatter(CELLS, width, height, random, (x, y) => 1 - 0.75 * heightAt(x, y)),
    width,
    height,
    2,
  )
  const towns = new Delaunay(
    evenOut(
      scatter(TOWNS, width, height, random, () => 1),
      width,
      height,
      2,
    ),
  )
  const cells = new Delaunay(points)
  const voronoi = cells.voronoi([-20, -20, width + 20, height + 20])

  const heights = Array.from({ length: STEPS }, () => '')
  const tinted: Ground['tinted'] = []
  for (let cell = 0; cell < CELLS; cell++) {
    const [x, y] = [points[2 * cell]!, points[2 * cell + 1]!]
    const path = rounded(voronoi.renderCell(cell))
    const level = levelAt(x, y, width, height)
    if (level) tinted.push({ level, path })
    heights[Math.floor(heightAt(x / width, y / height) * STEPS)]! += path
  }
  const townOf = (cell: number) => towns.find(points[2 * cell]!, points[2 * cell + 1]!)
  return { heights, tinted, villages: rounded(voronoi.render()), townships: bordersOf(cells, voronoi, townOf) }
}

function levelAt(x: number, y: number, width: number, height: number): 1 | 2 | 3 | null {
  for (const spot of SPOTS) {
    const away = Math.hypot(x - spot.x * width, y - spot.y * height) - spot.radius
    if (away < 0) return 1
    if (away < 30) return 2
    if (away < 58) return 3
  }
  return null
}

/** Points by chance, fewer where `density` (0..1) is low; x and y after each other. */
function scatter(
  count: number,
  width: number,
  height: number,
  random: () => number,
  density: (x: number, y: number) => number,
): Float64Array {
  const points = new Float64Array(count * 2)
  for (let i = 0; i < count; ) {
    const [x, y] = [random(), random()]
    if (random() > density(x, y)) continue
    points[2 * i] = x * width
    points[2 * i + 1] = y * height
    i++
  }
  return points
}

/** Moves every point to the middle of its cell, some times over (Lloyd's relaxation). */
function evenOut(points: Float64Array, width: number, height: number, times: number): Float64Array {
  for (let time = 0; time < times; time++) {
    const voronoi = new Delaunay(points).voronoi([0, 0, width, height])
    for (let i = 0; i < points.length / 2; i++) {
      const corners = voronoi.cellPolygon(i)?.slice(1)
      if (!corners) continue
      points[2 * i] = corners.reduce((sum, [x]) => sum + x, 0) / corners.length
      points[2 * i + 1] = corners.reduce((sum, [, y]) => sum + y, 0) / corners.length
    }
  }
  return points
}

/** The borders between cells of different groups. */
function bordersOf(
  cells: Delaunay<Delaunay.Point>,
  voronoi: ReturnType<Delaunay<Delaunay.Point>['voronoi']>,
  groupOf: (cell: number) => number,
): string {
  const { halfedges, triangles } = cells
  const cornerOf = (edge: number) => {
    const corner = Math.floor(edge / 3) * 2
    return `${Math.round(voronoi.circumcenters[corner]!)} ${Math.round(voronoi.circumcenters[corner + 1]!)}`
  }
  let path = ''
  for (let edge = 0; edge < halfedges.length; edge++) {
    const twin = halfedges[edge]!
    if (twin < edge || groupOf(triangles[edge]!) === groupOf(triangles[twin]!)) continue
    path += `M${cornerOf(edge)}L${cornerOf(twin)}`
  }
  return path
}

const rounded = (path: string): string => path.replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number))))
