import { ref, shallowRef } from 'vue'
import { onBack } from './connection'
import type { Failure, Result } from './rpc'

type LoadState = 'idle' | 'loading' | 'ready' | 'failed'

interface Options<T, Args extends readonly unknown[]> {
  /** Two answers with the same print are the same, and what is shown keeps its identity. Default: all of it as JSON. */
  print?(data: T, ...args: Args): string
  /** Whether the answer to another question than the last one may be shown until that is answered. Default: no. */
  anyArgs?: boolean
}

/**
 * What one request gives, kept and asked for again. What is shown stays until a newer answer is there, and when a
 * refresh fails; an answer to an older request than the one shown is dropped. A question of which
 * nothing could be shown is asked again once the backend is back.
 * @returns data, state, failure; `load` resolves to whether what is shown is at least as new as the request.
 */
export function useLoaded<T, Args extends readonly unknown[]>(
  empty: T,
  ask: (...args: Args) => Promise<Result<T>>,
  options: Options<T, Args> = {},
) {
  const data = shallowRef<T>(empty)
  const state = ref<LoadState>('idle')
  const failure = shallowRef<Failure | null>(null)
  let generation = 0
  let [asked, shown] = [0, 0]
  let question = ''
  let shownQuestion = ''
  let last: Args | null = null
  let fingerprint = ''

  /** Asks, and gives back the answer when it is still wanted; else whether something newer is shown. */
  async function answered<R>(asking: () => Promise<Result<R>>, mine: string): Promise<R | boolean> {
    const born = generation
    const turn = ++asked
    if (state.value !== 'ready') state.value = 'loading'
    const answer = await asking()
    if (born !== generation || (!options.anyArgs && mine !== question)) return false
    if (turn < shown) return true
    if (!answer.ok) {
      failure.value = answer.error
      if (state.value !== 'ready') state.value = 'failed'
      return false
    }
    failure.value = null
    shown = turn
    state.value = 'ready'
    return answer.data
  }

  async function load(...args: Args): Promise<boolean> {
    const next = JSON.stringify(args)
    // what failed was another question
    if (next !== question) failure.value = null
    question = next
    last = args
    const got = await answered(() => ask(...args), question)
    if (typeof got === 'boolean') return got
    shownQuestion = next
    const print = options.print ? options.print(got, ...args) : JSON.stringify(got)
    if (print !== fingerprint) data.value = got
    fingerprint = print
    return true
  }

  /** Asks for a part; what comes changes what is shown then. */
  async function patch(asking: () => Promise<Result<(before: T) => T>>): Promise<boolean> {
    const got = await answered(asking, question)
    if (typeof got === 'boolean') return got
    data.value = got(data.value)
    fingerprint = ''
    return true
  }

  function clear(): void {
    generation++
    last = null
    shownQuestion = ''
    fingerprint = ''
    data.value = empty
    failure.value = null
    state.value = 'idle'
  }

  onBack(() => {
    if (last && failure.value && shownQuestion !== question) void load(...last)
  })
  return { data, state, failure, load, patch, clear }
}
