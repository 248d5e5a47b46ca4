import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { useOpenCard } from '../../db/openCard'
import { type Failure, rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'
import { type EnterpriseCardData, type EnterprisePoints, NO_ENTERPRISES } from './enterprise'

/** More than this and the map shows what it got and says so; a county has a fifth of it. */
const LIMIT = 20_000

/** What we know of the enterprises on the map, and the card of the one that is open. */
export const useEnterprises = defineStore('enterprises', () => {
  const points = shallowRef<EnterprisePoints>(NO_ENTERPRISES)
  const state = ref<'idle' | 'loading' | 'ready' | 'failed'>('idle')
  const failure = shallowRef<Failure | null>(null)
  const { card, cardState, cardFailure, openCard, closeCard } = useOpenCard<string, EnterpriseCardData>((id) =>
    rpc('enterprise_card', { p_enterprise: id }),
  )
  let fingerprint = ''
  let generation = 0

  async function load(): Promise<boolean> {
    const mine = ++generation
    if (state.value !== 'ready') state.value = 'loading'
    const answer = await rpc<EnterprisePoints | Refusal>('map_points', {
      p_kind: 'enterprise',
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
    if (print !== fingerprint) points.value = { ...NO_ENTERPRISES, ...answer.data }
    fingerprint = print
    state.value = 'ready'
    return true
  }

  function clear(): void {
    generation++
    fingerprint = ''
    points.value = NO_ENTERPRISES
    failure.value = null
    state.value = 'idle'
    closeCard()
  }

  return { points, state, failure, card, cardState, cardFailure, load, openCard, clear }
})
