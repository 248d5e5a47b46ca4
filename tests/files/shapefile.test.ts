import type { Polygon } from 'geojson'
import { describe, expect, it } from 'vitest'
import { readGridFile } from '../../src/files/readGridFile'
import { encodeUtf8 } from './make/gbk'
import { prj } from './make/prj'
import { type Column, layerFiles, makePointShp, makeShp, type Shape, zip } from './make/shapefile'

type Ring = [number, number][]

const COLUMNS: Column[] = [
  { name: '编码', type: 'C', length: 12 },
  { name: '网格名称', type: 'C', length: 20 },
  { name: '人口', type: 'N', length: 8 },
]

/** A clockwise square with its first vertex at (x, y). */
const square = (x: number, y: number, side: number): Ring => [
  [x, y],
  [x, y + side],
  [x + side, y + side],
  [x + side, y],
  [x, y],
]

const village = (x: number, y: number, side: number, values: Shape['values']): Shape => ({
  rings: [square(x, y, side)],
  values,
})

const layer = (x: number, y: number, side: number, more: object = {}) =>
  layerFiles({
    name: '村界',
    columns: COLUMNS,
    shapes: [
      village(x, y, side, ['120119106001', '别山镇东村', 1234]),
      village(x + side, y, side, ['120119106002', '别山镇西村', null]),
    ],
    ...more,
  })

const first = (file: Awaited<ReturnType<typeof readGridFile>>) =>
  (file.features[0]!.geometry as Polygon).coordinates[0]![0] as [number, number]

describe('encodings of a shapefile', () => {
  const cases: [string, object, boolean, string][] = [
    ['GBK without .cpg, GBK file names', {}, true, 'gb18030'],
    ['GBK with .cpg 936', { cpg: '936' }, false, 'gb18030'],
    ['GBK with .cpg GBK', { cpg: 'GBK' }, false, 'gb18030'],
    ['GBK with .cpg OEM', { cpg: 'OEM' }, false, 'gb18030'],
    ['UTF-8 with .cpg', { cpg: 'UTF-8', options: { encode: encodeUtf8 } }, false, 'utf-8'],
    ['UTF-8 without .cpg', { options: { encode: encodeUtf8 } }, false, 'utf-8'],
  ]
  it.each(cases)('%s', async (_, more, gbkNames, encoding) => {
    const file = await readGridFile(
      '村界.zip',
      zip(layer(117.4, 40.05, 0.01, { prj: prj.cgcs2000, ...more }), { gbkNames }),
    )
    expect(file.error).toBeUndefined()
    expect(file.encoding).toBe(encoding)
    expect(file.layer).toBe('村界')
    expect(file.crs).toBe('EPSG:4490')
    expect(file.warnings).toEqual([])
    // 网格名称 has 12 bytes in UTF-8: the field name holds ten, the cut character is dropped.
    expect(file.columns).toEqual(['编码', encoding === 'utf-8' ? '网格名' : '网格名称', '人口'])
    expect(file.features.map((f) => Object.values(f.properties))).toEqual([
      ['120119106001', '别山镇东村', 1234],
      ['120119106002', '别山镇西村', null],
    ])
  })

  it('a lying .cpg is overruled by the bytes, and that is said', async () => {
    const file = await readGridFile('a.zip', zip(layer(117.4, 40.05, 0.01, { prj: prj.wgs84, cpg: 'UTF-8' })))
    expect(file.encoding).toBe('gb18030')
    expect(file.features[0]!.properties.编码).toBe('120119106001')
    expect(file.warnings.map((w) => w.code)).toEqual(['ENCODING_DOUBTFUL'])
  })

  it('text cut in the middle of a character at the end of its field loses only that character', async () => {
    for (const encode of [undefined, encodeUtf8]) {
      const files = layerFiles({
        name: 'cut',
        columns: [{ name: 'name', type: 'C', length: 7 }],
        shapes: [village(117, 40, 0.01, ['蓟州区别山']), village(117.01, 40, 0.01, ['邦均镇东街'])],
        options: { encode },
      })
      const file = await readGridFile('cut.zip', zip(files))
      expect(file.encoding).toBe(encode ? 'utf-8' : 'gb18030')
      const names = file.features.map((f) => f.properties.name)
      expect(names).toEqual(encode ? ['蓟州', '邦均'] : ['蓟州区', '邦均镇'])
    }
  })

  it('short GBK words that happen to be valid UTF-8 are not taken for it', async () => {
    const files = layerFiles({
      name: 'a',
      columns: [{ name: 'name', type: 'C', length: 8 }],
      shapes: [village(117, 40, 0.01, ['联通'])],
    })
    const file = await readGridFile('a.zip', zip(files))
    expect(file.features[0]!.properties.name).toBe('联通')
  })

  it('the user overrules the guess', async () => {
    const bytes = zip(layer(117.4, 40.05, 0.01))
    const file = await readGridFile('a.zip', bytes, { encoding: 'big5' })
    expect(file.encodingGuess).toMatchObject({ name: 'big5', guessed: false })
    expect(file.features[0]!.properties).not.toHaveProperty('编码')
    const refused = await readGridFile('a.zip', bytes, { encoding: 'klingon' })
    expect(refused.error?.message).toContain('klingon')
  })

  it('codes kept as long numbers lose no digit, and leading zeros stay', async () => {
    const files = layerFiles({
      name: 'a',
      columns: [
        { name: 'long', type: 'N', length: 18 },
        { name: 'zero', type: 'N', length: 8 },
        { name: 'day', type: 'D', length: 8 },
        { name: 'yes', type: 'L', length: 1 },
      ],
      shapes: [village(117, 40, 0.01, ['120119106001234567', '007', '20240131', 'T'])],
    })
    const file = await readGridFile('a.zip', zip(files))
    expect(file.features[0]!.properties).toEqual({
      long: '120119106001234567',
      zero: '007',
      day: '2024-01-31',
      yes: true,
    })
  })
})

