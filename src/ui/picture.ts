// A part of the page as a picture: the browser draws it once more, from a copy that carries all it needs with it.
import fontUrl from '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff2?url'
import { shippedFontInUse } from './font'

const SVG = 'http://www.w3.org/2000/svg'
const XHTML = 'http://www.w3.org/1999/xhtml'

export interface PictureOptions {
  /** Pixels of the picture for one of the page. */
  ratio: number
  /** What stands in a canvas of the page, where it cannot be read from there (a map keeps no picture). */
  drawn?: (canvas: HTMLCanvasElement) => HTMLCanvasElement | undefined
  /** What is left out: buttons and the like. */
  without?: string
}

/**
 * Draws an element as it stands on the page, at `ratio` times its size.
 * @throws Error when the browser will not draw it, or lets nobody read what it drew.
 */
export async function pictureOf(element: HTMLElement, options: PictureOptions): Promise<HTMLCanvasElement> {
  const { width, height } = element.getBoundingClientRect()
  const copy = await copyOf(element, options)
  Object.assign(copy.style, {
    width: `${width}px`,
    height: `${height}px`,
    fontSize: getComputedStyle(element).fontSize,
  })
  const faces = await facesOfPage()
  const probes = faces.filter(({ letter }) => letter)
  const tall = height + PROBE
  const svg = document.createElementNS(SVG, 'svg')
  for (const [name, value] of Object.entries({ width, height: tall, viewBox: `0 0 ${width} ${tall}` }))
    svg.setAttribute(name, String(value))
  const style = document.createElementNS(SVG, 'style')
  style.textContent = faces.map(({ rule }) => rule).join('\n') + rulesOfPage()
  const frame = document.createElementNS(SVG, 'foreignObject')
  frame.setAttribute('width', String(width))
  frame.setAttribute('height', String(height))
  const body = document.createElementNS(XHTML, 'body')
  body.dataset.theme = document.documentElement.dataset.theme ?? 'light'
  body.append(copy)
  frame.append(body)
  svg.append(style, frame, ...probes.map(({ family, letter }, i) => probeOf(family, letter, i, height)))

  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`
  await image.decode()
  await lettersOf(image, probes.length, height)
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * options.ratio)
  canvas.height = Math.round(height * options.ratio)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas to draw on')
  const { ratio } = options
  context.drawImage(image, 0, 0, canvas.width, Math.round(tall * ratio))
  return canvas
}

/** Below the picture, and not on it: a letter of every typeface that it carries, each as wide and high as this. */
const PROBE = 16

function probeOf(family: string, letter: string, place: number, below: number): SVGElement {
  const text = document.createElementNS(SVG, 'text')
  for (const [name, value] of Object.entries({
    x: place * PROBE + 2,
    y: below + PROBE - 4,
    'font-size': 12,
    'font-family': `"${family}"`,
    fill: '#000000',
  }))
    text.setAttribute(name, String(value))
  text.textContent = letter
  return text
}

/** Waits until the typefaces inside a picture are read: until then their letters are not drawn, and nobody is told. */
async function lettersOf(image: HTMLImageElement, faces: number, below: number): Promise<void> {
  const canvas = document.createElement('canvas')
  canvas.width = PROBE
  canvas.height = PROBE
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return
  const inked = (place: number): boolean => {
    context.clearRect(0, 0, PROBE, PROBE)
    context.drawImage(image, place * PROBE, below, PROBE, PROBE, 0, 0, PROBE, PROBE)
    return context.getImageData(0, 0, PROBE, PROBE).data.some((value, i) => i % 4 === 3 && value > 60)
  }
  for (let turn = 0; turn < 100; turn++) {
    if (Array.from({ length: faces }, (_, place) => place).every(inked)) return
    await new Promise((next) => setTimeout(next, 50))
  }
}

async function copyOf(element: HTMLElement, { drawn, without }: PictureOptions): Promise<HTMLElement> {
  const copy = element.cloneNode(true) as HTMLElement
  const copies = [...copy.querySelectorAll('canvas')]
  for (const [i, canvas] of [...element.querySelectorAll('canvas')].entries()) {
    const picture = document.createElement('img')
    picture.src = (drawn?.(canvas) ?? canvas).toDataURL('image/png')
    picture.style.cssText = `display:block;width:${canvas.clientWidth}px;height:${canvas.clientHeight}px`
    copies[i]?.replaceWith(picture)
  }
  if (without) for (const part of copy.querySelectorAll(without)) part.remove()
  const outside = [...copy.querySelectorAll('img')].filter(({ src }) => !src.startsWith('data:'))
  await Promise.all(
    outside.map(async (image) => {
      image.src = await dataUrl(image.src)
    }),
  )
  return copy
}

/** All rules of the page's sheets, without its typefaces: inside a picture no address can be asked. */
function rulesOfPage(): string {
  return [...document.styleSheets]
    .flatMap((sheet) => {
      try {
        return [...sheet.cssRules]
      } catch {
        return [] // of another origin: not ours
      }
    })
    .filter((rule) => !(rule instanceof CSSFontFaceRule))
    .map((rule) => rule.cssText)
    .join('\n')
}

interface Face {
  family: string
  rule: string
  /** One that it draws; empty when none of its letters stands on the page any more. */
  letter: string
}

/** The typeface that we ship, where the machine has none: as much of it as the page has needed. */
async function facesOfPage(): Promise<Face[]> {
  if (!(await shippedFontInUse)) return []
  const { shownRareFaces } = await import('./rareFont')
  const faces = [
    { family: 'SafeGrid CJK', url: fontUrl, range: '' },
    ...shownRareFaces().map((face) => ({ family: 'SafeGrid CJK Rare', ...face })),
  ]
  const text = new Set((document.body.textContent ?? '').match(/[\u2e80-\u9fff]/g))
  return Promise.all(
    faces.map(async ({ family, url, range }) => ({
      family,
      rule: `@font-face{font-family:"${family}";src:url(${await dataUrl(url)});${range ? `unicode-range:${range}` : ''}}`,
      letter: range ? letterIn(range, text) : '网',
    })),
  )
}

/** A character of a text that a unicode-range (`U+4E00-4E0F, U+9EC4`) names; nothing when none is. */
function letterIn(range: string, text: ReadonlySet<string>): string {
  const spans = range.split(',').map((piece) => {
    const [from = '', to = from] = piece.trim().replace(/^U\+/i, '').split('-')
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const
  })
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0
    if (spans.some(([from, to]) => from <= code && code <= to)) return letter
  }
  return ''
}

async function dataUrl(address: string): Promise<string> {
  const blob = await (await fetch(address)).blob()
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error(address))
    reader.readAsDataURL(blob)
  })
}
