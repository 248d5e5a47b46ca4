import type { SceneLayer } from './scene'

/**
 * Layers name only the weight of their letters (`text-font: ['Medium']`). Here that becomes what MapLibre draws them
 * with where there are no glyph files: CSS families, of which the first, that no machine has, tells it the weight.
 * (`localIdeographFontFamily` is no help: MapLibre 6 looks at it only for layers without a `text-font`.)
 * @param families CSS font-family list
 */
export function withFonts(layer: SceneLayer, families: string): SceneLayer {
  if (layer.type !== 'symbol' || !Array.isArray(layer.layout?.['text-font'])) return layer
  const [weight = 'Regular'] = layer.layout['text-font'] as string[]
  const fonts = [`Label ${weight}`, ...families.split(',').map((name) => name.trim().replace(/^["']|["']$/g, ''))]
  return { ...layer, layout: { ...layer.layout, 'text-font': fonts } }
}
