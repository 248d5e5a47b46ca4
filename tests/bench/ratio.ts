// Machines are noisy, ratios are not: ours and the bare thing run in turn, A B A B, in one process, and the median of
// the paired ratios is what counts.

export type Ratio = { name: string; ours: number; bare: number; ratio: number; limit: number }

/** The middle of the values. */
export const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

/** Runs both `rounds` times in turn after one warm-up each; times in seconds. `between` puts in order, and is not timed. */
export async function measureRatio(
  name: string,
  limit: number,
  ours: () => Promise<unknown>,
  bare: () => Promise<unknown>,
  rounds = 7,
  between: () => Promise<unknown> = async () => undefined,
): Promise<Ratio> {
  await ours()
  await bare()
  const a: number[] = []
  const b: number[] = []
  for (let round = 0; round < rounds; round++) {
    await between()
    a.push(await seconds(ours))
    b.push(await seconds(bare))
  }
  return { name, ours: median(a), bare: median(b), ratio: median(a.map((value, i) => value / b[i]!)), limit }
}

export function ratioOf(name: string, limit: number, ours: number[], bare: number[]): Ratio {
  return { name, ours: median(ours), bare: median(bare), ratio: median(ours.map((v, i) => v / bare[i]!)), limit }
}

const figure = (value: number) => (value < 1 ? `${(value * 1000).toFixed(1)} ms` : `${value.toFixed(2)} s`)

export function printRatio(r: Ratio): void {
  const verdict = r.ratio <= r.limit ? 'within' : 'OVER'
  console.log(
    `${r.name.padEnd(66)} ${figure(r.ours).padStart(10)} / ${figure(r.bare).padStart(10)} = ${r.ratio.toFixed(2)} (limit ${r.limit}, ${verdict})`,
  )
}
