// The ground under the data, from the deployment's configuration. Quiet on purpose: saturated colour belongs to risk.
import { demoScene } from './basemapDemo'
import { plainScene, SHEET, sheet } from './basemapPlain'
import { tiandituScene, tileScene } from './basemapTiles'
import type { Theme } from './palette'
import type { Scene } from './scene'

export type Crs = 'WGS84' | 'CGCS2000' | 'GCJ-02' | 'BD-09'

/** As `/config.json` says it; the same shape as AppConfig['basemap']. */
export type Basemap =
  | { kind: 'demo' }
  | { kind: 'plain' }
  | { kind: 'tianditu'; key: string; style: 'vec' | 'img' }
  | {
      kind: 'raster' | 'vector' | 'pmtiles'
      url: string
      crs: Crs
      attribution: string
      minzoom?: number
      maxzoom?: number
      glyphs?: string
    }

/** Named feature collections of a ground that is a file of ours, WGS84. */
export type GroundData = Record<string, GeoJSON.FeatureCollection>

/** The system a ground is drawn in. 天地图 is CGCS2000, which a map cannot tell from WGS84. */
export const crsOf = (basemap: Basemap): Crs => ('crs' in basemap ? basemap.crs : 'WGS84')

/** The file a ground is drawn from; null when it comes as tiles. */
export function groundFile(basemap: Basemap): string | null {
  if (basemap.kind === 'demo') return 'basemap/jizhou.json'
  return basemap.kind === 'plain' ? 'basemap/world.json' : null
}

/** Whose ground it is, to be shown as long as the map is. */
export function attributionOf(basemap: Basemap): string {
  if (basemap.kind === 'demo') return 'GeoNames (CC BY 4.0)'
  if (basemap.kind === 'plain') return 'Natural Earth'
  return basemap.kind === 'tianditu' ? '天地图 自然资源部' : basemap.attribution
}

/** How the ground looks. `data` is what `groundFile` holds, null until it is read: then a bare sheet is shown. */
export function groundScene(basemap: Basemap, data: GroundData | null, theme: Theme): Scene {
  switch (basemap.kind) {
    case 'demo':
      return demoScene(data, theme)
    case 'plain':
      return plainScene(data, theme)
    case 'tianditu':
      return tiandituScene(basemap.key, basemap.style, theme)
    case 'pmtiles':
      return data ? tileScene(basemap, theme) : { layers: { ground: [sheet(SHEET[theme])] } }
    default:
      return tileScene(basemap, theme)
  }
}
