import type { Database } from '../database.ts'
import type { Channel, Right } from './channel.ts'
import { type ClientBroadcast, encodeBroadcast, encodeText } from './frames.ts'
import { Presence, type PresenceDiff } from './presence.ts'
import type { Bearer } from './token.ts'

interface Topic {
  channels: Set<Channel>
  presence: Presence<Channel>
}

/** What the database tells: a message sent by realtime.send(), or a session that was ended. */
interface Told {
  id?: string
  topic?: string
  event?: string
  payload?: unknown
  large?: boolean
  revoked?: string
}

// Rights also change in ways that nobody is told of (a department is given other sectors): looked at now and then.
const lookAgain = 5 * 60_000

/** All channels of the server, by topic: who hears what, who is there, who may. */
export class Hub {
  private readonly topics = new Map<string, Topic>()
  private readonly timer = setInterval(() => void this.recheck(() => true), lookAgain)
  private rightsChanged = 0
  private inbox: Promise<void> = Promise.resolve()

  constructor(private readonly database: Database) {
    this.timer.unref()
  }

  /** What the policies allow; null when the session was ended. Asked again when a right changed during the question. */
  async rightsOn(topic: string, bearer: Bearer): Promise<Set<Right> | null> {
    for (;;) {
      const before = this.rightsChanged
      const { rows } = await this.database.query<{ may: Right[] | null }>(
        'select realtime.rights_on($1, $2, $3::jsonb) as may',
        [topic, bearer.role, JSON.stringify(bearer.claims)],
      )
      const may = rows[0]?.may
      if (before === this.rightsChanged) return may ? new Set(may) : null
    }
  }

  enter(channel: Channel): void {
    const topic = this.topics.get(channel.topic) ?? { channels: new Set(), presence: new Presence() }
    this.topics.set(channel.topic, topic)
    topic.channels.add(channel)
    if (channel.watches && channel.rights.has('see')) channel.push('presence_state', topic.presence.state())
  }

  leave(channel: Channel): void {
    const topic = this.topics.get(channel.topic)
    if (!topic?.channels.delete(channel)) return
    const diff = topic.presence.untrack(channel)
    if (diff) this.tellPresence(channel.topic, topic, diff)
    if (topic.channels.size === 0) this.topics.delete(channel.topic)
  }

  /** `said` null: no longer there. */
  appear(channel: Channel, said: Record<string, unknown> | null): void {
    const topic = this.topics.get(channel.topic)
    if (!topic?.channels.has(channel)) return
    const diff = said ? topic.presence.track(channel, channel.presenceKey, said) : topic.presence.untrack(channel)
    if (diff) this.tellPresence(channel.topic, topic, diff)
  }

  /** Hands a broadcast to everyone on the topic, `from` excepted. */
  broadcast(name: string, message: ClientBroadcast, meta?: Record<string, string>, from?: Channel): void {
    const topic = this.topics.get(name)
    if (!topic) return
    const data = encodeBroadcast(name, message, meta)
    for (const channel of topic.channels) {
      if (channel !== from && channel.rights.has('hear')) channel.deliver(data)
    }
  }

  /** One notification of the database. Handled one after the other, in the order of the commits. */
  told(words: string): void {
    const message = JSON.parse(words) as Told
    this.inbox = this.inbox
      .then(() => this.handle(message))
      .catch((error: unknown) => {
        console.error('[realtime]', error)
      })
  }

  private async handle(message: Told): Promise<void> {
    if (message.revoked) {
      this.rightsChanged += 1
      void this.recheck((channel) => channel.bearer.session === message.revoked)
      return
    }
    if (!message.topic || !message.id) return
    // Held back from here on: whatever was committed after the right was taken does not go out before the answer.
    if (message.event === 'rights' && message.topic.startsWith('user:')) {
      this.rightsChanged += 1
      const user = message.topic.slice('user:'.length)
      void this.recheck((channel) => channel.bearer.user === user)
    }
    const name = `realtime:${message.topic}`
    if (!this.topics.has(name)) return
    const full = message.large ? await this.fetch(message.id) : message
    if (!full?.event) return
    const body = Buffer.from(JSON.stringify(full.payload ?? {}))
    this.broadcast(name, { event: full.event, encoding: 1, body }, { id: message.id })
  }

  private async fetch(id: string): Promise<Told | undefined> {
    const { rows } = await this.database.query<Told>('select event, payload from realtime.messages where id = $1', [id])
    return rows[0]
  }

  /** Asks the policies again for some channels; who may no longer hear is shown out. */
  async recheck(which: (channel: Channel) => boolean): Promise<void> {
    const channels = [...this.topics.values()].flatMap((topic) => [...topic.channels]).filter(which)
    for (const channel of channels) channel.hold()
    for (const channel of channels) await this.recheckOne(channel)
  }

  async recheckOne(channel: Channel): Promise<void> {
    if (channel.closed) return
    channel.hold()
    const look = ++channel.looks
    const rights = await this.rightsOn(channel.name, channel.bearer).catch(() => null)
    // Another look was begun meanwhile, and decides.
    if (look !== channel.looks) return
    if (rights?.has('hear')) channel.release(rights)
    else this.expel(channel, rights ? refusal(channel.name) : 'Token was revoked')
  }

  expel(channel: Channel, message: string): void {
    channel.expel(message)
    this.leave(channel)
  }

  close(): void {
    clearInterval(this.timer)
    this.topics.clear()
  }

  private tellPresence(name: string, topic: Topic, diff: PresenceDiff): void {
    const data = encodeText({ joinRef: null, ref: null, topic: name, event: 'presence_diff', payload: diff })
    for (const channel of topic.channels) {
      if (channel.watches && channel.rights.has('see')) channel.deliver(data)
    }
  }
}

export const refusal = (name: string) =>
  `Unauthorized: You do not have permissions to read from this Channel topic: ${name}`
