import { decodeStrictly } from './encoding'
import { FileRefusal } from './fileIssue'

/** Bounds on what a zip may unfold to. */
const MAX_ENTRIES = 1_000
const MAX_UNZIPPED = 300 * 1024 * 1024
const MAX_RATIO = 100
/** Small archives may be denser: a .dbf is mostly spaces. */
const RATIO_FROM = 10 * 1024 * 1024
/** Deflate grows at most 1,032 times, so a slice of this size never unfolds to more than 17 MB at once. */
const SLICE = 16 * 1024

export interface ZipEntry {
  /** Path inside the archive, with `/`. */
  name: string
  /** Size when unfolded, as the directory says; `read` holds the entry to it. */
  size: number
  read: () => Promise<Uint8Array>
}

const broken = () =>
  new FileRefusal('BROKEN_FILE', '压缩包已损坏，无法打开', 'The archive is damaged and cannot be opened')

/**
 * Lists a zip from its central directory and judges the sizes written there BEFORE anything is inflated.
 * Directories and the shadow files of macOS are left out. Names are UTF-8 when marked or strictly valid, else GBK.
 *
 * @throws FileRefusal ZIP_BOMB, ZIP_ENCRYPTED, BROKEN_FILE
 */
export function listZip(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view)
  const count = view.getUint16(end + 10, true)
  if (count > MAX_ENTRIES) throw bomb(`含 ${count} 个文件，上限 ${MAX_ENTRIES}`, `${count} files, limit ${MAX_ENTRIES}`)
  let at = view.getUint32(end + 16, true)
  const entries: ZipEntry[] = []
  let packedSum = 0
  let sum = 0
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw broken()
    const flags = view.getUint16(at + 8, true)
    const method = view.getUint16(at + 10, true)
    const nameLength = view.getUint16(at + 28, true)
    const extraLength = view.getUint16(at + 30, true)
    const rawName = bytes.subarray(at + 46, at + 46 + nameLength)
    const [packed, size, offset] = sizes(view, at, at + 46 + nameLength, extraLength)
    packedSum += packed
    sum += size
    if (flags & 1) throw new FileRefusal('ZIP_ENCRYPTED', '压缩包有密码，请解密后再导入', 'The archive is encrypted')
    const name = entryName(rawName, Boolean(flags & 0x800))
    const hidden = /(^|\/)(__MACOSX\/|\._|\.DS_Store$)/.test(name)
    if (!name.endsWith('/') && !hidden) {
      entries.push({ name, size, read: () => inflate(bytes, view, { packed, size, offset, method }) })
    }
    at += 46 + nameLength + extraLength + view.getUint16(at + 32, true)
  }
  // Entries that share their packed bytes add up to more than the archive holds.
  if (packedSum > bytes.length) throw bomb('文件相互重叠', 'overlapping entries')
  const mb = Math.round(sum / 1024 / 1024)
  if (sum > MAX_UNZIPPED) throw bomb(`解压后 ${mb} MB，上限 300 MB`, `${mb} MB unfolded, limit 300 MB`)
  if (sum > RATIO_FROM && sum > packedSum * MAX_RATIO) {
    throw bomb(`压缩比超过 ${MAX_RATIO} 倍（解压后 ${mb} MB）`, `denser than ${MAX_RATIO}× (${mb} MB unfolded)`)
  }
  return entries
}

function bomb(why: string, whyEn: string) {
  return new FileRefusal('ZIP_BOMB', `压缩包异常：${why}，已拒绝解压`, `Suspicious archive (${whyEn}): not unfolded`)
}

function findEnd(view: DataView): number {
  const last = view.byteLength - 22
  for (let at = last; at >= 0 && at > last - 65_536; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at
  }
  throw broken()
}

/** Packed size, size and offset of an entry; from the ZIP64 field where the 32-bit ones are full. */
function sizes(view: DataView, at: number, extra: number, extraLength: number): [number, number, number] {
  let packed = view.getUint32(at + 20, true)
  let size = view.getUint32(at + 24, true)
  let offset = view.getUint32(at + 42, true)
  for (let x = extra; x + 4 <= extra + extraLength; ) {
    const length = view.getUint16(x + 2, true)
    if (view.getUint16(x, true) === 1) {
      let y = x + 4
      const next = () => {
        if (y + 8 > x + 4 + length) throw broken()
        y += 8
        return Number(view.getBigUint64(y - 8, true))
      }
      if (size === 0xffffffff) size = next()
      if (packed === 0xffffffff) packed = next()
      if (offset === 0xffffffff) offset = next()
    }
    x += 4 + length
  }
  return [packed, size, offset]
}

function entryName(raw: Uint8Array, isUtf8: boolean): string {
  const name = decodeStrictly(raw, 'utf-8') ?? new TextDecoder(isUtf8 ? 'utf-8' : 'gb18030').decode(raw)
  return name.replaceAll('\\', '/')
}

interface Packed {
  packed: number
  size: number
  offset: number
  method: number
}

async function inflate(bytes: Uint8Array, view: DataView, entry: Packed): Promise<Uint8Array> {
  const { packed, size, offset, method } = entry
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== 0x04034b50) throw broken()
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
  if (start + packed > bytes.length) throw broken()
  const data = bytes.subarray(start, start + packed)
  if (method === 0) return data
  if (method !== 8) {
    throw new FileRefusal(
      'BROKEN_FILE',
      '压缩方式不支持，请用普通 zip 重新压缩',
      'Unsupported compression, use plain zip',
    )
  }
  const { Inflate } = await import('fflate')
  const out = new Uint8Array(size)
  let filled = 0
  const stream = new Inflate((chunk) => {
    // The directory may lie about the size: what goes beyond it is never kept.
    if (filled + chunk.length > size) throw bomb('内容大于目录所写', 'content exceeds its directory entry')
    out.set(chunk, filled)
    filled += chunk.length
  })
  try {
    for (let at = 0; at < data.length; at += SLICE) {
      stream.push(data.subarray(at, at + SLICE), at + SLICE >= data.length)
    }
  } catch (reason) {
    throw reason instanceof FileRefusal ? reason : broken()
  }
  if (filled !== size) throw broken()
  return out
}
