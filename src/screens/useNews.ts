import { useDebounceFn } from '@vueuse/core'
import { type ShallowRef, shallowRef, watch } from 'vue'
import { followChanges } from '../db/changes'
import { useSession } from '../features/auth/session'
import { feedTopics } from './feedTopics'

/**
 * Counts up when something of these kinds (null: anything) changed in one's scope, so that a page asks again; what comes
 * together counts once. Ends with the component.
 */
export function useNews(kinds: readonly string[] | null): Readonly<ShallowRef<number>> {
  const session = useSession()
  const news = shallowRef(0)
  const tell = useDebounceFn(
    () => {
      news.value += 1
    },
    100,
    { maxWait: 500 },
  )
  watch(
    () => session.me?.user_id,
    (user) => {
      if (!user || !session.me) return
      followChanges({
        topics: feedTopics(session.me),
        loadedAt: Date.now(),
        onChanges: (changes) => {
          if (!kinds || changes.some(({ entity }) => kinds.includes(entity))) void tell()
        },
        onResync: (reason) => reason !== 'start' && void tell(),
      })
    },
    { immediate: true, once: true },
  )
  return news
}
