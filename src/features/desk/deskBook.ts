import { type DeskRow, newestFirst, waits } from './desk'

/** What the desk knows, in bounds: a page stays open for weeks. */
export interface DeskLists {
  /** Newest first. */
  waiting: DeskRow[]
  settled: DeskRow[]
}

export interface BookLimits {
  waiting: number
  settled: number
  /** What is settled leaves the list after so many hours. */
  hours: number
}

const LIMITS: BookLimits = { waiting: 1_000, settled: 300, hours: 24 }

/** The rows of the desk by id. Only a row that is as new or newer replaces one. */
export class DeskBook {
  private readonly rows = new Map<string, DeskRow>()

  constructor(private readonly limits: BookLimits = LIMITS) {}

  has(id: string): boolean {
    return this.rows.has(id)
  }

  get(id: string): DeskRow | undefined {
    return this.rows.get(id)
  }

  get size(): number {
    return this.rows.size
  }

  /**
   * Takes rows in.
   * @param now milliseconds, by the server's clock
   * @returns those that began to wait: they were not in the book, or did not wait
   */
  put(rows: readonly DeskRow[], now: number): DeskRow[] {
    const begun: DeskRow[] = []
    for (const row of rows) {
      const before = this.rows.get(row.id)
      if (before && before.row_version > row.row_version) continue
      // neither is ever taken back: an answer that does not know it yet is older
      if (before?.alarm?.acknowledged_at && !row.alarm?.acknowledged_at) continue
      if (before?.alarm?.escalated_at && !row.alarm?.escalated_at) continue
      if (waits(row) && !(before && waits(before))) begun.push(row)
      this.rows.set(row.id, row)
    }
    this.trim(now)
    return begun
  }

  /** What is not in one's scope any more. */
  remove(ids: Iterable<string>): void {
    for (const id of ids) this.rows.delete(id)
  }

  /** Everything anew: what is not among the rows is gone. */
  replace(rows: readonly DeskRow[], now: number): DeskRow[] {
    const kept = new Set(rows.map((row) => row.id))
    for (const id of [...this.rows.keys()]) if (!kept.has(id)) this.rows.delete(id)
    return this.put(rows, now)
  }

  lists(): DeskLists {
    const [waiting, settled]: [DeskRow[], DeskRow[]] = [[], []]
    for (const row of this.rows.values()) (waits(row) ? waiting : settled).push(row)
    return { waiting: waiting.sort(newestFirst), settled: settled.sort(newestFirst) }
  }

  private trim(now: number): void {
    const { waiting, settled } = this.lists()
    const oldest = now - this.limits.hours * 3_600_000
    const gone = [
      ...waiting.slice(this.limits.waiting),
      ...settled.filter((row, i) => i >= this.limits.settled || Date.parse(row.reported_at) < oldest),
    ]
    for (const row of gone) this.rows.delete(row.id)
  }
}
