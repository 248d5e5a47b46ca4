import type { FileIssue, Guess } from './fileIssue'

/** What `readTable` gives back: always a value. With `error` set there are no rows. */
export interface TableFile {
  format: 'csv' | 'xlsx' | null
  /** Column names, trimmed, made unique (`名称`, `名称 (2)`). */
  header: string[]
  /** Cells as text, each row as long as the header. Numbers keep their digits, dates are `YYYY-MM-DD`. */
  rows: string[][]
  /** For each row, its row number in the spreadsheet as a person counts (header is usually 1). */
  lines: number[]
  /** Text encoding of a CSV; null for XLSX. */
  encoding: string | null
  encodingGuess: Guess | null
  /** Of a CSV: `,`, `;`, tab or `|`. */
  delimiter: string | null
  /** Sheets of an XLSX; the one that was read is `sheet`. */
  sheets: string[]
  sheet: string | null
  /** Everything remarked on. On refusal it ends with `error`, the very same object. */
  warnings: FileIssue[]
  /** Why nothing could be read. */
  error?: FileIssue
}

export interface ReadTableOptions {
  /** Encoding chosen by the user, any label of the WHATWG Encoding standard. */
  encoding?: string
  delimiter?: string
  /** Which of `sheets` to read; the first with a header otherwise. */
  sheet?: string
  /** Stops between steps; the result then carries the error CANCELLED. */
  signal?: AbortSignal
}
