// Starts the real server (`npm start`) as its own process on a port that it finds free, with a data directory of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

export type RunningServer = { url: string; port: number; data: string; child: ChildProcess; stop: () => Promise<void> }

export type ServerOptions = {
  args?: string[]
  env?: Record<string, string>
  data?: string
  keepData?: boolean
  /** One that was free; for a server that comes back where it was. */
  port?: number
}

/** Resolves when the server says that it is ready; rejects with the server's own words when it exits first. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'safegrid-data-'))
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      'supabase/local/main.ts',
      '--port',
      String(options.port ?? 0),
      '--data',
      data,
      ...(options.args ?? []),
    ],
    { cwd: root, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let words = ''
  child.stdout?.on('data', (chunk) => {
    words += chunk
  })
  child.stderr?.on('data', (chunk) => {
    words += chunk
  })
  const port = await new Promise<number>((ready, reject) => {
    child.stdout?.on('data', () => {
      const [, found] = /http:\/\/localhost:(\d+)/.exec(words) ?? []
      if (found) ready(Number(found))
    })
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`the server stopped with ${code}:\n${words}`)))
  })
  const url = `http://127.0.0.1:${port}`
  if (!(await fetch(`${url}/health`)).ok) throw new Error(`the server says that it is ready and is not:\n${words}`)
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
