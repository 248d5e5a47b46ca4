import type { Geometry, MultiPolygon, Polygon } from 'geojson'
import type { ArcIndex } from './arcIndex'
import type { Ledger } from './ledger'

/** Id of a grid; cells made in this session are negative. */
export type CellId = number

/** [lon, lat], EPSG:4326, every coordinate a multiple of 1e-7 degrees. */
export type Position = [number, number]

/** A grid as it comes in: its outline in EPSG:4326, its level in the tree and the grid above it. */
export interface CellInput {
  id: CellId
  level: number
  parent: CellId | null
  geometry: MultiPolygon | Polygon
}

/** A stretch of border from one junction to the next; closed (first point = last) when it has no junction. */
export interface Arc {
  readonly id: number
  readonly points: readonly Position[]
  /** On the root's outline: may not move. */
  readonly fixed: boolean
  /** Levels of the cells it bounds, ascending; the root does not count. */
  readonly levels: readonly number[]
  /** Cells (the root too) whose interior lies left, respectively right, of the arc and that end here. */
  readonly left: readonly CellId[]
  readonly right: readonly CellId[]
}

export interface Cell {
  readonly id: CellId
  readonly level: number
  readonly parent: CellId | null
  /** Polygons of rings of arc numbers as in TopoJSON: ~i is arc i backwards. Outer rings first, anticlockwise. */
  readonly polygons: readonly (readonly (readonly number[])[])[]
}

/** The grids below one grid, standing on shared borders. Never changed: an edit gives a new one that shares the rest. */
export interface Coverage {
  /** The edited level: the root's children. */
  readonly level: number
  /** The grid whose children are edited; not one of `cells`. */
  readonly root: Cell
  readonly arcs: Ledger<Arc>
  readonly cells: Ledger<Cell>
  readonly children: Ledger<readonly CellId[]>
  readonly index: ArcIndex
  /** The number of the next new arc. */
  readonly nextArc: number
}

export type Edit =
  | { ok: true; coverage: Coverage; touched: CellId[]; created: CellId[]; removed: CellId[] }
  | { ok: false; reason: Reason }

export type ReasonCode =
  /** A ring with too few points, numbers that are none, or nothing at all. */
  | 'INVALID_GEOMETRY'
  | 'TOO_MANY_VERTICES'
  | 'OUT_OF_RANGE'
  | 'DUPLICATE_ID'
  | 'UNKNOWN_CELL'
  | 'UNKNOWN_ARC'
  | 'UNKNOWN_GAP'
  | 'NO_SUCH_VERTEX'
  /** On the outline of the grid whose children are edited. */
  | 'FIXED'
  /** Only a plain vertex can be deleted, not a place where borders meet. */
  | 'IS_JUNCTION'
  | 'TOO_FEW_VERTICES'
  | 'ZERO_AREA'
  | 'SELF_CROSSING'
  | 'OUTSIDE_PARENT'
  /** The drawn ring holds no ground that is free. */
  | 'NO_FREE_GROUND'
  /** The drawn area holds no ground of the cell. */
  | 'NO_GROUND'
  /** Nothing of the giving cell would be left. */
  | 'NOTHING_LEFT'
  /** The split line does not cut the cell. */
  | 'DOES_NOT_CROSS'
  /** More pieces than ids; `values.pieces` says how many ids are needed. */
  | 'TOO_FEW_IDS'
  | 'NOT_ADJACENT'
  | 'NOT_SIBLINGS'
  | 'HAS_CHILDREN'
  /** Children (named in `cells`) would end up outside their parent. */
  | 'ORPHANED_CHILDREN'
  /** Borders lie so close together that the grid of 1e-7 degrees cannot tell them apart. */
  | 'TOO_FINE'
  /** It is as it should be already. */
  | 'NOTHING_CHANGES'

export interface Reason {
  code: ReasonCode
  cells?: CellId[]
  at?: Position
  values?: Record<string, number>
}

export type IssueCode =
  | 'INVALID_GEOMETRY'
  | 'OVERLAP'
  | 'OUTSIDE_PARENT'
  | 'SLIVER'
  | 'GAP'
  | 'TOO_MANY_VERTICES'
  | 'ORPHANED_CHILDREN'

/** Something wrong, or worth a look, in a coverage. `shape` is the piece of ground (or the places) it is about. */
export interface Issue {
  code: IssueCode
  cells: CellId[]
  area_m2?: number
  shape: Geometry
  severity: 'error' | 'warning'
  at: Position
}

export type Opened = { ok: true; coverage: Coverage; untidy: Issue[] } | { ok: false; reason: Reason }

export const refuse = (code: ReasonCode, more: Omit<Reason, 'code'> = {}): { ok: false; reason: Reason } => ({
  ok: false,
  reason: { code, ...more },
})
