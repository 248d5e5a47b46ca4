// The typeface of what is printed: always the one we ship, so that a sheet looks the same wherever it is made, and its
// letters can be put into a PDF. Two weights, 1.6 MB each, and rare characters in small parts; fetched when asked for.
import regularUrl from '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff?url'
import boldUrl from '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-700-normal.woff?url'
import ranges from '@fontsource/noto-sans-sc/unicode.json'

/** Family of the printed sheet, and of the characters its common part lacks. */
const FAMILY = 'SafeGrid Print'
const RARE = 'SafeGrid Print Rare'

/** CSS families for everything drawn on a sheet. */
export const PRINT_FONT = `"${FAMILY}", "${RARE}", "Noto Sans SC", sans-serif`

export type PrintWeight = 400 | 700

const partUrls = import.meta.glob<string>(
  '/node_modules/@fontsource/noto-sans-sc/files/noto-sans-sc-[0-9]*-400-normal.woff',
  { eager: true, query: '?url', import: 'default' },
)

interface Part {
  name: string
  url: string
  range: string
}
const parts: Part[] = Object.entries(partUrls).flatMap(([path, url]) => {
  const name = /noto-sans-sc-(\d+)-400/.exec(path)?.[1]
  const range = (ranges as Record<string, string>)[`[${name}]`]
  return name && range ? [{ name, url, range }] : []
})

/** Whether a CSS unicode-range (`U+4e00-4e0f,U+9ec4`) names a character. */
export function inRange(range: string, character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return range.split(',').some((piece) => {
    const [from = '', to = from] = piece.trim().replace(/^U\+/i, '').split('-')
    return Number.parseInt(from, 16) <= code && code <= Number.parseInt(to, 16)
  })
}

let declared: Promise<void> | undefined

function declare(): Promise<void> {
  declared ??= (async () => {
    for (const { url, range } of parts) {
      document.fonts.add(new FontFace(RARE, `url(${url})`, { weight: '400', unicodeRange: range }))
    }
    for (const [url, weight] of [
      [regularUrl, '400'],
      [boldUrl, '700'],
    ] as const) {
      document.fonts.add(await new FontFace(FAMILY, `url(${url})`, { weight }).load())
    }
  })().catch((cause: unknown) => {
    declared = undefined
    throw cause
  })
  return declared
}

/**
 * Makes the typeface ready for a text, its rare characters included.
 * @throws Error when it cannot be fetched.
 */
export async function loadPrintFont(text: string): Promise<void> {
  await declare()
  const rare = [...new Set(text)].filter((c) => c > '\u2e7f' && parts.some((part) => inRange(part.range, c))).join('')
  if (rare) await document.fonts.load(`16px "${RARE}"`, rare)
}

/** A typeface as a TrueType file, and which of the characters asked for it is to draw. */
export interface FontFile {
  name: string
  weight: PrintWeight
  bytes: Uint8Array
}

/** The typeface in both weights as TrueType files; then `rareFontFiles` for what they lack. */
export async function printFontFiles(): Promise<FontFile[]> {
  const [regular, bold] = await Promise.all([regularUrl, boldUrl].map(fetchBytes))
  return [
    { name: 'print-400', weight: 400, bytes: await woffToTrueType(regular!) },
    { name: 'print-700', weight: 700, bytes: await woffToTrueType(bold!) },
  ]
}

/** The small parts that hold the characters given, as TrueType files. */
export async function rareFontFiles(characters: readonly string[]): Promise<FontFile[]> {
  const wanted = parts.filter((part) => characters.some((c) => inRange(part.range, c)))
  return Promise.all(
    wanted.map(async ({ name, url }) => ({
      name: `rare-${name}`,
      weight: 400 as const,
      bytes: await woffToTrueType(await fetchBytes(url)),
    })),
  )
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

/** Unpacks a WOFF 1.0 file (W3C): the same tables, each deflated by zlib. */
export async function woffToTrueType(woff: Uint8Array): Promise<Uint8Array> {
  const view = new DataView(woff.buffer, woff.byteOffset, woff.byteLength)
  const count = view.getUint16(12)
  const tables = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const entry = 44 + i * 20
      const from = view.getUint32(entry + 4)
      const packed = woff.subarray(from, from + view.getUint32(entry + 8))
      const length = view.getUint32(entry + 12)
      const data = packed.length < length ? await inflate(packed) : packed
      return { tag: view.getUint32(entry), checksum: view.getUint32(entry + 16), data }
    }),
  )
  const padded = (n: number) => (n + 3) & ~3
  const head = 12 + 16 * count
  const bytes = new Uint8Array(tables.reduce((sum, { data }) => sum + padded(data.length), head))
  const out = new DataView(bytes.buffer)
  const power = 2 ** Math.floor(Math.log2(count))
  out.setUint32(0, view.getUint32(4))
  out.setUint16(4, count)
  out.setUint16(6, power * 16)
  out.setUint16(8, Math.log2(power))
  out.setUint16(10, (count - power) * 16)
  let at = head
  for (const [i, { tag, checksum, data }] of tables.entries()) {
    const entry = 12 + 16 * i
    out.setUint32(entry, tag)
    out.setUint32(entry + 4, checksum)
    out.setUint32(entry + 8, at)
    out.setUint32(entry + 12, data.length)
    bytes.set(data, at)
    at += padded(data.length)
  }
  return bytes
}

async function inflate(packed: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(packed)]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
