import { type AreaUnit, digitsOf, UNIT_M2, unitOf } from '../../ui/area'
import { formatNumber } from '../../ui/number'

const UNITS: Record<AreaUnit, { zh: string; en: string }> = {
  m2: { zh: '平方米', en: 'm²' },
  ha: { zh: '公顷', en: 'ha' },
  km2: { zh: '平方公里', en: 'km²' },
}
const wordOf = (unit: AreaUnit, locale: string) => UNITS[unit][locale.startsWith('zh') ? 'zh' : 'en']

/**
 * An area in the unit one thinks in (`unitOf`): below 1 公顷 in 平方米, below 1 平方公里 in 公顷, above in 平方公里.
 * @param area m²
 * @param signed with + or −, as a difference
 */
export function areaWords(area: number, locale: string, signed = false): string {
  const unit = unitOf(area)
  const value = area / UNIT_M2[unit]
  const words = new Intl.NumberFormat(locale, {
    maximumFractionDigits: digitsOf(value, unit),
    signDisplay: signed ? 'exceptZero' : 'auto',
  }).format(value)
  return `${words} ${wordOf(unit, locale)}`
}

/** Of a smaller difference nobody says how much. */
export const SMALLEST_M2 = 0.05

/**
 * Two areas side by side, in one unit and with as many digits as it takes to see that they differ.
 * @param before m²; null: there was nothing
 * @param after m²; null: there is nothing any more
 */
export function areaPair(before: number | null, after: number | null, locale: string): [string, string] {
  const [a, b] = [before ?? after ?? 0, after ?? before ?? 0]
  const unit = unitOf(Math.max(a, b))
  const size = UNIT_M2[unit]
  const most = Math.ceil(Math.log10(size)) + 1
  let digits = Math.max(digitsOf(a / size, unit), digitsOf(b / size, unit))
  const say = (area: number) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(area / size)
  while (digits < most && Math.abs(a - b) >= SMALLEST_M2 && say(a) === say(b)) digits++
  const unitWord = ` ${wordOf(unit, locale)}`
  // the unit once, behind the last figure
  if (after === null) return [`${say(a)}${unitWord}`, '–']
  return [before === null ? '–' : say(before), `${say(after)}${unitWord}`]
}

/** A length: below 1 km in metres. @param length m */
export function lengthWords(length: number, locale: string): string {
  const chinese = locale.startsWith('zh')
  const number = (value: number, digits: number) => formatNumber(value, locale, digits)
  if (length < 1000) return `${number(length, length < 10 ? 1 : 0)} ${chinese ? '米' : 'm'}`
  return `${number(length / 1000, length < 10_000 ? 2 : 1)} ${chinese ? '公里' : 'km'}`
}
