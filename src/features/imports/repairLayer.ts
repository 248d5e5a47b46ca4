import type { Palette } from '../../map/palette'
import type { Scene } from '../../map/scene'
import type { Finding } from './repairPlan'

export const REPAIR_POINT_LAYERS = ['repair-places']

/** The places where borders nearly fit, as rings that leave the border in sight; the one looked at is larger. */
export function repairScene(findings: readonly Finding[], chosen: Finding | null, palette: Palette): Scene {
  const features = findings.map((finding, id) => ({
    type: 'Feature' as const,
    geometry: { type: 'Point' as const, coordinates: finding.at },
    properties: { id, kind: finding.kind, chosen: finding === chosen },
  }))
  const isChosen = ['get', 'chosen'] as never
  return {
    sources: { 'repair-places': { kind: 'geojson', data: { type: 'FeatureCollection', features } } },
    layers: {
      point: [
        {
          id: 'repair-places',
          type: 'circle',
          source: 'repair-places',
          paint: {
            'circle-radius': ['case', isChosen, 11, 6],
            'circle-color': 'rgba(0,0,0,0)',
            'circle-stroke-color': ['case', isChosen, palette.accent, palette.text],
            'circle-stroke-width': ['case', isChosen, 3, 1.8],
          },
        },
      ],
    },
  }
}
