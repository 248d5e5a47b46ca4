/** One thing that changed. `update` may also mean that it came into one's scope, `delete` that it left it. */
export interface Change {
  entity: string
  id: string
  op: 'insert' | 'update' | 'delete'
  /** Null: the thing has no version of its own (who holds a position in a grid). */
  row_version: number | null
  /** ISO time of the writing; null when a message told it. */
  at: string | null
}

const OPS = new Set(['insert', 'update', 'delete'])

/** Reads the payload of a message; null when it names no single thing. */
export function changeOf(payload: Record<string, unknown>): Change | null {
  const { entity, id, op, row_version } = payload
  if (typeof entity !== 'string' || typeof id !== 'string' || typeof op !== 'string' || !OPS.has(op)) return null
  return {
    entity,
    id,
    op: op as Change['op'],
    row_version: typeof row_version === 'number' ? row_version : null,
    at: null,
  }
}

/** Which version of what was told already. Bounded: a page stays open for weeks. */
export class VersionBook {
  private readonly versions = new Map<string, number>()

  constructor(private readonly most = 20_000) {}

  /** Whether this is newer than what was told. A thing without a version always is. */
  note({ entity, id, row_version }: Change): boolean {
    if (row_version === null) return true
    const key = `${entity}:${id}`
    if ((this.versions.get(key) ?? 0) >= row_version) return false
    // the one told last comes last, so that the oldest is forgotten
    this.versions.delete(key)
    this.versions.set(key, row_version)
    if (this.versions.size > this.most) this.versions.delete(this.versions.keys().next().value as string)
    return true
  }

  /** Of a part of the feed only what is newer than what was told, each thing once, in the order of its last change. */
  newest(changes: readonly Change[]): Change[] {
    const last = new Map<string, Change>()
    for (const change of changes) {
      if (!this.note(change)) continue
      const key = `${change.entity}:${change.id}`
      last.delete(key)
      last.set(key, change)
    }
    return [...last.values()]
  }

  clear(): void {
    this.versions.clear()
  }
}
