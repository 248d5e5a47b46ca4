import { onScopeDispose, watch } from 'vue'
import { followChanges } from '../../db/changes'
import { isReachable } from '../../db/connection'
import type { Me } from '../../features/auth/me'
import { useSession } from '../../features/auth/session'
import { feedTopics } from '../feedTopics'

/** A step writes several rows: asked for once after them. */
const SETTLE_MS = 600

/**
 * Calls `ask` at once, and again when a hazard changed (`only`: that one), when the network returns, and when one's
 * rights changed. Ends with the component.
 */
export function useLive(ask: () => void, only?: string): void {
  const session = useSession()
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(ask, SETTLE_MS)
  }
  ask()
  // The guard lets nobody in without knowing who it is.
  followChanges({
    topics: feedTopics(session.me as Me),
    loadedAt: Date.now(),
    onChanges: (changes) => {
      if (
        changes.some(({ entity, id }) =>
          only ? entity === 'hazard' && id === only : entity === 'hazard' || entity === 'warning',
        )
      )
        soon()
    },
    onResync: soon,
  })
  watch(isReachable, (reachable) => reachable && soon())
  onScopeDispose(() => clearTimeout(timer))
}
