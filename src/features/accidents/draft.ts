// What one types of an accident, until the database has it. Pure.
import { bd09ToWgs84, gcj02ToWgs84 } from '../../geo/gcj'
import { type AccidentCardData, moment } from './accident'

/** Coordinate system of what was typed; stored is always WGS84 (≈ CGCS2000). */
export type TypedCrs = 'WGS84' | 'GCJ-02' | 'BD-09'

export interface AccidentDraft {
  id: string
  /** null: not recorded yet. */
  row_version: number | null
  title: string
  kind: string
  /** `YYYY-MM-DDTHH:MM` in China. */
  occurred_at: string
  enterprise: { id: string; name: string } | null
  /** Its id as text; '' for the enterprise's own. */
  sector: string
  lon: string
  lat: string
  crs: TypedCrs
  deaths: string
  serious_injuries: string
  minor_injuries: string
  /** 万元 */
  loss: string
  summary: string
  reason: string
}

/** An empty form. */
export const newDraft = (id: string): AccidentDraft => ({
  id,
  row_version: null,
  title: '',
  kind: '',
  occurred_at: '',
  enterprise: null,
  sector: '',
  lon: '',
  lat: '',
  crs: 'WGS84',
  deaths: '0',
  serious_injuries: '0',
  minor_injuries: '0',
  loss: '0',
  summary: '',
  reason: '',
})

/** A form with what is recorded. */
export const draftOf = (card: AccidentCardData): AccidentDraft => ({
  id: card.id,
  row_version: card.row_version,
  title: card.title,
  kind: card.kind,
  occurred_at: moment(card.occurred_at).replace(' ', 'T'),
  enterprise: card.enterprise,
  sector: card.sector ? String(card.sector.id) : '',
  lon: String(card.lon),
  lat: String(card.lat),
  crs: 'WGS84',
  deaths: String(card.deaths),
  serious_injuries: String(card.serious_injuries),
  minor_injuries: String(card.minor_injuries),
  // ten-thousandths of a 万元 are whole yuan
  loss: String(Math.round(card.loss * 100) / 1_000_000),
  summary: card.summary ?? '',
  reason: '',
})

/** 万元 as typed to yuan; what is no number stays as it is, for the database to refuse. */
export function yuanOf(wan: string): string {
  const number = Number(wan.trim())
  return wan.trim() === '' || Number.isNaN(number) ? wan.trim() : String(Math.round(number * 1_000_000) / 100)
}

/** What save_accident() takes; without coordinates the place is the enterprise's. */
export function payloadOf(draft: AccidentDraft): Record<string, unknown> {
  const { lon, lat } = placeOf(draft)
  return {
    id: draft.id,
    row_version: draft.row_version,
    title: draft.title,
    kind: draft.kind,
    occurred_at: draft.occurred_at,
    enterprise_id: draft.enterprise?.id ?? null,
    sector: draft.sector || null,
    lon,
    lat,
    deaths: draft.deaths.trim(),
    serious_injuries: draft.serious_injuries.trim(),
    minor_injuries: draft.minor_injuries.trim(),
    loss: yuanOf(draft.loss),
    summary: draft.summary,
    reason: draft.reason,
  }
}

function placeOf({ lon, lat, crs }: AccidentDraft): { lon: unknown; lat: unknown } {
  if (!lon.trim() && !lat.trim()) return { lon: null, lat: null }
  const typed: [number, number] = [Number(lon), Number(lat)]
  if (crs === 'WGS84' || typed.some(Number.isNaN)) return { lon: lon.trim(), lat: lat.trim() }
  const [x, y] = crs === 'GCJ-02' ? gcj02ToWgs84(typed) : bd09ToWgs84(typed)
  return { lon: x, lat: y }
}

/** Fields in which two forms differ, in the order of the form. */
export function differences(mine: AccidentDraft, theirs: AccidentDraft): (keyof AccidentDraft)[] {
  const fields = [
    'title',
    'kind',
    'occurred_at',
    'sector',
    'lon',
    'lat',
    'deaths',
    'serious_injuries',
    'minor_injuries',
    'loss',
    'summary',
  ] as const
  return [
    ...(mine.enterprise?.id !== theirs.enterprise?.id ? (['enterprise'] as const) : []),
    ...fields.filter((field) => mine[field].trim() !== theirs[field].trim()),
  ]
}
