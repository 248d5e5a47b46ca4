// How the little map of a report looks: borders and names of one's grids, enterprises and open hazards around. Pure.
import { labelPoint } from '../../geo/labelPoint'
import type { Palette } from '../../map/palette'
import type { Scene, SceneLayer } from '../../map/scene'
import type { KnownGrid, Surroundings } from './surroundings'

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }

export interface PlaceData {
  borders: GeoJSON.FeatureCollection
  names: GeoJSON.FeatureCollection
  enterprises: GeoJSON.FeatureCollection
  hazards: GeoJSON.FeatureCollection
}

/** Made once per surroundings: the map compares by identity. */
export function placeData(known: Surroundings | null): PlaceData {
  if (!known) return { borders: EMPTY, names: EMPTY, enterprises: EMPTY, hazards: EMPTY }
  const areas = known.grids.filter((grid) => grid.geometry && /Polygon$/.test(grid.geometry.type))
  const { enterprises, hazards } = known
  return {
    borders: collect(areas.map((grid) => feature(grid.geometry as GeoJSON.Geometry, { level: grid.level }))),
    names: collect(
      areas.map((grid) =>
        feature({ type: 'Point', coordinates: nameAt(grid) }, { name: grid.name, level: grid.level }),
      ),
    ),
    enterprises: collect(
      enterprises.id.map((_, i) => feature(point(enterprises, i), { name: enterprises.name[i] ?? '' })),
    ),
    hazards: collect(hazards.id.map((_, i) => feature(point(hazards, i), { major: hazards.level[i] === 1 }))),
  }
}

const collect = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({ type: 'FeatureCollection', features })
const feature = (geometry: GeoJSON.Geometry, properties: Record<string, unknown>): GeoJSON.Feature => ({
  type: 'Feature',
  geometry,
  properties,
})
const point = (columns: { lon: number[]; lat: number[] }, i: number): GeoJSON.Point => ({
  type: 'Point',
  coordinates: [columns.lon[i] ?? 0, columns.lat[i] ?? 0],
})
const nameAt = (grid: KnownGrid): [number, number] => grid.center ?? labelPoint(grid.geometry as GeoJSON.MultiPolygon)

/** Nothing answers to the pointer: moving the map is the only gesture. */
export function placeScene(data: PlaceData, palette: Palette): Scene {
  const { text, text2, surface, accent, risk } = palette
  const source = (collection: GeoJSON.FeatureCollection) => ({ kind: 'geojson' as const, data: collection })
  const label = (id: string, of: string, minzoom: number, paint: Record<string, unknown>, offset?: [number, number]) =>
    ({
      id,
      type: 'symbol',
      source: of,
      minzoom,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': ['Regular'],
        'text-size': 12,
        'text-padding': 6,
        'text-max-width': 8,
        ...(offset ? { 'text-offset': offset, 'text-anchor': 'top' } : {}),
      },
      paint: { 'text-halo-color': surface, 'text-halo-width': 1.6, ...paint },
    }) as SceneLayer
  return {
    sources: {
      'report-borders': source(data.borders),
      'report-names': source(data.names),
      'report-enterprises': source(data.enterprises),
      'report-hazards': source(data.hazards),
    },
    layers: {
      border: [
        {
          id: 'report-border',
          type: 'line',
          source: 'report-borders',
          layout: { 'line-join': 'round' },
          paint: {
            'line-color': text2,
            'line-width': ['match', ['get', 'level'], 1, 2.5, 2, 2, 1.2],
            'line-opacity': 0.8,
          },
        },
      ],
      place: [
        {
          id: 'report-enterprise',
          type: 'circle',
          source: 'report-enterprises',
          minzoom: 12,
          paint: {
            'circle-radius': 4,
            'circle-color': accent,
            'circle-stroke-color': surface,
            'circle-stroke-width': 1.5,
          },
        },
        {
          id: 'report-hazard',
          type: 'circle',
          source: 'report-hazards',
          minzoom: 12,
          paint: {
            'circle-radius': 6,
            'circle-color': ['case', ['get', 'major'], risk[1], risk[3]],
            'circle-stroke-color': text,
            'circle-stroke-width': 1.5,
          },
        },
      ],
      label: [
        label('report-name', 'report-names', 11, { 'text-color': text }),
        label('report-enterprise-name', 'report-enterprises', 15, { 'text-color': text2 }, [0, 0.6]),
      ],
    },
  }
}
