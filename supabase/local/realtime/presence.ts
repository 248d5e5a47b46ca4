import { randomBytes } from 'node:crypto'

/** What one member says of itself, with the reference by which clients tell one saying from the next. */
type Meta = Record<string, unknown> & { phx_ref: string }
/** Members by the key they chose; one key may be several (the same person in two windows). */
export type PresenceState = Record<string, { metas: Meta[] }>
export interface PresenceDiff {
  joins: PresenceState
  leaves: PresenceState
}

/** Who is present on one topic. Members are any objects; each says one thing at a time. */
export class Presence<Member extends object> {
  private readonly present = new Map<Member, { key: string; meta: Meta }>()

  get size(): number {
    return this.present.size
  }

  state(): PresenceState {
    // a Map, because a key may be any word, also one that every object has
    const state = new Map<string, { metas: Meta[] }>()
    for (const { key, meta } of this.present.values()) {
      const entry = state.get(key) ?? { metas: [] }
      entry.metas.push(meta)
      state.set(key, entry)
    }
    return Object.fromEntries(state)
  }

  /** A member appears, or says something else than before. */
  track(member: Member, key: string, said: Record<string, unknown>): PresenceDiff {
    const before = this.present.get(member)
    const meta: Meta = { ...said, phx_ref: randomBytes(9).toString('base64url') }
    if (before) meta.phx_ref_prev = before.meta.phx_ref
    this.present.set(member, { key, meta })
    return { joins: { [key]: { metas: [meta] } }, leaves: before ? { [before.key]: { metas: [before.meta] } } : {} }
  }

  /** A member is gone; undefined when it was not there. */
  untrack(member: Member): PresenceDiff | undefined {
    const before = this.present.get(member)
    if (!before) return undefined
    this.present.delete(member)
    return { joins: {}, leaves: { [before.key]: { metas: [before.meta] } } }
  }
}
