// Four square villages around one junction, in a square township; all shared borders have the same points.
import type { Feature, Polygon } from 'geojson'
import type { GridProperties, Opened } from '../../../src/features/boundaries/boundaryRpc'

export const ROOT = 1
/** The junction in the middle where the four villages 11, 12 (south), 13, 14 (north) meet. */
export const MIDDLE: [number, number] = [117.1, 40.1]

const square = (west: number, south: number, east: number, north: number): Polygon => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
})

/** The township's outline has the points where borders of villages end on it. */
const outline: Polygon = {
  type: 'Polygon',
  coordinates: [
    [
      [117, 40],
      [117.1, 40],
      [117.2, 40],
      [117.2, 40.1],
      [117.2, 40.2],
      [117.1, 40.2],
      [117, 40.2],
      [117, 40.1],
      [117, 40],
    ],
  ],
}

const grid = (id: number, geometry: Polygon, level: number, version: number): Feature<Polygon, GridProperties> => ({
  type: 'Feature',
  id,
  geometry,
  properties: {
    id,
    code: `10${id}`,
    name: `${id}村`,
    level,
    kind: 'area',
    parent_id: level === 2 ? null : ROOT,
    version,
    leader: null,
    population: null,
  },
})

/** What `open_boundaries` would answer. @param version of every village */
export function township(version = 3): Opened {
  return {
    status: 'ok',
    may_edit: true,
    next_code: '1015',
    grid: grid(ROOT, outline, 2, 1),
    cells: {
      type: 'FeatureCollection',
      features: [
        grid(11, square(117, 40, 117.1, 40.1), 3, version),
        grid(12, square(117.1, 40, 117.2, 40.1), 3, version),
        grid(13, square(117, 40.1, 117.1, 40.2), 3, version),
        grid(14, square(117.1, 40.1, 117.2, 40.2), 3, version),
      ],
    },
    units: { type: 'FeatureCollection', features: [] },
  }
}
