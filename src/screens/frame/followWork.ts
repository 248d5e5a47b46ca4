import { onScopeDispose } from 'vue'
import { followChanges } from '../../db/changes'
import type { Me } from '../../features/auth/me'
import { useSession } from '../../features/auth/session'
import { useWorkFigures } from '../../features/work/figuresStore'
import { feedTopics } from '../feedTopics'

/** Keeps the figures of bell and badge as they are in the database, while the caller's scope lives. */
export function followWork(me: Me): ReturnType<typeof useWorkFigures> {
  const work = useWorkFigures()
  const session = useSession()
  void work.load()
  followChanges({
    topics: feedTopics(me),
    loadedAt: Date.now(),
    onChanges: (changes) => {
      if (changes.some(({ entity }) => entity === 'hazard')) work.touch()
    },
    onResync: () => work.touch(),
  })
  const forget = session.onSignOut(() => work.clear())
  onScopeDispose(() => {
    forget()
    work.pause()
  })
  return work
}
