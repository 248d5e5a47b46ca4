// Chinese letters are one em wide and may break anywhere but before closing marks; so widths need no font to be known.

const WIDE = /[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\u3000-\u303f“”‘’—…]/u
/** What may not begin a line. */
export const CLOSING = /[，。、；：？！）》”’…,.;:?!)]/u

/** Width in ems, to a few per cent for Latin letters and digits. */
export const widthOf = (words: string): number =>
  [...words].reduce((sum, c) => sum + (WIDE.test(c) ? 1 : c === ' ' ? 0.25 : 0.57), 0)

/** The size at which words fit a width: the one wished for, or smaller. Millimetres. */
export const fitSize = (words: string, size: number, width: number): number =>
  Math.min(size, width / Math.max(widthOf(words), 0.1))

/** What a line is made of: a Latin word or a number is one piece, every other character is one of its own. */
export const piecesOf = (words: string): string[] => words.match(/[\u0021-\u007e]+|./gsu) ?? []

/** Lines not wider than `width` ems. A Latin word or a number is not torn. */
export function wrap(words: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of piecesOf(words)) {
    if (line && widthOf(line + piece) > width && !CLOSING.test(piece[0]!)) {
      lines.push(line.trimEnd())
      line = piece.trimStart()
    } else line += piece
  }
  return line ? [...lines, line] : lines
}
