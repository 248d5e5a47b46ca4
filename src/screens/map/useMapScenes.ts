// Puts the features' scenes on top of each other. Here, where nouns meet: grids carry the risk that colours them.
import { computed } from 'vue'
import type { EnterprisePoints } from '../../features/enterprises/enterprise'
import { enterpriseCollection, enterpriseScene } from '../../features/enterprises/enterpriseLayer'
import type { GridFeature, GridTree } from '../../features/grids/grid'
import {
  focusScene,
  GRID_SOURCE,
  gridCollection,
  gridScene,
  type LevelMode,
  labelCollection,
  levelRange,
} from '../../features/grids/gridLayer'
import type { HazardPoints } from '../../features/hazards/hazard'
import { hazardCollection, hazardScene } from '../../features/hazards/hazardLayer'
import type { LayerStates } from '../../features/layers/layer'
import { riskScene } from '../../features/risk/riskLayer'
import { type Basemap, type GroundData, groundScene } from '../../map/basemap'
import { LEVEL_GLYPH, toLevel } from '../../map/levels'
import type { Palette } from '../../map/palette'
import type { Scene } from '../../map/scene'
import type { SymbolSpec } from '../../map/symbols'
import { useMapDensity } from './useMapDensity'

export interface SceneInputs {
  basemap: () => Basemap
  ground: () => GroundData | null
  palette: () => Palette
  features: () => readonly GridFeature[]
  /** The deepest level whose names can be drawn. */
  lettered: () => number
  tree: () => GridTree
  /** The risk level of each grid, and that by which the glyphs beside the names go (they may lag behind a replay). */
  levels: () => ReadonlyMap<number, number>
  named: () => ReadonlyMap<number, number>
  enterprises: () => EnterprisePoints
  hazards: () => HazardPoints
  layers: () => LayerStates
  sector: () => number | null
  sectorCode: () => string | null
  mode: () => LevelMode
  split: () => number
  selected: () => number | null
  hovered: () => number | null
  /** [lon, lat] of the enterprise or hazard that is open */
  point: () => [number, number] | null
  /** and how it is drawn */
  symbol: () => SymbolSpec | null
  blindSpots: () => Scene
  /** The mark of the place that is asked for. */
  asked: () => Scene
  /** The picture is made to be printed, perhaps in black and white. */
  hatched: () => boolean
}

