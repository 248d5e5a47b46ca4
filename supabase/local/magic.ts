/** Image types that may be uploaded, told by their first bytes. SVG is not among them: it can carry scripts. */
export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp'

/** The image type of a file by its first bytes, or undefined when it is none of the three. */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  const begins = (...expected: number[]) => expected.every((byte, i) => bytes[i] === byte)
  const word = (from: number) => String.fromCharCode(...bytes.subarray(from, from + 4))
  if (begins(0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (bytes.length > 12 && word(0) === 'RIFF' && word(8) === 'WEBP') return 'image/webp'
  return undefined
}
