import { type Form, writeForm } from '../../files/writeForm'
import { type CellValue, type TableColumn, writeXlsx } from '../../files/writeTable'

/** A workbook to make: the same in the worker and on the page. */
export type ExportTask =
  | { kind: 'table'; sheet: string; columns: TableColumn[]; rows: CellValue[][] }
  | { kind: 'form'; form: Form }

export const runExport = (task: ExportTask): Promise<Uint8Array> =>
  task.kind === 'form' ? writeForm(task.form) : writeXlsx(task.columns, task.rows, task.sheet)
