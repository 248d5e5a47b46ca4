// The map as a picture to send or print: with title, date, legend and source on it, so that it can stand alone.

export interface PosterWords {
  title: string
  /** Date and scope. */
  subtitle: string
  legend: { colour: string; glyph: string; word: string }[]
  source: string
}

/** Draws the frame around a map picture. Returns a PNG; null when the browser gives none. */
export function composePoster(map: HTMLCanvasElement, words: PosterWords, font: string): Promise<Blob | null> {
  const unit = Math.max(1, Math.min(map.width / 1200, map.height / 700)) // grows with the picture
  const [top, bottom, side] = [72 * unit, 52 * unit, 24 * unit]
  const canvas = document.createElement('canvas')
  canvas.width = map.width
  canvas.height = map.height + top + bottom
  const c = canvas.getContext('2d')
  if (!c) return Promise.resolve(null)
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

  c.textAlign = 'left'
  let x = side
  const y = top + map.height + bottom / 2
  for (const { colour, glyph, word } of words.legend) {
    c.fillStyle = colour
    c.fillRect(x, y - 9 * unit, 26 * unit, 18 * unit)
    c.fillStyle = '#10181b'
    c.font = `${11 * unit}px ${font}`
    c.textAlign = 'center'
    c.fillText(glyph, x + 13 * unit, y)
    c.textAlign = 'left'
    c.font = `${15 * unit}px ${font}`
    c.fillText(word, x + 34 * unit, y)
    x += 34 * unit + c.measureText(word).width + 22 * unit
  }
  c.textAlign = 'right'
  c.fillStyle = '#536166'
  c.font = `${12 * unit}px ${font}`
  c.fillText(words.source, canvas.width - side, y, Math.max(0, canvas.width - x - side * 2))
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
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
