import type { FeatureCollection } from 'geojson'
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { CrsName } from '../../geo/crs'
import { type ToDegrees, toWgs84 } from '../../geo/crs'
import { draftEnterprises, type SectorChoice } from './enterpriseDraft'
import { guessEnterpriseOptions, guessPlaces } from './enterpriseGuess'
import { judgeFile } from './fileKind'
import { createFileReader, type ReadResult } from './fileReader'
import { draftGrids, type ExistingGrid, isWrong, sendable } from './gridDraft'
import { guessGridColumns, guessParents } from './gridGuess'
import { draftHazards, guessHazardColumns } from './hazardDraft'
import { createSectors, loadGrids, loadSectors } from './importRpc'
import { type Sent, tell } from './importSend'
import {
  CURABLE,
  type Failure,
  type ImportEvent,
  type ImportKind,
  type ImportStep,
  locked,
  nextSession,
  type ReaderChoice,
  startSession,
  stepsOf,
} from './importSession'
import { countRows, enterpriseRows, gridRows, hazardRows, riskPointRows } from './previewRows'
import { type RepairKind, tilingParts, withRepair } from './repairPlan'
import { createRepairReader } from './repairReader'
import { draftRiskPoints, guessRiskPointColumns } from './riskPointDraft'

/**
 * The import under way. It outlives the screen: who looks at the map and comes back finds the import as it was.
 * Everything large is replaced, never changed in place.
 */
