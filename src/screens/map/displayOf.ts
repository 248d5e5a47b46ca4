import { bd09ToWgs84, gcj02ToWgs84, wgs84ToBd09, wgs84ToGcj02 } from '../../geo/gcj'
import type { Crs } from '../../map/basemap'
import { type Display, SAME } from '../../map/display'

/** How our WGS84 data is moved onto a ground of another system. CGCS2000 differs by centimetres: not at all. */
export function displayOf(crs: Crs): Display {
  if (crs === 'GCJ-02') return { forward: wgs84ToGcj02, inverse: gcj02ToWgs84 }
  if (crs === 'BD-09') return { forward: wgs84ToBd09, inverse: bd09ToWgs84 }
  return SAME
}
