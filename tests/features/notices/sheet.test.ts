import { encode } from 'uqr'
import { describe, expect, test } from 'vitest'
import { chineseDay, fileName, type Notice, type NoticePerson, reportLink } from '../../../src/features/notices/notice'
import { placeNames } from '../../../src/features/notices/sheet/labels'
import { fitView, scaleBar } from '../../../src/features/notices/sheet/mapView'
import { noticeSheet, type SheetContext } from '../../../src/features/notices/sheet/noticeSheet'
import { arrange, peopleHeight, peopleShapes, seatsOf } from '../../../src/features/notices/sheet/peopleShapes'
import { qrShape } from '../../../src/features/notices/sheet/qrShape'
import { shortName } from '../../../src/features/notices/sheet/shortName'
import { type Area, charactersOf, type Shape, type Sheet, type TextShape } from '../../../src/ui/sheet/shapes'
import { fitSize, widthOf, wrap } from '../../../src/ui/sheet/words'

const box = (w: number, s: number, e: number, n: number): GeoJSON.Polygon => ({
  type: 'Polygon',
  coordinates: [
    [
      [w, s],
      [e, s],
      [e, n],
      [w, n],
      [w, s],
    ],
  ],
})
const person = (i: number, position: NoticePerson['position'] = 'member'): NoticePerson => ({
  user_id: String(i),
  name: `人员${i}`,
  title: '安全生产分管负责人',
  phone: '13900000000',
  position,
  photo_path: null,
})
const notice: Notice = {
  id: 1,
  code: '120119106',
  name: '别山镇',
  level: 2,
  kind: 'area',
  version: 3,
  area_m2: 72e6,
  population: 37374,
  outline: box(117.4, 39.9, 117.5, 40),
  center: [117.45, 39.95],
  path: ['蓟州区', '别山镇'],
  drawn_on: '2026-01-05',
  parent: { name: '蓟州区', outline: null },
  neighbours: [{ name: '邦均镇', outline: box(117.3, 39.9, 117.4, 40) }],
  children: [
    { name: '东村村民委员会', kind: 'area', outline: box(117.45, 39.9, 117.5, 40), center: null },
    { name: '西村', kind: 'area', outline: box(117.4, 39.9, 117.45, 40), center: null },
  ],
  people: [person(1, 'leader'), person(2, 'deputy'), person(3)],
  above: [{ grid: '蓟州区', name: '郑立功', phone: '13900000003' }],
  duties: ['每周至少巡查一次本网格，不漏一企一户。', '发现隐患当场提醒、及时上报。'],
}
const context: SheetContext = {
  answer: {
    date: '2026-11-22',
    county: '蓟州区',
    issuer: '蓟州区安委办',
    hotline: '12350',
    hotline_word: '举报电话',
    demo: true,
  },
  orientation: 'portrait',
  origin: 'https://safe.example.cn',
  ground: null,
  groundSource: '',
  photos: new Map(),
}
const flat = (shapes: readonly Shape[]): Shape[] => shapes.flatMap((s) => (s.kind === 'clip' ? flat(s.shapes) : [s]))
const texts = (shapes: readonly Shape[]) => flat(shapes).filter((s): s is TextShape => s.kind === 'text')
const wordsOf = (sheet: Sheet) => texts(sheet.shapes).map((s) => s.text)

function extent({ text, x, size, anchor, y }: TextShape): Area {
  const w = widthOf(text) * size
  const left = anchor === 'middle' ? x - w / 2 : anchor === 'end' ? x - w : x
  return { x: left, y: y - size * 0.88, w, h: size * 1.1 }
}

