import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import { holdTopic, pageKey, type Said } from './topic'

/** Somebody else who is there, as their own page says it: good for a hint, no ground for a right. */
export interface Present {
  user_id: string
  name: string
  /** ISO time since when. */
  since: string
  grid_id: number
}

// The service allows five sayings in thirty seconds; what changes quicker is said once, at the end.
const quiet = 1_500

const text = (value: unknown, most: number) => (typeof value === 'string' ? value.slice(0, most) : '')

/** Everyone but this page, the longest there first; the same person in two windows on the same grid is one. */
export function othersOf(everyone: ReadonlyMap<string, Said[]>, own: string): Present[] {
  const others = new Map<string, Present>()
  for (const [key, metas] of everyone) {
    if (key === own) continue
    for (const meta of metas) {
      const one = {
        user_id: text(meta.user_id, 36),
        name: text(meta.name, 60),
        since: text(meta.since, 30),
        grid_id: Number(meta.grid_id) || 0,
      }
      const before = others.get(`${one.user_id}:${one.grid_id}`)
      if (!before || one.since < before.since) others.set(`${one.user_id}:${one.grid_id}`, one)
    }
  }
  return [...others.values()].sort((a, b) => (a.since < b.since ? -1 : 1))
}

/**
 * Says on `topic` (`grid:<id>`) that this page is there, and who else is. `mine` gives what others shall see
 * (`user_id`, `name`, `grid_id`; `since` is added) and may read reactive values: said again when they change. Ends
 * with the component, or with `stop`. Without a connection `others` is empty.
 */
export function usePresence(
  topic: string,
  mine: () => Record<string, unknown>,
): { others: Ref<Present[]>; stop(): void } {
  const others = shallowRef<Present[]>([])
  const since = new Date().toISOString()
  const hold = holdTopic(topic, {
    present: (everyone) => {
      others.value = othersOf(everyone, pageKey)
    },
    lost: () => {
      others.value = []
    },
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  let said = ''
  const say = () => {
    const now: Said = { since, ...mine() }
    if (JSON.stringify(now) === said) return
    said = JSON.stringify(now)
    hold.appear(now)
  }
  say()
  const unwatch = watch(mine, () => {
    clearTimeout(timer)
    timer = setTimeout(say, quiet)
  })
  let stopped = false
  function stop(): void {
    if (stopped) return
    stopped = true
    clearTimeout(timer)
    unwatch()
    hold.appear(null)
    hold.stop()
    others.value = []
  }
  onScopeDispose(stop, true)
  return { others, stop }
}
