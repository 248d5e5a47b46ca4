import { computed, ref } from 'vue'
import { type GridFeature, typicalWidth } from '../../features/grids/grid'
import { type Box, boxOf, zoomForSize } from '../../map/camera'

/** Villages are shown from where a typical one is this wide, in pixels: room for its name. */
const WIDTH = 56

/**
 * The zoom at which villages take over from townships: where their names find room, but never before the whole
 * county has been seen by township, however large the screen.
 */
export function useSplitZoom(features: () => readonly GridFeature[], rootLevel: () => number) {
  /** The zoom that shows the whole scope; told by the map when it knows its size. */
  const whole = ref<number | null>(null)
  const byRoom = computed(() => {
    const villages = features().filter((feature) => feature.properties.level === 3)
    const width = typicalWidth(villages, (feature) => boxOf([feature]))
    const latitude = villages[0]?.properties.center?.[1] ?? 35
    return width ? zoomForSize(width, WIDTH, latitude) : 11
  })
  const split = computed(() => {
    const above = rootLevel() === 1 && whole.value !== null ? whole.value + 0.6 : 0
    return Math.round(Math.max(byRoom.value, above) * 100) / 100
  })
  const measure = (zoomFor: (box: Box) => number | undefined, box: Box) => {
    whole.value = zoomFor(box) ?? null
  }
  return { split, measure }
}
