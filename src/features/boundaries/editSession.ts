// An editing session: what was opened, what was done, one step a command. Pure: data in, data out. Coverages share
// what did not change, so undo is going back to the earlier one, to the byte.
import { type Change, changesBetween, type Drawing } from './boundary'
import type { Command } from './command'

export interface Session {
  /** drawings[0] is how it was opened; drawings[i] is after commands[i - 1]. */
  drawings: readonly Drawing[]
  commands: readonly Command[]
  /** Which drawing is shown: commands from here on have been undone. */
  at: number
}

export const startEditing = (opened: Drawing): Session => ({ drawings: [opened], commands: [], at: 0 })

export const current = (session: Session): Drawing => session.drawings[session.at] as Drawing
export const opened = (session: Session): Drawing => session.drawings[0] as Drawing

/** Takes a command with what it made. What had been undone is gone for good. */
export function record(session: Session, command: Command, after: Drawing): Session {
  return {
    drawings: [...session.drawings.slice(0, session.at + 1), after],
    commands: [...session.commands.slice(0, session.at), command],
    at: session.at + 1,
  }
}

/** Puts another command in the place of the last one, or, without any, takes that back as if it had never been. */
export function amend(session: Session, command: Command | null, after: Drawing): Session {
  const before: Session = {
    drawings: session.drawings.slice(0, session.at),
    commands: session.commands.slice(0, session.at - 1),
    at: session.at - 1,
  }
  return command ? record(before, command, after) : before
}

export const canUndo = (session: Session): boolean => session.at > 0
export const canRedo = (session: Session): boolean => session.at < session.commands.length
export const undo = (session: Session): Session => (canUndo(session) ? { ...session, at: session.at - 1 } : session)
export const redo = (session: Session): Session => (canRedo(session) ? { ...session, at: session.at + 1 } : session)

/** What is different from how it was opened. */
export const changesOf = (session: Session): Change[] => changesBetween(opened(session), current(session))

/** What a draft keeps: commands say everything, as long as the versions are those that they began from. */
export interface SessionDraft {
  grid: number
  /** Version of the grid itself and of every cell, by id. */
  versions: Record<number, number>
  commands: readonly Command[]
  at: number
}

export function toSessionDraft(grid: number, rootVersion: number, session: Session): SessionDraft {
  const versions: Record<number, number> = { [grid]: rootVersion }
  for (const [id, { version }] of opened(session).details) if (version !== null) versions[id] = version
  return { grid, versions, commands: session.commands, at: session.at }
}

/** Ids of grids that are not as they were when the draft was begun: changed, gone, or new. */
export function staleIn(draft: SessionDraft, now: SessionDraft['versions']): number[] {
  const ids = new Set([...Object.keys(draft.versions), ...Object.keys(now)])
  return [...ids].filter((id) => draft.versions[Number(id)] !== now[Number(id)]).map(Number)
}

/**
 * Does a list of commands again, one by one, from another beginning. Those that no longer fit are left out and named.
 * @param perform does one command, null when it does not fit
 */
export function replay(
  from: Drawing,
  commands: readonly Command[],
  perform: (drawing: Drawing, command: Command) => Drawing | null,
): { session: Session; unfit: Command[] } {
  let session = startEditing(from)
  const unfit: Command[] = []
  for (const command of commands) {
    const after = perform(current(session), command)
    if (after) session = record(session, command, after)
    else unfit.push(command)
  }
  return { session, unfit }
}
