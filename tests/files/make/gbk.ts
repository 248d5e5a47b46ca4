/** GBK encoder for fixtures, made by turning the platform's decoder round. */
let table: Map<string, number[]> | undefined

function gbkTable(): Map<string, number[]> {
  const decoder = new TextDecoder('gbk')
  const made = new Map<string, number[]>()
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue
      const character = decoder.decode(new Uint8Array([lead, trail]))
      if (character.length === 1 && character !== '\uFFFD' && !made.has(character)) made.set(character, [lead, trail])
    }
  }
  return made
}

export function encodeGbk(text: string): Uint8Array {
  table ??= gbkTable()
  const bytes: number[] = []
  for (const character of text) {
    const code = character.charCodeAt(0)
    const pair = code < 0x80 ? [code] : table.get(character)
    if (!pair) throw new Error(`not in GBK: ${character}`)
    bytes.push(...pair)
  }
  return new Uint8Array(bytes)
}

export const encodeUtf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
