import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson'
import { topology } from 'topojson-server'
import { describe, expect, it } from 'vitest'
import { readGridFile } from '../../src/files/readGridFile'
import { encodeGbk, encodeUtf8 } from './make/gbk'
import { collection, squareGrid } from './make/geojson'

const EAST = squareGrid('120119106001', '别山镇东村', 117.4, 40.05)
const WEST = squareGrid('120119106002', '别山镇西村', 117.39, 40.05)
const json = (value: unknown) => encodeUtf8(JSON.stringify(value))
const at = (file: Awaited<ReturnType<typeof readGridFile>>, i = 0) =>
  (file.features[i]!.geometry as Polygon).coordinates[0]![0]!

describe('GeoJSON', () => {
  it('a FeatureCollection is read as it stands', async () => {
    const file = await readGridFile('村.geojson', collection([EAST, WEST]))
    expect(file).toMatchObject({ format: 'geojson', crs: 'EPSG:4326', encoding: 'utf-8', total: 2, warnings: [] })
    expect(file.error).toBeUndefined()
    expect(file.columns).toEqual(['code', 'name'])
    expect(file.features[0]).toEqual({ ...EAST, id: 0 })
    expect(file.crsGuess.guessed).toBe(true)
    expect(file.bounds).toEqual([117.39, 40.05, 117.41, 40.06])
  })

  it('a Feature, a bare geometry, a byte order mark, UTF-16', async () => {
    expect((await readGridFile('a.json', json(EAST))).features).toHaveLength(1)
    expect((await readGridFile('a.json', json(EAST.geometry))).features[0]!.properties).toEqual({})
    const bom = await readGridFile('a.json', encodeUtf8(`\uFEFF${JSON.stringify(EAST)}`))
    expect(bom.features[0]!.properties.name).toBe('别山镇东村')
    const text = `\uFEFF${JSON.stringify(EAST)}`
    const utf16 = new Uint8Array(new Uint16Array([...text].map((c) => c.charCodeAt(0))).buffer)
    expect((await readGridFile('a.json', utf16)).features[0]!.properties.name).toBe('别山镇东村')
  })

  it('in GBK, though JSON should never be', async () => {
    const file = await readGridFile('a.json', encodeGbk(JSON.stringify(EAST)))
    expect(file.encodingGuess).toMatchObject({ name: 'gb18030', guessed: true })
    expect(file.features[0]!.properties.name).toBe('别山镇东村')
  })

  it('the crs member of 2008', async () => {
    const named = (name: string) => ({ crs: { type: 'name', properties: { name } } })
    for (const name of ['urn:ogc:def:crs:OGC:1.3:CRS84', 'EPSG:4326']) {
      const file = await readGridFile('a.json', collection([EAST], named(name)))
      expect(file.crsGuess).toMatchObject({ name: 'EPSG:4326', guessed: false })
    }
    // By ST_Transform of PostGIS 3.3.2 (see shapefile.test.ts).
    const metres = squareGrid('1', '村', 39534132.66461527, 4435157.45142617, 100)
    const file = await readGridFile('a.json', collection([metres], named('urn:ogc:def:crs:EPSG::4527')))
    expect(file.warnings).toEqual([])
    expect(file.crs).toBe('EPSG:4527')
    expect(at(file)[0]).toBeCloseTo(117.4, 8)
    const unknown = await readGridFile('a.json', collection([EAST], named('EPSG:2154')))
    expect(unknown.warnings).toMatchObject([{ code: 'UNKNOWN_CRS' }])
  })

  it('metres without a crs member are found out and read by their zone number', async () => {
    const metres = squareGrid('1', '村', 40278124.746258534, 4438321.281659907, 100)
    const file = await readGridFile('a.json', collection([metres]))
    expect(file.crs).toBe('EPSG:4528')
    expect(at(file)[0]).toBeCloseTo(117.4, 8)
    expect(file.warnings).toMatchObject([{ code: 'METRES_NOT_DEGREES' }])
    const insisted = await readGridFile('a.json', collection([metres]), { crs: 'EPSG:4326' })
    expect(insisted.error).toMatchObject({ code: 'METRES_NOT_DEGREES' })
    expect(insisted.error?.message).toContain('坐标像是米')
  })

  it('GCJ-02 and BD-09 when the user says so', async () => {
    // The shift itself is tested in tests/geo/gcj.test.ts; here only that it is applied, westward near 117°E.
    const shifted = await readGridFile('a.json', collection([EAST]), { crs: 'GCJ-02' })
    const [lon, lat] = at(shifted)
    expect(shifted.crsGuess).toMatchObject({ name: 'GCJ-02', guessed: false })
    expect(117.4 - lon!).toBeGreaterThan(0.004)
    expect(117.4 - lon!).toBeLessThan(0.008)
    expect(Math.abs(40.05 - lat!)).toBeLessThan(0.003)
    const baidu = await readGridFile('a.json', collection([EAST]), { crs: 'BD-09' })
    expect(117.4 - at(baidu)[0]!).toBeGreaterThan(0.009)
  })

  it('swapped axes are named, and exchanged when the user says so', async () => {
    const flip = {
      ...EAST,
      geometry: { ...EAST.geometry, coordinates: [EAST.geometry.coordinates[0]!.map((p) => p.toReversed())] },
    }
    const file = await readGridFile('a.json', collection([flip]))
    expect(file.features).toEqual([])
    expect(file.error).toMatchObject({ code: 'SWAPPED_AXES' })
    expect(file.error?.message).toContain('经纬度疑似颠倒')
    const again = await readGridFile('a.json', collection([flip]), { swap: true })
    expect(again.error).toBeUndefined()
    expect(at(again)).toEqual([117.4, 40.05])
  })

  it('swapped metres too: the northing first', async () => {
    const flipped = squareGrid('1', '村', 4435157.45142617, 39534132.66461527, 100)
    const file = await readGridFile('a.json', collection([flipped]))
    expect(file.error?.code).toBe('SWAPPED_AXES')
    const again = await readGridFile('a.json', collection([flipped]), { swap: true })
    expect(again.crs).toBe('EPSG:4527')
  })

  it('mixed geometry: what is no polygon is listed by number and left out', async () => {
    const point = {
      type: 'Feature',
      properties: { name: '村委会' },
      geometry: { type: 'Point', coordinates: [117.4, 40] },
    }
    const line = {
      type: 'Feature',
      properties: {},
      geometry: {
        type: 'LineString',
        coordinates: [
          [117, 40],
          [118, 40],
        ],
      },
    }
    const none = { type: 'Feature', properties: {}, geometry: null }
    const file = await readGridFile('a.json', collection([point, EAST, line, none, 'x', WEST]))
    expect(file.features.map((f) => f.id)).toEqual([1, 5])
    expect(file.warnings.map((w) => [w.code, w.feature, w.leftOut])).toEqual([
      ['NOT_A_POLYGON', 0, true],
      ['NOT_A_POLYGON', 2, true],
      ['NULL_GEOMETRY', 3, true],
      ['NULL_GEOMETRY', 4, true],
    ])
    expect(file.warnings[0]!.message).toBe('第 1 个要素是点，不是面，未读入')
    const points = await readGridFile('a.json', collection([point, line]))
    expect(points.error?.code).toBe('NO_POLYGONS')
  })

  it('numbers that are none', async () => {
    const spoil = (value: string) =>
      encodeUtf8(
        JSON.stringify({ type: 'FeatureCollection', features: [EAST, WEST] }).replace('117.41,40.05', `${value},40.05`),
      )
    for (const value of ['1e999', 'null', '"117.41"', '[]']) {
      const file = await readGridFile('a.json', spoil(value))
      expect(file.features.map((f) => f.id)).toEqual([1])
      expect(file.warnings).toMatchObject([{ code: 'INVALID_COORDINATE', feature: 0, leftOut: true }])
      expect(file.warnings[0]!.message).toContain('第 2 个节点')
    }
    for (const value of ['NaN', '-Infinity']) {
      const file = await readGridFile('a.json', spoil(value))
      expect(file.error).toMatchObject({ code: 'INVALID_COORDINATE' })
      expect(file.error?.message).toContain(value)
    }
  })

  it('rings: unclosed is closed and said, two points are no ring, heights are dropped', async () => {
    const ring = EAST.geometry.coordinates[0]!
    const shaped = (coordinates: unknown) => ({
      type: 'Feature',
      properties: {},
      geometry: { type: 'Polygon', coordinates },
    })
    const file = await readGridFile(
      'a.json',
      collection([
        shaped([ring.slice(0, 4)]),
        shaped([[ring[0], ring[1], ring[0]]]),
        shaped([ring.map((p) => [...p, 12.5])]),
        shaped([]),
        shaped('x'),
      ]),
    )
    expect(file.warnings.map((w) => [w.code, w.feature, w.leftOut ?? false])).toEqual([
      ['UNCLOSED_RING', 0, false],
      ['INVALID_RING', 1, true],
      ['NULL_GEOMETRY', 3, true],
      ['NOT_A_POLYGON', 4, true],
      ['EXTRA_DIMENSIONS', undefined, false],
    ])
    expect(file.features.map((f) => f.id)).toEqual([0, 2])
    for (const feature of file.features) expect(feature.geometry.coordinates).toEqual(EAST.geometry.coordinates)
  })

  it('a collection of polygons is one multipolygon; a bare collection is refused', async () => {
    const both = { type: 'GeometryCollection', geometries: [EAST.geometry, WEST.geometry] }
    const file = await readGridFile('a.json', collection([{ type: 'Feature', properties: {}, geometry: both }]))
    expect((file.features[0]!.geometry as MultiPolygon).coordinates).toHaveLength(2)
    expect((await readGridFile('a.json', json(both))).error?.code).toBe('NO_POLYGONS')
  })

  it('HTML and formulas in names stay text', async () => {
    const name = '<img src=x onerror=alert(1)>'
    const file = await readGridFile('a.json', collection([squareGrid('=1+1', name, 117, 40)]))
    expect(file.features[0]!.properties).toEqual({ code: '=1+1', name })
  })
})

