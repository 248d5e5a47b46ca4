import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Failure } from '../../db/rpc'
import type { CellId } from '../../geo/coverage/types'
import { type Drawing, toSent } from './boundary'
import {
  type CommitAnswer,
  commitBoundaries,
  commitOutcome,
  type Opened,
  openBoundaries,
  type SentChange,
  type TheirGrid,
} from './boundaryRpc'
import { drawingOf, useBoundaries } from './boundaryStore'
import { current, opened } from './editSession'
import { heirsOf, withHeir } from './heirs'

/**
 * checking: the dry run is asked; checked: its answer is shown; saving; finding: the answer was lost and is being
 * found out; lost: nobody could be asked yet; conflict: another version landed first; saved.
 */
export type SavingState = 'idle' | 'checking' | 'checked' | 'saving' | 'finding' | 'lost' | 'conflict' | 'saved'

export interface Conflict {
  /** The grids that somebody else has changed, as they are now. */
  theirs: TheirGrid[]
  /** Everything as it is now; null until it is loaded. */
  fresh: Opened | null
}

/** What happens between "save" and "saved": consequences first, one commit, and no guess about a lost answer. */
export const useSaving = defineStore('boundarySaving', () => {
  const store = useBoundaries()
  const state = ref<SavingState>('idle')
  const answer = shallowRef<CommitAnswer | null>(null)
  const failure = shallowRef<Failure | null>(null)
  const conflict = shallowRef<Conflict | null>(null)
  const note = ref('')
  /** Merged grids whose people shall not go along: their positions end. */
  const ending = shallowRef<ReadonlySet<CellId>>(new Set())
  /** How many grids the last commit changed. */
  const savedCount = ref(0)
  /** Versions to build upon in place of those that were opened: "keep mine". */
  let rebased: ReadonlyMap<CellId, number> | null = null
  let request = ''
  let asked = 0

  const consequences = computed(() => answer.value?.consequences ?? null)
  const violations = computed(() => answer.value?.violations.features ?? [])
  const gaps = computed(() => answer.value?.gaps.features ?? [])
  /** Grids merged away, with the grid that their people can go to. */
  const heirs = computed(() => {
    const { session, coverage } = store
    return session
      ? heirsOf(session.commands.slice(0, session.at), (id) => coverage?.cells.has(id) === true)
      : new Map()
  })
  const busy = computed(() => ['checking', 'saving', 'finding'].includes(state.value))

  // What was judged is not what is drawn any more.
  watch(
    () => store.drawing,
    () => {
      if (state.value === 'checked' || state.value === 'saved' || state.value === 'checking') reset()
    },
  )

  function reset(): void {
    asked++
    state.value = 'idle'
    answer.value = null
    failure.value = null
    conflict.value = null
    rebased = null
  }

  function sent(): SentChange[] {
    if (!store.session || !store.root) return []
    const [from, to] = [opened(store.session), current(store.session)]
    const changes = toSent(from, to, store.root).map((change) => {
      const heir = change.id === undefined || ending.value.has(change.id) ? undefined : heirs.value.get(change.id)
      return withHeir(change, heir === undefined ? null : { id: heir, code: to.details.get(heir)?.code ?? '' })
    })
    const versions = rebased
    if (!versions) return changes
    // a grid that they have retired cannot be changed any more
    return changes.flatMap((change) => {
      if (change.id === undefined) return [change]
      const version = versions.get(change.id)
      return version === undefined ? [] : [{ ...change, version }]
    })
  }

  /** Whether the people of a merged grid go along; asks anew what would follow. */
  async function carry(cell: CellId, along: boolean): Promise<void> {
    const now = new Set(ending.value)
    if (along) now.delete(cell)
    else now.add(cell)
    ending.value = now
    await check()
  }

  /** Asks the database what would follow; writes nothing. */
  async function check(): Promise<void> {
    const mine = ++asked
    const changes = sent()
    if (!changes.length) return
    state.value = 'checking'
    failure.value = null
    answer.value = null
    const result = await commitBoundaries(changes, { dryRun: true })
    if (mine !== asked) return
    if (!result.ok) {
      failure.value = result.error
      state.value = 'idle'
      return
    }
    answer.value = result.data
    if (result.data.status === 'conflict') return meet(result.data)
    state.value = 'checked'
  }

  /** Writes. Was the answer lost, the database is asked what became of it. */
  async function commit(): Promise<void> {
    const mine = ++asked
    const changes = sent()
    if (!changes.length) return
    state.value = 'saving'
    failure.value = null
    request = newRequestId()
    const result = await commitBoundaries(changes, { dryRun: false, requestId: request, note: note.value })
    if (mine !== asked) return
    if (!result.ok) {
      const { kind, code } = result.error
      failure.value = result.error
      // a cancelled statement was rolled back; any other silence proves nothing
      const unsure = kind === 'offline' || kind === 'server' || (kind === 'timeout' && code !== '57014')
      if (unsure) return findOut()
      state.value = 'checked'
      return
    }
    answer.value = result.data
    if (result.data.status === 'conflict') return meet(result.data)
    if (result.data.status === 'committed') return arrived(changes.length)
    state.value = 'checked'
  }

  async function findOut(): Promise<void> {
    const mine = ++asked
    state.value = 'finding'
    const outcome = await commitOutcome(request)
    if (mine !== asked) return
    if (!outcome.ok) {
      failure.value = outcome.error
      state.value = 'lost'
      return
    }
    if (outcome.data.status === 'committed') return arrived(outcome.data.grids.length)
    // it did not arrive: everything is still here, to be sent again
    failure.value = null
    state.value = 'idle'
    await check()
  }

  async function arrived(count: number): Promise<void> {
    savedCount.value = count
    note.value = ''
    ending.value = new Set()
    store.forgetDraft()
    const code = store.root?.code
    if (code) await store.reload()
    reset()
    state.value = 'saved'
  }

  async function meet(said: CommitAnswer): Promise<void> {
    state.value = 'conflict'
    conflict.value = { theirs: said.current?.features ?? collection(said.grids), fresh: null }
    const root = store.root
    const now = root && (await openBoundaries(root.id))
    if (state.value !== 'conflict' || !conflict.value) return
    if (now?.ok && now.data.status === 'ok') conflict.value = { ...conflict.value, fresh: now.data }
    else if (now && !now.ok) failure.value = now.error
  }

  /** What they saved, and nothing of mine. */
  function takeTheirs(): void {
    const fresh = conflict.value?.fresh
    if (!fresh) return
    store.forgetDraft()
    store.begin(fresh)
    reset()
  }

  /** My commands again, upon theirs. Those that no longer fit are listed. */
  function redoMine(): void {
    const [fresh, session] = [conflict.value?.fresh, store.session]
    if (!fresh || !session) return
    const commands = session.commands.slice(0, session.at)
    if (!store.begin(fresh)) return
    // what still fits is kept anew; what does not is listed, and not offered again
    store.forgetDraft()
    store.again(commands)
    reset()
  }

  /** My outlines in place of theirs: the same changes upon the present versions, judged by a dry run before anything. */
  async function keepMine(): Promise<void> {
    const fresh = conflict.value?.fresh
    if (!fresh) return
    rebased = new Map(fresh.cells.features.map(({ properties }) => [properties.id, properties.version]))
    conflict.value = null
    await check()
  }

  return {
    state,
    answer,
    failure,
    conflict,
    note,
    savedCount,
    heirs,
    ending,
    carry,
    consequences,
    violations,
    gaps,
    busy,
    reset,
    check,
    commit,
    findOut,
    takeTheirs,
    redoMine,
    keepMine,
  }
})

const collection = (grids: CommitAnswer['grids']): TheirGrid[] =>
  Array.isArray(grids) ? [] : (grids.features as TheirGrid[])

/** What the other side holds, as a drawing to be shown beside mine. */
export function theirDrawing(fresh: Opened): Drawing | null {
  const made = drawingOf(fresh)
  return made.ok ? made.drawing : null
}

/** A random uuid (version 4). On plain http there is no `randomUUID`. */
function newRequestId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
