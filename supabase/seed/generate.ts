/**
 * Draws what the demo county stands on, and writes it to the files that are committed:
 *   npx tsx supabase/seed/generate.ts
 * Starting the program never runs this; a test asserts that the files equal what it would write.
 */
import { writeFileSync } from 'node:fs'
import { drawCounty } from './ground/drawCounty.ts'

const started = performance.now()
writeFileSync(new URL('./data/county.topo.json', import.meta.url), `${JSON.stringify(drawCounty())}\n`)
console.log(`county drawn in ${Math.round(performance.now() - started)} ms`)
