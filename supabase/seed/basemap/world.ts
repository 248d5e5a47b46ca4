/**
 * Coastlines for counties without a ground of their own: `land` of world-atlas (Natural Earth 1:50m, ISC licence),
 * thinned; no borders, no names.
 *   npx tsx supabase/seed/basemap/world.ts <countries-50m.json>
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { feature } from 'topojson-client'
import { topology } from 'topojson-server'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { type Point, simplifyLine } from '../ground/plane.ts'

/** Degrees: what a coast may be off, and the least size of an island that is kept. */
const TOLERANCE = 0.035
const LEAST = 0.12

/** The land of the world as quantized TopoJSON with one object `land` (WGS84). */
export function drawWorld(source: Topology): Topology {
  const land = feature(source, source.objects.land as GeometryCollection)
  const polygons = land.features
    .flatMap(({ geometry }) =>
      geometry.type === 'Polygon'
        ? [geometry.coordinates]
        : geometry.type === 'MultiPolygon'
          ? geometry.coordinates
          : [],
    )
    .map((rings) => rings.map((ring) => thin(unwrap(ring as unknown as Point[]))).filter(isLarge))
    .filter((rings) => rings.length > 0)
  const collection = {
    type: 'FeatureCollection' as const,
    features: polygons.map((coordinates) => ({
      type: 'Feature' as const,
      properties: {},
      geometry: { type: 'Polygon' as const, coordinates: coordinates as unknown as number[][][] },
    })),
  }
  return topology({ land: collection }, 36_000)
}

/**
 * The source is stitched over the date line: a step of more than half the world is a step across it. Unwrapped, a ring
 * runs on past ±180, which maps draw in the right place; one that goes round the pole is closed by way of the pole.
 */
function unwrap(ring: readonly Point[]): Point[] {
  let turn = 0
  const out = ring.map(([lon, lat], i): Point => {
    const before = ring[i - 1]
    if (before) turn += lon - before[0] > 180 ? -360 : lon - before[0] < -180 ? 360 : 0
    return [lon + turn, lat]
  })
  const [first, last] = [out[0]!, out[out.length - 1]!]
  return turn === 0 ? out : [...out, [last[0], -90], [first[0], -90], first]
}

function thin(ring: Point[]): Point[] {
  const half = ring.length >> 1
  return [
    ...simplifyLine(ring.slice(0, half + 1), TOLERANCE).slice(0, -1),
    ...simplifyLine(ring.slice(half), TOLERANCE),
  ]
}

function isLarge(ring: readonly Point[]): boolean {
  if (ring.length < 4) return false
  const xs = ring.map((p) => p[0])
  const ys = ring.map((p) => p[1])
  return Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) > LEAST
}

if (process.argv[2]) {
  const source = JSON.parse(readFileSync(process.argv[2], 'utf8')) as Topology
  writeFileSync(
    new URL('../../../public/basemap/world.json', import.meta.url),
    `${JSON.stringify(drawWorld(source))}\n`,
  )
}
