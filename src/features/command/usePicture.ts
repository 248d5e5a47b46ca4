import { ref } from 'vue'
import { download } from '../../map/poster'

export interface PictureWords {
  /** Title of the file and of the line below the picture. */
  title: string
  /** What is chosen, and when. */
  scope: string
  source: string
}

/** So many pixels wide is sharp on a wall and on A3. */
const WIDE = 3840

/** The screen as a picture to send or print, with a line below it that says what it is, of when, and whence. */
export function usePicture(options: {
  element: () => HTMLElement | null
  map: (ratio: number) => Promise<HTMLCanvasElement> | undefined
  words: () => PictureWords
  font: string
}) {
  const making = ref(false)
  const failed = ref(false)

  async function run(kind: 'png' | 'pdf'): Promise<void> {
    const element = options.element()
    if (!element || making.value) return
    making.value = true
    failed.value = false
    try {
      const words = options.words()
      const canvas = await draw(element, words)
      const name = `${words.title}-${new Date().toLocaleDateString('sv-SE')}`
      download(kind === 'png' ? await toPng(canvas) : await toPdf(canvas, words.title), `${name}.${kind}`)
    } catch (cause) {
      console.warn('safegrid: no picture was made', cause)
      failed.value = true
    } finally {
      making.value = false
    }
  }

  async function draw(element: HTMLElement, words: PictureWords): Promise<HTMLCanvasElement> {
    const { pictureOf } = await import('../../ui/picture')
    const ratio = Math.max(1, WIDE / element.clientWidth)
    const map = await options.map(ratio)
    const screen = await pictureOf(element, { ratio, drawn: () => map, without: '[data-no-picture]' })
    return withLine(screen, words, options.font, Number.parseFloat(getComputedStyle(element).fontSize) * ratio)
  }

  return { making, failed, run }
}

/** Puts the line under the picture. @param em pixels of a letter */
function withLine(screen: HTMLCanvasElement, words: PictureWords, font: string, em: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = screen.width
  canvas.height = screen.height + Math.round(em * 2.6)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas to draw on')
  context.drawImage(screen, 0, 0)
  context.fillStyle = '#ffffff'
  context.fillRect(0, screen.height, canvas.width, canvas.height - screen.height)
  context.textBaseline = 'middle'
  const middle = screen.height + em * 1.3
  context.fillStyle = '#182225'
  context.font = `600 ${em * 1.1}px ${font}`
  context.fillText(words.title, em, middle)
  const after = em * 2 + context.measureText(words.title).width
  context.font = `${em}px ${font}`
  context.fillStyle = '#536166'
  context.fillText(words.scope, after, middle)
  context.textAlign = 'right'
  context.fillText(words.source, canvas.width - em, middle)
  return canvas
}

const toPng = (canvas: HTMLCanvasElement) =>
  new Promise<Blob>((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png')
  })

/** One page as wide as A3 is long. */
async function toPdf(canvas: HTMLCanvasElement, title: string): Promise<Blob> {
  const { jsPDF } = await import('jspdf')
  const [width, height] = [420, (420 * canvas.height) / canvas.width]
  const pdf = new jsPDF({ unit: 'mm', format: [width, height], orientation: 'landscape', compress: true })
  pdf.setProperties({ title, creator: '安全网格一张图' })
  pdf.addImage(canvas.toDataURL('image/jpeg', 0.94), 'JPEG', 0, 0, width, height, undefined, 'FAST')
  return pdf.output('blob')
}
