import { computed, type Ref, ref, shallowRef } from 'vue'
import { useLoaded } from '../../db/loaded'
import type { Result } from '../../db/rpc'

/** An answer, and what it answers: the arguments as JSON. */
interface Answer<T> {
  to: string
  data: T
}

/**
 * One part of a screen all of whose parts answer one question. What is shown answers what was asked last, or is `empty`:
 * never an answer to something else beside the others. Only while `holding` is the part kept as it was when that began
 * (see `hold`), so that quick answers change all parts at once.
 */
export function usePart<T, Args extends readonly unknown[]>(
  empty: T,
  ask: (...args: Args) => Promise<Result<T>>,
  holding: Readonly<Ref<boolean>>,
) {
  const loaded = useLoaded<Answer<T> | null, Args>(null, async (...args) => {
    const answer = await ask(...args)
    return answer.ok ? { ok: true, data: { to: JSON.stringify(args), data: answer.data } } : answer
  })
  const wanted = ref('')
  const refused = ref(false)
  const held = shallowRef<T>(empty)
  const isCurrent = computed(() => loaded.data.value?.to === wanted.value)
  const data = computed((): T => {
    if (holding.value) return held.value
    return loaded.data.value && isCurrent.value ? loaded.data.value.data : empty
  })

  /** @returns whether what is wanted is known. */
  async function load(...args: Args): Promise<boolean> {
    const key = JSON.stringify(args)
    if (key !== wanted.value) refused.value = false
    wanted.value = key
    const done = await loaded.load(...args)
    if (key === wanted.value) refused.value = !done
    return done
  }

  return {
    data,
    /** The last answer, whatever it belongs to. */
    latest: loaded.data,
    /** The arguments of what was asked last, as JSON. */
    wanted,
    isCurrent,
    /** What is wanted was refused, or no answer could be had, and nothing is known of it. */
    lost: computed(() => refused.value && !isCurrent.value),
    state: loaded.state,
    failure: loaded.failure,
    load,
    /** Keeps what is shown for as long as `holding` is true; to be called before it is. */
    hold: () => {
      held.value = data.value
    },
  }
}

/** Whether two lists of arguments (JSON) differ in nothing but the one at a place. */
export function sameBut(one: string, other: string, place: number): boolean {
  const without = (json: string) => JSON.stringify((JSON.parse(json) as unknown[]).toSpliced(place, 1))
  return without(one) === without(other)
}