/** Each part is its own computed value, so that a click rebuilds one outline and not a thousand polygons. */
export function useMapScenes(inputs: SceneInputs) {
  const { palette } = inputs
  // As words, so that a replaced but equal list makes no new data (which MapLibre would cut into tiles again).
  const companyHidden = computed(() => inputs.layers().enterprises.hidden.join('.'))
  const dangerHidden = computed(() => inputs.layers().hazards.hidden.join('.'))
  const words = (joined: string) => joined.split('.').filter(Boolean)

  const ground = computed(() => groundScene(inputs.basemap(), inputs.ground(), palette().theme))

  const lookOf = (levels: ReadonlyMap<number, number>) => (id: number) => ({ risk: levels.get(id) ?? 0 })
  // The polygons carry the levels that held when they came; later ones are laid over them. Only a picture that is
  // printed with hatches, which know the data alone, is made anew.
  let made: { features: readonly GridFeature[]; levels: ReadonlyMap<number, number>; data: GeoJSON.FeatureCollection }
  const polygons = computed(() => {
    const [features, levels, printed] = [inputs.features(), inputs.levels(), inputs.hatched()]
    if (!made || made.features !== features || (printed && made.levels !== levels))
      made = { features, levels, data: gridCollection(features, lookOf(levels)) }
    return made.data
  })
  const names = computed(() => {
    const deepest = inputs.lettered()
    return labelCollection(
      inputs.features().filter((feature) => feature.properties.level <= deepest),
      lookOf(inputs.named()),
    )
  })
  const gridPart = computed(() => {
    const { borders, labels, risk: colours } = inputs.layers()
    return gridScene(polygons.value, names.value, {
      palette: palette(),
      mode: inputs.mode(),
      split: inputs.split(),
      borders: borders.on,
      labels: labels.on,
      opacity: borders.opacity / 100,
      // the glyph says in black and white what the colour does: they come and go together
      glyph: (risk) => (colours.on ? LEVEL_GLYPH[toLevel(risk)] : ''),
    })
  })
  const levelled = computed((): Scene => {
    const { sources = {}, ...rest } = gridPart.value
    const grids = sources[GRID_SOURCE]
    if (grids?.kind !== 'geojson') return gridPart.value
    return { ...rest, sources: { ...sources, [GRID_SOURCE]: { ...grids, levels: inputs.levels() } } }
  })
  const riskPart = computed((): Scene => {
    const { risk } = inputs.layers()
    if (!risk.on) return {}
    return riskScene({
      palette: palette(),
      source: GRID_SOURCE,
      levels: [2, 3].flatMap((level) => {
        const range = levelRange(level, inputs.mode(), inputs.split())
        return range ? [{ level, range }] : []
      }),
      hidden: risk.hidden.map(Number),
      opacity: risk.opacity / 100,
      hatched: inputs.hatched(),
    })
  })

  const companies = computed(() =>
    enterpriseCollection(inputs.enterprises(), {
      sector: inputs.sector(),
      hidden: words(companyHidden.value).map(Number),
    }),
  )
  const enterprisePart = computed((): Scene => {
    const { on, opacity } = inputs.layers().enterprises
    return on ? enterpriseScene(companies.value, palette(), opacity / 100) : {}
  })

  const dangers = computed(() =>
    hazardCollection(inputs.hazards(), { sector: inputs.sector(), hidden: words(dangerHidden.value) }),
  )
  const hazardPart = computed((): Scene => {
    const { on, opacity } = inputs.layers().hazards
    return on ? hazardScene(dangers.value, palette(), opacity / 100) : {}
  })
  const density = useMapDensity({
    layer: () => inputs.layers().heat,
    palette,
    hazards: () => dangers.value,
    enterprises: () => companies.value,
    version: () => [inputs.hazards(), inputs.enterprises()],
    sector: inputs.sectorCode,
  })

  // A source that stays empty still costs a round through the worker: these two come with their first use.
  let [focused, pointed] = [false, false]
  const focusPart = computed((): Scene => {
    const { byId } = inputs.tree()
    const [selected, hovered] = [byId.get(inputs.selected() ?? -1), byId.get(inputs.hovered() ?? -1)]
    focused ||= Boolean(selected ?? hovered)
    return focused ? focusScene(selected, hovered, palette()) : {}
  })
  const pointPart = computed((): Scene => {
    const point = inputs.point()
    pointed ||= point !== null
    return pointed ? pointFocus(point, inputs.symbol(), palette()) : {}
  })

  const scenes = computed((): Scene[] => [
    ground.value,
    riskPart.value,
    levelled.value,
    density.scene.value,
    focusPart.value,
    enterprisePart.value,
    hazardPart.value,
    inputs.blindSpots(),
    pointPart.value,
    inputs.asked(),
  ])
  return { scenes, density: density.facts }
}

/** What is open, with a ring around it: drawn even where it is gathered in a disc or its layer is off. */
function pointFocus(point: [number, number] | null, symbol: SymbolSpec | null, palette: Palette): Scene {
  const features: GeoJSON.Feature[] = point
    ? [{ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: point } }]
    : []
  const source = 'point-focus'
  return {
    sources: { [source]: { kind: 'geojson', data: { type: 'FeatureCollection', features } } },
    images: symbol ? { 'point-symbol': symbol } : {},
    layers: {
      point: [
        {
          id: 'point-focus',
          type: 'circle',
          source,
          paint: {
            'circle-radius': 16 * palette.scale,
            'circle-color': 'rgba(0,0,0,0)',
            'circle-stroke-color': palette.accent,
            'circle-stroke-width': 3,
          },
        },
        ...(symbol
          ? [
              {
                id: 'point-symbol',
                type: 'symbol' as const,
                source,
                layout: {
                  'icon-image': 'point-symbol',
                  'icon-size': palette.scale,
                  'icon-allow-overlap': true,
                  'icon-ignore-placement': true,
                },
              },
            ]
          : []),
      ],
    },
  }
}
