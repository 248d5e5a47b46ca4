import { onScopeDispose, type ShallowRef, shallowRef } from 'vue'
import { currentTheme, type Palette, readPalette } from './palette'

/** The palette of the theme shown, kept up to date while the caller's scope lives. */
export function usePalette(): Readonly<ShallowRef<Palette>> {
  const palette = shallowRef(readPalette(currentTheme()))
  const observer = new MutationObserver(() => {
    if (palette.value.theme !== currentTheme()) palette.value = readPalette(currentTheme())
  })
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  onScopeDispose(() => observer.disconnect())
  return palette
}