export const useImports = defineStore('imports', () => {
  const session = shallowRef(startSession())
  const file = shallowRef<File | null>(null)
  const existing = shallowRef<ExistingGrid[] | null>(null)
  const outline = shallowRef<FeatureCollection | null>(null)
  const sectors = shallowRef<SectorChoice[] | null>(null)
  const locate = shallowRef<ToDegrees>((x, y) => [x, y])
  /** What this person may import. */
  const allowed = shallowRef<readonly ImportKind[]>(['grids', 'enterprises', 'hazards', 'riskPoints'])
  const reader = createFileReader()
  const mender = createRepairReader()
  let stopping: AbortController | undefined
  let reading = 0

  const send = (event: ImportEvent): void => {
    session.value = nextSession(session.value, event)
  }

  const asRead = computed(() => {
    const { source, columns, grids } = session.value
    return source?.kind === 'grids' ? draftGrids(source.file, columns, grids, existing.value ?? []) : []
  })
  const gridDrafts = computed(() => withRepair(asRead.value, session.value.repair))
  const enterpriseDrafts = computed(() => {
    const { source, columns, enterprises } = session.value
    if (source?.kind !== 'enterprises') return []
    return draftEnterprises(source.file, columns, enterprises, sectors.value ?? [], (x, y) => locate.value(x, y))
  })
  const hazardDrafts = computed(() => {
    const { source, columns, enterprises } = session.value
    if (source?.kind !== 'hazards') return []
    return draftHazards(source.file, columns, enterprises, sectors.value ?? [], (x, y) => locate.value(x, y))
  })
  const riskPointDrafts = computed(() => {
    const { source, columns, enterprises } = session.value
    return source?.kind === 'riskPoints' ? draftRiskPoints(source.file, columns, enterprises) : []
  })
  const rows = computed(() => {
    const { kind, excluded, checked } = session.value
    if (kind === 'hazards') return hazardRows(hazardDrafts.value, excluded, checked)
    if (kind === 'riskPoints') return riskPointRows(riskPointDrafts.value, excluded, checked)
    return kind === 'grids'
      ? gridRows(gridDrafts.value, excluded, checked)
      : enterpriseRows(enterpriseDrafts.value, excluded, checked)
  })
  /** The middle of the county, if it has one yet: helps to tell projection zones apart. */
  const near = computed(() => {
    const root = outline.value?.features.find((feature) => feature.properties?.parent_id === null)
    return (root?.properties?.center as [number, number] | undefined) ?? null
  })
  /** Names of grids by code, those of the file included. */
  const names = computed(() => {
    const known = new Map((existing.value ?? []).map((grid) => [grid.code, grid.name]))
    for (const draft of gridDrafts.value) if (draft.code) known.set(draft.code, draft.name)
    return known
  })
  const counts = computed(() => countRows(rows.value))
  /** What would be sent now: everything that is right in itself and not left out. */
  const sent = computed<Sent>(() => {
    const { kind, excluded, grids, enterprises } = session.value
    if (kind === 'hazards') {
      const drafts = hazardDrafts.value.filter((draft) => !isWrong(draft) && !excluded.has(draft.index))
      return { kind, drafts, options: enterprises }
    }
    if (kind === 'riskPoints') {
      const drafts = riskPointDrafts.value.filter((draft) => !isWrong(draft) && !excluded.has(draft.index))
      return { kind, drafts, options: enterprises }
    }
    return kind === 'grids'
      ? { kind, drafts: sendable(gridDrafts.value, excluded), existing: existing.value ?? [], options: grids }
      : {
          kind,
          drafts: enterpriseDrafts.value.filter((draft) => !isWrong(draft) && !excluded.has(draft.index)),
          options: enterprises,
        }
  })
  const committable = computed(
    () =>
      session.value.checked?.accepted === true &&
      counts.value.wrong === 0 &&
      session.value.checked.general.length === 0 &&
      sent.value.drafts.length > 0,
  )

  watch(
    () => session.value.enterprises.crs,
    async (crs) => {
      const convert = await toWgs84(crs as CrsName)
      if (convert && crs === session.value.enterprises.crs) locate.value = convert
    },
  )

  /** Takes a file from the person. Nothing of it is read when its name or size already says no. */
  async function choose(chosen: File): Promise<void> {
    const verdict = judgeFile(chosen)
    if ('failure' in verdict) return send({ type: 'fileRefused', failure: verdict.failure })
    if (locked(session.value)) return
    const kind = kindOf(verdict.kind, session.value.kind, allowed.value)
    if (!kind) return send({ type: 'fileRefused', failure: { code: 'notAllowed', params: { name: chosen.name } } })
    const before = { session: session.value, file: file.value }
    file.value = chosen
    send({ type: 'fileChosen', file: { name: chosen.name, size: chosen.size }, kind })
    send({ type: 'busy', progress: { what: 'reading', done: 0, total: chosen.size, since: Date.now() } })
    // The county first: where it lies helps to read the file. Without network the file is read all the same.
    await (kind === 'grids' ? loadExisting() : loadChoices())
    await read()
    const { source, failure } = session.value
    if (source === null && failure && before.session.source) {
      // The second file could not be read: the first one is still there.
      file.value = before.file
      send({ type: 'tookBack', before: before.session, failure })
    } else guess()
  }

  async function read(): Promise<void> {
    const { kind, reader: choice } = session.value
    const blob = file.value
    if (!blob) return
    const turn = ++reading
    const since = Date.now()
    const told = (done: number) =>
      turn === reading && send({ type: 'busy', progress: { what: 'reading', done, total: blob.size, since } })
    told(0)
    const result = await reader.read(blob, taskOf(kind, blob.name, choice, near.value), told)
    if (turn === reading) settle(result)
  }

  function settle(result: ReadResult): void {
    const failure = failureOf(result)
    if (failure) send({ type: 'readFailed', failure })
    else if ('answer' in result && result.answer.kind === 'grids') {
      const source = result.answer
      send({ type: 'readDone', source, columns: guessGridColumns(source.file.columns) })
    } else if ('answer' in result && result.answer.kind === 'enterprises') {
      if (session.value.kind === 'hazards') {
        const { file } = result.answer
        const columns = guessHazardColumns(file.header)
        send({ type: 'readDone', source: { kind: 'hazards', file }, columns })
        send({ type: 'enterpriseOptionsChanged', options: guessPlaces(file, columns) })
        return
      }
      if (session.value.kind === 'riskPoints') {
        const { file } = result.answer
        const columns = guessRiskPointColumns(file.header)
        send({ type: 'readDone', source: { kind: 'riskPoints', file }, columns })
        return
      }
      const source = result.answer
      const { columns, options } = guessEnterpriseOptions(source.file)
      send({ type: 'readDone', source, columns })
      send({ type: 'enterpriseOptionsChanged', options })
    }
  }

  // The parents can be guessed only when both the file and the grids of the county are known.
  function guess(): void {
    const { source, columns } = session.value
    if (source?.kind !== 'grids' || !existing.value) return
    send({ type: 'gridOptionsChanged', options: guessParents(source.file, columns, existing.value) })
  }

  /** Tries the same file once more (it was stopped, or in use). */
  async function retry(): Promise<void> {
    if (file.value) await choose(file.value)
  }

  /** Reads again as the person says (encoding, system, order, layer). */
  async function readAs(change: Partial<ReaderChoice>): Promise<void> {
    send({ type: 'readerChanged', reader: change })
    await read()
  }

  async function loadExisting(): Promise<boolean> {
    const answer = await loadGrids()
    if (!answer.ok) return false
    existing.value = answer.data.grids
    outline.value = answer.data.outline
    return true
  }

  async function loadChoices(): Promise<boolean> {
    const [list] = await Promise.all([loadSectors(), loadExisting()])
    if (list) sectors.value = list
    return list !== null
  }

  /** Makes sectors of words nobody knows yet. @returns whether it was done. */
  async function addSectors(words: string[]): Promise<boolean> {
    const done = await createSectors(words, sectors.value?.length ?? 0)
    return (await loadChoices()) && done
  }

  /** Goes to a step; on the way to the preview borders that nearly fit are looked for; the preview asks the database. */
  async function go(step: ImportStep): Promise<void> {
    if (step === 'preview' && session.value.kind === 'grids' && session.value.repair === null) {
      await lookForRepairs()
      if (stepsOf(session.value).includes('repair')) return send({ type: 'wentTo', step: 'repair' })
    }
    send({ type: 'wentTo', step })
    if (session.value.step === 'preview' && !session.value.checked && !session.value.busy) await check()
  }

  async function lookForRepairs(): Promise<void> {
    const sets = tilingParts(asRead.value, session.value.excluded)
    const total = sets.reduce((sum, parts) => sum + parts.length, 0)
    if (total === 0) return send({ type: 'repairLooked', findings: [] })
    send({ type: 'busy', progress: { what: 'repairing', done: 0, total, since: Date.now() } })
    const findings = await mender.look(sets, session.value.grids.toleranceM)
    // Stopped or broken: nothing is proposed, and the database checks all the same.
    send({ type: 'repairLooked', findings: findings ?? [] })
  }

  /** Takes up the proposal of some kinds (none: everything stays as it was), and goes on to the preview. */
  async function mend(kinds: RepairKind[]): Promise<void> {
    if (locked(session.value)) return
    send({
      type: 'busy',
      progress: { what: 'repairing', done: 0, total: session.value.repair?.findings.length ?? 0, since: Date.now() },
    })
    const shapes = kinds.length ? await mender.take(kinds) : new Map()
    if (shapes === null) return send({ type: 'checkFailed', failure: { code: 'notMended' } })
    send({ type: 'repairDecided', accepted: kinds, shapes })
    await go('preview')
  }

  async function check(): Promise<void> {
    stopping?.abort()
    const control = new AbortController()
    stopping = control
    send({ type: 'checkStarted', progress: { what: 'checking', done: 0, total: 0, since: Date.now() } })
    const ready = session.value.kind === 'grids' ? existing.value !== null : sectors.value !== null
    if (!ready && !(session.value.kind === 'grids' ? await loadExisting() : await loadChoices())) {
      return send({ type: 'checkFailed', failure: { code: 'offline' } })
    }
    await tell.check(sent.value, send, control.signal)
  }

  /** Stops reading or checking; what was chosen stays. A commit cannot be stopped, only waited for. */
  function stop(): void {
    if (locked(session.value)) return
    stopping?.abort()
    reader.stop()
    if (session.value.busy?.what === 'repairing') mender.stop()
  }

  async function leaveOut(indexes: number[]): Promise<void> {
    send({ type: 'excluded', indexes })
    await check()
  }

  async function takeIn(indexes: number[]): Promise<void> {
    send({ type: 'included', indexes })
    await check()
  }

  async function commit(): Promise<void> {
    if (!committable.value || locked(session.value)) return
    const { checked } = session.value
    await tell.commit(sent.value, checked!, send)
    if (session.value.commit.at === 'unknown') await look()
    forget()
  }

  /** Finds out whether a commit whose answer was lost has been done. */
  async function look(): Promise<void> {
    if (session.value.commit.at !== 'unknown' || session.value.commit.looking) return
    await tell.look(sent.value, session.value.checked!, send)
    forget()
  }

  // What the county holds has changed, or may have: nobody may judge the next file by the old list.
  function forget(): void {
    const { at } = session.value.commit
    if (at === 'done') {
      reader.stop()
      mender.stop()
    }
    if (at === 'done' || at === 'failed') void loadExisting()
  }

  function startOver(kind: ImportKind = session.value.kind): void {
    if (locked(session.value)) return
    reading++
    stop()
    file.value = null
    session.value = startSession(kind)
  }

  /** Signed out: the next person finds nothing of it. */
  function reset(): void {
    reading++
    stopping?.abort()
    reader.stop()
    mender.stop()
    file.value = null
    existing.value = null
    outline.value = null
    sectors.value = null
    session.value = startSession()
  }

  return {
    session,
    allowed,
    existing,
    outline,
    sectors,
    gridDrafts,
    enterpriseDrafts,
    hazardDrafts,
    riskPointDrafts,
    rows,
    counts,
    names,
    sent,
    committable,
    send,
    choose,
    retry,
    readAs,
    addSectors,
    go,
    mend,
    check,
    stop,
    leaveOut,
    takeIn,
    commit,
    look,
    startOver,
    reset,
  }
})

