// Grounds that come as tiles, from wherever the deployment says. The demo and the default never ask anybody.
import type { VectorSourceSpecification } from 'maplibre-gl'
import type { Basemap } from './basemap'
import { SHEET, sheet } from './basemapPlain'
import type { Theme } from './palette'
import type { Scene, SceneLayer } from './scene'

/** Raster grounds step back: less colour, and darker in the dark theme, so that the four colours stay the loudest. */
const calm = (theme: Theme) =>
  theme === 'dark'
    ? { 'raster-saturation': -0.75, 'raster-brightness-max': 0.42, 'raster-contrast': -0.1 }
    : { 'raster-saturation': -0.55, 'raster-brightness-min': 0.12 }

/**
 * 天地图 by its WMTS service in Web Mercator (`_w`), with its own annotation layer over our fills.
 * @param key the deployment's own key, of the browser kind
 */
export function tiandituScene(key: string, style: 'vec' | 'img', theme: Theme): Scene {
  const tiles = (layer: string) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map(
      (n) =>
        `https://t${n}.tianditu.gov.cn/${layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=${layer}` +
        `&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=${encodeURIComponent(key)}`,
    )
  const source = (layer: string) =>
    ({ kind: 'tiles', spec: { type: 'raster', tiles: tiles(layer), tileSize: 256, minzoom: 1, maxzoom: 18 } }) as const
  const words = style === 'vec' ? 'cva' : 'cia'
  return {
    sources: { 'ground-tiles': source(style), 'ground-words': source(words) },
    layers: {
      ground: [
        sheet(SHEET[theme]),
        { id: 'ground-tiles', type: 'raster', source: 'ground-tiles', paint: style === 'vec' ? calm(theme) : {} },
      ],
      place: [{ id: 'ground-words', type: 'raster', source: 'ground-words', paint: { 'raster-opacity': 0.75 } }],
    },
  }
}

type TileBasemap = Extract<Basemap, { url: string }>

/** Any raster, vector (OpenMapTiles layers) or PMTiles source. */
export function tileScene(basemap: TileBasemap, theme: Theme): Scene {
  const { url, minzoom = 0, maxzoom = 18 } = basemap
  if (basemap.kind === 'raster') {
    return {
      sources: {
        'ground-tiles': { kind: 'tiles', spec: { type: 'raster', tiles: [url], tileSize: 256, minzoom, maxzoom } },
      },
      layers: {
        ground: [
          sheet(SHEET[theme]),
          { id: 'ground-tiles', type: 'raster', source: 'ground-tiles', paint: calm(theme) },
        ],
      },
    }
  }
  const spec: VectorSourceSpecification =
    basemap.kind === 'pmtiles'
      ? { type: 'vector', url: `pmtiles://${new URL(url, globalThis.location?.href).href}` }
      : { type: 'vector', tiles: [url], minzoom, maxzoom: Math.min(maxzoom, 15) }
  // Names are drawn from local fonts like all others, so a `glyphs` address is not asked.
  return { sources: { 'ground-tiles': { kind: 'tiles', spec } }, layers: vectorLayers(theme) }
}

/** The layers of the OpenMapTiles scheme that a quiet ground needs; a tile set without them shows the sheet. */
function vectorLayers(theme: Theme): { ground: SceneLayer[]; place: SceneLayer[] } {
  const dark = theme === 'dark'
  const source = 'ground-tiles'
  const fill = (id: string, layer: string, colour: string): SceneLayer => ({
    id,
    type: 'fill',
    source,
    'source-layer': layer,
    paint: { 'fill-color': colour },
  })
  return {
    ground: [
      sheet(SHEET[theme]),
      fill('ground-cover', 'landcover', dark ? '#162220' : '#e4ebe4'),
      fill('ground-use', 'landuse', dark ? '#1a2224' : '#e9ebea'),
      fill('ground-water', 'water', dark ? '#0f1e26' : '#d3e0e6'),
      {
        id: 'ground-rivers',
        type: 'line',
        source,
        'source-layer': 'waterway',
        paint: { 'line-color': dark ? '#173039' : '#c4d6de', 'line-width': 1 },
      },
      {
        id: 'ground-roads',
        type: 'line',
        source,
        'source-layer': 'transportation',
        minzoom: 7,
        paint: {
          'line-color': dark ? '#2b383c' : '#ffffff',
          'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.6, 14, 3],
        },
      },
    ],
    place: [
      {
        id: 'ground-places',
        type: 'symbol',
        source,
        'source-layer': 'place',
        layout: {
          'text-field': ['coalesce', ['get', 'name:zh'], ['get', 'name']],
          'text-font': ['Regular'],
          'text-size': 11,
        },
        paint: {
          'text-color': dark ? '#93a3a9' : '#64737a',
          'text-halo-color': SHEET[theme],
          'text-halo-width': 1.2,
        },
      },
    ],
  }
}
