/** A portrait as it is kept: 3 : 4, upright, JPEG. */
export const PORTRAIT = { width: 450, height: 600 }
/** The bucket takes no more. */
const LARGEST_BYTES = 500_000

/** The part of a picture that becomes the portrait; `at` 0…1 is where along the side that is too long. Pixels. */
export function cropOf(width: number, height: number, at: number): { x: number; y: number; w: number; h: number } {
  const ratio = PORTRAIT.width / PORTRAIT.height
  if (width / height > ratio) {
    const w = height * ratio
    return { x: (width - w) * at, y: 0, w, h: height }
  }
  const h = width / ratio
  return { x: 0, y: (height - h) * at, w: width, h }
}

/**
 * Reads a picture as the camera meant it to stand. Null when it is none that the browser knows.
 */
export async function readPicture(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return null
  }
}

export function drawPortrait(canvas: HTMLCanvasElement, picture: ImageBitmap, at: number): void {
  canvas.width = PORTRAIT.width
  canvas.height = PORTRAIT.height
  const { x, y, w, h } = cropOf(picture.width, picture.height, at)
  const context = canvas.getContext('2d')
  if (!context) return
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, x, y, w, h, 0, 0, canvas.width, canvas.height)
}

/** The drawn portrait as a JPEG: drawn anew, so nothing of the camera's notes (where, when) is left in it. */
export async function encodePortrait(canvas: HTMLCanvasElement): Promise<Blob | null> {
  for (const quality of [0.88, 0.75, 0.6]) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
    if (blob && blob.size <= LARGEST_BYTES) return blob
  }
  return null
}
