import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { type Failure, rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'
import { type HazardCardData, type HazardPoints, NO_HAZARDS } from './hazard'

/** More than this and the map shows what it got and says so; a county has a fifth of it. */
const LIMIT = 20_000

/** What we know of the hazards on the map, and the card of the one that is open. */
export const useHazards = defineStore('hazards', () => {
  const points = shallowRef<HazardPoints>(NO_HAZARDS)
  const state = ref<'idle' | 'loading' | 'ready' | 'failed'>('idle')
  const failure = shallowRef<Failure | null>(null)
  const card = shallowRef<HazardCardData | null>(null)
  const cardState = ref<'idle' | 'loading' | 'ready' | 'failed' | 'missing'>('idle')
  const cardFailure = shallowRef<Failure | null>(null)
  let fingerprint = ''
  let generation = 0
  let asked = 0

  async function load(): Promise<boolean> {
    const mine = ++generation
    if (state.value !== 'ready') state.value = 'loading'
    const answer = await rpc<HazardPoints | Refusal>('map_points', {
      p_kind: 'hazard',
      p_bbox: null,
      p_filter: {},
      p_limit: LIMIT,
    })
    if (mine !== generation) return false
    if (!answer.ok) {
      failure.value = answer.error
      if (state.value !== 'ready') state.value = 'failed'
      return false
    }
    if (!('id' in answer.data)) {
      failure.value = refused(answer.data)
      if (state.value !== 'ready') state.value = 'failed'
      return false
    }
    failure.value = null
    const print = JSON.stringify(answer.data)
    if (print !== fingerprint) points.value = { ...NO_HAZARDS, ...answer.data }
    fingerprint = print
    state.value = 'ready'
    return true
  }

  /** Opens the card of a hazard; null closes it. Only the last one asked for is shown. */
  async function openCard(id: string | null): Promise<void> {
    const mine = ++asked
    if (id === null) {
      card.value = null
      cardState.value = 'idle'
      return
    }
    if (card.value?.id !== id) {
      card.value = null
      cardState.value = 'loading'
    }
    const answer = await rpc<HazardCardData | { status: 'not_found' }>('hazard_card', { p_hazard: id })
    if (mine !== asked) return
    cardFailure.value = answer.ok ? null : answer.error
    if (!answer.ok) {
      if (!card.value) cardState.value = 'failed'
    } else if (!('id' in answer.data)) {
      card.value = null
      cardState.value = 'missing'
    } else {
      card.value = answer.data
      cardState.value = 'ready'
    }
  }

  function clear(): void {
    generation++
    asked++
    fingerprint = ''
    points.value = NO_HAZARDS
    card.value = null
    failure.value = null
    state.value = 'idle'
    cardState.value = 'idle'
  }

  return { points, state, failure, card, cardState, cardFailure, load, openCard, clear }
})
