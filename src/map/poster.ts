// The map as a picture to send or print: with title, date, legend and source on it, so that it can stand alone.
import { drawSymbol, type SymbolSpec } from './symbols'

/** One entry of the legend: an area (`colour`), a symbol, or a symbol on nothing. */
export interface PosterKey {
  word: string
  colour?: string
  glyph?: string
  symbol?: SymbolSpec
  hatch?: SymbolSpec
}

export interface PosterWords {
  title: string
  /** Date and scope. */
  subtitle: string
  /** What the picture shows. */
  legend: PosterKey[]
  source: string
}

/** Draws the frame around a map picture. Returns a PNG; null when the browser gives none. */
export function composePoster(map: HTMLCanvasElement, words: PosterWords, font: string): Promise<Blob | null> {
  const unit = Math.max(1, Math.min(map.width / 1200, map.height / 700)) // grows with the picture
  const [top, side, line] = [72 * unit, 24 * unit, 30 * unit]
  const canvas = document.createElement('canvas')
  const c = canvas.getContext('2d')
  if (!c) return Promise.resolve(null)
  c.font = `${15 * unit}px ${font}`
  const rows = rowsOf(words.legend, map.width - side * 2, (key) => 56 * unit + c.measureText(key.word).width)
  canvas.width = map.width
  canvas.height = map.height + top + line * (rows.length + 1) + 12 * unit
  c.fillStyle = '#ffffff'
  c.fillRect(0, 0, canvas.width, canvas.height)
  c.drawImage(map, 0, top)

  c.textBaseline = 'middle'
  c.fillStyle = '#182225'
  c.font = `600 ${26 * unit}px ${font}`
  c.fillText(words.title, side, top * 0.5, canvas.width * 0.6)
  c.font = `${15 * unit}px ${font}`
  c.fillStyle = '#536166'
  c.textAlign = 'right'
  c.fillText(words.subtitle, canvas.width - side, top * 0.52, canvas.width * 0.38)

  let y = top + map.height + 6 * unit + line / 2
  for (const row of rows) {
    for (const { key, x } of row) {
      drawKey(c, key, side + x, y, unit, font)
      c.fillStyle = '#10181b'
      c.textAlign = 'left'
      c.font = `${15 * unit}px ${font}`
      c.fillText(key.word, side + x + 34 * unit, y)
    }
    y += line
  }
  c.textAlign = 'left'
  c.fillStyle = '#536166'
  c.font = `${12 * unit}px ${font}`
  c.fillText(words.source, side, y, canvas.width - side * 2)
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
}

/** The keys in lines no longer than `most`. */
function rowsOf(keys: readonly PosterKey[], most: number, widthOf: (key: PosterKey) => number) {
  const rows: { key: PosterKey; x: number }[][] = []
  let x = Number.POSITIVE_INFINITY
  for (const key of keys) {
    const width = widthOf(key)
    if (x + width > most) {
      rows.push([])
      x = 0
    }
    rows.at(-1)!.push({ key, x })
    x += width
  }
  return rows
}

function drawKey(c: CanvasRenderingContext2D, key: PosterKey, x: number, y: number, unit: number, font: string): void {
  const [width, height] = [26 * unit, 18 * unit]
  if (key.colour) {
    c.fillStyle = key.colour
    c.fillRect(x, y - height / 2, width, height)
  }
  if (key.hatch) {
    const pattern = c.createPattern(canvasOf(key.hatch), 'repeat')
    if (pattern) c.fillStyle = pattern
    c.fillRect(x, y - height / 2, width, height)
  }
  if (key.symbol) {
    const side = 20 * unit
    c.drawImage(canvasOf(key.symbol), x + (width - side) / 2, y - side / 2, side, side)
  }
  if (key.glyph) {
    c.fillStyle = '#10181b'
    c.font = `${11 * unit}px ${font}`
    c.textAlign = 'center'
    c.lineWidth = 3 * unit
    c.strokeStyle = key.colour ?? '#ffffff'
    c.strokeText(key.glyph, x + 13 * unit, y)
    c.fillText(key.glyph, x + 13 * unit, y)
  }
}

function canvasOf(spec: SymbolSpec): HTMLCanvasElement {
  const image = drawSymbol(spec)
  const canvas = document.createElement('canvas')
  canvas.width = image.width
  canvas.height = image.height
  canvas.getContext('2d')?.putImageData(image, 0, 0)
  return canvas
}

/** Gives a file to the person. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // at once would be too early for some browsers
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
