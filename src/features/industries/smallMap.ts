// Eighteen maps are no place for eighteen WebGL contexts: outlines become SVG paths once, and every map colours them.

export interface SmallMap {
  parent: number
  /** Width and height of the drawing; 1 unit is about a pixel of a small map. */
  width: number
  height: number
  /** `d` of a path by grid. */
  shapes: ReadonlyMap<number, string>
}

const WIDTH = 240
/** Degrees of latitude and longitude are drawn as at the middle of the area (equirectangular): right to 1 % in a county. */
const shrink = (latitude: number) => Math.cos((latitude * Math.PI) / 180)

type Ring = GeoJSON.Position[]

function ringsOf(geometry: GeoJSON.Geometry | null): Ring[] {
  if (geometry?.type === 'Polygon') return geometry.coordinates
  if (geometry?.type === 'MultiPolygon') return geometry.coordinates.flat()
  return []
}

/**
 * Outlines (EPSG:4326, lon/lat) as paths in one box, north up. Features without an area are left out; null when there
 * is none at all.
 */
export function smallMapOf(parent: number, { features }: GeoJSON.FeatureCollection): SmallMap | null {
  const areas = features.map((feature) => ({ id: Number(feature.id), rings: ringsOf(feature.geometry) }))
  let [west, south, east, north] = [180, 90, -180, -90]
  for (const { rings } of areas)
    for (const [lon, lat] of rings.flat() as [number, number][]) {
      west = Math.min(west, lon)
      east = Math.max(east, lon)
      south = Math.min(south, lat)
      north = Math.max(north, lat)
    }
  if (east <= west || north <= south) return null
  const across = shrink((south + north) / 2)
  const scale = WIDTH / ((east - west) * across)
  const x = (lon: number) => Math.round((lon - west) * across * scale * 10) / 10
  const y = (lat: number) => Math.round((north - lat) * scale * 10) / 10
  const path = (ring: Ring) => `M${ring.map(([lon, lat]) => `${x(lon!)},${y(lat!)}`).join('L')}Z`
  return {
    parent,
    width: WIDTH,
    height: Math.ceil((north - south) * scale),
    shapes: new Map(areas.filter(({ rings }) => rings.length).map(({ id, rings }) => [id, rings.map(path).join('')])),
  }
}
