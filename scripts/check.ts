// `npm test` = `npm run check`: every gate in one go, cheapest first. Ends with one line "N passed, N failed".
// Each gate that is no test runner (types, lint, unused code, database shape) counts as one.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTemporaryPostgres } from './temporaryPostgres'

type Count = { passed: number; failed: number }
const results: { gate: string; count: Count; seconds: number; note?: string }[] = []
const scratch = mkdtempSync(join(tmpdir(), 'safegrid-check-'))

function run(command: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
    child.on('error', () => resolve(127))
    child.on('close', (code) => resolve(code ?? 1))
  })
}

async function gate(name: string, work: () => Promise<Count>): Promise<void> {
  console.log(`\n── ${name}`)
  const start = Date.now()
  const count = await work()
  results.push({ gate: name, count, seconds: (Date.now() - start) / 1000 })
}

const command = (file: string, args: string[], env?: Record<string, string>) => async (): Promise<Count> =>
  (await run(file, args, env)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }

/** Runs one vitest project and reads its JSON report, so that a crash before the first test counts as a failure. */
const vitest =
  (project: string, env: Record<string, string> = {}) =>
  async (): Promise<Count> => {
    const report = join(scratch, `${project}-${results.length}.json`)
    const args = ['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json']
    const code = await run('npx', [...args, `--outputFile.json=${report}`], env)
    try {
      const json = JSON.parse(readFileSync(report, 'utf8'))
      const failedSuites = json.numFailedTests === 0 && code !== 0 ? 1 : 0
      return { passed: json.numPassedTests, failed: json.numFailedTests + failedSuites }
    } catch {
      return { passed: 0, failed: 1 }
    }
  }

const only = process.argv.slice(2)
const wanted = (name: string) => only.length === 0 || only.includes(name)

if (wanted('types')) await gate('types (vue-tsc)', command('npx', ['vue-tsc', '--noEmit', '-p', 'tsconfig.json']))
if (wanted('lint')) await gate('lint and format (biome)', command('npx', ['biome', 'ci', '.']))
if (wanted('unused')) await gate('unused code (knip)', command('npx', ['knip']))
if (wanted('unit')) await gate('unit tests', vitest('unit'))
if (wanted('database')) await gate('database and backend tests, embedded', vitest('database'))
if (wanted('journeys')) await gate('journeys in a browser', vitest('journeys'))

if (wanted('native')) {
  const postgres = await startTemporaryPostgres()
  if ('missing' in postgres) {
    console.log(`\n── native PostgreSQL: left out (${postgres.missing})`)
    if (process.env.CI) results.push({ gate: 'native PostgreSQL', count: { passed: 0, failed: 1 }, seconds: 0 })
  } else {
    try {
      const env = { SAFEGRID_TEST_DATABASE_URL: postgres.url }
      await gate('database and backend tests, native PostgreSQL', vitest('database', env))
      await gate(
        'migrations on the shape of real Supabase, advisors, lint',
        command('bash', ['scripts/shape.sh', postgres.url]),
      )
    } finally {
      await postgres.stop()
    }
  }
}

rmSync(scratch, { recursive: true, force: true })
const total = { passed: 0, failed: 0 }
console.log('')
for (const { gate: name, count, seconds } of results) {
  total.passed += count.passed
  total.failed += count.failed
  console.log(
    `${count.failed ? '✗' : '✓'} ${name}: ${count.passed} passed, ${count.failed} failed (${seconds.toFixed(0)} s)`,
  )
}
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed || total.passed === 0 ? 1 : 0)
