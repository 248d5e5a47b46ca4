import { crc32, deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { withDensity } from '../../../src/features/notices/paint/pngDensity'

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(12 + data.length)
  out.writeUInt32BE(data.length, 0)
  out.write(type, 4, 'latin1')
  data.copy(out, 8)
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length)
  return out
}

test('a picture says how large it is on paper, every checksum right and nothing else changed', () => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(1, 0)
  header.writeUInt32BE(1, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const before = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from([0, 0]))),
    chunk('IEND', Buffer.alloc(0)),
  ]
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const out = Buffer.from(withDensity(Buffer.concat([signature, ...before]), 300))
  const density = Buffer.alloc(9)
  density.writeUInt32BE(11811, 0)
  density.writeUInt32BE(11811, 4)
  density[8] = 1
  expect(out.equals(Buffer.concat([signature, before[0]!, chunk('pHYs', density), ...before.slice(1)]))).toBe(true)
})
