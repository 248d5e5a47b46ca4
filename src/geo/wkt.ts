import { type CrsName, findCrs } from './crsList'
import { type GaussKrugerSeries, zoneCode } from './gaussKruger'

/** What a .prj says. */
export interface PrjSystem {
  /** `PRJ` when it is a projection without an EPSG code known here: proj4 reads the text itself. */
  name: CrsName
  /** The name written in the file, for people to read. */
  title: string
  unit: 'degree' | 'metre'
}

const DATUM: [RegExp, GaussKrugerSeries['datum'] | 'WGS84'][] = [
  [/CGCS_?2000|CHINA_?2000|CHINA_GEODETIC_COORDINATE_SYSTEM_2000/i, 'CGCS2000'],
  [/XI'?AN_?(19)?80/i, 'Xian1980'],
  [/BEIJING_?(19)?54/i, 'Beijing1954'],
  [/WGS_?(19)?84/i, 'WGS84'],
]
const DEGREES = { CGCS2000: 'EPSG:4490', Xian1980: 'EPSG:4610', Beijing1954: 'EPSG:4214', WGS84: 'EPSG:4326' } as const

/**
 * Recognises the WKT of a .prj (ESRI's dialect or OGC's) by its parameters, not by its title, which people edit.
 * Returns null when the text is no coordinate system at all.
 */
export function readPrj(wkt: string): PrjSystem | null {
  const text = wkt.trim()
  const head = /^(PROJCS|GEOGCS|PROJCRS|GEOGCRS|GEODCRS|COMPD_?CS|COMPOUNDCRS)\s*\[\s*"([^"]*)"/i.exec(text)
  if (!head) return null
  const title = head[2] ?? ''
  const projected = /PROJC(S|RS)\s*\[/i.test(text)
  const unit = projected ? 'metre' : 'degree'
  const datum = datumOf(text)
  if (!projected) return { name: datum ? DEGREES[datum] : 'PRJ', title, unit }
  return { name: projectedName(text, title, datum) ?? 'PRJ', title, unit }
}

function datumOf(text: string): keyof typeof DEGREES | null {
  const name = /(?:DATUM|ENSEMBLE)\s*\[\s*"([^"]*)"/i.exec(text)?.[1] ?? ''
  const plain = name.replaceAll(' ', '_')
  return DATUM.find(([words]) => words.test(plain))?.[1] ?? null
}

function projectedName(text: string, title: string, datum: keyof typeof DEGREES | null): CrsName | null {
  // In a plain PROJCS the last AUTHORITY is the system's own; those before belong to its parts.
  const own = [...text.matchAll(/(?:AUTHORITY|ID)\s*\[\s*"EPSG"\s*,\s*"?(\d+)"?/gi)].at(-1)?.[1]
  const byCode = /\]\s*\]\s*$/.test(text) && own ? findCrs(`EPSG:${own}`) : null
  if (byCode?.unit === 'metre') return byCode.name
  const projection = (/(?:PROJECTION|METHOD)\s*\[\s*"([^"]*)"/i.exec(text)?.[1] ?? '').replaceAll(' ', '_')
  if (/Mercator_Auxiliary_Sphere|Popular_Visualisation_Pseudo/i.test(projection)) return 'EPSG:3857'
  if (!/Gauss_Kruger|Transverse_Mercator/i.test(projection) || !datum) return null
  const value = (name: RegExp) => {
    const found = [...text.matchAll(/PARAMETER\s*\[\s*"([^"]*)"\s*,\s*([-+\d.eE]+)/gi)].find((p) =>
      name.test(p[1] ?? ''),
    )
    return found ? Number(found[2]) : Number.NaN
  }
  const meridian = value(/central.meridian|longitude.of.natural.origin/i)
  const easting = value(/false.easting/i)
  const scale = value(/scale.factor/i)
  if (value(/false.northing/i) !== 0) return null
  if (datum === 'WGS84') {
    const zone = (meridian + 183) / 6
    return easting === 500_000 && scale === 0.9996 ? (findCrs(`EPSG:${32600 + zone}`)?.name ?? null) : null
  }
  if (scale !== 1) return null
  const code = zoneCode(datum, meridian, easting, /3[ _-]?degree/i.test(title) ? 3 : undefined)
  return code === null ? null : `EPSG:${code}`
}
