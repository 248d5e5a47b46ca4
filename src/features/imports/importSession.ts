import type { FeatureCollection, Geometry } from 'geojson'
import type { GridFile } from '../../files/gridFile'
import type { TableFile } from '../../files/tableFile'
import type { Finding, Repair } from './repairPlan'

/**
 * What one import is, from the file to the answer of the database: a pure state machine.
 * Nothing here touches Vue, the network or a worker; `importStore.ts` does, and reports back as events.
 */

export type ImportKind = 'grids' | 'enterprises' | 'hazards' | 'riskPoints'
/** Kinds that come as a table. */
export type TableKind = Exclude<ImportKind, 'grids'>
export type ImportStep = 'choose' | 'check' | 'repair' | 'preview' | 'commit'

/** Why something cannot go on. Words: `imports.fail.<code>` with `params`, unless `message` already says it. */
export interface Failure {
  code: string
  params?: Record<string, string | number>
  message?: string
  messageEn?: string
}

/** Figures of something that takes over a second. `total` 0 = not known. */
export interface Progress {
  what: 'reading' | 'repairing' | 'checking' | 'saving' | 'verifying'
  done: number
  total: number
  /** Start, in milliseconds of `Date.now()`. */
  since: number
}

/** One thing wrong (or worth knowing) about one row. Words: `imports.problem.<why>`, or `message` of the database. */
export interface Problem {
  /** Code of DESIGN.md (`OVERLAP`, `MISSING_FIELD` …). */
  code: string
  field: string | null
  severity: 'error' | 'warning'
  why?: string
  params?: Record<string, string | number>
  message?: string
  messageEn?: string
  /** The piece of ground that is wrong (an overlap, what lies outside the parent), lon/lat. */
  area?: Geometry
}

/** How the file is to be read; `null` = as guessed. */
export interface ReaderChoice {
  encoding: string | null
  crs: string | null
  swap: boolean
  /** Layer of a shapefile zip or TopoJSON, sheet of a workbook. */
  layer: string | null
}

/** What was read. Large, so never changed in place and never made reactive in depth. */
type Source = { kind: 'grids'; file: GridFile } | { kind: TableKind; file: TableFile }

/** Which column holds which field: field → header, absent = not in the file. */
export type Columns = Record<string, string>

type ParentMode = 'column' | 'prefix' | 'under' | 'root'
export interface GridOptions {
  parentMode: ParentMode
  /** Code of the grid that all go under (`parentMode` under). */
  under: string | null
  kind: 'area' | 'unit'
  existing: 'reshape' | 'reject'
  toleranceM: number
  allowGaps: boolean
  note: string
}
/** Of a table, be it of enterprises, hazards or risk points. */
export interface EnterpriseOptions {
  onDuplicate: 'update' | 'skip' | 'reject'
  /** Coordinate system of the lon/lat columns. */
  crs: string
  swap: boolean
  /** Word of the file → code of a sector, chosen once for all rows. */
  sectorWords: Record<string, string>
  /** Code of the enterprise that rows without one belong to (risk points of one enterprise); null: each row says whose it is. */
  enterprise: string | null
}

export type RowState = 'good' | 'warned' | 'wrong' | 'excluded'
export type RowAction = 'create' | 'update' | 'skip'
/** One line of the preview. */
export interface PreviewRow {
  /** Index into features/rows of the source. */
  index: number
  /** Number as the person finds it in the file (tables: the line; geometry: the n-th feature). */
  row: number
  code: string
  name: string
  state: RowState
  action: RowAction
  /** Where it will belong: code of the parent, or of the grid that contains it. */
  belongs: string | null
  problems: Problem[]
  /** West, south, east, north; null when it has no place. */
  bbox: [number, number, number, number] | null
}

/** The database's answer to the dry run of exactly what is on the screen. */
export interface Checked {
  /** Problems by index of the row. */
  problems: Map<number, Problem[]>
  /** Grid code by index of the row (enterprises). */
  belongs: Map<number, string>
  /** Where the database puts a row that names no place itself, lon/lat, by index (hazards, risk points). */
  places?: Map<number, [number, number]>
  /** What the database would do with a row, by index. */
  actions: Map<number, RowAction>
  /** Problems that belong to no single row. */
  general: Problem[]
  gaps: FeatureCollection | null
  moved: { enterprises: number; hazards: number } | null
  accepted: boolean
}

export interface Outcome {
  created: number
  updated: number
  skipped: number
  unclaimed: number
  moved: { enterprises: number; hazards: number }
  gaps: FeatureCollection | null
  /** The connection broke, and a look afterwards found that it had been done. */
  foundDone: boolean
}

type CommitState =
  | { at: 'idle' }
  | { at: 'sending' }
  | { at: 'unknown'; looking: boolean; failure: Failure }
  | { at: 'failed'; failure: Failure }
  | { at: 'done'; outcome: Outcome }

