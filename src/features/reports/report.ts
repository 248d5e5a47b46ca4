// What a person says when they report a hazard (隐患上报), and when it can be sent. Pure.

export type Severity = 'general' | 'major'
export type Source = 'patrol' | 'inspection' | 'enterprise' | 'department'

/** How the place came about. guess: the middle of a grid, nobody has said yet that it is here. */
export type PlaceBy = 'none' | 'guess' | 'gps' | 'hand'

export interface ReportPhoto {
  /** Names the file: `<client_id>/<id>.jpg`. */
  id: string
  /** JPEG, at most 1600 pixels, nothing in it but the picture. */
  blob: Blob
}

export interface Report {
  client_id: string
  /** WGS84 degrees; null until there is a place. */
  at: [number, number] | null
  place: PlaceBy
  /** Metres, of the satellites' place; null when placed by hand. */
  accuracy: number | null
  enterprise_id: string | null
  /** Id of a sector. */
  sector: number | null
  /** Id of a category; nobody has to choose one. */
  category: number | null
  severity: Severity
  title: string
  description: string
  photos: ReportPhoto[]
}

/** Photos of one report. */
export const MOST_PHOTOS = 6
const LONGEST_TITLE = 120
const LONGEST_DESCRIPTION = 4000

/** Ids that also work on a page without https, where crypto.randomUUID is missing. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export const newReport = (): Report => ({
  client_id: newId(),
  at: null,
  place: 'none',
  accuracy: null,
  enterprise_id: null,
  sector: null,
  category: null,
  severity: 'general',
  title: '',
  description: '',
  photos: [],
})

/** Nothing in it that would be a pity to lose. */
export const isEmpty = (report: Report): boolean =>
  !report.title.trim() && !report.description.trim() && !report.photos.length

export type Missing = 'place' | 'sector' | 'title' | 'titleLong' | 'descriptionLong'

/** What keeps a report from being sent, in the order of the page. */
export function missing(report: Report): Missing[] {
  const faults: Missing[] = []
  if (!report.at || report.place === 'none' || report.place === 'guess') faults.push('place')
  if (report.sector === null) faults.push('sector')
  if (!report.title.trim()) faults.push('title')
  else if ([...report.title.trim()].length > LONGEST_TITLE) faults.push('titleLong')
  if ([...report.description.trim()].length > LONGEST_DESCRIPTION) faults.push('descriptionLong')
  return faults
}

interface Rights {
  positions: readonly { position: string }[]
  departments: readonly unknown[]
  enterprises: readonly unknown[]
}

/** Which of the sources of DOMAIN.md a report from this person is: members patrol, leaders inspect. */
export function sourceOf(me: Rights): Source {
  if (me.positions.some(({ position }) => position === 'member')) return 'patrol'
  if (me.positions.length) return 'inspection'
  if (me.departments.length) return 'department'
  return me.enterprises.length ? 'enterprise' : 'inspection'
}

export const photoPath = (client_id: string, photo: string): string => `${client_id}/${photo}.jpg`

/** The argument of report_hazard. @throws Error when something is missing: ask `missing` first. */
export function argsOf(report: Report, source: Source, found_at: Date): Record<string, unknown> {
  if (missing(report).length || !report.at) throw new Error('the report is not complete')
  return {
    client_id: report.client_id,
    title: report.title.trim(),
    description: report.description.trim(),
    lon: round(report.at[0]),
    lat: round(report.at[1]),
    ...(report.enterprise_id ? { enterprise_id: report.enterprise_id } : {}),
    sector: String(report.sector),
    ...(report.category ? { category: String(report.category) } : {}),
    severity: report.severity,
    source,
    photos: report.photos.map((photo) => photoPath(report.client_id, photo.id)),
    found_at: found_at.toISOString(),
  }
}

// Seven decimals are a centimetre.
const round = (degrees: number): number => Math.round(degrees * 1e7) / 1e7

/** The first thing said: up to the first stop, short enough for a title. */
export function firstWords(description: string): string {
  const first =
    description
      .trim()
      .split(/[。；;！!？?\n，,]/)[0]
      ?.trim() ?? ''
  return [...first].slice(0, 30).join('')
}

/**
 * Titles to choose from: what the ledger calls such things in this sector, those that share letters with what was
 * written first, then the most frequent.
 * @param known titles of the sector, the most frequent first
 */
export function suggestTitles(known: readonly string[], written: string, most = 6): string[] {
  const letters = new Set([...written].filter((letter) => /\p{L}|\p{N}/u.test(letter)))
  const shared = (title: string) => new Set([...title].filter((letter) => letters.has(letter))).size
  const ranked = known
    .map((title, rank) => ({ title, rank, likeness: shared(title) >= 2 ? shared(title) : 0 }))
    .sort((a, b) => b.likeness - a.likeness || a.rank - b.rank)
    .map(({ title }) => title)
  const own = firstWords(written)
  return [...new Set(own.length >= 4 ? [own, ...ranked] : ranked)].slice(0, most)
}

/**
 * Sectors or categories in the order in which this person is likely to need them.
 * @param likely ids, the likeliest first; may repeat and may hold ids that are not in `all`
 */
export function likeliestFirst<T extends { id: number }>(all: readonly T[], likely: readonly number[]): T[] {
  const first = [...new Set(likely)].flatMap((id) => all.find((one) => one.id === id) ?? [])
  return [...first, ...all.filter((one) => !first.includes(one))]
}
