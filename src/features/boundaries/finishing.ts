// What follows when something is drawn: a command at once, or first what the new grids shall be called.
import type { MultiPolygon } from 'geojson'
import { shallowRef } from 'vue'
import * as ops from '../../geo/coverage/operations'
import { areaOf } from '../../geo/coverage/read'
import type { CellId, Position } from '../../geo/coverage/types'
import type { NewLeader } from './boundaryRpc'
import { useBoundaries } from './boundaryStore'
import type { Naming } from './command'
import { useDesk } from './deskStore'
import type { Named } from './NamingDialog.vue'
import { countEnterprises, namesOfPieces, type Piece, piecesOf, placeIn } from './pieces'
import { besides } from './tools/choosing'
import { givenAreas } from './tools/giving'
import { cellAt } from './tools/reach'
import { stepped } from './tools/sketching'

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
  /** Of a split: the pieces, in the order of the entries. */
  pieces?: readonly Piece[]
  /** Grids around what is split. */
  around?: readonly MultiPolygon[]
}

/** Pieces of one split; more lines than that are several commands. */
const MOST_PIECES = 40

/** @param count tells how many enterprises lie in each piece of a split */
export function useFinishing(count = countEnterprises) {
  const store = useBoundaries()
  const desk = useDesk()
  const asking = shallowRef<Asking | null>(null)
  /** Enterprises in each piece of a split, once they are counted. */
  const counts = shallowRef<readonly number[] | null>(null)
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
      give(points)
      return
    }
    const lines = [...desk.sketch.lines.map((line) => [...line]), ...(points.length > 1 ? [points] : [])]
    if (desk.tool === 'split' && lines.length) askSplit(lines)
    if (desk.tool === 'measure') desk.sketch = { ...desk.sketch, done: true, cursor: null }
  }

  /** What is drawn stays when it does not fit: it can be mended. */
  function give(points: readonly Position[]): void {
    const [from, to] = desk.picked
    const giver = from === undefined ? undefined : store.shapes.get(from)?.geometry
    if (from === undefined || to === undefined || !giver || points.length < 2) return
    let why: typeof store.refusal = null
    for (const area of givenAreas(giver, points)) {
      if (store.run({ op: 'give', from, to, area })) {
        done(to)
        return
      }
      why ??= store.refusal
    }
    store.refusal = why
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
    store.refusal = null
    const area_m2 = areaOf(trial.coverage, id)
    asking.value = {
      op: 'draw',
      taken: codes(),
      entries: [{ key: 'new', code: store.suggestCode(), name: '', area_m2 }],
    }
  }

  /** Says why; the drawing stays, so that its points can be moved or more of them put. */
  function refuse(reason: NonNullable<typeof store.refusal>): void {
    store.refusal = reason
    desk.sketch = { ...desk.sketch, done: false }
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
    const pieces = piecesOf(done, [cell, ...mine])
    const entries = [
      { key: 'kept', code: kept?.code ?? '', name: kept?.name ?? '', area_m2: areaOf(done, cell), exists: true },
      ...mine.map((id) => {
        const code = store.suggestCode(taken)
        taken.add(code)
        return { key: String(id), code, name: '', area_m2: areaOf(done, id) }
      }),
    ]
    store.refusal = null
    desk.sketch = { ...desk.sketch, cursor: null, done: true }
    const around = [...besides(coverage, cell)].flatMap((id) => store.shapes.get(id)?.geometry ?? [])
    asking.value = { op: 'split', taken: codes([cell]), entries, pieces, around }
    counts.value = null
    const asked = asking.value
    void count(pieces).then((found) => {
      if (asking.value === asked) counts.value = found
    })
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
      const { code, name, leader } = first
      const made = { id: store.freshId(), code, name, leader }
      if (store.run({ op: 'draw', ring: [...desk.sketch.points], made })) done(made.id)
      else desk.sketch = { ...desk.sketch, done: false }
      return
    }
    if (!pending || !store.coverage) return
    const { cell, lines, ids, below } = pending
    const pieces = asked.pieces ?? []
    // the largest keeps the code unless another one was chosen to
    const chosen = first.piece === undefined || first.piece === 0 ? undefined : pieces[first.piece]
    const keeps = chosen ? placeIn(chosen) : undefined
    const trial = ops.split(store.coverage, cell, lines, ids, keeps)
    if (!trial.ok) {
      refuse(trial.reason)
      return
    }
    const names = namesOfPieces(trial.coverage, ids, pieces, rest)
    const made = ids.flatMap((id) => {
      const name = names.get(id) ?? below.find((each) => each.id === id)
      return name ? [{ ...name, id }] : []
    })
    pending = null
    if (store.run({ op: 'split', cell, lines, kept: first.name, made, ...(keeps ? { keeps } : {}) })) done(cell)
    else desk.sketch = { ...desk.sketch, done: false }
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
    const { points, lines } = desk.sketch
    desk.sketch = stepped(desk.sketch, { points: [], lines: points.length ? [...lines, points] : lines })
  }

  /** The dialog was put away: what is drawn can be mended. */
  function putAway(): void {
    if (!asking.value) return
    asking.value = null
    pending = null
    desk.sketch = { ...desk.sketch, done: false }
  }

  return { asking, counts, finish, describe, named, more, putAway }
}
