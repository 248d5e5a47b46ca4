// Text that flows down a page and on to the next one. Pure: what letters measure is handed in.
import { middleText, type Shape, type TextShape, text } from './shapes'
import { CLOSING, piecesOf } from './words'

/** A piece of text in one look. */
export interface FlowRun {
  text: string
  strong?: boolean
  /** An address that it opens. */
  href?: string
}

/** Width of words in ems. */
export type Measure = (words: string, weight: 400 | 700) => number

interface Segment extends FlowRun {
  /** Ems from the beginning of the line. */
  x: number
  width: number
}

/** Breaks runs into lines not wider than `width` ems; a Latin word or a number is not torn. */
export function linesOf(runs: readonly FlowRun[], width: number, measure: Measure): Segment[][] {
  const lines: Segment[][] = [[]]
  let x = 0
  for (const run of runs) {
    const weight = run.strong ? 700 : 400
    for (const piece of piecesOf(run.text)) {
      const wide = measure(piece, weight)
      if (x > 0 && x + wide > width && !CLOSING.test(piece[0]!)) {
        lines.push([])
        x = 0
        if (piece === ' ') continue
      }
      const line = lines.at(-1)!
      const last = line.at(-1)
      if (last && last.strong === run.strong && last.href === run.href) {
        last.text += piece
        last.width += wide
      } else line.push({ ...run, text: piece, x, width: wide })
      x += wide
    }
  }
  return lines
}

export interface FlowOptions {
  /** Of the page, millimetres. */
  width: number
  height: number
  /** Of the free rim, millimetres. */
  margin: { top: number; side: number; bottom: number }
  measure: Measure
  fill: string
}

/** A column of lines that begins a new page when one is full. */
export class Flow {
  readonly pages: Shape[][] = [[]]
  y: number

  constructor(private readonly options: FlowOptions) {
    this.y = options.margin.top
  }

  get left(): number {
    return this.options.margin.side
  }

  /** Width that text may take, millimetres. */
  get room(): number {
    return this.options.width - this.options.margin.side * 2
  }

  add(...shapes: Shape[]): void {
    this.pages.at(-1)?.push(...shapes)
  }

  /** Makes sure that so many millimetres are left on this page. */
  need(height: number): void {
    if (this.y + height <= this.options.height - this.options.margin.bottom) return
    this.pages.push([])
    this.y = this.options.margin.top
  }

  space(height: number): void {
    this.y += height
  }

  /**
   * Runs as a paragraph.
   * @param size of a letter, millimetres
   * @param indent of its first line in ems, and of the others
   */
  paragraph(runs: readonly FlowRun[], size: number, leading: number, indent: [number, number] = [0, 0]): void {
    const { measure } = this.options
    const wide = this.room / size
    // the first line begins farther in: as if so much stood there already
    const [first = [], ...others] = linesOf(
      [{ text: '\u3000'.repeat(Math.round(indent[0] - indent[1])) }, ...runs],
      wide - indent[1],
      measure,
    )
    for (const line of [first, ...others]) {
      this.need(size * leading)
      this.line(line, this.left + indent[1] * size, size, size * leading)
      this.y += size * leading
    }
  }

  /** Draws the segments of a line whose box begins at the present height. */
  line(segments: readonly Segment[], x: number, size: number, height: number): void {
    for (const segment of segments)
      if (segment.text.trim()) this.add(this.letters(segment, x + segment.x * size, this.y + height / 2, size))
  }

  private letters(run: FlowRun, x: number, middle: number, size: number): TextShape {
    return {
      ...middleText(run.text, x, middle, size, { fill: this.options.fill, weight: run.strong ? 700 : 400 }),
      ...(run.href ? { href: run.href } : {}),
    }
  }

  /** One line of text at one side or in the middle, without moving on. */
  label(words: string, x: number, size: number, look: Parameters<typeof text>[4]): void {
    this.add(text(words, x, this.y, size, look))
  }
}
