import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { MAX_FILE_BYTES, readGridFile } from '../../src/files/readGridFile'
import { encodeGbk, encodeUtf8 } from './make/gbk'
import { collection, squareGrid } from './make/geojson'
import { makeDbf, makeShp, zip } from './make/shapefile'

const bytesOf = (...head: number[]) => Uint8Array.from([...head, ...new Array(600).fill(7)])
const refused = async (name: string, bytes: Uint8Array) => {
  const file = await readGridFile(name, bytes)
  expect(file.features).toEqual([])
  expect(file.bounds).toBeNull()
  expect(file.warnings.at(-1)).toBe(file.error)
  expect(file.error?.message).toMatch(/[\u4e00-\u9fff]/)
  expect(file.error?.messageEn).not.toMatch(/[\u4e00-\u9fff]/)
  return file.error!
}

describe('what is refused before it is parsed', () => {
  it('above 100 MB, at once and without a copy', async () => {
    const huge = new Uint8Array(MAX_FILE_BYTES + 1)
    huge.set(encodeUtf8('{"type":'))
    expect((await refused('a.geojson', huge)).code).toBe('TOO_LARGE')
    expect((await refused('a.geojson', huge)).message).toContain('101 MB')
  })

  it('empty file, no features', async () => {
    expect((await refused('a.geojson', new Uint8Array())).code).toBe('EMPTY_FILE')
    expect((await refused('a.geojson', collection([]))).code).toBe('NO_FEATURES')
    expect((await refused('a.shp', makeShp([]))).code).toBe('NO_FEATURES')
  })

  it('files of another type, whatever their name says', async () => {
    const cases: [string, Uint8Array, string][] = [
      ['村界.zip', bytesOf(0x89, 0x50, 0x4e, 0x47), 'PNG'],
      ['村界.geojson', bytesOf(0xff, 0xd8, 0xff), 'JPEG'],
      ['村界.zip', encodeUtf8('%PDF-1.7 …'), 'PDF'],
      ['村界.zip', encodeUtf8('Rar!\x1a\x07'), 'RAR'],
      ['村界.zip', bytesOf(0xd0, 0xcf, 0x11, 0xe0), '.xls'],
      ['村界.gpkg', encodeUtf8('SQLite format 3\0'), 'GeoPackage'],
      ['村界.zip', zip({ '[Content_Types].xml': encodeUtf8('<x/>'), 'xl/workbook.xml': encodeUtf8('<x/>') }), 'Excel'],
      ['村界.zip', zip({ 'a.gdb/a00000001.gdbtable': new Uint8Array(9) }), 'GDB'],
      ['村界.shp', bytesOf(1, 2, 3, 0), 'shapefile'],
      ['村界.csv', encodeGbk('编码,名称'), 'GeoJSON'],
    ]
    for (const [name, bytes, word] of cases) {
      const error = await refused(name, bytes)
      expect([error.code, error.message.includes(word)]).toEqual(['WRONG_TYPE', true])
    }
    const dbf = makeDbf([{ name: 'a', type: 'C', length: 3 }], [['x']])
    expect((await refused('村界.dbf', dbf)).message).toContain('.prj 等一起压缩成 zip')
  })

  it('a GeoJSON named .zip is read all the same', async () => {
    expect((await readGridFile('a.zip', collection([squareGrid('1', '村', 117, 40)]))).features).toHaveLength(1)
  })

  it('JSON that is no GeoJSON, JSON cut short', async () => {
    expect((await refused('a.json', encodeUtf8('{"name":"safegrid"}'))).code).toBe('WRONG_TYPE')
    expect((await refused('a.json', encodeUtf8('[1,2]'))).code).toBe('WRONG_TYPE')
    expect((await refused('a.json', collection([squareGrid('1', '村', 117, 40)]).slice(0, 90))).code).toBe(
      'BROKEN_FILE',
    )
    expect((await refused('a.json', encodeUtf8(`${'['.repeat(200_000)}`))).code).toBe('BROKEN_FILE')
  })

  it('more than 20,000 features', async () => {
    const many = Array.from({ length: 20_001 }, () => ({ type: 'Feature', properties: {}, geometry: null }))
    expect((await refused('a.json', collection(many))).code).toBe('TOO_MANY_FEATURES')
    expect((await refused('a.shp', makeShp(many.map(() => null)))).code).toBe('TOO_MANY_FEATURES')
  })

  it('coordinates that no system explains', async () => {
    expect((await refused('a.json', collection([squareGrid('1', '村', 1e9, 1e9, 10)]))).code).toBe('OUT_OF_RANGE')
    const file = await readGridFile('a.json', collection([squareGrid('1', '村', 117, 40)]), { crs: 'EPSG:9999' })
    expect(file.error?.code).toBe('UNKNOWN_CRS')
    const metres = await readGridFile('a.json', collection([squareGrid('1', '村', 117, 40)]), { crs: 'EPSG:4527' })
    expect(metres.error?.code).toBe('DEGREES_NOT_METRES')
  })

  it('stopped by the user', async () => {
    const stop = new AbortController()
    stop.abort()
    const file = await readGridFile('a.json', collection([squareGrid('1', '村', 117, 40)]), { signal: stop.signal })
    expect(file.error?.code).toBe('CANCELLED')
  })
})

