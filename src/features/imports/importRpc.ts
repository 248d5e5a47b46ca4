import type { FeatureCollection } from 'geojson'
import { supabase } from '../../db/client'
import { type Result, rpc } from '../../db/rpc'
import type { EnterpriseRow, SectorChoice } from './enterpriseDraft'
import { type ExistingGrid, type GridDraft, toChanges } from './gridDraft'
import type { ImportedHazard } from './hazardDraft'
import type { EnterpriseOptions, GridOptions } from './importSession'
import type { ImportedRiskPoint } from './riskPointDraft'

/** What `commit_grid_boundaries` answers (DESIGN.md). */
export interface GridAnswer {
  status: 'committed' | 'valid' | 'rejected' | 'conflict'
  grids: { id: number; code: string; version: number }[]
  violations: FeatureCollection
  gaps: FeatureCollection
  moved: { enterprises: number; hazards: number }
  message?: string
}

/** What `import_enterprises` answers; `row` counts from 1 in the order sent. */
export interface EnterpriseAnswer {
  status: 'committed' | 'valid' | 'rejected'
  inserted: number
  updated: number
  rows: {
    row: number
    status: string
    grid_code: string | null
    /** Where a hazard was put, or the enterprise of a risk point is. */
    lon?: number | null
    lat?: number | null
    errors: { field: string | null; code: string; message: string }[]
  }[]
  message?: string
}

/** Every grid of the county with an outline coarse enough to be context (about 30 m). */
export async function loadGrids(
  signal?: AbortSignal,
): Promise<Result<{ grids: ExistingGrid[]; outline: FeatureCollection }>> {
  const answer = await rpc<FeatureCollection>(
    'grid_features',
    { p_level: null, p_parent: null, p_bbox: null, p_tolerance: 0.0003 },
    signal ? { signal } : {},
  )
  if (!answer.ok) return answer
  const grids = answer.data.features.map((feature) => feature.properties as unknown as ExistingGrid)
  return { ok: true, data: { grids, outline: answer.data } }
}

/** The sectors there are, as the table orders them. */
export async function loadSectors(): Promise<SectorChoice[] | null> {
  const { data, error } = await supabase().from('sectors').select('code, name').order('sort').order('id')
  return error ? null : data
}

/** Makes sectors of the words of a file (code and name are the word). @returns whether it was done. */
export async function createSectors(words: string[], after: number): Promise<boolean> {
  const rows = words.map((word, index) => ({
    code: word.slice(0, 40),
    name: word.slice(0, 60),
    sort: after + index + 1,
  }))
  const { error } = await supabase().from('sectors').insert(rows)
  return !error
}

/** Sends grids. With `dryRun` nothing is written. */
export function sendGrids(
  drafts: GridDraft[],
  existing: ExistingGrid[],
  options: GridOptions,
  dryRun: boolean,
  signal?: AbortSignal,
): Promise<Result<GridAnswer>> {
  const p_options = {
    dry_run: dryRun,
    allow_gaps: options.allowGaps,
    tolerance_m: options.toleranceM,
    ...(options.note.trim() ? { note: options.note.trim() } : {}),
  }
  const args = { p_changes: toChanges(drafts, existing), p_options }
  return rpc<GridAnswer>('commit_grid_boundaries', args, { retry: false, ...(signal ? { signal } : {}) })
}

/** Rows of an old ledger of hazards, at most 2,000. With `dryRun` nothing is written; the same row is never written twice. */
export function sendHazards(
  rows: ImportedHazard[],
  dryRun: boolean,
  signal?: AbortSignal,
): Promise<Result<EnterpriseAnswer>> {
  const args = { p_rows: rows, p_options: { dry_run: dryRun } }
  return rpc<EnterpriseAnswer>('import_hazards', args, { retry: false, ...(signal ? { signal } : {}) })
}

/** Risk points, at most 2,000 in one call: all or none. With `dryRun` nothing is written. */
export function sendRiskPoints(
  rows: ImportedRiskPoint[],
  onDuplicate: EnterpriseOptions['onDuplicate'],
  dryRun: boolean,
  signal?: AbortSignal,
): Promise<Result<EnterpriseAnswer>> {
  const args = { p_rows: rows, p_options: { dry_run: dryRun, on_duplicate: onDuplicate } }
  return rpc<EnterpriseAnswer>('import_risk_points', args, { retry: false, ...(signal ? { signal } : {}) })
}

/** Sends enterprises. With `dryRun` nothing is written. */
export function sendEnterprises(
  rows: EnterpriseRow[],
  onDuplicate: EnterpriseOptions['onDuplicate'],
  dryRun: boolean,
  signal?: AbortSignal,
): Promise<Result<EnterpriseAnswer>> {
  const args = { p_rows: rows, p_options: { dry_run: dryRun, on_duplicate: onDuplicate } }
  return rpc<EnterpriseAnswer>('import_enterprises', args, { retry: false, ...(signal ? { signal } : {}) })
}
