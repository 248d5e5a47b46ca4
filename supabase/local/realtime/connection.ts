import { randomUUID } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { Keys } from '../keys.ts'
import { Channel } from './channel.ts'
import { type ClientBroadcast, decodeBinary, decodeText, encodeText, type Frame } from './frames.ts'
import { type Hub, refusal } from './hub.ts'
import { type Bearer, bearerOfKey, bearerOfToken } from './token.ts'

/** A client sends a heartbeat every 25 s; after this long without any word it is gone. */
const silence = 75_000
const mostChannels = 100
/** Frames in ten seconds. A person makes a few; whoever floods is cut off. */
const mostFrames = 500
// The longest that setTimeout can wait.
const longest = 2 ** 31 - 1

interface JoinPayload {
  config?: {
    broadcast?: { ack?: boolean; self?: boolean }
    presence?: { key?: string; enabled?: boolean }
    private?: boolean
  }
  access_token?: unknown
}

/** What one says of oneself goes to everybody on the topic. */
const mostPresenceBytes = 4096

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

/** One WebSocket with its channels: reads frames, answers them, and leaves every topic when it closes. */
export class Connection {
  private readonly channels = new Map<string, Channel>()
  private readonly joining = new Map<string, symbol>()
  private readonly expiry = new Map<Channel, NodeJS.Timeout>()
  private readonly keeper: Bearer | undefined
  private idle: NodeJS.Timeout
  private frames = 0
  private readonly window = setInterval(() => {
    this.frames = 0
  }, 10_000)

  constructor(
    private readonly socket: WebSocket,
    apikey: string,
    private readonly keys: Keys,
    private readonly hub: Hub,
  ) {
    this.keeper = bearerOfKey(apikey, keys)
    this.idle = this.wait()
    socket.on('message', (data: Buffer, binary) => {
      clearTimeout(this.idle)
      this.idle = this.wait()
      this.frames += 1
      if (this.frames > mostFrames) socket.close(1008, 'too many messages')
      else this.take(data, binary)
    })
    socket.on('close', () => this.end())
    socket.on('error', () => socket.terminate())
  }

  private wait(): NodeJS.Timeout {
    return setTimeout(() => this.socket.close(1000, 'idle'), silence)
  }

  /** Nothing that a client sends may end the process. */
  private take(data: Buffer, binary: boolean): void {
    try {
      this.read(binary ? decodeBinary(data) : decodeText(data.toString('utf8')))
    } catch (error) {
      console.error('[realtime]', error)
      this.socket.close(1011, 'not understood')
    }
  }

  private read(frame: Frame | null): void {
    if (!frame) return
    if (frame.topic === 'phoenix') this.reply(frame, 'ok')
    else if (frame.event === 'phx_join') {
      this.join(frame).catch((error: unknown) => {
        console.error('[realtime]', error)
        this.socket.close(1011, 'not understood')
      })
    } else {
      const channel = this.channels.get(frame.topic)
      if (channel?.closed) this.drop(channel)
      else if (channel) this.hear(channel, frame)
      else if (frame.event === 'phx_leave') {
        this.joining.delete(frame.topic)
        this.reply(frame, 'ok')
      } else if (frame.ref) this.reply(frame, 'error', { reason: 'unmatched topic' })
    }
  }

  private hear(channel: Channel, frame: Frame): void {
    if (frame.event === 'phx_leave') {
      channel.reply(frame.ref, 'ok')
      this.drop(channel)
      channel.end()
    } else if (frame.event === 'access_token') this.renew(channel, record(frame.payload).access_token)
    else if (frame.event === 'presence') this.presence(channel, frame)
    else if (frame.event === 'broadcast') this.speak(channel, frame)
    else if (frame.ref) channel.reply(frame.ref, 'error', { reason: `unknown event ${frame.event.slice(0, 40)}` })
  }

