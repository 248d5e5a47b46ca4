import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { expect, it } from 'vitest'
import type { Versions } from '../../../src/features/boundaryHistory/boundaryVersion'
import { historyScene, versionFeatures } from '../../../src/features/boundaryHistory/historyLayer'
import { FALLBACK } from '../../../src/map/palette'
import { compose } from '../../../src/map/scene'
import { county } from '../../map/fixtures'

const versions = {
  type: 'FeatureCollection',
  features: county.slice(1, 6).map((feature, i) => ({
    ...feature,
    properties: {
      ...feature.properties,
      version: 1,
      valid_from: '2026-01-01T00:00:00Z',
      valid_to: null,
      self: i === 0,
    },
  })),
} as unknown as Versions

it.each(['light', 'dark'] as const)('is a valid style, and names only images that exist (%s)', (theme) => {
  const now = versionFeatures(versions)
  expect(now.names.features).toHaveLength(versions.features.length - 1)
  const picture = compose([
    historyScene(now, now.outlines, now.outlines, {
      palette: FALLBACK[theme],
      chosen: versions.features[1]!.properties.id,
    }),
  ])
  const sources = Object.fromEntries(
    Object.entries(picture.sources).map(([id, source]) => [
      id,
      source.kind === 'tiles' ? source.spec : { type: 'geojson' as const, ...source.options, data: source.data },
    ]),
  )
  const style = { version: 8 as const, glyphs: 'local://{fontstack}/{range}', sources, layers: picture.layers }
  expect(validateStyleMin(style).map((fault) => fault.message)).toEqual([])
  const patterns = picture.layers.flatMap((layer) =>
    layer.type === 'fill' && layer.paint?.['fill-pattern'] ? [layer.paint['fill-pattern']] : [],
  )
  expect(patterns.sort()).toEqual(Object.keys(picture.images).sort())
})
