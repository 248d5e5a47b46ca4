import { encode } from 'uqr'
import type { Area, PathShape, Point } from '../../../ui/sheet/shapes'

/** Quiet zone that the standard asks for (ISO/IEC 18004), modules. */
const QUIET = 4

/**
 * A QR code as one shape, without its quiet zone of four modules, which stays white inside the area. Level Q: a quarter
 * of it may be scratched or stained and it still reads.
 */
export function qrShape(words: string, { x, y, w, h }: Area, colour: string): PathShape {
  const { data, size } = encode(words, { ecc: 'Q', border: 0 })
  const side = Math.min(w, h)
  const module = side / (size + 2 * QUIET)
  const [left, top] = [x + (w - side) / 2 + QUIET * module, y + (h - side) / 2 + QUIET * module]
  const lines: Point[][] = []
  for (const [row, cells] of data.entries()) {
    // runs of a row as one rectangle: no hairline shows between modules
    for (let from = 0; from < size; from++) {
      if (!cells[from]) continue
      let to = from
      while (to < size && cells[to]) to++
      const [x0, x1] = [left + from * module, left + to * module]
      const [y0, y1] = [top + row * module, top + (row + 1) * module]
      lines.push([
        [x0, y0],
        [x1, y0],
        [x1, y1],
        [x0, y1],
      ])
      from = to
    }
  }
  return { kind: 'path', lines, closed: true, fill: colour }
}
