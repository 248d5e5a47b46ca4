import { ref, watch } from 'vue'
import type { GridFeature } from '../../features/grids/grid'
import { loadGlyphs } from '../../ui/font'

/**
 * Which names may be drawn. A map draws letters once and keeps them, boxes too, so on a machine without a Chinese
 * font the rare characters of place names are fetched first: those of townships before the first picture, those of
 * a thousand villages and of the enterprises when they are looked at or nobody is waiting any more.
 * @param pictured resolves when the first picture is complete
 * @returns the deepest grid level whose names can be drawn (0: none yet)
 */
export function useLettering(
  features: () => readonly GridFeature[],
  enterpriseNames: () => readonly string[],
  shownLevel: () => number,
  pictured: Promise<void>,
) {
  const level = ref(0)
  const namesOf = (wanted: (level: number) => boolean) =>
    features()
      .flatMap(({ properties }) => (wanted(properties.level) ? [properties.name] : []))
      .join('')

  async function prepare(): Promise<void> {
    if (!features().length) return
    await loadGlyphs(namesOf((deep) => deep <= 2))
    level.value = Math.max(level.value, 2)
    if (shownLevel() < 3) await Promise.race([pictured, villagesShown()])
    await loadGlyphs(namesOf((deep) => deep > 2) + enterpriseNames().join(''))
    level.value = 9
  }

  function villagesShown(): Promise<void> {
    return new Promise((resolve) => {
      const stop = watch(shownLevel, (shown) => {
        if (shown < 3) return
        stop()
        resolve()
      })
    })
  }

  watch(features, () => void prepare(), { immediate: true })
  return { level }
}
