import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { claimDraft, type DraftSlot, dropDraft, keepDraft, readDraft } from '../../db/drafts'
import type { Failure } from '../../db/rpc'
import { checkCoverage } from '../../geo/coverage/check'
import { gapsOf } from '../../geo/coverage/gaps'
import { openCoverage } from '../../geo/coverage/open'
import type { CellId, Edit, Issue, Reason } from '../../geo/coverage/types'
import { type Details, type Drawing, detailsOf, freeCode, type Root, rootOf } from './boundary'
import { gridIdOf, type Opened, openBoundaries } from './boundaryRpc'
import { type Command, perform, sameDrawing, settle } from './command'
import {
  amend,
  canRedo,
  canUndo,
  changesOf,
  current,
  opened,
  record,
  redo,
  replay,
  type Session,
  type SessionDraft,
  staleIn,
  startEditing,
  toSessionDraft,
  undo,
} from './editSession'
import { shapesOf } from './shapes'

export type Phase = 'idle' | 'loading' | 'ready' | 'not_found' | 'failed'

/** A draft found in this browser when its grid was opened. */
export interface FoundDraft {
  at: string
  draft: SessionDraft
  /** Names of the grids that somebody has changed since. */
  stale: string[]
}

const KEEP_AFTER_MS = 250

