import { FileRefusal } from './fileIssue'
import type { TableFile } from './tableFile'

export const MAX_ROWS = 200_000
/** No spreadsheet program makes more. */
const MAX_COLUMNS = 16_384

/**
 * Turns raw cells into header and rows: blank lines are skipped, the first other line is the header, short rows are
 * filled and cells beyond the header named.
 *
 * @param cells every line of the file, blank ones included
 * @param lineOf the line number, as a person counts, of an index into `cells`
 */
export function fillTable(table: TableFile, cells: readonly string[][], lineOf: (index: number) => number): void {
  const isBlank = (row: readonly string[]) => row.every((cell) => cell === '')
  let first = cells.findIndex((row) => !isBlank(row))
  first = belowTitle(cells, first)
  const head = joinedHead(cells[first], cells[first + 1])
  if (head !== cells[first]) first++
  if (!head) throw new FileRefusal('NO_FEATURES', '表格里没有内容', 'The table is empty')
  const width = Math.min(MAX_COLUMNS, lastFilled(head) + 1)
  table.header = headerOf(head.slice(0, width), table)
  let uneven = 0
  let unevenLine = 0
  for (let i = first + 1; i < cells.length; i++) {
    const row = cells[i]!
    if (isBlank(row)) continue
    if (lastFilled(row) >= width && uneven++ === 0) unevenLine = lineOf(i)
    table.rows.push(Array.from({ length: width }, (_, column) => row[column] ?? ''))
    table.lines.push(lineOf(i))
    if (table.rows.length > MAX_ROWS) throw tooManyRows()
  }
  if (table.rows.length === 0) {
    throw new FileRefusal('NO_FEATURES', '表格只有表头，没有数据行', 'The table has a header but no rows')
  }
  if (uneven > 0) {
    table.warnings.push({
      code: 'UNEVEN_ROWS',
      message: `${uneven} 行的列数多于表头（最早在第 ${unevenLine} 行），多出的内容未读入，请核对分隔符和引号`,
      messageEn: `${uneven} rows have more cells than the header (first in line ${unevenLine}): the rest is left out`,
    })
  }
}

/** How far below a title the head of a form is looked for. */
const TITLE_ROWS = 6
const FIGURE = /^[-\d.,/: ]+$/

/** Forms have a title and a line about the unit above the head: a few cells over a row of many. */
function belowTitle(cells: readonly string[][], first: number): number {
  const filled = (row: readonly string[] | undefined) => row?.filter((cell) => cell !== '').length ?? 0
  let best = first
  for (let i = first + 1; i <= first + TITLE_ROWS && i < cells.length; i++) {
    const row = cells[i]
    // figures are what a head has none of
    if (filled(cells[best]) > 3 || !row || row.some((cell) => FIGURE.test(cell))) continue
    if (filled(row) >= 4 && filled(row) >= 2 * filled(cells[best])) best = i
  }
  return best
}

/**
 * A head of two rows whose groups are merged cells: the lower row names what the upper one leaves open, and has nothing
 * where the upper one already says it.
 */
function joinedHead(upper: string[] | undefined, lower: string[] | undefined): string[] | undefined {
  if (!upper || !lower) return upper
  const width = Math.max(upper.length, lower.length)
  let fills = 0
  let under = 0
  for (let i = 0; i < width; i++) {
    const [above, below] = [upper[i] ?? '', lower[i] ?? '']
    if (above === '' && below !== '') fills++
    if (above !== '' && below !== '') under++
    // a row of a table, not of a head
    if (FIGURE.test(below)) return upper
  }
  const groups = upper.filter(
    (cell, i) => cell !== '' && (upper[i + 1] ?? '') === '' && (lower[i + 1] ?? '') !== '',
  ).length
  if (fills === 0 || under !== groups) return upper
  return Array.from({ length: width }, (_, i) => lower[i] || upper[i] || '')
}

export function tooManyRows(): FileRefusal {
  return new FileRefusal(
    'TOO_MANY_ROWS',
    `超过 ${MAX_ROWS} 行，请分批导入`,
    `More than ${MAX_ROWS} rows: import them in parts`,
  )
}

function lastFilled(row: readonly string[]): number {
  let last = row.length - 1
  while (last >= 0 && row[last] === '') last--
  return last
}

function headerOf(cells: readonly string[], table: TableFile): string[] {
  const used = new Set<string>()
  let repeated = ''
  const header = cells.map((cell, i) => {
    const base = cell.replace(/\s+/g, ' ').trim() || `第 ${i + 1} 列`
    let name = base
    for (let n = 2; used.has(name); n++) name = `${base} (${n})`
    if (name !== base) repeated = base
    used.add(name)
    return name
  })
  if (repeated) {
    table.warnings.push({
      code: 'DUPLICATE_HEADER',
      message: `表头「${repeated}」出现多次，后面的已加序号`,
      messageEn: `The header "${repeated}" occurs more than once and was numbered`,
    })
  }
  if (header.length > 0 && header.every((name) => /^[-\d.]+$/.test(name))) {
    table.warnings.push({
      code: 'NO_HEADER',
      message: '第一行像是数据而不是表头，请确认表格有表头',
      messageEn: 'The first line looks like data: is the header missing?',
    })
  }
  return header
}
