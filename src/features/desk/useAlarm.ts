import { useIntervalFn } from '@vueuse/core'
import { computed, onScopeDispose, ref, watch } from 'vue'
import { type DeskRow, waits } from './desk'
import { makeRinger } from './ringer'

/** A major hazard is called out until somebody acknowledges it, a general one is remembered now and then. */
const MAJOR_EVERY = 4_000
const GENERAL_EVERY = 60_000
/** Silence ends by itself: one who forgot about it would miss the next one. */
const MUTE_MS = 10 * 60_000
const LOCK = 'safegrid-desk-bell'

/**
 * Rings for what waits. Of several desks of one browser (a window on each monitor) one rings, as far as the browser can
 * tell them apart. Ends with the caller's scope.
 */
export function useAlarm(waiting: () => readonly DeskRow[]) {
  const ringer = makeRinger()
  /** When silence ends (milliseconds); null: not silent. */
  const mutedUntil = ref<number | null>(null)
  const first = ref(true)
  const major = computed(() => waiting().some((row) => row.severity === 'major' && waits(row)))
  const general = computed(() => waiting().some((row) => row.severity === 'general' && waits(row)))
  const silent = () => mutedUntil.value !== null || !first.value

  let lastMajor = 0
  let lastGeneral = 0
  function beat(): void {
    const now = Date.now()
    if (mutedUntil.value !== null && now >= mutedUntil.value) mutedUntil.value = null
    if (silent()) return
    if (major.value && now - lastMajor >= MAJOR_EVERY) {
      lastMajor = now
      ringer.ring('major')
    } else if (!major.value && general.value && now - lastGeneral >= GENERAL_EVERY) {
      lastGeneral = now
      ringer.ring('general')
    }
  }
  useIntervalFn(beat, 500)

  /** Something new came: it is heard now, not with the next beat. */
  function call(rows: readonly DeskRow[]): void {
    if (silent() || rows.length === 0) return
    const severity = rows.some((row) => row.severity === 'major') ? 'major' : 'general'
    if (severity === 'major') lastMajor = Date.now()
    else lastGeneral = Date.now()
    ringer.ring(severity)
  }

  function toggleMute(): void {
    mutedUntil.value = mutedUntil.value === null ? Date.now() + MUTE_MS : null
  }

  /** A click or a key: from now on it is heard, and it is heard at once that it is. */
  async function check(): Promise<boolean> {
    mutedUntil.value = null
    const on = await ringer.unlock()
    if (on) ringer.ring('general')
    return on
  }

  // Whoever touched the page at all has given the browser what it wants.
  const unlock = () => {
    if (ringer.state.value === 'locked') void ringer.unlock()
  }
  for (const event of ['pointerdown', 'keydown']) window.addEventListener(event, unlock, { passive: true })

  const holding = new AbortController()
  if (navigator.locks) {
    first.value = false
    navigator.locks
      .request(LOCK, { signal: holding.signal }, () => {
        first.value = true
        return new Promise<void>((done) => holding.signal.addEventListener('abort', () => done()))
      })
      .catch(() => {
        // better two bells than none
        if (!holding.signal.aborted) first.value = true
      })
  }
  watch(first, beat)

  onScopeDispose(() => {
    holding.abort()
    for (const event of ['pointerdown', 'keydown']) window.removeEventListener(event, unlock)
    ringer.close()
  })
  return { sound: ringer.state, rung: ringer.rung, mutedUntil, first, call, toggleMute, check }
}