describe('archives', () => {
  /** Overwrites every entry's unfolded size in the central directory. */
  const lie = (bytes: Uint8Array, size: number) => {
    const view = new DataView(bytes.buffer)
    for (let at = 0; at + 46 < bytes.length; at++) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, size, true)
    }
    return bytes
  }
  const zeros = (mb: number) => new Uint8Array(mb * 1024 * 1024)

  it('a zip bomb is refused by its directory, before anything is inflated', async () => {
    const dense = await refused('a.zip', zipSync({ 'a.shp': zeros(20) }))
    expect(dense).toMatchObject({ code: 'ZIP_BOMB' })
    const before = process.memoryUsage().arrayBuffers
    const claimed = await refused(
      'a.zip',
      lie(zipSync({ 'a.shp': [encodeUtf8('x'.repeat(4e6)), { level: 0 }] }), 0xfffffff0),
    )
    expect(claimed.message).toContain('4096 MB')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64e6)
  })

  it('a directory that understates is held to its word', async () => {
    const error = await refused('a.zip', lie(zipSync({ 'a.shp': zeros(9) }), 200))
    expect(error.code).toBe('ZIP_BOMB')
  })

  it('too many entries, overlapping entries', async () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}.txt`, new Uint8Array(1)]))
    expect((await refused('a.zip', zipSync(many))).message).toContain('1001 个文件')
    const bytes = zipSync({ 'a.shp': [zeros(0.5), { level: 0 }], 'b.shp': [zeros(0.5), { level: 0 }] })
    const view = new DataView(bytes.buffer)
    for (let at = 0; at + 46 < bytes.length; at++) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 20, 900_000, true)
    }
    expect((await refused('a.zip', bytes)).message).toContain('重叠')
  })

  it('an archive in an archive, nothing useful, empty, encrypted, cut short', async () => {
    const inner = zip({ 'a.shp': makeShp([]) })
    expect((await refused('a.zip', zip({ 'inner.zip': inner }))).code).toBe('ZIP_NESTED')
    expect((await refused('a.zip', zip({ '说明.txt': encodeUtf8('…') }))).code).toBe('NO_LAYER')
    expect((await refused('a.zip', zipSync({}))).message).toContain('空')
    const locked = zip({ 'a.shp': makeShp([]) })
    for (let at = 0; at + 46 < locked.length; at++) {
      const signature = new DataView(locked.buffer).getUint32(at, true)
      if (signature === 0x02014b50) locked[at + 8]! |= 1
    }
    expect((await refused('a.zip', locked)).code).toBe('ZIP_ENCRYPTED')
    expect((await refused('a.zip', inner.slice(0, inner.length - 30))).code).toBe('BROKEN_FILE')
  })

  it('macOS shadows and a GeoJSON inside are understood', async () => {
    const bytes = zip({
      '__MACOSX/._村.geojson': new Uint8Array(50),
      '村.geojson': collection([squareGrid('1', '村', 117, 40)]),
    })
    const file = await readGridFile('a.zip', bytes)
    expect(file).toMatchObject({ format: 'geojson', layers: ['村.geojson'], layer: '村.geojson' })
    expect(file.features).toHaveLength(1)
  })
})