describe.each(['portrait', 'landscape'] as const)('the %s sheet', (orientation) => {
  const draw = (changes: Partial<Notice> = {}) => noticeSheet({ ...notice, ...changes }, { ...context, orientation })

  test('says whose grid it is, who answers, what for, when and from where', () => {
    const words = wordsOf(draw())
    for (const expected of [
      '别山镇',
      '二级网格',
      '人员1',
      '网格长',
      '副网格长',
      '网格员',
      '13900000000',
      '东村',
      '邦均镇',
      '发布单位：蓟州区安委办',
      '公示日期：2026年11月22日',
    ])
      expect(words).toContain(expected)
    expect(words.join('')).toMatch(/示意数据，边界非行政区划界线.*CGCS2000/)
    expect(words.join('')).toContain('安全生产网格公示牌')
    expect(words.join('')).toContain('边界第 3 版，2026年1月5日起')
    expect(words.join('')).toContain('举报电话 12350')
  })

  test('keeps every word inside the frame, however long the names and however many the people', () => {
    const crowded = draw({
      name: '特别特别长的一个街道办事处的网格名称',
      path: ['某某某某某某某某自治县', '特别特别长的一个街道办事处的网格名称'],
      people: Array.from({ length: 40 }, (_, i) => ({
        ...person(i, i ? 'member' : 'leader'),
        name: '迪丽热巴·买买提江',
      })),
      duties: Array.from({ length: 9 }, () => '掌握辖区生产经营单位底数，做到一企一档、归属到人，及时更新台账并上报。'),
    })
    for (const sheet of [draw(), crowded, draw({ people: [], duties: [], above: [], neighbours: [], children: [] })]) {
      for (const word of texts(sheet.shapes)) {
        const at = extent(word)
        expect([
          word.text,
          at.x >= 11 && at.x + at.w <= sheet.width - 11,
          at.y >= 11 && at.y + at.h <= sheet.height - 10,
        ]).toEqual([word.text, true, true])
      }
    }
  })

  test('shows the empty place of a leader', () => {
    expect(wordsOf(draw({ people: [person(1)] }))).toEqual(expect.arrayContaining(['网格长', '待任命', '人员1']))
  })

  test('draws a unit without an outline in its parent', () => {
    const unit = draw({
      kind: 'unit',
      outline: null,
      parent: { name: '东村', outline: box(117.4, 39.9, 117.5, 40) },
      children: [],
    })
    expect(wordsOf(unit)).toContain('单位网格')
    const mark = flat(unit.shapes).find(
      (s) => s.kind === 'path' && s.lines[0]?.length === 4 && s.stroke === '#ffffff' && s.width === 0.5,
    )
    expect(mark).toBeDefined()
  })
})

test('the code leads to the report form of the grid', () => {
  expect(reportLink('https://a.cn', '12 0/1')).toBe('https://a.cn/m/report?grid=12%200%2F1')
  const link = reportLink(context.origin, notice.code)
  const { data, size } = encode(link, { ecc: 'Q', border: 0 })
  const shape = qrShape(link, { x: 10, y: 20, w: 45, h: 45 }, '#000')
  const module = 45 / (size + 8)
  // read back as a camera would: is the middle of each module under a rectangle
  const dark = (column: number, row: number) => {
    const [x, y] = [10 + (column + 4.5) * module, 20 + (row + 4.5) * module]
    return shape.lines.some(([a, , c]) => x > a![0] && x < c![0] && y > a![1] && y < c![1])
  }
  const rows = Array.from({ length: size + 8 }, (_, i) => i - 4)
  const picture = (of: (column: number, row: number) => boolean) =>
    rows.map((row) => rows.map((column) => (of(column, row) ? '#' : '.')).join('')).join('\n')
  expect(picture(dark)).toBe(picture((column, row) => Boolean(data[row]?.[column])))
})

