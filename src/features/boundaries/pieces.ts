// The pieces of a split while it is asked what they are called: which is which, and what is in them.
import type { MultiPolygon } from 'geojson'
import { rpc } from '../../db/rpc'
import { contains } from '../../geo/contains'
import { onLattice } from '../../geo/coverage/lattice'
import { areaOf, geometryOf } from '../../geo/coverage/read'
import type { CellId, Coverage, Position } from '../../geo/coverage/types'
import { labelPoint } from '../../geo/labelPoint'
import type { NewLeader } from './boundaryRpc'

export interface Piece {
  geometry: MultiPolygon
  area_m2: number
}

/** How a piece shall be called; `piece`: which one. */
export interface NamedPiece {
  code: string
  name: string
  leader: NewLeader | null
  piece?: number
}

export const piecesOf = (coverage: Coverage, ids: readonly CellId[]): Piece[] =>
  ids.map((id) => ({ geometry: geometryOf(coverage, id), area_m2: areaOf(coverage, id) }))

/** A place well inside a piece. */
export const placeIn = (piece: Piece): Position => onLattice(labelPoint(piece.geometry))

/** Which of the made cells is to be called how: a cell is the piece that it lies in. */
export function namesOfPieces(
  coverage: Coverage,
  made: readonly CellId[],
  pieces: readonly Piece[],
  named: readonly NamedPiece[],
): Map<CellId, Omit<NamedPiece, 'piece'>> {
  const names = new Map<CellId, Omit<NamedPiece, 'piece'>>()
  for (const id of made) {
    const cell = coverage.cells.get(id)
    if (!cell || cell.level !== coverage.level) continue
    const at = labelPoint(geometryOf(coverage, id))
    const which = pieces.findIndex((piece) => contains(piece.geometry, at))
    const name = named.find((each) => each.piece === which)
    if (name) names.set(id, { code: name.code, name: name.name, leader: name.leader })
  }
  return names
}

/** Enterprises in each piece, as the asker may see them; null when they cannot be counted now. */
export async function countEnterprises(pieces: readonly Piece[]): Promise<number[] | null> {
  const all = pieces.flatMap(({ geometry }) => geometry.coordinates.flat(2)) as Position[]
  if (!all.length) return null
  const [lons, lats] = [all.map(([lon]) => lon), all.map(([, lat]) => lat)]
  const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b))
  const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b))
  const p_bbox = [least(lons), least(lats), most(lons), most(lats)]
  const args = { p_kind: 'enterprise', p_bbox, p_filter: {}, p_limit: 20_000 }
  const answer = await rpc<{ lon?: number[]; lat?: number[] }>('map_points', args)
  const { lon, lat } = answer.ok ? answer.data : {}
  if (!lon || !lat) return null
  return pieces.map(({ geometry }) => lon.filter((x, i) => contains(geometry, [x, lat[i]!])).length)
}
