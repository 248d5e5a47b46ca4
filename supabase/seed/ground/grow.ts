import type { Mesh } from './mesh.ts'

/** A binary heap of (cost, cell, label): the cheapest first. Plain number arrays, for there are millions of steps. */
class Queue {
  private costs: number[] = []
  private cells: number[] = []
  private labels: number[] = []
  /** What `pop` took out. */
  cost = 0
  cell = 0
  label = 0

  get size(): number {
    return this.costs.length
  }

  push(cost: number, cell: number, label: number): void {
    const { costs, cells, labels } = this
    let i = costs.length
    costs.push(cost)
    cells.push(cell)
    labels.push(label)
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (costs[parent]! <= cost) break
      costs[i] = costs[parent]!
      cells[i] = cells[parent]!
      labels[i] = labels[parent]!
      i = parent
    }
    costs[i] = cost
    cells[i] = cell
    labels[i] = label
  }

  pop(): void {
    const { costs, cells, labels } = this
    this.cost = costs[0]!
    this.cell = cells[0]!
    this.label = labels[0]!
    const cost = costs.pop()!
    const cell = cells.pop()!
    const label = labels.pop()!
    const n = costs.length
    if (n === 0) return
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= n) break
      if (child + 1 < n && costs[child + 1]! < costs[child]!) child++
      if (cost <= costs[child]!) break
      costs[i] = costs[child]!
      cells[i] = cells[child]!
      labels[i] = labels[child]!
      i = child
    }
    costs[i] = cost
    cells[i] = cell
    labels[i] = label
  }
}

/**
 * Lets every label grow from its source cells over the cells that `open` admits, all at the same time; a cell belongs
 * to whoever arrives first. What grows from one connected source is connected, whatever the costs.
 * `cost(from, k, label)`: of the step to the k-th neighbour of `from`.
 * Returns the label of each cell, −1 where none arrived.
 */
export function grow(
  mesh: Mesh,
  sources: readonly (readonly number[])[],
  open: (cell: number) => boolean,
  cost: (from: number, beside: number, label: number) => number,
): Int32Array {
  const labels = new Int32Array(mesh.points.length).fill(-1)
  const queue = new Queue()
  sources.forEach((cells, label) => {
    for (const cell of cells) queue.push(0, cell, label)
  })
  while (queue.size > 0) {
    queue.pop()
    const { cost: spent, cell, label } = queue
    if (labels[cell] !== -1) continue
    labels[cell] = label
    const beside = mesh.neighbours[cell]!
    for (let k = 0; k < beside.length; k++) {
      const next = beside[k]!
      if (labels[next] === -1 && open(next)) queue.push(spent + cost(cell, k, label), next, label)
    }
  }
  return labels
}

/** The cheapest way between two cells, both included; empty when there is none. */
export function route(mesh: Mesh, from: number, to: number, cost: (from: number, to: number) => number): number[] {
  const before = new Int32Array(mesh.points.length).fill(-1)
  const spent = new Float64Array(mesh.points.length).fill(Number.POSITIVE_INFINITY)
  const queue = new Queue()
  spent[from] = 0
  queue.push(0, from, from)
  while (queue.size > 0) {
    queue.pop()
    const { cost: at, cell } = queue
    if (cell === to) break
    if (at > spent[cell]!) continue
    for (const next of mesh.neighbours[cell]!) {
      const total = at + cost(cell, next)
      if (total < spent[next]!) {
        spent[next] = total
        before[next] = cell
        queue.push(total, next, next)
      }
    }
  }
  if (before[to] === -1) return []
  const path = [to]
  while (path[0] !== from) path.unshift(before[path[0]!]!)
  return path
}

/** Whether the cells with this label hang together. */
export function connected(mesh: Mesh, labels: Int32Array, label: number): boolean {
  const cells: number[] = []
  labels.forEach((l, i) => {
    if (l === label) cells.push(i)
  })
  const seen = new Set([cells[0]!])
  const todo = [cells[0]!]
  while (todo.length > 0) {
    for (const next of mesh.neighbours[todo.pop()!]!) {
      if (labels[next] === label && !seen.has(next)) {
        seen.add(next)
        todo.push(next)
      }
    }
  }
  return seen.size === cells.length
}