export interface ImportSession {
  kind: ImportKind
  step: ImportStep
  file: { name: string; size: number } | null
  reader: ReaderChoice
  source: Source | null
  columns: Columns
  grids: GridOptions
  enterprises: EnterpriseOptions
  excluded: ReadonlySet<number>
  /** Borders that nearly fit; null until somebody has looked. */
  repair: Repair | null
  checked: Checked | null
  busy: Progress | null
  failure: Failure | null
  commit: CommitState
}

export type ImportEvent =
  | { type: 'kindChosen'; kind: ImportKind }
  | { type: 'fileChosen'; file: { name: string; size: number }; kind: ImportKind }
  | { type: 'fileRefused'; failure: Failure }
  | { type: 'busy'; progress: Progress | null }
  | { type: 'readDone'; source: Source; columns: Columns; grids?: Partial<GridOptions> }
  | { type: 'readFailed'; failure: Failure }
  | { type: 'tookBack'; before: ImportSession; failure: Failure }
  | { type: 'readerChanged'; reader: Partial<ReaderChoice> }
  | { type: 'columnsChanged'; columns: Columns }
  | { type: 'gridOptionsChanged'; options: Partial<GridOptions> }
  | { type: 'enterpriseOptionsChanged'; options: Partial<EnterpriseOptions> }
  | { type: 'excluded'; indexes: number[] }
  | { type: 'included'; indexes: number[] }
  | { type: 'repairLooked'; findings: Finding[] }
  | { type: 'repairDecided'; accepted: NonNullable<Repair['accepted']>; shapes: Repair['shapes'] }
  | { type: 'checkStarted'; progress: Progress }
  | { type: 'checkDone'; checked: Checked }
  | { type: 'checkFailed'; failure: Failure }
  | { type: 'wentTo'; step: ImportStep }
  | { type: 'commitStarted'; progress: Progress }
  | { type: 'commitLost'; failure: Failure }
  | { type: 'looking'; progress: Progress }
  | { type: 'commitRefused'; failure: Failure; checked?: Checked }
  | { type: 'commitNotDone' }
  | { type: 'commitDone'; outcome: Outcome }
  | { type: 'startedOver' }

/** A new, empty import. */
export function startSession(kind: ImportKind = 'grids'): ImportSession {
  return {
    kind,
    step: 'choose',
    file: null,
    reader: { encoding: null, crs: null, swap: false, layer: null },
    source: null,
    columns: {},
    grids: {
      parentMode: 'prefix',
      under: null,
      kind: 'area',
      existing: 'reshape',
      toleranceM: 1,
      allowGaps: true,
      note: '',
    },
    enterprises: { onDuplicate: 'update', crs: 'EPSG:4326', swap: false, sectorWords: {}, enterprise: null },
    excluded: new Set(),
    repair: null,
    checked: null,
    busy: null,
    failure: null,
    commit: { at: 'idle' },
  }
}

/** Refusals of a file that another coordinate system, order, encoding or layer may cure. */
export const CURABLE = new Set<string>([
  'SWAPPED_AXES',
  'METRES_NOT_DEGREES',
  'DEGREES_NOT_METRES',
  'UNKNOWN_CRS',
  'OUT_OF_RANGE',
  'NO_POLYGONS',
  'NO_HEADER',
])

/** Fields without which a row says nothing. */
export function requiredFields(kind: ImportKind, enterprise: string | null = null): string[] {
  if (kind === 'riskPoints') return [...(enterprise ? [] : ['enterprise']), 'name', 'l']
  if (kind === 'hazards') return ['title', 'found_at']
  return kind === 'grids' ? ['code', 'name'] : ['code', 'name', 'lon', 'lat', 'sector']
}

/** Required fields that no column is chosen for. */
export function missingColumns(session: ImportSession): string[] {
  const missing = requiredFields(session.kind, session.enterprises.enterprise).filter(
    (field) => !session.columns[field],
  )
  if (session.kind === 'grids') {
    if (session.grids.parentMode === 'column' && !session.columns.parent) missing.push('parent')
    if (session.grids.parentMode === 'under' && !session.grids.under) missing.push('under')
  }
  return missing
}

/** Nothing may change while the database works on it, or while nobody knows whether it did. */
export function locked(session: ImportSession): boolean {
  return session.commit.at === 'sending' || session.commit.at === 'unknown'
}

/** The steps of this import: mending is one of them only when there is something to mend. */
export function stepsOf(session: ImportSession): ImportStep[] {
  return session.repair?.findings.length
    ? ['choose', 'check', 'repair', 'preview', 'commit']
    : ['choose', 'check', 'preview', 'commit']
}

/** Leaving now would lose work. */
export function unsaved(session: ImportSession): boolean {
  return session.source !== null && session.commit.at !== 'done'
}

