// A photo of the camera becomes a small JPEG with nothing in it but the picture: drawn anew on a canvas, what the
// camera wrote beside it (place, time, device) stays behind.

/** Pixels of the longer side. */
const LONGEST_SIDE = 1600
/** The bucket takes 2 MB; a weak network is happier with less. */
const WANTED_BYTES = 900_000
const QUALITIES = [0.82, 0.7, 0.55, 0.4]

/** Size within a square, never larger than it was. */
export function fitted(width: number, height: number, longest = LONGEST_SIDE): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height, 1))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** Draws a picture anew, upright, at most 1600 pixels. Null when the browser cannot read it. */
export async function shrink(file: Blob): Promise<Blob | null> {
  const picture = await open(file)
  if (!picture) return null
  const { width, height } = fitted(picture.width, picture.height)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) return null
  context.drawImage(picture, 0, 0, width, height)
  if ('close' in picture) picture.close()
  let best: Blob | null = null
  for (const quality of QUALITIES) {
    best = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality))
    if (!best || best.size <= WANTED_BYTES) break
  }
  return best
}

async function open(file: Blob): Promise<ImageBitmap | HTMLImageElement | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    // some phones read their own formats (HEIC) only as an image of the page
  }
  const url = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    return image
  } catch {
    return null
  } finally {
    URL.revokeObjectURL(url)
  }
}
