// The calls of the command screen, typed. An answer that refuses is a failure with its words.
import { type Result, rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'
import type { AccidentFigures, Figures, MajorRow, Trend, WarningRow } from './command'
import type { Span } from './commandLink'

/** Reads are repeated once after a network failure. `is` tells an answer from a refusal. */
async function ask<T>(
  name: string,
  args: Record<string, unknown>,
  is: (data: T | Refusal) => boolean,
): Promise<Result<T>> {
  const answer = await rpc<T | Refusal>(name, args, { retry: true })
  if (!answer.ok) return answer
  return is(answer.data) ? { ok: true, data: answer.data as T } : { ok: false, error: refused(answer.data as Refusal) }
}

/** A row of `risk_map`: what colours a grid. */
export interface MapRow {
  grid_id: number
  code: string
  index: number
  level: number
}

const has = (key: string) => (data: unknown) => typeof data === 'object' && data !== null && key in data

export const askFigures = (grid: number | null, sector: string | null, { from, to }: Span) =>
  ask<Figures>('risk_briefing', { p_grid: grid, p_sector: sector, p_from: from, p_to: to }, has('risk'))

export const askMap = (sector: string | null, day: string | null) =>
  ask<MapRow[]>('risk_map', { p_level: null, p_sector: sector, p_on: day }, Array.isArray)

export const askTrend = (grid: number | null, sector: string | null, { from, to }: Span) =>
  ask<Trend>('risk_trend', { p_grid: grid, p_sector: sector, p_from: from, p_to: to }, has('index'))

export const askAccidents = (grid: number | null, sector: string | null, { from, to }: Span) =>
  ask<AccidentFigures>('accident_figures', { p_grid: grid, p_sector: sector, p_from: from, p_to: to }, has('figures'))

export interface Listed<T> {
  rows: T[]
  total: number
}

/** Warnings that are open, or those raised in a span of the past. */
export const askWarnings = (grid: number | null, sector: string | null, past: Span | null, most: number) =>
  ask<Listed<WarningRow>>(
    'list_warnings',
    {
      p_filter: { grid, sector, ...(past ? { ...past, state: 'all' } : { state: 'open' }) },
      p_after: null,
      p_limit: most,
    },
    has('rows'),
  )

/** Major hazards that are open, or those found in a span of the past; the newest first. */
export const askMajors = (grid: number | null, sector: string | null, past: Span | null, most: number) =>
  ask<Listed<MajorRow>>(
    'list_hazards',
    {
      p_filter: { grid, sector, severity: 'major', ...(past ? { ...past, status: STATES } : {}) },
      p_after: null,
      p_limit: most,
      p_sort: '-found_at',
    },
    has('rows'),
  )

const STATES = ['reported', 'verified', 'assigned', 'rectifying', 'submitted', 'closed', 'rejected']
