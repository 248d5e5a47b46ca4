// The link of the command screen: everything on it follows from what was chosen, so that a wall can be sent as a link.

/** What can be chosen; the link carries them in the order in which they were. */
const KEYS = ['grid', 'sector', 'on'] as const
type Key = (typeof KEYS)[number]

export interface CommandLink {
  /** Code of a grid; null for the whole scope. */
  grid: string | null
  /** Id of a sector; null for all. */
  sector: number | null
  /** A day (`2026-03-14`) or a month (`2026-03`) of the past; null for now. */
  on: string | null
  /** Only what is chosen, the latest last. */
  order: readonly Key[]
}

export const NOTHING: CommandLink = { grid: null, sector: null, on: null, order: [] }

type Query = Record<string, string | null | undefined | (string | null)[]>

/** Whether a word names a day, or a month, that exists. */
export function isDayOrMonth(word: string): boolean {
  if (!/^\d{4}-\d{2}(-\d{2})?$/.test(word)) return false
  const day = word.length === 7 ? `${word}-01` : word
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

/** Reads a query; whatever makes no sense is passed over, so that a damaged link still opens the screen. */
export function parseLink(query: Query): CommandLink {
  const word = (name: Key): string => {
    const value = query[name]
    return (Array.isArray(value) ? value[0] : value) ?? ''
  }
  const sector = Number(word('sector'))
  const link = {
    grid: word('grid') || null,
    sector: Number.isInteger(sector) && sector > 0 ? sector : null,
    on: isDayOrMonth(word('on')) ? word('on') : null,
  }
  const order = Object.keys(query).filter(
    (name): name is Key => KEYS.includes(name as Key) && link[name as Key] !== null,
  )
  return { ...link, order }
}

/** Writes a query, what was chosen last at its end. */
export const formatLink = (link: CommandLink): Record<string, string> =>
  Object.fromEntries(link.order.flatMap((key) => (link[key] === null ? [] : [[key, String(link[key])]])))

/** Chooses something, or lets it go (null). What is chosen anew is the latest; what only changes keeps its turn. */
export function choose<K extends Key>(link: CommandLink, key: K, value: CommandLink[K]): CommandLink {
  const others = link.order.filter((each) => each !== key)
  if (value === null) return { ...link, [key]: null, order: others }
  return { ...link, [key]: value, order: link.order.includes(key) ? link.order : [...others, key] }
}

/** The same thing once more lets it go, as a second click does. */
export const toggle = <K extends Key>(link: CommandLink, key: K, value: CommandLink[K]): CommandLink =>
  choose(link, key, link[key] === value ? (null as CommandLink[K]) : value)

/**
 * One step back: lets go what was chosen last, a grid one level at a time.
 * @param parent code of the grid above a chosen one; null when that is the whole scope
 */
export function stepBack(link: CommandLink, parent: (code: string) => string | null): CommandLink {
  const last = link.order.at(-1)
  if (!last) return link
  if (last === 'grid' && link.grid) return choose(link, 'grid', parent(link.grid))
  return choose(link, last, null)
}

/** The days that a choice of time means; ISO dates, both inclusive. */
export interface Span {
  from: string
  to: string
}

export interface Times {
  /** At the end of which day; null for now. */
  day: string | null
  /** What happened of late: the last 7 days, or the chosen month. */
  late: Span
  /** What is set against the same span of last year: the year so far, or the chosen month. */
  year: Span
  /** The last day that is known of the year in which that lies: what months are drawn up to. */
  yearEnd: string
}

/** @param today ISO date of the county, by the server's clock */
export function timesOf(on: string | null, today: string): Times {
  const past = on !== null && (on.length === 7 ? `${on}-01` : on) <= today
  if (past && on.length === 7) {
    const last = lastOfMonth(on)
    const month = { from: `${on}-01`, to: last < today ? last : today }
    return { day: last < today ? last : null, late: month, year: month, yearEnd: endOfYear(on, today) }
  }
  const day = past && on < today ? on : null
  const to = day ?? today
  return {
    day,
    late: { from: daysFrom(to, -6), to },
    year: { from: `${to.slice(0, 4)}-01-01`, to },
    yearEnd: endOfYear(to, today),
  }
}

const endOfYear = (day: string, today: string): string => {
  const last = `${day.slice(0, 4)}-12-31`
  return last < today ? last : today
}

/** An ISO date so many days later (earlier when negative). */
function daysFrom(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

/** The last day of a month (`2026-02` → `2026-02-28`). */
function lastOfMonth(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
}
