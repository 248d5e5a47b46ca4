// `npm run bench`: our speed as ratios against the bare thing, measured side by side in this run. Never a test: a ratio
// over its limit is printed, not failed. `npm run bench -- database`, `-- geometry` or
// `-- browser`, `-- desk` runs one part.
import { cpus, loadavg } from 'node:os'
import { startTemporaryPostgres } from '../../scripts/temporaryPostgres'
import { openTestDatabase } from '../../supabase/local/testing'
import { benchCommit } from './commit.bench'
import { benchCoverage } from './coverage.bench'
import { benchDesk } from './desk.bench'
import { benchGridFeatures } from './grids.bench'
import { benchImports, prepareImport } from './imports.bench'
import { benchLedgers } from './ledgers.bench'
import { benchMap } from './map.bench'
import { printRatio } from './ratio'
import { benchRisk } from './risk.bench'
import { benchChoices } from './riskChoices.bench'
import { benchPlayback, benchReplay } from './riskTime.bench'
import { benchWarnings } from './warnings.bench'

const only = process.argv.slice(2)
const wanted = (part: string) => only.length === 0 || only.includes(part)

async function database(): Promise<void> {
  const demo = await openTestDatabase({ demo: true })
  try {
    const { rows } = await demo.query<{ id: string }>(
      `select id from auth.users where email in ('leader@demo.local', 'admin@demo.local') order by email desc`,
    )
    const [leader, admin] = rows.map(({ id }) => id) as [string, string]
    for (const ratio of await benchGridFeatures(demo, leader)) printRatio(ratio)
    for (const ratio of await benchRisk(demo, leader, admin)) printRatio(ratio)
    await benchPlayback(demo, leader)
    for (const ratio of await benchWarnings(demo, leader)) printRatio(ratio)
    for (const ratio of await benchLedgers(demo)) printRatio(ratio)
  } finally {
    await demo.close()
  }
  const empty = await openTestDatabase()
  try {
    for (const ratio of await benchImports(empty, await prepareImport(empty))) printRatio(ratio)
  } finally {
    await empty.close()
  }
  for (const ratio of await benchCommit(() => openTestDatabase())) printRatio(ratio)
}

console.log(`${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)} (medians of runs in turn; ours / bare = ratio)`)
if (wanted('database')) {
  await database()
  const native = await startTemporaryPostgres()
  if ('missing' in native) console.log(`native PostgreSQL left out: ${native.missing}`)
  else {
    process.env.SAFEGRID_TEST_DATABASE_URL = native.url
    try {
      await database()
    } finally {
      delete process.env.SAFEGRID_TEST_DATABASE_URL
      await native.stop()
    }
  }
}
if (wanted('geometry')) for (const ratio of await benchCoverage()) printRatio(ratio)
if (wanted('browser')) {
  await benchMap()
  await benchReplay()
  await benchChoices()
}
if (wanted('desk')) await benchDesk()
process.exit(0)