describe('people', () => {
  test('are arranged as large as the room allows, in it, for any number', () => {
    const room = { x: 20, y: 239, w: 257, h: 73 }
    for (let n = 1; n <= 60; n++) {
      const seats = seatsOf(
        Array.from({ length: n }, (_, i) => person(i, i ? 'member' : 'leader')),
        new Map(),
      )
      // a silhouette is cut off by its frame, so what lies in a clip is not looked at
      const points = peopleShapes(seats, room).flatMap((s) => (s.kind === 'path' ? s.lines.flat() : []))
      expect(Math.min(...points.map(([x]) => x))).toBeGreaterThanOrEqual(room.x - 0.01)
      expect(Math.max(...points.map(([x]) => x))).toBeLessThanOrEqual(room.x + room.w + 0.01)
      expect(Math.min(...points.map(([, y]) => y))).toBeGreaterThanOrEqual(room.y - 0.01)
      expect(Math.max(...points.map(([, y]) => y))).toBeLessThanOrEqual(room.y + room.h + 0.01)
      expect(peopleHeight(n, room)).toBeLessThanOrEqual(room.h)
    }
    expect(arrange(3, room)).toMatchObject({ columns: 3 })
  })

  test('too many to be read are counted, none is lost silently', () => {
    const seats = seatsOf(
      Array.from({ length: 60 }, (_, i) => person(i, i ? 'member' : 'leader')),
      new Map(),
    )
    const words = texts(peopleShapes(seats, { x: 0, y: 0, w: 257, h: 73 })).map((s) => s.text)
    const shown = words.filter((w) => w.startsWith('人员')).length
    expect(words).toContain(`另有 ${60 - shown} 人`)
  })

  test('a portrait stands where there is one', () => {
    const seats = seatsOf(
      [{ ...person(1, 'leader'), photo_path: 'a/b.jpg' }],
      new Map([['a/b.jpg', 'data:image/jpeg;base64,AA']]),
    )
    const images = flat(peopleShapes(seats, { x: 0, y: 0, w: 100, h: 60 })).filter((s) => s.kind === 'image')
    expect(images).toMatchObject([{ href: 'data:image/jpeg;base64,AA' }])
  })
})

describe('the map', () => {
  const view = fitView([117.4, 39.9, 117.5, 40], { x: 0, y: 0, w: 200, h: 100 })

  test('keeps proportions: a kilometre north is as long as a kilometre east', () => {
    const [x0, y0] = view.toPaper([117.45, 39.95])
    const [x1] = view.toPaper([117.45 + 0.01 / Math.cos((39.95 * Math.PI) / 180), 39.95])
    const [, y1] = view.toPaper([117.45, 39.96])
    expect(x1! - x0!).toBeCloseTo(y0! - y1!, 6)
    const bar = scaleBar(view, 40)
    expect(bar.mm).toBeLessThanOrEqual(40)
    expect(bar.mm).toBeGreaterThan(10)
    expect(bar.metres / bar.mm).toBeCloseTo(view.metresPerMm, 9)
  })

  test('names lie inside, apart, and the first come first', () => {
    const names = Array.from({ length: 100 }, (_, i) => {
      const [x, y] = [117.4 + (i % 10) * 0.01, 39.9 + Math.floor(i / 10) * 0.01]
      return {
        words: `第${i}村`,
        outline: box(x, y, x + 0.01, y + 0.01),
        size: 5,
        least: 2,
        look: { weight: 700 as const, fill: '#000' },
      }
    })
    const taken = [{ x: 60, y: 0, w: 30, h: 30 }]
    const placed = placeNames(names, view, taken)
    expect(placed.length).toBeGreaterThan(60)
    const areas = placed.map(extent)
    for (const [i, a] of areas.entries()) {
      expect(a.x).toBeGreaterThanOrEqual(0)
      for (const b of areas.slice(i + 1)) {
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y + 0.3 || b.y + b.h <= a.y + 0.3
        expect(apart).toBe(true)
      }
    }
  })
})

describe('words', () => {
  test('break anywhere but before a closing mark, and never inside a number', () => {
    expect(wrap('一二三四，五', 4)).toEqual(['一二三四，', '五'])
    expect(wrap('电话 13900000001 号', 5)).toEqual(['电话', '13900000001', '号'])
    expect(wrap('', 5)).toEqual([])
    for (const width of [3, 5, 8, 13]) {
      const words = '掌握辖区生产经营单位底数，做到一企一档、归属到人。'
      expect(wrap(words, width).join('')).toBe(words)
    }
  })

  test('shrink to their room', () => {
    expect(fitSize('四个汉字', 10, 100)).toBe(10)
    expect(fitSize('四个汉字', 10, 20)).toBe(5)
    expect(shortName('盘山村村民委员会')).toBe('盘山村')
    expect(chineseDay('2026-01-05')).toBe('2026年1月5日')
    expect(fileName('a/b:c', 'pdf')).toBe('a_b_c.pdf')
  })

  test('every character of the sheets is known before they are drawn', () => {
    const characters = charactersOf([noticeSheet(notice, context)])
    for (const c of '安全生产网格公示牌别山镇北') expect(characters).toContain(c)
  })
})