/** The grid that is open in the editor, and everything done to it. The one door for changes of the draft. */
export const useBoundaries = defineStore('boundaries', () => {
  const phase = ref<Phase>('idle')
  const failure = shallowRef<Failure | null>(null)
  const source = shallowRef<Opened | null>(null)
  const root = shallowRef<Root | null>(null)
  const session = shallowRef<Session | null>(null)
  const untidy = shallowRef<Issue[]>([])
  const found = shallowRef<FoundDraft | null>(null)
  /** Why the last command was refused; the next one clears it. */
  const refusal = shallowRef<Reason | null>(null)
  /** While something is dragged: what would be wrong with it. */
  const live = shallowRef<Issue[] | null>(null)
  /** Commands that did not fit when a draft was done again. */
  const unfit = shallowRef<Command[]>([])
  let owner = ''
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const mayEdit = computed(() => source.value?.may_edit === true)
  const drawing = computed<Drawing | null>(() => session.value && current(session.value))
  const coverage = computed(() => drawing.value?.coverage ?? null)
  const details = computed(() => drawing.value?.details ?? new Map<CellId, Details>())
  const shapes = computed(() => {
    const [base, now] = [session.value && opened(session.value).coverage, coverage.value]
    if (!base || !now) return new Map()
    shapesOf(base)
    const before = session.value?.drawings[session.value.at - 1]?.coverage
    return shapesOf(now, before ?? base)
  })
  const shapesBefore = computed(() => (session.value ? shapesOf(opened(session.value).coverage) : new Map()))
  const changes = computed(() => (session.value ? changesOf(session.value) : []))
  // nothing drawn yet is an empty sheet, no blind spot
  const gaps = computed(() => (coverage.value?.cells.size ? gapsOf(coverage.value) : []))
  const settledIssues = computed(() => {
    const cells = changes.value.flatMap((change) => (change.kind === 'retired' ? [] : [change.cell]))
    return coverage.value && cells.length ? checkCoverage(coverage.value, cells) : []
  })
  /** What is wrong now, that of a drag under way first. */
  const issues = computed(() => live.value ?? settledIssues.value)
  const blocked = computed(() => settledIssues.value.some((issue) => issue.severity === 'error'))
  const dirty = computed(() => changes.value.length > 0)
  /** Names of the grids here that somebody has saved since they were opened. */
  const news = shallowRef<string[]>([])
  let slot: DraftSlot | null = null

  /** Opens the grid of a code for a person. What was open is put away; its draft stays in the browser. */
  async function open(code: string, person: string): Promise<void> {
    const mine = ++asked
    owner = person
    phase.value = 'loading'
    failure.value = null
    const id = await gridIdOf(code)
    if (mine !== asked) return
    if (!id.ok) return fail(id.error)
    if (id.data === null) {
      phase.value = 'not_found'
      return
    }
    const answer = await openBoundaries(id.data)
    if (mine !== asked) return
    if (!answer.ok) return fail(answer.error)
    if (answer.data.status !== 'ok') {
      phase.value = 'not_found'
      return
    }
    if (!begin(answer.data)) return
    slot?.release()
    slot = await claimDraft(`boundaries/${owner}/${id.data}`)
    if (mine !== asked) return
    await lookForDraft()
    phase.value = 'ready'
  }

  /** Opens the same grid again, as the database holds it now: everything that was done is saved or given up. */
  async function reload(): Promise<void> {
    const mine = ++asked
    const id = root.value?.id
    const answer = id === undefined ? null : await openBoundaries(id)
    if (mine !== asked || !answer) return
    if (!answer.ok) return fail(answer.error)
    if (answer.data.status === 'ok') begin(answer.data)
    else phase.value = 'not_found'
  }

  /** Whether a version of a grid is not the one opened here. One's own saves are known; so is who leads a grid (null). */
  function isNews(id: number, version: number | null): boolean {
    if (!session.value || !root.value || version === null) return false
    const known = id === root.value.id ? root.value.version : opened(session.value).details.get(id)?.version
    return known == null || version > known
  }

  /** Somebody saved something: an untouched page shows it, on a changed one it is said. */
  async function follow(): Promise<void> {
    const mine = asked
    if (phase.value !== 'ready' || !root.value) return
    const answer = await openBoundaries(root.value.id)
    if (mine !== asked || !answer.ok || answer.data.status !== 'ok' || !session.value || !root.value) return
    const made = drawingOf(answer.data)
    if (!made.ok) return
    const version = rootOf(answer.data).version
    const now = toSessionDraft(root.value.id, version, startEditing(made.drawing)).versions
    const then = toSessionDraft(root.value.id, root.value.version, session.value)
    const stale = staleIn(then, now)
    if (!stale.length) return
    if (!session.value.commands.length && !found.value) begin(answer.data)
    else {
      const nameOf = (id: number) =>
        details.value.get(id)?.name ?? made.drawing.details.get(id)?.name ?? root.value?.name
      news.value = stale.map((id) => nameOf(id) ?? String(id))
    }
  }

  function fail(error: Failure): void {
    failure.value = error
    phase.value = 'failed'
  }

  function begin(answer: Opened): boolean {
    const made = drawingOf(answer)
    if (!made.ok) {
      refusal.value = made.reason
      phase.value = 'failed'
      return false
    }
    source.value = answer
    root.value = rootOf(answer)
    untidy.value = made.untidy
    refusal.value = null
    live.value = null
    unfit.value = []
    found.value = null
    news.value = []
    session.value = startEditing(made.drawing)
    return true
  }

  async function lookForDraft(): Promise<void> {
    const kept = slot && (await readDraft<SessionDraft>(slot.key))
    if (!kept?.value.commands.length || !mayEdit.value || !root.value || !session.value) return
    const now = toSessionDraft(root.value.id, root.value.version, session.value).versions
    const stale = staleIn(kept.value, now).map((id) => details.value.get(id)?.name ?? root.value?.name ?? String(id))
    found.value = { at: kept.at, draft: kept.value, stale }
  }

  /** Goes on with the draft that was found: every command again, upon what the database holds now. */
  function resume(): void {
    if (!found.value) return
    const { draft } = found.value
    found.value = null
    again(draft.commands, draft.at)
  }

  /** Does commands again from how the grid was opened; those that do not fit any more are listed in `unfit`. */
  function again(commands: readonly Command[], at = commands.length): void {
    if (!session.value) return
    const done = replay(opened(session.value), commands, (from, command) => {
      const result = perform(from, command)
      return result.ok ? result.drawing : null
    })
    unfit.value = done.unfit
    session.value = { ...done.session, at: done.unfit.length ? done.session.at : Math.min(at, done.session.at) }
  }

  function forgetDraft(): void {
    found.value = null
    if (slot) void dropDraft(slot.key)
  }

  /** Does a command. @returns whether it was done; `refusal` says why not. */
  function run(command: Command): boolean {
    if (!drawing.value || !mayEdit.value) return false
    const result = perform(drawing.value, command)
    if (!result.ok) {
      refusal.value = result.reason
      return false
    }
    take(command, result.drawing)
    return true
  }

  /** Takes what a drag has made already. */
  function runEdit(command: Command, edit: Edit): boolean {
    if (!drawing.value || !session.value) return false
    const result = settle(drawing.value, command, edit)
    if (!result.ok) {
      refusal.value = result.reason
      return false
    }
    take(command, result.drawing)
    return true
  }

  /** Does the last step otherwise: what began with it goes on (a key held down is one step). @returns whether done */
  function rerun(command: Command): boolean {
    const before = session.value?.drawings[session.value.at - 1]
    if (!before || !session.value) return false
    const result = perform(before, command)
    if (!result.ok) {
      refusal.value = result.reason
      return false
    }
    refusal.value = null
    session.value = amend(session.value, sameDrawing(before, result.drawing) ? null : command, result.drawing)
    return true
  }

  function take(command: Command, after: Drawing): void {
    if (!session.value) return
    refusal.value = null
    // what changes nothing is no step, and leaves what was undone to be done again
    if (sameDrawing(current(session.value), after)) return
    session.value = record(session.value, command, after)
  }

  function step(how: typeof undo): void {
    if (!session.value) return
    refusal.value = null
    live.value = null
    session.value = how(session.value)
  }

  /** Throws everything away that was done since the grid was opened. */
  function discard(): void {
    if (!session.value) return
    session.value = startEditing(opened(session.value))
    refusal.value = null
    unfit.value = []
    forgetDraft()
  }

  /** A code for a new child, after the parent's pattern and not yet used here. */
  function suggestCode(besides: Iterable<string> = []): string {
    const taken = new Set(besides)
    for (const each of details.value.values()) taken.add(each.code)
    return freeCode(source.value?.next_code ?? `${root.value?.code ?? ''}01`, taken)
  }

  /** An id for a cell made in this session: negative, never used before in it. */
  function freshId(step = 0): CellId {
    const used = session.value?.drawings.flatMap((each) => Math.min(0, ...each.details.keys())) ?? []
    return Math.min(0, ...used) - 1 - step
  }

  watch(session, (now) => {
    clearTimeout(timer)
    if (!now || !root.value || !slot || found.value) return
    const [where, draft] = [slot.key, toSessionDraft(root.value.id, root.value.version, now)]
    timer = setTimeout(() => void (draft.commands.length ? keepDraft(where, draft) : undefined), KEEP_AFTER_MS)
  })

  function close(): void {
    asked++
    clearTimeout(timer)
    const mine = slot
    slot = null
    if (mine && session.value?.commands.length && root.value && !found.value)
      void keepDraft(mine.key, toSessionDraft(root.value.id, root.value.version, session.value)).then(mine.release)
    else mine?.release()
    phase.value = 'idle'
    source.value = null
    session.value = null
    root.value = null
    found.value = null
    live.value = null
    refusal.value = null
  }

  return {
    phase,
    failure,
    source,
    root,
    session,
    untidy,
    found,
    refusal,
    live,
    unfit,
    news,
    mayEdit,
    drawing,
    coverage,
    details,
    shapes,
    shapesBefore,
    changes,
    gaps,
    issues,
    blocked,
    dirty,
    canUndo: computed(() => session.value !== null && canUndo(session.value)),
    canRedo: computed(() => session.value !== null && canRedo(session.value)),
    open,
    reload,
    isNews,
    follow,
    begin,
    resume,
    again,
    forgetDraft,
    run,
    runEdit,
    rerun,
    undo: () => step(undo),
    redo: () => step(redo),
    discard,
    suggestCode,
    freshId,
    close,
  }
})

type Made = { ok: true; drawing: Drawing; untidy: Issue[] } | { ok: false; reason: Reason }

/** What was opened as a coverage of arcs with its details. */
export function drawingOf(answer: Opened): Made {
  const { grid, cells } = answer
  const result = openCoverage(
    { id: grid.properties.id, level: grid.properties.level, parent: null, geometry: grid.geometry },
    cells.features.map(({ geometry, properties }) => ({
      id: properties.id,
      level: properties.level,
      parent: properties.parent_id,
      geometry,
    })),
  )
  if (!result.ok) return result
  return { ok: true, drawing: { coverage: result.coverage, details: detailsOf(answer) }, untidy: result.untidy }
}
