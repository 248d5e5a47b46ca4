import { describe, expect, it } from 'vitest'
import { decideCrs, findCrs, guessProjected, listCrs, looksLike, readPrj, toWgs84 } from '../../src/geo/crs'
import { prj } from '../files/make/prj'

describe('the list of systems', () => {
  it('has every zone over China once, with a definition and a name of its own', () => {
    const all = listCrs()
    expect(new Set(all.map((c) => c.name)).size).toBe(all.length)
    expect(new Set(all.map((c) => c.label)).size).toBe(all.length)
    // 3 datums × (2 × 21 three-degree zones + 2 × 11 six-degree zones), 11 UTM, and 7 without zones.
    expect(all).toHaveLength(3 * 64 + 11 + 7)
    expect(all.slice(0, 4).map((c) => c.name)).toEqual(['EPSG:4326', 'EPSG:4490', 'GCJ-02', 'BD-09'])
  })

  it('understands the ways a name is written', () => {
    const same = ['EPSG:4527', 'epsg:4527', 'urn:ogc:def:crs:EPSG::4527', 'urn:ogc:def:crs:EPSG:9.8:4527']
    for (const name of same) expect(findCrs(name)?.name).toBe('EPSG:4527')
    for (const name of ['urn:ogc:def:crs:OGC:1.3:CRS84', 'CRS84', 'wgs84'])
      expect(findCrs(name)?.name).toBe('EPSG:4326')
    expect(findCrs('EPSG:900913')?.name).toBe('EPSG:3857')
    expect(findCrs('gcj02')?.name).toBe('GCJ-02')
    for (const name of ['EPSG:2154', '', 'PRJ', '__proto__']) expect(findCrs(name)).toBeNull()
  })
})

describe('to degrees', () => {
  // [EPSG, lon, lat, x, y]: ST_Transform from the system's own datum, PostGIS 3.3.2 with PROJ 9.1.1.
  const points: [number, number, number, number, number][] = [
    [4527, 117.4, 40.05, 39534132.66461527, 4435157.45142617],
    [4548, 115.6, 39.9, 380272.25263543334, 4419364.04614609],
    [4528, 120.9, 31.2, 40585775.56829488, 3453497.562586303],
    [4549, 118.51, 28.44, 354031.38170061953, 3148107.8968462176],
    [4498, 119.8, 36.6, 20750561.208231553, 4055773.39962602],
    [4509, 114.05, 22.54, 196448.05791596632, 2496594.14782695],
    [4491, 76.0, 39.47, 13586051.232454713, 4371160.749922722],
    [4513, 75.99, 39.47, 25585190.703419365, 4371151.249466125],
    [4533, 134.3, 48.36, 45448126.86694203, 5358694.188593271],
    [4554, 133.9, 47.9, 417754.1020047917, 5307894.487573984],
    [4501, 134.7, 48.3, 23477742.50997557, 5351829.073966928],
    [4502, 73.8, 38.0, 394599.16296993615, 4208177.61461275],
    [32643, 75.99, 39.47, 585156.627137432, 4369402.78907946],
    [32653, 134.3, 48.36, 448147.6161957296, 5356550.711040098],
    [3857, 121.47, 31.23, 13521978.54665894, 3662655.1833045892],
    [2363, 117.4, 40.05, 39534132.68070507, 4435159.520214807],
    [21420, 117.4, 40.05, 20534133.23578722, 4435235.88632698],
  ]
  it.each(points)('EPSG:%i at %d, %d', async (code, lon, lat, x, y) => {
    const convert = await toWgs84(`EPSG:${code}`)
    const [gotLon, gotLat] = convert!(x, y)
    expect(Math.abs(gotLon - lon)).toBeLessThan(1e-9)
    expect(Math.abs(gotLat - lat)).toBeLessThan(1e-9)
  })

  it('degrees of WGS84 and CGCS2000 are left alone', async () => {
    for (const name of ['EPSG:4326', 'EPSG:4490'] as const) {
      expect((await toWgs84(name))!(117.123456789012, 40.1)).toEqual([117.123456789012, 40.1])
    }
  })

  it('what is no number stays none, what is no system is null', async () => {
    expect((await toWgs84('EPSG:4527'))!(Number.NaN, 1)).toEqual([Number.NaN, Number.NaN])
    expect(await toWgs84('EPSG:2154')).toBeNull()
    expect(await toWgs84('PRJ')).toBeNull()
    expect(await toWgs84('PRJ', 'PROJCS["nonsense"')).toBeNull()
  })
})

