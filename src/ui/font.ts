// The machine's own Chinese font comes first. Only where there is none (a bare Linux, a kiosk) the one we ship is
// fetched, 1.1 MB, after first paint.
import fontUrl from '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff2?url'

const OWN = 'SafeGrid CJK'

/** Font families for labels drawn on the map, in the order to try. Same as --sg-font in tokens.css. */
export const LABEL_FONT = [
  '"PingFang SC"',
  '"Microsoft YaHei"',
  '"Noto Sans CJK SC"',
  '"Noto Sans SC"',
  '"Source Han Sans SC"',
  `"${OWN}"`,
  'sans-serif',
].join(', ')

/**
 * Whether this machine draws Chinese. Without a font every character is the same empty box, so two different ones
 * look alike.
 */
function drawsChinese(): boolean {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 24
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return true
  const picture = (character: string): string => {
    context.clearRect(0, 0, 24, 24)
    context.font = `20px ${LABEL_FONT}`
    context.fillText(character, 2, 20)
    return context.getImageData(0, 0, 24, 24).data.join()
  }
  return picture('网') !== picture('格')
}

async function prepare(): Promise<void> {
  if (typeof document === 'undefined' || drawsChinese()) return
  try {
    // One regular weight: the browser thickens it where bold is asked for.
    const face = new FontFace(OWN, `url(${fontUrl})`, { weight: '400', display: 'swap' })
    document.fonts.add(await face.load())
  } catch (cause) {
    console.warn('safegrid: the Chinese font could not be loaded', cause)
  }
}

/** Resolves once Chinese labels can be drawn: wait for it before the map draws text. Never rejects. */
export const cjkFontReady: Promise<void> = prepare()
