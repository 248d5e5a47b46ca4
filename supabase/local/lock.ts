import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, renameSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { CannotStart } from './errors.ts'

interface Owner {
  pid: number
  /** Tells this process from a later one with the same number. */
  started: string
  host: string
}

const heartbeat = 5_000

/**
 * Takes the data directory for this process; the returned function gives it back.
 * PGlite does not refuse a second opener, and two of them destroy the data, so this lock is what stands between.
 * A lock left by a process that is gone (SIGKILL, power cut) is taken over.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true })
  const file = join(directory, 'lock')
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid), host: hostname() } satisfies Owner)
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, mine)
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (create(draft, file)) return keep(file, mine)
      const owner = read(file)
      if (owner && isAlive(owner.parsed, file)) throw held(directory, owner.parsed)
      if (owner) takeAway(file, owner.text)
    }
  } finally {
    unlinkSync(draft)
  }
  throw held(directory, read(file)?.parsed)
}

/** link() makes the name appear with its content at once, and fails when it is there. */
function create(draft: string, file: string): boolean {
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function keep(file: string, mine: string): () => void {
  const beat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date())
    } catch {
      // the folder was removed under us; nothing to keep alive
    }
  }, heartbeat)
  beat.unref()
  return () => {
    clearInterval(beat)
    if (read(file)?.text === mine) unlinkSync(file)
  }
}

/** Moves a stale lock aside, and puts it back if it turned out to be someone's new one. */
function takeAway(file: string, expected: string): void {
  const aside = `${file}.stale.${process.pid}`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  if (readFileSync(aside, 'utf8') !== expected) create(aside, file)
  unlinkSync(aside)
}

function read(file: string): { text: string; parsed: Owner | undefined } | undefined {
  try {
    const text = readFileSync(file, 'utf8')
    let parsed: Owner | undefined
    try {
      parsed = JSON.parse(text) as Owner
    } catch {
      parsed = undefined
    }
    return { text, parsed }
  } catch {
    return undefined
  }
}

function isAlive(owner: Owner | undefined, file: string): boolean {
  if (!owner) return false
  if (owner.host !== hostname()) {
    // Another machine or container on a shared folder: its pid says nothing here, its heartbeat does.
    return Date.now() - statSync(file).mtimeMs < 4 * heartbeat
  }
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const started = startOf(owner.pid)
  return started === '' || owner.started === '' || started === owner.started
}

/** When a process started, as any text that stays the same during its life; '' where the system does not tell. */
function startOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
      return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
    }
    if (process.platform === 'win32') return ''
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}

function held(directory: string, owner: Owner | undefined): CannotStart {
  const who = owner ? `${owner.pid}${owner.host === hostname() ? '' : ` @ ${owner.host}`}` : '?'
  return new CannotStart(
    `数据目录 ${directory} 正被进程 ${who} 使用。先停止它，或用 --data 指定另一目录。\n` +
      `The data directory is in use by process ${who}. Stop that one, or choose another with --data.`,
  )
}
