import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson'
import proj4 from 'proj4'
import { encodeGbk } from './gbk'
import { prj } from './prj'
import { type Column, layerFiles, type Shape, zip } from './shapefile'

type Ring = [number, number][]

export interface JizhouOptions {
  /** Name of the layer inside the zip. */
  name?: string
  /** Chinese field names and where their values come from. */
  columns?: { column: Column; property: string }[]
}

const COLUMNS: NonNullable<JizhouOptions['columns']> = [
  { column: { name: '编码', type: 'C', length: 12 }, property: 'code' },
  { column: { name: '名称', type: 'C', length: 60 }, property: 'name' },
  { column: { name: '上级编码', type: 'C', length: 12 }, property: 'parent_code' },
  { column: { name: '人口', type: 'N', length: 9 }, property: 'population' },
]

/** The zone a county at 117°E delivers its data in: CGCS2000, 3-degree zone 39, zone number before the easting. */
const ZONE_39 = '+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=39500000 +y_0=0 +ellps=GRS80 +units=m +no_defs'

/**
 * A zip as a natural-resources bureau would send it: shapefile in CGCS2000 3-degree Gauss-Kruger zone 39, attributes
 * and file names in GBK, no .cpg. Coordinates are rounded to 0.1 mm.
 *
 * @param polygons EPSG:4326, longitude first; properties `code, name, parent_code, population` unless told otherwise
 */
export function jizhouShapefile(
  polygons: FeatureCollection<Polygon | MultiPolygon> | readonly Feature<Polygon | MultiPolygon>[],
  { name = '村级网格', columns = COLUMNS }: JizhouOptions = {},
): Uint8Array {
  const features = 'features' in polygons ? polygons.features : polygons
  const projection = proj4('EPSG:4326', ZONE_39)
  const metres = (position: number[]): [number, number] => {
    const [x, y] = projection.forward([position[0]!, position[1]!]) as [number, number]
    return [Math.round(x * 1e4) / 1e4, Math.round(y * 1e4) / 1e4]
  }
  const shapes = features.map((feature): Shape => {
    const { geometry } = feature
    const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    const rings = parts.flatMap((part) => part.map((ring, i) => wound(ring.map(metres), i === 0)))
    const values = columns.map(({ property }) => (feature.properties?.[property] ?? null) as string | number | null)
    return { rings, values }
  })
  const files = layerFiles({
    name,
    columns: columns.map((c) => c.column),
    shapes,
    prj: prj.gk3(39),
    options: { encode: encodeGbk },
  })
  return zip(files, { gbkNames: true })
}

/** Outlines clockwise, holes the other way: the rule of shapefiles, the opposite of GeoJSON's. */
function wound(ring: Ring, outline: boolean): Ring {
  const [x0, y0] = ring[0]!
  let area = 0
  for (let i = 1; i < ring.length; i++) {
    area += (ring[i - 1]![0] - x0) * (ring[i]![1] - y0) - (ring[i]![0] - x0) * (ring[i - 1]![1] - y0)
  }
  return area < 0 === outline ? ring : ring.toReversed()
}
