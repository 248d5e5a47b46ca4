import { type CrsName, findCrs } from './crsList'

export { type CrsName, findCrs, listCrs } from './crsList'
export { type CrsChoice, decideCrs } from './decideCrs'
export { guessProjected, looksLike } from './guessCrs'
export { readPrj } from './wkt'

/** One position into another: [x, y] of some system → [longitude, latitude] of WGS84. */
export type ToDegrees = (x: number, y: number) => [number, number]

/**
 * The function from `crs` to WGS84. proj4 and gcoord are fetched only when they are needed.
 *
 * @param wkt text of the .prj, used for the name `PRJ`
 * @returns null when the system is unknown or the .prj cannot be understood
 */
export async function toWgs84(crs: CrsName, wkt?: string): Promise<ToDegrees | null> {
  if (crs === 'EPSG:4326' || crs === 'EPSG:4490') return (x, y) => [x, y]
  if (crs === 'GCJ-02' || crs === 'BD-09') {
    const { gcj02ToWgs84, bd09ToWgs84 } = await import('./gcj')
    return crs === 'GCJ-02' ? (x, y) => gcj02ToWgs84([x, y]) : (x, y) => bd09ToWgs84([x, y])
  }
  const definition = crs === 'PRJ' ? wkt : findCrs(crs)?.proj4
  if (!definition) return null
  const { default: proj4 } = await import('proj4')
  try {
    const projection = proj4(definition, 'EPSG:4326')
    return (x, y) => {
      // proj4 throws on what is not a number; the caller looks for that in the answer.
      if (!Number.isFinite(x) || !Number.isFinite(y)) return [Number.NaN, Number.NaN]
      const [lon, lat] = projection.forward([x, y])
      return [lon as number, lat as number]
    }
  } catch {
    return null
  }
}
