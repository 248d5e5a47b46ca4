// What a sheet is made of. Plain data in millimetres, y down: the screen, the picture and the PDF all draw the same.

export type Point = readonly [number, number]

/** x, y of the upper left corner, width, height; millimetres. */
export interface Area {
  x: number
  y: number
  w: number
  h: number
}

export interface PathShape {
  kind: 'path'
  /** Rings or lines; holes by the even-odd rule. */
  lines: readonly (readonly Point[])[]
  closed: boolean
  fill?: string
  stroke?: string
  /** Of the stroke, millimetres. */
  width?: number
  dash?: readonly [number, number]
  /** 0…1, of the whole shape. */
  opacity?: number
}

export interface TextShape {
  kind: 'text'
  text: string
  x: number
  /** Of the baseline. */
  y: number
  /** Em, millimetres. */
  size: number
  weight: 400 | 700
  anchor: 'start' | 'middle' | 'end'
  fill: string
  /** Colour of a rim that parts the letters from what is under them. */
  halo?: string
  /** An address that it opens, where the paper can. */
  href?: string
}

export interface ImageShape extends Area {
  kind: 'image'
  /** A data: address of a JPEG, so that a picture drawn of the sheet needs nothing from outside. */
  href: string
}

/** Shapes of which only what lies in the area is seen. */
export interface ClipShape {
  kind: 'clip'
  area: Area
  shapes: Shape[]
}

export type Shape = PathShape | TextShape | ImageShape | ClipShape

/** One page: what is on it, and its size in millimetres. */
export interface Sheet {
  title: string
  width: number
  height: number
  shapes: Shape[]
}

/** Rim of a halo, in parts of the letter size. */
export const HALO = 0.22

/** The middle of Chinese letters lies this much of an em above the baseline. */
const MIDDLE = 0.36

type Look = Pick<PathShape, 'fill' | 'stroke' | 'width' | 'dash' | 'opacity'>

export const ring = (points: readonly Point[], look: Look): PathShape => ({
  kind: 'path',
  lines: [points],
  closed: true,
  ...look,
})
export const line = (points: readonly Point[], look: Look): PathShape => ({
  kind: 'path',
  lines: [points],
  closed: false,
  ...look,
})

export const rect = ({ x, y, w, h }: Area, look: Look): PathShape =>
  ring(
    [
      [x, y],
      [x + w, y],
      [x + w, y + h],
      [x, y + h],
    ],
    look,
  )

/** A rectangle with round corners. */
export function roundRect({ x, y, w, h }: Area, radius: number, look: Look): PathShape {
  const points: Point[] = []
  const corners: [number, number, number][] = [
    [x + w - radius, y + radius, -90],
    [x + w - radius, y + h - radius, 0],
    [x + radius, y + h - radius, 90],
    [x + radius, y + radius, 180],
  ]
  for (const [cx, cy, from] of corners) points.push(...arc(cx, cy, radius, radius, from, from + 90, 8))
  return ring(points, look)
}

/** Points on an ellipse, degrees clockwise from the right. */
export function arc(cx: number, cy: number, rx: number, ry: number, from: number, to: number, steps: number): Point[] {
  return Array.from({ length: steps + 1 }, (_, i): Point => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)]
  })
}

export const text = (
  words: string,
  x: number,
  y: number,
  size: number,
  look: Partial<Pick<TextShape, 'weight' | 'anchor' | 'fill' | 'halo'>> = {},
): TextShape => ({ kind: 'text', text: words, x, y, size, weight: 400, anchor: 'start', fill: INK, ...look })

/** Text whose letters stand in the middle of a height. */
export const middleText = (words: string, x: number, cy: number, size: number, look: Parameters<typeof text>[4] = {}) =>
  text(words, x, cy + size * MIDDLE, size, look)

/** Letters spread evenly over a width, each placed for itself: the same in every painter. */
export function spread(
  words: string,
  cx: number,
  cy: number,
  size: number,
  gap: number,
  look: Parameters<typeof text>[4],
): TextShape[] {
  const letters = [...words]
  const step = size + gap
  return letters.map((letter, i) =>
    middleText(letter, cx + (i - (letters.length - 1) / 2) * step, cy, size, { ...look, anchor: 'middle' }),
  )
}

// Dark enough for any printer; the accent prints as a dark grey.
export const INK = '#15211f'
export const SOFT = '#4c5a5c'
export const FAINT = '#8b9799'
export const ACCENT = '#0b5557'
export const TINT = '#e8f0f0'
export const RULE = '#b9c4c6'
export const PAPER = '#ffffff'

/** Every character of the sheets, so that the typeface can be made ready for them. */
export function charactersOf(sheets: readonly Sheet[]): string {
  const found = new Set<string>()
  const read = (shapes: readonly Shape[]): void => {
    for (const shape of shapes) {
      if (shape.kind === 'clip') read(shape.shapes)
      else if (shape.kind === 'text') for (const c of shape.text) found.add(c)
    }
  }
  for (const sheet of sheets) read(sheet.shapes)
  return [...found].join('')
}
