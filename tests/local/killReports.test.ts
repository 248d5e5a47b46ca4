// A thousand reports while the embedded server is killed with -9: every acknowledged one is there after the restart,
// and what was not acknowledged is sent again under its number, as a phone does, and is there once. The seed is printed.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import WebSocket from 'ws'
import { loadKeys } from '../../supabase/local/keys.ts'
import { prepared } from '../../supabase/local/prepared.ts'
import { between, random } from '../../supabase/seed/random.ts'
import { type Child, npmStart } from './child.ts'
import { password } from './server.ts'

const seed = Number(process.env.SAFEGRID_SEED ?? Math.floor(Math.random() * 1e9))
console.log(`SAFEGRID_SEED=${seed}`)
const next = random(seed)
const data = mkdtempSync(join(tmpdir(), 'safegrid-kill-reports-'))
const email = 'admin@test.local'
const REPORTS = 1_000
const AT_ONCE = 16
const KILLS = 2
let child: Child

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => done(port))
    })
  })

beforeAll(() => prepared('migrated'))
afterAll(() => {
  child?.process.kill('SIGKILL')
  rmSync(data, { recursive: true, force: true })
})

it('keeps every acknowledged report, each once, its history whole', { timeout: 400_000 }, async () => {
  const port = String(await freePort())
  const begin = async () => {
    child = npmStart(['--port', port, '--data', data, '--empty', '--api-only'], {
      ADMIN_EMAIL: email,
      ADMIN_PASSWORD: password,
    })
    await child.printed(/已就绪/)
  }
  await begin()
  const keys = loadKeys(join(data, 'keys.json'))
  const open = (key: string) =>
    createClient(`http://localhost:${port}`, key, {
      auth: { persistSession: false, autoRefreshToken: false },
      realtime: { transport: WebSocket as never },
    })
  const service = open(keys.secret)
  const ring = [
    [117, 40],
    [117.2, 40],
    [117.2, 40.1],
    [117, 40.1],
    [117, 40],
  ]
  await service.rpc('commit_grid_boundaries', {
    p_changes: [{ code: '1', name: '县', kind: 'area', boundary: { type: 'Polygon', coordinates: [ring] } }],
    p_options: {},
  })
  await service.from('sectors').insert({ code: 'gm', name: '工贸' })
  const admin = open(keys.publishable)
  const { error } = await admin.auth.signInWithPassword({ email, password })
  expect(error).toBeNull()

  const waiting = Array.from({ length: REPORTS }, () => randomUUID())
  const acknowledged = new Map<string, string>()
  /** What a phone does: keeps it until it is acknowledged. @returns once nothing can be sent, or all has arrived. */
  const send = async (): Promise<void> => {
    for (;;) {
      const client_id = waiting.shift()
      if (!client_id) return
      const answer = await admin
        .rpc('report_hazard', {
          p_hazard: { client_id, title: '通道堵塞', lon: 117.1, lat: 40.05, sector: 'gm', severity: 'general' },
        })
        .then(
          ({ data: it }) => it as { status?: string; hazard?: { code: string } } | null,
          () => null,
        )
      if (answer?.status === 'ok') acknowledged.set(client_id, answer.hazard!.code)
      else {
        waiting.push(client_id)
        if (child.process.killed) return
      }
    }
  }
  const there = async (): Promise<Map<string, string>> => {
    const found = new Map<string, string>()
    for (let from = 0; ; from += 1000) {
      const { data: rows } = await service
        .from('hazards')
        .select('client_id,code')
        .order('id')
        .range(from, from + 999)
      for (const row of rows ?? []) {
        expect(found.has(row.client_id), 'reported once').toBe(false)
        found.set(row.client_id, row.code)
      }
      if ((rows?.length ?? 0) < 1000) return found
    }
  }
  const lost = async (): Promise<string[]> => {
    const now = await there()
    return [...acknowledged].filter(([id, code]) => now.get(id) !== code).map(([id]) => id)
  }

  let unanswered = 0
  for (let kill = 1; kill <= KILLS; kill++) {
    const senders = Array.from({ length: AT_ONCE }, send)
    const enough = (REPORTS * kill) / (KILLS + 1)
    while (acknowledged.size < enough) await new Promise((done) => setTimeout(done, 5))
    await new Promise((done) => setTimeout(done, between(next, 0, 60)))
    child.process.kill('SIGKILL')
    await Promise.all([child.ended, ...senders])
    await begin()
    expect(await lost(), `after kill ${kill}`).toEqual([])
    unanswered += (await there()).size - acknowledged.size
  }
  while (waiting.length) await Promise.all(Array.from({ length: AT_ONCE }, send))
  const all = await there()
  expect([all.size, acknowledged.size]).toEqual([REPORTS, REPORTS])
  expect(new Set(all.values()).size, 'one number each').toBe(REPORTS)
  expect(await lost()).toEqual([])
  const { count } = await service.from('hazard_events').select('id', { count: 'exact', head: true })
  expect(count).toBe(REPORTS)
  console.log(`written but not acknowledged at a kill: ${unanswered}`)
})
