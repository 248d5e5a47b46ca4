// The whole sheet. Its words are Chinese whatever language the screen speaks: it hangs on a wall in China.
// Laid out on A3; A2 is the same drawing, enlarged.
import type { GroundData } from '../../../map/basemap'
import {
  ACCENT,
  type Area,
  INK,
  line,
  middleText,
  PAPER,
  RULE,
  rect,
  type Shape,
  type Sheet,
  SOFT,
  spread,
  TINT,
} from '../../../ui/sheet/shapes'
import { fitSize, widthOf, wrap } from '../../../ui/sheet/words'
import { chineseDay, type Notice, type NoticeAnswer, type Orientation, PAPER_MM, reportLink } from '../notice'
import { legend, noticeMap } from './noticeMap'
import { peopleHeight, peopleShapes, seatsOf } from './peopleShapes'
import { qrShape } from './qrShape'
import { shortName } from './shortName'

export interface SheetContext {
  answer: Omit<NoticeAnswer, 'status' | 'notices'>
  orientation: Orientation
  /** Address of this deployment, for the QR code. */
  origin: string
  ground: GroundData | null
  /** Whose ground it is; empty when none is drawn. */
  groundSource: string
  /** data: addresses of portraits by storage path. */
  photos: ReadonlyMap<string, string>
}

interface Places {
  band: Area
  name: Area
  map: Area
  legend: Area
  people: Area
  above: Area
  duties: Area
  report: Area
  foot: Area
  titleSize: number
}

/** People take the height they need, `people` of them at most; the map takes the rest. */
function portrait(people: (room: Area) => number): Places {
  const [x, w, bottom] = [20, 257, 312]
  const high = people({ x, y: 0, w, h: 84 })
  const map = { x, y: 77, w, h: bottom - high - 11 - 77 }
  return {
    band: { x: 12, y: 12, w: 273, h: 36 },
    name: { x, y: 51, w, h: 24 },
    map,
    legend: { x, y: map.y + map.h + 1.2, w, h: 6 },
    people: { x, y: bottom - high, w, h: high },
    above: { x, y: 313.5, w, h: 8 },
    duties: { x, y: 325, w: 178, h: 68 },
    report: { x: 205, y: 325, w: 72, h: 68 },
    foot: { x, y: 396, w, h: 11 },
    titleSize: 20,
  }
}

function landscape(people: (room: Area) => number): Places {
  const [x, w] = [262, 138]
  const high = people({ x, y: 0, w, h: 108 })
  const above = 50 + high + 1.5
  return {
    band: { x: 12, y: 12, w: 396, h: 32 },
    name: { x: 20, y: 46, w: 234, h: 22 },
    map: { x: 20, y: 69, w: 234, h: 195 },
    legend: { x: 20, y: 265, w: 234, h: 6 },
    people: { x, y: 50, w, h: high },
    above: { x, y: above, w, h: 8 },
    duties: { x, y: above + 12, w, h: 222 - above - 12 },
    report: { x, y: 226, w, h: 45 },
    foot: { x: 20, y: 274, w: 380, h: 11 },
    titleSize: 19,
  }
}

const LEVEL = ['', '一级网格', '二级网格', '三级网格', '四级网格', '五级网格']

/** Draws the notice of one grid. */
export function noticeSheet(notice: Notice, context: SheetContext): Sheet {
  const [short, long] = PAPER_MM.A3
  const [width, height] = context.orientation === 'portrait' ? [short, long] : [long, short]
  const seats = seatsOf(notice.people, context.photos)
  const places = (context.orientation === 'portrait' ? portrait : landscape)((room) => peopleHeight(seats.length, room))
  const { answer } = context
  return {
    title: `${shortName(notice.name)}安全生产网格公示牌`,
    width,
    height,
    shapes: [
      rect({ x: 0, y: 0, w: width, h: height }, { fill: PAPER }),
      rect({ x: 8, y: 8, w: width - 16, h: height - 16 }, { stroke: ACCENT, width: 1.2 }),
      rect({ x: 10, y: 10, w: width - 20, h: height - 20 }, { stroke: ACCENT, width: 0.35 }),
      ...title(places),
      ...nameRow(notice, places.name),
      ...noticeMap(notice, context.ground, places.map, mapRemark(context)),
      ...legend(places.legend, {
        own: '本网格界',
        inner: notice.children.some((c) => c.outline) ? '下级网格界' : null,
        around: notice.neighbours.length ? '相邻网格界' : null,
      }),
      ...source(notice, places.legend),
      ...peopleShapes(seats, places.people),
      ...superior(notice, places.above),
      ...duties(notice.duties, places.duties),
      ...report(reportLink(context.origin, notice.code), answer, places.report),
      ...foot(answer, places.foot),
    ],
  }
}

