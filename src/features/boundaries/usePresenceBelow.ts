import { onScopeDispose, shallowRef, watch } from 'vue'
import { othersOf, type Present } from '../../db/presence'
import { holdTopic, pageKey, type Said, type TopicHold } from '../../db/topic'

/** More topics than these are not joined: the service allows a hundred a connection, and others need some. */
const MOST = 60

/**
 * Who is editing a grid below. The page listens on each and appears only where somebody else is: so they see each other,
 * and an empty county costs no saying. @param mine what others shall see
 */
export function usePresenceBelow(grids: () => readonly number[], mine: () => Said) {
  const others = shallowRef<Present[]>([])
  const found = new Map<number, Present[]>()
  const holds = new Map<number, TopicHold>()
  const since = new Date().toISOString()
  const tell = () => {
    others.value = [...found.values()].flat()
  }

  function listen(id: number): void {
    let shown = false
    const hold = holdTopic(`grid:${id}`, {
      present: (everyone) => {
        // who edits that grid itself; others who came from above are met above
        const there = othersOf(everyone, pageKey).filter(({ grid_id }) => grid_id === id)
        found.set(id, there)
        tell()
        if (there.length > 0 === shown) return
        shown = there.length > 0
        hold.appear(shown ? { since, ...mine() } : null)
      },
      lost: () => {
        found.delete(id)
        tell()
      },
    })
    holds.set(id, hold)
  }
  function leave(id: number): void {
    const hold = holds.get(id)
    hold?.appear(null)
    hold?.stop()
    holds.delete(id)
    found.delete(id)
  }

  const unwatch = watch(
    () => [...grids()].slice(0, MOST).join(),
    (list) => {
      const wanted = new Set(list ? list.split(',').map(Number) : [])
      for (const id of [...holds.keys()]) if (!wanted.has(id)) leave(id)
      for (const id of wanted) if (!holds.has(id)) listen(id)
      tell()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    unwatch()
    for (const id of [...holds.keys()]) leave(id)
  }, true)
  return others
}
