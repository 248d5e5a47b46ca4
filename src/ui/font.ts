// The machine's own Chinese font comes first. Only where there is none (a bare Linux, a kiosk) the one we ship is
// fetched, 1.1 MB, after first paint; and the rare characters of place names in small parts, as they are needed.
import fontUrl from '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff2?url'

const OWN = 'SafeGrid CJK'
/** Family of the rare characters; the last to be asked. */
const RARE = 'SafeGrid CJK Rare'

/** Font families for labels drawn on the map, in the order to try. Same as --sg-font in tokens.css. */
export const LABEL_FONT = [
  '"PingFang SC"',
  '"Microsoft YaHei"',
  '"Noto Sans CJK SC"',
  '"Noto Sans SC"',
  '"Source Han Sans SC"',
  `"${OWN}"`,
  `"${RARE}"`,
  'sans-serif',
].join(', ')

/** How a character looks, as text to compare. All that no font has look alike: the same empty box. */
function pictures(): ((character: string) => string) | null {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 24
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return null
  return (character) => {
    context.clearRect(0, 0, 24, 24)
    context.font = `20px ${LABEL_FONT}`
    context.fillText(character, 2, 20)
    return context.getImageData(0, 0, 24, 24).data.join()
  }
}

function drawsChinese(): boolean {
  const picture = pictures()
  return !picture || picture('网') !== picture('格')
}

/** Whether the machine draws Chinese by itself; false once the shipped font is in use. */
async function prepare(): Promise<boolean> {
  if (typeof document === 'undefined' || drawsChinese()) return true
  try {
    // One regular weight: the browser thickens it where bold is asked for.
    const face = new FontFace(OWN, `url(${fontUrl})`, { weight: '400', display: 'swap' })
    document.fonts.add(await face.load())
    const { addRareFaces } = await import('./rareFont')
    addRareFaces(RARE)
  } catch (cause) {
    console.warn('safegrid: the Chinese font could not be loaded', cause)
  }
  return false
}

const native = prepare()

/** Whether the font that we ship is in use. Never rejects. */
export const shippedFontInUse: Promise<boolean> = native.then((is) => !is)

/** Resolves once common Chinese labels can be drawn: wait for it before the map draws text. Never rejects. */
export const cjkFontReady: Promise<void> = native.then(() => undefined)

/**
 * Fetches the parts of the shipped font that a text needs beyond the common characters (洇溜镇). The page itself gets
 * them as it shows the text; whoever draws text on a canvas waits for this first. Never rejects.
 */
export async function loadGlyphs(text: string): Promise<void> {
  if (await native) return
  const picture = pictures()
  if (!picture) return
  const nothing = picture('\u{2ffff}') // a code point that is no character
  const missing = [...new Set(text)].filter((character) => character > '\u2e7f' && picture(character) === nothing)
  if (missing.length) await document.fonts.load(`16px "${RARE}"`, missing.join('')).catch(() => [])
}
