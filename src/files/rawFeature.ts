/** A geometry as the file has it: nothing is sure yet, not even that the numbers are numbers. */
export interface RawGeometry {
  type: string
  coordinates?: unknown
  geometries?: unknown
  /** Points counted by the format itself, given instead of coordinates when there are too many to unpack. */
  tooMany?: number
  /** Heights or measures were there and have been dropped by the reader of the format. */
  flattened?: boolean
  /** Holes that no outline contains; given back as polygons of their own. */
  orphanHoles?: number
}

export interface RawFeature {
  geometry: RawGeometry | null
  properties: Record<string, unknown>
  /** Struck out by the program that wrote the file (dBASE). */
  deleted?: boolean
}

/** No polygon above this is unpacked: the database refuses it too (DESIGN: ≤20,000 vertices). */
export const MAX_VERTICES = 20_000
export const MAX_FEATURES = 20_000
