import { statfs } from 'node:fs/promises'

/** PGlite that cannot write its log spins for ever, so it must never come to that: room for the largest import. */
const LEAST_FREE_BYTES = 128 * 1024 * 1024
const EVERY_MS = 2000

/**
 * Looks after the room on the disk of the data directory. While there is too little, requests may only read (25006, as
 * on Supabase, whose projects become read-only when their disk is full), and nobody's data is at risk.
 */
export class DiskWatch {
  /** Too little room to write. */
  low = false
  private readonly timer: NodeJS.Timeout

  private constructor(
    private readonly folder: string,
    private readonly least: number,
    private readonly say: (words: string) => void,
  ) {
    this.timer = setInterval(() => void this.look(), EVERY_MS)
    this.timer.unref()
  }

  /** Has looked once when it resolves. `say` is told when writing stops and when it goes on. */
  static async start(folder: string, say: (words: string) => void, least = LEAST_FREE_BYTES): Promise<DiskWatch> {
    const watch = new DiskWatch(folder, least, say)
    await watch.look()
    return watch
  }

  async look(): Promise<void> {
    const free = await statfs(this.folder).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => null,
    )
    if (free === null || free < this.least === this.low) return
    this.low = !this.low
    const left = `${Math.floor(free / 1024 / 1024)} MB`
    this.say(
      this.low
        ? `磁盘只剩 ${left}，暂停写入，仍可查看 · only ${left} left on the disk: reading only`
        : `磁盘有 ${left} 可用，恢复写入 · ${left} free on the disk: writing again`,
    )
  }

  close(): void {
    clearInterval(this.timer)
  }
}
