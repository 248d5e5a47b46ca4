/**
 * First come, first served. PGlite has one session only, so whoever opens a transaction must keep everyone else out
 * until COMMIT: its own lock covers single statements, and a statement that slips between another's BEGIN and COMMIT
 * runs with the other's role.
 */
export class Mutex {
  private tail: Promise<void> = Promise.resolve()
  private waiters = 0

  /** How many hold or await the lock. */
  get length(): number {
    return this.waiters
  }

  /** Resolves when the lock is held; call the returned function exactly once to give it back. */
  async acquire(): Promise<() => void> {
    const before = this.tail
    let open = () => {}
    this.tail = new Promise<void>((resolve) => {
      open = resolve
    })
    this.waiters += 1
    await before
    let released = false
    return () => {
      if (released) return
      released = true
      this.waiters -= 1
      open()
    }
  }
}
