// Days in China as `YYYY-MM-DD`, and counting with them. Pure; words of this form also sort as days do.
const DAY = 86_400_000
const FORM = /^\d{4}-\d{2}-\d{2}$/

/** Whether a word names a day that exists (2026-02-30 does not). */
export function isDay(word: string | null | undefined): word is string {
  if (!word || !FORM.test(word)) return false
  const time = Date.parse(word)
  return Number.isFinite(time) && new Date(time).toISOString().slice(0, 10) === word
}

/** The day it is in China at a moment (milliseconds since 1970). */
export const dayAt = (moment: number): string => new Date(moment + 8 * 3_600_000).toISOString().slice(0, 10)

/** So many days later; earlier when negative. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10)

/** How many days from one to the other; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY)

/** The same day of the month so many months before, or the last day of that month. */
export function monthsBefore(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 - months, Math.min(date, last))).toISOString().slice(0, 10)
}

/** The day nearest to `day` within the two. */
export const clampDay = (day: string, first: string, last: string): string =>
  day < first ? first : day > last ? last : day

// making one takes longer than all else that a picture of a replay needs
const formats = new Map<string, Intl.DateTimeFormat>()

/** A day in words, with its weekday: 2026年10月3日周六. */
export function dayWords(day: string, locale: string): string {
  let format = formats.get(locale)
  if (!format) {
    format = new Intl.DateTimeFormat(locale, {
      timeZone: 'UTC',
      year: 'numeric',
      month: locale.startsWith('zh') ? 'long' : 'short',
      day: 'numeric',
      weekday: 'short',
    })
    formats.set(locale, format)
  }
  return format.format(new Date(day))
}
