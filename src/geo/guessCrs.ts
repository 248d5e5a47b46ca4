import type { CrsName } from './crsList'
import { zoneCode } from './gaussKruger'

/** [minX, minY, maxX, maxY] in the units of the file. */
export type Box = readonly [number, number, number, number]

/** What the numbers of a file look like, before any system is applied to them. */
export type Looks = 'degrees' | 'degreesSwapped' | 'metres' | 'metresSwapped' | 'nonsense'

/** China with its seas: 73–135.1°E, 3–54°N. */
const inChinaLon = (a: number, b: number) => a >= 73 && b <= 135.1
const inChinaLat = (a: number, b: number) => a >= 3 && b <= 54
/** Northing of a transverse projection between 18°N and 54°N. */
const isNorthing = (a: number, b: number) => a >= 1_900_000 && b <= 6_100_000
/** Easting without a zone number, or with one of two digits before it. */
const isEasting = (a: number, b: number) => (a >= 100_000 && b <= 900_000) || (a >= 13_000_000 && b <= 46_000_000)

/** Degrees or metres, and in which order: longitude or easting ought to come first. */
export function looksLike([w, s, e, n]: Box): Looks {
  if (![w, s, e, n].every(Number.isFinite)) return 'nonsense'
  if (inChinaLat(w, e) && inChinaLon(s, n)) return 'degreesSwapped'
  if (w >= -180 && e <= 180 && s >= -90 && n <= 90) return 'degrees'
  if (isNorthing(w, e) && isEasting(s, n) && !isNorthing(s, n)) return 'metresSwapped'
  if (Math.max(Math.abs(w), Math.abs(e), Math.abs(s), Math.abs(n)) <= 5e7) return 'metres'
  return 'nonsense'
}

/**
 * The projected system that metres of this size most likely are in. An easting of eight digits begins with the zone
 * number (25–45: 3-degree, 13–23: 6-degree), which settles it; six digits leave the zone open, and then only `near`
 * (longitude, latitude where the data should lie) can tell. CGCS2000 is assumed, the national datum since 2008.
 */
export function guessProjected([w, s, e, n]: Box, near?: readonly [number, number]): CrsName | null {
  const prefix = Math.floor(w / 1_000_000)
  const onePrefix = prefix === Math.floor(e / 1_000_000)
  if (onePrefix && isNorthing(s, n) && prefix >= 25 && prefix <= 45) return zone(prefix * 3, prefix)
  const mercator = w >= 8_120_000 && e <= 15_050_000 && s >= 330_000 && n <= 7_200_000
  const six = onePrefix && isNorthing(s, n) && prefix >= 13 && prefix <= 23
  if (six && mercator) {
    // Zones 13 and 14 (Xinjiang) share their numbers with web mercator at 121°E and 130°E.
    return near && near[0] < 90 ? zone(prefix * 6 - 3, prefix, 6) : 'EPSG:3857'
  }
  if (six) return zone(prefix * 6 - 3, prefix, 6)
  if (mercator) return 'EPSG:3857'
  if (near && w >= 100_000 && e <= 900_000 && isNorthing(s, n)) return zone(Math.round(near[0] / 3) * 3, null)
  return null
}

function zone(meridian: number, prefix: number | null, width: 3 | 6 = 3): CrsName | null {
  const code = zoneCode('CGCS2000', meridian, prefix === null ? 500_000 : prefix * 1_000_000 + 500_000, width)
  return code === null ? null : `EPSG:${code}`
}
