import type { Feature, FeatureCollection, Geometry, Position } from 'geojson'

/** The unit of EPSG:4326 at this many decimals is 1.1 cm. */
const DECIMALS = 7

/**
 * GeoJSON as RFC 7946 has it (EPSG:4326, longitude first), coordinates rounded to 7 decimals, as UTF-8 bytes.
 * One feature stands on each line, so that two exports can be compared.
 */
export function writeGeoJson(features: FeatureCollection | readonly Feature[]): Uint8Array {
  const list = 'features' in features ? features.features : features
  const lines = list.map((feature) => JSON.stringify({ ...feature, geometry: rounded(feature.geometry) }))
  return new TextEncoder().encode(`{"type":"FeatureCollection","features":[\n${lines.join(',\n')}\n]}\n`)
}

type Nested = Position | Nested[]

function rounded(geometry: Geometry | null): Geometry | null {
  if (geometry === null) return null
  if (geometry.type === 'GeometryCollection') {
    return { ...geometry, geometries: geometry.geometries.map((g) => rounded(g) as Geometry) }
  }
  return { ...geometry, coordinates: round(geometry.coordinates as Nested) } as Geometry
}

function round(value: Nested): Nested {
  if (typeof value[0] === 'number') return (value as Position).map((v) => Number(v.toFixed(DECIMALS)))
  return (value as Nested[]).map(round)
}
