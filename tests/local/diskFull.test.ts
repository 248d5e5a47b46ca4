import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DiskWatch } from '../../supabase/local/diskWatch.ts'
import { explain } from '../../supabase/local/start.ts'
import { startTestServer, type TestServer } from './server.ts'

describe('a full disk', () => {
  let server: TestServer
  const said: string[] = []
  beforeAll(async () => {
    // no disk has that much room
    server = await startTestServer('', { leastFreeBytes: Number.MAX_SAFE_INTEGER, warn: (words) => said.push(words) })
  })
  afterAll(() => server.close())

  it.skipIf(process.env.SAFEGRID_TEST_DATABASE_URL)(
    'stops writing before PGlite does, and goes on answering',
    async () => {
      const key = server.client(server.secretKey)
      const { error } = await key.from('departments').insert({ code: 'x', name: 'x', grid_id: 1 })
      expect(error).toMatchObject({ code: '25006' })
      expect((await key.from('departments').select('id')).error).toBeNull()
      const { client } = await server.user('looks@test.local')
      expect((await client.rpc('me')).data).toMatchObject({ root: null })
      expect(await (await fetch(`${server.url}/health`)).json()).toMatchObject({ status: 'read_only' })
      expect(said.join()).toContain('暂停写入')
    },
  )

  it('is noticed and its end too', async () => {
    const words: string[] = []
    const watch = await DiskWatch.start(tmpdir(), (line) => words.push(line), 0)
    expect(watch.low).toBe(false)
    watch.close()
    const full = await DiskWatch.start(tmpdir(), (line) => words.push(line), Number.MAX_SAFE_INTEGER)
    expect(full.low).toBe(true)
    full.close()
    expect(words).toHaveLength(1)
  })

  it('is told in words when it stops a start, also by the number that PGlite gives', () => {
    expect(explain({ name: 'ErrnoError', errno: 51 })).toContain('磁盘已满')
    expect(explain({ code: 'ENOSPC' })).toContain('磁盘已满')
    expect(explain({ name: 'ErrnoError', errno: 69 })).toContain('没有写入权限')
    expect(explain({ name: 'ErrnoError', errno: 1 })).toBeUndefined()
  })
})
