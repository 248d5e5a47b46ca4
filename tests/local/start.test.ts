import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { prepared } from '../../supabase/local/prepared.ts'
import { type Child, npmStart } from './child.ts'

const folder = mkdtempSync(join(tmpdir(), 'safegrid-start-'))
const children: Child[] = []
const run = (args: string[], env?: Record<string, string>) => {
  const child = npmStart(args, env)
  children.push(child)
  return child
}
const serve = (data: string, env?: Record<string, string>) =>
  run(['--port', '0', '--data', data, '--empty', '--api-only'], env)
const address = async (child: Child) => (await child.printed(/(http:\/\/\S+)/))[1]!

beforeAll(() => prepared('migrated'))
afterEach(() => {
  for (const child of children.splice(0)) child.process.kill('SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('npm start', () => {
  it('names a flag it does not know', async () => {
    const child = run(['--prot', '1'])
    expect(await child.ended).toBe(1)
    expect(child.output()).toContain('--prot')
    expect(child.output()).toContain('--help')
    expect(child.output()).not.toContain('    at ')
  })

  it('explains itself', async () => {
    const child = run(['--help'])
    expect(await child.ended).toBe(0)
    for (const flag of ['--port', '--host', '--data', '--database-url', '--empty', '--reset', '--dev']) {
      expect(child.output()).toContain(flag)
    }
  })

  it('says that the port is taken before it touches the data', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    const data = join(folder, 'untouched')
    const child = run(['--port', String(port), '--data', data, '--empty', '--api-only'])
    expect(await child.ended).toBe(1)
    expect(child.output()).toContain(`端口 ${port} 已被占用`)
    expect(() => statSync(data)).toThrow()
    other.close()
  })

  it('says which database it cannot reach', async () => {
    const child = run([
      '--port',
      '0',
      '--data',
      join(folder, 'n'),
      '--api-only',
      '--database-url',
      'postgres://x:secret@127.0.0.1:1/y',
    ])
    expect(await child.ended).toBe(1)
    expect(child.output()).toContain('连不上数据库')
    expect(child.output()).not.toContain('secret')
  })

  it('answers while it starts, refuses a second one on the same data, keeps data and keys, stops cleanly', async () => {
    const data = join(folder, 'data')
    const env = { ADMIN_EMAIL: 'first@test.local', ADMIN_PASSWORD: 'first-password' }
    const first = serve(data, env)
    const url = await address(first)
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok' })
    const { publishableKey, basemap } = (await (await fetch(`${url}/config.json`)).json()) as Record<string, unknown>
    expect(basemap).toEqual({ kind: 'plain' })
    expect(statSync(join(data, 'keys.json')).mode & 0o777).toBe(0o600)

    const second = serve(data)
    expect(await second.ended).toBe(1)
    expect(second.output()).toContain(`进程 ${first.process.pid}`)

    first.process.kill('SIGTERM')
    expect(await first.ended).toBe(0)
    expect(first.output()).toContain('数据已保存')
    expect(() => statSync(join(data, 'lock'))).toThrow()

    const third = serve(data)
    const again = await address(third)
    const config = (await (await fetch(`${again}/config.json`)).json()) as {
      supabaseUrl: string
      publishableKey: string
    }
    expect(config).toMatchObject({ supabaseUrl: again, publishableKey })
    const signIn = await fetch(`${again}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      headers: { apikey: config.publishableKey, 'content-type': 'application/json' },
      body: JSON.stringify({ email: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD }),
    })
    expect(signIn.status).toBe(200)
    // The window it ran in is closed: nobody reads what it prints, and that must not keep it from working, or from stopping.
    third.process.stdout?.destroy()
    third.process.stderr?.destroy()
    const headers = { apikey: config.publishableKey }
    for (let i = 0; i < 5; i++) expect((await fetch(`${again}/rest/v1/nothing`, { headers })).status).toBe(404)
    expect((await fetch(`${again}/health`)).status).toBe(200)
    third.process.kill('SIGHUP')
    expect(await third.ended).toBe(0)
    expect(() => statSync(join(data, 'lock'))).toThrow()

    // Made by another version of the migrations: says so, and --reset starts over.
    writeFileSync(join(data, 'note'), 'not ours')
    await tamper(data)
    const fourth = serve(data)
    expect(await fourth.ended).toBe(1)
    expect(fourth.output()).toContain('--reset')
    const fifth = run(['--port', '0', '--data', data, '--empty', '--api-only', '--reset'])
    await address(fifth)
    expect(readFileSync(join(data, 'note'), 'utf8')).toBe('not ours')
    fifth.process.kill('SIGTERM')
    expect(await fifth.ended).toBe(0)
  }, 300_000)
})

/** As if a migration had been another text when this data was made. */
async function tamper(data: string): Promise<void> {
  const { openPglite } = await import('../../supabase/local/pglite.ts')
  const db = await openPglite(join(data, 'postgres'))
  await db.query(
    `update supabase_migrations.schema_migrations set hash = 'other' where version = (select min(version) from supabase_migrations.schema_migrations)`,
  )
  await db.close()
}
