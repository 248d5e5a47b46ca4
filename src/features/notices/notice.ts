/** A grid's notice on the wall (网格公示牌): what the RPC `grid_notice` answers. Outlines in WGS84. */
type Outline = GeoJSON.Polygon | GeoJSON.MultiPolygon

export interface NoticePerson {
  user_id: string
  name: string
  title: string | null
  phone: string | null
  position: 'leader' | 'deputy' | 'member' | 'duty'
  photo_path: string | null
}

export interface Notice {
  id: number
  code: string
  name: string
  level: number
  kind: 'area' | 'unit'
  version: number
  area_m2: number | null
  population: number | null
  outline: Outline | null
  /** [lon, lat] */
  center: [number, number] | null
  /** Names from the root to the grid itself. */
  path: string[]
  /** Day the present outline was drawn, ISO. */
  drawn_on: string | null
  /** `outline` only for a grid that has none of its own. */
  parent: { name: string; outline: Outline | null } | null
  /** Of the same level, cut to the surroundings. */
  neighbours: { name: string; outline: Outline }[]
  children: { name: string; kind: 'area' | 'unit'; outline: Outline | null; center: [number, number] | null }[]
  people: NoticePerson[]
  /** Leaders of the grid above. */
  above: { grid: string; name: string; phone: string | null }[]
  duties: string[]
}

export interface NoticeAnswer {
  status: 'ok'
  /** ISO day the notice is made on. */
  date: string
  county: string | null
  issuer: string | null
  hotline: string | null
  hotline_word: string | null
  demo: boolean
  notices: Notice[]
}

export type PaperSize = 'A3' | 'A2'
export type Orientation = 'portrait' | 'landscape'

/** Short and long side, millimetres (ISO 216). A2 is A3 enlarged by √2: one drawing fits both. */
export const PAPER_MM: Record<PaperSize, [number, number]> = { A3: [297, 420], A2: [420, 594] }

/** Where the QR code leads: the form on which anybody reports a hazard in this grid. */
export const reportLink = (origin: string, code: string): string =>
  `${origin}/m/report?grid=${encodeURIComponent(code)}`

/** What no file system refuses. */
export const fileName = (title: string, extension: string): string =>
  `${title.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_').slice(0, 80)}.${extension}`

/** 2026-01-31 → 2026年1月31日 */
export function chineseDay(iso: string): string {
  const [year, month, day] = iso.split('-').map(Number)
  return `${year}年${month}月${day}日`
}
