/** Today in China, `YYYY-MM-DD`. */
export const today = (at = Date.now()): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)

/** Whether a word is a day that the calendar has. */
export function isDay(word: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(word)) return false
  const date = new Date(`${word}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(word)
}
