import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'
import type { Change, FeedOptions } from '../../../src/db/changes'
import type { Alarm, DeskRow } from '../../../src/features/desk/desk'

// A database of the size of a hand: what the desk asks is answered from here, and the feed says what the test says.
interface Held extends DeskRow {
  alarm: Alarm
}
let held = new Map<string, Held>()
let answering: 'ok' | 'offline' | 'refused' = 'ok'
let calls: { name: string; args: Record<string, unknown> }[] = []
let feed: FeedOptions | undefined
const feedState = ref<'live' | 'catching_up' | 'offline'>('live')
const feedSince = ref<Date | null>(null)

const iso = (ms: number) => new Date(ms).toISOString()
/** The server's clock goes an hour ahead of the page's. */
const AHEAD = 3_600_000
const serverNow = () => Date.now() + AHEAD

vi.mock('../../../src/db/changes', () => ({
  followChanges(options: FeedOptions) {
    feed = options
    return { state: feedState, since: feedSince, stop: () => (feed = undefined) }
  },
}))
vi.mock('../../../src/db/rpc', () => ({
  async rpc(name: string, args: Record<string, unknown>) {
    calls.push({ name, args })
    const mode = answering
    await new Promise((done) => setTimeout(done, 5))
    if (mode === 'offline') return { ok: false, error: { kind: 'offline', code: 'OFFLINE', message: '断网' } }
    if (mode === 'refused')
      return { ok: true, data: { status: 'rejected', errors: [{ code: 'NOT_ALLOWED', message: '无权' }] } }
    return { ok: true, data: answers[name]!(args) }
  },
}))
const open = ({ state, alarm }: Held) => state !== 'closed' && state !== 'rejected' && !alarm.acknowledged_at
const answers: Record<string, (args: Record<string, unknown>) => unknown> = {
  desk_feed: ({ p_hazards }) => {
    const ids = p_hazards as string[] | null
    const rows = ids ? ids.flatMap((id) => held.get(id) ?? []) : [...held.values()].filter(open)
    return {
      status: 'ok',
      now: iso(serverNow()),
      minutes: { major: 5, general: 15 },
      rows: rows.map((row) => structuredClone(row)),
    }
  },
  desk_counts: () => {
    const ids = [...held.values()].filter(open).map(({ id }) => id)
    return {
      status: 'ok',
      now: iso(serverNow()),
      today: '2026-11-22',
      periods: [],
      unacknowledged: { count: ids.length, major: 0, ids: ids.slice(0, 500) },
    }
  },
  acknowledge_hazards: ({ p_hazards }) => {
    const ids = p_hazards as string[]
    for (const id of ids)
      Object.assign(held.get(id)!.alarm, { acknowledged_at: iso(serverNow()), name: '值班员', role: '值班员' })
    return {
      status: 'ok',
      left_out: [],
      acknowledged: ids.map((id) => ({ id, at: iso(serverNow()), counts: true, alarm: { ...held.get(id)!.alarm } })),
    }
  },
  escalate_unacknowledged: () => {
    for (const row of held.values())
      if (open(row) && Date.parse(row.alarm.due_at) <= serverNow()) row.alarm.escalated_at ??= iso(serverNow())
    return { status: 'ok', escalated: 0 }
  },
}

let made = 0
function report(severity: 'major' | 'general' = 'general', at = serverNow()): string {
  const id = `h${++made}`
  held.set(id, {
    id,
    code: `YH-20261122-${made}`,
    title: `隐患${made}`,
    severity,
    state: 'reported',
    sector_id: 1,
    sector: '工贸',
    enterprise: null,
    grid_id: 3,
    place: ['别山镇', '别山村'],
    leaders: [{ grid_id: 3, grid: '别山村', name: '张三', phone: '13900000000' }],
    lon: 117 + (made % 100) / 1000,
    lat: 40,
    reporter: '李四',
    reporter_phone: null,
    found_at: iso(at),
    reported_at: iso(at),
    due_at: null,
    alarm: {
      raised_at: iso(at),
      due_at: iso(at + 5 * 60_000),
      acknowledged_at: null,
      name: null,
      role: null,
      escalated_at: null,
      escalated_to: null,
    },
    seen_by: [],
    row_version: 1,
  })
  return id
}
const tell = (id: string, entity = 'hazard', op: Change['op'] = 'insert') =>
  feed?.onChanges([{ entity, id, op, row_version: held.get(id)?.row_version ?? 1, at: null }])

