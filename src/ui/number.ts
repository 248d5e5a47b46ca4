import { useI18n } from 'vue-i18n'

const formats = new Map<string, Intl.NumberFormat>()

/**
 * A number as readers of the locale write it, with at most `digits` places behind the point (three when not said).
 * Making a format takes longer than all that is then written with it: one is kept for each.
 */
export function formatNumber(value: number, locale: string, digits?: number): string {
  const key = `${locale} ${digits}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(locale, digits === undefined ? {} : { maximumFractionDigits: digits })
    formats.set(key, format)
  }
  return format.format(value)
}

/** Writes numbers in the language of the page; `digits` is what holds unless a call says another. */
export function useNumber(digits?: number) {
  const { locale } = useI18n()
  return (value: number, places = digits): string => formatNumber(value, locale.value, places)
}
