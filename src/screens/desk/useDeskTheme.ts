import { onScopeDispose, type Ref, watch } from 'vue'
import { type Theme, theme } from '../../ui/theme'

/** The desk has a theme of its own (dark on the wall), which ends with it: the other pages keep theirs. */
export function useDeskTheme(wanted: Ref<Theme>): void {
  watch(
    wanted,
    (now) => {
      document.documentElement.dataset.theme = now
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    document.documentElement.dataset.theme = theme.value
  })
}
