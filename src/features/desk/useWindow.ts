import { useElementSize, useScroll } from '@vueuse/core'
import { computed, type Ref } from 'vue'

interface Sized<T> {
  item: T
  /** Pixels from the top of the list. */
  top: number
  height: number
}

/** The lines that are in sight, and a few around them. Pure. */
export function inSight<T>(lines: readonly Sized<T>[], top: number, height: number, around = 300): Sized<T>[] {
  return lines.filter((line) => line.top + line.height > top - around && line.top < top + height + around)
}

/** Puts lines of known heights below each other. */
export function stacked<T>(items: readonly T[], heightOf: (item: T) => number): { lines: Sized<T>[]; total: number } {
  let total = 0
  const lines = items.map((item) => {
    const line = { item, top: total, height: heightOf(item) }
    total += line.height
    return line
  })
  return { lines, total }
}

/** A long list of which only what is in sight is in the page. `box` scrolls. */
export function useWindow<T>(
  box: Readonly<Ref<HTMLElement | null>>,
  items: () => readonly T[],
  heightOf: (item: T) => number,
) {
  const { height } = useElementSize(box)
  const { y } = useScroll(box)
  const stack = computed(() => stacked(items(), heightOf))
  const shown = computed(() => inSight(stack.value.lines, y.value, height.value))
  /** Scrolls just so far that a line can be seen. */
  function reveal(wanted: (item: T) => boolean): void {
    const line = stack.value.lines.find(({ item }) => wanted(item))
    const element = box.value
    if (!line || !element) return
    if (line.top < element.scrollTop) element.scrollTop = line.top
    else if (line.top + line.height > element.scrollTop + element.clientHeight)
      element.scrollTop = line.top + line.height - element.clientHeight
  }
  /** How many of the items that count begin below what is seen. */
  const below = (counts: (item: T) => boolean): number =>
    stack.value.lines.filter(({ item, top }) => counts(item) && top >= y.value + height.value - 8).length
  return { shown, total: computed(() => stack.value.total), reveal, below }
}
