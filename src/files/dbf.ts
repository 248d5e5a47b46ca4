import { decodeStrictly, type Encoding, trimCutCharacter } from './encoding'
import { FileRefusal } from './fileIssue'

// Layout: dBASE III+ table, as shapefiles use it.
interface Field {
  rawName: Uint8Array
  type: string
  offset: number
  length: number
}

/** A .dbf whose text is not decoded yet: the encoding is chosen after a look at `samples`. */
export interface Dbf {
  count: number
  /** Every text value and field name, trimmed and without characters cut at the end of a field. */
  samples: () => Uint8Array[]
  columns: (encoding: Encoding) => string[]
  rows: (encoding: Encoding) => { values: Record<string, unknown>; deleted: boolean }[]
}

/** @throws FileRefusal BROKEN_FILE */
export function openDbf(bytes: Uint8Array): Dbf {
  const broken = () => new FileRefusal('BROKEN_FILE', '.dbf 属性表已损坏', 'The .dbf attribute table is damaged')
  if (bytes.length < 33) throw broken()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerLength = view.getUint16(8, true)
  const recordLength = view.getUint16(10, true)
  if (headerLength < 33 || recordLength < 1 || headerLength > bytes.length) throw broken()
  const count = Math.min(view.getUint32(4, true), Math.floor((bytes.length - headerLength) / recordLength))
  const fields: Field[] = []
  let offset = 1
  for (let at = 32; at + 32 <= headerLength && bytes[at] !== 0x0d; at += 32) {
    const length = view.getUint8(at + 16)
    const end = bytes.subarray(at, at + 11).indexOf(0)
    const rawName = bytes.subarray(at, at + (end < 0 ? 11 : end))
    fields.push({ rawName, type: String.fromCharCode(view.getUint8(at + 11)), offset, length })
    offset += length
  }
  if (offset > recordLength) throw broken()
  const cell = (row: number, field: Field) => {
    const from = headerLength + row * recordLength + field.offset
    return trim(bytes.subarray(from, from + field.length))
  }

  return {
    count,
    samples: () => {
      const found = fields.map((f) => f.rawName)
      const texts = fields.filter((f) => f.type === 'C')
      for (let row = 0; row < count; row++) for (const field of texts) found.push(cell(row, field))
      return found.filter((s) => s.some((byte) => byte > 0x7f)).map(withoutCut)
    },
    columns: (encoding) => names(fields, encoding),
    rows: (encoding) => {
      const columns = names(fields, encoding)
      return Array.from({ length: count }, (_, row) => ({
        values: Object.fromEntries(fields.map((field, i) => [columns[i], value(field, cell(row, field), encoding)])),
        deleted: bytes[headerLength + row * recordLength] === 0x2a,
      }))
    },
  }
}

/** Fields are padded with spaces, by some programs with zero bytes. */
function trim(raw: Uint8Array): Uint8Array {
  const zero = raw.indexOf(0)
  let end = zero < 0 ? raw.length : zero
  let start = 0
  while (end > start && raw[end - 1] === 0x20) end--
  while (start < end && raw[start] === 0x20) start++
  return raw.subarray(start, end)
}

/** Whichever of the two encodings fits once a cut character at the end is dropped; the raw bytes when neither does. */
function withoutCut(bytes: Uint8Array): Uint8Array {
  if (decodeStrictly(bytes, 'utf-8') !== null) return bytes
  const asUtf8 = trimCutCharacter(bytes, 'utf-8')
  if (asUtf8 !== bytes && asUtf8.length < bytes.length && decodeStrictly(asUtf8, 'utf-8') !== null) {
    if (asUtf8.some((byte) => byte > 0x7f)) return asUtf8
  }
  return trimCutCharacter(bytes, 'gb18030')
}

const text = (bytes: Uint8Array, encoding: Encoding) => encoding.decode(trimCutCharacter(bytes, encoding.name))

/** Field names, made unique: ten bytes hold only five Hanzi, so two long names can end up the same. */
function names(fields: Field[], encoding: Encoding): string[] {
  const used = new Set<string>()
  return fields.map((field, i) => {
    const base = text(field.rawName, encoding).trim() || `字段${i + 1}`
    let name = base
    for (let n = 2; used.has(name); n++) name = `${base}_${n}`
    used.add(name)
    return name
  })
}

function value(field: Field, raw: Uint8Array, encoding: Encoding): unknown {
  if (field.type === 'I' || field.type === 'O') return null // binary fields of dBASE 7: not found in shapefiles
  if (raw.length === 0) return null
  const word = text(raw, encoding)
  switch (field.type) {
    case 'N':
    case 'F':
      return numberOrText(word)
    case 'D':
      return /^\d{8}$/.test(word) ? `${word.slice(0, 4)}-${word.slice(4, 6)}-${word.slice(6)}` : null
    case 'L':
      return /^[YyTt]$/.test(word) ? true : /^[NnFf]$/.test(word) ? false : null
    default:
      return word
  }
}

/** Codes are often kept as numbers: what a double cannot hold to the last digit stays text, and so do leading zeros. */
function numberOrText(word: string): unknown {
  if (/^\*+$/.test(word)) return null // overflow mark
  const digits = word.replace(/[^\d]/g, '')
  if (!Number.isFinite(Number(word)) || /^-?0\d/.test(word)) return word
  return digits.length > 15 && !word.includes('.') ? word : Number(word)
}
