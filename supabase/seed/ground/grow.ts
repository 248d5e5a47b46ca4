import type { Mesh } from './mesh.ts'

/** A binary heap of [cost, cell, label]: the cheapest first. */
class Queue {
  private items: [number, number, number][] = []

  get size(): number {
    return this.items.length
  }

  push(cost: number, cell: number, label: number): void {
    const { items } = this
    items.push([cost, cell, label])
    let i = items.length - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (items[parent]![0] <= items[i]![0]) break
      swap(items, i, parent)
      i = parent
    }
  }

  pop(): [number, number, number] {
    const { items } = this
    const top = items[0]!
    const last = items.pop()!
    if (items.length > 0) {
      items[0] = last
      let i = 0
      for (;;) {
        const left = 2 * i + 1
        if (left >= items.length) break
        const child = left + 1 < items.length && items[left + 1]![0] < items[left]![0] ? left + 1 : left
        if (items[i]![0] <= items[child]![0]) break
        swap(items, i, child)
        i = child
      }
    }
    return top
  }
}

function swap<T>(items: T[], i: number, j: number): void {
  const held = items[i]!
  items[i] = items[j]!
  items[j] = held
}

/**
 * Lets every label grow from its source cells over the cells that `open` admits, all at the same time; a cell belongs
 * to whoever arrives first. What grows from one connected source is connected, whatever the costs.
 * Returns the label of each cell, −1 where none arrived.
 */
export function grow(
  mesh: Mesh,
  sources: readonly (readonly number[])[],
  open: (cell: number) => boolean,
  cost: (from: number, to: number, label: number) => number,
): Int32Array {
  const labels = new Int32Array(mesh.points.length).fill(-1)
  const queue = new Queue()
  sources.forEach((cells, label) => {
    for (const cell of cells) queue.push(0, cell, label)
  })
  while (queue.size > 0) {
    const [spent, cell, label] = queue.pop()
    if (labels[cell] !== -1) continue
    labels[cell] = label
    for (const next of mesh.neighbours[cell]!) {
      if (labels[next] === -1 && open(next)) queue.push(spent + cost(cell, next, label), next, label)
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
    const [at, cell] = queue.pop()
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
