// What the exported picture says of itself follows from the layers that are on it. Pure.
import { enterpriseImages } from '../../features/enterprises/enterpriseLayer'
import { hazardLegendSymbol } from '../../features/hazards/hazardLayer'
import type { LayerId, LayerStates } from '../../features/layers/layer'
import { riskHatch } from '../../features/risk/riskLayer'
import { LEVEL_GLYPH, LEVELS } from '../../map/levels'
import { type Palette, withAlpha } from '../../map/palette'
import type { PosterKey } from '../../map/poster'
import { hatch } from '../../map/symbols'

type Translate = (key: string, named?: Record<string, unknown>) => string

const SUBJECTS = ['heat', 'enterprises', 'hazards', 'blindSpots'] as const satisfies readonly LayerId[]

/** The title: the risk map when the four colours are on, else what is; a bare map of grids when nothing is. */
export function posterTitle(layers: LayerStates, name: string, t: Translate): string {
  if (layers.risk.on) return t('map.posterTitle', { name })
  const what = SUBJECTS.filter((id) => layers[id].on).map((id) => nameOf(id, layers, t))
  return what.length ? t('screens.poster.of', { name, what: what.join('、') }) : t('screens.poster.grids', { name })
}

/** The legend: what is drawn, without the entries that are switched off. */
export function posterLegend(layers: LayerStates, palette: Palette, t: Translate): PosterKey[] {
  const shown = (id: LayerId, entry: string | number) => layers[id].on && !layers[id].hidden.includes(String(entry))
  const risk = LEVELS.filter((level) => shown('risk', level)).map((level) => ({
    word: level === 0 ? t('risk.unjudged') : t(`map.levelLong.${level}`),
    colour: palette.risk[level],
    glyph: LEVEL_GLYPH[level],
    ...(level === 1 || level === 2 ? { hatch: riskHatch(level) } : {}),
  }))
  const images = enterpriseImages(palette)
  const enterprises = LEVELS.filter((level) => shown('enterprises', level)).flatMap((level) => {
    const symbol = images[`enterprise-${level}`]
    return symbol ? [{ word: t('screens.poster.enterprise', { level: t(`layers.entry.${level}`) }), symbol }] : []
  })
  const hazards = ['major', 'general', 'overdue'].flatMap((entry) => {
    const symbol = shown('hazards', entry) ? hazardLegendSymbol(entry, palette) : null
    return symbol ? [{ word: t(`layers.entry.${entry}`), symbol }] : []
  })
  const heat = layers.heat.on ? [{ word: nameOf('heat', layers, t), colour: heatInk(palette) }] : []
  const gaps = shown('blindSpots', 'gap')
    ? [{ word: t('layers.entry.gap'), hatch: hatch('#182225', 'cross', 8, '#ffffff') }]
    : []
  return [...risk, ...enterprises, ...hazards, ...heat, ...gaps]
}

const nameOf = (id: LayerId, { heat }: LayerStates, t: Translate): string =>
  id === 'heat' ? t('layers.heatName', { of: t(`layers.of.${heat.of}`) }) : t(`layers.name.${id}`)

const heatInk = (palette: Palette) => withAlpha(palette.theme === 'dark' ? '#8d86a0' : '#3b2358', 0.6)
