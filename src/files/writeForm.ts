import { type CellValue, xlsxCell, xlsxSheetName } from './writeTable'

export interface FormColumn {
  title: string
  /** Columns next to each other with the same group stand under one merged cell of the head. */
  group?: string
  /** In characters of the default font. */
  width: number
  align?: 'left' | 'center' | 'right'
}

/** A form on paper: title, what it is about, a head of two rows, lines, and where one signs. */
export interface Form {
  sheet: string
  title: string
  /** Above the table: unit, period, date; spread over the width. */
  about: readonly string[]
  columns: readonly FormColumn[]
  rows: readonly (readonly CellValue[])[]
  /** Below the table: who fills in, who signs. */
  signatures: readonly string[]
}

type Cell = Record<string, unknown> | null
const BLACK = { borderStyle: 'thin', borderColor: '#000000' }
const HEAD = { type: String, fontWeight: 'bold', align: 'center', alignVertical: 'center', wrap: true, ...BLACK }

/** Rows above the lines: title, what it is about, and two of the head. */
export const FORM_HEAD_ROWS = 4

/**
 * XLSX of a form for A4 across: fitted to the width of the page, the head repeated on every page, page numbers below,
 * the print area set; title, groups and columns without a group are merged cells. Black lines on white, so that any
 * printer does. Text is stored as text (a formula is none), numbers are numbers.
 */
export async function writeForm(form: Form): Promise<Uint8Array> {
  const { default: writeXlsxFile } = await import('write-excel-file/universal')
  const width = form.columns.length
  const data = [
    spread([form.title], width, {
      type: String,
      fontSize: 18,
      fontWeight: 'bold',
      align: 'center',
      alignVertical: 'center',
      height: 36,
    }),
    spread(form.about, width, { type: String, alignVertical: 'center', height: 24 }),
    ...headRows(form.columns),
    ...form.rows.map((row) => row.map((value, i) => line(value, form.columns[i]?.align))),
    spread(form.signatures, width, { type: String, alignVertical: 'bottom', height: 36 }),
  ]
  const sheet = xlsxSheetName(form.sheet)
  const file = await writeXlsxFile(
    data as never,
    {
      sheet,
      columns: form.columns.map(({ width }) => ({ width })),
      stickyRowsCount: FORM_HEAD_ROWS,
      orientation: 'landscape',
      showGridLines: false,
    },
    { fontFamily: '宋体', fontSize: 10, features: [pageSetup(sheet, width, data.length)] },
  )
  return new Uint8Array(await (await file.toBlob()).arrayBuffer())
}

function line(value: CellValue, align: FormColumn['align']): Cell {
  return { ...(xlsxCell(value) ?? {}), ...BLACK, wrap: true, alignVertical: 'center', align: align ?? 'left' }
}

/** Some words over the whole width, each with as many columns as the others. */
function spread(words: readonly string[], width: number, style: Record<string, unknown>): Cell[] {
  const cells: Cell[] = Array.from({ length: width }, () => null)
  words.forEach((value, i) => {
    const from = Math.round((i * width) / words.length)
    const to = Math.round(((i + 1) * width) / words.length)
    const columnSpan = to - from
    cells[from] = { ...style, value, ...(columnSpan > 1 ? { columnSpan } : {}) }
  })
  return cells
}

function headRows(columns: readonly FormColumn[]): [Cell[], Cell[]] {
  const upper: Cell[] = []
  const lower: Cell[] = []
  columns.forEach(({ title, group }, i) => {
    if (group === undefined) {
      upper.push({ ...HEAD, value: title, rowSpan: 2 })
      lower.push(null)
      return
    }
    let columnSpan = 1
    while (columns[i + columnSpan]?.group === group) columnSpan++
    const begins = i === 0 || columns[i - 1]?.group !== group
    upper.push(begins ? { ...HEAD, value: group, ...(columnSpan > 1 ? { columnSpan } : {}) } : null)
    lower.push({ ...HEAD, value: title })
  })
  return [upper, lower]
}

/** What a printer has to know and the library does not write. */
function pageSetup(sheet: string, width: number, rows: number) {
  const name = `'${sheet.replaceAll("'", "''")}'`
  const names =
    `<definedName name="_xlnm.Print_Area" localSheetId="0">${escapeXml(name)}!$A$1:$${letters(width)}$${rows}</definedName>` +
    `<definedName name="_xlnm.Print_Titles" localSheetId="0">${escapeXml(name)}!$1:$${FORM_HEAD_ROWS}</definedName>`
  return {
    files: {
      transform: {
        'xl/workbook.xml': {
          transform: (xml: string) => xml.replace('<definedNames/>', `<definedNames>${names}</definedNames>`),
        },
        'xl/worksheets/sheet{id}.xml': {
          transform: (xml: string) =>
            xml
              .replace('<sheetViews>', '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>')
              .replace(
                /<pageMargins[^>]*\/>/,
                '<printOptions horizontalCentered="1"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>',
              )
              .replace(
                /<pageSetup[^>]*\/>/,
                '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/><headerFooter><oddFooter>&amp;C第 &amp;P 页　共 &amp;N 页</oddFooter></headerFooter>',
              ),
        },
      },
    },
  }
}

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** 1 → A, 27 → AA. */
function letters(n: number): string {
  return n > 26 ? letters(Math.floor((n - 1) / 26)) + letters(((n - 1) % 26) + 1) : String.fromCharCode(64 + n)
}
