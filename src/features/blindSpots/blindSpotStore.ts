import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { type Failure, rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'
import { type BlindSpots, NO_SPOTS, spotsOf } from './blindSpot'

/** What we know of the blind spots of one's whole scope. Parts of it are cut out by who shows them. */
export const useBlindSpots = defineStore('blindSpots', () => {
  const answer = shallowRef<BlindSpots | null>(null)
  const state = ref<'idle' | 'loading' | 'ready' | 'failed'>('idle')
  const failure = shallowRef<Failure | null>(null)
  const lists = computed(() => (answer.value ? spotsOf(answer.value) : NO_SPOTS))
  let asked = 0
  let fingerprint = ''

  /** Asks again; what is shown stays until the answer is there, and stays itself when the answer is the same. */
  async function load(): Promise<boolean> {
    const mine = ++asked
    if (state.value !== 'ready') state.value = 'loading'
    const found = await rpc<BlindSpots | Refusal>('blind_spots', { p_grid: null })
    if (mine !== asked) return false
    failure.value = !found.ok ? found.error : 'gaps' in found.data ? null : refused(found.data)
    if (!found.ok || !('gaps' in found.data)) {
      if (state.value !== 'ready') state.value = 'failed'
      return false
    }
    const print = JSON.stringify(found.data)
    if (print !== fingerprint) answer.value = found.data
    fingerprint = print
    state.value = 'ready'
    return true
  }

  function clear(): void {
    asked++
    fingerprint = ''
    answer.value = null
    failure.value = null
    state.value = 'idle'
  }

  return { lists, state, failure, load, clear }
})
