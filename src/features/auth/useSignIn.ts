import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { useSession } from './session'
import type { SignInFailure } from './signInFailure'

/** One attempt at a time, its failure in words' keys, and the count-down when the server asks to wait. */
export function useSignIn() {
  const session = useSession()
  const busy = ref(false)
  const failure = shallowRef<SignInFailure | null>(null)
  const seconds = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined

  const waiting = computed(() => seconds.value > 0)

  function countDown(from: number): void {
    clearInterval(timer)
    const end = Date.now() + from * 1000
    seconds.value = from
    // By the clock, not by counting ticks: a tab in the background ticks slower.
    timer = setInterval(() => {
      seconds.value = Math.max(0, Math.ceil((end - Date.now()) / 1000))
      if (seconds.value > 0) return
      clearInterval(timer)
      failure.value = null
    }, 500)
  }

  /** @returns whether somebody is signed in now. */
  async function attempt(email: string, password: string): Promise<boolean> {
    if (busy.value || waiting.value) return false
    busy.value = true
    failure.value = null
    const answer = await session.signIn(email, password)
    busy.value = false
    if (answer.ok) return true
    failure.value = answer.failure
    if (answer.failure.reason === 'wait') countDown(answer.failure.seconds)
    return false
  }

  onScopeDispose(() => clearInterval(timer))
  return { busy, failure, seconds, waiting, attempt }
}
