import { onScopeDispose, type ShallowRef, shallowRef } from 'vue'
import { currentTheme, type Palette, readPalette, WALL } from './palette'

/** The palette of the theme shown, kept up to date while the caller's scope lives. */
export function usePalette(): Readonly<ShallowRef<Palette>> {
  const palette = shallowRef(readPalette(currentTheme()))
  const read = () => {
    palette.value = readPalette(currentTheme())
  }
  const observer = new MutationObserver(() => palette.value.theme !== currentTheme() && read())
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  const wall = matchMedia(WALL)
  wall.addEventListener('change', read)
  onScopeDispose(() => {
    observer.disconnect()
    wall.removeEventListener('change', read)
  })
  return palette
}
