import { readCsv } from './csv'
import { FileRefusal, issueOf } from './fileIssue'
import { checkSize, sniff, strangerName } from './sniff'
import type { ReadTableOptions, TableFile } from './tableFile'
import { readXlsx } from './xlsx'

export type { ReadTableOptions, TableFile } from './tableFile'

/**
 * Reads a CSV (UTF-8, GBK/GB18030, UTF-16; comma, semicolon, tab or bar) or the first sheet of an XLSX as text.
 * Codes lose no digit: numbers keep theirs, leading zeros stay, dates become `YYYY-MM-DD`. Cells are never computed or
 * interpreted: what looks like a formula or like HTML is text.
 *
 * Never rejects: when the file cannot be read, `rows` is empty, `error` says why (in words for the screen), and
 * `warnings` ends with the same.
 *
 * @param name file name, used only in words
 * @param bytes the whole file; compare `File.size` with MAX_FILE_BYTES before reading it
 */
export async function readTable(name: string, bytes: Uint8Array, options: ReadTableOptions = {}): Promise<TableFile> {
  const table = emptyTable()
  try {
    options.signal?.throwIfAborted()
    checkSize(bytes)
    const kind = sniff(bytes)
    if (kind === 'zip') await readXlsx(table, bytes, options)
    else if (kind === 'text') await readCsv(table, bytes, options)
    else throw wrongType(kind === 'ole', strangerName(kind), name)
    options.signal?.throwIfAborted()
  } catch (reason) {
    table.rows = []
    table.lines = []
    table.error = issueOf(reason, options.signal)
    table.warnings.push(table.error)
  }
  return table
}

function emptyTable(): TableFile {
  return {
    format: null,
    header: [],
    rows: [],
    lines: [],
    encoding: null,
    encodingGuess: null,
    delimiter: null,
    sheets: [],
    sheet: null,
    warnings: [],
  }
}

function wrongType(oldExcel: boolean, what: string | null, name: string): FileRefusal {
  if (oldExcel) {
    return new FileRefusal(
      'WRONG_TYPE',
      '这是旧版 Excel 文件（.xls）或加密的工作簿，请用 Excel 或 WPS 另存为 .xlsx（不加密）或 CSV',
      'An old Excel file (.xls) or an encrypted workbook: save it as plain .xlsx or CSV',
    )
  }
  const words = what ? `这是${what}，` : /\.(geo)?json$|\.kml$/i.test(name) ? '这是地图文件，' : '不认识这种文件，'
  return new FileRefusal('WRONG_TYPE', `${words}请选择 CSV 或 XLSX 表格`, 'Not a table: choose a CSV or an XLSX file')
}
