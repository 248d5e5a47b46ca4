// Density in the ink of the page: the four colours are levels, and this is none.
import type { Palette } from '../../map/palette'
import { withAlpha } from '../../map/palette'
import type { Scene } from '../../map/scene'
import { type DensityOf, type DensityPoints, fullOf, HEXAGON_EDGE_M, RADIUS_M } from './density'
import { CLASSES, classOf, hexagonsOf } from './hexagons'

const densityInk = (palette: Palette): string => (palette.theme === 'dark' ? '#f2eef8' : '#3b2358')

/** How dark each class of hexagons is. */
export const CLASS_ALPHA = [0.12, 0.28, 0.45, 0.64, 0.85] as const

interface Look {
  of: DensityOf
  as: 'kernel' | 'hexagons'
  weights: Readonly<Record<string, number>>
  palette: Palette
  /** 0..1 */
  opacity: number
}

const middleOf = ({ lat }: DensityPoints): number =>
  lat.length
    ? (lat.reduce((low, each) => Math.min(low, each)) + lat.reduce((high, each) => Math.max(high, each))) / 2
    : 0

export const densityScene = (points: DensityPoints, look: Look): Scene =>
  look.as === 'kernel' ? kernelScene(points, look) : hexagonScene(points, look)

// MapLibre's kernel is a Gaussian whose radius is three σ, scaled by this.
const GAUSS = 0.398_942_280_401_432_7
/** Metres around the equator, of which a pixel at zoom 0 shows 1/512. */
const EQUATOR_M = 40_075_016.686

function kernelScene(points: DensityPoints, { of, weights, palette, opacity }: Look): Scene {
  const full = fullOf(of, weights)
  const features = points.lon.map(
    (lon, i): GeoJSON.Feature => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [lon, points.lat[i]!] },
      properties: { weight: (weights[points.factor[i]!] ?? 0) / full },
    }),
  )
  const atZero = (RADIUS_M[of] * 512) / (EQUATOR_M * Math.cos((middleOf(points) * Math.PI) / 180))
  const ink = densityInk(palette)
  return {
    sources: {
      density: { kind: 'geojson', data: { type: 'FeatureCollection', features }, options: { maxzoom: 12 } },
    },
    layers: {
      heat: [
        {
          id: 'density-kernel',
          type: 'heatmap',
          source: 'density',
          // nearer than this one stands inside the kernel
          maxzoom: 14,
          paint: {
            'heatmap-weight': ['get', 'weight'],
            // of the same size on the ground at every zoom
            'heatmap-radius': ['interpolate', ['exponential', 2], ['zoom'], 0, atZero, 14, atZero * 2 ** 14],
            'heatmap-intensity': 1 / GAUSS,
            'heatmap-color': [
              'interpolate',
              ['linear'],
              ['heatmap-density'],
              0,
              withAlpha(ink, 0),
              0.05,
              withAlpha(ink, 0.06),
              1,
              withAlpha(ink, 0.85),
            ],
            'heatmap-opacity': opacity,
          },
        },
      ],
    },
  }
}

function hexagonScene(points: DensityPoints, { of, weights, palette, opacity }: Look): Scene {
  const full = fullOf(of, weights)
  const cells = hexagonsOf(points, weights, HEXAGON_EDGE_M, middleOf(points))
  const features = cells.map(
    ({ ring, weight }): GeoJSON.Feature => ({
      type: 'Feature',
      geometry: { type: 'Polygon', coordinates: [ring] },
      properties: { class: classOf(weight, full) },
    }),
  )
  const ink = densityInk(palette)
  return {
    sources: { density: { kind: 'geojson', data: { type: 'FeatureCollection', features } } },
    layers: {
      heat: [
        {
          id: 'density-hexagons',
          type: 'fill',
          source: 'density',
          paint: {
            'fill-color': ink,
            'fill-opacity': [
              '*',
              opacity,
              [
                'match',
                ['get', 'class'],
                ...CLASSES.slice(1).flatMap((_, i) => [i + 1, CLASS_ALPHA[i + 1]!]),
                CLASS_ALPHA[0],
              ],
            ] as never,
            'fill-outline-color': withAlpha(palette.surface, 0.7),
          },
        },
      ],
    },
  }
}
