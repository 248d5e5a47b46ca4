import { FileRefusal, MAX_FILE_BYTES } from './fileIssue'

/** What the first bytes say the file is, whatever its name. */
export type Kind = 'zip' | 'shp' | 'xml' | 'json' | 'text' | keyof typeof STRANGERS | 'binary'

const STRANGERS = {
  png: 'PNG 图片',
  jpeg: 'JPEG 图片',
  gif: 'GIF 图片',
  tiff: 'TIFF 图片',
  pdf: 'PDF 文档',
  rar: 'RAR 压缩包',
  '7z': '7z 压缩包',
  gzip: 'GZIP 压缩包',
  ole: '旧版 Office 文件（.xls、.doc）',
  sqlite: 'SQLite/GeoPackage 数据库',
  mdb: 'Access 数据库',
  dwg: 'AutoCAD 图纸（DWG）',
} as const

const MAGIC: [string, Kind][] = [
  ['PK\x03\x04', 'zip'],
  ['PK\x05\x06', 'zip'],
  ['\x00\x00\x27\x0a', 'shp'],
  ['\x89PNG', 'png'],
  ['\xff\xd8\xff', 'jpeg'],
  ['GIF8', 'gif'],
  ['II*\x00', 'tiff'],
  ['MM\x00*', 'tiff'],
  ['%PDF', 'pdf'],
  ['Rar!', 'rar'],
  ['7z\xbc\xaf', '7z'],
  ['\x1f\x8b', 'gzip'],
  ['\xd0\xcf\x11\xe0', 'ole'],
  ['SQLite format 3', 'sqlite'],
  ['\x00\x01\x00\x00Standard Jet', 'mdb'],
  ['\x00\x01\x00\x00Standard ACE', 'mdb'],
  ['AC10', 'dwg'],
]

/** Kind of the file by its first bytes. UTF-16 text counts as text. */
export function sniff(bytes: Uint8Array): Kind {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 64))
  // TextDecoder's latin1 is windows-1252: compare bytes, not characters, for what differs.
  const starts = (magic: string) => [...magic].every((c, i) => bytes[i] === c.charCodeAt(0))
  const known = MAGIC.find(([magic]) => starts(magic))
  if (known) return known[1]
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return 'text'
  const first = head.replace(/^ï»¿/, '').trimStart()
  if (first.startsWith('<')) return 'xml'
  if (first.startsWith('{') || first.startsWith('[')) return 'json'
  return bytes.subarray(0, 4096).includes(0) ? 'binary' : 'text'
}

/** Name of a kind that is never read here, or null. */
export function strangerName(kind: Kind): string | null {
  return STRANGERS[kind as keyof typeof STRANGERS] ?? null
}

/** @throws FileRefusal TOO_LARGE, EMPTY_FILE: before anything is parsed */
export function checkSize(bytes: Uint8Array): void {
  if (bytes.length === 0) throw new FileRefusal('EMPTY_FILE', '文件是空的（0 字节）', 'The file is empty (0 bytes)')
  if (bytes.length > MAX_FILE_BYTES) {
    const mb = Math.ceil(bytes.length / 1024 / 1024)
    throw new FileRefusal(
      'TOO_LARGE',
      `文件 ${mb} MB，超过上限 100 MB，未读取；请拆分或简化后再导入`,
      `The file has ${mb} MB, the limit is 100 MB: not read, split or simplify it`,
    )
  }
}
