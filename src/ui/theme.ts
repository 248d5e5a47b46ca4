import { readonly, ref, watchEffect } from 'vue'

export type Theme = 'light' | 'dark'
const KEY = 'safegrid.theme'

function saved(): Theme | null {
  try {
    const value = localStorage.getItem(KEY)
    return value === 'light' || value === 'dark' ? value : null
  } catch {
    return null
  }
}

const preferred = (): Theme =>
  typeof matchMedia === 'function' && matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'

const shown = ref<Theme>(saved() ?? preferred())

/** The theme of the page; reactive. It stands on `<html data-theme>`, where the tokens read it. */
export const theme = readonly(shown)

/** Changes the theme and remembers it in this browser. */
export function setTheme(next: Theme): void {
  shown.value = next
  try {
    localStorage.setItem(KEY, next)
  } catch {
    // kept for this visit only
  }
}

if (typeof document !== 'undefined') {
  watchEffect(() => {
    document.documentElement.dataset.theme = shown.value
    document
      .querySelector('meta[name="theme-color"]')
      ?.setAttribute('content', shown.value === 'dark' ? '#182023' : '#ffffff')
  })
}
