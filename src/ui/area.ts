type Translate = (key: string, named: Record<string, unknown>) => string

/**
 * An area in the unit one would say it in: 平方米 below a hectare, 公顷 below a square kilometre × 10, then 平方公里.
 * @param m2 square metres, not negative
 */
export function areaText(m2: number, t: Translate, locale: string): string {
  const write = (n: number, digits: number) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(n)
  if (m2 < 10_000) return t('ui.area.m2', { n: write(m2, m2 < 10 ? 1 : 0) })
  if (m2 < 10_000_000) return t('ui.area.ha', { n: write(m2 / 10_000, m2 < 1_000_000 ? 2 : 1) })
  return t('ui.area.km2', { n: write(m2 / 1_000_000, 1) })
}