describe('readPrj', () => {
  it.each([
    [prj.wgs84, 'EPSG:4326', 'degree'],
    [prj.cgcs2000, 'EPSG:4490', 'degree'],
    [prj.xian1980, 'EPSG:4610', 'degree'],
    [prj.beijing1954, 'EPSG:4214', 'degree'],
    [prj.gk3(39), 'EPSG:4527', 'metre'],
    [prj.gk3(25), 'EPSG:4513', 'metre'],
    [prj.gk3(45), 'EPSG:4533', 'metre'],
    [prj.gk3cm(117), 'EPSG:4548', 'metre'],
    [prj.gk6(20), 'EPSG:4498', 'metre'],
    [prj.xianGk3(39), 'EPSG:2363', 'metre'],
    [prj.beijingGk6(20), 'EPSG:21420', 'metre'],
    [prj.utm(50), 'EPSG:32650', 'metre'],
    [prj.webMercator, 'EPSG:3857', 'metre'],
    [prj.epsg4549, 'EPSG:4549', 'metre'],
    [prj.lambert, 'PRJ', 'metre'],
  ])('%.40s', (wkt, name, unit) => {
    expect(readPrj(wkt)).toMatchObject({ name, unit })
  })

  it('a title that people edited does not mislead, a local origin is not forced into a zone', () => {
    expect(readPrj(prj.gk3(39).replace('CGCS2000_3_Degree_GK_Zone_39', '我的坐标系'))?.name).toBe('EPSG:4527')
    expect(readPrj(prj.gk3cm(117).replace('500000.0', '300000.0'))?.name).toBe('PRJ')
    expect(readPrj(prj.gk3cm(117).replace('"Central_Meridian",117.0', '"Central_Meridian",117.5'))?.name).toBe('PRJ')
    expect(readPrj(prj.gk3cm(117).replace('"False_Northing",0.0', '"False_Northing",-4000000.0'))?.name).toBe('PRJ')
  })

  it('is null for what is no coordinate system', () => {
    for (const text of ['', 'hello', '<xml/>', 'LOCAL_CS["x"]']) expect(readPrj(text)).toBeNull()
  })
})

describe('numbers speak', () => {
  it('degrees or metres, and in which order', () => {
    expect(looksLike([117, 39, 118, 41])).toBe('degrees')
    expect(looksLike([39, 117, 41, 118])).toBe('degreesSwapped')
    expect(looksLike([-74, 40, -73, 41])).toBe('degrees')
    expect(looksLike([39.5e6, 4.4e6, 39.6e6, 4.5e6])).toBe('metres')
    expect(looksLike([4.4e6, 39.5e6, 4.5e6, 39.6e6])).toBe('metresSwapped')
    expect(looksLike([4.4e6, 5.3e5, 4.5e6, 5.4e5])).toBe('metresSwapped')
    expect(looksLike([1e9, 0, 1e9, 1])).toBe('nonsense')
    expect(looksLike([Number.NaN, 0, 1, 1])).toBe('nonsense')
  })

  it('the system behind metres', () => {
    const at = (x: number, y: number, near?: [number, number]) => guessProjected([x, y, x + 5e4, y + 5e4], near)
    expect(at(39_500_000, 4_435_000)).toBe('EPSG:4527')
    expect(at(20_500_000, 4_435_000)).toBe('EPSG:4498')
    expect(at(13_068_000, 4_873_000)).toBe('EPSG:3857')
    // 121°E in web mercator has the numbers of zone 13 in Xinjiang: the county's place decides.
    expect(at(13_522_000, 3_660_000)).toBe('EPSG:3857')
    expect(at(13_522_000, 4_370_000, [76, 39.5])).toBe('EPSG:4491')
    expect(at(534_000, 4_435_000)).toBeNull()
    expect(at(534_000, 4_435_000, [117.4, 40])).toBe('EPSG:4548')
    expect(at(534_000, 4_435_000, [116, 40])).toBe('EPSG:4548')
    expect(at(39_990_000, 4_435_000)).toBeNull()
  })
})

describe('decideCrs weighs the words against the numbers', () => {
  const metres = [39_534_000, 4_435_000, 39_544_000, 4_445_000] as const
  const short = [534_000, 4_435_000, 544_000, 4_445_000] as const
  const degrees = [117, 40, 118, 41] as const
  it.each([
    ['nothing said, degrees', { box: degrees }, { name: 'EPSG:4326', reason: 'default' }],
    ['nothing said, metres', { box: metres }, { name: 'EPSG:4527', reason: 'magnitude' }],
    ['nothing said, no zone', { box: short }, { problem: 'METRES_UNKNOWN_ZONE' }],
    ['chosen', { box: degrees, chosen: 'GCJ-02' }, { name: 'GCJ-02', reason: 'chosen' }],
    ['chosen against the numbers', { box: metres, chosen: 'EPSG:4326' }, { problem: 'METRES_NOT_DEGREES' }],
    ['chosen against the numbers', { box: degrees, chosen: 'EPSG:4527' }, { problem: 'DEGREES_NOT_METRES' }],
    ['chosen, unknown', { box: degrees, chosen: 'EPSG:1' }, { problem: 'UNKNOWN_CRS' }],
    ['stated', { box: metres, stated: findCrs('EPSG:4527') }, { name: 'EPSG:4527', reason: 'stated' }],
    [
      'stated without its prefix',
      { box: metres, stated: findCrs('EPSG:2384') },
      { name: 'EPSG:2363', reason: 'contradiction' },
    ],
    [
      'stated with a prefix too many',
      { box: short, stated: findCrs('EPSG:4527') },
      { name: 'EPSG:4548', reason: 'contradiction' },
    ],
    [
      'stated with another zone',
      { box: metres, stated: findCrs('EPSG:4528') },
      { name: 'EPSG:4527', reason: 'contradiction' },
    ],
    [
      'stated metres, are degrees',
      { box: degrees, stated: findCrs('EPSG:4527') },
      { name: 'EPSG:4490', reason: 'contradiction' },
    ],
    [
      'stated degrees, are metres',
      { box: metres, stated: findCrs('EPSG:4490') },
      { name: 'EPSG:4527', reason: 'contradiction' },
    ],
    ['stated degrees, no zone', { box: short, stated: findCrs('EPSG:4490') }, { problem: 'METRES_NOT_DEGREES' }],
    ['swapped', { box: [40, 117, 41, 118] as const }, { problem: 'SWAPPED_AXES' }],
  ])('%s', (_, evidence, expected) => {
    expect(decideCrs(evidence)).toMatchObject(expected)
  })
})
