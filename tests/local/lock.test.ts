import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDirectory } from '../../supabase/local/lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'safegrid-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const lock = () => join(folder, 'lock')

describe('the lock of a data directory', () => {
  it('refuses a second opener and names the first', () => {
    const release = lockDirectory(folder)
    expect(() => lockDirectory(folder)).toThrow(String(process.pid))
    release()
    expect(existsSync(lock())).toBe(false)
    lockDirectory(folder)()
  })

  it('is taken over from a process that is gone', async () => {
    const gone = spawn(process.execPath, ['-e', ''])
    await new Promise((resolve) => gone.once('close', resolve))
    writeFileSync(lock(), JSON.stringify({ pid: gone.pid, started: 'x', host: hostname() }))
    const release = lockDirectory(folder)
    expect(JSON.parse(readFileSync(lock(), 'utf8'))).toMatchObject({ pid: process.pid })
    release()
  })

  it('is taken over when another process now has that number', () => {
    writeFileSync(lock(), JSON.stringify({ pid: process.ppid, started: 'long ago', host: hostname() }))
    lockDirectory(folder)()
  })

  it('is taken over when it is unreadable', () => {
    writeFileSync(lock(), '{"pid"')
    lockDirectory(folder)()
  })

  it('believes another machine only while its heart beats', () => {
    writeFileSync(lock(), JSON.stringify({ pid: 1, started: 'x', host: 'another-machine' }))
    expect(() => lockDirectory(folder)).toThrow('another-machine')
    const minuteAgo = new Date(Date.now() - 60_000)
    utimesSync(lock(), minuteAgo, minuteAgo)
    lockDirectory(folder)()
  })

  it('is not given back by one who no longer holds it', () => {
    const release = lockDirectory(folder)
    writeFileSync(lock(), 'of another')
    release()
    expect(readFileSync(lock(), 'utf8')).toBe('of another')
  })
})
