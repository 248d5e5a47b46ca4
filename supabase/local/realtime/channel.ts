import { encodeText, type Frame } from './frames.ts'
import type { Bearer } from './token.ts'

/** What somebody may do on a topic: hear broadcasts, see who is there, speak, appear. */
export type Right = 'hear' | 'see' | 'speak' | 'appear'

/** The part of a WebSocket that a channel needs. */
export interface Wire {
  readonly bufferedAmount: number
  send(data: string | Buffer): void
  close(code: number, reason: string): void
}

/** Whoever does not read for so long is cut off, rather than kept in memory. */
const mostUnread = 4 * 1024 * 1024

/** One client on one topic, from join to leave. */
export class Channel {
  /** Set when it is over: nothing is sent any more. */
  closed = false
  /** How often the rights were looked at again; only the newest look counts. */
  looks = 0
  /** While the rights are being looked at again, what comes is kept here and not sent. */
  private waiting: (string | Buffer)[] | undefined

  constructor(
    private readonly wire: Wire,
    /** As the client calls it, `realtime:<name>`. */
    readonly topic: string,
    readonly joinRef: string | null,
    readonly presenceKey: string,
    /** Wants presence_state and presence_diff. */
    readonly watches: boolean,
    /** Wants its own broadcasts back. */
    readonly echoes: boolean,
    readonly acknowledges: boolean,
    public bearer: Bearer,
    public rights: ReadonlySet<Right>,
  ) {}

  get name(): string {
    return this.topic.slice('realtime:'.length)
  }

  /** Sends what others say. Held back while `hold` lasts. */
  deliver(data: string | Buffer): void {
    if (this.closed) return
    if (this.waiting) this.waiting.push(data)
    else this.send(data)
  }

  reply(ref: string | null, status: 'ok' | 'error', response: unknown = {}): void {
    this.send(text(this.joinRef, ref, this.topic, 'phx_reply', { status, response }))
  }

  push(event: string, payload: unknown): void {
    this.deliver(text(this.joinRef, null, this.topic, event, payload))
  }

  hold(): void {
    this.waiting ??= []
  }

  /** Goes on with other rights. */
  release(rights: ReadonlySet<Right>): void {
    const waiting = this.waiting ?? []
    this.waiting = undefined
    this.rights = rights
    for (const data of waiting) this.deliver(data)
  }

  /** The end as the server decides it; the client does not come back by itself. */
  expel(message: string): void {
    if (this.closed) return
    this.send(
      text(this.joinRef, null, this.topic, 'system', {
        extension: 'system',
        status: 'error',
        message,
        channel: this.name,
      }),
    )
    this.end()
  }

  end(): void {
    if (this.closed) return
    this.send(text(this.joinRef, this.joinRef, this.topic, 'phx_close', {}))
    this.closed = true
    this.waiting = undefined
  }

  private send(data: string | Buffer): void {
    if (this.closed) return
    if (this.wire.bufferedAmount > mostUnread) this.wire.close(1013, 'too slow')
    else this.wire.send(data)
  }
}

function text(joinRef: string | null, ref: string | null, topic: string, event: string, payload: unknown): string {
  return encodeText({ joinRef, ref, topic, event, payload } satisfies Frame)
}
