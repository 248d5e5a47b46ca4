import type { Failure, ImportKind, Problem } from './importSession'

type Translate = (key: string, params: Record<string, unknown>) => string

/** A failure in the language of the page. */
export function failureWords(failure: Failure, t: Translate, locale: string): string {
  const given = locale.startsWith('en') ? (failure.messageEn ?? failure.message) : failure.message
  return given || t(`imports.fail.${failure.code}`, failure.params ?? {})
}

/** The name of a field; enterprises call code and name by their own names. */
export function fieldWords(field: string, kind: ImportKind, t: Translate): string {
  if (kind === 'hazards') return t(`imports.hazardField.${field}`, {})
  if (kind === 'riskPoints') return t(`imports.riskPointField.${field}`, {})
  const own = kind === 'enterprises' && (field === 'code' || field === 'name')
  return t(`imports.${own ? 'enterpriseField' : 'field'}.${field}`, {})
}

/**
 * A problem of a row in the language of the page. The database speaks Chinese; on an English page its code is put into
 * words here, with the figures it gave.
 */
export function problemWords(problem: Problem, kind: ImportKind, t: Translate, locale: string): string {
  const english = locale.startsWith('en')
  const given = english ? problem.messageEn : problem.message
  if (given) return given
  const field = problem.field ? fieldWords(problem.field, kind, t) : ''
  const key = problem.why ? `problem.${problem.why}` : `database.${problem.code}`
  return t(`imports.${key}`, { other: '', area: '', ...problem.params, field })
}
