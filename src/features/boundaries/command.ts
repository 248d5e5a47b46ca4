// One command is one undo step. It is plain data that names places and grids, so that it can be kept in a draft and
// done again upon somebody else's changes.
import type { MultiPolygon, Polygon } from 'geojson'
import { contains } from '../../geo/contains'
import { beginDrag, type DragTarget } from '../../geo/coverage/drag'
import { gapsOf } from '../../geo/coverage/gaps'
import * as ops from '../../geo/coverage/operations'
import { changedCells } from '../../geo/coverage/read'
import type { CellId, Coverage, Edit, Position, Reason } from '../../geo/coverage/types'
import type { Details, Drawing } from './boundary'
import type { NewLeader } from './boundaryRpc'
import { samePlace, segmentAt, stretchAt, vertexAt } from './locate'

/** What a grid that is made is called. */
export interface Naming {
  id: CellId
  code: string
  name: string
  leader: NewLeader | null
}

/** Two vertices of one arc; `via` is a point between them, where there are two ways. */
export interface StretchPlace {
  from: Position
  to: Position
  via?: Position
}

/** `soft_m`: vertices of the same borders within so many metres come along, less and less. */
export type Command =
  | { op: 'move'; from: Position; to: Position; soft_m?: number }
  | { op: 'insert'; between: [Position, Position]; grabbed: Position; to: Position; soft_m?: number }
  | ({ op: 'stretch'; grabbed: Position; moved: Position } & { stretch: StretchPlace })
  | { op: 'add'; between: [Position, Position]; at: Position }
  | { op: 'delete'; at: Position }
  | { op: 'snap'; from: Position; to: Position }
  | { op: 'straighten'; stretch: StretchPlace }
  | { op: 'simplify'; stretch: StretchPlace; tolerance_m: number }
  | { op: 'redraw'; stretch: StretchPlace; points: Position[] }
  | { op: 'draw'; ring: Position[]; made: Naming }
  /** `keeps`: a place in the piece that keeps the code; left out, the largest does. */
  | { op: 'split'; cell: CellId; lines: Position[][]; kept: string; made: Naming[]; keeps?: Position }
  | { op: 'merge'; cells: CellId[]; into: CellId }
  | { op: 'give'; from: CellId; to: CellId; area: Position[] }
  | { op: 'fill'; gap: Position; into: CellId }
  | { op: 'retire'; cell: CellId }
  | { op: 'reshape'; cell: CellId; geometry: Polygon | MultiPolygon }
  /** A retired grid with its whole old outline: those who have its ground now give way. */
  | { op: 'revive'; geometry: Polygon | MultiPolygon; made: Naming }
  /** `leader`: of a grid made in this session; left out, it stays. */
  | { op: 'describe'; cell: CellId; code: string; name: string; leader?: NewLeader | null }

export type Done = { ok: true; drawing: Drawing } | { ok: false; reason: Reason }

const refused = (code: Reason['code'], more: Omit<Reason, 'code'> = {}): { ok: false; reason: Reason } => ({
  ok: false,
  reason: { code, ...more },
})

/** Does a command. A refusal says why it does not fit; then nothing has changed. */
export function perform(drawing: Drawing, command: Command): Done {
  if (command.op === 'describe') return describe(drawing, command)
  return settle(drawing, command, editOf(drawing.coverage, command))
}

