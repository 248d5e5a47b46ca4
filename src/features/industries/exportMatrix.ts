import { type CellValue, CSV_TYPE, type TableColumn, writeCsv, writeXlsx, XLSX_TYPE } from '../../files/writeTable'
import { columnsOf, type Matrix, type Ordering, rowsOf } from './matrix'
import type { Translate } from './words'

/**
 * The matrix as a table: a line a grid in the order of the screen, index and level word of each sector; the totals
 * first, and below who answers for each sector.
 */
export function matrixTable(
  matrix: Matrix,
  ordering: Ordering,
  t: Translate,
): { columns: TableColumn[]; rows: CellValue[][] } {
  const sectors = columnsOf(matrix, ordering.order)
  const heads = [t('industries.allSectors'), ...sectors.map(({ name }) => name)]
  const columns: TableColumn[] = [
    { title: t('industries.code'), width: 16 },
    { title: t('industries.grid'), width: 16 },
    ...heads.flatMap((name) => [
      { title: `${name} ${t('industries.index')}`, width: 14 },
      { title: `${name} ${t('industries.level')}`, width: 10 },
    ]),
  ]
  const line = (id: number, code: string, name: string): CellValue[] => [
    code,
    name,
    ...[null, ...sectors.map((sector) => sector.id)].flatMap((sector) => {
      const cell = matrix.at(id, sector)
      return cell.level ? [cell.index, t(`map.level.${cell.level}`)] : [null, t('industries.unjudged')]
    }),
  ]
  const { parent } = matrix
  const judged = matrix.at(parent.id, null).level > 0
  const owners = sectors.flatMap(({ department }) => [department?.name ?? t('industries.unowned'), null])
  const officers = sectors.flatMap((sector) => [
    sector.officers.map(({ name, phone }) => [name, phone].filter(Boolean).join(' ')).join('、'),
    null,
  ])
  return {
    columns,
    rows: [
      ...(judged ? [line(parent.id, parent.code, t('industries.sumOf', { name: parent.name }))] : []),
      ...rowsOf(matrix, ordering).map((grid) => line(grid.id, grid.code, grid.name)),
      [null, t('industries.department'), null, null, ...owners],
      [null, t('industries.officers'), null, null, ...officers],
    ],
  }
}

/** The file of an export and what it is called. */
export async function matrixFile(
  as: 'xlsx' | 'csv',
  matrix: Matrix,
  ordering: Ordering,
  t: Translate,
): Promise<{ name: string; bytes: Uint8Array; type: string }> {
  const { columns, rows } = matrixTable(matrix, ordering, t)
  const title = `${matrix.parent.name}${t('industries.title')}`
  const name = `${title.replace(/[\\/:*?"<>|]/g, ' ')}-${matrix.on}.${as}`
  if (as === 'csv') return { name, bytes: writeCsv(columns, rows), type: CSV_TYPE }
  return { name, bytes: await writeXlsx(columns, rows, title), type: XLSX_TYPE }
}
