import { effectScope, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { SpotLists } from '../../features/blindSpots/blindSpot'
import type { LayerState } from '../../features/layers/layer'
import type { Palette } from '../../map/palette'
import type { Scene } from '../../map/scene'

export interface BlindSpotInputs {
  /** The layer is on or the list is open. */
  wanted: () => boolean
  layer: () => LayerState
  palette: () => Palette
  /** Changes its identity when blind spots may have come or gone: grids, enterprises. */
  version: () => unknown[]
}

/** The blind spots on the map. Their code and their data are fetched when they are first wanted: most never ask. */
export function useMapBlindSpots(inputs: BlindSpotInputs) {
  const scene = shallowRef<Scene>({})
  const lists = shallowRef<SpotLists | null>(null)
  /** Key of the spot that is looked at. */
  const chosen = ref<string | null>(null)
  const scope = effectScope(true)
  let begun = false
  onScopeDispose(() => scope.stop())

  watch(
    inputs.wanted,
    async (wanted) => {
      if (!wanted || begun) return
      begun = true
      const part = await import('./blindSpotPart').catch(() => null)
      // without network the code does not come; the next wish asks again
      if (!part) begun = false
      else scope.run(() => part.followBlindSpots(inputs, { scene, lists, chosen }))
    },
    { immediate: true },
  )
  return { scene, lists, chosen }
}
