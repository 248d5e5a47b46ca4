// The calls of the desk, typed. An answer that refuses is a failure with its words.
import { type Failure, type Result, rpc } from '../../db/rpc'
import type { Alarm, DeskCounts, DeskRow } from './desk'
import type { ReplayAnswer } from './replay'

interface Refusal {
  status: 'rejected'
  errors: { code: string; message: string }[]
}
type Said<T> = ({ status: 'ok' } & T) | Refusal

async function ask<T>(name: string, args: Record<string, unknown>, retry: boolean): Promise<Result<T>> {
  const answer = await rpc<Said<T>>(name, args, { retry })
  if (!answer.ok || answer.data.status === 'ok') return answer as Result<T>
  const first = answer.data.errors[0]
  const error: Failure = { code: first?.code ?? 'REJECTED', message: first?.message ?? '', kind: 'rejected' }
  return { ok: false, error }
}

/** Everything that waits and what came of late; with ids only these. `now` is the server's clock. */
export const askFeed = (ids: readonly string[] | null) =>
  ask<{ now: string; rows: DeskRow[]; minutes: { major: number; general: number } }>(
    'desk_feed',
    { p_hazards: ids },
    true,
  )

export const askCounts = () => ask<DeskCounts>('desk_counts', {}, true)

export interface Acknowledged {
  acknowledged: { id: string; at: string; counts: boolean; alarm: Alarm | null }[]
  left_out: string[]
}

/** Sent twice it is once, so it is repeated after a network failure. */
export const sendAcknowledgement = (ids: readonly string[]) =>
  ask<Acknowledged>('acknowledge_hazards', { p_hazards: ids, p_origin: 'desk' }, true)

/** Lets what is late call upon the leader now, rather than at the next minute of the clock. */
export const callUpon = () => ask<object>('escalate_unacknowledged', {}, true)

export const askReplay = (from: Date, to: Date) =>
  ask<ReplayAnswer>('desk_replay', { p_from: from.toISOString(), p_to: to.toISOString() }, true)
