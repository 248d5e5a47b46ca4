// The part of the map screen that is loaded with the blind spots.
import { computed, onScopeDispose, type Ref, type ShallowRef, watch, watchEffect } from 'vue'
import { useSession } from '../../features/auth/session'
import type { SpotLists } from '../../features/blindSpots/blindSpot'
import { blindSpotFeatures, blindSpotScene } from '../../features/blindSpots/blindSpotLayer'
import { useBlindSpots } from '../../features/blindSpots/blindSpotStore'
import { i18n } from '../../i18n'
import type { Scene } from '../../map/scene'
import type { BlindSpotInputs } from './useMapBlindSpots'

/** Asks for the blind spots while they are wanted, and writes into `out` what is to be drawn. Runs in a scope. */
export function followBlindSpots(
  { wanted, layer, palette, version }: BlindSpotInputs,
  out: { scene: ShallowRef<Scene>; lists: ShallowRef<SpotLists | null>; chosen: Ref<string | null> },
): void {
  const store = useBlindSpots()
  useSession().onSignOut(store.clear)
  // grids and enterprises come one after the other: one question for both
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    () => [wanted(), ...version()],
    ([now]) => {
      clearTimeout(timer)
      if (now) timer = setTimeout(() => void store.load(), store.state === 'idle' ? 0 : 300)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  const hidden = computed(() => layer().hidden.join('.'))
  const features = computed(() => blindSpotFeatures(store.lists, hidden.value.split('.')))
  watchEffect(() => {
    const { on, opacity } = layer()
    out.lists.value = store.state === 'ready' ? store.lists : null
    out.scene.value = on
      ? blindSpotScene(features.value, {
          palette: palette(),
          opacity: opacity / 100,
          chosen: out.chosen.value,
          letter: (kind) => i18n.global.t(`blindSpots.letter.${kind}`),
        })
      : {}
  })
}
