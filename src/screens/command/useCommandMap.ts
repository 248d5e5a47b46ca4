// Puts the map of the command screen together: the ground, the grids by colour, the major hazards, what is chosen.
import { computed } from 'vue'
import type { MapRow } from '../../features/command/commandRpc'
import type { GridFeature } from '../../features/grids/grid'
import {
  focusScene,
  GRID_SOURCE,
  gridCollection,
  gridScene,
  labelCollection,
  levelRange,
} from '../../features/grids/gridLayer'
import type { HazardPoints } from '../../features/hazards/hazard'
import { hazardCollection, hazardImages, hazardScene } from '../../features/hazards/hazardLayer'
import { riskScene } from '../../features/risk/riskLayer'
import { type Basemap, type GroundData, groundScene } from '../../map/basemap'
import { LEVEL_GLYPH, toLevel } from '../../map/levels'
import type { Palette } from '../../map/palette'
import type { Scene } from '../../map/scene'

interface Inputs {
  basemap: () => Basemap
  ground: () => GroundData | null
  palette: () => Palette
  grids: () => readonly GridFeature[]
  risk: () => readonly MapRow[]
  /** The level that is coloured. */
  level: () => 2 | 3
  /** The deepest level whose names can be drawn. */
  lettered: () => number
  /** Risk levels that the legend has switched off. */
  hidden: () => readonly number[]
  chosen: () => GridFeature | null
  hovered: () => GridFeature | null
  hazards: () => HazardPoints
  sector: () => number | null
  /** A past day is shown: what is open now is not. */
  past: () => boolean
}

const OPACITY = 0.72
/** Only major hazards: what cannot be told apart from across the room is no help there. */
const MINOR = ['general']

/** Each part is its own computed value, so that a click rebuilds one outline and not a thousand polygons. */
export function useCommandMap(inputs: Inputs) {
  const { palette } = inputs
  const byGrid = computed(() => new Map(inputs.risk().map(({ grid_id, level }) => [grid_id, level])))
  const look = (id: number) => ({ risk: byGrid.value.get(id) ?? 0 })
  const ground = computed(() => groundScene(inputs.basemap(), inputs.ground(), palette().theme))
  const polygons = computed(() => gridCollection(inputs.grids(), look))
  const names = computed(() =>
    labelCollection(
      inputs.grids().filter(({ properties }) => properties.level <= inputs.lettered()),
      look,
    ),
  )
  const grids = computed(() =>
    gridScene(polygons.value, names.value, {
      palette: palette(),
      mode: inputs.level(),
      split: 0,
      borders: true,
      labels: true,
      opacity: 0.85,
      glyph: (risk) => LEVEL_GLYPH[toLevel(risk)],
    }),
  )
  const colours = computed(() => {
    const level = inputs.level()
    return riskScene({
      palette: palette(),
      source: GRID_SOURCE,
      levels: [{ level, range: levelRange(level, level, 0) ?? [0, 24] }],
      hidden: inputs.hidden(),
      opacity: OPACITY,
    })
  })
  const focus = computed(() => focusScene(inputs.chosen() ?? undefined, inputs.hovered() ?? undefined, palette()))
  const points = computed(() => hazardCollection(inputs.hazards(), { sector: inputs.sector(), hidden: MINOR }))
  const hazards = computed((): Scene => (inputs.past() ? {} : hazardScene(points.value, palette(), 0.9)))
  // Scenes come and go, their icons stay: a map keeps an icon that it has drawn once.
  const icons = computed((): Scene => ({ images: hazardImages(palette()) }))
  return computed((): Scene[] => [ground.value, icons.value, colours.value, grids.value, focus.value, hazards.value])
}
