/**
 * A map from whole numbers that is never changed: `with` gives a new one that shares all but the few buckets it touches.
 * So an undo step costs what the edit touched, not the size of the county.
 */
export class Ledger<V> implements ReadonlyMap<number, V> {
  private readonly buckets: readonly ReadonlyMap<number, V>[]
  readonly size: number

  private constructor(buckets: readonly ReadonlyMap<number, V>[], size: number) {
    this.buckets = buckets
    this.size = size
  }

  static of<V>(entries: readonly (readonly [number, V])[]): Ledger<V> {
    const width = 2 ** Math.max(4, Math.min(10, Math.ceil(Math.log2(Math.sqrt(entries.length + 1) * 2))))
    const buckets = Array.from({ length: width }, () => new Map<number, V>())
    for (const [id, value] of entries) buckets[slot(id, width)]!.set(id, value)
    return new Ledger(
      buckets,
      buckets.reduce((sum, bucket) => sum + bucket.size, 0),
    )
  }

  /** The same with these entries set; `undefined` takes one out. */
  with(changes: Iterable<readonly [number, V | undefined]>): Ledger<V> {
    const buckets = [...this.buckets]
    const own = new Set<number>()
    let size = this.size
    for (const [id, value] of changes) {
      const at = slot(id, buckets.length)
      if (!own.has(at)) buckets[at] = new Map(buckets[at]!)
      own.add(at)
      const bucket = buckets[at] as Map<number, V>
      size -= bucket.size
      if (value === undefined) bucket.delete(id)
      else bucket.set(id, value)
      size += bucket.size
    }
    return own.size === 0 ? this : new Ledger(buckets, size)
  }

  /** Ids whose value is another one in `later`, or that only one of both has. What is shared is not looked at. */
  differing(later: Ledger<V>): number[] {
    const ids: number[] = []
    if (this.buckets.length !== later.buckets.length) {
      for (const id of new Set([...this.keys(), ...later.keys()])) if (this.get(id) !== later.get(id)) ids.push(id)
      return ids
    }
    this.buckets.forEach((bucket, i) => {
      const other = later.buckets[i]!
      if (bucket === other) return
      for (const [id, value] of bucket) if (other.get(id) !== value) ids.push(id)
      for (const id of other.keys()) if (!bucket.has(id)) ids.push(id)
    })
    return ids
  }

  get(id: number): V | undefined {
    return this.buckets[slot(id, this.buckets.length)]!.get(id)
  }

  has(id: number): boolean {
    return this.buckets[slot(id, this.buckets.length)]!.has(id)
  }

  forEach(each: (value: V, id: number, map: ReadonlyMap<number, V>) => void): void {
    for (const bucket of this.buckets) for (const [id, value] of bucket) each(value, id, this)
  }

  *entries(): Generator<[number, V], undefined, unknown> {
    for (const bucket of this.buckets) yield* bucket
  }

  *keys(): Generator<number, undefined, unknown> {
    for (const bucket of this.buckets) yield* bucket.keys()
  }

  *values(): Generator<V, undefined, unknown> {
    for (const bucket of this.buckets) yield* bucket.values()
  }

  [Symbol.iterator](): Generator<[number, V], undefined, unknown> {
    return this.entries()
  }
}

const slot = (id: number, width: number): number => (id ^ (id >> 10)) & (width - 1)
