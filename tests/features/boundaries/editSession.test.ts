import { describe, expect, it } from 'vitest'
import { changesBetween, type Drawing, freeCode, rootOf, toSent } from '../../../src/features/boundaries/boundary'
import { drawingOf } from '../../../src/features/boundaries/boundaryStore'
import { type Command, perform } from '../../../src/features/boundaries/command'
import {
  canRedo,
  canUndo,
  changesOf,
  current,
  record,
  redo,
  replay,
  staleIn,
  startEditing,
  toSessionDraft,
  undo,
} from '../../../src/features/boundaries/editSession'
import { geometryOf } from '../../../src/geo/coverage/read'
import { MIDDLE, ROOT, township } from './make'

function open(version?: number): Drawing {
  const made = drawingOf(township(version))
  if (!made.ok) throw new Error(made.reason.code)
  return made.drawing
}
const does = (drawing: Drawing, command: Command): Drawing => {
  const result = perform(drawing, command)
  if (!result.ok) throw new Error(result.reason.code)
  return result.drawing
}
const tries = (drawing: Drawing, command: Command) => {
  const result = perform(drawing, command)
  return result.ok ? null : result.reason.code
}
const bytes = (drawing: Drawing) =>
  JSON.stringify([...drawing.coverage.cells.keys()].sort().map((id) => [id, geometryOf(drawing.coverage, id)]))

const move: Command = { op: 'move', from: MIDDLE, to: [117.11, 40.12] }
const split: Command = {
  op: 'split',
  cell: 11,
  lines: [
    [
      [116.99, 40.03],
      [117.11, 40.03],
    ],
  ],
  kept: '11村',
  made: [{ id: -1, code: '1015', name: '新村', leader: { name: '王新', phone: '13800000000' } }],
}

const merge: Command = { op: 'merge', cells: [13, 14], into: 13 }

describe('a session', () => {
  it('is one undo step a command, and undo gives back the same bytes', () => {
    const start = open()
    let session = startEditing(start)
    for (const command of [move, split, merge]) session = record(session, command, does(current(session), command))
    const end = bytes(current(session))
    expect(session.at).toBe(3)
    expect(changesOf(session).map(({ cell, kind }) => [cell, kind])).toEqual([
      [-1, 'created'],
      [11, 'reshaped'],
      [12, 'reshaped'],
      [13, 'reshaped'],
      [14, 'retired'],
    ])
    for (let i = 0; i < 3; i++) session = undo(session)
    expect(canUndo(session)).toBe(false)
    expect(current(session)).toBe(start)
    expect(bytes(current(session))).toBe(bytes(open()))
    expect(changesOf(session)).toEqual([])
    for (let i = 0; i < 3; i++) session = redo(session)
    expect(canRedo(session)).toBe(false)
    expect(bytes(current(session))).toBe(end)
  })

  it('forgets what was undone once something else is done', () => {
    let session = startEditing(open())
    session = record(session, move, does(current(session), move))
    session = undo(session)
    session = record(session, split, does(current(session), split))
    expect(session.commands).toEqual([split])
    expect(canRedo(session)).toBe(false)
  })

  it('comes back from a draft by doing its commands again', () => {
    let session = startEditing(open())
    for (const command of [move, split]) session = record(session, command, does(current(session), command))
    const draft = JSON.parse(JSON.stringify(toSessionDraft(ROOT, 1, session)))
    const again = replay(open(), draft.commands, (drawing, command) => {
      const result = perform(drawing, command)
      return result.ok ? result.drawing : null
    })
    expect(again.unfit).toEqual([])
    expect(bytes(current(again.session))).toBe(bytes(current(session)))
  })

  it('names the grids that somebody else has changed, added or taken away since', () => {
    const draft = toSessionDraft(ROOT, 1, startEditing(open()))
    expect(staleIn(draft, draft.versions)).toEqual([])
    expect(staleIn(draft, { ...draft.versions, 12: 4, 15: 1 }).sort()).toEqual([12, 15])
    const { 13: _, ...fewer } = draft.versions
    expect(staleIn(draft, fewer)).toEqual([13])
  })

  it('leaves out, and names, the commands that no longer fit upon theirs', () => {
    const theirs = does(open(4), { op: 'move', from: MIDDLE, to: [117.09, 40.09] })
    const describe: Command = { op: 'describe', cell: 14, code: '1014', name: '北村' }
    const { session, unfit } = replay(theirs, [move, describe], (drawing, command) => {
      const result = perform(drawing, command)
      return result.ok ? result.drawing : null
    })
    expect(unfit).toEqual([move])
    expect(current(session).details.get(14)?.name).toBe('北村')
    expect(changesOf(session).map(({ cell, kind }) => [cell, kind])).toEqual([[14, 'renamed']])
  })
})

