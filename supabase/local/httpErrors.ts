import { inspect } from 'node:util'
import { reduced } from './errors.ts'

// PostgREST's table of HTTP status by SQLSTATE (docs.postgrest.org, "Errors"); the longest prefix wins, else 400.
const statusByState: Record<string, number> = {
  '08': 503,
  '09': 500,
  '0L': 403,
  '0P': 403,
  '23503': 409,
  '23505': 409,
  '25006': 405,
  '25': 500,
  '28': 403,
  '2D': 500,
  '38': 500,
  '39': 500,
  '3B': 500,
  '40': 500,
  '42883': 404,
  '42P01': 404,
  '42P17': 500,
  '53400': 500,
  '53': 503,
  '54': 500,
  '55': 500,
  '57': 500,
  '58': 500,
  F0: 500,
  HV: 500,
  P0001: 400,
  P0: 500,
  XX: 500,
}

/** HTTP status that PostgREST gives a SQLSTATE. */
function statusOf(code: string): number {
  for (let length = 5; length >= 2; length -= 1) {
    const status = statusByState[code.slice(0, length)]
    if (status) return status
  }
  return 400
}

/** Lite prints what it is handed. One line, without the row that PostgreSQL quotes in the details: logs get copied. */
function printedAs(line: string, value: object): object {
  return Object.defineProperty(value, inspect.custom, { value: () => `[data api] ${line}` })
}

/**
 * A database error in the form in which Lite passes code, message, details and hint on to the client. Lite knows
 * only some SQLSTATEs and answers `{"code":"SUP"}` to the others, so those travel as PostgREST's own
 * `RAISE SQLSTATE 'PGRST'`, whose message and detail name status and body freely.
 * 42501 (401 or 403 by role), 42*, 22*, PTnnn and broken keys (Storage looks for those) are right once reduced.
 */
export function httpError(error: unknown): unknown {
  const plain = reduced(error) as { code?: unknown; message?: unknown; detail?: unknown; hint?: unknown }
  const message = String(plain?.message ?? '')
  if (typeof plain?.code !== 'string' || !/^[0-9A-Z]{5}$/.test(plain.code)) {
    return plain instanceof Error ? printedAs(message, plain) : plain
  }
  const { code } = plain
  const detail = typeof plain.detail === 'string' ? plain.detail : null
  const hint = typeof plain.hint === 'string' ? plain.hint : null
  const understood = code === 'PGRST' || /^(PT|22|42|21|23505|23503)/.test(code)
  if (understood) return printedAs(`${code} ${message}`, { code, message, detail, hint })
  return printedAs(`${code} ${message}`, {
    code: 'PGRST',
    message: JSON.stringify({ code, message, details: detail, hint }),
    detail: JSON.stringify({ status: statusOf(code), headers: {} }),
    hint: null,
  })
}

/** The answer to a statement that was cut off; null for any other error. It is not worth a second try. */
export function tooLong(error: unknown): Response | null {
  const { code, message } = reduced(error) as { code?: unknown; message?: unknown }
  if (code !== '57014') return null
  const headers = { 'content-type': 'application/json; charset=utf-8', 'access-control-allow-origin': '*' }
  return new Response(JSON.stringify({ code, message, details: null, hint: null }), { status: statusOf(code), headers })
}
