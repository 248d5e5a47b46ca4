import { effectScope, onScopeDispose, shallowRef, watch } from 'vue'
import type { DensityPoints } from '../../features/density/density'
import type { EnterprisePoints } from '../../features/enterprises/enterprise'
import type { HazardPoints } from '../../features/hazards/hazard'
import type { HeatState } from '../../features/layers/layer'
import type { Palette } from '../../map/palette'
import type { Scene } from '../../map/scene'

export interface DensityInputs {
  layer: () => HeatState
  palette: () => Palette
  /** What the layers of hazards and enterprises would show, filtered as they are. */
  hazards: () => GeoJSON.FeatureCollection
  enterprises: () => GeoJSON.FeatureCollection
  /** Where the points are that were filtered; a new list is newer accidents too. */
  version: () => [HazardPoints, EnterprisePoints]
  /** Code of the sector that the map shows; null for all. */
  sector: () => string | null
}

/** What the legend of the density needs to know. */
export interface DensityFacts {
  weights: Record<string, number> | null
  points: DensityPoints | null
  failure: string | null
  retry: () => void
}

const NO_FACTS: DensityFacts = { weights: null, points: null, failure: null, retry: () => {} }

/** The density on the map. Its code, its weights and the accidents are fetched when it is first switched on. */
export function useMapDensity(inputs: DensityInputs) {
  const scene = shallowRef<Scene>({})
  const facts = shallowRef<DensityFacts>(NO_FACTS)
  const scope = effectScope(true)
  let begun = false
  onScopeDispose(() => scope.stop())
  watch(
    () => inputs.layer().on,
    async (on) => {
      if (!on || begun) return
      begun = true
      const part = await import('./densityPart').catch(() => null)
      // without network the code does not come; the next wish asks again
      if (!part) begun = false
      else scope.run(() => part.followDensity(inputs, { scene, facts }))
    },
    { immediate: true },
  )
  return { scene, facts }
}
