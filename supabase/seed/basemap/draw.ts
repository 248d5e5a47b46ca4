import type { Feature, FeatureCollection } from 'geojson'
import { readCounty } from '../county.ts'
import { forest, hillshade, lake } from './relief.ts'
import { builtup, places } from './settlements.ts'
import { makeGround, rail, rivers, roads } from './ways.ts'

/** The offline ground of the demo county; src/map/basemap.ts draws it. WGS84, at most 5 decimals. */
export interface DemoBasemap {
  version: 1
  note: string
  attribution: string
  /** [west, south, east, north] of what is drawn. */
  bounds: readonly [number, number, number, number]
  layers: Record<
    'hillshade' | 'forest' | 'water' | 'rivers' | 'builtup' | 'roads' | 'rail' | 'places',
    FeatureCollection
  >
}

/** Draws the invented ground over the drawn county. Takes some seconds; the result is committed. */
export function drawBasemap(): DemoBasemap {
  const county = readCounty()
  const ground = makeGround()
  return {
    version: 1,
    note: '示意数据，边界非行政区划界线',
    attribution: '地名：GeoNames CC BY 4.0；地形、水系、道路均为示意',
    bounds: [117.02, 39.6, 117.92, 40.4],
    layers: {
      hillshade: collection(hillshade()),
      forest: collection(forest()),
      water: collection(lake()),
      rivers: collection(rivers(ground)),
      builtup: collection(builtup(county)),
      roads: collection(roads(ground)),
      rail: collection(rail(ground)),
      places: collection(places(county)),
    },
  }
}

function collection(features: Feature[]): FeatureCollection {
  return { type: 'FeatureCollection', features }
}
