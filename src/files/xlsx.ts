import type { Zippable } from 'fflate'
import { type FileIssue, FileRefusal } from './fileIssue'
import type { ReadTableOptions, TableFile } from './tableFile'
import { fillTable } from './tableRows'
import { listZip, type ZipEntry } from './zip'

/** Reads one sheet of an XLSX into `table`. The archive is judged before the library unfolds it. */
export async function readXlsx(table: TableFile, bytes: Uint8Array, options: ReadTableOptions): Promise<void> {
  const entries = listZip(bytes)
  const workbook = entries.find((e) => e.name === 'xl/workbook.xml')
  if (!workbook) throw noWorkbook(entries)
  table.format = 'xlsx'
  table.sheets = sheetNames(new TextDecoder().decode(await workbook.read()))
  if (table.sheets.length === 0) {
    throw new FileRefusal('BROKEN_FILE', '工作簿里没有工作表', 'The workbook has no sheets')
  }
  const { readSheet } = await import('read-excel-file/universal')
  options.signal?.throwIfAborted()
  const plainZip = await unpacked(entries)
  const chosen = options.sheet && table.sheets.includes(options.sheet) ? [options.sheet] : table.sheets
  for (const sheet of chosen) {
    const data = await readSheet<RawNumber>(plainZip, sheet, { parseNumber: (raw) => ({ raw }) })
    options.signal?.throwIfAborted()
    if (!data.some((row) => row.some((cell) => cell !== null)) && sheet !== chosen.at(-1)) continue
    table.sheet = sheet
    const lost: { row: number; column: number }[] = []
    const cells = data.map((row, r) => row.map((cell, c) => cellText(cell, () => lost.push({ row: r, column: c }))))
    fillTable(table, cells, (index) => index + 1)
    remarkOnLostDigits(table, lost)
    break
  }
  if (table.sheets.length > 1 && !options.sheet) {
    table.warnings.push({
      code: 'SEVERAL_SHEETS',
      message: `工作簿有 ${table.sheets.length} 个工作表，读取了「${table.sheet}」`,
      messageEn: `${table.sheets.length} sheets in the workbook; "${table.sheet}" was read`,
    })
  }
}

/**
 * The same workbook without compression and pictures. The library would inflate whatever it is given, in workers of its
 * own that strict security policies forbid; so the entries go through this room's reader, which holds them to their size.
 */
async function unpacked(entries: readonly ZipEntry[]): Promise<ArrayBuffer> {
  const { zipSync } = await import('fflate')
  const files: Zippable = {}
  for (const entry of entries) {
    if (/\.(xml|rels)$/i.test(entry.name)) files[entry.name] = [await entry.read(), { level: 0 }]
  }
  return zipSync(files).buffer as ArrayBuffer
}

function noWorkbook(entries: readonly ZipEntry[]): FileRefusal {
  const shapefile = entries.some((e) => /\.shp$/i.test(e.name))
  return new FileRefusal(
    'WRONG_TYPE',
    shapefile ? '这是 shapefile 压缩包，请在「网格边界」里导入' : '这是压缩包，不是 XLSX 表格',
    shapefile ? 'A zipped shapefile: import it as grid boundaries' : 'An archive, but no XLSX workbook',
  )
}

/** Names of the sheets in their order; hidden ones are for the workbook itself. */
function sheetNames(xml: string): string[] {
  const names: string[] = []
  for (const [tag] of xml.matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)) {
    if (/\sstate="(hidden|veryHidden)"/.test(tag)) continue
    const name = /\sname="([^"]*)"/.exec(tag)?.[1]
    if (name) names.push(unescapeXml(name))
  }
  return names
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name) return ENTITIES[name] ?? whole
    return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal))
  })
}

/** A number as its digits stand in the file, kept apart from text that looks like one. */
interface RawNumber {
  raw: string
}

function cellText(cell: unknown, lostDigits: () => void): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return dateText(cell)
  if (typeof cell === 'boolean') return cell ? '是' : '否'
  if (typeof cell === 'object' && 'raw' in cell) return numberText(String(cell.raw), lostDigits)
  return String(cell).trim()
}

/** 0.30000000000000004 is what a double holds; 0.3 is what the person saw. 15 digits are Excel's own precision. */
function numberText(raw: string, lostDigits: () => void): string {
  const value = Number(raw)
  if (!Number.isFinite(value)) return raw
  if (!Number.isInteger(value)) return String(Number(value.toPrecision(15)))
  if (Math.abs(value) >= 1e15) lostDigits()
  return /^-?\d+$/.test(raw) ? raw : BigInt(value).toString()
}

/** Excel knows no time zone: the library's dates are to be read in UTC. */
function dateText(date: Date): string {
  const iso = date.toISOString()
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 16).replace('T', ' ')
}

/** Excel keeps 15 digits of a number: an 18-digit code typed as a number has lost its last three for good. */
function remarkOnLostDigits(table: TableFile, lost: { row: number; column: number }[]): void {
  const byLine = new Map(table.lines.map((line, i) => [line, i]))
  for (const { row, column } of lost.slice(0, 100)) {
    const index = byLine.get(row + 1)
    if (index === undefined) continue
    const issue: FileIssue = {
      code: 'LOST_DIGITS',
      message: `第 ${row + 1} 行「${table.header[column] ?? column + 1}」以数字保存，超过 15 位的尾数已被 Excel 改成 0，请设为文本格式重新填写`,
      messageEn: `Row ${row + 1}, "${table.header[column] ?? column + 1}": Excel keeps 15 digits of a number, the rest is lost; enter it as text`,
      row: index,
    }
    table.warnings.push(issue)
  }
}
