import type { Feature, MultiPolygon, Polygon } from 'geojson'
import type { FileIssue, Guess } from './fileIssue'

export type GridFormat = 'geojson' | 'topojson' | 'kml' | 'kmz' | 'shapefile'

/**
 * A polygon of the file. `id` is its position (from 0) in the chosen layer, and stays the same whatever was left out.
 * Coordinates are EPSG:4326, longitude first, 2D, at most 9 decimals.
 */
export type GridFeature = Feature<Polygon | MultiPolygon, Record<string, unknown>> & { id: number }

/** What `readGridFile` gives back: always a value. With `error` set there are no features. */
export interface GridFile {
  features: GridFeature[]
  /** Name of the coordinate system the coordinates were taken to be in: a `CrsName` of src/geo/crs. */
  crs: string
  crsGuess: Guess
  /** Text encoding of the attributes (`utf-8`, `gb18030`, …); null where the format has nothing to choose. */
  encoding: string | null
  encodingGuess: Guess | null
  format: GridFormat | null
  /** Layers found (shapefiles of a zip, objects of a TopoJSON, KML files of a KMZ); the one that was read is `layer`. */
  layers: string[]
  layer: string | null
  /** Names of the attributes, in the order of the file. */
  columns: string[]
  /** Features in the chosen layer, those left out included. */
  total: number
  /** [west, south, east, north] of `features` in degrees; null without features. */
  bounds: [number, number, number, number] | null
  /** Everything remarked on, features left out among them. On refusal it ends with `error`, the very same object. */
  warnings: FileIssue[]
  /** Why nothing could be read. */
  error?: FileIssue
}

export interface ReadGridOptions {
  /** Coordinate system chosen by the user (a `CrsName`); without it, the file's own word or a guess. */
  crs?: string
  /** Encoding chosen by the user, any label of the WHATWG Encoding standard. */
  encoding?: string
  /** The file has latitude first: exchange before anything else. */
  swap?: boolean
  /** [lon, lat] near which the grids should lie (the county): decides between zones that the numbers leave open. */
  near?: [number, number]
  /** Which of `layers` to read. */
  layer?: string
  /** Stops between steps; the result then carries the error CANCELLED. */
  signal?: AbortSignal
}
