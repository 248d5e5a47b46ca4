import { onScopeDispose, ref, shallowRef } from 'vue'

export interface Reading {
  /** [lon, lat], WGS84 degrees: what browsers give everywhere. */
  at: [number, number]
  /** Metres. */
  accuracy: number
}

/** asking: no place yet; denied: the person or the page's address (no https) does not allow it. */
export type PositionState = 'idle' | 'asking' | 'found' | 'denied' | 'unavailable'

/** Good enough to stop listening and spare the battery. */
const GOOD_M = 15
const LISTEN_MS = 30_000

/** Where the phone is: listens until the place is good, or half a minute. Stops with the caller's scope. */
export function usePosition() {
  const state = ref<PositionState>('idle')
  const reading = shallowRef<Reading | null>(null)
  let watcher: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function stop(): void {
    if (watcher !== undefined) navigator.geolocation.clearWatch(watcher)
    watcher = undefined
    clearTimeout(timer)
    if (state.value === 'asking') state.value = 'unavailable'
  }

  function start(): void {
    stop()
    if (!('geolocation' in navigator) || !window.isSecureContext) {
      state.value = 'denied'
      return
    }
    state.value = 'asking'
    timer = setTimeout(stop, LISTEN_MS)
    watcher = navigator.geolocation.watchPosition(
      ({ coords }) => {
        state.value = 'found'
        // The first place is often a mast kilometres away; a worse one never replaces a better.
        if (reading.value && coords.accuracy > reading.value.accuracy * 1.5) return
        reading.value = { at: [coords.longitude, coords.latitude], accuracy: Math.round(coords.accuracy) }
        if (coords.accuracy <= GOOD_M) stop()
      },
      (fault) => {
        if (reading.value) return
        state.value = fault.code === fault.PERMISSION_DENIED ? 'denied' : 'unavailable'
      },
      { enableHighAccuracy: true, maximumAge: 10_000, timeout: LISTEN_MS },
    )
  }

  onScopeDispose(stop)
  return { state, reading, start, stop }
}