describe('TopoJSON', () => {
  const villages: FeatureCollection = { type: 'FeatureCollection', features: [EAST, WEST] }
  const plain = topology({ villages, towns: EAST })
  const quantized = topology({ villages }, 1e6)

  it('shared arcs come back as whole polygons, backwards ones too', async () => {
    const file = await readGridFile('a.topojson', json(plain))
    expect(file).toMatchObject({ format: 'topojson', layers: ['villages', 'towns'], layer: 'villages', warnings: [] })
    const sorted = (p: Polygon) => p.coordinates[0]!.slice(1).map(String).sort()
    expect(sorted(file.features[0]!.geometry as Polygon)).toEqual(sorted(EAST.geometry))
    expect(sorted(file.features[1]!.geometry as Polygon)).toEqual(sorted(WEST.geometry))
    expect(file.features[1]!.properties).toEqual(WEST.properties)
  })

  it('quantised to a millionth', async () => {
    const file = await readGridFile('a.json', json(quantized))
    expect(file.bounds!.map((v) => Number(v.toFixed(6)))).toEqual([117.39, 40.05, 117.41, 40.06])
  })

  it('arcs that are not there, no objects', async () => {
    expect((await readGridFile('a.json', json({ ...plain, arcs: [] }))).error?.code).toBe('BROKEN_FILE')
    expect((await readGridFile('a.json', json({ type: 'Topology', arcs: [] }))).error?.code).toBe('NO_LAYER')
  })
})
