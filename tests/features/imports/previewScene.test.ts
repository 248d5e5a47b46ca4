import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { describe, expect, it } from 'vitest'
import type { Checked, PreviewRow } from '../../../src/features/imports/importSession'
import {
  AREA_LAYERS,
  NOTHING,
  POINT_LAYERS,
  previewScene,
  rowFeatures,
  wrongFeatures,
} from '../../../src/features/imports/previewScene'
import { FALLBACK } from '../../../src/map/palette'
import { compose } from '../../../src/map/scene'

const row = (index: number, state: PreviewRow['state']): PreviewRow => ({
  index,
  row: index + 1,
  code: `C${index}`,
  name: `<b>村${index}</b>`,
  state,
  action: 'create',
  belongs: null,
  problems: [],
  bbox: null,
})
const point = { type: 'Point' as const, coordinates: [117, 40] }

describe('the picture of an import', () => {
  it.each(['light', 'dark'] as const)('is a style that the map accepts (%s)', (theme) => {
    const rows = rowFeatures([row(0, 'good'), row(1, 'wrong')], () => point)
    const scene = previewScene({ rows, wrong: NOTHING, gaps: NOTHING, around: NOTHING }, FALLBACK[theme], '#b3261e', 1)
    const picture = compose([scene])
    const sources = Object.fromEntries(
      Object.entries(picture.sources).map(([id, source]) => [
        id,
        { type: 'geojson' as const, data: source.kind === 'geojson' ? source.data : NOTHING },
      ]),
    )
    const glyphs = 'local://{fontstack}/{range}'
    const faults = validateStyleMin({ version: 8, glyphs, sources, layers: picture.layers })
    expect(faults.map((fault) => fault.message)).toEqual([])
    const ids = picture.layers.map((layer) => layer.id)
    expect(ids).toEqual(expect.arrayContaining([...POINT_LAYERS, ...AREA_LAYERS]))
    for (const state of ['good', 'warned', 'bad', 'out']) expect(picture.images).toHaveProperty(`import-${state}`)
  })

  it('leaves out rows without a place and keeps the number of the others', () => {
    const features = rowFeatures([row(3, 'good'), row(4, 'wrong')], (index) => (index === 3 ? null : point)).features
    expect(features.map((feature) => [feature.id, feature.properties?.state])).toEqual([[4, 'wrong']])
  })

  it('draws a piece of ground that two grids share once', () => {
    const area = { type: 'Polygon' as const, coordinates: [] }
    const problem = { code: 'OVERLAP', field: 'boundary', severity: 'error' as const, area }
    const checked: Checked = {
      problems: new Map([
        [0, [problem]],
        [1, [problem]],
      ]),
      belongs: new Map(),
      actions: new Map(),
      general: [],
      gaps: null,
      moved: null,
      accepted: false,
    }
    expect(wrongFeatures(checked).features).toHaveLength(1)
    expect(wrongFeatures(null)).toBe(NOTHING)
  })
})
