import { GAUSS_KRUGER, type GaussKrugerSeries } from './gaussKruger'

/**
 * Coordinate systems by name: an EPSG code, one of the two encrypted Chinese web-map systems, or `PRJ`
 * ("what the .prj beside the shapefile says", for the rare ones that have no EPSG code of their own).
 */
export type CrsName = `EPSG:${number}` | 'GCJ-02' | 'BD-09' | 'PRJ'

export interface Crs {
  name: CrsName
  /** Chinese name, as surveyors write it. */
  label: string
  labelEn: string
  unit: 'degree' | 'metre'
  /** Definition for proj4; absent for WGS84 itself and for GCJ-02 and BD-09. */
  proj4?: string
  /** The datum lies tens of metres off WGS84 and no public parameters exist for the whole country. */
  datumUnknown?: boolean
  /** Of a Gauss-Kruger zone: its central meridian in degrees, and the number before its eastings, if any. */
  zone?: { datum: GaussKrugerSeries['datum']; width: 3 | 6; meridian: number; prefix: number | null }
}

/** Ellipsoids and names of the three national datums. CGCS2000 agrees with WGS84 to centimetres. */
const DATUMS = {
  CGCS2000: { ellipsoid: '+ellps=GRS80', degrees: 4490, zh: '国家2000', unknown: false },
  Xian1980: { ellipsoid: '+a=6378140 +rf=298.257', degrees: 4610, zh: '西安80', unknown: true },
  Beijing1954: { ellipsoid: '+ellps=krass', degrees: 4214, zh: '北京54', unknown: true },
} as const

const EPSG = (code: number): CrsName => `EPSG:${code}`

function degreesOf(datum: keyof typeof DATUMS): Crs {
  const { ellipsoid, degrees, zh, unknown } = DATUMS[datum]
  return {
    name: EPSG(degrees),
    label: `${zh} 经纬度`,
    labelEn: `${datum} degrees`,
    unit: 'degree',
    proj4: `+proj=longlat ${ellipsoid} +no_defs`,
    datumUnknown: unknown,
  }
}

function gaussKruger(series: GaussKrugerSeries, zone: number): Crs {
  const { ellipsoid, zh, unknown } = DATUMS[series.datum]
  const meridian = series.width === 3 ? zone * 3 : zone * 6 - 3
  const easting = series.prefixed ? zone * 1_000_000 + 500_000 : 500_000
  const which = series.prefixed ? `第 ${zone} 带` : `中央经线 ${meridian}°`
  const whichEn = series.prefixed ? `zone ${zone}` : `CM ${meridian}E`
  return {
    name: EPSG(series.firstCode + zone - series.firstZone),
    label: `${zh} ${series.width} 度带 ${which}${series.prefixed ? `（东坐标带号，${meridian}°）` : '（无带号）'}`,
    labelEn: `${series.datum} ${series.width}-degree Gauss-Kruger ${whichEn}`,
    unit: 'metre',
    proj4: `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=${easting} +y_0=0 ${ellipsoid} +units=m +no_defs`,
    datumUnknown: unknown,
    zone: { datum: series.datum, width: series.width, meridian, prefix: series.prefixed ? zone : null },
  }
}

function utm(zone: number): Crs {
  return {
    name: EPSG(32600 + zone),
    label: `WGS84 UTM ${zone}N`,
    labelEn: `WGS84 UTM zone ${zone}N`,
    unit: 'metre',
    proj4: `+proj=utm +zone=${zone} +datum=WGS84 +units=m +no_defs`,
  }
}

const ALL: Crs[] = [
  { name: 'EPSG:4326', label: 'WGS84 经纬度', labelEn: 'WGS84 degrees', unit: 'degree' },
  degreesOf('CGCS2000'),
  { name: 'GCJ-02', label: 'GCJ-02（高德、腾讯）', labelEn: 'GCJ-02 (AMap, Tencent)', unit: 'degree' },
  { name: 'BD-09', label: 'BD-09（百度）', labelEn: 'BD-09 (Baidu)', unit: 'degree' },
  ...GAUSS_KRUGER.filter((s) => s.datum === 'CGCS2000').flatMap(zonesOf),
  {
    name: 'EPSG:3857',
    label: 'Web 墨卡托',
    labelEn: 'Web Mercator',
    unit: 'metre',
    proj4: '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs',
  },
  ...Array.from({ length: 11 }, (_, i) => utm(43 + i)),
  degreesOf('Xian1980'),
  degreesOf('Beijing1954'),
  ...GAUSS_KRUGER.filter((s) => s.datum !== 'CGCS2000').flatMap(zonesOf),
]

function zonesOf(series: GaussKrugerSeries): Crs[] {
  return Array.from({ length: series.zones }, (_, i) => gaussKruger(series, series.firstZone + i))
}

const BY_NAME = new Map(ALL.map((crs) => [crs.name, crs]))

/** Every system a user may choose, the usual ones first. */
export function listCrs(): readonly Crs[] {
  return ALL
}

/** The system of that name, or null. EPSG aliases (CRS84, 900913 …) are understood. */
export function findCrs(name: string): Crs | null {
  const plain = name.trim().toUpperCase()
  if (/CRS:?84$/.test(plain) || plain === 'WGS84') return BY_NAME.get('EPSG:4326') ?? null
  if (plain === 'GCJ02' || plain === 'BD09') return BY_NAME.get(plain === 'GCJ02' ? 'GCJ-02' : 'BD-09') ?? null
  const code = /EPSG:(?:[\d.]*:)?(\d+)$/.exec(plain)?.[1]
  if (code === '900913' || code === '102100') return BY_NAME.get('EPSG:3857') ?? null
  return BY_NAME.get((code ? `EPSG:${code}` : plain) as CrsName) ?? null
}
