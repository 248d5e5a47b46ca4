// The link of the map: what a person sees can be sent to another, and the browser's back button works.
import { isDay } from '../../features/riskTime/day'
import type { Camera } from '../../map/camera'

/** What the other half of a comparison shows: another day (null: today), or another sector (null: all). */
export type Versus = { day: string | null } | { sector: number | null }

export interface MapLink {
  /** Code of the grid that everything is about; null for the whole scope. */
  grid: string | null
  /** What is open, other than a grid. */
  sel: { kind: 'enterprise' | 'hazard'; id: string } | null
  /** [lon, lat] of the place that is asked for. */
  ask: [number, number] | null
  sector: number | null
  /** The day whose risk is shown, `YYYY-MM-DD` in China; null for now. */
  on: string | null
  /** Over how many days the ranking says what changed. */
  days: Period
  versus: Versus | null
  level: 'auto' | 2 | 3
  /** As features/layers/layer.ts writes it; null for what this browser remembers. */
  layers: string | null
  camera: Camera | null
}

export const PERIODS = [7, 30, 365] as const
export type Period = (typeof PERIODS)[number]

type Query = Record<string, string | null | undefined | (string | null)[]>
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Reads a query; whatever makes no sense is passed over, so that a damaged link still opens the map. */
export function parseLink(query: Query): MapLink {
  const word = (name: string): string | null => {
    const value = query[name]
    return (Array.isArray(value) ? value[0] : value) || null
  }
  const [kind, id] = (word('sel') ?? '').split(':')
  const level = word('level')
  const on = word('on')
  return {
    grid: word('grid'),
    sel: (kind === 'enterprise' || kind === 'hazard') && id && UUID.test(id) ? { kind, id } : null,
    ask: parseSpot(word('ask')),
    sector: idOf(word('sector')),
    on: isDay(on) ? on : null,
    days: PERIODS.find((days) => String(days) === word('days')) ?? 7,
    versus: parseVersus(word('vs')),
    level: level === '2' ? 2 : level === '3' ? 3 : 'auto',
    layers: word('layers'),
    camera: parseCamera(word('c')),
  }
}

/** Writes a query, in a fixed order and without what is the default. */
export function formatLink(link: MapLink): Record<string, string> {
  return {
    ...(link.grid ? { grid: link.grid } : {}),
    ...(link.layers ? { layers: link.layers } : {}),
    ...(link.sector ? { sector: String(link.sector) } : {}),
    ...(link.on ? { on: link.on } : {}),
    ...(link.days === 7 ? {} : { days: String(link.days) }),
    ...(link.versus ? { vs: formatVersus(link.versus) } : {}),
    ...(link.level === 'auto' ? {} : { level: String(link.level) }),
    ...(link.sel ? { sel: `${link.sel.kind}:${link.sel.id}` } : {}),
    ...(link.ask ? { ask: link.ask.map((degrees) => Number(degrees.toFixed(6))).join(',') } : {}),
    ...(link.camera ? { c: formatCamera(link.camera) } : {}),
  }
}

function parseSpot(word: string | null): [number, number] | null {
  const [lon, lat, ...more] = (word ?? '').split(',').map((part) => (part.trim() ? Number(part) : Number.NaN))
  return lon !== undefined && lat !== undefined && !more.length && Math.abs(lon) <= 180 && Math.abs(lat) <= 85
    ? [lon, lat]
    : null
}

const idOf = (word: string | null): number | null => {
  const id = Number(word)
  return Number.isInteger(id) && id > 0 ? id : null
}

/** `2026-10-03`, `today`, `sector:5`, `sector:all`. */
const formatVersus = (versus: Versus): string =>
  'day' in versus ? (versus.day ?? 'today') : `sector:${versus.sector ?? 'all'}`

function parseVersus(word: string | null): Versus | null {
  if (word === 'today') return { day: null }
  if (word === 'sector:all') return { sector: null }
  if (word?.startsWith('sector:')) {
    const sector = idOf(word.slice(7))
    return sector === null ? null : { sector }
  }
  return isDay(word) ? { day: word } : null
}

/** `lon,lat,zoom`: five decimals are about a metre. */
export function formatCamera({ center, zoom }: Camera): string {
  return [center[0].toFixed(5), center[1].toFixed(5), zoom.toFixed(2)].map(Number).join(',')
}

export function parseCamera(word: string | null): Camera | null {
  const parts = (word ?? '').split(',')
  const [lon, lat, zoom] = parts.map(Number) as [number, number, number]
  if (parts.length !== 3 || parts.some((part) => part.trim() === '')) return null
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 24)) return null
  return { center: [lon, lat], zoom }
}
