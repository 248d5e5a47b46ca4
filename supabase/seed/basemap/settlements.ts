import type { Feature, Point as GeoPoint, Polygon } from 'geojson'
import type { County } from '../county.ts'
import { insideRing, type Point, smoothLine, toLonLat, toPlane } from '../ground/plane.ts'
import { GROUND_BOX, mountain, reservoir } from '../ground/terrain.ts'
import { REGIONS } from '../ground/towns.ts'
import { type Random, random } from '../random.ts'

const SIZE: Record<string, number> = {
  '120119001': 2.1,
  '120119100': 1,
  '120119105': 1.1,
  '120119106': 1,
  '120119109': 0.95,
  '120119111': 0.95,
  '120119103': 0.9,
  '120119401': 1.4,
}

/** Built-up land: `class` town around every seat, village around the houses of every village. */
export function builtup(county: County): Feature<Polygon>[] {
  const next = random(88)
  const towns = county.townships.map((t) => blob(next, toPlane(t.seat), SIZE[t.code] ?? 0.62, 22, 'town'))
  const villages = county.villages.map((v) => {
    const urban = v.township === '120119001'
    return blob(next, toPlane(v.home), urban ? 0.3 : 0.14 + next() * 0.12, 7, 'village')
  })
  return [...towns, ...villages, ...neighbours(next, county)]
}

/** Beyond the border life goes on: the towns of the neighbours and patches for their villages. */
function neighbours(next: Random, county: County): Feature<Polygon>[] {
  const outline = county.boundary.coordinates[0]![0]! as [number, number][]
  const [west, south, east, north] = GROUND_BOX
  const towns = REGIONS.filter(({ at }) => mountain(toPlane(at)) < 0.5).map(({ at }) =>
    blob(next, toPlane(at), 1.7, 22, 'town'),
  )
  const villages: Feature<Polygon>[] = []
  for (let lat = south + 0.03; lat < north - 0.03; lat += 0.0145) {
    for (let lon = west + 0.03; lon < east - 0.03; lon += 0.019) {
      const at: [number, number] = [lon + (next() - 0.5) * 0.014, lat + (next() - 0.5) * 0.011]
      const p = toPlane(at)
      if (next() < 0.25 + mountain(p) * 0.9 || insideRing(at, outline) || reservoir(p) > -0.3) continue
      villages.push(blob(next, p, 0.15 + next() * 0.14, 6, 'village'))
    }
  }
  return [...towns, ...villages]
}

/** A patch with a broken edge; settlements of the plain are rather square. */
function blob(next: Random, [x, y]: Point, radius: number, corners: number, kind: string): Feature<Polygon> {
  const turn = next() * 0.5
  const wide = 0.8 + next() * 0.5
  const ring: Point[] = []
  for (let k = 0; k < corners; k++) {
    const angle = (k / corners) * Math.PI * 2
    const square = 1 / Math.max(Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle)))
    const r = radius * (0.45 + 0.4 * square) * (0.78 + next() * 0.44)
    const dx = Math.cos(angle) * r * wide
    const dy = (Math.sin(angle) * r) / wide
    ring.push([x + dx * Math.cos(turn) - dy * Math.sin(turn), y + dx * Math.sin(turn) + dy * Math.cos(turn)])
  }
  const coordinates = (kind === 'town' ? smoothLine(ring, 1, true) : ring).map((p) =>
    toLonLat(p, kind === 'town' ? 5 : 4),
  )
  coordinates.push(coordinates[0]!)
  return { type: 'Feature', properties: { class: kind }, geometry: { type: 'Polygon', coordinates: [coordinates] } }
}

/** Names: rank 0 neighbouring counties, 1 the county town, 2 township seats, 3 mountains and the like. */
export function places(county: County): Feature<GeoPoint>[] {
  const point = (name: string, rank: number, at: readonly [number, number], kind: string): Feature<GeoPoint> => ({
    type: 'Feature',
    properties: { name, rank, kind },
    geometry: { type: 'Point', coordinates: [at[0], at[1]] },
  })
  const town = county.townships.find((t) => t.code === '120119001')!
  return [
    ...REGIONS.map(({ name, at }) => point(name, 0, at as [number, number], 'region')),
    point('蓟州城区', 1, town.seat, 'town'),
    ...county.townships.filter((t) => t !== town).map((t) => point(t.name, 2, t.seat, 'town')),
    point('盘山', 3, [117.288, 40.083], 'mountain'),
    point('九山顶', 3, [117.462, 40.203], 'mountain'),
    point('翠屏山', 3, [117.462, 40.01], 'mountain'),
    point('于桥水库', 3, [117.52, 40.036], 'water'),
  ]
}
