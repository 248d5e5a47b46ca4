import { CSV_TYPE, writeCsv, XLSX_TYPE } from '../../files/writeTable'
import { exportTable, type Translate } from './cells'
import type { Column } from './columns'
import { type ExportTask, runExport } from './exportTask'
import type { HazardRow, LedgerKind, LedgerRow } from './ledger'
import { FORM_TITLES, type FormAbout, type OfficialForm, officialForm } from './officialForm'

export type ExportKind = 'xlsx' | 'csv' | OfficialForm

export interface ExportOf {
  kind: LedgerKind
  /** As on the screen, in their order. */
  columns: readonly Column[]
  rows: readonly LedgerRow[]
  /** What the sheet is called. */
  heading: string
  about: FormAbout
  t: Translate
  /** Words of the forms, which are Chinese on every page. */
  zh: Translate
}

/** Makes the file of an export away from the page; aborting ends it at once. */
export async function makeExport(
  as: ExportKind,
  of: ExportOf,
  signal: AbortSignal,
): Promise<{ bytes: Uint8Array; type: string; name: string }> {
  const day = of.about.today
  if (as === 'daily' || as === 'key') {
    const form = officialForm(as, of.rows as readonly HazardRow[], of.about, of.zh)
    // what makes the cells cannot go to a worker, and is not needed there
    const columns = form.columns.map(({ title, group, width, align }) => ({
      title,
      width,
      ...(group ? { group } : {}),
      ...(align ? { align } : {}),
    }))
    const bytes = await inWorker({ kind: 'form', form: { ...form, columns } }, signal)
    return { bytes, type: XLSX_TYPE, name: fileName(`${of.about.unit}${FORM_TITLES[as]}`, day, 'xlsx') }
  }
  const { columns, rows } = exportTable(of.kind, of.columns, of.rows, of.t)
  if (as === 'csv') return { bytes: writeCsv(columns, rows), type: CSV_TYPE, name: fileName(of.heading, day, 'csv') }
  const bytes = await inWorker({ kind: 'table', sheet: of.heading, columns, rows }, signal)
  return { bytes, type: XLSX_TYPE, name: fileName(of.heading, day, 'xlsx') }
}

const fileName = (words: string, day: string, ending: string) =>
  `${words.replace(/\s*·\s*/g, '-').replace(/[\\/:*?"<>|]/g, ' ')}-${day}.${ending}`

function inWorker(task: ExportTask, signal: AbortSignal): Promise<Uint8Array> {
  if (typeof Worker === 'undefined') return runExport(task)
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./exportWorker.ts', import.meta.url), { type: 'module' })
    const end = (settle: () => void) => {
      worker.terminate()
      settle()
    }
    worker.onmessage = ({ data }: MessageEvent<{ bytes: Uint8Array } | { broken: string }>) =>
      end(() => ('bytes' in data ? resolve(data.bytes) : reject(new Error(data.broken))))
    // without a worker (an old browser, a strict policy) the page makes it itself
    worker.onerror = () => end(() => runExport(task).then(resolve, reject))
    signal.addEventListener('abort', () => end(() => reject(signal.reason)), { once: true })
    worker.postMessage(task)
  })
}

/** Hands a file to the person. */
export function download(name: string, bytes: Uint8Array, type: string): void {
  const address = URL.createObjectURL(new Blob([bytes as BlobPart], { type }))
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
