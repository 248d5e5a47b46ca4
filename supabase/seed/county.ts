import { readFileSync } from 'node:fs'
import type { MultiPolygon, Polygon, Position } from 'geojson'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { namedVillages } from './sources.ts'

/** The grids of the demo county as rows: geometry in WGS84 lon/lat, 6 decimals, shared borders equal to the bit. */
interface Township {
  code: string
  name: string
  /** Where the township's offices are. */
  seat: [number, number]
  boundary: MultiPolygon
}

export interface Village {
  code: string
  name: string
  township: string
  /** Where the houses are. */
  home: [number, number]
  boundary: MultiPolygon
}

export interface County {
  code: string
  name: string
  boundary: MultiPolygon
  townships: Township[]
  villages: Village[]
}

type CountyTopology = Topology<{
  villages: GeometryCollection<{ township: string; home: [number, number] }>
  townships: GeometryCollection<{ name: string; seat: [number, number] }>
  county: GeometryCollection<{ name: string }>
}>

/** Reads the drawn county (data/county.topo.json, made by generate.ts). */
export function readCounty(): County {
  const topology = JSON.parse(
    readFileSync(new URL('./data/county.topo.json', import.meta.url), 'utf8'),
  ) as CountyTopology
  const { villages, townships, county } = topology.objects
  const names = new Map(namedVillages().map((v) => [v.code, v.name]))
  const outline = feature(topology, county).features[0]!
  return {
    code: String(outline.id),
    name: outline.properties.name,
    boundary: multi(outline.geometry),
    townships: feature(topology, townships).features.map(({ id, properties, geometry }) => ({
      code: String(id),
      ...properties,
      boundary: multi(geometry),
    })),
    villages: feature(topology, villages)
      .features.map(({ id, properties, geometry }) => ({
        code: String(id),
        name: names.get(String(id))!,
        ...properties,
        boundary: multi(geometry),
      }))
      .sort((a, b) => (a.code < b.code ? -1 : 1)),
  }
}

function multi(geometry: unknown): MultiPolygon {
  const { type, coordinates } = geometry as Polygon | MultiPolygon
  const polygons = type === 'Polygon' ? [coordinates] : coordinates
  return { type: 'MultiPolygon', coordinates: polygons.map((rings) => rings.map((ring) => ring.map(exact))) }
}

/** Undoes the float noise of the whole-number transform: the same number for every grid that shares the vertex. */
function exact([lon, lat]: Position): Position {
  return [Math.round(lon! * 1e6) / 1e6, Math.round(lat! * 1e6) / 1e6]
}
