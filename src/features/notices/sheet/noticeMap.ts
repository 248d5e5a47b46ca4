// The map of a notice: the grid bright, what is around it pale, every grid named.
import type { GroundData } from '../../../map/basemap'
import {
  ACCENT,
  type Area,
  FAINT,
  INK,
  line,
  middleText,
  PAPER,
  type PathShape,
  rect,
  ring,
  type Shape,
  SOFT,
} from '../../../ui/sheet/shapes'
import { widthOf } from '../../../ui/sheet/words'
import type { Notice } from '../notice'
import { groundNames, groundShapes, landColour, linesOf } from './groundShapes'
import { type Name, placeNames } from './labels'
import { boxOf, fitView, type MapView, scaleBar } from './mapView'
import { sharedLines } from './sharedLines'
import { shortName } from './shortName'

const VEIL = 0.5

/** Draws the map into an area of the sheet; `note` says beside it whose ground it is and what the borders are worth. */
export function noticeMap(notice: Notice, ground: GroundData | null, area: Area, note: string): Shape[] {
  const shown = notice.outline ?? notice.parent?.outline
  if (!shown) return [rect(area, { fill: landColour, stroke: INK, width: 0.5 })]
  const view = fitView(boxOf([shown]), area)
  const rings = linesOf(shown, view)
  const furniture = [...northArrow(area), ...scale(view)]
  return [
    {
      kind: 'clip',
      area,
      shapes: [
        rect(area, { fill: landColour }),
        ...groundShapes(ground, view),
        // everything but the grid under a veil: what the sheet is about stands out in grey too
        { kind: 'path', lines: [corners(area), ...rings], closed: true, fill: PAPER, opacity: VEIL },
        ...notice.neighbours.map((n) => border(linesOf(n.outline, view), FAINT, 0.5)),
        { kind: 'path', lines: rings, closed: true, stroke: ACCENT, width: 3.6, opacity: 0.22 },
        {
          kind: 'path',
          lines: sharedLines(
            notice.children.flatMap((c) => (c.outline ? linesOf(c.outline, view) : [])),
            rings,
          ),
          closed: false,
          stroke: SOFT,
          width: 0.4,
          dash: [1.6, 1],
        },
        border(rings, ACCENT, 1.15),
        ...points(notice, view),
        ...placeNames(namesOf(notice, ground), view, reserved(area, note)),
        ...furniture,
      ],
    },
    rect(area, { stroke: INK, width: 0.5 }),
    ...remark(note, area),
  ]
}

const corners = ({ x, y, w, h }: Area): [number, number][] => [
  [x, y],
  [x + w, y],
  [x + w, y + h],
  [x, y + h],
]

const border = (lines: PathShape['lines'], stroke: string, width: number): PathShape => ({
  kind: 'path',
  lines,
  closed: true,
  stroke,
  width,
})

function points({ outline, center, children }: Notice, view: MapView): Shape[] {
  const places = [...(outline ? [] : [center]), ...children.map((c) => (c.outline ? null : c.center))]
  return places.flatMap((at) => {
    if (!at) return []
    const [x, y] = view.toPaper(at)
    const r = 1.6
    return [
      ring(
        [
          [x, y - r],
          [x + r, y],
          [x, y + r],
          [x - r, y],
        ],
        { fill: ACCENT, stroke: PAPER, width: 0.5 },
      ),
    ]
  })
}

