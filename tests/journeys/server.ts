// Starts the real server (`npm start`) as its own process on a free port with a data directory of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

function freePort(): Promise<number> {
  return new Promise((done, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}

export type RunningServer = { url: string; port: number; data: string; child: ChildProcess; stop: () => Promise<void> }

export type ServerOptions = {
  args?: string[]
  env?: Record<string, string>
  data?: string
  keepData?: boolean
  /** One that was free; for a server that comes back where it was. */
  port?: number
}

/** Resolves when `/health` answers 200; rejects with the server's own words when it exits first. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const port = options.port ?? (await freePort())
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'safegrid-data-'))
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'supabase/local/main.ts', '--port', String(port), '--data', data, ...(options.args ?? [])],
    { cwd: root, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let words = ''
  child.stdout?.on('data', (chunk) => {
    words += chunk
  })
  child.stderr?.on('data', (chunk) => {
    words += chunk
  })
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server stopped with ${child.exitCode}:\n${words}`)
    const healthy = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (healthy) break
    await new Promise((next) => setTimeout(next, 200))
  }
  return {
    url,
    port,
    data,
    child,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((done) => child.once('close', done))
        child.kill('SIGTERM')
        await gone
      }
      if (!options.keepData) rmSync(data, { recursive: true, force: true })
    },
  }
}
