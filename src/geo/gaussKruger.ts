/** A run of EPSG codes: one code per zone of a Gauss-Kruger series over China. Source: EPSG dataset v10. */
export interface GaussKrugerSeries {
  datum: 'CGCS2000' | 'Xian1980' | 'Beijing1954'
  /** Zone width in degrees. */
  width: 3 | 6
  /** The zone number stands before the easting (39 500 000 instead of 500 000). */
  prefixed: boolean
  firstCode: number
  firstZone: number
  zones: number
}

const series = (
  datum: GaussKrugerSeries['datum'],
  width: 3 | 6,
  prefixed: boolean,
  firstCode: number,
): GaussKrugerSeries => ({
  datum,
  width,
  prefixed,
  firstCode,
  // Both widths cover 75°E to 135°E.
  firstZone: width === 3 ? 25 : 13,
  zones: width === 3 ? 21 : 11,
})

export const GAUSS_KRUGER: readonly GaussKrugerSeries[] = [
  series('CGCS2000', 3, true, 4513),
  series('CGCS2000', 3, false, 4534),
  series('CGCS2000', 6, true, 4491),
  series('CGCS2000', 6, false, 4502),
  series('Xian1980', 3, true, 2349),
  series('Xian1980', 3, false, 2370),
  series('Xian1980', 6, true, 2327),
  series('Xian1980', 6, false, 2338),
  series('Beijing1954', 3, true, 2401),
  series('Beijing1954', 3, false, 2422),
  series('Beijing1954', 6, true, 21413),
  series('Beijing1954', 6, false, 21453),
]

/**
 * EPSG code of a zone from its measures, or null.
 *
 * @param meridian central meridian in degrees
 * @param easting false easting in metres: 500 000, or the zone number before it
 * @param width zone width, when known; 3-degree is taken where the number alone does not tell
 */
export function zoneCode(
  datum: GaussKrugerSeries['datum'],
  meridian: number,
  easting: number,
  width?: 3 | 6,
): number | null {
  const prefixed = easting !== 500_000
  for (const s of GAUSS_KRUGER) {
    if (s.datum !== datum || s.prefixed !== prefixed || (width && s.width !== width)) continue
    const zone = s.width === 3 ? meridian / 3 : (meridian + 3) / 6
    if (!Number.isInteger(zone) || zone < s.firstZone || zone >= s.firstZone + s.zones) continue
    if (prefixed && easting !== zone * 1_000_000 + 500_000) continue
    return s.firstCode + zone - s.firstZone
  }
  return null
}
