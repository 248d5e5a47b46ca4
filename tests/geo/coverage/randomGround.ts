// Coverages nobody drew: bent bricks, dealt out to townships and villages at random, so that holes, enclaves, cells of
// several parts and gaps on every level come about by themselves.
import type { GeometryCollection as GeoCollection, MultiPolygon } from 'geojson'
import { merge } from 'topojson-client'
import { topology } from 'topojson-server'
import type { GeometryCollection, Polygon as TopoPolygon } from 'topojson-specification'
import type { CellInput, Position } from '../../../src/geo/coverage/types'
import { at, ROOT } from './ground'

/** Repeatable random numbers in [0, 1) (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Bricks in rows, each shifted by half: never more than three meet. Corners are moved by up to a quarter. */
function bricks(columns: number, rows: number, next: () => number): Position[][] {
  const corners = new Map<string, Position>()
  const corner = (x: number, y: number) => {
    const key = `${x} ${y}`
    const known = corners.get(key) ?? at(x + (next() - 0.5) * 0.4, y + (next() - 0.5) * 0.5)
    corners.set(key, known)
    return known
  }
  return Array.from({ length: columns * rows }, (_, i) => {
    const row = Math.floor(i / columns)
    const x = (i % columns) + (row % 2) / 2
    const outline: [number, number][] = [
      [x, row],
      [x + 0.5, row],
      [x + 1, row],
      [x + 1, row + 1],
      [x + 0.5, row + 1],
      [x, row + 1],
    ]
    const ring = outline.map(([a, b]) => corner(a, b))
    return [...ring, ring[0]!]
  })
}

/** A root with townships (10, 11 …) and villages (100 …) below it; some ground is nobody's. */
export function randomGround(seed: number): { root: CellInput; cells: CellInput[] } {
  const next = randomFrom(seed)
  const [columns, rows] = [4 + Math.floor(next() * 3), 4 + Math.floor(next() * 3)]
  const rings = bricks(columns, rows, next)
  const all: GeoCollection = {
    type: 'GeometryCollection',
    geometries: rings.map((ring) => ({ type: 'Polygon', coordinates: [ring] })),
  }
  const topo = topology({ all })
  const tiles = (topo.objects.all as GeometryCollection).geometries as TopoPolygon[]
  const joined = (picked: TopoPolygon[]) => merge(topo, picked) as MultiPolygon
  const townships = 2 + Math.floor(next() * 3)
  const deal = tiles.map((tile) => ({
    tile,
    township: next() < 0.1 ? -1 : Math.floor(next() * townships),
    village: next() < 0.1 ? -1 : Math.floor(next() * 3),
  }))
  const cells: CellInput[] = []
  for (let t = 0; t < townships; t++) {
    const own = deal.filter((d) => d.township === t)
    if (own.length === 0) continue
    cells.push({ id: 10 + t, level: 3, parent: ROOT, geometry: joined(own.map((d) => d.tile)) })
    for (let v = 0; v < 3; v++) {
      const part = own.filter((d) => d.village === v)
      if (part.length === 0) continue
      cells.push({ id: 100 + 10 * t + v, level: 4, parent: 10 + t, geometry: joined(part.map((d) => d.tile)) })
    }
  }
  return { root: { id: ROOT, level: 2, parent: null, geometry: joined(tiles) }, cells }
}