describe('coordinate systems of a shapefile', () => {
  // 117.4°E 40.05°N in each system, by ST_Transform of PostGIS 3.3.2 with PROJ 9.1.1. Xian 1980 and Beijing 1954 from
  // their own degrees: no datum shift is known to either side.
  const cases: [string, string, string, number, number][] = [
    ['CGCS2000 3-degree zone 39', prj.gk3(39), 'EPSG:4527', 39534132.66461527, 4435157.45142617],
    ['CGCS2000 3-degree CM 117', prj.gk3cm(117), 'EPSG:4548', 534132.664615276, 4435157.45142617],
    ['CGCS2000 3-degree zone 40', prj.gk3(40), 'EPSG:4528', 40278124.746258534, 4438321.281659907],
    ['CGCS2000 3-degree CM 120 by authority', prj.epsg4549, 'EPSG:4549', 278124.74625853274, 4438321.281659907],
    ['CGCS2000 6-degree zone 20', prj.gk6(20), 'EPSG:4498', 20534132.664615277, 4435157.45142617],
    ['WGS84 UTM 50N', prj.utm(50), 'EPSG:32650', 534119.011549198, 4433383.38855955],
    ['web mercator', prj.webMercator, 'EPSG:3857', 13068908.219130317, 4873210.805685579],
    ['Xian 1980 3-degree zone 39', prj.xianGk3(39), 'EPSG:2363', 39534132.68070507, 4435159.520214807],
    ['Beijing 1954 6-degree zone 20', prj.beijingGk6(20), 'EPSG:21420', 20534133.23578722, 4435235.88632698],
    ['Lambert, known only by its .prj', prj.lambert, 'PRJ', 1019456.450836322, 4882390.226712539],
  ]
  it.each(cases)('%s', async (_, wkt, name, x, y) => {
    const file = await readGridFile('a.zip', zip(layer(x, y, 100, { prj: wkt })))
    expect(file.error).toBeUndefined()
    expect(file.crs).toBe(name)
    expect(file.crsGuess.guessed).toBe(false)
    const [lon, lat] = first(file)
    expect(Math.abs(lon - 117.4)).toBeLessThan(2e-9)
    expect(Math.abs(lat - 40.05)).toBeLessThan(2e-9)
    expect(file.bounds![0]).toBeCloseTo(117.4, 2)
    const old = /Xian|Beijing/.test(wkt)
    expect(file.warnings.map((w) => w.code)).toEqual(old ? ['NO_DATUM_SHIFT'] : [])
    if (old) expect(file.warnings[0]!.message).toContain('数十米')
  })

  it('without .prj a zone number before the easting settles the zone, and it is said', async () => {
    for (const [x, y, name] of [
      [39534132.66461527, 4435157.45142617, 'EPSG:4527'],
      [20534132.664615277, 4435157.45142617, 'EPSG:4498'],
    ] as const) {
      const file = await readGridFile('a.zip', zip(layer(x, y, 100)))
      expect(file.crsGuess).toMatchObject({ name, guessed: true })
      expect(first(file)[0]).toBeCloseTo(117.4, 8)
      expect(file.warnings.map((w) => w.code)).toEqual(['METRES_NOT_DEGREES', 'MISSING_PRJ'])
      expect(file.warnings[0]!.message).toContain('坐标像是米')
    }
  })

  it('without zone number the zone is asked for, unless the place of the county tells it', async () => {
    const bytes = zip(layer(534132.664615276, 4435157.45142617, 100))
    const open = await readGridFile('a.zip', bytes)
    expect(open.features).toEqual([])
    expect(open.error?.code).toBe('METRES_NOT_DEGREES')
    expect(open.warnings.at(-1)).toBe(open.error)
    expect(open.error?.message).toContain('坐标像是米')
    const near = await readGridFile('a.zip', bytes, { near: [117.5, 40] })
    expect(near.crs).toBe('EPSG:4548')
    expect(first(near)[1]).toBeCloseTo(40.05, 8)
    const chosen = await readGridFile('a.zip', bytes, { crs: 'EPSG:4548' })
    expect(chosen.crsGuess.guessed).toBe(false)
    expect(first(chosen)[0]).toBeCloseTo(117.4, 8)
  })

  it('a .prj without zone number over eastings with one: the numbers win, and it is said', async () => {
    const file = await readGridFile(
      'a.zip',
      zip(layer(39534132.66461527, 4435157.45142617, 100, { prj: prj.gk3cm(117) })),
    )
    expect(file.crs).toBe('EPSG:4527')
    expect(first(file)[0]).toBeCloseTo(117.4, 8)
    expect(file.warnings.map((w) => w.code)).toEqual(['CRS_CONTRADICTION'])
  })

  it('degrees under the .prj of a projection are read as degrees, and it is said', async () => {
    const file = await readGridFile('a.zip', zip(layer(117.4, 40.05, 0.01, { prj: prj.gk3(39) })))
    expect(file.crs).toBe('EPSG:4490')
    expect(file.warnings.map((w) => w.code)).toEqual(['CRS_CONTRADICTION'])
    expect(first(file)).toEqual([117.4, 40.05])
  })

  it('a zone that puts the county elsewhere is remarked on', async () => {
    const bytes = zip(layer(534132.664615276, 4435157.45142617, 100))
    const file = await readGridFile('a.zip', bytes, { crs: 'EPSG:4549', near: [117.4, 40] })
    expect(file.warnings.map((w) => w.code)).toEqual(['FAR_AWAY'])
  })
})

