import type { Area, Point } from '../../../ui/sheet/shapes'

type Outline = GeoJSON.Polygon | GeoJSON.MultiPolygon
/** [west, south, east, north], degrees. */
export type Box = [number, number, number, number]

/** A flat piece of the earth on paper. Equirectangular with the scale of its middle: true to 0.1 % over a county. */
export interface MapView {
  area: Area
  /** What of the earth lies in the area, degrees. */
  box: Box
  toPaper(position: GeoJSON.Position): Point
  /** Metres of ground to a millimetre of paper. */
  metresPerMm: number
}

/** Metres of a degree of latitude; of a sphere with the surface of the earth. */
const DEGREE_M = (Math.PI * 6_371_007.18) / 180

export function boxOf(outlines: readonly Outline[]): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity]
  for (const outline of outlines) {
    const parts = outline.type === 'Polygon' ? [outline.coordinates] : outline.coordinates
    for (const part of parts) {
      for (const [lon = 0, lat = 0] of part[0] ?? []) {
        box[0] = Math.min(box[0], lon)
        box[1] = Math.min(box[1], lat)
        box[2] = Math.max(box[2], lon)
        box[3] = Math.max(box[3], lat)
      }
    }
  }
  return box
}

/** Fits a box into an area of paper, with a margin of `pad` of its longer side around it. */
export function fitView([west, south, east, north]: Box, area: Area, pad = 0.08): MapView {
  const [lon0, lat0] = [(west + east) / 2, (south + north) / 2]
  const squeeze = Math.cos((lat0 * Math.PI) / 180)
  const margin = 2 * pad * Math.max((east - west) * squeeze, north - south)
  // a grid of a single point still has surroundings
  const [wide, high] = [(east - west) * squeeze + margin || 0.01, north - south + margin || 0.01]
  const mmPerDegree = Math.min(area.w / wide, area.h / high)
  const half = { lon: area.w / 2 / mmPerDegree / squeeze, lat: area.h / 2 / mmPerDegree }
  return {
    area,
    box: [lon0 - half.lon, lat0 - half.lat, lon0 + half.lon, lat0 + half.lat],
    toPaper: ([lon = 0, lat = 0]) => [
      area.x + area.w / 2 + (lon - lon0) * squeeze * mmPerDegree,
      area.y + area.h / 2 - (lat - lat0) * mmPerDegree,
    ],
    metresPerMm: DEGREE_M / mmPerDegree,
  }
}

/** The longest round distance (1, 2 or 5 × 10ⁿ m) that is not longer than `mm` on paper. */
export function scaleBar(view: MapView, mm: number): { metres: number; mm: number } {
  const most = view.metresPerMm * mm
  const power = 10 ** Math.floor(Math.log10(most))
  const metres = ([5, 2].find((n) => n * power <= most) ?? 1) * power
  return { metres, mm: metres / view.metresPerMm }
}
