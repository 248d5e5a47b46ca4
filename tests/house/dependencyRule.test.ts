// The dependency rule of the house (README, "How the code is laid out"), read from the import lines themselves.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const src = join(root, 'src')
const ground = ['db', 'map', 'geo', 'files', 'ui'] as const

/** Libraries with one home: the import line tells the room. */
const homes: Record<string, string> = {
  'maplibre-gl': 'map',
  pmtiles: 'map',
  '@supabase/supabase-js': 'db',
  idb: 'db',
  gcoord: 'geo',
  proj4: 'geo',
  'topojson-server': 'geo',
  papaparse: 'files',
  '@xmldom/xmldom': 'files',
  '@tmcw/togeojson': 'files',
  'read-excel-file': 'files',
  'write-excel-file': 'files',
  fflate: 'files',
  echarts: 'ui',
}

/** Reading a grid file ends in EPSG:4326, so this one file may ask geo for the coordinate systems. */
const allowed = new Set(['files/readGridFile.ts → geo'])

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return files(path)
    return /\.(ts|vue)$/.test(name) && !name.endsWith('.d.ts') ? [path] : []
  })
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'"\n;]|\n(?!import|export))*?from\s*['"]([^'"]+)['"]|import\s*\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g

function importsOf(text: string): string[] {
  return [...text.matchAll(importPattern)].map((m) => (m[1] ?? m[2] ?? m[3]) as string)
}

type Room = { room: string; feature?: string }
function roomOf(path: string): Room {
  const [first = '', second] = relative(src, path).split('/')
  return first === 'features' ? { room: 'features', feature: second } : { room: first }
}

function broken(path: string, specifier: string): string | null {
  const from = roomOf(path)
  const where = relative(src, path)
  const home = Object.entries(homes).find(([lib]) => specifier === lib || specifier.startsWith(`${lib}/`))
  if (home && from.room !== home[1]) return `${where} imports ${specifier}, whose home is src/${home[1]}`
  if (!specifier.startsWith('.') && !specifier.startsWith('@/')) return null
  const target = specifier.startsWith('@/') ? join(src, specifier.slice(2)) : normalize(join(dirname(path), specifier))
  if (!target.startsWith(src)) return specifier.includes('node_modules') ? `${where} reaches into node_modules` : null
  const to = roomOf(target)
  if (allowed.has(`${where} → ${to.room}`)) return null
  const isGround = (r: string) => (ground as readonly string[]).includes(r)
  if (isGround(from.room) && to.room !== from.room) return `${where} (ground) imports ${relative(src, target)}`
  if (from.room === 'features') {
    if (to.room === 'features' && to.feature !== from.feature) return `${where} imports the feature ${to.feature}`
    if (to.room !== 'features' && !isGround(to.room) && !to.room.startsWith('i18n'))
      return `${where} imports upward: ${relative(src, target)}`
  }
  return null
}

describe('the house', () => {
  const all = files(src)

  it('has files to look at, and sees every form of import', () => {
    expect(all.length).toBeGreaterThan(40)
    const text =
      "import a from './a'\nimport {\n  b,\n} from '../b'\nconst c = await import('./c')\nimport './d.css'\nexport { e } from './e'"
    expect(importsOf(text)).toEqual(['./a', '../b', './c', './d.css', './e'])
  })

  it('refuses what the rule forbids', () => {
    expect(broken(join(src, 'features/hazards/hazard.ts'), '../grids/grid')).toMatch('imports the feature grids')
    expect(broken(join(src, 'map/MapView.vue'), '../ui/Panel.vue')).toMatch('ground')
    expect(broken(join(src, 'screens/MapScreen.vue'), 'maplibre-gl')).toMatch('home is src/map')
    expect(broken(join(src, 'features/grids/gridStore.ts'), '../../screens/MapScreen.vue')).toMatch('upward')
    expect(broken(join(src, 'screens/MapScreen.vue'), '../features/grids/gridStore')).toBeNull()
  })

  it('keeps the dependency rule everywhere', () => {
    const faults = all.flatMap((path) =>
      importsOf(readFileSync(path, 'utf8')).flatMap((specifier) => broken(path, specifier) ?? []),
    )
    expect(faults).toEqual([])
  })

  it('names no remote host in what ships', () => {
    const remote = /https?:\/\/(?!localhost|127\.0\.0\.1)[a-z0-9{][a-z0-9.{}-]*\.[a-z]{2,}/gi
    // The one map service a person may switch on by a key of their own, and XML namespaces, are no requests of ours.
    const fine = /tianditu\.gov\.cn|www\.w3\.org|www\.opengis\.net/
    const faults = [...all, join(root, 'index.html')].flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(remote)]
        .filter((m) => !fine.test(m[0]))
        .map((m) => `${relative(root, path)}: ${m[0]}`),
    )
    expect(faults).toEqual([])
  })
})
