/**
 * Draws what the demo county stands on, and writes it to the files that are committed:
 *   npx tsx supabase/seed/generate.ts            the grids and the ground under them
 *   npx tsx supabase/seed/generate.ts basemap    only the ground
 * Starting the program never runs this; tests assert that the files equal what it would write.
 */
import { writeFileSync } from 'node:fs'
import { drawBasemap } from './basemap/draw.ts'
import { drawCounty } from './ground/drawCounty.ts'

function write(path: string, draw: () => unknown): void {
  const started = performance.now()
  writeFileSync(new URL(path, import.meta.url), `${JSON.stringify(draw())}\n`)
  console.log(`${path} drawn in ${Math.round(performance.now() - started)} ms`)
}

if (process.argv[2] !== 'basemap') write('./data/county.topo.json', drawCounty)
write('../../public/basemap/jizhou.json', drawBasemap)
