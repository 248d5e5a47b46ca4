import type { RealtimeChannel } from '@supabase/supabase-js'
import { supabase } from './client'

/** One meta of somebody present, as they said it. */
export type Said = Record<string, unknown>

/** What somebody wants to know of a topic. Every part is optional. */
export interface TopicEars {
  /** A message of the database: its event, and `{entity, id, op, row_version}`. */
  heard?(event: string, payload: Said): void
  /** Joined (again): what was said before this moment was not heard. */
  joined?(): void
  /** Not joined any more, or not yet; joining goes on by itself unless `stop` was called. */
  lost?(): void
  /** Everyone present, oneself included, by the keys they chose. */
  present?(everyone: ReadonlyMap<string, Said[]>): void
}

export interface TopicHold {
  /** Says what others shall see of this page on the topic; null takes it back. */
  appear(said: Said | null): void
  isJoined(): boolean
  stop(): void
}

/** Names this page among all that are present, so that it knows itself again. */
export const pageKey = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('')

// After the server closed a channel the client never joins again by itself: it is made anew, later and later.
const waits = [500, 1_000, 2_000, 5_000, 10_000, 30_000]

// Until the old channel of a name is gone, supabase-js would hand it out again.
const leaving = new Map<string, Promise<unknown>>()

/** One topic, joined once for all who listen on this page: supabase-js has one channel a name. */
class Topic {
  readonly ears = new Set<TopicEars>()
  joined = false
  private channel: RealtimeChannel | undefined
  private said: Said | null = null
  private tries = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private over = false

  constructor(private readonly name: string) {
    this.open()
  }

  appear(said: Said | null): void {
    this.said = said
    if (!this.joined || !this.channel) return
    void (said ? this.channel.track(said) : this.channel.untrack())
  }

  close(): void {
    this.over = true
    clearTimeout(this.timer)
    this.leave()
  }

  private leave(): void {
    const { channel } = this
    this.channel = undefined
    if (!channel) return
    const gone = supabase()
      .removeChannel(channel)
      .catch(() => undefined)
      .then(() => {
        if (leaving.get(this.name) === gone) leaving.delete(this.name)
      })
    leaving.set(this.name, gone)
  }

  private open(): void {
    if (this.over) return
    const gone = leaving.get(this.name)
    if (gone) {
      void gone.then(() => this.open())
      return
    }
    void this.join()
  }

  private async join(): Promise<void> {
    // The newest token first: without it the first answer is no.
    await supabase()
      .realtime.setAuth()
      .catch(() => undefined)
    if (this.over || this.channel) return
    const presence = this.name.startsWith('grid:')
    const channel = supabase().channel(this.name, {
      config: { private: true, presence: { key: pageKey, enabled: presence } },
    })
    this.channel = channel
    channel.on('broadcast', { event: '*' }, ({ event, payload }) => {
      for (const ear of [...this.ears]) ear.heard?.(event, (payload ?? {}) as Said)
    })
    if (presence) channel.on('presence', { event: 'sync' }, () => this.tellPresent())
    channel.subscribe((status, error) => {
      if (channel !== this.channel) return
      if (status === 'SUBSCRIBED') return this.onJoined()
      this.onLost()
      // Left to itself the client would ask every few seconds whether the answer is still no.
      const refused = error?.message.startsWith('Unauthorized')
      if (status === 'CLOSED' || refused) this.again()
    })
  }

  private onJoined(): void {
    this.joined = true
    this.tries = 0
    // The client does not say it again by itself.
    if (this.said) void this.channel?.track(this.said)
    for (const ear of [...this.ears]) ear.joined?.()
  }

  private onLost(): void {
    if (!this.joined) return
    this.joined = false
    for (const ear of [...this.ears]) ear.lost?.()
  }

  private again(): void {
    this.leave()
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.open(), waits[Math.min(this.tries++, waits.length - 1)])
  }

  private tellPresent(): void {
    for (const ear of [...this.ears]) if (ear.present) this.tellOne(ear)
  }

  tellOne(ear: TopicEars): void {
    const state = this.joined ? (this.channel?.presenceState<Said>() ?? {}) : {}
    ear.present?.(new Map(Object.entries(state)))
  }
}

const topics = new Map<string, Topic>()

/**
 * Listens on a private topic (`grid:<id>`, `sector:<id>`, `user:<id>`) until `stop`. Several may listen on the same:
 * it is joined with the first and left with the last. A refusal is no error: `joined` never comes, and it is tried
 * again later, because rights change.
 */
export function holdTopic(name: string, ears: TopicEars): TopicHold {
  const topic = topics.get(name) ?? new Topic(name)
  topics.set(name, topic)
  topic.ears.add(ears)
  if (topic.joined) {
    queueMicrotask(() => {
      if (!topic.ears.has(ears)) return
      ears.joined?.()
      topic.tellOne(ears)
    })
  }
  return {
    appear: (said) => topic.appear(said),
    isJoined: () => topic.joined,
    stop() {
      if (!topic.ears.delete(ears) || topic.ears.size > 0) return
      topics.delete(name)
      topic.close()
    },
  }
}
