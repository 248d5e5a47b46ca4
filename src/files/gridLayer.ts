import type { Encoding } from './encoding'
import type { FileIssue } from './fileIssue'
import type { GridFormat } from './gridFile'
import type { RawFeature } from './rawFeature'

/** One layer as a format's reader hands it over: nothing about coordinates has been judged yet. */
export interface GridLayer {
  format: GridFormat
  layers: string[]
  layer: string | null
  features: RawFeature[]
  columns: string[]
  encoding: Encoding | null
  /** Text of the .prj. */
  prj?: string
  /** Name in the `crs` member of an old GeoJSON. */
  crsName?: string
  /** The format fixes the system (KML, and GeoJSON by RFC 7946). */
  fixedDegrees?: boolean
  warnings: FileIssue[]
}

/** Names of all attributes in order of first appearance. */
export function columnsOf(features: readonly RawFeature[]): string[] {
  const names = new Set<string>()
  for (const feature of features) for (const name of Object.keys(feature.properties)) names.add(name)
  return [...names]
}
