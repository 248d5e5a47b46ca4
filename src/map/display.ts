/**
 * How our WGS84 data is moved onto a ground drawn in another system (GCJ-02, BD-09). This is the one seam where that
 * happens: MapView shifts what it draws by `forward` and what the user points at by `inverse`, so that features and
 * screens only ever know WGS84 [lon, lat]. The functions come from src/geo, handed in by the screen.
 */
export interface Display {
  forward: (position: [number, number]) => [number, number]
  inverse: (position: [number, number]) => [number, number]
}

export const SAME: Display = { forward: (p) => p, inverse: (p) => p }

/** Moves a collection. Returns the same object when there is nothing to move. */
export function shift(data: GeoJSON.FeatureCollection, display: Display): GeoJSON.FeatureCollection {
  if (display === SAME) return data
  return {
    ...data,
    features: data.features.map((feature) => ({ ...feature, geometry: shiftGeometry(feature.geometry, display) })),
  }
}

function shiftGeometry<G extends GeoJSON.Geometry | null>(geometry: G, display: Display): G {
  if (!geometry) return geometry
  if (geometry.type === 'GeometryCollection') {
    return { ...geometry, geometries: geometry.geometries.map((part) => shiftGeometry(part, display)) }
  }
  return { ...geometry, coordinates: shiftPositions(geometry.coordinates, display) }
}

type Nested = number[] | Nested[]
function shiftPositions(nested: unknown, display: Display): Nested {
  const list = nested as Nested
  if (typeof list[0] === 'number') return display.forward([list[0], list[1] as number])
  return (list as Nested[]).map((part) => shiftPositions(part, display))
}

/** A box [west, south, east, north] moved corner by corner. */
export function shiftBox(box: readonly number[], display: Display): [number, number, number, number] {
  const [west, south] = display.forward([box[0]!, box[1]!])
  const [east, north] = display.forward([box[2]!, box[3]!])
  return [west, south, east, north]
}
