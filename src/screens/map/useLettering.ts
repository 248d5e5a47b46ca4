import { computed, ref, watch } from 'vue'
import type { GridFeature } from '../../features/grids/grid'
import { loadGlyphs } from '../../ui/font'

/**
 * Which names may be drawn. A map draws letters once and keeps them, boxes too, so on a machine without a Chinese
 * font the rare characters of place names are fetched first: those of townships before the first picture, those of
 * a thousand villages and of the enterprises only when they are looked at or nobody is waiting.
 * @returns the deepest grid level whose names can be drawn (0: none yet)
 */
export function useLettering(
  features: () => readonly GridFeature[],
  enterpriseNames: () => readonly string[],
  shownLevel: () => number,
) {
  const level = ref(0)
  const namesOf = (wanted: (level: number) => boolean) =>
    features().flatMap(({ properties }) => (wanted(properties.level) ? [properties.name] : []))

  watch(
    features,
    async (now) => {
      level.value = 0
      if (!now.length) return
      await loadGlyphs(namesOf((deep) => deep <= 2).join(''))
      level.value = 2
      if (shownLevel() < 3) await new Promise((resolve) => setTimeout(resolve, 1500))
      await loadGlyphs([...namesOf((deep) => deep > 2), ...enterpriseNames()].join(''))
      level.value = 9
    },
    { immediate: true },
  )
  const ready = computed(() => features().length === 0 || level.value >= Math.min(3, shownLevel()))
  return { level, ready }
}
