import { beforeEach, describe, expect, it, vi } from 'vitest'
import { rpc } from '../../../src/db/rpc'
import { advanceAll, bulkRows } from '../../../src/features/ledgers/bulk'
import type { HazardRow } from '../../../src/features/ledgers/ledger'

vi.mock('../../../src/db/rpc', () => ({ rpc: vi.fn() }))
const asked = vi.mocked(rpc)

interface Item {
  id: string
  version: number
  event_id: string
}
const itemsOf = (call: number) => (asked.mock.calls[call]![1] as { p_items: Item[] }).p_items
const rows = (n: number) => bulkRows(Array.from({ length: n }, (_, i) => ({ id: String(i), version: 1 }) as HazardRow))
const done = ({ id }: Item) => ({ id, status: 'ok', version: 2, reasons: [] })
const never = new AbortController().signal
beforeEach(() => {
  asked.mockReset()
})

describe('many steps', () => {
  it('go in portions; what the server had no time for is sent again under the same id', async () => {
    asked.mockImplementation(async (_, args) => {
      const items = (args as { p_items: Item[] }).p_items
      const late = asked.mock.calls.length === 1
      const answers = items.map((item, i) =>
        late && i >= 30 ? { id: item.id, status: 'unfinished', version: null, reasons: null } : done(item),
      )
      return { ok: true, data: { status: 'ok', rows: answers } }
    })
    const told: number[] = []
    const result = await advanceAll(rows(100), 'assign', {}, never, (now) =>
      told.push(now.filter(({ status }) => status === 'ok').length),
    )
    expect(result.failure).toBeNull()
    expect(result.rows.every(({ status, version }) => status === 'ok' && version === 2)).toBe(true)
    expect(told.at(-1)).toBe(100)
    expect([...told].sort((a, b) => a - b)).toEqual(told)
    const again = itemsOf(0).slice(30)
    const later = asked.mock.calls.slice(1).flatMap((_, i) => itemsOf(i + 1))
    for (const item of again) expect(later).toContainEqual(item)
    expect(later).toHaveLength(70)
  })

  it('that a broken connection cut off go on where they ended, and no step is sent under another id', async () => {
    asked.mockImplementation(async (_, args) =>
      asked.mock.calls.length === 2
        ? { ok: false, error: { code: 'OFFLINE', kind: 'offline', message: '连接中断' } }
        : { ok: true, data: { status: 'ok', rows: (args as { p_items: Item[] }).p_items.map(done) } },
    )
    const first = await advanceAll(rows(100), 'verify', {}, never, () => {})
    expect(first.failure?.kind).toBe('offline')
    const left = first.rows.filter(({ status }) => status === 'unsent')
    expect(left).toHaveLength(60)
    const second = await advanceAll(first.rows, 'verify', {}, never, () => {})
    expect(second.rows.every(({ status }) => status === 'ok')).toBe(true)
    expect(itemsOf(2).map(({ event_id }) => event_id)).toEqual(itemsOf(1).map(({ event_id }) => event_id))
  })

  it('keep the reason of each that was refused, and never send it again', async () => {
    asked.mockImplementation(async (_, args) => ({
      ok: true,
      data: {
        status: 'ok',
        rows: (args as { p_items: Item[] }).p_items.map((item) =>
          item.id === '1'
            ? { id: '1', status: 'rejected', version: 1, reasons: [{ message: '没有这条隐患' }] }
            : done(item),
        ),
      },
    }))
    const { rows: now } = await advanceAll(rows(3), 'assign', {}, never, () => {})
    expect(now.map(({ status, reason }) => [status, reason])).toEqual([
      ['ok', ''],
      ['rejected', '没有这条隐患'],
      ['ok', ''],
    ])
    await advanceAll(now, 'assign', {}, never, () => {})
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('stop when somebody says so', async () => {
    const control = new AbortController()
    asked.mockImplementation(async (_, args) => {
      control.abort()
      return { ok: true, data: { status: 'ok', rows: (args as { p_items: Item[] }).p_items.map(done) } }
    })
    const { rows: now } = await advanceAll(rows(100), 'assign', {}, control.signal, () => {})
    expect(now.filter(({ status }) => status === 'ok')).toHaveLength(40)
  })
})
