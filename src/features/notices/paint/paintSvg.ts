import { PRINT_FONT } from '../../../ui/printFont'
import { HALO, type Shape, type Sheet } from '../../../ui/sheet/shapes'

const NS = 'http://www.w3.org/2000/svg'
/** Drawing units of a millimetre: some browsers refuse letters below a size, so nothing is small in here. */
const UNIT = 10
let clips = 0

/** The sheet as an SVG element: what the screen shows and the printer gets, lines and letters alike. */
export function paintSvg(sheet: Sheet): SVGSVGElement {
  const root = element('svg', { viewBox: `0 0 ${sheet.width * UNIT} ${sheet.height * UNIT}`, role: 'img' })
  root.setAttribute('aria-label', sheet.title)
  root.style.fontFamily = PRINT_FONT
  for (const shape of sheet.shapes) root.append(draw(shape))
  return root
}

function draw(shape: Shape): SVGElement {
  switch (shape.kind) {
    case 'path':
      return element('path', {
        d: pathData(shape.lines, shape.closed),
        fill: shape.fill ?? 'none',
        'fill-rule': 'evenodd',
        ...(shape.stroke
          ? {
              stroke: shape.stroke,
              'stroke-width': (shape.width ?? 0.3) * UNIT,
              'stroke-linejoin': 'round',
              'stroke-linecap': shape.dash ? 'butt' : 'round',
            }
          : {}),
        ...(shape.dash ? { 'stroke-dasharray': shape.dash.map((n) => n * UNIT).join(' ') } : {}),
        ...(shape.opacity === undefined ? {} : { opacity: shape.opacity }),
      })
    case 'text': {
      const node = element('text', {
        x: round(shape.x),
        y: round(shape.y),
        'font-size': round(shape.size),
        'font-weight': shape.weight,
        'text-anchor': shape.anchor,
        fill: shape.fill,
        ...(shape.halo
          ? {
              stroke: shape.halo,
              'stroke-width': round(shape.size * HALO),
              'stroke-linejoin': 'round',
              'paint-order': 'stroke',
            }
          : {}),
      })
      node.textContent = shape.text
      return node
    }
    case 'image':
      return element('image', {
        href: shape.href,
        x: round(shape.x),
        y: round(shape.y),
        width: round(shape.w),
        height: round(shape.h),
        preserveAspectRatio: 'xMidYMid slice',
      })
    case 'clip': {
      const id = `sheet-clip-${++clips}`
      const group = element('g', {})
      const clip = element('clipPath', { id })
      const { x, y, w, h } = shape.area
      clip.append(element('rect', { x: round(x), y: round(y), width: round(w), height: round(h) }))
      const inside = element('g', { 'clip-path': `url(#${id})` })
      for (const one of shape.shapes) inside.append(draw(one))
      group.append(clip, inside)
      return group
    }
  }
}

function element<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string | number>) {
  const node = document.createElementNS(NS, name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value))
  return node
}

const round = (mm: number): number => Math.round(mm * UNIT * 10) / 10

/** SVG path data in drawing units. */
const pathData = (lines: readonly (readonly (readonly [number, number])[])[], closed: boolean): string =>
  lines.map((points) => `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}${closed ? 'Z' : ''}`).join('')
