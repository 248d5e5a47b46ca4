import { useEventListener } from '@vueuse/core'
import { useShortcuts } from '../../ui/shortcuts'

interface Deeds {
  acknowledge(): void
  all(): void
  step(by: number): void
  mute(): void
  check(): void
  replay(): void
  live(): void
  play(): void
  full(): void
  open(): void
  home(): void
  close(): void
}

const ACTS = 'a, button, input, select, textarea, [contenteditable], [role=radio]'

/**
 * The keyboard of the desk. The space bar and Enter acknowledge, unless the focus stands on something that has its own
 * meaning for them. A button that was clicked gives the focus back, so that the next key is the desk's again.
 * @param t the words for the list of keys, under desk.key
 */
export function useDeskKeys(deeds: Deeds, t: (key: string) => string): void {
  const label = (word: string) => () => t(`desk.key.${word}`)
  const letters: Record<string, () => void> = {
    l: deeds.live,
    p: deeds.play,
    r: deeds.replay,
    m: deeds.mute,
    a: deeds.all,
  }
  useShortcuts([
    // not matched by its name: see below; here for the list
    { keys: 'Space', label: label('acknowledge'), run: deeds.acknowledge },
    { keys: 'a', label: label('all'), run: deeds.all },
    { keys: 'j', label: label('down'), run: () => deeds.step(1) },
    { keys: 'k', label: label('up'), run: () => deeds.step(-1) },
    { keys: 'o', label: label('open'), run: deeds.open },
    { keys: 'm', label: label('mute'), run: deeds.mute },
    { keys: 's', label: label('check'), run: deeds.check },
    { keys: 'r', label: label('replay'), run: deeds.replay },
    { keys: 'p', label: label('play'), run: deeds.play },
    { keys: 'l', label: label('live'), run: deeds.live },
    { keys: 'h', label: label('home'), run: deeds.home },
    { keys: 'f', label: label('full'), run: deeds.full },
  ])

  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (document.querySelector('dialog[open]')) return
    const target = event.target instanceof Element ? event.target : null
    const down = event.key === 'ArrowDown'
    if (event.key === 'Escape') deeds.close()
    // the slider takes arrows and no letters: these are the desk's also while it has the focus
    else if (target?.matches('input[type=range]')) letters[event.key.toLowerCase()]?.()
    else if ((event.key === ' ' || event.key === 'Enter') && !target?.closest(ACTS)) {
      event.preventDefault()
      // held down it would acknowledge what comes next, unseen
      if (!event.repeat) deeds.acknowledge()
    } else if ((down || event.key === 'ArrowUp') && !target?.closest(`${ACTS}, canvas`)) {
      event.preventDefault()
      deeds.step(down ? 1 : -1)
    }
  })
  useEventListener(document, 'click', (event: MouseEvent) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null
    if (event.detail > 0 && button && !button.closest('dialog')) button.blur()
  })
}
