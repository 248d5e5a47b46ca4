interface Record_ {
  /** Wrong passwords in a row, attempts under way included: a hundred at once must not slip through together. */
  wrong: number
  blockedUntil: number
  lastAt: number
}

const forget = 15 * 60_000
const firstPause = 5_000
const maxRecords = 10_000

/**
 * Slows whoever guesses passwords: after `limit` wrong ones in a row each further attempt has to wait, 5 s, 10 s, 20 s …
 * up to 15 minutes. Forgotten after 15 quiet minutes. Holds at most 10,000 names; the longest unused goes first.
 */
export class Throttle {
  private readonly records = new Map<string, Record_>()

  constructor(
    private readonly limit: number,
    private readonly now: () => number = Date.now,
  ) {}

  get size(): number {
    return this.records.size
  }

  /** Before an attempt: seconds to wait, or 0 when it may go ahead (then `wrong` or `right` must follow). */
  begin(name: string): number {
    const record = this.recall(name)
    const wait = record.blockedUntil - this.now()
    if (wait > 0) return Math.ceil(wait / 1000)
    record.wrong += 1
    if (record.wrong > this.limit) this.block(record)
    return 0
  }

  /** The attempt failed. */
  wrong(name: string): void {
    const record = this.recall(name)
    if (record.wrong >= this.limit && record.blockedUntil <= this.now()) this.block(record)
  }

  /** The attempt succeeded, or failed for another reason than the password: it does not count. */
  right(name: string, forgetAll: boolean): void {
    if (forgetAll) this.records.delete(name)
    else {
      const record = this.recall(name)
      record.wrong = Math.max(0, record.wrong - 1)
    }
  }

  private block(record: Record_): void {
    const pause = firstPause * 2 ** Math.min(10, record.wrong - this.limit)
    record.blockedUntil = this.now() + Math.min(forget, pause)
  }

  private recall(name: string): Record_ {
    const now = this.now()
    let record = this.records.get(name)
    if (!record || now - Math.max(record.lastAt, record.blockedUntil) > forget) {
      record = { wrong: 0, blockedUntil: 0, lastAt: now }
    }
    record.lastAt = now
    // Re-inserting keeps the map in order of use.
    this.records.delete(name)
    this.records.set(name, record)
    for (const oldest of this.records.keys()) {
      if (this.records.size <= maxRecords) break
      this.records.delete(oldest)
    }
    return record
  }
}
