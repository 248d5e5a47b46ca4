import { CSV_TYPE, type TableColumn, writeCsv, writeXlsx, XLSX_TYPE } from '../../files/writeTable'
import { download } from './download'
import type { ImportKind, PreviewRow } from './importSession'
import { fieldWords, problemWords } from './words'

type Translate = (key: string, params?: Record<string, unknown>) => string

/** The column before the name, where it is no code. */
export const LEADING: Partial<Record<ImportKind, string>> = { hazards: 'found_at', riskPoints: 'enterprise' }

/**
 * The list of the preview as a table: one line per problem, so that it can be sorted and worked off; rows that are
 * good only when nothing is wrong or remarkable at all.
 */
export function exportTable(rows: PreviewRow[], kind: ImportKind, t: Translate, locale: string) {
  const columns: TableColumn[] = [
    { title: t(kind === 'grids' ? 'imports.preview.nth' : 'imports.preview.row'), width: 8 },
    { title: t('imports.preview.state'), width: 10 },
    { title: fieldWords(LEADING[kind] ?? 'code', kind, t), width: 24 },
    { title: fieldWords(kind === 'hazards' ? 'title' : 'name', kind, t), width: 32 },
    { title: t('imports.check.column'), width: 14 },
    { title: t('imports.preview.says'), width: 60 },
  ]
  const telling = rows.filter((row) => row.problems.length > 0)
  const lines = (telling.length ? telling : rows).flatMap((row) => {
    const head = [row.row, t(`imports.preview.${row.state === 'good' ? row.action : row.state}`), row.code, row.name]
    if (row.problems.length === 0) return [[...head, '', row.belongs ?? '']]
    return row.problems.map((problem) => [
      ...head,
      problem.field ? fieldWords(problem.field, kind, t) : '',
      problemWords(problem, kind, t, locale),
    ])
  })
  return { columns, lines }
}

/** Downloads that list. */
export async function exportRows(
  rows: PreviewRow[],
  kind: ImportKind,
  format: 'xlsx' | 'csv',
  t: Translate,
  locale: string,
): Promise<void> {
  const { columns, lines } = exportTable(rows, kind, t, locale)
  const name = t(`imports.preview.exportName.${kind}`)
  if (format === 'csv') download(`${name}.csv`, writeCsv(columns, lines), CSV_TYPE)
  else download(`${name}.xlsx`, await writeXlsx(columns, lines, name), XLSX_TYPE)
}