describe('what is sent', () => {
  const root = rootOf(township())

  it('is every village along a moved junction, with its version, and nothing else', () => {
    const from = open()
    const to = does(from, move)
    const sent = toSent(from, to, root)
    expect(sent.map(({ id, version }) => [id, version])).toEqual([11, 12, 13, 14].map((id) => [id, 3]))
    expect(sent.every((change) => change.boundary?.type === 'MultiPolygon' && change.name === undefined)).toBe(true)
  })

  it('names a new grid, its parent and its leader, and retires by id', () => {
    const from = open()
    const to = does(does(from, split), { op: 'retire', cell: 14 })
    const sent = toSent(from, to, root)
    expect(sent[0]).toMatchObject({
      code: '1015',
      name: '新村',
      kind: 'area',
      parent_id: ROOT,
      leader: { name: '王新', phone: '13800000000' },
    })
    expect(sent[0]).not.toHaveProperty('id')
    expect(sent.at(-1)).toEqual({ id: 14, retire: true, version: 3 })
  })

  it('is the name alone when only the name differs', () => {
    const from = open()
    const to = does(from, { op: 'describe', cell: 12, code: '1012', name: '南村' })
    expect(toSent(from, to, root)).toEqual([{ id: 12, version: 3, name: '南村' }])
    expect(changesBetween(from, to)).toMatchObject([{ cell: 12, kind: 'renamed', name: '南村' }])
  })
})

describe('commands that do not fit', () => {
  it('say why and change nothing', () => {
    const start = open()
    expect(tries(start, { op: 'move', from: [117.15, 40.15], to: MIDDLE })).toBe('NO_SUCH_VERTEX')
    expect(tries(start, { op: 'move', from: [117, 40], to: MIDDLE })).toBe('FIXED')
    expect(tries(start, { op: 'delete', at: MIDDLE })).toBe('IS_JUNCTION')
    expect(
      tries(start, {
        ...split,
        lines: [
          [
            [117.01, 40.01],
            [117.02, 40.02],
          ],
        ],
      }),
    ).toBe('DOES_NOT_CROSS')
    expect(tries(start, { op: 'merge', cells: [11, 99], into: 11 })).toBe('UNKNOWN_CELL')
    expect(tries(start, { op: 'fill', gap: [117.05, 40.05], into: 11 })).toBe('UNKNOWN_GAP')
    expect(tries(start, { op: 'describe', cell: 99, code: '1', name: '1' })).toBe('UNKNOWN_CELL')
    expect(bytes(start)).toBe(bytes(open()))
  })

  it('a retired village leaves a gap that a neighbour can take', () => {
    const gone = does(open(), { op: 'retire', cell: 14 })
    const filled = does(gone, { op: 'fill', gap: [117.15, 40.15], into: 13 })
    const reference = does(open(), { op: 'merge', cells: [13, 14], into: 13 })
    expect(filled.coverage.cells.size).toBe(3)
    expect(changesBetween(reference, filled)).toEqual([])
  })
})

describe('codes', () => {
  it('go on after the pattern, past those in use, as wide as they are', () => {
    expect(freeCode('120119106051', new Set())).toBe('120119106051')
    expect(freeCode('120119106051', new Set(['120119106051', '120119106052']))).toBe('120119106053')
    expect(freeCode('A-009', new Set(['A-009']))).toBe('A-010')
    expect(freeCode('x', new Set(['x']))).toBe('x1')
  })
})
