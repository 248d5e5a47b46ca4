import { inspect } from 'node:util'

/**
 * What a database error may say to the outside. PGlite attaches the connection, the query and megabytes of minified
 * source to its exceptions; only the fields of PostgreSQL's own protocol are kept.
 */
export class DatabaseError extends Error {
  override name = 'DatabaseError'
  readonly code: string
  readonly detail: string | null
  readonly hint: string | null
  readonly where: string | null
  readonly position: number | null

  constructor(source: Record<string, unknown>) {
    super(typeof source.message === 'string' ? source.message.slice(0, 4000) : 'unknown database error')
    const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, 4000) : null)
    this.code = text(source.code) ?? 'XX000'
    this.detail = text(source.detail)
    this.hint = text(source.hint)
    this.where = text(source.where)
    this.position = Number(source.position) || null
    // The stack of WASM glue helps nobody.
    this.stack = `${this.name}: ${this.message}`
  }

  [inspect.custom](): string {
    return `${this.code} ${this.message}${this.detail ? ` (${this.detail})` : ''}`
  }
}

/** Any exception of a database driver, reduced; what is not a database error passes unchanged. */
export function reduced(error: unknown): unknown {
  if (error instanceof DatabaseError || typeof error !== 'object' || error === null) return error
  const source = error as Record<string, unknown>
  const isDatabase = typeof source.code === 'string' && /^[0-9A-Z]{5}$/.test(source.code)
  return isDatabase ? new DatabaseError(source) : error
}

/** A reason not to start that the person at the keyboard can act on. Printed without a stack. */
export class CannotStart extends Error {
  override name = 'CannotStart'
}
