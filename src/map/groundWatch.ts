/**
 * Knows whether anything came of a ground at all. That one tile is not there (404) is no error to MapLibre, which tries
 * its parents without a word; of a ground with a wrong address nothing is there, and somebody has to say so.
 */
export class GroundWatch {
  private readonly waiting = new Set<string>()
  private readonly known = new Set<string>()

  /** A tile of this source is asked for. */
  asked(source: string): void {
    if (source.startsWith('ground-') && !this.known.has(source)) this.waiting.add(source)
  }

  /** A tile of this source came. */
  came(source: string): void {
    this.known.add(source)
    this.waiting.delete(source)
  }

  /** The sources that were asked and, now that everything is answered, gave nothing; each is named once. */
  missing(): string[] {
    const missing = [...this.waiting]
    for (const source of missing) this.came(source)
    return missing
  }
}