function title({ band, titleSize }: Places): Shape[] {
  return [
    rect(band, { fill: ACCENT }),
    ...spread('安全生产网格公示牌', band.x + band.w / 2, band.y + band.h / 2, titleSize, titleSize * 0.24, {
      weight: 700,
      fill: PAPER,
    }),
  ]
}

function nameRow(notice: Notice, { x, y, w, h }: Area): Shape[] {
  const name = shortName(notice.name)
  const size = fitSize(name, 15, w * 0.56)
  const path = notice.path.slice(0, -1).map(shortName).join(' · ')
  const badge = notice.kind === 'unit' ? '单位网格' : (LEVEL[notice.level] ?? `${notice.level} 级网格`)
  const box = { x: x + widthOf(name) * size + 6, y: y + h / 2 - 5, w: widthOf(badge) * 5.6 + 8, h: 10 }
  const facts = [
    `网格代码 ${notice.code}`,
    notice.area_m2 ? `面积 ${area(notice.area_m2)}` : '',
    notice.population ? `人口 ${notice.population.toLocaleString('zh-CN')} 人` : '',
  ].filter(Boolean)
  return [
    middleText(name, x, y + h / 2, size, { weight: 700 }),
    rect(box, { stroke: ACCENT, width: 0.5 }),
    middleText(badge, box.x + box.w / 2, box.y + 5, 5.6, { weight: 700, anchor: 'middle', fill: ACCENT }),
    ...(path ? [middleText(path, x + w, y + h / 2 - 4.4, 5.6, { anchor: 'end' })] : []),
    middleText(facts.join('　'), x + w, y + h / 2 + (path ? 4.2 : 0), fitSize(facts.join('　'), 4.2, w * 0.4), {
      anchor: 'end',
      fill: SOFT,
    }),
  ]
}

const area = (m2: number): string =>
  m2 >= 1e6 ? `${(m2 / 1e6).toFixed(m2 < 1e7 ? 1 : 0)} 平方公里` : `${(m2 / 1e4).toFixed(1)} 公顷`

const mapRemark = ({ answer, groundSource }: SheetContext): string =>
  [
    answer.demo ? '示意数据，边界非行政区划界线' : '网格责任界线，不作为行政区划依据',
    '坐标 CGCS2000',
    groundSource && `底图 ${groundSource}`,
  ]
    .filter(Boolean)
    .join(' · ')

function superior({ above }: Notice, { x, y, h, w }: Area): Shape[] {
  const words = above
    .slice(0, 3)
    .map((p) => `${shortName(p.grid)}　${p.name}${p.phone ? `　${p.phone}` : ''}`)
    .join('；')
  if (!words) return []
  const whole = `上级网格长：${words}`
  return [middleText(whole, x, y + h / 2, fitSize(whole, 4.6, w), { fill: INK })]
}

function heading(words: string, { x, y, w }: Area): Shape[] {
  return [
    rect({ x, y, w: 1.6, h: 7 }, { fill: ACCENT }),
    middleText(words, x + 4.5, y + 3.5, 6.4, { weight: 700 }),
    line(
      [
        [x, y + 9.4],
        [x + w, y + 9.4],
      ],
      { stroke: RULE, width: 0.35 },
    ),
  ]
}