/** What a command makes of a coverage. */
function editOf(coverage: Coverage, command: Exclude<Command, { op: 'describe' }>): Edit {
  switch (command.op) {
    case 'move': {
      const vertex = vertexAt(coverage, command.from)
      if (!vertex) return refused('NO_SUCH_VERTEX')
      return dragged(coverage, { kind: 'vertex', ...vertex, soft_m: command.soft_m }, command.to)
    }
    case 'insert': {
      const found = segmentAt(coverage, ...command.between)
      if (!found) return refused('NO_SUCH_VERTEX')
      return dragged(coverage, { kind: 'insert', ...found, at: command.grabbed, soft_m: command.soft_m }, command.to)
    }
    case 'stretch':
      return onStretch(coverage, command.stretch, (arc, from, to) =>
        dragged(coverage, { kind: 'stretch', arc, from, to, grabbed: command.grabbed }, command.moved),
      )
    case 'add': {
      const found = segmentAt(coverage, ...command.between)
      return found ? ops.insertVertex(coverage, found.arc, found.segment, command.at) : refused('NO_SUCH_VERTEX')
    }
    case 'delete': {
      const vertex = vertexAt(coverage, command.at)
      return vertex ? ops.deleteVertex(coverage, vertex.arc, vertex.index) : refused('NO_SUCH_VERTEX')
    }
    case 'snap':
      return ops.snapNodes(coverage, command.from, command.to)
    case 'straighten':
      return changing(
        coverage,
        onStretch(coverage, command.stretch, (arc, from, to) => ops.straighten(coverage, arc, from, to)),
      )
    case 'simplify':
      return changing(
        coverage,
        onStretch(coverage, command.stretch, (arc, from, to) =>
          ops.simplifyStretch(coverage, arc, from, to, command.tolerance_m),
        ),
      )
    case 'redraw':
      return onStretch(coverage, command.stretch, (arc, from, to) => {
        const start = coverage.arcs.get(arc)?.points[from]
        const forward = start !== undefined && samePlace(start, command.stretch.from)
        const points = forward ? command.points : [...command.points].reverse()
        return ops.redrawStretch(coverage, arc, from, to, points)
      })
    case 'draw':
      return ops.drawCell(coverage, command.ring, { id: command.made.id, parent: coverage.root.id })
    case 'split':
      return ops.split(
        coverage,
        command.cell,
        command.lines,
        command.made.map((made) => made.id),
        command.keeps,
      )
    case 'merge':
      return ops.merge(coverage, command.cells, command.into)
    case 'give':
      return ops.give(coverage, command.from, command.to, command.area)
    case 'fill': {
      const gap = gapsOf(coverage).find((each) => contains(each.polygon, command.gap))
      return gap ? ops.fill(coverage, gap.id, command.into) : refused('UNKNOWN_GAP')
    }
    case 'retire':
      return ops.retire(coverage, command.cell)
    case 'reshape':
      return ops.reshape(coverage, command.cell, command.geometry)
    case 'revive':
      return ops.reshape(coverage, command.made.id, command.geometry, coverage.root.id)
  }
}

/** What was asked for and is so already is said: nobody should wonder whether the button works. */
const changing = (coverage: Coverage, edit: Edit): Edit =>
  edit.ok && sameGround(coverage, edit.coverage) ? refused('NOTHING_CHANGES') : edit

function sameGround(before: Coverage, after: Coverage): boolean {
  if (before === after) return true
  const { reshaped, created, removed } = changedCells(before, after)
  return reshaped.length + created.length + removed.length === 0
}

/** Whether a command has left everything as it was: such a one is no step. */
export function sameDrawing(before: Drawing, after: Drawing): boolean {
  if (before === after) return true
  if (before.details.size !== after.details.size || !sameGround(before.coverage, after.coverage)) return false
  for (const [id, details] of after.details) {
    const was = before.details.get(id)
    if (!was || was.code !== details.code || was.name !== details.name) return false
    if (JSON.stringify(was.appoint) !== JSON.stringify(details.appoint)) return false
  }
  return true
}

function dragged(coverage: Coverage, target: DragTarget, to: Position): Edit {
  const begun = beginDrag(coverage, target)
  if (!begun.ok) return begun
  begun.drag.move(to)
  return begun.drag.finish()
}

function onStretch(
  coverage: Coverage,
  place: StretchPlace,
  run: (arc: number, from: number, to: number) => Edit,
): Edit {
  const stretch = stretchAt(coverage, place.from, place.to, place.via)
  return stretch ? run(stretch.arc, stretch.from, stretch.to) : refused('NO_SUCH_VERTEX')
}

function describe(drawing: Drawing, { cell, code, name, leader }: Extract<Command, { op: 'describe' }>): Done {
  const before = drawing.details.get(cell)
  if (!before) return refused('UNKNOWN_CELL', { cells: [cell] })
  const led = leader === undefined || before.version !== null ? {} : { leader: leader?.name ?? null, appoint: leader }
  const after: Details = { ...before, code, name, ...led }
  return { ok: true, drawing: { ...drawing, details: new Map(drawing.details).set(cell, after) } }
}

/** A drawing after an edit: who was made gets a name, who is gone loses it. */
export function settle(drawing: Drawing, command: Command, edit: Edit): Done {
  if (!edit.ok) return edit
  const details = new Map(drawing.details)
  for (const id of edit.removed) details.delete(id)
  const made =
    command.op === 'split' ? command.made : command.op === 'draw' || command.op === 'revive' ? [command.made] : []
  for (const id of edit.created) {
    const naming = made.find((each) => each.id === id)
    if (!naming) return refused('UNKNOWN_CELL', { cells: [id] })
    details.set(id, fresh(naming))
  }
  if (command.op === 'split') {
    const kept = details.get(command.cell)
    if (kept) details.set(command.cell, { ...kept, name: command.kept })
  }
  return { ok: true, drawing: { coverage: edit.coverage, details } }
}

const fresh = ({ code, name, leader }: Naming): Details => ({
  code,
  name,
  version: null,
  population: null,
  leader: leader?.name ?? null,
  appoint: leader,
})
