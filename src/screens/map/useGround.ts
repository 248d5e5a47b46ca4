import { computed, ref, shallowRef } from 'vue'
import { loadConfig } from '../../db/client'
import { attributionOf, type Basemap, crsOf, type GroundData } from '../../map/basemap'
import { readGround } from '../../map/ground'
import { displayOf } from './displayOf'

/** The ground this deployment stands on, and how our data is moved onto it. A ground that fails leaves a bare sheet. */
export function useGround() {
  const basemap = shallowRef<Basemap>()
  const ground = shallowRef<GroundData | null>(null)
  const settled = ref(false)
  const failed = ref(false)
  void loadConfig()
    .then((config) => {
      basemap.value = config.basemap
      return readGround(config.basemap)
    })
    .then((read) => {
      ground.value = read
    })
    .catch(() => {
      failed.value = true
      basemap.value ??= { kind: 'plain' }
    })
    .finally(() => {
      settled.value = true
    })
  const display = computed(() => displayOf(basemap.value ? crsOf(basemap.value) : 'WGS84'))
  const attribution = computed(() => (basemap.value ? attributionOf(basemap.value) : ''))
  return { basemap, ground, settled, failed, display, attribution }
}
