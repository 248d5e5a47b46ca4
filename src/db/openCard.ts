import { ref, shallowRef } from 'vue'
import { onBack } from './connection'
import type { Failure, Result } from './rpc'

/**
 * The one card that is open: asked for by id, and only the last one asked for is shown, whichever answer comes first.
 * What is shown stays while it is asked for again. An answer without an id means that there is none in one's scope.
 * One that could not be had is asked for again once the backend is back.
 */
export function useOpenCard<Id, Card extends { id: Id }>(ask: (id: Id) => Promise<Result<Card | object>>) {
  const card = shallowRef<Card | null>(null)
  const cardState = ref<'idle' | 'loading' | 'ready' | 'failed' | 'missing'>('idle')
  const cardFailure = shallowRef<Failure | null>(null)
  let asked = 0
  let wanted: Id | null = null

  function closeCard(): void {
    asked++
    wanted = null
    card.value = null
    cardState.value = 'idle'
  }

  /** Opens the card of `id`; null closes it. */
  async function openCard(id: Id | null): Promise<void> {
    if (id === null) return closeCard()
    const mine = ++asked
    wanted = id
    if (card.value?.id !== id) {
      card.value = null
      cardState.value = 'loading'
    }
    const answer = await ask(id)
    if (mine !== asked) return
    cardFailure.value = answer.ok ? null : answer.error
    if (!answer.ok) {
      if (!card.value) cardState.value = 'failed'
    } else if ('id' in answer.data) {
      card.value = answer.data as Card
      cardState.value = 'ready'
    } else {
      card.value = null
      cardState.value = 'missing'
    }
  }

  onBack(() => {
    if (cardState.value === 'failed') void openCard(wanted)
  })
  return { card, cardState, cardFailure, openCard, closeCard }
}