/** What a file is imported as: a table is what the person says it is, when they may import that. */
function kindOf(byFile: ImportKind, wanted: ImportKind, allowed: readonly ImportKind[]): ImportKind | null {
  const kind = byFile !== 'grids' && wanted !== 'grids' ? wanted : byFile
  if (allowed.includes(kind)) return kind
  return byFile === 'grids' ? null : (allowed.find((each) => each !== 'grids') ?? null)
}

/** Why a file could not be read; null when it could. */
function failureOf(result: ReadResult): Failure | null {
  if ('stopped' in result) return { code: 'stopped' }
  if ('broken' in result) return { code: 'unreadable', params: { why: result.broken } }
  const { kind, file } = result.answer
  const { error } = file
  // Curable: the next step shows what is wrong, with the means to put it right beside it.
  const layers = kind === 'grids' ? file.layers : file.sheets
  if (error && CURABLE.has(error.code) && (kind === 'grids' || layers.length > 1)) return null
  return error ? { code: `file.${error.code}`, message: error.message, messageEn: error.messageEn } : null
}

function taskOf(kind: ImportKind, name: string, choice: ReaderChoice, near: [number, number] | null) {
  const encoding = choice.encoding ? { encoding: choice.encoding } : {}
  if (kind !== 'grids') {
    return {
      kind: 'enterprises' as const,
      name,
      options: { ...encoding, ...(choice.layer ? { sheet: choice.layer } : {}) },
    }
  }
  const crs = choice.crs ? { crs: choice.crs } : {}
  const swap = choice.swap ? { swap: true } : {}
  const layer = choice.layer ? { layer: choice.layer } : {}
  return { kind, name, options: { ...encoding, ...crs, ...swap, ...layer, ...(near ? { near } : {}) } }
}