/** The size is the largest at which all duties fit. */
function duties(list: readonly string[], place: Area): Shape[] {
  const room = place.h - 12
  const sizes = [6.4, 6, 5.6, 5.2, 4.8, 4.4, 4, 3.6, 3.2, 2.8]
  const lay = (size: number) => list.map((words) => wrap(words, (place.w - size * 1.7) / size))
  const size = sizes.find((one) => lay(one).flat().length * one * 1.56 + list.length * one * 0.22 <= room) ?? 2.8
  let y = place.y + 13 + size * 0.5
  const shapes: Shape[] = heading('网格职责', place)
  for (const [i, lines] of lay(size).entries()) {
    shapes.push(middleText(`${i + 1}.`, place.x + size * 1.1, y, size, { weight: 700, anchor: 'end', fill: ACCENT }))
    for (const words of lines) {
      shapes.push(middleText(words, place.x + size * 1.7, y, size))
      y += size * 1.56
    }
    y += size * 0.22
  }
  return shapes
}

function report(link: string, { hotline, hotline_word }: SheetContext['answer'], place: Area): Shape[] {
  const upright = place.h > place.w * 0.6
  const frame = rect(place, { fill: TINT, stroke: ACCENT, width: 0.5 })
  const words = '扫码报告隐患'
  if (upright) {
    const side = Math.min(place.h - (hotline ? 21 : 13), place.w - 8)
    const code = { x: place.x + (place.w - side) / 2, y: place.y + 3, w: side, h: side }
    const cx = place.x + place.w / 2
    return [
      frame,
      rect(code, { fill: PAPER }),
      qrShape(link, code, INK),
      middleText(words, cx, code.y + side + 5.4, 6.4, { weight: 700, anchor: 'middle' }),
      ...(hotline
        ? [
            middleText(
              `${hotline_word ?? '举报电话'} ${hotline}`,
              cx,
              place.y + place.h - 4.4,
              fitSize(`${hotline_word ?? '举报电话'} ${hotline}`, 4.2, place.w - 6),
              { anchor: 'middle' },
            ),
          ]
        : []),
    ]
  }
  const side = place.h - 6
  const code = { x: place.x + 3, y: place.y + 3, w: side, h: side }
  const left = code.x + side + 7
  const room = place.x + place.w - left - 4
  return [
    frame,
    rect(code, { fill: PAPER }),
    qrShape(link, code, INK),
    middleText(words, left, place.y + place.h / 2 - 8, fitSize(words, 10, room), { weight: 700 }),
    middleText(
      '发现身边隐患，扫一扫即报网格',
      left,
      place.y + place.h / 2 + 2,
      fitSize('发现身边隐患，扫一扫即报网格', 4.6, room),
      { fill: SOFT },
    ),
    ...(hotline
      ? [
          middleText(
            `${hotline_word ?? '举报电话'} ${hotline}`,
            left,
            place.y + place.h / 2 + 10,
            fitSize(`${hotline_word ?? '举报电话'} ${hotline}`, 5.4, room),
            { weight: 700 },
          ),
        ]
      : []),
  ]
}

function foot({ issuer, date }: SheetContext['answer'], { x, y, w, h }: Area): Shape[] {
  const by = issuer ? `发布单位：${issuer}` : ''
  return [
    line(
      [
        [x, y],
        [x + w, y],
      ],
      { stroke: RULE, width: 0.35 },
    ),
    middleText(by, x, y + h / 2 + 0.6, fitSize(by, 5, w * 0.62), { weight: 700 }),
    middleText(`公示日期：${chineseDay(date)}`, x + w, y + h / 2 + 0.6, 5, { weight: 700, anchor: 'end' }),
  ]
}

/** Where the sheet is from, small, beside the legend. */
function source({ version, drawn_on }: Notice, { x, y, h }: Area): Shape[] {
  const words = `数据来源：安全网格一张图${drawn_on ? `　边界第 ${version} 版，${chineseDay(drawn_on)}起` : ''}`
  return [middleText(words, x, y + h / 2, 3.4, { fill: SOFT })]
}
