// How enterprises look: their level's glyph, gathered in discs until one can tell them apart.
import { clusteredSource, clusterImages, clusterLayer } from '../../map/cluster'
import { LEVEL_SHAPE, LEVELS } from '../../map/levels'
import type { Palette } from '../../map/palette'
import type { Scene } from '../../map/scene'
import type { SymbolSpec } from '../../map/symbols'
import { type EnterpriseFilter, type EnterprisePoints, passes } from './enterprise'

export const ENTERPRISE_SOURCE = 'enterprises'
export const ENTERPRISE_HIT_LAYERS = ['enterprise-points', 'enterprise-clusters']

/**
 * The points that pass the filter. Filtering happens here and not in a layer, because a cluster counts whatever its
 * source holds.
 */
export function enterpriseCollection(points: EnterprisePoints, filter: EnterpriseFilter): GeoJSON.FeatureCollection {
  const features: GeoJSON.Feature[] = []
  for (let i = 0; i < points.id.length; i++) {
    if (!passes(points, i, filter)) continue
    features.push({
      type: 'Feature',
      id: i,
      geometry: { type: 'Point', coordinates: [points.lon[i]!, points.lat[i]!] },
      properties: {
        id: points.id[i],
        level: points.level[i] ?? 0,
        name: points.name[i] ?? '',
        off: points.status[i] !== 'active',
      },
    })
  }
  return { type: 'FeatureCollection', features }
}

export function enterpriseImages(palette: Palette): Record<string, SymbolSpec> {
  const images = clusterImages(ENTERPRISE_SOURCE, 'circle', palette)
  for (const level of LEVELS) {
    images[`enterprise-${level}`] = {
      kind: 'glyph',
      shape: LEVEL_SHAPE[level],
      fill: level === 0 ? palette.text2 : palette.risk[level],
      paper: palette.theme === 'dark' ? '#0f1517' : '#ffffff',
      ink: palette.theme === 'dark' ? '#0f1517' : '#2b383c',
      hollow: level === 0,
      size: 22,
    }
  }
  return images
}

export function enterpriseScene(data: GeoJSON.FeatureCollection, palette: Palette, opacity: number): Scene {
  return {
    sources: { [ENTERPRISE_SOURCE]: clusteredSource(data) },
    images: enterpriseImages(palette),
    layers: {
      point: [
        {
          id: 'enterprise-points',
          type: 'symbol',
          source: ENTERPRISE_SOURCE,
          filter: ['!', ['has', 'point_count']],
          layout: {
            'icon-image': ['concat', 'enterprise-', ['to-string', ['get', 'level']]],
            'icon-size': [
              'interpolate',
              ['linear'],
              ['zoom'],
              9,
              0.6 * palette.scale,
              13,
              0.85 * palette.scale,
              16,
              1.1 * palette.scale,
            ],
            'icon-allow-overlap': true,
            // the worst on top
            'symbol-sort-key': ['case', ['==', ['get', 'level'], 0], 0, ['-', 10, ['get', 'level']]],
            'text-field': ['step', ['zoom'], '', 15, ['get', 'name']],
            'text-font': ['Regular'],
            'text-size': 12 * palette.scale,
            'text-anchor': 'top',
            'text-offset': [0, 0.9],
            'text-max-width': 9,
            'text-optional': true,
          },
          paint: {
            'icon-opacity': ['case', ['get', 'off'], opacity * 0.45, opacity],
            'text-color': palette.text,
            'text-halo-color': palette.surface,
            'text-halo-width': 1.3,
            'text-opacity': opacity,
          },
        },
        clusterLayer({ id: 'enterprise-clusters', source: ENTERPRISE_SOURCE, palette, opacity }),
      ],
    },
  }
}
