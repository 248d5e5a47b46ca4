/** A cell to write: numbers stay numbers, everything else is text. */
export type CellValue = string | number | boolean | Date | null | undefined

export interface TableColumn {
  title: string
  /** In characters of the default font. */
  width?: number
}

/** MIME types for the download. */
export const CSV_TYPE = 'text/csv;charset=utf-8'
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/**
 * CSV for Excel: UTF-8 with byte order mark, CRLF, comma. Text that a spreadsheet would take for a formula (it begins
 * with `=`, `+`, `-`, `@`, tab or carriage return) gets a leading apostrophe, as OWASP advises ("CSV injection");
 * plain numbers, also written as text, stay as they are.
 */
export function writeCsv(columns: readonly TableColumn[], rows: readonly (readonly CellValue[])[]): Uint8Array {
  const lines = [columns.map((c) => c.title), ...rows].map((row) => row.map(csvCell).join(','))
  return new TextEncoder().encode(`\uFEFF${lines.join('\r\n')}\r\n`)
}

function csvCell(value: CellValue): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  const text = defuse(plainText(value))
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}

function defuse(text: string): string {
  const dangerous = /^[=+\-@\t\r\n＝＋－＠]/.test(text)
  return dangerous && !/^[-+]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
}

function plainText(value: CellValue): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return localDate(value)
  if (typeof value === 'boolean') return value ? '是' : '否'
  return String(value)
}

/** `YYYY-MM-DD`, with the time when there is one, on the clock of the person. */
function localDate(date: Date): string {
  if (Number.isNaN(date.getTime())) return ''
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`
  return time === '00:00' ? day : `${day} ${time}`
}

/**
 * XLSX with a bold header that stays in sight. Text is stored as text, so that Excel neither computes it nor rounds an
 * 18-digit code; numbers are numbers; dates are written as text, free of time zones.
 */
export async function writeXlsx(
  columns: readonly TableColumn[],
  rows: readonly (readonly CellValue[])[],
  sheet = 'Sheet1',
): Promise<Uint8Array> {
  const { default: writeXlsxFile } = await import('write-excel-file/universal')
  const header = columns.map(({ title }) => ({ value: title, type: String, fontWeight: 'bold' as const }))
  const body = rows.map((row) => row.map(xlsxCell))
  const file = await writeXlsxFile([header, ...body], {
    sheet: xlsxSheetName(sheet),
    columns: columns.map(({ title, width }) => ({ width: width ?? Math.max(8, title.length * 2 + 4) })),
    stickyRowsCount: 1,
  })
  return new Uint8Array(await (await file.toBlob()).arrayBuffer())
}

/** A cell of write-excel-file: text as text, numbers as numbers; null when there is nothing. */
export function xlsxCell(value: CellValue) {
  if (typeof value === 'number') return Number.isFinite(value) ? { value, type: Number } : null
  const text = withoutControls(plainText(value))
  // `@` is Excel's text format: editing the cell later does not turn the code into a number.
  return text === '' ? null : { value: text, type: String, format: '@' }
}

/** XML 1.0 has no place for control characters, and Excel refuses the whole file over one. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').slice(0, 32_767)
}

/** Excel allows 31 characters and none of `: \ / ? * [ ]`. */
export function xlsxSheetName(name: string): string {
  return (
    name
      .replace(/[:\\/?*[\]]/g, ' ')
      .slice(0, 31)
      .trim() || 'Sheet1'
  )
}
