import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readGridFile } from '../../src/files/readGridFile'
import { readTable } from '../../src/files/readTable'
import { encodeUtf8 } from './make/gbk'
import { collection, squareGrid } from './make/geojson'
import { jizhouShapefile } from './make/jizhouShapefile'
import { layerFiles, makeShp } from './make/shapefile'
import { makeXlsx } from './make/xlsx'

const SQUARE: [number, number][] = [
  [117, 40],
  [117, 41],
  [118, 41],
  [118, 40],
  [117, 40],
]
const KML = `<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>村</name><Polygon><outerBoundaryIs><LinearRing><coordinates>${SQUARE.join(' ')}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>`
const stored = layerFiles({
  name: 'a',
  columns: [{ name: '名称', type: 'C', length: 12 }],
  shapes: [{ rings: [SQUARE], values: ['村'] }],
})

const GRIDS: [string, Uint8Array][] = [
  ['a.zip', jizhouShapefile([squareGrid('1', '村', 117.4, 40.05)])],
  ['a.shp', makeShp([[SQUARE]])],
  ['a.geojson', collection([squareGrid('1', '村', 117.4, 40.05)])],
  ['a.kml', encodeUtf8(KML)],
]
const TABLES: [string, Uint8Array][] = [
  [
    'a.xlsx',
    makeXlsx([
      {
        name: 'S',
        rows: [
          ['编码', '名称'],
          ['1', { n: '2' }],
        ],
      },
    ]),
  ],
  ['a.csv', encodeUtf8('编码,名称\n1,"村"\n')],
]

/** A few bytes changed, and perhaps the end cut off. */
const damage = (bytes: Uint8Array) =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
      fc.option(fc.nat(bytes.length), { nil: bytes.length }),
    )
    .map(([changes, length]) => {
      const copy = bytes.slice()
      for (const [at, value] of changes) copy[at] = value
      return copy.slice(0, length)
    })

describe('damaged files give an answer, never an exception', () => {
  it.each(GRIDS)('%s', async (name, bytes) => {
    await fc.assert(
      fc.asyncProperty(damage(bytes), async (spoilt) => {
        const file = await readGridFile(name, spoilt)
        if (file.error) expect(file.features).toEqual([])
        else expect(file.features.length).toBeGreaterThan(0)
        for (const position of file.features.flatMap((f) => f.geometry.coordinates.flat(3) as number[])) {
          expect(Number.isFinite(position)).toBe(true)
        }
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  it.each(TABLES)('%s', async (name, bytes) => {
    await fc.assert(
      fc.asyncProperty(damage(bytes), async (spoilt) => {
        const table = await readTable(name, spoilt)
        if (table.error) expect(table.rows).toEqual([])
        for (const row of table.rows) expect(row).toHaveLength(table.header.length)
      }),
      { seed: 7, numRuns: 200 },
    )
  })

  it('a .dbf with any bytes', async () => {
    const { openDbf } = await import('../../src/files/dbf')
    const { guessEncoding } = await import('../../src/files/encoding')
    const { FileRefusal } = await import('../../src/files/fileIssue')
    fc.assert(
      fc.property(damage(stored['a.dbf']!), (bytes) => {
        try {
          const table = openDbf(bytes)
          expect(table.rows(guessEncoding(table.samples()))).toHaveLength(table.count)
        } catch (reason) {
          expect(reason).toBeInstanceOf(FileRefusal)
        }
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})
