import { onScopeDispose, shallowRef } from 'vue'
import { type Failure, rpc } from '../../db/rpc'
import type { AccidentCardData } from './accident'

export type AccidentCard = ReturnType<typeof useAccidentCard>

/** The accident that is open. Disposed with the component that opened it. */
export function useAccidentCard() {
  const data = shallowRef<AccidentCardData | null>(null)
  const state = shallowRef<'idle' | 'loading' | 'ready' | 'failed' | 'missing'>('idle')
  const failure = shallowRef<Failure | null>(null)
  let asking: AbortController | undefined
  let wanted: string | null = null

  async function open(id: string | null): Promise<void> {
    asking?.abort()
    wanted = id
    if (data.value?.id !== id) data.value = null
    failure.value = null
    state.value = id ? 'loading' : 'idle'
    if (!id) return
    const mine = new AbortController()
    asking = mine
    const answer = await rpc<(AccidentCardData & { status: string }) | { status: string }>(
      'accident_card',
      { p_accident: id },
      { signal: mine.signal },
    )
    if (mine.signal.aborted) return
    failure.value = answer.ok ? null : answer.error
    if (!answer.ok) state.value = 'failed'
    else if ('code' in answer.data) {
      data.value = answer.data
      state.value = 'ready'
    } else state.value = 'missing'
  }

  onScopeDispose(() => asking?.abort())
  return { data, state, failure, open, again: () => open(wanted) }
}
