// The part of the map screen that is loaded with the density.
import { computed, type ShallowRef, shallowRef, watch, watchEffect } from 'vue'
import { askAccidents, askWeights, type DensityPoints, factorOf } from '../../features/density/density'
import { densityScene } from '../../features/density/densityLayer'
import type { Scene } from '../../map/scene'
import type { DensityFacts, DensityInputs } from './useMapDensity'

/** Asks for what the density needs while it is on, and writes into `out` what is to be drawn and said. Runs in a scope. */
export function followDensity(
  { layer, palette, hazards, enterprises, version, sector }: DensityInputs,
  out: { scene: ShallowRef<Scene>; facts: ShallowRef<DensityFacts> },
): void {
  const weights = shallowRef<Record<string, number> | null>(null)
  const accidents = shallowRef<DensityPoints | null>(null)
  const failure = shallowRef<string | null>(null)
  let turn = 0

  async function load(): Promise<void> {
    const mine = ++turn
    failure.value = null
    const [rules, found] = await Promise.all([
      weights.value ? null : askWeights(),
      layer().of === 'accidents' ? askAccidents(sector()) : null,
    ])
    if (mine !== turn) return
    for (const answer of [rules, found]) if (answer && 'failure' in answer) failure.value = answer.failure.message
    if (rules && 'weights' in rules) weights.value = rules.weights
    if (found && 'points' in found) accidents.value = found.points
  }
  watch(
    () => [layer().on, layer().of, layer().of === 'accidents' && sector(), ...version()] as const,
    ([on, of], before) => {
      if (of === 'accidents' && before && before[2] !== sector()) accidents.value = null
      if (on && (!weights.value || of === 'accidents')) void load()
    },
    { immediate: true },
  )

  const points = computed((): DensityPoints | null => {
    const { of } = layer()
    if (of === 'accidents') return accidents.value
    return columns(of === 'hazards' ? hazards() : enterprises(), of)
  })
  watchEffect(() => {
    const { on, of, as, opacity } = layer()
    out.facts.value = { weights: weights.value, points: points.value, failure: failure.value, retry: () => void load() }
    out.scene.value =
      on && weights.value && points.value
        ? densityScene(points.value, { of, as, weights: weights.value, palette: palette(), opacity: opacity / 100 })
        : {}
  })
}

function columns({ features }: GeoJSON.FeatureCollection, of: 'hazards' | 'enterprises'): DensityPoints {
  const points: DensityPoints = { lon: [], lat: [], factor: [] }
  for (const { geometry, properties } of features) {
    const factor = factorOf(of, Number(properties?.level))
    if (geometry.type !== 'Point' || !factor) continue
    points.lon.push(geometry.coordinates[0]!)
    points.lat.push(geometry.coordinates[1]!)
    points.factor.push(factor)
  }
  return points
}
