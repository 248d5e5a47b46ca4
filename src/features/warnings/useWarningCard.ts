import { onScopeDispose, shallowRef } from 'vue'
import { type Failure, type Result, rpc } from '../../db/rpc'
import { type Refusal, told } from '../../map/refusal'
import type { WarningCardData, WarningRow, WarningStep } from './warning'

type Handled = { status: 'ok' | 'conflict'; warning: WarningRow }

/** One warning whole, and what is done about it. Disposed with the component that opened it. */
export function useWarningCard() {
  const data = shallowRef<WarningCardData | null>(null)
  const state = shallowRef<'idle' | 'loading' | 'ready' | 'missing' | 'failed'>('idle')
  const failure = shallowRef<Failure | null>(null)
  /** Somebody was quicker: nothing was written. */
  const conflict = shallowRef(false)
  const busy = shallowRef<WarningStep | null>(null)
  const refusal = shallowRef('')
  let shown: string | null = null
  let asking: AbortController | undefined

  /** Shows a warning; null puts it away. */
  function open(id: string | null): void {
    if (id === shown) return
    asking?.abort()
    shown = id
    data.value = null
    failure.value = null
    conflict.value = false
    refusal.value = ''
    state.value = id ? 'loading' : 'idle'
    if (id) void again()
  }

  async function again(): Promise<void> {
    if (!shown) return
    asking?.abort()
    const mine = new AbortController()
    asking = mine
    const answer = await rpc<WarningCardData | { status: 'not_found' }>(
      'warning_card',
      { p_warning: shown },
      { signal: mine.signal, retry: true },
    )
    if (mine.signal.aborted) return
    failure.value = answer.ok ? null : answer.error
    if (!answer.ok) {
      if (!data.value) state.value = 'failed'
      return
    }
    const found = 'events' in answer.data
    data.value = found ? (answer.data as WarningCardData) : null
    state.value = found ? 'ready' : 'missing'
  }

  /** Takes a step; true when it is written. What was typed is the caller's, and stays when it was not. */
  async function take(step: WarningStep, note: string): Promise<boolean> {
    const warning = data.value
    if (!warning || busy.value) return false
    busy.value = step
    refusal.value = ''
    conflict.value = false
    const answer: Result<Handled> = told(
      await rpc<Handled | Refusal>('handle_warning', {
        p_warning: warning.id,
        p_version: warning.row_version,
        p_action: step,
        p_note: note.trim() || null,
      }),
      (got) => 'warning' in got,
    )
    busy.value = null
    if (!answer.ok) {
      refusal.value = answer.error.message
      return false
    }
    conflict.value = answer.data.status === 'conflict'
    if (shown === warning.id) await again()
    return answer.data.status === 'ok'
  }

  onScopeDispose(() => asking?.abort())
  return { data, state, failure, conflict, busy, refusal, open, again, take }
}
export type WarningCard = ReturnType<typeof useWarningCard>
