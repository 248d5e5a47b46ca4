// Icons are drawn on a canvas here rather than fetched, so that a machine without network shows them and both
// themes share one recipe. The glyphs are the four of the risk levels, so that nobody depends on colour vision.

export type Shape = 'triangle' | 'diamond' | 'square' | 'circle'

/** rise ／, fall ＼, cross both: areas that a black-and-white printer must tell apart. */
export type HatchWay = 'rise' | 'fall' | 'cross'

export interface SymbolSpec {
  /**
   * glyph: the shape itself; badge: the shape on a disc; cluster: a disc for a count, its rim the worst level;
   * hatch: a tile for `fill-pattern`, see hatch()
   */
  kind: 'glyph' | 'badge' | 'cluster' | 'hatch'
  shape: Shape
  /** CSS colours; `paper` is the disc or the rim around the shape, `ink` the line. */
  fill: string
  paper: string
  ink: string
  /** Only the outline of the shape: not yet confirmed, not yet assessed. */
  hollow?: boolean
  ring?: 'solid' | 'dashed' | 'double' | 'heavy'
  /** Which way the lines of a hatch run. */
  way?: HatchWay
  /** Side in CSS pixels. */
  size: number
}

/**
 * A tile of slanted lines for a `fill-pattern`. It joins itself on all sides.
 * @param ink CSS colour of the lines
 * @param size side of the tile in CSS pixels: the lines are size / √2 apart
 * @param paper CSS colour between the lines
 */
export function hatch(ink: string, way: HatchWay, size = 8, paper = 'rgba(0,0,0,0)'): SymbolSpec {
  return { kind: 'hatch', shape: 'square', fill: ink, paper, ink, way, size }
}

/** Icons are drawn at twice their size, so that they stay sharp on a phone and on the wall. */
export const PIXEL_RATIO = 2

/** Draws an icon. Returns pixels of `size * PIXEL_RATIO` a side. */
export function drawSymbol(spec: SymbolSpec): ImageData {
  const side = spec.size * PIXEL_RATIO
  const canvas = document.createElement('canvas')
  canvas.width = side
  canvas.height = side
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return new ImageData(side, side)
  context.scale(PIXEL_RATIO, PIXEL_RATIO)
  context.lineJoin = 'round'
  const middle = spec.size / 2
  if (spec.kind === 'cluster') drawCluster(context, spec, middle)
  else if (spec.kind === 'badge') drawBadge(context, spec, middle)
  else if (spec.kind === 'hatch') drawHatch(context, spec)
  else drawGlyph(context, spec, middle, middle - 2.5, 2.5)
  return context.getImageData(0, 0, side, side)
}

function drawGlyph(c: CanvasRenderingContext2D, spec: SymbolSpec, middle: number, radius: number, rim: number): void {
  trace(c, spec.shape, middle, radius)
  if (rim > 0) {
    c.lineWidth = rim * 2
    c.strokeStyle = spec.paper
    c.stroke()
  }
  c.fillStyle = spec.hollow ? spec.paper : spec.fill
  c.fill()
  trace(c, spec.shape, middle, radius - (spec.hollow ? 1 : 0))
  c.lineWidth = spec.hollow ? 2 : 0.75
  c.strokeStyle = spec.hollow ? spec.fill : spec.ink
  c.stroke()
}

function drawBadge(c: CanvasRenderingContext2D, spec: SymbolSpec, middle: number): void {
  const radius = middle - 2
  c.beginPath()
  c.arc(middle, middle, radius, 0, Math.PI * 2)
  c.fillStyle = spec.paper
  c.fill()
  c.strokeStyle = spec.ink
  c.lineWidth = spec.ring === 'heavy' ? 3 : 1.25
  c.setLineDash(spec.ring === 'dashed' ? [2.5, 2] : [])
  c.stroke()
  c.setLineDash([])
  if (spec.ring === 'double') {
    c.beginPath()
    c.arc(middle, middle, radius - 2.75, 0, Math.PI * 2)
    c.lineWidth = 1
    c.stroke()
  }
  drawGlyph(c, spec, middle, radius * 0.52, 0)
}

function drawCluster(c: CanvasRenderingContext2D, spec: SymbolSpec, middle: number): void {
  const radius = middle - 3
  const outline = () => {
    c.beginPath()
    if (spec.shape === 'circle') c.arc(middle, middle, radius, 0, Math.PI * 2)
    else c.roundRect(middle - radius, middle - radius, radius * 2, radius * 2, radius * 0.42)
  }
  outline()
  c.fillStyle = spec.paper
  c.fill()
  // the rim tells the worst level inside; a hair of ink on both sides keeps yellow visible on white
  c.lineWidth = 4.5
  c.strokeStyle = spec.ink
  c.stroke()
  c.lineWidth = 3
  c.strokeStyle = spec.fill
  c.stroke()
}

function drawHatch(c: CanvasRenderingContext2D, { size, paper, ink, way }: SymbolSpec): void {
  c.fillStyle = paper
  c.fillRect(0, 0, size, size)
  c.strokeStyle = ink
  c.lineWidth = size > 6 ? 1.5 : 1
  c.beginPath()
  // one line through the tile and one at each corner, where the neighbouring tiles go on
  for (const shift of [-size, 0, size]) {
    if (way !== 'fall') {
      c.moveTo(shift - size, size * 2)
      c.lineTo(shift + size * 2, -size)
    }
    if (way !== 'rise') {
      c.moveTo(shift - size, -size)
      c.lineTo(shift + size * 2, size * 2)
    }
  }
  c.stroke()
}

function trace(c: CanvasRenderingContext2D, shape: Shape, middle: number, radius: number): void {
  c.beginPath()
  if (shape === 'circle') c.arc(middle, middle, radius * 0.82, 0, Math.PI * 2)
  else if (shape === 'square') c.rect(middle - radius * 0.76, middle - radius * 0.76, radius * 1.52, radius * 1.52)
  else if (shape === 'diamond') corners(c, middle, middle, [0, -radius], [radius, 0], [0, radius], [-radius, 0])
  else corners(c, middle, middle, [0, -radius], [radius * 0.98, radius * 0.78], [-radius * 0.98, radius * 0.78])
}

function corners(c: CanvasRenderingContext2D, x: number, y: number, ...points: [number, number][]): void {
  for (const [dx, dy] of points) c.lineTo(x + dx, y + dy)
  c.closePath()
}
