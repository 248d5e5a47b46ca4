export interface Walkable {
  id: number
  /** [lon, lat] */
  center: [number, number]
}

/** Reading order: rows from north to south, and west to east within a row of about a tenth of the height. */
export function readingOrder(items: readonly Walkable[]): Walkable[] {
  const lats = items.map((item) => item.center[1])
  const top = Math.max(...lats)
  const row = (top - Math.min(...lats)) / 10 || 1
  const rowOf = (item: Walkable) => Math.floor((top - item.center[1]) / row)
  return [...items].sort((a, b) => rowOf(a) - rowOf(b) || a.center[0] - b.center[0])
}

/**
 * Tab and Shift+Tab walk through what is on the screen while the map has the focus; Enter opens; Esc clears. Tab past
 * the end, and the first Tab after Esc, leave the map, so that the keyboard is never caught in it.
 */
export function useGridWalk(
  visible: () => Walkable[],
  onWalk: (id: number | null) => void,
  onOpen: (id: number) => void,
  onClear: () => void,
) {
  let path: Walkable[] = []
  let at = -1
  let leaving = false

  function reset(): void {
    path = []
    at = -1
  }

  function onKeydown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      leaving = true
      reset()
      onWalk(null)
      onClear()
    } else if (event.key === 'Enter') {
      const item = path[at]
      if (item) onOpen(item.id)
    } else if (event.key === 'Tab') {
      if (leaving) return
      if (at < 0) path = readingOrder(visible())
      const next = at + (event.shiftKey ? -1 : 1)
      const item = path[next]
      if (!item) {
        reset()
        onWalk(null)
        return // the browser moves on
      }
      at = next
      event.preventDefault()
      onWalk(item.id)
    } else if (!['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) reset() // the view will have moved
  }

  function leave(): void {
    leaving = false
    if (at >= 0) onWalk(null)
    reset()
  }

  return { onKeydown, leave }
}
