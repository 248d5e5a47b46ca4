/**
 * A numeric or bigint as PostgREST sends it: a JSON number. Beyond 2^53 (or a precision no double has) JavaScript's
 * reader rounds it in any case, so nothing is gained by a string, and `NaN`/`Infinity` stay words.
 */
export function jsonNumber(text: string): number | string {
  const value = Number(text)
  return Number.isFinite(value) ? value : text
}
