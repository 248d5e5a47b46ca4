import { readonly, shallowRef, watch } from 'vue'

const POLL_MS = 5000

const reachable = shallowRef(typeof navigator === 'undefined' || navigator.onLine !== false)
let probe: (() => Promise<boolean>) | undefined
let timer: ReturnType<typeof setInterval> | undefined

/** False while the backend cannot be reached (no network, or the server does not answer). */
export const isReachable = readonly(reachable)

/** Runs every time the backend is back, as long as the scope lives that asks for it. */
export function onBack(run: () => void): void {
  watch(reachable, (now) => {
    if (now) run()
  })
}

/** Any HTTP answer, also an error, proves that the backend is there; only a failed fetch says that it is not. */
export function noteReachable(value: boolean): void {
  reachable.value = value
  if (value) stopPolling()
  else startPolling()
}

/**
 * Follows the browser's online/offline events, and asks `ask` every 5 s while the backend is away.
 * @returns a function that stops following.
 */
export function watchConnection(ask: () => Promise<boolean>): () => void {
  probe = ask
  const up = () => void check()
  const down = () => noteReachable(false)
  window.addEventListener('online', up)
  window.addEventListener('offline', down)
  if (!reachable.value) startPolling()
  return () => {
    window.removeEventListener('online', up)
    window.removeEventListener('offline', down)
    stopPolling()
    probe = undefined
  }
}

/** Asks at once whether the backend is back ("retry" on the banner). */
export async function check(): Promise<boolean> {
  if (probe) noteReachable(await probe())
  return reachable.value
}

function startPolling(): void {
  if (!probe || timer) return
  timer = setInterval(() => void check(), POLL_MS)
}

function stopPolling(): void {
  if (timer) clearInterval(timer)
  timer = undefined
}
