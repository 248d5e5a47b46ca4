import type { Topology } from 'topojson-specification'
import { random } from '../random.ts'
import { namedVillages, outline } from '../sources.ts'
import { type Arc, type ArcRing, assemble, traceBorders } from './borders.ts'
import { placeNames } from './placeNames.ts'
import { toLonLat, toPlane } from './plane.ts'
import { addOddities, tessellate } from './tessellate.ts'
import { TOWNS } from './towns.ts'

const SEED = 120119
const STEP = 1e-6
const WEST = 117
const SOUTH = 39

/**
 * Draws the county: 983 villages, 28 townships and the county itself over one set of arcs, as TopoJSON whose
 * whole numbers are millionths of a degree (WGS84). Objects: `villages` (id = code; properties township, home =
 * [lon, lat] of the houses), `townships` (id; name, seat), `county`. Takes some seconds; the result is committed.
 */
export function drawCounty(): Topology {
  const next = random(SEED)
  const named = namedVillages()
  const byTownship = TOWNS.map(({ code }) => named.filter((v) => v.township === code))
  const cut = tessellate(
    next,
    outline().map(toPlane),
    byTownship.map((list) => list.length),
  )
  addOddities(cut)
  const arcs = traceBorders(cut.mesh, cut.villageOf)
  const villages = assemble(arcs, cut.townshipOf.length, (v) => v)
  const townships = assemble(arcs, TOWNS.length, (v) => cut.townshipOf[v]!)
  const county = assemble(arcs, 1, () => 0)

  const villageGeometries = byTownship.flatMap((list, t) => {
    const first = cut.townshipOf.indexOf(t)
    const homes = list.map((_, k) => cut.mesh.points[cut.settlement[first + k]!]!)
    const townshipName = list[0]!.townshipName
    const order = placeNames(
      next,
      list.map((v) => v.name),
      homes,
      townshipName.replace(/(镇|街道|满族乡)$/, ''),
    )
    return homes.map((home, k) => ({
      ...geometry(villages[first + k]!),
      id: list[order[k]!]!.code,
      properties: { township: TOWNS[t]!.code, home: toLonLat(home, 5) },
    }))
  })
  const townshipGeometries = TOWNS.map((town, t) => ({
    ...geometry(townships[t]!),
    id: town.code,
    properties: { name: byTownship[t]![0]!.townshipName, seat: town.seat as [number, number] },
  }))
  return {
    type: 'Topology',
    transform: { scale: [STEP, STEP], translate: [WEST, SOUTH] },
    arcs: arcs.map(deltas),
    objects: {
      villages: { type: 'GeometryCollection', geometries: villageGeometries },
      townships: { type: 'GeometryCollection', geometries: townshipGeometries },
      county: {
        type: 'GeometryCollection',
        geometries: [{ ...geometry(county[0]!), id: '120119', properties: { name: '蓟州区' } }],
      },
    },
  }
}

function geometry(rings: ArcRing[][]) {
  return rings.length === 1
    ? { type: 'Polygon' as const, arcs: rings[0]! }
    : { type: 'MultiPolygon' as const, arcs: rings }
}

function deltas({ line }: Arc): [number, number][] {
  let x = 0
  let y = 0
  return line.map(([lon, lat]) => {
    const nx = Math.round((lon - WEST) / STEP)
    const ny = Math.round((lat - SOUTH) / STEP)
    const step: [number, number] = [nx - x, ny - y]
    x = nx
    y = ny
    return step
  })
}
