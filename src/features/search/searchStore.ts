import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { type Failure, rpc } from '../../db/rpc'
import { addRecent, type Found, groupFound, RECENT_KEY } from './search'

const MOST = 24

function readRecent(): Found[] {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(RECENT_KEY) ?? '[]')
    return Array.isArray(saved) ? (saved as Found[]) : []
  } catch {
    return [] // unreadable or blocked storage: no recent searches
  }
}

/** What was asked and what came back. A newer question aborts the one before, so answers never arrive out of order. */
export const useSearch = defineStore('search', () => {
  const words = shallowRef('')
  const found = shallowRef<Found[]>([])
  const state = shallowRef<'idle' | 'asking' | 'answered' | 'failed'>('idle')
  const failure = shallowRef<Failure | null>(null)
  const recent = shallowRef<Found[]>(readRecent())
  let asking: AbortController | undefined

  async function ask(text: string): Promise<void> {
    asking?.abort()
    words.value = text.trim()
    if (!words.value) {
      found.value = []
      state.value = 'idle'
      return
    }
    const mine = new AbortController()
    asking = mine
    state.value = 'asking'
    const answer = await rpc<Found[]>('search_places', { p_query: words.value, p_limit: MOST }, { signal: mine.signal })
    if (mine.signal.aborted) return
    failure.value = answer.ok ? null : answer.error
    state.value = answer.ok ? 'answered' : 'failed'
    if (answer.ok) found.value = answer.data
  }

  function remember(item: Found): void {
    recent.value = addRecent(recent.value, item)
    try {
      localStorage.setItem(RECENT_KEY, JSON.stringify(recent.value))
    } catch {
      // remembered for this visit only
    }
  }

  function clear(): void {
    asking?.abort()
    words.value = ''
    found.value = []
    state.value = 'idle'
    recent.value = []
    try {
      localStorage.removeItem(RECENT_KEY)
    } catch {
      // nothing was kept
    }
  }

  const groups = computed(() => groupFound(found.value))
  return { words, found, groups, state, failure, recent, ask, remember, clear }
})
