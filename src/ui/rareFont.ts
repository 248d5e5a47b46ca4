// Characters that the common part of the font lacks, in about a hundred parts of 25 kB. Each is fetched when a
// character of its range is shown.
import ranges from '@fontsource/noto-sans-sc/unicode.json'

const urls = import.meta.glob<string>(
  '/node_modules/@fontsource/noto-sans-sc/files/noto-sans-sc-[0-9]*-400-normal.woff2',
  { eager: true, query: '?url', import: 'default' },
)

const declared: { face: FontFace; url: string }[] = []

/** The parts that something on the page needed. */
export const shownRareFaces = (): { url: string; range: string }[] =>
  declared.flatMap(({ face, url }) => (face.status === 'loaded' ? [{ url, range: face.unicodeRange }] : []))

/** Declares every part under one family; nothing is fetched yet. */
export function addRareFaces(family: string): void {
  for (const [path, url] of Object.entries(urls)) {
    const part = /noto-sans-sc-(\d+)-400/.exec(path)?.[1]
    const unicodeRange = (ranges as Record<string, string>)[`[${part}]`]
    if (!unicodeRange) continue
    const face = new FontFace(family, `url(${url})`, { weight: '400', unicodeRange })
    declared.push({ face, url })
    document.fonts.add(face)
  }
}
