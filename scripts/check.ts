// `npm test` = `npm run check`: every gate in one go, and at the end one line "N passed, N failed".
// Each gate that is no test runner (types, lint, unused code, database shape) counts as one. Several gates run side by
// side where the machine allows it; what a gate says is printed in one piece when it ends.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { startTemporaryPostgres } from './temporaryPostgres'

/** `failures`: what failed and its words, said once more at the very end, where a log that was cut short still has it. */
type Count = { passed: number; failed: number; failures?: string[] }
type Said = { code: number; words: string }
/** A gate does its work and hands its words to `say`, which keeps them together. */
type Work = (say: (words: string) => void) => Promise<Count>
interface Gate {
  name: string
  work: Work
}

const one = (passed: boolean): Count => (passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })
const scratch = mkdtempSync(join(tmpdir(), 'safegrid-check-'))

function run(command: string, args: string[], env: Record<string, string> = {}): Promise<Said> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    const said = () => Buffer.concat(pieces).toString()
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
    child.stderr.on('data', (piece: Buffer) => pieces.push(piece))
    child.on('error', (error) => resolve({ code: 127, words: `${said()}${error.message}\n` }))
    child.on('close', (code) => resolve({ code: code ?? 1, words: said() }))
  })
}

const lastLines = (words: string, lines = 40) => words.trimEnd().split('\n').slice(-lines).join('\n')

const command =
  (file: string, args: string[], env?: Record<string, string>): Work =>
  async (say) => {
    const { code, words } = await run(file, args, env)
    say(words)
    return code === 0 ? one(true) : { ...one(false), failures: [lastLines(words)] }
  }

// These start the embedded database by themselves, whatever the environment names: once is enough.
const embeddedOnly = ['kill', 'killReports', 'lock', 'site', 'start'].map((name) => `tests/local/${name}.test.ts`)

interface Report {
  numPassedTests: number
  numFailedTests: number
  testResults: {
    name: string
    message: string
    status: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

/** Each failed test by its file and name, and each file that failed before its first test. */
function failuresOf({ testResults }: Report): string[] {
  return testResults.flatMap((file) => {
    const tests = file.assertionResults.filter(({ status }) => status === 'failed')
    if (tests.length) {
      return tests.map((test) => `${file.name} > ${test.fullName}\n${test.failureMessages.join('\n').slice(0, 2500)}`)
    }
    return file.status === 'failed' ? [`${file.name}\n${file.message.slice(0, 2500)}`] : []
  })
}

/** Runs one vitest project and reads its JSON report, so that a crash before the first test counts as a failure. */
const vitest =
  (project: string, env: Record<string, string> = {}, without: string[] = []): Work =>
  async (say) => {
    const report = join(mkdtempSync(join(scratch, 'vitest-')), 'report.json')
    const args = ['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json']
    for (const file of without) args.push('--exclude', file)
    const { code, words } = await run('npx', [...args, `--outputFile.json=${report}`], env)
    say(words)
    try {
      const json: Report = JSON.parse(readFileSync(report, 'utf8'))
      const failedSuites = json.numFailedTests === 0 && code !== 0 ? 1 : 0
      const failures = failuresOf(json)
      if (failedSuites && !failures.length) failures.push(lastLines(words))
      return { passed: json.numPassedTests, failed: json.numFailedTests + failedSuites, failures }
    } catch {
      return { ...one(false), failures: [lastLines(words)] }
    }
  }

/** The same tests on the second engine, where one is installed; on CI it must be. */
const native: Work = async (say) => {
  const postgres = await startTemporaryPostgres()
  if ('missing' in postgres) {
    say(`left out: ${postgres.missing}\n`)
    return process.env.CI ? one(false) : { passed: 0, failed: 0 }
  }
  try {
    const shape = await command('bash', ['scripts/shape.sh', postgres.url])(say)
    const tests = await vitest('database', { SAFEGRID_TEST_DATABASE_URL: postgres.url }, embeddedOnly)(say)
    return {
      passed: tests.passed + shape.passed,
      failed: tests.failed + shape.failed,
      failures: [...(shape.failures ?? []), ...(tests.failures ?? [])],
    }
  } finally {
    await postgres.stop()
  }
}

// The longest first; what is short and fails most often right after it.
const gates: (Gate & { key: string })[] = [
  { key: 'journeys', name: 'journeys in a browser', work: vitest('journeys') },
  { key: 'types', name: 'types (vue-tsc)', work: command('npx', ['vue-tsc', '--noEmit', '-p', 'tsconfig.json']) },
  { key: 'lint', name: 'lint and format (biome)', work: command('npx', ['biome', 'ci', '.']) },
  { key: 'unused', name: 'unused code (knip)', work: command('npx', ['knip']) },
  { key: 'unit', name: 'unit tests', work: vitest('unit') },
  { key: 'database', name: 'database and backend tests, embedded', work: vitest('database') },
  {
    key: 'native',
    name: 'native PostgreSQL: Supabase’s shape, advisors, lint; database and backend tests',
    work: native,
  },
]

const only = process.argv.slice(2)
const waiting = gates.filter(({ key }) => only.length === 0 || only.includes(key))
const results: { gate: string; count: Count; seconds: number }[] = []

async function lane(): Promise<void> {
  for (let gate = waiting.shift(); gate; gate = waiting.shift()) {
    console.log(`── ${gate.name}: begins`)
    const start = Date.now()
    let words = ''
    const say = (more: string) => {
      words += more
    }
    const count = await gate.work(say).catch((error: unknown) => {
      const told = `${error instanceof Error ? error.stack : error}`
      say(`${told}\n`)
      return { ...one(false), failures: [told] }
    })
    const seconds = (Date.now() - start) / 1000
    console.log(`\n── ${gate.name}\n${words}`)
    results.push({ gate: gate.name, count, seconds })
  }
}

// A browser with its server on the one side and a database on the other take some 5 GB.
const lanes = availableParallelism() >= 2 && totalmem() > 7 * 2 ** 30 ? 2 : 1
const begun = Date.now()
await Promise.all(Array.from({ length: lanes }, lane))
rmSync(scratch, { recursive: true, force: true })

const total = { passed: 0, failed: 0 }
console.log('')
for (const { gate: name, count, seconds } of results) {
  total.passed += count.passed
  total.failed += count.failed
  const mark = count.failed ? '✗' : count.passed ? '✓' : '·'
  console.log(`${mark} ${name}: ${count.passed} passed, ${count.failed} failed (${seconds.toFixed(0)} s)`)
}
for (const { gate: name, count } of results) {
  for (const words of count.failures ?? []) console.log(`\n✗ ${name}\n${words}`)
}
console.log(`  all of it: ${((Date.now() - begun) / 1000).toFixed(0)} s`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed || total.passed === 0 ? 1 : 0)