/** Whether a step can be gone to now; the first ones always, until the database is at it. */
export function reachable(session: ImportSession, step: ImportStep): boolean {
  if (locked(session)) return step === session.step
  if (session.commit.at === 'done') return step === 'commit'
  if (step === 'choose') return true
  if (!session.source) return false
  if (step === 'check') return true
  // Readable only once the person has said in which system, order or encoding.
  if (session.source.file.error) return false
  if (step === 'repair' && !session.repair?.findings.length) return false
  return missingColumns(session).length === 0 && (step !== 'commit' || session.checked !== null)
}

const forget = { checked: null, repair: null, excluded: new Set<number>(), commit: { at: 'idle' } as CommitState }

/** The next state. An event that makes no sense now changes nothing. */
export function nextSession(session: ImportSession, event: ImportEvent): ImportSession {
  const fixed = locked(session)
  switch (event.type) {
    case 'kindChosen':
      return fixed || event.kind === session.kind ? session : startSession(event.kind)
    case 'fileChosen': {
      if (fixed) return session
      const fresh = startSession(event.kind)
      const { enterprise } = session.enterprises
      // whose list it is was said before the file was chosen
      return { ...fresh, file: event.file, enterprises: { ...fresh.enterprises, enterprise } }
    }
    case 'fileRefused':
      // What was there before stays: a wrong second file does not cost the first.
      return fixed ? session : { ...session, busy: null, failure: event.failure }
    case 'busy':
      return { ...session, busy: event.progress }
    case 'readDone':
      return {
        ...session,
        ...forget,
        source: event.source,
        // Columns the person chose before survive another encoding or coordinate system.
        columns: { ...event.columns, ...keepColumns(session.columns, event.source) },
        grids: { ...session.grids, ...event.grids },
        busy: null,
        failure: failureOfFile(event.source),
        step: session.step === 'choose' ? 'check' : session.step,
      }
    case 'readFailed':
      return { ...session, busy: null, failure: event.failure }
    case 'tookBack':
      return { ...event.before, busy: null, step: 'choose', failure: event.failure }
    case 'readerChanged':
      return fixed ? session : { ...session, ...forget, reader: { ...session.reader, ...event.reader } }
    case 'columnsChanged':
      return fixed ? session : { ...session, ...forget, columns: event.columns }
    case 'gridOptionsChanged':
      return fixed ? session : { ...session, ...forget, grids: { ...session.grids, ...event.options } }
    case 'repairLooked':
      return { ...session, busy: null, repair: { findings: event.findings, accepted: null, shapes: new Map() } }
    case 'repairDecided':
      return fixed || !session.repair
        ? session
        : {
            ...session,
            busy: null,
            checked: null,
            repair: { ...session.repair, accepted: event.accepted, shapes: event.shapes },
          }
    case 'enterpriseOptionsChanged':
      return fixed ? session : { ...session, ...forget, enterprises: { ...session.enterprises, ...event.options } }
    case 'excluded':
    case 'included':
      return fixed ? session : { ...session, checked: null, excluded: chosen(session.excluded, event) }
    case 'checkStarted':
      return { ...session, busy: event.progress, failure: null, checked: null, commit: { at: 'idle' } }
    case 'checkDone':
      return { ...session, busy: null, failure: null, checked: event.checked }
    case 'checkFailed':
      return { ...session, busy: null, failure: event.failure }
    case 'wentTo':
      return reachable(session, event.step) ? { ...session, step: event.step, failure: null } : session
    case 'commitStarted':
      return fixed ? session : { ...session, busy: event.progress, step: 'commit', commit: { at: 'sending' } }
    case 'commitLost':
      return { ...session, busy: null, commit: { at: 'unknown', looking: false, failure: event.failure } }
    case 'looking':
      return session.commit.at === 'unknown'
        ? { ...session, busy: event.progress, commit: { ...session.commit, looking: true } }
        : session
    case 'commitRefused':
      return {
        ...session,
        busy: null,
        checked: event.checked ?? session.checked,
        commit: { at: 'failed', failure: event.failure },
      }
    case 'commitNotDone':
      return { ...session, busy: null, commit: { at: 'failed', failure: { code: 'notDone' } } }
    case 'commitDone':
      return { ...session, busy: null, failure: null, step: 'commit', commit: { at: 'done', outcome: event.outcome } }
    case 'startedOver':
      return fixed ? session : startSession(session.kind)
  }
}

/** Why a file that was read all the same cannot be used yet. */
function failureOfFile({ file: { error } }: Source): Failure | null {
  return error ? { code: `file.${error.code}`, message: error.message, messageEn: error.messageEn } : null
}

function keepColumns(columns: Columns, source: Source): Columns {
  const names = new Set(source.kind === 'grids' ? source.file.columns : source.file.header)
  return Object.fromEntries(Object.entries(columns).filter(([, name]) => names.has(name)))
}

function chosen(before: ReadonlySet<number>, event: { type: 'excluded' | 'included'; indexes: number[] }) {
  const after = new Set(before)
  for (const index of event.indexes) {
    if (event.type === 'excluded') after.add(index)
    else after.delete(index)
  }
  return after
}
