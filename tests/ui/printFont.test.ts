import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { inRange, woffToTrueType } from '../../src/ui/printFont'

const file = (name: string) =>
  new Uint8Array(
    readFileSync(resolve('node_modules/@fontsource/noto-sans-sc/files', `noto-sans-sc-${name}-normal.woff`)),
  )

test('a WOFF unpacks to a TrueType file with the same tables', async () => {
  const bytes = await woffToTrueType(file('latin-400'))
  const view = new DataView(bytes.buffer)
  expect(view.getUint32(0)).toBe(0x00010000)
  const tables = Array.from({ length: view.getUint16(4) }, (_, i) => {
    const entry = 12 + 16 * i
    const [from, length] = [view.getUint32(entry + 8), view.getUint32(entry + 12)]
    return {
      tag: String.fromCharCode(...bytes.subarray(entry, entry + 4)),
      sum: view.getUint32(entry + 4),
      from,
      length,
    }
  })
  expect(tables.map(({ tag }) => tag)).toEqual(expect.arrayContaining(['cmap', 'glyf', 'head', 'hmtx', 'loca']))
  // OpenType: a table's checksum is the sum of its 32-bit words; that of head is taken without its own field
  for (const { tag, sum, from, length } of tables) {
    expect(from % 4).toBe(0)
    if (tag === 'head') continue
    let total = 0
    for (let at = from; at < from + length; at += 4) total = (total + view.getUint32(at)) >>> 0
    expect([tag, total]).toEqual([tag, sum])
  }
})

test('a range of characters is read as CSS writes it', () => {
  expect(inRange('U+4e00-4e0f,U+9ec4', '丁')).toBe(true)
  expect(inRange('U+4e00-4e0f,U+9ec4', '黄')).toBe(true)
  expect(inRange('U+4e00-4e0f, U+9ec4', '村')).toBe(false)
  expect(inRange('U+20000-2a6df', '\u{20001}')).toBe(true)
})
