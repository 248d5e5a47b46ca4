import { beforeEach, describe, expect, it, vi } from 'vitest'

type Status = 'SUBSCRIBED' | 'CLOSED' | 'CHANNEL_ERROR'
type Message = { event: string; payload: unknown }

/** A channel as supabase-js gives it, whose answers the test says. */
class FakeChannel {
  say: (status: Status, error?: Error) => void = () => {}
  hear: (message: Message) => void = () => {}
  sync: () => void = () => {}
  people: Record<string, object[]> = {}
  readonly tracked: unknown[] = []
  left = false

  constructor(
    readonly name: string,
    readonly options: { config: { private: boolean; presence: { enabled: boolean } } },
  ) {}

  on(kind: string, _filter: object, heard: (message: Message) => void): this {
    if (kind === 'broadcast') this.hear = heard
    else this.sync = () => heard({ event: 'sync', payload: null })
    return this
  }

  subscribe(say: FakeChannel['say']): void {
    this.say = say
  }

  presenceState = () => this.people
  track = async (said: unknown) => this.tracked.push(said)
  untrack = async () => this.tracked.push(null)
}

const channels: FakeChannel[] = []
vi.mock('../../src/db/client', () => ({
  supabase: () => ({
    channel(name: string, options: FakeChannel['options']) {
      const channel = new FakeChannel(name, options)
      channels.push(channel)
      return channel
    },
    async removeChannel(channel: FakeChannel) {
      channel.left = true
      return 'ok'
    },
    realtime: { setAuth: async () => undefined },
  }),
}))

const { holdTopic } = await import('../../src/db/topic')
const opened = (n: number) => vi.waitFor(() => expect(channels).toHaveLength(n), 60_000)

beforeEach(() => {
  channels.length = 0
})

describe('a topic', () => {
  it('is joined once for all who listen, privately, and left with the last', async () => {
    const heard: string[] = []
    const first = holdTopic('grid:1', { heard: (event) => heard.push(`1 ${event}`) })
    const second = holdTopic('grid:1', { heard: (event) => heard.push(`2 ${event}`) })
    await opened(1)
    const [channel] = channels
    expect(channel!.options.config).toMatchObject({ private: true, presence: { enabled: true } })
    channel!.say('SUBSCRIBED')
    channel!.hear({ event: 'change', payload: {} })
    expect(heard).toEqual(['1 change', '2 change'])
    expect([first.isJoined(), second.isJoined()]).toEqual([true, true])
    first.stop()
    channel!.hear({ event: 'change', payload: {} })
    expect(heard).toEqual(['1 change', '2 change', '2 change'])
    expect(channel!.left).toBe(false)
    second.stop()
    expect(channel!.left).toBe(true)
  })

  it('tells who comes later that it is joined, and who is there', async () => {
    const hold = holdTopic('grid:2', {})
    await opened(1)
    channels[0]!.people = { k: [{ name: '张三' }] }
    channels[0]!.say('SUBSCRIBED')
    const joined = vi.fn()
    const present = vi.fn()
    const late = holdTopic('grid:2', { joined, present })
    await vi.waitFor(() => expect(joined).toHaveBeenCalledOnce(), 60_000)
    expect([...present.mock.calls[0]![0].entries()]).toEqual([['k', [{ name: '张三' }]]])
    late.stop()
    hold.stop()
  })

  it('says again who one is after every join, because the client does not', async () => {
    const hold = holdTopic('grid:3', {})
    hold.appear({ name: '李四' })
    await opened(1)
    const [channel] = channels
    expect(channel!.tracked).toEqual([])
    channel!.say('SUBSCRIBED')
    channel!.say('CHANNEL_ERROR', new Error('transport'))
    expect(hold.isJoined()).toBe(false)
    channel!.say('SUBSCRIBED')
    expect(channel!.tracked).toEqual([{ name: '李四' }, { name: '李四' }])
    hold.appear(null)
    expect(channel!.tracked).toHaveLength(3)
    hold.stop()
  })

  it('is made anew after the server closed it or refused it, and not after one left', async () => {
    vi.useFakeTimers()
    try {
      const lost = vi.fn()
      const hold = holdTopic('user:x', { lost })
      await vi.advanceTimersByTimeAsync(1)
      channels[0]!.say('SUBSCRIBED')
      channels[0]!.say('CLOSED')
      expect(lost).toHaveBeenCalledOnce()
      await vi.advanceTimersByTimeAsync(600)
      expect(channels).toHaveLength(2)
      expect(channels[1]!.options.config.presence.enabled).toBe(false)
      channels[1]!.say('CHANNEL_ERROR', new Error('Unauthorized: You do not have permissions'))
      expect(channels[1]!.left).toBe(true)
      await vi.advanceTimersByTimeAsync(1_100)
      expect(channels).toHaveLength(3)
      channels[2]!.say('SUBSCRIBED')
      hold.stop()
      await vi.advanceTimersByTimeAsync(60_000)
      expect(channels).toHaveLength(3)
    } finally {
      vi.useRealTimers()
    }
  })
})
