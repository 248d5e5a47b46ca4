import { type Crs, type CrsName, findCrs } from './crsList'
import { zoneCode } from './gaussKruger'
import { type Box, guessProjected, looksLike } from './guessCrs'

/** Why no system can be settled on without the user. */
export type CrsProblem =
  | 'UNKNOWN_CRS'
  | 'SWAPPED_AXES'
  | 'METRES_NOT_DEGREES'
  | 'DEGREES_NOT_METRES'
  | 'METRES_UNKNOWN_ZONE'
  | 'OUT_OF_RANGE'

export interface CrsChoice {
  name: CrsName
  /** null for `PRJ`, which has no entry of its own. */
  crs: Crs | null
  /**
   * `chosen` by the user, `stated` by the file, `contradiction`: the numbers belie what the file states and a better
   * system was guessed from them, `magnitude`: guessed from the numbers, `default`: degrees without any word about them.
   */
  reason: 'chosen' | 'stated' | 'contradiction' | 'magnitude' | 'default'
}

export interface CrsEvidence {
  /** Extent of the raw numbers. */
  box: Box
  /** Name the user chose. */
  chosen?: string
  /** What the file says, with its unit. */
  stated?: { name: CrsName; unit: 'degree' | 'metre' } | null
  /** [lon, lat] near which the data should lie. */
  near?: readonly [number, number]
}

/** Weighs the user's word, the file's word and the numbers against each other, in that order. */
export function decideCrs(evidence: CrsEvidence): CrsChoice | { problem: CrsProblem } {
  const { box, chosen, stated, near } = evidence
  const looks = looksLike(box)
  if (looks === 'nonsense') return { problem: 'OUT_OF_RANGE' }
  if (looks === 'degreesSwapped' || looks === 'metresSwapped') return { problem: 'SWAPPED_AXES' }
  const unit = looks === 'degrees' ? 'degree' : 'metre'

  if (chosen) {
    const crs = findCrs(chosen)
    const name = crs?.name ?? (chosen === 'PRJ' && stated ? stated.name : null)
    if (!name) return { problem: 'UNKNOWN_CRS' }
    const wanted = crs?.unit ?? stated?.unit ?? unit
    if (wanted !== unit) return { problem: unit === 'metre' ? 'METRES_NOT_DEGREES' : 'DEGREES_NOT_METRES' }
    return { name, crs, reason: 'chosen' }
  }

  const guess = unit === 'metre' ? guessProjected(box, near) : null
  if (stated) {
    const crs = findCrs(stated.name)
    if (stated.unit === unit) {
      const better = crs && rightPrefix(crs, box)
      return better
        ? { name: better.name, crs: better, reason: 'contradiction' }
        : { name: stated.name, crs, reason: 'stated' }
    }
    if (unit === 'degree') {
      const degrees = findCrs(crs?.zone?.datum === 'CGCS2000' ? 'EPSG:4490' : 'EPSG:4326')!
      return { name: degrees.name, crs: degrees, reason: 'contradiction' }
    }
    return guess ? { name: guess, crs: findCrs(guess), reason: 'contradiction' } : { problem: 'METRES_NOT_DEGREES' }
  }
  if (unit === 'degree') return { name: 'EPSG:4326', crs: findCrs('EPSG:4326'), reason: 'default' }
  return guess ? { name: guess, crs: findCrs(guess), reason: 'magnitude' } : { problem: 'METRES_UNKNOWN_ZONE' }
}

/**
 * A .prj often says "no zone number" while the eastings carry one, or the other way round.
 * Returns the zone of the same meridian that fits the numbers, or null when the stated one fits.
 */
function rightPrefix(crs: Crs, [w, , e]: Box): Crs | null {
  if (!crs.zone) return null
  const prefix = Math.floor(w / 1_000_000)
  if (prefix !== Math.floor(e / 1_000_000)) return null
  const { datum, width, meridian } = crs.zone
  if ((crs.zone.prefix ?? 0) === prefix) return null
  if (prefix !== 0 && (prefix < 13 || prefix > 45)) return null
  // Another number than the meridian's own: the number in the coordinates is the surer sign.
  const wide = prefix >= 13 && prefix <= 23 ? 6 : 3
  const code =
    prefix === 0
      ? zoneCode(datum, meridian, 500_000, width)
      : zoneCode(datum, wide === 6 ? prefix * 6 - 3 : prefix * 3, prefix * 1_000_000 + 500_000, wide)
  return code === null ? null : findCrs(`EPSG:${code}`)
}
