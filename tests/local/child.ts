import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Child {
  process: ChildProcess
  /** Everything printed so far. */
  output(): string
  /** Resolves when `pattern` was printed; rejects when the process ends before. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>
  ended: Promise<number | null>
}

/** `npm start -- …args` as a process of its own, with an environment that knows nothing of this one's tests. */
export function npmStart(args: string[], env: Record<string, string> = {}): Child {
  const { NODE_ENV: _node, VITEST: _vitest, PORT: _port, ...rest } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', 'supabase/local/main.ts', ...args], {
    cwd: root,
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const listeners = new Set<() => void>()
  const hear = (data: Buffer) => {
    output += data.toString()
    for (const listener of listeners) listener()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    process: child,
    output: () => output,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = output.match(pattern)
          if (!match) return
          listeners.delete(look)
          resolve(match)
        }
        listeners.add(look)
        look()
        void ended.then((code) => reject(new Error(`ended with ${code} before ${pattern}:\n${output}`)))
      }),
  }
}
