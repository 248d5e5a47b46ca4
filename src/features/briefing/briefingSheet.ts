// The briefing on paper: A4, one page or two, black on white. Shapes in millimetres; the PDF is painted from them.
import { Flow, type FlowRun, linesOf, type Measure } from '../../ui/sheet/flow'
import { line, type Sheet, text } from '../../ui/sheet/shapes'
import { type Block, type BriefingDocument, headingOf, type Run } from './document'

/** ISO 216, millimetres. */
export const A4 = [210, 297] as const

const INK = '#111111'
const SOFT = '#444444'
const LEADING = 1.52
const MARGIN = { top: 11, side: 16, bottom: 12 }
/** How much smaller the letters may become, so that all of it finds room on one page: body 3 mm, 8.5 points. */
const SMALLEST = 0.86

interface Options {
  locale: string
  measure: Measure
  href: (run: Run) => string | undefined
  pageWords: (n: number, all: number) => string
  /** 来源： */
  sourceWords: string
}

/**
 * Lays a briefing out: on one page, with smaller letters if need be, else on as many as it takes.
 * @param href the address of a figure's records
 * @param pageWords `Page 1 of 2`
 */
export function briefingSheets(document: BriefingDocument, options: Options): Sheet[] {
  for (let scale = 1; scale >= SMALLEST; scale -= 0.02) {
    const sheets = laidOut(document, options, scale)
    if (sheets.length === 1) return sheets
  }
  return laidOut(document, options, 1)
}

function laidOut(document: BriefingDocument, options: Options, scale: number): Sheet[] {
  const SIZE = 3.5 * scale
  const SMALL = 3 * scale
  const [width, height] = A4
  const flow = new Flow({ width, height, margin: MARGIN, measure: options.measure, fill: INK })
  const linked = (runs: readonly Run[]): FlowRun[] =>
    runs.map((run) => {
      const href = options.href(run)
      return { text: run.text, ...(run.strong ? { strong: true } : {}), ...(href ? { href } : {}) }
    })
  const middle = width / 2

  flow.space(6)
  flow.label(document.title, middle, Math.min(6.4, flow.room / document.title.length), {
    weight: 700,
    anchor: 'middle',
    fill: INK,
  })
  flow.space(6)
  flow.label(document.head, middle, SIZE, { anchor: 'middle', fill: INK })
  flow.space(3)
  // two lines, a thick one and a thin one, as on every official paper
  flow.add(rule(flow, 0.7), rule(flow, 0.2, 1))
  flow.space(2.4)
  flow.space(SMALL)
  flow.label(document.asOf, flow.left, SMALL, { fill: SOFT })
  flow.label(document.maker, width - flow.left, SMALL, { anchor: 'end', fill: SOFT })
  flow.space(1.5)

  for (const [i, section] of document.sections.entries()) {
    flow.need(SIZE * LEADING * 3)
    flow.space(1.3 * scale)
    const heading = headingOf(i, section.heading, options.locale)
    const [from, ...sources] = [{ text: options.sourceWords }, ...section.sources]
    const small =
      linesOf(linked(sources.flatMap((run, n) => [n ? { text: '、' } : (from as Run), run])), 99, options.measure)[0] ??
      []
    const wide = small.reduce((sum, { width: w }) => sum + w, 0) * SMALL * 0.9
    flow.line(small, width - flow.left - wide, SMALL * 0.9, 3.9 * scale * 1.6)
    flow.paragraph([{ text: heading, strong: true }], 3.9 * scale, 1.6)
    for (const block of section.blocks) draw(block)
  }
  flow.space(2)
  for (const note of document.notes) flow.paragraph([{ text: note }], 2.6 * scale, 1.45)

  const all = flow.pages.length
  return flow.pages.map((shapes, i) => ({
    title: document.title,
    width,
    height,
    shapes: [...shapes, text(options.pageWords(i + 1, all), middle, height - 7, 2.6, { anchor: 'middle', fill: SOFT })],
  }))

  function draw(block: Block): void {
    if (block.kind === 'text') flow.paragraph(linked(block.runs), SIZE, LEADING, [2, 0])
    else if (block.kind === 'items')
      for (const [n, runs] of block.items.entries()) {
        flow.need(SIZE * LEADING)
        flow.add(
          text(`${n + 1}.`, flow.left + 2.4 * SIZE, flow.y + (SIZE * LEADING) / 2 + SIZE * 0.36, SIZE, {
            anchor: 'end',
            fill: INK,
          }),
        )
        flow.paragraph(linked(runs), SIZE, LEADING, [2.9, 2.9])
      }
    else table(block)
  }

  function table({ columns, rows }: Extract<Block, { kind: 'table' }>): void {
    const parts = columns.reduce((sum, { part }) => sum + part, 0)
    const gap = 1.4
    let x = flow.left
    const places = columns.map(({ part }) => {
      const place = { x, w: (flow.room * part) / parts }
      x += place.w
      return place
    })
    const row = (cells: readonly FlowRun[], strong: boolean): void => {
      const lined = cells.map((cell, i) =>
        linesOf(
          [strong ? { ...cell, strong } : cell],
          Math.max(1, ((places[i]?.w ?? 0) - gap) / SMALL),
          options.measure,
        ),
      )
      const tall = SMALL * 1.35
      const high = Math.max(...lined.map((lines) => lines.length)) * tall + 1.2 * scale
      flow.need(high)
      const top = flow.y
      for (const [i, lines] of lined.entries()) {
        const place = places[i]
        if (!place) continue
        flow.y = top + (high - lines.length * tall) / 2
        for (const segments of lines) {
          const wide = segments.reduce((sum, segment) => sum + segment.width, 0) * SMALL
          flow.line(segments, columns[i]?.right ? place.x + place.w - gap - wide : place.x + 0.4, SMALL, tall)
          flow.y += tall
        }
      }
      flow.y = top + high
      flow.add(rule(flow, strong ? 0.3 : 0.1))
    }
    flow.space(0.6)
    flow.need(12)
    flow.add(rule(flow, 0.3))
    row(
      columns.map(({ head }) => ({ text: head })),
      true,
    )
    for (const cells of rows) row(linked(cells), false)
    flow.space(0.8)
  }
}

const rule = (flow: Flow, thick: number, below = 0) =>
  line(
    [
      [flow.left, flow.y + below],
      [flow.left + flow.room, flow.y + below],
    ],
    { stroke: INK, width: thick },
  )
