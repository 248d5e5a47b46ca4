// The four-colour fill. It is drawn on the grid source, whose features carry the level as `risk`; another day or sector
// overlays it by a feature state of the same name (map/levelFade.ts).

import { LEVEL_SHAPE, toLevel } from '../../map/levels'
import { type Palette, withAlpha } from '../../map/palette'
import type { ExpressionSpecification, FilterSpecification, Scene, SceneLayer } from '../../map/scene'
import { hatch, type SymbolSpec } from '../../map/symbols'

export interface RiskSceneOptions {
  palette: Palette
  /** The source that holds the grids. */
  source: string
  /** Which grid levels are filled, each with its zoom range. */
  levels: { level: number; range: [number, number] }[]
  /** Risk levels that the legend has switched off. */
  hidden: readonly number[]
  /** 0..1 */
  opacity: number
  /** The two worst levels hatched besides: for a picture that may be printed in black and white. */
  hatched?: boolean
}

/** Grids of one level, without the risk levels that are switched off. */
export function riskFilter(level: number, hidden: readonly number[]): FilterSpecification {
  const ofLevel: FilterSpecification = ['==', ['get', 'level'], level]
  if (!hidden.length) return ofLevel
  return ['all', ofLevel, ['!', ['in', ['get', 'risk'], ['literal', [...hidden]]]]]
}

export function riskScene(options: RiskSceneOptions): Scene {
  const { palette, opacity } = options
  const fill = options.levels.map(
    ({ level, range }): SceneLayer => ({
      id: `risk-fill-${level}`,
      type: 'fill',
      source: options.source,
      filter: riskFilter(level, []),
      minzoom: range[0],
      maxzoom: range[1],
      // The strength is in the colour and not in fill-opacity, so that this and the ground share one shader program:
      // compiling another costs more than drawing all the grids.
      paint: { 'fill-color': fillColour(palette, opacity, options.hidden), 'fill-antialias': false },
    }),
  )
  if (!options.hatched) return { layers: { fill } }
  const lines = options.levels.flatMap(({ level, range }) =>
    HATCHED.map(
      (risk): SceneLayer => ({
        id: `risk-hatch-${level}-${risk}`,
        type: 'fill',
        source: options.source,
        filter: ['all', riskFilter(level, options.hidden), ['==', ['get', 'risk'], risk]] as FilterSpecification,
        minzoom: range[0],
        maxzoom: range[1],
        paint: { 'fill-pattern': `risk-hatch-${risk}` },
      }),
    ),
  )
  const images = Object.fromEntries(HATCHED.map((risk) => [`risk-hatch-${risk}`, riskHatch(risk)]))
  return { layers: { fill: [...fill, ...lines] }, images }
}

const HATCHED = [1, 2] as const

/** The lines over a level that a grey print would not tell from its neighbours: 重大 crossed, 较大 slanted. */
export const riskHatch = (risk: 1 | 2): SymbolSpec =>
  hatch('rgba(16,24,27,.5)', risk === 1 ? 'cross' : 'rise', risk === 1 ? 7 : 9)

/** The worse, the stronger: a county that is mostly fine stays calm, and what is red is seen from across the room. */
const WEIGHT: Record<number, number> = { 1: 1.12, 2: 1.05, 3: 0.95, 4: 0.62, 0: 0.4 }

function fillColour(palette: Palette, opacity: number, hidden: readonly number[]): ExpressionSpecification {
  // on a dark ground the same strength turns yellow into olive
  const strength = opacity * (palette.theme === 'dark' ? 1.25 : 1)
  const at = (level: 0 | 1 | 2 | 3 | 4, extra: number) =>
    hidden.includes(level)
      ? withAlpha(palette.risk[level], 0)
      : withAlpha(palette.risk[level], Math.min(1, strength * (WEIGHT[level] ?? 1) + extra))
  const byLevel = (level: ExpressionSpecification, extra: number): ExpressionSpecification => [
    'match',
    level,
    1,
    at(1, extra),
    2,
    at(2, extra),
    3,
    at(3, extra),
    4,
    at(4, extra),
    at(0, extra),
  ]
  const now: ExpressionSpecification = ['coalesce', ['feature-state', 'risk'], ['get', 'risk']]
  const was: ExpressionSpecification = ['coalesce', ['feature-state', 'was'], ['get', 'risk']]
  // a change of level fades from what it was
  const faded = (extra: number): ExpressionSpecification => [
    'interpolate',
    ['linear'],
    ['coalesce', ['feature-state', 'mix'], 1],
    0,
    byLevel(was, extra),
    1,
    byLevel(now, extra),
  ]
  return ['case', ['boolean', ['feature-state', 'hover'], false], faded(0.16), faded(0)]
}

/** The glyph of a level for a legend. */
export function riskSwatch(risk: number, palette: Palette): SymbolSpec {
  const level = toLevel(risk)
  return {
    kind: 'glyph',
    shape: LEVEL_SHAPE[level],
    fill: level === 0 ? palette.text2 : palette.risk[level],
    paper: palette.surface,
    ink: palette.text,
    hollow: level === 0,
    size: 22,
  }
}
