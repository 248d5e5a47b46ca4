import { useElementSize, useEventListener } from '@vueuse/core'
import { computed, type Ref, shallowRef } from 'vue'

/** Rows drawn above and below what is in sight. */
const SPARE = 8
/** Browsers draw nothing taller than some 17 to 33 million pixels. */
const TALLEST = 16_000_000

/**
 * Which rows of equal height are in sight of a scrolling box: only those are in the page, so that a hundred thousand
 * scroll like thirty.
 */
export function useRowWindow(
  box: Ref<HTMLElement | null>,
  count: () => number,
  rowHeight: () => number,
  headHeight: () => number,
) {
  const top = shallowRef(0)
  const { height } = useElementSize(box)
  useEventListener(
    box,
    'scroll',
    () => {
      top.value = box.value?.scrollTop ?? 0
    },
    { passive: true },
  )

  const most = computed(() => Math.min(count(), Math.floor(TALLEST / rowHeight())))
  const from = computed(() => Math.max(0, Math.min(most.value - 1, Math.floor(top.value / rowHeight()) - SPARE)))
  const to = computed(() =>
    Math.min(most.value, Math.ceil((top.value + Math.max(height.value, 400)) / rowHeight()) + SPARE),
  )
  const above = computed(() => from.value * rowHeight())
  /** Height of all rows with the head, in pixels. */
  const whole = computed(() => most.value * rowHeight() + headHeight())

  /** The rows that one sees: first, and the one after the last. */
  const sight = computed(() => {
    const first = Math.min(Math.max(0, most.value - 1), Math.round(top.value / rowHeight()))
    const room = Math.max(height.value - headHeight(), rowHeight())
    return { from: first, to: Math.min(most.value, Math.floor((top.value + room) / rowHeight())) }
  })
  /** How many rows are in sight. */
  const pageful = () => Math.max(1, Math.floor((height.value - headHeight()) / rowHeight()) - 1)

  /** Scrolls just so far that a row is in sight, clear of the head. */
  function show(index: number): void {
    const element = box.value
    if (!element) return
    const y = index * rowHeight()
    const room = element.clientHeight - headHeight()
    if (y < element.scrollTop) element.scrollTop = y
    else if (y + rowHeight() > element.scrollTop + room) element.scrollTop = y + rowHeight() - room
    top.value = element.scrollTop
  }

  /** Puts a row at the top. */
  function put(index: number): void {
    if (!box.value) return
    box.value.scrollTop = index * rowHeight()
    top.value = box.value.scrollTop
  }

  return { from, to, sight, above, whole, pageful, show, put }
}
