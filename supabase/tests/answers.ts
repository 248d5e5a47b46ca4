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
  /** The same request_id had been committed before. */
  repeated?: boolean
  consequences?: Consequences
  /** Of retired grids: what became of everyone who held a position there. */
  people?: Moved[]
}

export interface Moved {
  user_id: string
  name: string
  from: string
  position: string
  to_id: number | null
  to_code: string | null
  to: string | null
  held: string | null
  becomes: string | null
}

/** What `details` adds: areas in m², everything that changes grid, everyone who answers for a touched grid. */
export interface Consequences {
  areas: { id: number | null; code: string; name: string; before_m2: number | null; after_m2: number | null }[]
  moved: {
    kind: 'enterprise' | 'hazard'
    id: string
    name: string
    lon: number
    lat: number
    from_id: number | null
    from: string | null
    to_id: number | null
    to: string | null
  }[]
  people: {
    user_id: string
    name: string
    phone: string | null
    position: string
    grid_code: string
    grid: string
    retired: boolean
    to: string | null
    becomes: string | null
  }[]
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
