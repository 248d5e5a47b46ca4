import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepared } from '../../supabase/local/prepared.ts'
import { type Child, npmStart } from './child.ts'

const data = mkdtempSync(join(tmpdir(), 'safegrid-kill-'))
const rows = 16_000
let child: Child

const serve = async () => {
  child = npmStart(['--port', '0', '--data', data, '--empty', '--api-only'])
  return (await child.printed(/(http:\/\/\S+)/))[1]!
}
const key = () => (JSON.parse(readFileSync(join(data, 'keys.json'), 'utf8')) as { secret: string }).secret

/** One request, one transaction, many rows. */
const importRows = (url: string, batch: number) =>
  fetch(`${url}/rest/v1/sectors`, {
    method: 'POST',
    headers: { apikey: key(), 'content-type': 'application/json', prefer: 'return=minimal' },
    body: JSON.stringify(
      Array.from({ length: rows }, (_, i) => ({ code: `K${batch}-${i}`, name: `行业 ${batch}-${i}` })),
    ),
  })

const count = async (url: string) => {
  const response = await fetch(`${url}/rest/v1/sectors?select=id&limit=1`, {
    headers: { apikey: key(), prefer: 'count=exact' },
  })
  return Number(response.headers.get('content-range')?.split('/')[1])
}

beforeAll(() => prepared('migrated'))
afterAll(() => {
  child?.process.kill('SIGKILL')
  rmSync(data, { recursive: true, force: true })
})

describe('killed with -9 in the middle of an import', () => {
  it('keeps all of it or nothing, and starts again', async () => {
    let url = await serve()
    expect((await importRows(url, 0)).status).toBe(201)
    let expected = await count(url)
    expect(expected).toBe(rows)
    const cut: boolean[] = []
    for (const [i, delay] of [60, 250, 600].entries()) {
      const answer = importRows(url, i + 1).then(
        (response) => response.status === 201,
        () => false,
      )
      await new Promise((resolve) => setTimeout(resolve, delay))
      child.process.kill('SIGKILL')
      await child.ended
      const confirmed = await answer
      cut.push(!confirmed)
      url = await serve()
      const now = await count(url)
      // What was confirmed is there; what was cut off is there whole or not at all.
      expect(confirmed ? [expected + rows] : [expected, expected + rows]).toContain(now)
      expected = now
    }
    expect(cut).toContain(true)
  }, 300_000)
})
