// Roads and water under the grid, quiet, from the drawn ground of the map.
import type { GroundData } from '../../../map/basemap'
import type { PathShape, Point } from '../../../ui/sheet/shapes'
import type { Box, MapView } from './mapView'

const LAND = '#f4f6f2'
const FOREST = '#e4ece0'
const TOWN = '#dedbd5'
const WATER = '#c6d8e0'
const RIVER = '#98b4c0'
const CASING = '#9ba5a4'
const ROAD = '#ffffff'
const RAIL = '#9aa3a4'

/** Width on paper of each class of road, millimetres; where a village fills the sheet they are wider. */
const ROAD_MM: Record<string, number> = { motorway: 2, trunk: 1.6, primary: 1.3, secondary: 0.9 }

export const landColour = LAND

/** What of the ground lies in the view, low to high. */
export function groundShapes(ground: GroundData | null, view: MapView): PathShape[] {
  if (!ground) return []
  const near = (name: string) => (ground[name]?.features ?? []).filter((f) => meets(f.geometry, view.box))
  const zoom = Math.min(1.8, Math.max(0.8, Math.sqrt(60 / view.metresPerMm)))
  const fill = (name: string, colour: string) =>
    near(name).map((f): PathShape => ({ kind: 'path', lines: linesOf(f.geometry, view), closed: true, fill: colour }))
  const stroke = (features: GeoJSON.Feature[], colour: string, width: (f: GeoJSON.Feature) => number) =>
    features.map(
      (f): PathShape => ({
        kind: 'path',
        lines: linesOf(f.geometry, view),
        closed: false,
        stroke: colour,
        width: width(f) * zoom,
      }),
    )
  const roads = near('roads')
  const wide = (f: GeoJSON.Feature) => ROAD_MM[String(f.properties?.class)] ?? 0.7
  return [
    ...fill('forest', FOREST),
    ...fill('builtup', TOWN),
    ...stroke(near('rivers'), RIVER, (f) => 0.35 + 0.3 * Number(f.properties?.width ?? 1)),
    ...fill('water', WATER),
    ...stroke(near('water'), RIVER, () => 0.3),
    ...stroke(roads, CASING, (f) => wide(f) + 0.5),
    ...stroke(roads, ROAD, wide),
    ...near('rail').map(
      (f): PathShape => ({
        kind: 'path',
        lines: linesOf(f.geometry, view),
        closed: false,
        stroke: RAIL,
        width: 0.6 * zoom,
        dash: [3, 1.5],
      }),
    ),
    // where the drawn ground ends it fades out, step by step, rather than being cut off
    ...near('frame').map(
      (f): PathShape => ({ kind: 'path', lines: linesOf(f.geometry, view), closed: true, fill: LAND, opacity: 0.28 }),
    ),
  ]
}

/** Hills and waters that have a name: [name, lon, lat]. Towns and counties around are not the ground's to name here. */
export function groundNames(ground: GroundData | null): { words: string; at: GeoJSON.Position }[] {
  return (ground?.places?.features ?? []).flatMap((f) =>
    f.geometry?.type === 'Point' && !['town', 'region'].includes(String(f.properties?.kind))
      ? [{ words: String(f.properties?.name ?? ''), at: f.geometry.coordinates }]
      : [],
  )
}

/** The lines of any geometry, on paper. */
export function linesOf(geometry: GeoJSON.Geometry, { toPaper }: MapView): Point[][] {
  switch (geometry.type) {
    case 'LineString':
      return [geometry.coordinates.map(toPaper)]
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates.map((one) => one.map(toPaper))
    case 'MultiPolygon':
      return geometry.coordinates.flat().map((one) => one.map(toPaper))
    default:
      return []
  }
}

function meets(geometry: GeoJSON.Geometry, [west, south, east, north]: Box): boolean {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity]
  const take = (at: unknown): void => {
    if (!Array.isArray(at)) return
    if (typeof at[0] !== 'number') {
      for (const one of at) take(one)
      return
    }
    const [lon, lat] = at as [number, number]
    box[0] = Math.min(box[0], lon)
    box[1] = Math.min(box[1], lat)
    box[2] = Math.max(box[2], lon)
    box[3] = Math.max(box[3], lat)
  }
  if ('coordinates' in geometry) take(geometry.coordinates)
  return box[0] <= east && box[2] >= west && box[1] <= north && box[3] >= south
}
