import type { SupabaseClient } from '@supabase/supabase-js'
import { loadConfig, supabase } from './client'
import { noteReachable } from './connection'
import { failureWord } from './messages'
import type { Attempt, OutboxTransport } from './outbox'
import type { OutboxReason } from './outboxShelf'
import { type Failure, failureOf } from './rpc'

/** A bad network answers neither yes nor no; after this the step counts as lost and is repeated later. */
const UPLOAD_MS = 60_000
const CALL_MS = 25_000

/** Sends with the token of the person whose entry it is: should another have signed in meanwhile, it waits. */
export const serverTransport: OutboxTransport = {
  away: () => (navigator.onLine === false ? { kind: 'offline', message: failureWord('offline') } : null),

  async upload(file, user) {
    const token = await tokenOf(user)
    if (typeof token !== 'string') return no(token)
    // bytes, not a Blob: a form would be unpacked by nobody on the small server
    const bytes = await file.blob.arrayBuffer().catch(() => null)
    if (!bytes) return no({ kind: 'refused', message: failureWord('lostFile') })
    const sending = supabase()
      .storage.from(file.bucket)
      .upload(file.path, bytes, {
        contentType: file.blob.type,
        cacheControl: '31536000',
        headers: { authorization: `Bearer ${token}` },
      })
    const answer = await inTime(sending, UPLOAD_MS)
    if (!answer) return lost()
    const fault = answer.error as { message: string; status?: number; statusCode?: string } | null
    const status = Number(fault?.statusCode ?? fault?.status ?? 0) || 0
    // The name was made here for these bytes: if it is taken, they have arrived.
    if (!fault || status === 409) return yes(null)
    return no(reasonOf(failureOf(status, { message: fault.message })))
  },

  async call(name, args, user) {
    const token = await tokenOf(user)
    if (typeof token !== 'string') return no(token)
    const request = (supabase() as unknown as SupabaseClient)
      .rpc(name, args)
      .setHeader('Authorization', `Bearer ${token}`)
      .abortSignal(AbortSignal.timeout(CALL_MS))
    const { data, error, status } = await request
    if (error) return no(reasonOf(failureOf(status, error)))
    noteReachable(true)
    return judge(data)
  },
}

const yes = (answer: unknown): Attempt => ({ ok: true, answer })
const no = (reason: OutboxReason): Attempt => ({ ok: false, reason })

function lost(): Attempt {
  noteReachable(false)
  return no({ kind: 'offline', message: failureWord('offline') })
}

/** `status: 'ok'`, or a refusal (a conflict too) whose words are joined. Exported for its test. */
export function judge(data: unknown): Attempt {
  type Words = { message?: string }[]
  const answer = (data ?? {}) as { status?: string; errors?: Words; reasons?: Words }
  if (answer.status === 'ok') return yes(data)
  const words = [...(answer.errors ?? []), ...(answer.reasons ?? [])].map((error) => error.message).filter(Boolean)
  return no({ kind: 'refused', message: words.join('；') || failureWord('server'), answer: data })
}

/** What a failure means for an entry that waits. Exported for its test. */
export function reasonOf(failure: Failure): OutboxReason {
  const { kind, code, message } = failure
  if (kind === 'offline') noteReachable(false)
  if (kind === 'offline') return { kind: 'offline', message }
  if (kind === 'unauthorized') return { kind: 'signIn', message }
  const passing = kind === 'server' || kind === 'timeout' || code === '429' || code === '25006' || code === '53100'
  return { kind: passing ? 'busy' : 'refused', message }
}

async function tokenOf(user: string): Promise<string | OutboxReason> {
  try {
    await loadConfig()
  } catch {
    return { kind: 'offline', message: failureWord('offline') }
  }
  const answer = await inTime(supabase().auth.getSession(), CALL_MS)
  const session = answer?.data.session
  if (session) {
    if (session.user.id === user) return session.access_token
    return { kind: 'signIn', message: failureWord('unauthorized') }
  }
  // A token that could not be renewed for want of a network is still a session.
  const offline = !answer || (answer.error && (answer.error.status ?? 0) === 0)
  return offline
    ? { kind: 'offline', message: failureWord('offline') }
    : { kind: 'signIn', message: failureWord('unauthorized') }
}

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<null>((done) => {
    timer = setTimeout(() => done(null), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}