  private async join(frame: Frame): Promise<void> {
    const { access_token, ...payload } = record(frame.payload) as JoinPayload
    const config = record(payload.config) as NonNullable<JoinPayload['config']>
    const [presence, broadcast] = [record(config.presence), record(config.broadcast)]
    const name = frame.topic.startsWith('realtime:') ? frame.topic.slice('realtime:'.length) : ''
    const deny = (reason: string) => this.reply(frame, 'error', { reason })
    const before = this.channels.get(frame.topic)
    if (before) {
      // a client that joins again has forgotten its first join
      this.drop(before)
      before.end()
    }
    if (!name || Buffer.byteLength(frame.topic) > 255) return deny('TopicNameInvalid: The topic is missing or too long')
    if (this.channels.size + this.joining.size >= mostChannels)
      return deny('ChannelRateLimitReached: Too many channels')
    if (config.private !== true) return deny('PrivateOnly: This project only allows private channels')
    const bearer = this.bearerOf(access_token)
    if (!bearer) return deny('InvalidJWTToken: The token is not valid')
    if (bearer.expires <= Date.now()) return deny(expired(bearer))
    const mine = Symbol(name)
    this.joining.set(frame.topic, mine)
    const rights = await this.hub.rightsOn(name, bearer).catch(() => null)
    // Left, joined again or gone while the database was asked.
    if (this.joining.get(frame.topic) !== mine) return
    this.joining.delete(frame.topic)
    if (this.socket.readyState !== this.socket.OPEN) return
    if (!rights?.has('hear')) return deny(refusal(name))
    const channel = new Channel(
      this.socket,
      frame.topic,
      frame.joinRef,
      typeof presence.key === 'string' && presence.key ? presence.key.slice(0, 64) : randomUUID(),
      presence.enabled !== false,
      broadcast.self === true,
      broadcast.ack === true,
      bearer,
      rights,
    )
    this.channels.set(frame.topic, channel)
    channel.reply(frame.ref, 'ok', { postgres_changes: [] })
    this.hub.enter(channel)
    this.watchExpiry(channel)
  }

  /** A token of one's own, or (none, or a key) what the socket was opened with. */
  private bearerOf(token: unknown): Bearer | undefined {
    if (typeof token !== 'string' || token.startsWith('sb_')) return this.keeper
    return bearerOfToken(token, this.keys)
  }

  private renew(channel: Channel, token: unknown): void {
    const bearer = this.bearerOf(token)
    if (!bearer) this.expel(channel, 'Token is not valid')
    else if (bearer.expires <= Date.now()) this.expel(channel, expired(bearer))
    else {
      channel.bearer = bearer
      this.watchExpiry(channel)
      void this.hub.recheckOne(channel)
    }
  }

  private watchExpiry(channel: Channel): void {
    clearTimeout(this.expiry.get(channel))
    const left = channel.bearer.expires - Date.now()
    if (left > longest) return
    this.expiry.set(
      channel,
      setTimeout(() => this.expel(channel, expired(channel.bearer)), left),
    )
  }

  private expel(channel: Channel, message: string): void {
    this.drop(channel)
    channel.expel(message)
  }

  private presence(channel: Channel, frame: Frame): void {
    const { event, payload } = record(frame.payload)
    if (Buffer.byteLength(JSON.stringify(payload ?? null)) > mostPresenceBytes) {
      channel.reply(frame.ref, 'error', { reason: 'The presence payload is too large' })
      return
    }
    const may = event === 'untrack' || (event === 'track' && channel.rights.has('appear'))
    // who it is comes from the token, whatever the client says
    const said = channel.bearer.user ? { ...record(payload), user_id: channel.bearer.user } : record(payload)
    if (may) this.hub.appear(channel, event === 'track' ? said : null)
    if (may) channel.reply(frame.ref, 'ok')
    else channel.reply(frame.ref, 'error', { reason: 'You do not have permissions to write presence here' })
  }

  private speak(channel: Channel, frame: Frame): void {
    const message = asBroadcast(frame.payload)
    const may = channel.rights.has('speak')
    if (may && message) this.hub.broadcast(channel.topic, message, undefined, channel.echoes ? undefined : channel)
    if (!channel.acknowledges) return
    if (may) channel.reply(frame.ref, 'ok')
    else channel.reply(frame.ref, 'error', { reason: 'You do not have permissions to write to this Channel topic' })
  }

  private drop(channel: Channel): void {
    clearTimeout(this.expiry.get(channel))
    this.expiry.delete(channel)
    if (this.channels.get(channel.topic) === channel) this.channels.delete(channel.topic)
    this.hub.leave(channel)
  }

  private reply(frame: Frame, status: 'ok' | 'error', response: unknown = {}): void {
    const payload = { status, response }
    this.socket.send(
      encodeText({ joinRef: frame.joinRef, ref: frame.ref, topic: frame.topic, event: 'phx_reply', payload }),
    )
  }

  private end(): void {
    clearTimeout(this.idle)
    clearInterval(this.window)
    this.joining.clear()
    for (const channel of [...this.channels.values()]) {
      this.drop(channel)
      channel.closed = true
    }
  }
}

/** A broadcast comes in a binary frame, or (older clients) as `{type, event, payload}` in a text frame. */
function asBroadcast(payload: unknown): ClientBroadcast | undefined {
  const { event, encoding, body, payload: inner } = record(payload)
  if (typeof event !== 'string' || Buffer.byteLength(event) > 255) return undefined
  if (Buffer.isBuffer(body) && (encoding === 0 || encoding === 1)) return { event, encoding, body }
  return { event, encoding: 1, body: Buffer.from(JSON.stringify(inner ?? {})) }
}

const expired = (bearer: Bearer) =>
  `Token has expired ${Math.max(0, Math.round((Date.now() - bearer.expires) / 1000))} seconds ago`
