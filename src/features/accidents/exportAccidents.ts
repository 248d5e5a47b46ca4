import { type CellValue, CSV_TYPE, type TableColumn, writeCsv, writeXlsx, XLSX_TYPE } from '../../files/writeTable'
import { type AccidentRow, moment } from './accident'

type Translate = (key: string, named?: Record<string, unknown>) => string

const COLUMNS: [key: string, width: number, value: (row: AccidentRow, t: Translate) => CellValue][] = [
  ['code', 16, (row) => row.code],
  ['occurred_at', 18, (row) => moment(row.occurred_at)],
  ['title', 40, (row) => row.title],
  ['grade', 12, (row, t) => t(`accidents.grade.${row.grade}`)],
  ['kind', 14, (row) => row.kind],
  ['enterprise', 30, (row) => row.enterprise?.name],
  ['sector', 16, (row) => row.sector?.name],
  ['grid', 16, (row, t) => row.grid?.name ?? t('accidents.outside')],
  ['deaths', 8, (row) => row.deaths],
  ['serious_injuries', 8, (row) => row.serious_injuries],
  ['minor_injuries', 8, (row) => row.minor_injuries],
  ['yuan', 22, (row) => row.loss],
  ['lon', 12, (row) => row.lon],
  ['lat', 12, (row) => row.lat],
]

/** Header and body of an export: every accident of the filter, loss in yuan, places in WGS84 degrees. */
export function accidentTable(
  rows: readonly AccidentRow[],
  t: Translate,
): { columns: TableColumn[]; rows: CellValue[][] } {
  return {
    columns: COLUMNS.map(([key, width]) => ({ title: t(`accidents.column.${key}`), width })),
    rows: rows.map((row) => COLUMNS.map(([, , value]) => value(row, t))),
  }
}

/** The file of an export. `words`: what it is of, for its name. */
export async function accidentFile(
  as: 'xlsx' | 'csv',
  of: readonly AccidentRow[],
  words: string,
  t: Translate,
): Promise<{ name: string; bytes: Uint8Array; type: string }> {
  const { columns, rows } = accidentTable(of, t)
  const name = `${words.replace(/[\\/:*?"<>|]/g, ' ')}.${as}`
  if (as === 'csv') return { name, bytes: writeCsv(columns, rows), type: CSV_TYPE }
  return { name, bytes: await writeXlsx(columns, rows, t('accidents.title')), type: XLSX_TYPE }
}
