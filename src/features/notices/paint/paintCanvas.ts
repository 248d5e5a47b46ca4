import { PRINT_FONT } from '../../../ui/printFont'
import { HALO, type PathShape, type Shape, type Sheet } from '../../../ui/sheet/shapes'
import { withDensity } from './pngDensity'

const MM_PER_INCH = 25.4

/** Pixels of a length on paper. */
const pixels = (mm: number, dpi: number): number => Math.round((mm / MM_PER_INCH) * dpi)

/**
 * The sheet as a PNG at so many dots to an inch of A3. The typeface must be ready (`loadPrintFont`).
 * @throws Error when the browser has no memory for a picture of that size.
 */
export async function paintPng(sheet: Sheet, dpi: number): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = pixels(sheet.width, dpi)
  canvas.height = pixels(sheet.height, dpi)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  const images = await loadImages(sheet.shapes)
  drawAll(context, sheet.shapes, dpi / MM_PER_INCH, images)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  // a browser frees a canvas of 70 MB only when it likes to
  canvas.width = canvas.height = 0
  if (!blob) throw new Error('no picture')
  return new Blob([withDensity(new Uint8Array(await blob.arrayBuffer()), dpi)], { type: 'image/png' })
}

type Images = Map<string, HTMLImageElement>

async function loadImages(shapes: readonly Shape[], images: Images = new Map()): Promise<Images> {
  for (const shape of shapes) {
    if (shape.kind === 'clip') await loadImages(shape.shapes, images)
    if (shape.kind !== 'image' || images.has(shape.href)) continue
    const image = new Image()
    image.src = shape.href
    await image.decode()
    images.set(shape.href, image)
  }
  return images
}

function drawAll(c: CanvasRenderingContext2D, shapes: readonly Shape[], k: number, images: Images): void {
  for (const shape of shapes) {
    c.save()
    if (shape.kind === 'path') drawPath(c, shape, k)
    else if (shape.kind === 'text') {
      c.font = `${shape.weight} ${shape.size * k}px ${PRINT_FONT}`
      c.textAlign = shape.anchor === 'middle' ? 'center' : shape.anchor
      c.lineJoin = 'round'
      if (shape.halo) {
        c.strokeStyle = shape.halo
        c.lineWidth = shape.size * HALO * k
        c.strokeText(shape.text, shape.x * k, shape.y * k)
      }
      c.fillStyle = shape.fill
      c.fillText(shape.text, shape.x * k, shape.y * k)
    } else if (shape.kind === 'image') {
      const image = images.get(shape.href)
      if (image)
        c.drawImage(image, ...cover(image, shape.w / shape.h), shape.x * k, shape.y * k, shape.w * k, shape.h * k)
    } else {
      const { x, y, w, h } = shape.area
      c.beginPath()
      c.rect(x * k, y * k, w * k, h * k)
      c.clip()
      drawAll(c, shape.shapes, k, images)
    }
    c.restore()
  }
}

function drawPath(c: CanvasRenderingContext2D, shape: PathShape, k: number): void {
  c.globalAlpha = shape.opacity ?? 1
  c.beginPath()
  for (const points of shape.lines) {
    for (const [i, [x, y]] of points.entries()) i ? c.lineTo(x * k, y * k) : c.moveTo(x * k, y * k)
    if (shape.closed) c.closePath()
  }
  if (shape.fill) {
    c.fillStyle = shape.fill
    c.fill('evenodd')
  }
  if (shape.stroke) {
    c.strokeStyle = shape.stroke
    c.lineWidth = (shape.width ?? 0.3) * k
    c.lineJoin = 'round'
    c.lineCap = shape.dash ? 'butt' : 'round'
    c.setLineDash((shape.dash ?? []).map((n) => n * k))
    c.stroke()
  }
}

/** The middle of an image in the proportion asked for: x, y, width, height in its pixels. */
function cover(
  { naturalWidth: w, naturalHeight: h }: HTMLImageElement,
  ratio: number,
): [number, number, number, number] {
  return w / h > ratio ? [(w - h * ratio) / 2, 0, h * ratio, h] : [0, (h - w / ratio) / 2, w, w / ratio]
}
