import { strToU8, zipSync } from 'fflate'

/** Text, a number as Excel writes it, a day as Excel counts them, or a yes/no. */
export type XlsxCell = string | null | { n: string } | { date: number } | { b: boolean }

const NS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

function cellXml(cell: XlsxCell, address: string): string {
  if (cell === null) return ''
  if (typeof cell === 'string') return `<c r="${address}" t="inlineStr"><is><t>${escapeXml(cell)}</t></is></c>`
  if ('n' in cell) return `<c r="${address}"><v>${cell.n}</v></c>`
  // Style 1 is built-in format 31: yyyy"年"m"月"d"日" in a Chinese Excel.
  if ('date' in cell) return `<c r="${address}" s="1"><v>${cell.date}</v></c>`
  return `<c r="${address}" t="b"><v>${cell.b ? 1 : 0}</v></c>`
}

function sheetXml(rows: readonly (readonly XlsxCell[])[]): string {
  const lines = rows.map((row, r) => {
    const cells = row.map((cell, c) => cellXml(cell, `${String.fromCharCode(65 + c)}${r + 1}`)).join('')
    return `<row r="${r + 1}">${cells}</row>`
  })
  return `${HEAD}<worksheet xmlns="${NS}"><sheetData>${lines.join('')}</sheetData></worksheet>`
}

/** A workbook, written by hand so that the raw text of numbers is what the test wants. */
export function makeXlsx(sheets: readonly { name: string; rows: readonly (readonly XlsxCell[])[] }[]): Uint8Array {
  const each = (line: (name: string, n: number) => string) =>
    sheets.map((s, i) => line(escapeXml(s.name), i + 1)).join('')
  const files: Record<string, string> = {
    '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/>${each((_, n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPES}.worksheet+xml"/>`)}<Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/></Types>`,
    '_rels/.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${NS}" xmlns:r="${REL}"><sheets>${each((name, n) => `<sheet name="${name}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${each((_, n) => `<Relationship Id="rId${n}" Type="${REL}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}<Relationship Id="rId99" Type="${REL}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `${HEAD}<styleSheet xmlns="${NS}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="31" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  }
  for (const [i, { rows }] of sheets.entries()) files[`xl/worksheets/sheet${i + 1}.xml`] = sheetXml(rows)
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])))
}
