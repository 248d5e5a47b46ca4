/**
 * An area in the unit one thinks in: below 1 公顷 in m², below 100 公顷 in hectares, above in km².
 * @param area m²
 * @param signed with + or −, as a difference
 */
export function areaWords(area: number, locale: string, signed = false): string {
  const chinese = locale.startsWith('zh')
  const size = Math.abs(area)
  const say = (value: number, unit: string) => {
    const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
    const words = new Intl.NumberFormat(locale, {
      maximumFractionDigits: unit === 'm²' || unit === '平方米' ? 0 : digits,
      signDisplay: signed ? 'exceptZero' : 'auto',
    }).format(value)
    return `${words} ${unit}`
  }
  if (size < 10_000) return say(area, chinese ? '平方米' : 'm²')
  if (size < 1_000_000) return say(area / 10_000, chinese ? '公顷' : 'ha')
  return say(area / 1_000_000, 'km²')
}

/** A length: below 1 km in metres. @param length m */
export function lengthWords(length: number, locale: string): string {
  const chinese = locale.startsWith('zh')
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)
  if (length < 1000) return `${number(length, length < 10 ? 1 : 0)} ${chinese ? '米' : 'm'}`
  return `${number(length / 1000, length < 10_000 ? 2 : 1)} ${chinese ? '公里' : 'km'}`
}
