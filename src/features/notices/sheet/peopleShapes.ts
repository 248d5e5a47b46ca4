// Who answers for the grid: one card each, as large as the place allows.

import {
  ACCENT,
  type Area,
  arc,
  INK,
  middleText,
  PAPER,
  RULE,
  rect,
  ring,
  roundRect,
  type Shape,
  SOFT,
  TINT,
  text,
} from '../../../ui/sheet/shapes'
import { fitSize, widthOf, wrap } from '../../../ui/sheet/words'
import type { NoticePerson } from '../notice'

/** A person on the sheet, or the place of a leader that is empty. */
export interface Seat {
  position: string
  name: string
  title: string
  phone: string
  /** data: address of the portrait; null is drawn as a silhouette. */
  photo: string | null
  leads: boolean
  vacant?: boolean
}

const WORD: Record<NoticePerson['position'], string> = {
  leader: '网格长',
  deputy: '副网格长',
  member: '网格员',
  duty: '值班员',
}
const ORDER: NoticePerson['position'][] = ['leader', 'deputy', 'member', 'duty']

/** Leader first; without one the empty place is shown, so that nobody overlooks it. */
export function seatsOf(people: readonly NoticePerson[], photos: ReadonlyMap<string, string>): Seat[] {
  const seats = [...people]
    .sort((a, b) => ORDER.indexOf(a.position) - ORDER.indexOf(b.position))
    .map(
      (p): Seat => ({
        position: WORD[p.position],
        name: p.name,
        title: p.title ?? '',
        phone: p.phone ?? '',
        photo: (p.photo_path && photos.get(p.photo_path)) || null,
        leads: p.position === 'leader',
      }),
    )
  if (seats.some((seat) => seat.leads)) return seats
  return [
    { position: '网格长', name: '待任命', title: '', phone: '', photo: null, leads: true, vacant: true },
    ...seats,
  ]
}

/** A card as it is drawn at scale 1, millimetres. */
const CARD = { w: 88, h: 50, gap: 5 }
const LARGEST = 1.12
/** Smaller than this nobody reads it from a step away: whoever is left over is counted. */
const SMALLEST = 0.4

interface Grid {
  columns: number
  scale: number
}

/** Rows and columns in which `count` cards become largest. */
export function arrange(count: number, { w, h }: Pick<Area, 'w' | 'h'>): Grid {
  let best = { columns: 1, scale: 0, worth: 0 }
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const wide = w / (columns * CARD.w + (columns - 1) * CARD.gap)
    const high = h / (rows * CARD.h + (rows - 1) * CARD.gap)
    const scale = Math.min(wide, high, LARGEST)
    // a row more must be worth the height it takes from the map
    const worth = scale / (1 + 0.15 * (rows - 1))
    if (worth > best.worth) best = { columns, scale, worth }
  }
  return best
}

/** Millimetres that so many cards take of a room; not more than it has. */
export function peopleHeight(count: number, room: Pick<Area, 'w' | 'h'>): number {
  const { columns, scale } = arrange(count, room)
  const rows = Math.ceil(count / columns)
  return Math.min(room.h, (rows * CARD.h + (rows - 1) * CARD.gap) * scale)
}

/** Cards of all people, or of as many as can be read and how many more there are. */
export function peopleShapes(seats: readonly Seat[], area: Area): Shape[] {
  let count = seats.length
  while (count > 1 && arrange(count, area).scale < SMALLEST) count--
  const { columns, scale } = arrange(count, area)
  const rows = Math.ceil(count / columns)
  const step = { x: (CARD.w + CARD.gap) * scale, y: (CARD.h + CARD.gap) * scale }
  // cards fill the width and stay as high as they are: names gain room
  const width = Math.min((area.w - (columns - 1) * CARD.gap * scale) / columns, CARD.w * scale * 1.6)
  const top = area.y + (area.h - (rows * step.y - CARD.gap * scale)) / 2
  const shapes = seats.slice(0, count).flatMap((seat, i) => {
    const x = area.x + (i % columns) * (width + CARD.gap * scale)
    return card(seat, x, top + Math.floor(i / columns) * step.y, width, scale)
  })
  const left = seats.length - count
  if (left) shapes.push(text(`另有 ${left} 人`, area.x + area.w, area.y + area.h, 4, { anchor: 'end', fill: SOFT }))
  return shapes
}

function card(seat: Seat, x: number, y: number, w: number, k: number): Shape[] {
  const frame = { x, y, w, h: CARD.h * k }
  const photo = { x: x + 4 * k, y: y + 4 * k, w: 31.5 * k, h: 42 * k }
  const left = x + 41 * k
  const room = w - 44 * k
  const chip = { x: left, y: y + 4.5 * k, w: (widthOf(seat.position) * 4.6 + 5) * k, h: 7.4 * k }
  const size = fitSize(seat.name, 9.6 * k, room)
  // one line a little smaller rather than a second with a single letter
  const titleSize = Math.max(fitSize(seat.title, 4.4 * k, room), 3.4 * k)
  const titles = wrap(seat.title, room / titleSize + 0.01).slice(0, 2)
  return [
    roundRect(
      frame,
      1.6 * k,
      seat.leads ? { fill: TINT, stroke: ACCENT, width: 0.9 * k } : { fill: PAPER, stroke: RULE, width: 0.5 * k },
    ),
    ...portrait(seat.photo, photo),
    roundRect(chip, 1.2 * k, seat.leads ? { fill: ACCENT } : { fill: PAPER, stroke: ACCENT, width: 0.4 * k }),
    middleText(seat.position, chip.x + chip.w / 2, chip.y + chip.h / 2, 4.6 * k, {
      weight: 700,
      anchor: 'middle',
      fill: seat.leads ? PAPER : ACCENT,
    }),
    text(seat.name, left, y + 23.4 * k, size, { weight: 700, fill: seat.vacant ? SOFT : INK }),
    ...titles.map((words, i) => text(words, left, y + (30.4 + i * 5) * k, titleSize, { fill: SOFT })),
    ...(seat.phone
      ? [text(seat.phone, left, y + 44.6 * k, fitSize(seat.phone, 7.2 * k, room * 0.9), { weight: 700 })]
      : []),
  ]
}

function portrait(href: string | null, area: Area): Shape[] {
  const frame = rect(area, { stroke: RULE, width: 0.3 })
  return href ? [{ kind: 'image', href, ...area }, frame] : [...silhouette(area), frame]
}

/** Nobody's face: head and shoulders, for whoever has no portrait yet. */
function silhouette(area: Area): Shape[] {
  const { x, y, w, h } = area
  const [cx, grey] = [x + w / 2, '#b7c1c3']
  return [
    rect(area, { fill: '#eef1f1' }),
    {
      kind: 'clip',
      area,
      shapes: [
        ring(arc(cx, y + 0.4 * h, 0.2 * w, 0.185 * h, 0, 360, 60), { fill: grey }),
        ring(arc(cx, y + 1.03 * h, 0.39 * w, 0.36 * h, 180, 360, 60), { fill: grey }),
      ],
    },
  ]
}
