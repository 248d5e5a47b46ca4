/** [west, south, east, north] in degrees, WGS84. */
export type Box = [number, number, number, number]

export interface Camera {
  /** [lon, lat], WGS84. */
  center: [number, number]
  zoom: number
}

/** Pixels at each side that panels cover. */
export interface Padding {
  top: number
  right: number
  bottom: number
  left: number
}

/** A time in milliseconds, or none for who asked for no motion. */
export function duration(milliseconds: number): number {
  return globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ? 0 : milliseconds
}

/** The box around all positions of the features; undefined when there are none. */
export function boxOf(features: Iterable<GeoJSON.Feature<GeoJSON.Geometry | null>>): Box | undefined {
  const box: Box = [180, 90, -180, -90]
  const take = (nested: unknown): void => {
    const list = nested as unknown[]
    if (typeof list[0] === 'number') {
      const [lon, lat] = list as [number, number]
      if (lon < box[0]) box[0] = lon
      if (lat < box[1]) box[1] = lat
      if (lon > box[2]) box[2] = lon
      if (lat > box[3]) box[3] = lat
    } else for (const part of list) take(part)
  }
  for (const { geometry } of features) {
    if (geometry && geometry.type !== 'GeometryCollection') take(geometry.coordinates)
  }
  return box[0] <= box[2] ? box : undefined
}

/**
 * The zoom (512 px tiles, Web Mercator) at which a length on the ground has a length on the screen.
 * @param metres on the ground at `latitude` (degrees)
 */
export function zoomForSize(metres: number, pixels: number, latitude: number): number {
  const circumference = 40_075_016.7 * Math.cos((latitude * Math.PI) / 180)
  return Math.log2((pixels / metres) * (circumference / 512))
}
