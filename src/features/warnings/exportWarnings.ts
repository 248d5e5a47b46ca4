import { type CellValue, CSV_TYPE, type TableColumn, writeCsv, writeXlsx, XLSX_TYPE } from '../../files/writeTable'
import { moment, type WarningRow } from './warning'

type Translate = (key: string, named?: Record<string, unknown>) => string

const when = (iso: string | null) => (iso ? moment(iso) : null)
const COLUMNS: [key: string, width: number, value: (row: WarningRow, t: Translate) => CellValue][] = [
  ['level', 10, (row, t) => t(`warnings.level.${row.level}`)],
  ['kind', 16, (row, t) => t(`warnings.kind.${row.kind}`)],
  ['raised_at', 18, (row) => moment(row.raised_at)],
  ['state', 10, (row, t) => t(`warnings.state.${row.state}`)],
  ['place', 24, (row) => row.place.join(' ') || row.grid.name],
  ['sector', 14, (row) => row.sector?.name],
  ['enterprise', 28, (row) => row.enterprise?.name],
  ['reason', 70, (row) => row.reason],
  ['records', 8, (row) => row.records.length],
  ['owner', 12, (row) => row.owner?.name],
  ['phone', 14, (row) => row.owner?.phone],
  ['department', 20, (row) => row.department?.department],
  ['acknowledged', 24, (row) => [row.acknowledged_by, when(row.acknowledged_at)].filter(Boolean).join(' ')],
  ['settled', 24, (row) => [row.settled_by, when(row.settled_at)].filter(Boolean).join(' ')],
  ['note', 50, (row) => row.note],
  ['gone', 18, (row) => when(row.cause_gone_at)],
]

/** Header and body of an export: every warning of the filter. */
export function warningTable(
  rows: readonly WarningRow[],
  t: Translate,
): { columns: TableColumn[]; rows: CellValue[][] } {
  return {
    columns: COLUMNS.map(([key, width]) => ({ title: t(`warnings.column.${key}`), width })),
    rows: rows.map((row) => COLUMNS.map(([, , value]) => value(row, t))),
  }
}

/** The file of an export. `words`: what it is of, for its name. */
export async function warningFile(
  as: 'xlsx' | 'csv',
  of: readonly WarningRow[],
  words: string,
  t: Translate,
): Promise<{ name: string; bytes: Uint8Array; type: string }> {
  const { columns, rows } = warningTable(of, t)
  const name = `${words.replace(/[\\/:*?"<>|]/g, ' ')}.${as}`
  if (as === 'csv') return { name, bytes: writeCsv(columns, rows), type: CSV_TYPE }
  return { name, bytes: await writeXlsx(columns, rows, t('warnings.title')), type: XLSX_TYPE }
}

/** Hands a file to the person. */
export function download({ name, bytes, type }: { name: string; bytes: Uint8Array; type: string }): void {
  const address = URL.createObjectURL(new Blob([bytes as BlobPart], { type }))
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
