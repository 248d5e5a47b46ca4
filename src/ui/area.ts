import { formatNumber } from './number'

type Translate = (key: string, named: Record<string, unknown>) => string

export type AreaUnit = 'm2' | 'ha' | 'km2'

/** Square metres of one of a unit. */
export const UNIT_M2: Record<AreaUnit, number> = { m2: 1, ha: 10_000, km2: 1_000_000 }

/** The unit one would say an area in: 平方米 below a hectare, 公顷 below a square kilometre, then 平方公里. @param m2 of either sign */
export function unitOf(m2: number): AreaUnit {
  const size = Math.abs(m2)
  if (size < UNIT_M2.ha) return 'm2'
  return size < UNIT_M2.km2 ? 'ha' : 'km2'
}

/** About three figures, and no part of a square metre from ten on. @param value in the unit */
export function digitsOf(value: number, unit: AreaUnit): number {
  const size = Math.abs(value)
  if (unit === 'm2') return size < 10 ? 1 : 0
  return size < 10 ? 2 : size < 100 ? 1 : 0
}

/**
 * An area in the unit one would say it in, by the same rule everywhere.
 * @param m2 square metres, not negative
 */
export function areaText(m2: number, t: Translate, locale: string): string {
  const unit = unitOf(m2)
  const value = m2 / UNIT_M2[unit]
  const n = formatNumber(value, locale, digitsOf(value, unit))
  return t(`ui.area.${unit}`, { n })
}
