import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { CannotStart } from './errors.ts'

const crs = v.picklist(['WGS84', 'CGCS2000', 'GCJ-02', 'BD-09'])
const zoom = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(24)))
const schema = v.variant('kind', [
  v.object({ kind: v.literal('demo') }),
  v.object({ kind: v.literal('plain') }),
  v.object({ kind: v.literal('tianditu'), key: v.string(), style: v.picklist(['vec', 'img']) }),
  v.object({
    kind: v.picklist(['raster', 'vector', 'pmtiles']),
    url: v.string(),
    crs,
    attribution: v.string(),
    minzoom: zoom,
    maxzoom: zoom,
    glyphs: v.optional(v.string()),
  }),
])

/** What lies under the grids; goes to the browser in /config.json. */
export type Basemap = v.InferOutput<typeof schema>

/** Reads the basemap setting: a file (`--basemap`), else SAFEGRID_BASEMAP (JSON), else undefined. */
export function readBasemap(file: string | undefined, env: string | undefined): Basemap | undefined {
  if (!file && !env) return undefined
  const from = file ?? 'SAFEGRID_BASEMAP'
  try {
    return v.parse(schema, JSON.parse(file ? readFileSync(file, 'utf8') : String(env)))
  } catch (error) {
    throw new CannotStart(`底图设置无效（${from}） · The basemap setting is wrong: ${(error as Error).message}`)
  }
}

/** Accepts a basemap stored in table settings; anything else is undefined. */
export function asBasemap(value: unknown): Basemap | undefined {
  const result = v.safeParse(schema, value)
  return result.success ? result.output : undefined
}

/** Hosts outside this server that the page may load the basemap from, for the content security policy. */
export function basemapHosts(basemap: Basemap): string[] {
  if (basemap.kind === 'tianditu') return ['https://*.tianditu.gov.cn']
  if (!('url' in basemap)) return []
  return [basemap.url, basemap.glyphs].flatMap((address) => {
    const host = /^(?:pmtiles:\/\/)?(https?:\/\/[^/]+)/.exec(address ?? '')?.[1]
    // Tile addresses may hold {s} or {a-c} in the host; a policy wants *.
    return host ? [host.replace(/\{[^}]*\}/, '*').replace(/[^\w.:/*-]/g, '')] : []
  })
}
