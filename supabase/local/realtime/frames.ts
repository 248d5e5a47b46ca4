/** One message of the protocol (vsn 2.0.0). References are the client's; null when the server speaks by itself. */
export interface Frame {
  joinRef: string | null
  ref: string | null
  topic: string
  event: string
  payload: unknown
}

/** What a client broadcasts: an event of its own with a payload that the server does not look into. */
export interface ClientBroadcast {
  event: string
  /** Encoding 1 is JSON, 0 bytes. */
  encoding: number
  body: Buffer
}

const clientBroadcast = 3
const serverBroadcast = 4

export function encodeText({ joinRef, ref, topic, event, payload }: Frame): string {
  return JSON.stringify([joinRef, ref, topic, event, payload])
}

const word = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Reads a text frame `[join_ref, ref, topic, event, payload]`; null when it is none. */
export function decodeText(text: string): Frame | null {
  let parts: unknown
  try {
    parts = JSON.parse(text)
  } catch {
    return null
  }
  if (!Array.isArray(parts) || parts.length !== 5) return null
  const [topic, event] = [word(parts[2]), word(parts[3])]
  if (topic === null || event === null) return null
  return { joinRef: word(parts[0]), ref: word(parts[1]), topic, event, payload: parts[4] }
}

/**
 * Reads a binary frame of kind 3: `[3, length of join_ref, ref, topic, event, meta, encoding]`, then these, then the
 * payload. Lengths are bytes of UTF-8. Null when it is none. The payload is a `ClientBroadcast`.
 */
export function decodeBinary(bytes: Buffer): (Frame & { payload: ClientBroadcast }) | null {
  if (bytes.length < 7 || bytes[0] !== clientBroadcast) return null
  let at = 7
  const take = (index: number) => {
    const part = bytes.subarray(at, at + bytes[index]!)
    at += bytes[index]!
    return part.toString('utf8')
  }
  const [joinRef, ref, topic, event] = [take(1), take(2), take(3), take(4)]
  take(5)
  if (at > bytes.length) return null
  return {
    joinRef: joinRef || null,
    ref: ref || null,
    topic,
    event: 'broadcast',
    payload: { event, encoding: bytes[6]!, body: bytes.subarray(at) },
  }
}

/** A broadcast for clients, kind 4: `[4, length of topic, event, meta, encoding]`, then these, then the payload. */
export function encodeBroadcast(topic: string, message: ClientBroadcast, meta?: Record<string, string>): Buffer {
  const parts = [topic, message.event, meta ? JSON.stringify(meta) : ''].map((part) => Buffer.from(part, 'utf8'))
  if (parts.some((part) => part.length > 255)) throw new RangeError('topic, event and meta have at most 255 bytes each')
  const head = Buffer.from([serverBroadcast, ...parts.map((part) => part.length), message.encoding])
  return Buffer.concat([head, ...parts, message.body])
}