describe('geometry of a shapefile', () => {
  const hole: Ring = [
    [1, 1],
    [2, 1],
    [2, 2],
    [1, 2],
    [1, 1],
  ]
  const read = async (rings: Ring[]) => {
    const bytes = makeShp([rings.map((r) => r.map(([x, y]): [number, number] => [117 + x / 100, 40 + y / 100]))])
    return (await readGridFile('a.shp', bytes)).features[0]!.geometry
  }

  it('holes go to the outline around them, also when an island lies in a hole', async () => {
    const lake = hole
    const island = square(1.25, 1.25, 0.5)
    const other = square(10, 0, 5)
    const geometry = await read([square(0, 0, 5), lake, island, other])
    expect(geometry.type).toBe('MultiPolygon')
    const parts = geometry.coordinates as number[][][][]
    expect(parts.map((p) => p.length).sort()).toEqual([1, 1, 2])
  })

  it('a hole inside the box of a bent neighbour, but not inside it, goes to its own outline', async () => {
    // An L around the small square: the box of the L contains the square, the L does not.
    const bent: Ring = [
      [0, 0],
      [0, 10],
      [2, 10],
      [2, 2],
      [10, 2],
      [10, 0],
      [0, 0],
    ]
    const own = square(4, 4, 5)
    const inside: Ring = [...square(5, 5, 1)].reverse()
    const geometry = await read([bent, own, inside])
    const parts = geometry.coordinates as number[][][][]
    expect(parts.map((p) => [p[0]!.length, p.length])).toEqual(
      expect.arrayContaining([
        [7, 1],
        [5, 2],
      ]),
    )
  })

  it('reversed winding throughout is accepted', async () => {
    const geometry = await read([[...square(0, 0, 5)].reverse(), [...hole].reverse()])
    expect(geometry.type).toBe('Polygon')
    expect(geometry.coordinates).toHaveLength(2)
  })

  it('heights are dropped, and it is said', async () => {
    const file = await readGridFile('z.zip', zip(layer(117.4, 40.05, 0.01, { prj: prj.wgs84, options: { z: true } })))
    expect(first(file)).toEqual([117.4, 40.05])
    expect(file.warnings.map((w) => w.code)).toEqual(['EXTRA_DIMENSIONS'])
  })

  it('a null shape is left out by its number; the others keep theirs', async () => {
    const files = layerFiles({
      name: 'a',
      columns: COLUMNS,
      shapes: [{ rings: null, values: ['1', '空', 0] }, village(117, 40, 0.01, ['2', '实', 0])],
      prj: prj.wgs84,
    })
    const file = await readGridFile('a.zip', zip(files))
    expect(file.total).toBe(2)
    expect(file.features.map((f) => [f.id, f.properties.编码])).toEqual([[1, '2']])
    expect(file.warnings).toMatchObject([{ code: 'NULL_GEOMETRY', feature: 0, leftOut: true }])
    expect(file.warnings[0]!.message).toContain('第 1 个要素')
  })

  it('a bare .shp gives outlines without attributes', async () => {
    const file = await readGridFile('a.shp', makeShp([[square(117, 40, 0.01)]]))
    expect(file.features).toHaveLength(1)
    expect(file.warnings.map((w) => w.code)).toEqual(['MISSING_DBF', 'MISSING_PRJ'])
  })
})

