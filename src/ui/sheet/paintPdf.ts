// The sheets as one PDF: lines stay lines and letters stay letters, of the typeface we ship, of which the file takes
// only those it needs. Sharp at any size, and its words can be searched.
import { GState, jsPDF } from 'jspdf'
import { type FontFile, type PrintWeight, printFontFiles, rareFontFiles } from '../printFont'
import { charactersOf, HALO, type PathShape, type Shape, type Sheet, type TextShape } from './shapes'

const PT_PER_MM = 72 / 25.4

export interface Paper {
  /** Short and long side, millimetres. */
  size: readonly [number, number]
  /** Millimetres of the paper for one of the sheet. */
  scale: number
  title: string
}

/**
 * Makes the PDF, a page a sheet.
 * @param onPage called after each page with how many are done; returning false stops, and the answer is null
 */
export async function paintPdf(
  sheets: readonly Sheet[],
  { size, scale, title }: Paper,
  onPage: (done: number) => Promise<boolean> = async () => true,
): Promise<Blob | null> {
  const first = sheets[0]
  if (!first) return null
  const [short, long] = size
  const orientation = first.width > first.height ? 'landscape' : 'portrait'
  const pdf = new jsPDF({ unit: 'mm', format: [short, long], orientation, compress: true, putOnlyUsedFonts: true })
  const letters = await embed(pdf, charactersOf(sheets))
  pdf.setProperties({ title, creator: '安全网格一张图' })
  for (const [i, sheet] of sheets.entries()) {
    if (i) pdf.addPage([short, long], orientation)
    drawAll(pdf, sheet.shapes, scale, letters)
    if (!(await onPage(i + 1))) return null
  }
  return pdf.output('blob')
}

/** Which embedded font draws a character. */
type Letters = (character: string, weight: PrintWeight) => string

async function embed(pdf: jsPDF, characters: string): Promise<Letters> {
  const common = await printFontFiles()
  for (const file of common) add(pdf, file)
  const has = new Map(common.map(({ name, weight }) => [weight, coverage(pdf, name)]))
  const lacking = [...characters].filter((c) => !has.get(400)?.has(c))
  const rare = await rareFontFiles(lacking)
  for (const file of rare) add(pdf, file)
  const held = rare.map(({ name }) => ({ name, has: coverage(pdf, name) }))
  const found = new Map<string, string>()
  return (character, weight) => {
    if (has.get(weight)?.has(character)) return `print-${weight}`
    const known = found.get(character)
    if (known) return known
    const name = held.find((font) => font.has.has(character))?.name ?? 'print-400'
    found.set(character, name)
    return name
  }
}

function add(pdf: jsPDF, { name, bytes }: FontFile): void {
  let binary = ''
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  pdf.addFileToVFS(`${name}.ttf`, btoa(binary))
  pdf.addFont(`${name}.ttf`, name, 'normal', undefined, 'Identity-H')
}

/** The characters a font that was added can draw. */
function coverage(pdf: jsPDF, name: string): Set<string> {
  const { metadata } = pdf.setFont(name, 'normal').getFont() as unknown as {
    metadata: { cmap: { unicode: { codeMap: Record<string, number> } } }
  }
  const codes = Object.entries(metadata.cmap.unicode.codeMap).filter(([, glyph]) => glyph > 0)
  return new Set(codes.map(([code]) => String.fromCodePoint(Number(code))))
}

function drawAll(pdf: jsPDF, shapes: readonly Shape[], k: number, letters: Letters): void {
  for (const shape of shapes) {
    if (shape.kind === 'path') drawPath(pdf, shape, k)
    else if (shape.kind === 'text') drawText(pdf, shape, k, letters)
    else if (shape.kind === 'image')
      pdf.addImage(shape.href, 'JPEG', shape.x * k, shape.y * k, shape.w * k, shape.h * k, undefined, 'FAST')
    else {
      pdf.saveGraphicsState()
      const { x, y, w, h } = shape.area
      pdf.rect(x * k, y * k, w * k, h * k, null)
      pdf.clip()
      pdf.discardPath()
      drawAll(pdf, shape.shapes, k, letters)
      pdf.restoreGraphicsState()
    }
  }
}

function drawPath(pdf: jsPDF, shape: PathShape, k: number): void {
  if (!shape.fill && !shape.stroke) return
  const faint = shape.opacity !== undefined && shape.opacity < 1
  if (faint) {
    pdf.saveGraphicsState()
    pdf.setGState(new GState({ opacity: shape.opacity, 'stroke-opacity': shape.opacity }))
  }
  if (shape.fill) pdf.setFillColor(shape.fill)
  if (shape.stroke) {
    pdf.setDrawColor(shape.stroke)
    pdf.setLineWidth((shape.width ?? 0.3) * k)
    pdf.setLineJoin('round')
    pdf.setLineCap(shape.dash ? 'butt' : 'round')
    pdf.setLineDashPattern(
      (shape.dash ?? []).map((n) => n * k),
      0,
    )
  }
  for (const points of shape.lines) {
    for (const [i, [x, y]] of points.entries()) i ? pdf.lineTo(x * k, y * k) : pdf.moveTo(x * k, y * k)
    if (shape.closed) pdf.close()
  }
  if (shape.fill && shape.stroke) pdf.fillStrokeEvenOdd()
  else if (shape.fill) pdf.fillEvenOdd()
  else pdf.stroke()
  if (faint) pdf.restoreGraphicsState()
}

function drawText(pdf: jsPDF, shape: TextShape, k: number, letters: Letters): void {
  pdf.setFontSize(shape.size * k * PT_PER_MM)
  const runs: { font: string; words: string; width: number }[] = []
  for (const character of shape.text) {
    const font = letters(character, shape.weight)
    const last = runs.at(-1)
    if (last?.font === font) last.words += character
    else runs.push({ font, words: character, width: 0 })
  }
  for (const run of runs) {
    pdf.setFont(run.font, 'normal')
    run.width = pdf.getTextWidth(run.words)
  }
  const whole = runs.reduce((sum, run) => sum + run.width, 0)
  const from = shape.x * k - (shape.anchor === 'middle' ? whole / 2 : shape.anchor === 'end' ? whole : 0)
  const draw = (mode: 'fill' | 'stroke' | 'fillThenStroke', only: (font: string) => boolean = () => true) => {
    let x = from
    for (const { font, words, width } of runs) {
      pdf.setFont(font, 'normal')
      if (only(font)) pdf.text(words, x, shape.y * k, { renderingMode: mode })
      x += width
    }
  }
  const pen = (colour: string, part: number) => {
    pdf.setDrawColor(colour)
    pdf.setLineWidth(shape.size * part * k)
    pdf.setLineJoin('round')
    pdf.setLineDashPattern([], 0)
  }
  if (shape.halo) {
    pen(shape.halo, HALO)
    draw('stroke')
  }
  pdf.setTextColor(shape.fill)
  draw('fill')
  if (shape.href) pdf.link(from, (shape.y - shape.size) * k, whole, shape.size * 1.25 * k, { url: shape.href })
  // rare characters come in one weight: a rim makes them as heavy as their neighbours, as browsers do
  const lighter = (font: string) => shape.weight === 700 && !font.startsWith('print-')
  if (runs.some((run) => lighter(run.font))) {
    pen(shape.fill, 0.035)
    draw('fillThenStroke', lighter)
  }
}