const { useDesk } = await import('../../../src/features/desk/deskStore')
const { connectionOf } = await import('../../../src/features/desk/desk')

function openDesk() {
  const scope = effectScope()
  const arrived: string[] = []
  const desk = scope.run(() =>
    useDesk({ topics: ['grid:1'], onNew: (rows) => arrived.push(...rows.map(({ id }) => id)) }),
  )!
  const waiting = () => desk.waiting.value.map(({ id }) => id)
  return { desk, scope, arrived, waiting, close: () => scope.stop() }
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => {
  vi.useFakeTimers()
  held = new Map()
  calls = []
  answering = 'ok'
  feedState.value = 'live'
  feedSince.value = null
})
afterEach(() => vi.useRealTimers())

describe('a desk that is opened', () => {
  it('asks for everything that waits, and hears what comes', async () => {
    const before = report('major', serverNow() - 50 * 3_600_000)
    const { waiting, arrived, desk, close } = openDesk()
    await pass(10)
    expect(waiting()).toEqual([before])
    const id = report()
    tell(id)
    await pass(10)
    expect(waiting()).toEqual([id, before])
    expect(arrived).toEqual([before, id])
    // a step of it rings no bell
    held.get(id)!.row_version = 2
    held.get(id)!.state = 'verified'
    tell(id, 'hazard', 'update')
    await pass(10)
    expect(arrived).toHaveLength(2)
    expect(Math.abs(desk.skew.value - AHEAD)).toBeLessThan(20)
    close()
  })

  it('goes on asking until the server answers', async () => {
    answering = 'offline'
    const id = report()
    const { desk, waiting, close } = openDesk()
    await pass(3_000)
    expect(desk.state.value).toBe('failed')
    expect(desk.heard.value).toBeNull()
    answering = 'ok'
    await pass(3_000)
    expect(desk.state.value).toBe('ready')
    expect(waiting()).toEqual([id])
    close()
  })

  it('asks nothing any more once it is closed', async () => {
    report()
    const { close } = openDesk()
    await pass(100)
    close()
    const asked = calls.length
    await pass(300_000)
    expect(calls.length).toBe(asked)
  })
})

describe('nothing is missed', () => {
  it('when what came cannot be asked for at once; until then nothing counts as heard', async () => {
    const { desk, waiting, close } = openDesk()
    await pass(2_000)
    const known = desk.heard.value!
    answering = 'offline'
    const ids = [report(), report()]
    for (const id of ids) tell(id)
    await pass(35_000)
    feedSince.value = new Date()
    expect(desk.heard.value).toBeLessThanOrEqual(known + 1_000)
    expect(connectionOf('live', desk.heard.value, Date.now())).toBe('stale')
    answering = 'ok'
    await pass(25_000)
    expect(new Set(waiting())).toEqual(new Set(ids))
    expect(connectionOf('live', desk.heard.value, Date.now())).toBe('live')
    close()
  })

  it('when no message comes: the self-check finds it, adds it, rings, and says so', async () => {
    const { desk, waiting, arrived, close } = openDesk()
    await pass(1_000)
    const id = report('major')
    await pass(21_000)
    expect(waiting()).toEqual([id])
    expect(arrived).toEqual([id])
    await pass(6_000)
    expect(desk.drift.value?.missing).toBe(1)
    close()
  })

  it('when the message is only late: nothing is said', async () => {
    const { desk, waiting, close } = openDesk()
    await pass(19_900)
    const id = report()
    await pass(400)
    tell(id)
    await pass(10_000)
    expect(waiting()).toEqual([id])
    expect(desk.drift.value).toBeNull()
    close()
  })

  it('when somebody else acknowledged it and no message came: it waits no longer', async () => {
    const id = report()
    const { waiting, close } = openDesk()
    await pass(100)
    expect(waiting()).toEqual([id])
    answers.acknowledge_hazards!({ p_hazards: [id] })
    await pass(21_000)
    expect(waiting()).toEqual([])
    close()
  })

  it('when everything has to be loaded anew', async () => {
    const first = report()
    const { waiting, arrived, close } = openDesk()
    await pass(100)
    const second = report()
    held.delete(first)
    feed?.onResync('feed')
    await pass(100)
    expect(waiting()).toEqual([second])
    expect(arrived).toEqual([first, second])
    close()
  })

  it('and what left the scope goes', async () => {
    const id = report()
    const { waiting, close } = openDesk()
    await pass(100)
    held.delete(id)
    tell(id, 'hazard', 'delete')
    await pass(100)
    expect(waiting()).toEqual([])
    close()
  })
})

