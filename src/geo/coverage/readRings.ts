import { units } from './lattice'
import { type CellInput, type Reason, refuse } from './types'

/** Every ring of every cell on one long strip of lattice points, without the closing point. */
export interface RingStrip {
  xs: Int32Array
  ys: Int32Array
  /** Where each ring begins; one more entry for the end. */
  starts: number[]
  /** Number of the cell (in the order given) and of the polygon that a ring belongs to; outer rings come first. */
  cellOf: number[]
  polygonOf: number[]
}

/** What the world and a boundary may hold; the database says the same. */
export const MOST_VERTICES = 20_000

/**
 * Rounds to the lattice, drops points that fall together and spikes that fold back upon themselves, and turns outer
 * rings anticlockwise, holes clockwise.
 */
export function readRings(cells: readonly CellInput[]): { ok: true; strip: RingStrip } | { ok: false; reason: Reason } {
  let most = 0
  for (const { geometry } of cells) {
    for (const part of polygonsOf(geometry)) for (const ring of part) most += ring.length
  }
  const strip: RingStrip = { xs: new Int32Array(most), ys: new Int32Array(most), starts: [], cellOf: [], polygonOf: [] }
  let end = 0
  for (const [number, { id, geometry }] of cells.entries()) {
    let polygon = 0
    let points = 0
    for (const part of polygonsOf(geometry)) {
      let shell = false
      for (const [i, ring] of part.entries()) {
        points += ring.length
        const stop = readRing(strip, end, ring)
        if (stop < 0) return refuse('OUT_OF_RANGE', { cells: [id] })
        if (stop - end < 3 || (i > 0 && !shell)) continue
        const area = areaOn(strip, end, stop)
        if (area === 0) continue
        if (area < 0 === (i === 0)) reverse(strip, end, stop)
        if (i === 0) shell = true
        strip.starts.push(end)
        strip.cellOf.push(number)
        strip.polygonOf.push(polygon)
        end = stop
      }
      if (shell) polygon++
    }
    if (points > MOST_VERTICES) return refuse('TOO_MANY_VERTICES', { cells: [id], values: { vertices: points } })
    if (polygon === 0) return refuse('INVALID_GEOMETRY', { cells: [id] })
  }
  strip.starts.push(end)
  return { ok: true, strip }
}

const polygonsOf = (geometry: CellInput['geometry']): readonly (readonly (readonly (readonly number[])[])[])[] =>
  geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates

/** Writes one ring behind `start`; where it ends, or −1 when a coordinate is no number or off the world. */
function readRing({ xs, ys }: RingStrip, start: number, ring: readonly (readonly number[])[]): number {
  let end = start
  for (const p of ring) {
    const lon = p[0]!
    const lat = p[1]!
    if (!(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90)) return -1
    const x = units(lon)
    const y = units(lat)
    if (end > start && xs[end - 1] === x && ys[end - 1] === y) continue
    // a step there and back again is no ground
    if (end > start + 1 && xs[end - 2] === x && ys[end - 2] === y) {
      end--
      continue
    }
    xs[end] = x
    ys[end++] = y
  }
  for (;;) {
    const n = end - start
    if (n > 1 && xs[start] === xs[end - 1] && ys[start] === ys[end - 1]) end--
    else if (n > 2 && xs[start] === xs[end - 2] && ys[start] === ys[end - 2]) end -= 1
    else if (n > 2 && xs[start + 1] === xs[end - 1] && ys[start + 1] === ys[end - 1]) {
      xs.copyWithin(start, start + 1, end)
      ys.copyWithin(start, start + 1, end)
      end -= 1
    } else return end
  }
}

function areaOn({ xs, ys }: RingStrip, start: number, end: number): number {
  let sum = 0
  const ox = xs[start]!
  const oy = ys[start]!
  for (let i = start, j = end - 1; i < end; j = i++) {
    sum += (xs[j]! - ox) * (ys[i]! - oy) - (xs[i]! - ox) * (ys[j]! - oy)
  }
  return sum
}

function reverse({ xs, ys }: RingStrip, start: number, end: number): void {
  xs.subarray(start, end).reverse()
  ys.subarray(start, end).reverse()
}
