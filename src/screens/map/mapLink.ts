// The link of the map: what a person sees can be sent to another, and the browser's back button works.
import type { Camera } from '../../map/camera'

export interface MapLink {
  /** Code of the grid that everything is about; null for the whole scope. */
  grid: string | null
  /** What is open, other than a grid. */
  sel: { kind: 'enterprise' | 'hazard'; id: string } | null
  sector: number | null
  level: 'auto' | 2 | 3
  /** As features/layers/layer.ts writes it; null for what this browser remembers. */
  layers: string | null
  camera: Camera | null
}

type Query = Record<string, string | null | undefined | (string | null)[]>
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Reads a query; whatever makes no sense is passed over, so that a damaged link still opens the map. */
export function parseLink(query: Query): MapLink {
  const word = (name: string): string | null => {
    const value = query[name]
    return (Array.isArray(value) ? value[0] : value) || null
  }
  const [kind, id] = (word('sel') ?? '').split(':')
  const sector = Number(word('sector'))
  const level = word('level')
  return {
    grid: word('grid'),
    sel: (kind === 'enterprise' || kind === 'hazard') && id && UUID.test(id) ? { kind, id } : null,
    sector: Number.isInteger(sector) && sector > 0 ? sector : null,
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
    ...(link.level === 'auto' ? {} : { level: String(link.level) }),
    ...(link.sel ? { sel: `${link.sel.kind}:${link.sel.id}` } : {}),
    ...(link.camera ? { c: formatCamera(link.camera) } : {}),
  }
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
