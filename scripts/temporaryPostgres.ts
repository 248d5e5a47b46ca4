// A throw-away native PostgreSQL with PostGIS for tests and benchmarks: own directory, own port, gone afterwards.
import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type TemporaryPostgres = { url: string; stop: () => Promise<void> }

function binDirectory(): string | null {
  const root = '/usr/lib/postgresql'
  if (existsSync(root)) {
    const versions = readdirSync(root).filter((v) => Number(v) >= 15 && existsSync(join(root, v, 'bin', 'initdb')))
    const newest = versions.sort((a, b) => Number(a) - Number(b)).at(-1)
    if (newest) return join(root, newest, 'bin')
  }
  try {
    return execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return null
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

/**
 * Starts a cluster whose superuser is `postgres` (trust, loopback only).
 * Returns `{missing}` with the reason where PostgreSQL ≥15 or PostGIS is not installed; never throws for that.
 */
export async function startTemporaryPostgres(): Promise<TemporaryPostgres | { missing: string }> {
  const bin = binDirectory()
  if (!bin || !existsSync(join(bin, 'initdb'))) return { missing: 'no PostgreSQL server is installed' }
  const share = execFileSync(join(bin, 'pg_config'), ['--sharedir'], { encoding: 'utf8' }).trim()
  if (!existsSync(join(share, 'extension', 'postgis.control'))) return { missing: 'PostGIS is not installed' }

  const home = mkdtempSync(join(tmpdir(), 'safegrid-pg-'))
  const isRoot = process.getuid?.() === 0
  // initdb and postgres refuse to run as root: hand the directory to the packaged user.
  if (isRoot) {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
    chownSync(home, id('-u'), id('-g'))
  }
  const as = (program: string, args: string[]) => {
    const file = join(bin, program)
    const [command, rest] = isRoot ? ['runuser', ['-u', 'postgres', '--', file, ...args]] : [file, args]
    execFileSync(command as string, rest as string[], { stdio: ['ignore', 'ignore', 'inherit'], cwd: home })
  }
  const data = join(home, 'data')
  const port = await freePort()
  as('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'])
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${home} -c fsync=off -c max_connections=60`
  as('pg_ctl', ['-D', data, '-w', '-l', join(home, 'log'), '-o', options, 'start'])
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      try {
        as('pg_ctl', ['-D', data, '-w', '-m', 'immediate', 'stop'])
      } finally {
        rmSync(home, { recursive: true, force: true })
      }
    },
  }
}
