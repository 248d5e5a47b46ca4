/** One thing that search found; lon/lat in degrees, EPSG:4326. */
export interface Found {
  kind: 'grid' | 'person' | 'enterprise' | 'hazard'
  id: number | string
  title: string
  subtitle: string
  grid_id: number | null
  lon: number | null
  lat: number | null
  /** Grids: the code by which a link names them. */
  code?: string
  phone?: string | null
}

type Kind = Found['kind']

export interface Group {
  kind: Kind
  items: Found[]
}

/** Groups in the order in which their best hit came, each keeping the server's order. */
export function groupFound(found: readonly Found[]): Group[] {
  const groups = new Map<Kind, Found[]>()
  for (const item of found) {
    const items = groups.get(item.kind)
    if (items) items.push(item)
    else groups.set(item.kind, [item])
  }
  return [...groups].map(([kind, items]) => ({ kind, items }))
}

/** Cuts a title at the first place where the words stand, for marking; whole when they matched otherwise (initials). */
export function markMatch(title: string, words: string): { before: string; match: string; after: string } {
  const at = words ? title.toLowerCase().indexOf(words.toLowerCase()) : -1
  if (at < 0) return { before: title, match: '', after: '' }
  return {
    before: title.slice(0, at),
    match: title.slice(at, at + words.length),
    after: title.slice(at + words.length),
  }
}

/** The query of `/map` that shows a found thing. A person without a grid in sight leads nowhere: null. */
export function linkOf(found: Found, codeOf: (gridId: number) => string | undefined): Record<string, string> | null {
  if (found.kind === 'enterprise' || found.kind === 'hazard') return { sel: `${found.kind}:${found.id}` }
  const code = found.code ?? (found.grid_id === null ? undefined : codeOf(found.grid_id))
  return code ? { grid: code } : null
}

export const RECENT_KEY = 'safegrid.recent'
export const RECENT_MOST = 8

/** The newest first, each once. */
export function addRecent(recent: readonly Found[], found: Found): Found[] {
  const others = recent.filter((item) => item.kind !== found.kind || item.id !== found.id)
  return [found, ...others].slice(0, RECENT_MOST)
}
