import { useEventListener, useIntervalFn } from '@vueuse/core'
import { computed, ref } from 'vue'

const STAY_MS = 20_000

/** Shows the red grids one after the other, until somebody touches the screen. */
export function useTour(options: { stops: () => readonly string[]; show: (code: string | null) => void }) {
  const on = ref(false)
  let at = -1
  /** After the last stop the whole is seen once. */
  function next(): void {
    const stops = options.stops()
    at = at + 1 >= stops.length ? -1 : at + 1
    options.show(stops[at] ?? null)
  }
  const { pause, resume } = useIntervalFn(next, STAY_MS, { immediate: false })
  function toggle(): void {
    on.value = !on.value
    if (!on.value) {
      pause()
      return
    }
    at = -1
    next()
    resume()
  }
  const stop = () => {
    if (on.value) toggle()
  }
  useEventListener(window, 'pointerdown', (event) => {
    const own = event.target instanceof Element && event.target.closest('[data-testid=command-tour]')
    if (!own) stop()
  })
  return { on, toggle, stop, possible: computed(() => options.stops().length > 0) }
}
