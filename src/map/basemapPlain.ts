import type { GroundData } from './basemap'
import type { Theme } from './palette'
import type { Scene, SceneLayer } from './scene'

export const SHEET: Record<Theme, string> = { light: '#eef1f0', dark: '#12191b' }
const SEA: Record<Theme, string> = { light: '#dde6e9', dark: '#0d1315' }

/** A sheet of paper for everything to lie on. */
export const sheet = (colour: string): SceneLayer => ({
  id: 'ground-sheet',
  type: 'background',
  paint: { 'background-color': colour },
})

/** Land and water of the world at a small scale: enough to see where one is, for a county without a ground of its own. */
export function plainScene(data: GroundData | null, theme: Theme): Scene {
  const land = data?.land
  if (!land) return { layers: { ground: [sheet(SHEET[theme])] } }
  return {
    sources: { 'ground-land': { kind: 'geojson', data: land, ground: true, options: { maxzoom: 8 } } },
    layers: {
      ground: [
        sheet(SEA[theme]),
        { id: 'ground-land', type: 'fill', source: 'ground-land', paint: { 'fill-color': SHEET[theme] } },
        {
          id: 'ground-coast',
          type: 'line',
          source: 'ground-land',
          paint: { 'line-color': theme === 'dark' ? '#27363b' : '#c3ced1', 'line-width': 0.8 },
        },
      ],
    },
  }
}