describe('acknowledging', () => {
  it('ends the call here at once, and asks who saw it', async () => {
    const id = report()
    const { desk, waiting, close } = openDesk()
    await pass(100)
    const done = desk.acknowledge([id])
    expect(desk.sending.value.has(id)).toBe(true)
    await pass(20)
    expect(await done).toBe(true)
    expect(waiting()).toEqual([])
    expect(desk.settled.value.map(({ alarm }) => alarm?.name)).toEqual(['值班员'])
    expect(desk.sending.value.size).toBe(0)
    close()
  })

  it.each(['offline', 'refused'] as const)('%s: it waits on, and it is said', async (mode) => {
    const id = report('major')
    const { desk, waiting, close } = openDesk()
    await pass(100)
    answering = mode
    const done = desk.acknowledge([id])
    await pass(20)
    expect(await done).toBe(false)
    expect(waiting()).toEqual([id])
    expect(desk.sendFailure.value?.message).toBe(mode === 'offline' ? '断网' : '无权')
    answering = 'ok'
    const again = desk.acknowledge([id])
    await pass(20)
    expect(await again).toBe(true)
    expect(desk.sendFailure.value).toBeNull()
    close()
  })

  it('of many goes in parts, and twice is once', async () => {
    const ids = Array.from({ length: 450 }, () => report())
    const { desk, waiting, close } = openDesk()
    await pass(100)
    calls = []
    const both = Promise.all([desk.acknowledge(ids), desk.acknowledge(ids)])
    await pass(200)
    expect(await both).toEqual([true, true])
    const sent = calls
      .filter(({ name }) => name === 'acknowledge_hazards')
      .map(({ args }) => (args.p_hazards as string[]).length)
    expect(sent).toEqual([200, 200, 50])
    expect(waiting()).toEqual([])
    close()
  })
})

it('lets what is late call upon the leader, by the clock of the server', async () => {
  const id = report('major')
  const { desk, close } = openDesk()
  await pass(60_000)
  expect(calls.some(({ name }) => name === 'escalate_unacknowledged')).toBe(false)
  await pass(250_000)
  const asked = calls.filter(({ name }) => name === 'escalate_unacknowledged').length
  expect(asked).toBeGreaterThan(0)
  tell(id, 'alarm', 'update')
  await pass(100)
  expect(desk.waiting.value[0]?.alarm?.escalated_at).not.toBeNull()
  await pass(60_000)
  expect(calls.filter(({ name }) => name === 'escalate_unacknowledged').length).toBe(asked)
  close()
})

it('knows a flood by its figure, though it lists only so many', async () => {
  for (let i = 0; i < 1_300; i++) report()
  const { desk, close } = openDesk()
  await pass(2_000)
  expect(desk.waiting.value.length).toBe(1_000)
  expect(desk.count.value).toBe(1_300)
  close()
})

it('stays as large as it was through 20,000 events, and agrees with the database in the end', async () => {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  const { desk, waiting, close } = openDesk()
  await pass(10)
  const heap = () => {
    calls = []
    collect()
    return process.memoryUsage().heapUsed
  }
  // reported, told (three in ten are not), acknowledged by somebody; the database itself forgets, so that only the desk is weighed
  const events = async (count: number) => {
    for (let i = 0; i < count / 2; i++) {
      const id = report(i % 20 ? 'general' : 'major')
      if (i % 10 < 7) tell(id)
      if (i % 50 === 0) await pass(1_000)
      const seen = `h${made - 40}`
      const row = held.get(seen)
      if (row) {
        row.alarm = { ...row.alarm, acknowledged_at: iso(serverNow()), name: '值班员', role: '值班员' }
        tell(seen, 'alarm', 'update')
      }
      held.delete(`h${made - 400}`)
    }
    await pass(50_000)
  }
  await events(5_000)
  const before = heap()
  await events(20_000)
  const after = heap()
  expect(after / before).toBeLessThan(1.2)
  expect(new Set(waiting())).toEqual(new Set([...held.values()].filter(open).map(({ id }) => id)))
  expect(desk.settled.value.length).toBeLessThanOrEqual(300)
  close()
}, 60_000)
