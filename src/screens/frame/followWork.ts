import { getCurrentScope, onScopeDispose } from 'vue'
import { useRoute } from 'vue-router'
import { followChanges } from '../../db/changes'
import type { Me } from '../../features/auth/me'
import { useSession } from '../../features/auth/session'
import { useWorkFigures } from '../../features/work/figuresStore'
import { feedTopics } from '../feedTopics'
import { mapShown } from './mapShown'

/**
 * Keeps the figures of bell and badge as they are in the database, while the caller's scope lives. Where the page is
 * the map, they are asked for after its first picture: that is what one waits for.
 */
export function followWork(me: Me): ReturnType<typeof useWorkFigures> {
  const work = useWorkFigures()
  const session = useSession()
  const scope = getCurrentScope()
  const forget = session.onSignOut(() => work.clear())
  let ended = false

  function follow(): void {
    if (ended) return
    void work.load()
    followChanges({
      topics: feedTopics(me),
      loadedAt: Date.now(),
      onChanges: (changes) => {
        if (changes.some(({ entity }) => entity === 'hazard' || entity === 'warning')) work.touch()
      },
      onResync: () => work.touch(),
    })
  }
  if (useRoute().name === 'map') void mapShown().then(() => scope?.run(follow))
  else follow()
  onScopeDispose(() => {
    ended = true
    forget()
    work.pause()
  })
  return work
}
