import { afterEach, describe, expect, it } from 'vitest'
import { noteReachable } from '../../src/db/connection'
import { useLoaded } from '../../src/db/loaded'
import type { Result } from '../../src/db/rpc'

type Answers = ((answer: Result<number>) => void)[]
const failed: Result<number> = { ok: false, error: { code: 'NETWORK', message: '连接不上服务器', kind: 'offline' } }

/** Something loaded, whose answers come when the test says so. */
function asked() {
  const waiting: Answers = []
  const questions: number[] = []
  const loaded = useLoaded(0, (question: number) => {
    questions.push(question)
    return new Promise<Result<number>>((resolve) => waiting.push(resolve))
  })
  return { ...loaded, waiting, questions }
}

afterEach(() => noteReachable(true))

describe('what one request gives', () => {
  it('is asked for again once the backend is back, when nothing could be shown', async () => {
    const { load, state, data, waiting, questions } = asked()
    const first = load(7)
    noteReachable(false)
    waiting[0]!(failed)
    await first
    expect(state.value).toBe('failed')
    noteReachable(true)
    await Promise.resolve()
    expect(questions).toEqual([7, 7])
    waiting[1]!({ ok: true, data: 3 })
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
    expect([state.value, data.value]).toEqual(['ready', 3])
  })

  it('is asked for again too when what is shown answers another question', async () => {
    const { load, data, failure, waiting, questions } = asked()
    const first = load(1)
    waiting[0]!({ ok: true, data: 1 })
    await first
    const second = load(2)
    noteReachable(false)
    waiting[1]!(failed)
    await second
    expect([data.value, failure.value?.code]).toEqual([1, 'NETWORK'])
    noteReachable(true)
    await Promise.resolve()
    expect(questions).toEqual([1, 2, 2])
    waiting[2]!({ ok: true, data: 2 })
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
    expect([data.value, failure.value]).toEqual([2, null])
  })

  it('says nothing any more of another question that failed', async () => {
    const { load, failure, waiting } = asked()
    const first = load(1)
    waiting[0]!(failed)
    await first
    expect(failure.value).not.toBeNull()
    void load(1)
    expect(failure.value).not.toBeNull()
    void load(2)
    expect(failure.value).toBeNull()
  })

  it('is left alone where something is shown, or nobody wants it any more', async () => {
    const { load, clear, waiting, questions } = asked()
    const first = load(1)
    waiting[0]!({ ok: true, data: 1 })
    await first
    const second = load(1)
    noteReachable(false)
    waiting[1]!(failed)
    await second
    noteReachable(true)
    await Promise.resolve()
    expect(questions).toEqual([1, 1])
    clear()
    const third = load(2)
    noteReachable(false)
    waiting[2]!(failed)
    await third
    clear()
    noteReachable(true)
    await Promise.resolve()
    expect(questions).toEqual([1, 1, 2])
  })
})
