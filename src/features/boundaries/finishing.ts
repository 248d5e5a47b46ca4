// What follows when something is drawn: a command at once, or first what the new grids shall be called.
import { shallowRef } from 'vue'
import { contains } from '../../geo/contains'
import * as ops from '../../geo/coverage/operations'
import { areaOf } from '../../geo/coverage/read'
import type { CellId, Position } from '../../geo/coverage/types'
import type { NewLeader } from './boundaryRpc'
import { useBoundaries } from './boundaryStore'
import type { Naming } from './command'
import { EMPTY_SKETCH, useDesk } from './deskStore'
import type { Named } from './NamingDialog.vue'
import { cellAt } from './tools/reach'

export interface Asking {
  op: 'draw' | 'split' | 'describe'
  entries: {
    key: string
    code: string
    name: string
    area_m2?: number
    exists?: boolean
    leader?: NewLeader | null
  }[]
  taken: ReadonlySet<string>
}

/** Pieces of one split; more lines than that are several commands. */
const MOST_PIECES = 40

export function useFinishing() {
  const store = useBoundaries()
  const desk = useDesk()
  const asking = shallowRef<Asking | null>(null)
  let pending: { cell: CellId; lines: Position[][]; ids: CellId[]; below: Naming[] } | null = null

  const codes = (besides: readonly CellId[] = []): Set<string> => {
    const taken = new Set<string>()
    for (const [id, each] of store.details) if (!besides.includes(id)) taken.add(each.code)
    return taken
  }

  /** Enter, a double click or the button. */
  function finish(): void {
    if (desk.tool === 'merge') {
      merge()
      return
    }
    const points = [...desk.sketch.points]
    if (desk.tool === 'draw' && points.length > 2) {
      askDraw()
      return
    }
    if (desk.tool === 'give') {
      const [from, to] = desk.picked
      if (from === undefined || to === undefined || points.length < 2) return
      if (store.run({ op: 'give', from, to, area: pieceOf(from, points) })) {
        desk.letGo()
        desk.take('select')
        desk.select(to)
      } else desk.sketch = EMPTY_SKETCH
      return
    }
    if (desk.tool === 'split' && points.length > 1) askSplit([...desk.sketch.lines.map((line) => [...line]), points])
    if (desk.tool === 'measure') desk.sketch = { ...desk.sketch, done: true, cursor: null }
  }

  /** A ring, closed; or a line that cuts the giver from side to side, when both its ends lie outside. */
  function pieceOf(from: CellId, points: readonly Position[]): Position[] {
    const shape = store.shapes.get(from)?.geometry
    const inside = (at: Position) => shape !== undefined && contains(shape, at)
    const [first, last] = [points[0]!, points.at(-1)!]
    return inside(first) || inside(last) || points.length < 2 ? [...points, first] : [...points]
  }

  function merge(): void {
    const [into, ...others] = desk.picked
    if (into === undefined || !others.length) return
    if (store.run({ op: 'merge', cells: [into, ...others], into })) {
      desk.letGo()
      desk.take('select')
      desk.select(into)
    }
  }

  function askDraw(): void {
    if (!store.coverage || !store.root) return
    const ring = [...desk.sketch.points]
    const id = store.freshId()
    const trial = ops.drawCell(store.coverage, ring, { id, parent: store.root.id })
    if (!trial.ok) {
      refuse(trial.reason)
      return
    }
    desk.sketch = { ...desk.sketch, done: true, cursor: null }
    const area_m2 = areaOf(trial.coverage, id)
    asking.value = {
      op: 'draw',
      taken: codes(),
      entries: [{ key: 'new', code: store.suggestCode(), name: '', area_m2 }],
    }
  }

  function refuse(reason: NonNullable<typeof store.refusal>): void {
    store.refusal = reason
    desk.sketch = { ...desk.sketch, points: [], done: false }
  }

  /** The cell that the lines run through: the selected one, else the one under the middle of the first line. */
  function splitCell(lines: readonly Position[][]): CellId | null {
    if (desk.cell !== null) return desk.cell
    const { coverage } = store
    const line = lines[0]
    if (!coverage || !line) return null
    const middles = line.slice(1).map((b, i): Position => [(line[i]![0] + b[0]) / 2, (line[i]![1] + b[1]) / 2])
    const inner = line.slice(1, -1)
    for (const at of [...inner, ...middles]) {
      const cell = cellAt(coverage, store.shapes, at)
      if (cell !== null) return cell
    }
    return null
  }

  function askSplit(lines: Position[][]): void {
    const { coverage } = store
    const cell = splitCell(lines)
    if (!coverage || cell === null) {
      refuse({ code: 'DOES_NOT_CROSS' })
      return
    }
    const first = store.freshId()
    let ids = [first]
    let trial = ops.split(coverage, cell, lines, ids)
    if (!trial.ok && trial.reason.code === 'TOO_FEW_IDS') {
      const wanted = trial.reason.values?.pieces ?? 0
      if (wanted <= MOST_PIECES) {
        ids = Array.from({ length: wanted }, (_, i) => first - i)
        trial = ops.split(coverage, cell, lines, ids)
      }
    }
    if (!trial.ok) {
      refuse(trial.reason)
      return
    }
    const done = trial.coverage
    const mine = trial.created.filter((id) => done.cells.get(id)?.level === coverage.level)
    const taken = codes()
    const below = trial.created
      .filter((id) => !mine.includes(id))
      .map((id): Naming => {
        const code = store.suggestCode(taken)
        taken.add(code)
        return { id, code, name: nameForPart(id, done.cells.get(id)?.parent ?? null), leader: null }
      })
    pending = { cell, lines, ids, below }
    const kept = store.details.get(cell)
    const entries = [
      { key: 'kept', code: kept?.code ?? '', name: kept?.name ?? '', area_m2: areaOf(done, cell), exists: true },
      ...mine.map((id) => {
        const code = store.suggestCode(taken)
        taken.add(code)
        return { key: String(id), code, name: '', area_m2: areaOf(done, id) }
      }),
    ]
    desk.sketch = { ...EMPTY_SKETCH, lines, done: true }
    asking.value = { op: 'split', taken: codes([cell]), entries }
  }

  const nameForPart = (id: CellId, parent: CellId | null): string =>
    `${(parent === null ? '' : store.details.get(parent)?.name) || store.root?.name || ''}（${-id}）`

  function describe(cell: CellId): void {
    const details = store.details.get(cell)
    if (!details) return
    asking.value = {
      op: 'describe',
      taken: codes([cell]),
      entries: [
        {
          key: String(cell),
          code: details.code,
          name: details.name,
          exists: details.version !== null,
          leader: details.appoint,
        },
      ],
    }
  }

  /** The dialog is answered. */
  function named(answers: Named[]): void {
    const asked = asking.value
    asking.value = null
    const [first, ...rest] = answers
    if (!asked || !first) return
    if (asked.op === 'describe') {
      const cell = Number(asked.entries[0]?.key)
      const led = asked.entries[0]?.exists ? {} : { leader: first.leader }
      store.run({ op: 'describe', cell, code: first.code, name: first.name, ...led })
      return
    }
    if (asked.op === 'draw') {
      const made = { id: store.freshId(), ...first }
      if (store.run({ op: 'draw', ring: [...desk.sketch.points], made })) done(made.id)
      return
    }
    if (!pending) return
    const keys = asked.entries.slice(1).map((entry) => Number(entry.key))
    const made = [...rest.map((answer, i) => ({ id: keys[i]!, ...answer })), ...pending.below]
    const ordered = pending.ids.flatMap((id) => made.find((each) => each.id === id) ?? [])
    const { cell, lines } = pending
    pending = null
    if (store.run({ op: 'split', cell, lines, kept: first.name, made: ordered })) done(cell)
    else desk.sketch = EMPTY_SKETCH
  }

  function done(cell: CellId): void {
    desk.letGo()
    desk.take('select')
    desk.select(cell)
  }

  /** One more line before the split is named. */
  function more(): void {
    asking.value = null
    pending = null
    desk.sketch = { ...desk.sketch, points: [], done: false }
  }

  /** The dialog was put away: the last line can be drawn again. */
  function putAway(): void {
    if (!asking.value) return
    asking.value = null
    pending = null
    desk.sketch = EMPTY_SKETCH
  }

  return { asking, finish, describe, named, more, putAway }
}
