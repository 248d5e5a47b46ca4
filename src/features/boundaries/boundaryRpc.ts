// What the editor asks of the database. Every failure is a value with words.
import type { Feature, FeatureCollection, Geometry, MultiPolygon, Point, Polygon } from 'geojson'
import { supabase } from '../../db/client'
import { failureOf, type Result, rpc } from '../../db/rpc'

/** What a grid carries beside its outline. */
export interface GridProperties {
  id: number
  code: string
  name: string
  /** 1 county, 2 township, 3 village */
  level: number
  kind: 'area' | 'unit'
  parent_id: number | null
  version: number
  leader: string | null
  population: number | null
}
export type GridFeature = Feature<Polygon | MultiPolygon, GridProperties>

/** What `open_boundaries` answers: one grid and all below it, exact (EPSG:4326, 7 decimals). */
export interface Opened {
  status: 'ok'
  may_edit: boolean
  next_code: string | null
  grid: GridFeature
  cells: FeatureCollection<Polygon | MultiPolygon, GridProperties>
  units: FeatureCollection<Polygon | MultiPolygon | Point, GridProperties>
}

/** Somebody to be registered; `new`: although somebody of that name is known. */
export interface NewPerson {
  name: string
  phone: string
  new?: true
}
/** Who shall lead a grid that is made: somebody known, or a new person. */
export type NewLeader = { user_id: string; name: string } | NewPerson

/** One element of `p_changes`; a field left out keeps its value. */
export interface SentChange {
  id?: number
  version?: number
  code?: string
  name?: string
  kind?: 'area'
  parent_id?: number
  parent_code?: string
  population?: number | null
  boundary?: MultiPolygon
  leader?: string | NewPerson
  retire?: true
  /** With `retire`: the grid that its people go to, by id, or by code when it is new too. */
  members_to?: number
  members_to_code?: string
}

export interface MovedThing {
  kind: 'enterprise' | 'hazard'
  id: string
  name: string
  lon: number
  lat: number
  from_id: number | null
  from: string | null
  to_id: number | null
  to: string | null
}

export type Post = 'leader' | 'deputy' | 'member' | 'duty'

export interface AffectedPerson {
  user_id: string
  name: string
  phone: string | null
  position: Post
  grid_id: number | null
  grid_code: string
  grid: string
  /** The grid goes: then `to` says where the person goes, and `becomes` as what; null: as what they are there (`held`). */
  retired: boolean
  to: string | null
  held: Post | null
  becomes: Post | null
}

export interface Consequences {
  areas: { id?: number | null; code: string; name?: string; before_m2: number | null; after_m2: number | null }[]
  moved: MovedThing[]
  people: AffectedPerson[]
}

export type Violation = Feature<
  Geometry | null,
  { code: string; message: string; change?: number; grid_id?: number; grid_code?: string; area_m2?: number }
>
export type FoundGap = Feature<Geometry, { grid_id: number; grid_name: string; area_m2: number; message: string }>
export type TheirGrid = Feature<
  Polygon | MultiPolygon | null,
  GridProperties & { changed_by?: string | null; changed_at?: string | null; note?: string | null; retired?: boolean }
>

/** What `commit_grid_boundaries` answers. */
export interface CommitAnswer {
  status: 'committed' | 'valid' | 'rejected' | 'conflict'
  grids: { id: number | null; code: string; version: number; change?: number }[] | FeatureCollection
  violations: { features: Violation[] }
  gaps: { features: FoundGap[] }
  moved: { enterprises: number; hazards: number }
  message?: string
  consequences?: Consequences
  /** Of a conflict: every stale grid as it is now, exact. */
  current?: { features: TheirGrid[] }
}

export interface SendOptions {
  dryRun: boolean
  requestId?: string
  note?: string
}

/** The id of the grid with a code, null when the asker cannot see one. */
export async function gridIdOf(code: string): Promise<Result<number | null>> {
  const { data, error, status } = await supabase()
    .from('grids')
    .select('id')
    .eq('code', code)
    .is('retired_at', null)
    .maybeSingle()
  if (error) return { ok: false, error: failureOf(status, error) }
  return { ok: true, data: data?.id ?? null }
}

export const openBoundaries = (grid: number): Promise<Result<Opened | { status: 'not_found' }>> =>
  rpc('open_boundaries', { p_grid: grid }, { retry: true })

/** Sends changes. A dry run writes nothing and says what would follow. Never repeated by itself. */
export function commitBoundaries(changes: readonly SentChange[], options: SendOptions): Promise<Result<CommitAnswer>> {
  const note = options.note?.trim()
  const p_options = {
    dry_run: options.dryRun,
    details: true,
    ...(options.requestId ? { request_id: options.requestId } : {}),
    ...(note ? { note } : {}),
  }
  return rpc('commit_grid_boundaries', { p_changes: changes, p_options }, { retry: false })
}

/** Whether a commit whose answer was lost arrived. */
export const commitOutcome = (
  request: string,
): Promise<
  Result<{ status: 'committed'; grids: { id: number; code: string; version: number }[] } | { status: 'unknown' }>
> => rpc('commit_outcome', { p_request: request }, { retry: true })

type AsOf = FeatureCollection<
  Polygon | MultiPolygon,
  { id: number; code: string; name: string; version: number; self: boolean }
>

/** A grid and its children as of a moment. */
export const boundariesAt = (grid: number, at: string): Promise<Result<AsOf | { status: 'not_found' }>> =>
  rpc('boundaries_at', { p_grid: grid, p_at: at }, { retry: true })

export interface FoundPerson {
  user_id: string
  name: string
  title: string | null
  phone: string | null
}

export const findPeople = (query: string): Promise<Result<FoundPerson[]>> =>
  rpc('find_people', { p_query: query, p_limit: 8 }, { retry: true })
