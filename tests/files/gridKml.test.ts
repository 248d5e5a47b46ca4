import { afterEach, describe, expect, it } from 'vitest'
import { readGridFile } from '../../src/files/readGridFile'
import { encodeGbk, encodeUtf8 } from './make/gbk'
import { zip } from './make/shapefile'

// jsdom comes without types, and this is all that is needed of it.
const { JSDOM } = (await import('jsdom' as string)) as { JSDOM: new () => { window: { DOMParser: unknown } } }

const RING = '117.4,40.05,0 117.41,40.05,0 117.41,40.06,0 117.4,40.06,0 117.4,40.05,0'
const polygon = (ring: string) =>
  `<Polygon><outerBoundaryIs><LinearRing><coordinates>${ring}</coordinates></LinearRing></outerBoundaryIs></Polygon>`
const placemark = (name: string, body: string) =>
  `<Placemark><name>${name}</name><styleUrl>#a</styleUrl><ExtendedData><Data name="编码"><value>120119106001</value></Data></ExtendedData>${body}</Placemark>`
const kml = (body: string, encoding = 'UTF-8') =>
  `<?xml version="1.0" encoding="${encoding}"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Style id="a"><LineStyle><color>ff0000ff</color></LineStyle></Style>${body}</Document></kml>`

const TWO = `${placemark('别山镇东村', polygon(RING))}${placemark('村委会', '<Point><coordinates>117.4,40</coordinates></Point>')}`

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'DOMParser')
})

// Node has no DOMParser and takes xmldom; a browser takes its own, for which jsdom stands here.
describe.each(['Node', 'browser'])('KML in %s', (where) => {
  const read: typeof readGridFile = (...args) => {
    if (where === 'browser') Object.assign(globalThis, { DOMParser: new JSDOM().window.DOMParser })
    return readGridFile(...args)
  }

  it('placemarks with their data, without their style', async () => {
    const file = await read('a.kml', encodeUtf8(kml(TWO)))
    expect(file.error).toBeUndefined()
    expect(file).toMatchObject({ format: 'kml', crs: 'EPSG:4326', encoding: 'utf-8' })
    expect(file.crsGuess.guessed).toBe(false)
    expect(file.features).toHaveLength(1)
    expect(file.features[0]!.properties).toEqual({ name: '别山镇东村', 编码: '120119106001' })
    expect(file.features[0]!.geometry.coordinates).toEqual([
      [
        [117.4, 40.05],
        [117.41, 40.05],
        [117.41, 40.06],
        [117.4, 40.06],
        [117.4, 40.05],
      ],
    ])
    expect(file.warnings).toMatchObject([{ code: 'NOT_A_POLYGON', feature: 1 }])
  })

  it('several polygons of one placemark are one multipolygon', async () => {
    const other = RING.replaceAll('117.4', '117.5')
    const body = placemark('飞地', `<MultiGeometry>${polygon(RING)}${polygon(other)}</MultiGeometry>`)
    const file = await read('a.kml', encodeUtf8(kml(body)))
    expect(file.features[0]!.geometry.type).toBe('MultiPolygon')
    expect(file.features[0]!.geometry.coordinates).toHaveLength(2)
  })

  it('in GBK as its first line says', async () => {
    const file = await read('a.kml', encodeGbk(kml(TWO, 'GBK')))
    expect(file.encodingGuess).toMatchObject({ name: 'gb18030', guessed: false })
    expect(file.features[0]!.properties.name).toBe('别山镇东村')
  })

  it('KMZ: the main document of the archive', async () => {
    const bytes = zip({ 'files/icon.png': new Uint8Array(4), 'doc.kml': encodeUtf8(kml(TWO)) })
    const file = await read('a.kmz', bytes)
    expect(file).toMatchObject({ format: 'kmz', layer: 'doc.kml' })
    expect(file.features).toHaveLength(1)
  })

  it('GCJ-02 when the user says so', async () => {
    const file = await read('a.kml', encodeUtf8(kml(TWO)), { crs: 'GCJ-02' })
    expect(file.bounds![0]).toBeLessThan(117.397)
  })

  it('broken XML, other XML, entities that unfold', async () => {
    expect((await read('a.kml', encodeUtf8(kml(TWO).slice(0, 300)))).error?.code).toBe('BROKEN_FILE')
    expect((await read('a.kml', encodeUtf8('<html><body>404</body></html>'))).error?.code).toBe('WRONG_TYPE')
    const laughs = '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><kml><name>&b;</name></kml>'
    expect((await read('a.kml', encodeUtf8(laughs))).error?.code).toBe('WRONG_TYPE')
    expect((await read('a.kml', encodeUtf8(kml('')))).error?.code).toBe('NO_FEATURES')
  })
})