describe('several layers in one zip', () => {
  const roads = { '道路.shp': makePointShp([[117, 40]]) }
  it('the only one of polygons is read, and it is said; another can be chosen', async () => {
    const both = { ...roads, ...layer(117.4, 40.05, 0.01, { prj: prj.wgs84 }) }
    const file = await readGridFile('a.zip', zip(both, { gbkNames: true }))
    expect(file.layers).toEqual(['道路', '村界'])
    expect(file.layer).toBe('村界')
    expect(file.features).toHaveLength(2)
    expect(file.warnings.map((w) => w.code)).toEqual(['SEVERAL_LAYERS'])
    const chosen = await readGridFile('a.zip', zip(both), { layer: '道路' })
    expect(chosen.error?.code).toBe('NO_POLYGONS')
  })

  it('of two with polygons the larger is read first', async () => {
    const small = layerFiles({
      name: 'dir/镇界',
      columns: COLUMNS,
      shapes: [village(117, 40, 0.1, ['120119106', '别山镇', 1])],
      prj: prj.wgs84,
    })
    const bytes = zip({ ...small, ...layer(117.4, 40.05, 0.01, { prj: prj.wgs84 }) })
    expect((await readGridFile('a.zip', bytes)).layer).toBe('村界')
    const towns = await readGridFile('a.zip', bytes, { layer: 'dir/镇界' })
    expect(towns.features.map((f) => f.properties.网格名称)).toEqual(['别山镇'])
    expect(towns.warnings).toEqual([])
  })
})

describe('broken shapefiles', () => {
  it('cut short', async () => {
    const whole = makeShp([[square(117, 40, 0.01)], [square(118, 40, 0.01)]])
    for (const cut of [whole.length - 1, whole.length - 60, 150, 40]) {
      const file = await readGridFile('a.shp', whole.slice(0, cut))
      expect(file.error?.code).toBe('BROKEN_FILE')
      expect(file.features).toEqual([])
    }
  })

  it('numbers of rings and points that do not fit the record', async () => {
    for (const [offset, value] of [
      [144, 1_000_000],
      [144, -1],
      [148, 19_999],
      [152, 77],
    ] as const) {
      const bytes = makeShp([[square(117, 40, 0.01), [...square(117.002, 40.002, 0.001)].reverse()]])
      new DataView(bytes.buffer).setInt32(offset, value, true)
      expect((await readGridFile('a.shp', bytes)).error?.code).toBe('BROKEN_FILE')
    }
  })

  it('points only', async () => {
    const file = await readGridFile('a.shp', makePointShp([[117, 40]]))
    expect(file.error?.code).toBe('NO_POLYGONS')
    expect(file.warnings[0]).toMatchObject({ code: 'MISSING_DBF' })
  })

  it('more than 20,000 vertices are reported by feature and never unpacked', async () => {
    const ring: Ring = Array.from({ length: 20_001 }, (_, i) => [117 + Math.cos(-i) / 50, 40 + Math.sin(-i) / 50])
    ring.push(ring[0]!)
    const file = await readGridFile('a.shp', makeShp([[ring], [square(118, 40, 0.01)]]))
    expect(file.features.map((f) => f.id)).toEqual([1])
    expect(file.warnings.find((w) => w.feature === 0)).toMatchObject({ code: 'TOO_MANY_VERTICES', leftOut: true })
  })

  it('attributes and shapes that do not match in number', async () => {
    const files = layer(117.4, 40.05, 0.01, { prj: prj.wgs84 })
    files['村界.shp'] = makeShp([[square(117, 40, 0.01)]])
    const file = await readGridFile('a.zip', zip(files))
    expect(file.warnings.map((w) => w.code)).toEqual(['COUNT_MISMATCH'])
    files['村界.dbf'] = new Uint8Array(20)
    expect((await readGridFile('a.zip', zip(files))).error?.code).toBe('BROKEN_FILE')
  })
})
