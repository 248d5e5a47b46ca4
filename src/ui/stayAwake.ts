import { useEventListener, useWakeLock } from '@vueuse/core'
import { computed, onMounted } from 'vue'

/** Keeps the screen of a wall from going dark, where the browser can, while the caller lives. */
export function useStayAwake() {
  const lock = useWakeLock()
  const ask = () => {
    if (lock.isSupported.value) void lock.request('screen').catch(() => undefined)
  }
  onMounted(ask)
  // a browser that refused once may agree after a click
  useEventListener(window, 'pointerdown', () => !lock.isActive.value && ask())
  return computed(() => (!lock.isSupported.value ? 'unavailable' : lock.isActive.value ? 'on' : 'off'))
}
