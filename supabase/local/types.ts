/**
 * A numeric or bigint as PostgREST sends it: a JSON number. Beyond 2^53 (or a precision no double has) JavaScript's
 * reader rounds it in any case, so nothing is gained by a string, and `NaN`/`Infinity` stay words.
 */
export function jsonNumber(text: string): number | string {
  const value = Number(text)
  return Number.isFinite(value) ? value : text
}

/** `2026-11-21 21:20:48.9+00` as PostgreSQL's JSON writes it: `2026-11-21T21:20:48.9+00:00`; `infinity` stays. */
export function jsonTimestamp(text: string): string {
  if (!/^\d/.test(text)) return text
  return text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')
}
