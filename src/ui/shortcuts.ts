import { onScopeDispose, type Ref, shallowReactive } from 'vue'

/** One key, or two after each other written with a space: `/`, `?`, `g m`. */
export interface Shortcut {
  keys: string
  /** What it does, in words, for the list that `?` shows. */
  label: () => string
  run: () => void
}

// Two keys after each other belong together for this long.
const SEQUENCE_MS = 1200

const registered = shallowReactive(new Set<Shortcut>())

/** All that can be pressed now, for the list. */
export const shortcuts = (): Shortcut[] => [...registered]

/** Registers shortcuts while the caller's scope lives. */
export function useShortcuts(list: readonly Shortcut[]): void {
  for (const shortcut of list) registered.add(shortcut)
  onScopeDispose(() => {
    for (const shortcut of list) registered.delete(shortcut)
  })
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

/**
 * Finds what a key means after the keys before it.
 * @returns the shortcut to run, or the keys to remember for the next press.
 */
export function matchKey(before: string, key: string, known: readonly Shortcut[]): { run?: Shortcut; rest: string } {
  const both = before ? `${before} ${key}` : key
  for (const keys of before ? [both, key] : [key]) {
    const found = known.find((shortcut) => shortcut.keys === keys)
    if (found) return { run: found, rest: '' }
    if (known.some((shortcut) => shortcut.keys.startsWith(`${keys} `))) return { rest: keys }
  }
  return { rest: '' }
}

/** Listens to the keyboard while the caller's scope lives; `off` silences it (a dialog is open). */
export function listenToKeys(off: Ref<boolean>): void {
  let before = ''
  let at = 0
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (off.value || isTyping(event.target) || document.querySelector('dialog[open]')) return
    const now = Date.now()
    if (now - at > SEQUENCE_MS) before = ''
    const { run, rest } = matchKey(before, event.key.length === 1 ? event.key.toLowerCase() : event.key, shortcuts())
    before = rest
    at = now
    if (!run) return
    event.preventDefault()
    run.run()
  }
  window.addEventListener('keydown', onKey)
  onScopeDispose(() => window.removeEventListener('keydown', onKey))
}
