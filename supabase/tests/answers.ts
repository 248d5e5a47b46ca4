import type { Feature, FeatureCollection, Geometry } from 'geojson'

/** What commit_grid_boundaries() answers. */
export interface BoundaryAnswer {
  status: 'committed' | 'valid' | 'rejected' | 'conflict'
  grids: { id: number | null; code: string; version: number; change?: number }[]
  violations: FeatureCollection<Geometry | null, Violation>
  gaps: FeatureCollection<Geometry, { grid_code: string; area_m2: number; message: string }>
  moved: { enterprises: number; hazards: number }
  current?: FeatureCollection
  message?: string
}

export interface Violation {
  code: string
  message: string
  change?: number
  grid_id?: number
  grid_code?: string
  other_code?: string
  area_m2?: number
}

/** What import_enterprises() answers. */
export interface ImportAnswer {
  status: 'committed' | 'valid' | 'rejected'
  inserted: number
  updated: number
  rows: {
    row: number
    status: string
    grid_code: string | null
    errors: { field: string | null; code: string; message: string }[]
  }[]
  errors?: { code: string; message: string }[]
}

export const violationCodes = (answer: BoundaryAnswer): string[] =>
  answer.violations.features.map((f: Feature<Geometry | null, Violation>) => f.properties.code)
