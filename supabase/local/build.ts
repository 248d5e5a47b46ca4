import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CannotStart } from './errors.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
export const dist = join(root, 'dist')
const stamp = join(dist, '.sources')

/** Hash of all that the built interface is made of. File times lie after a clone; contents do not. */
function sources(): string {
  const hash = createHash('sha256')
  const add = (path: string) => hash.update(path.slice(root.length)).update(readFileSync(path))
  for (const folder of ['src', 'public']) {
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).filter((e) => e.isFile())
    for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) add(path)
  }
  for (const name of ['index.html', 'vite.config.ts', 'scripts/shellPlugin.ts', 'package-lock.json']) {
    const path = join(root, name)
    if (existsSync(path) && statSync(path).isFile()) add(path)
  }
  return hash.digest('hex')
}

/**
 * Builds dist/ when it is missing or made of other sources; gives back whether it had to.
 * In a child process, so that it runs beside the start of the database.
 */
export async function buildSite(): Promise<boolean> {
  const now = sources()
  if (existsSync(join(dist, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return false
  const output: Buffer[] = []
  const child = spawn(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', FORCE_COLOR: '0' },
  })
  const stop = () => child.kill()
  process.once('exit', stop)
  child.stdout.on('data', (data: Buffer) => output.push(data))
  child.stderr.on('data', (data: Buffer) => output.push(data))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  process.off('exit', stop)
  if (code !== 0) {
    throw new CannotStart(
      `界面构建失败 · The interface could not be built:\n${Buffer.concat(output).toString().slice(-4000)}`,
    )
  }
  writeFileSync(stamp, now)
  return true
}