function namesOf(notice: Notice, ground: GroundData | null): Name[] {
  const many = notice.children.length > 20
  const own: Name = {
    words: shortName(notice.name),
    outline: notice.outline,
    at: notice.center,
    size: 10,
    least: 5,
    look: { weight: 700, fill: INK, halo: PAPER },
  }
  const children = notice.children.map(
    (c): Name => ({
      words: shortName(c.name),
      outline: c.outline,
      at: c.center,
      size: many ? 4.2 : 5,
      least: 2.2,
      look: { weight: 700, fill: INK, halo: PAPER },
    }),
  )
  const neighbours = notice.neighbours.map(
    (n): Name => ({
      words: shortName(n.name),
      outline: n.outline,
      size: 6,
      least: 3.4,
      look: { weight: 400, fill: SOFT, halo: PAPER },
    }),
  )
  const places = groundNames(ground).map(
    ({ words, at }): Name => ({ words, at, size: 3.6, least: 3.6, look: { weight: 400, fill: SOFT, halo: PAPER } }),
  )
  // a grid that has names inside needs none of its own across them
  return [...(children.length ? children : [own]), ...neighbours, ...places]
}

const BAR_MM = 46

const reserved = ({ x, y, w, h }: Area, note: string): Area[] => [
  { x: x + w - 17, y, w: 17, h: 22 },
  { x, y: y + h - 13, w: BAR_MM + 26, h: 13 },
  strip(note, { x, y, w, h }),
]

function northArrow({ x, y, w }: Area): Shape[] {
  const cx = x + w - 9
  return [
    ring(
      [
        [cx, y + 4],
        [cx + 3.4, y + 14.5],
        [cx, y + 12.2],
        [cx - 3.4, y + 14.5],
      ],
      { fill: INK, stroke: PAPER, width: 0.6 },
    ),
    middleText('北', cx, y + 18, 4.2, { weight: 700, anchor: 'middle', halo: PAPER }),
  ]
}

function scale(view: MapView): Shape[] {
  const bar = scaleBar(view, BAR_MM)
  const [x, y] = [view.area.x + 6, view.area.y + view.area.h - 6]
  const words = bar.metres >= 1000 ? `${bar.metres / 1000} 公里` : `${bar.metres} 米`
  return [
    rect({ x: x - 0.6, y: y - 1.1, w: bar.mm + 1.2, h: 2.2 }, { fill: PAPER }),
    rect({ x, y: y - 0.6, w: bar.mm, h: 1.2 }, { fill: PAPER, stroke: INK, width: 0.35 }),
    rect({ x, y: y - 0.6, w: bar.mm / 2, h: 1.2 }, { fill: INK }),
    middleText(words, x + bar.mm + 3, y, 4, { halo: PAPER }),
  ]
}

const NOTE_MM = 3

function strip(words: string, { x, y, w, h }: Area): Area {
  const width = widthOf(words) * NOTE_MM + 4
  return { x: x + w - width - 1, y: y + h - 6.2, w: width, h: 5.2 }
}

function remark(words: string, area: Area): Shape[] {
  const { x, y, w, h } = strip(words, area)
  return [
    rect({ x, y, w, h }, { fill: PAPER, opacity: 0.86 }),
    middleText(words, x + 2, y + h / 2, NOTE_MM, { fill: SOFT }),
  ]
}

/** What the lines of the map mean, in one row. */
export function legend(
  { x, y, w, h }: Area,
  words: { own: string; inner: string | null; around: string | null },
): Shape[] {
  const all: [string | null, Partial<PathShape>][] = [
    [words.own, { stroke: ACCENT, width: 1.15 }],
    [words.inner, { stroke: SOFT, width: 0.4, dash: [1.6, 1] }],
    [words.around, { stroke: FAINT, width: 0.5 }],
  ]
  const entries = all.flatMap(([label, look]) => (label ? [[label, look] as const] : []))
  const size = 3.6
  let at = x + w - entries.reduce((sum, [label]) => sum + 16 + widthOf(label) * size, 0) + 6
  return entries.flatMap(([label, look]) => {
    const from = at
    at += 16 + widthOf(label) * size
    return [
      line(
        [
          [from, y + h / 2],
          [from + 8, y + h / 2],
        ],
        look,
      ),
      middleText(label, from + 9.5, y + h / 2, size, { fill: SOFT }),
    ]
  })
}
