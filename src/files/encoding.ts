import { FileRefusal, type Guess } from './fileIssue'

/** A decoder and why it was chosen. `doubtful`: no encoding fits all bytes, or the file's own word was wrong. */
export interface Encoding extends Guess {
  decode: (bytes: Uint8Array) => string
  doubtful: boolean
}

const BOMS: [number[], string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
]

/** One for each encoding: making a decoder costs more than decoding a cell. */
const strict = new Map<string, TextDecoder>()

/** Strict decoding: null when the bytes are not of that encoding. */
export function decodeStrictly(bytes: Uint8Array, encoding: string): string | null {
  let decoder = strict.get(encoding)
  if (!decoder) {
    decoder = new TextDecoder(encoding, { fatal: true })
    strict.set(encoding, decoder)
  }
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

function make(name: string, guessed: boolean, why: string, whyEn: string, doubtful = false): Encoding {
  const decoder = new TextDecoder(name)
  return { name, guessed, why, whyEn, doubtful, decode: (bytes) => decoder.decode(bytes) }
}

/** Standard name of an encoding, or null when there is none of that label. GBK is read as GB18030, which contains it. */
export function encodingName(label: string): string | null {
  try {
    const name = new TextDecoder(label.trim()).encoding
    return name === 'gbk' ? 'gb18030' : name
  } catch {
    return null
  }
}

/** The encoding a user chose by its label, or a refusal when there is no such encoding. */
export function chosenEncoding(label: string): Encoding {
  const name = encodingName(label)
  if (name) return make(name, false, '由您选定', 'chosen by you')
  throw new FileRefusal('WRONG_TYPE', `不认识的文字编码：${label}`, `Unknown text encoding: ${label}`)
}

/** Encoding named by a .cpg beside a shapefile. null for `OEM` and for what no one knows: then the bytes decide. */
export function encodingOfCpg(text: string): string | null {
  const word = text
    .replace(/^\uFEFF/, '')
    .trim()
    .toLowerCase()
  if (/^(utf-?8|65001)$/.test(word)) return 'utf-8'
  if (/gbk|gb ?2312|gb ?18030|(^|\D)936$|54936/.test(word)) return 'gb18030'
  if (/big-?5|(^|\D)950$/.test(word)) return 'big5'
  // Single-byte western pages decode anything; on Chinese data they are a writer's default, not knowledge.
  return null
}

/**
 * UTF-8 when every sample is strictly UTF-8, else GB18030 (of which GBK and GB2312 are parts).
 *
 * @param samples pieces of text as bytes; whole values, or the last character is misjudged
 * @param stated encoding that the file names, believed unless the bytes contradict it
 */
export function guessEncoding(samples: readonly Uint8Array[], stated?: string | null): Encoding {
  const first = samples[0]
  if (first) {
    const bom = BOMS.find(([mark]) => mark.every((byte, i) => first[i] === byte))
    if (bom) return make(bom[1], false, '文件开头有字节顺序标记', 'byte order mark at the start')
  }
  const foreign = samples.filter((s) => s.some((byte) => byte > 0x7f))
  if (foreign.length === 0) {
    return make(
      stated ?? 'utf-8',
      !stated,
      '全部是 ASCII 字符，任何编码都一样',
      'all ASCII, any encoding reads the same',
    )
  }
  const fits = (encoding: string) => foreign.every((s) => decodeStrictly(s, encoding) !== null)
  const utf8 = fits('utf-8') && !looksLikeShortGbk(foreign)
  if (stated && (stated === 'utf-8' ? fits('utf-8') : fits(stated) && !utf8)) {
    return make(stated, false, '文件自己注明', 'named by the file')
  }
  const but = stated ? `文件注明 ${stated}，与内容不符；` : ''
  const butEn = stated ? `the file says ${stated}, its bytes do not; ` : ''
  if (utf8) return make('utf-8', true, `${but}全部文字符合 UTF-8`, `${butEn}all text is valid UTF-8`, Boolean(stated))
  const clean = fits('gb18030')
  return make(
    'gb18030',
    true,
    `${but}不是 UTF-8，${clean ? '全部文字符合 GBK/GB18030' : '按 GBK/GB18030 也有个别字符不能识别'}`,
    `${butEn}not UTF-8, ${clean ? 'all text is valid GBK/GB18030' : 'some bytes are not GBK/GB18030 either'}`,
    Boolean(stated) || !clean,
  )
}

/**
 * Short GBK words can be valid UTF-8 by accident (「联通」 is the famous one), always as two-byte characters, which Chinese
 * text in UTF-8 never consists of. So: no three-byte character at all, and common Hanzi (rows B0–D7) when read as GBK.
 */
function looksLikeShortGbk(samples: readonly Uint8Array[]): boolean {
  for (const sample of samples) {
    if (sample.some((byte) => byte >= 0xe0)) return false
    for (let i = 0; i < sample.length; i++) {
      const lead = sample[i]!
      if (lead <= 0x7f) continue
      if (lead < 0xb0 || lead > 0xd7 || (sample[i + 1] ?? 0) < 0xa1) return false
      i++
    }
  }
  return true
}

/** Drops a character that was cut in two at the end of a fixed-width field; whole text is returned as it is. */
export function trimCutCharacter(bytes: Uint8Array, encoding: string): Uint8Array {
  for (let cut = 0; cut <= 3 && cut < bytes.length; cut++) {
    const shorter = bytes.subarray(0, bytes.length - cut)
    // Only bytes above ASCII can be the beginning of a character.
    if (cut > 0 && bytes[bytes.length - cut]! <= 0x7f && encoding === 'utf-8') break
    if (decodeStrictly(shorter, encoding) !== null) return shorter
  }
  return bytes
}
