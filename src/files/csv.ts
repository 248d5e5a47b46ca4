import { chosenEncoding, guessEncoding } from './encoding'
import type { ReadTableOptions, TableFile } from './tableFile'
import { fillTable, MAX_ROWS, tooManyRows } from './tableRows'

const DELIMITERS = [',', '\t', ';', '|']

/** Reads a CSV into `table`: quoted cells may hold line breaks, and line numbers count them as a text editor does. */
export async function readCsv(table: TableFile, bytes: Uint8Array, options: ReadTableOptions): Promise<void> {
  const encoding = options.encoding ? chosenEncoding(options.encoding) : guessEncoding([bytes])
  const { name, guessed, why, whyEn, doubtful } = encoding
  table.format = 'csv'
  table.encoding = name
  table.encodingGuess = { name, guessed, why, whyEn }
  if (doubtful) {
    table.warnings.push({
      code: 'ENCODING_DOUBTFUL',
      message: `文字编码不能确定（${why}），请核对是否有乱码`,
      messageEn: `The encoding is doubtful (${whyEn}): check the text`,
    })
  }
  const text = encoding.decode(bytes)
  const { default: papa } = await import('papaparse')
  options.signal?.throwIfAborted()
  // Excel writes `sep=;` into the first line of some files.
  const stated = /^sep=(.)\r?\n/i.exec(text)
  const body = stated ? text.slice(stated[0].length) : text
  const { data, meta } = papa.parse<string[]>(body, {
    delimiter: options.delimiter ?? stated?.[1] ?? '',
    delimitersToGuess: DELIMITERS,
    header: false,
    preview: MAX_ROWS + 1_000,
  })
  if (data.length > MAX_ROWS + 900) throw tooManyRows()
  table.delimiter = meta.delimiter
  const lines = lineNumbers(data, stated ? 2 : 1)
  const cells = data.map((row) => row.map((cell) => cell.trim()))
  fillTable(table, cells, (index) => lines[index] ?? index + 1)
}

/** The line each record begins on: records with line breaks in their cells take several. */
function lineNumbers(records: readonly string[][], first: number): number[] {
  let line = first
  return records.map((record) => {
    const own = line
    line += 1
    for (const cell of record) if (cell.includes('\n')) line += cell.split('\n').length - 1
    return own
  })
}
