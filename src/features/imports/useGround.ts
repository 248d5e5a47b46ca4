import { computed, onMounted, shallowRef } from 'vue'
import { loadConfig } from '../../db/client'
import { bd09ToWgs84, gcj02ToWgs84, wgs84ToBd09, wgs84ToGcj02 } from '../../geo/gcj'
import { type Basemap, crsOf, type GroundData, groundScene } from '../../map/basemap'
import { type Display, SAME } from '../../map/display'
import { readGround } from '../../map/ground'
import type { Theme } from '../../map/palette'

/**
 * The ground under the preview: the same as under the map, moved the same way. `display` is null until the
 * configuration is read; a ground that cannot be read leaves a bare sheet, the polygons are what matters here.
 */
export function useGround(theme: () => Theme) {
  const basemap = shallowRef<Basemap | null>(null)
  const data = shallowRef<GroundData | null>(null)
  onMounted(async () => {
    const config = await loadConfig()
    basemap.value = config.basemap
    data.value = await readGround(config.basemap).catch(() => null)
  })
  const scene = computed(() => (basemap.value ? groundScene(basemap.value, data.value, theme()) : null))
  const display = computed(() => (basemap.value ? displayOf(basemap.value) : null))
  return { scene, display }
}

function displayOf(basemap: Basemap): Display {
  const crs = crsOf(basemap)
  if (crs === 'GCJ-02') return { forward: wgs84ToGcj02, inverse: gcj02ToWgs84 }
  return crs === 'BD-09' ? { forward: wgs84ToBd09, inverse: bd09ToWgs84 } : SAME
}
