import type { SupabaseClient } from '@supabase/supabase-js'
import { supabase } from './client'
import { noteReachable } from './connection'
import { type FailureWord, failureWord } from './messages'

type FailureKind = 'offline' | 'unauthorized' | 'forbidden' | 'timeout' | 'rejected' | 'server'

/** An expected failure: `message` is ready to be shown, in the user's language. */
export interface Failure {
  code: string
  message: string
  kind: FailureKind
}

export type Result<T> = { ok: true; data: T } | { ok: false; error: Failure }

export interface RpcOptions {
  signal?: AbortSignal
  /** Repeat once after a network failure. Default: only for the known reads, as a write may have arrived. */
  retry?: boolean
}

/** What PostgREST answers with when it refuses. Exported for its test. */
export interface RawError {
  code?: string
  message?: string
}

const READS = new Set([
  'me',
  'grid_features',
  'grid_card',
  'map_points',
  'risk_map',
  'enterprise_card',
  'hazard_card',
  'list_enterprises',
  'list_hazards',
  'ledger_marks',
  'ledger_views',
  'bulk_candidates',
  'search_places',
  'responsible_at',
  'blind_spots',
  'changes_since',
  'sector_matrix',
  'accident_figures',
  'list_accidents',
  'accident_card',
])

let reauthenticate: (() => Promise<boolean>) | undefined

/**
 * Registers who asks for the password when the server says 401. The handler resolves to true once somebody is
 * signed in again, and the refused call is then repeated; false gives the refusal to the caller.
 */
export function onUnauthorized(handler: (() => Promise<boolean>) | undefined): void {
  reauthenticate = handler
}

/**
 * Calls a database function. Never throws: every failure is a value with words.
 * An aborted call gives `{kind: 'rejected', code: 'ABORTED'}`; whoever aborted it has no use for the words.
 */
export async function rpc<T>(
  name: string,
  args: Record<string, unknown> = {},
  options: RpcOptions = {},
): Promise<Result<T>> {
  const { signal, retry = READS.has(name) } = options
  let answer = await call<T>(name, args, signal)
  if (!answer.ok && answer.error.kind === 'offline' && retry) answer = await call<T>(name, args, signal)
  // A 401 was refused before anything ran, so repeating it is safe, a write too.
  if (!answer.ok && answer.error.kind === 'unauthorized' && reauthenticate && !signal?.aborted) {
    if (await reauthenticate()) answer = await call<T>(name, args, signal)
  }
  if (!answer.ok && answer.error.kind === 'offline') noteReachable(false)
  return answer
}

async function call<T>(name: string, args: Record<string, unknown>, signal?: AbortSignal): Promise<Result<T>> {
  if (signal?.aborted) return { ok: false, error: aborted() }
  // Functions are named by string here: the typed front of an RPC is the feature that calls it.
  const request = (supabase() as unknown as SupabaseClient).rpc(name, args)
  const { data, error, status } = await (signal ? request.abortSignal(signal) : request)
  if (signal?.aborted) return { ok: false, error: aborted() }
  if (status > 0) noteReachable(true)
  return error ? { ok: false, error: failureOf(status, error) } : { ok: true, data: data as T }
}

const aborted = (): Failure => ({ code: 'ABORTED', kind: 'rejected', message: failureWord('aborted') })

/** Turns an HTTP status and a PostgREST error into words. Status 0 means that no answer came. */
export function failureOf(status: number, error: RawError): Failure {
  const code = error.code || (status ? String(status) : 'OFFLINE')
  const failure = (kind: FailureKind, word: FailureWord): Failure => ({ code, kind, message: failureWord(word) })
  if (status === 0) return failure('offline', 'offline')
  // An anonymous caller of a revoked function is answered 401 with 42501: signed out, not forbidden.
  if (status === 401 || code.startsWith('PGRST3')) return failure('unauthorized', 'unauthorized')
  if (status === 403 || code === '42501') return failure('forbidden', 'forbidden')
  if (code === '57014' || status === 504) return failure('timeout', 'timeout')
  // Supabase and our own server stop writing when the disk is full
  if (code === '25006' || code === '53100') return failure('rejected', 'readOnly')
  if (status === 429) return failure('rejected', 'tooMany')
  if (code === 'PGRST202' || code === '42883') return failure('server', 'missing')
  // Our own functions raise with Chinese words made for the screen (P0001, PTxyz, checks); keep them.
  if (isOwnWords(error.message) && status < 500) return { code, kind: 'rejected', message: error.message }
  if (status === 502 || status === 503) return failure('offline', 'offline')
  return failure(status >= 400 && status < 500 ? 'rejected' : 'server', 'server')
}

const isOwnWords = (message: string | undefined): message is string => /[\u4e00-\u9fff]/.test(message ?? '')
