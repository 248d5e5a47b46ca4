// The briefing as a document: every sentence is made of figures, each figure knows the list it counts. One document for
// the screen, the printer, the PDF and the message. Pure.
import { LEVEL_GLYPH, toLevel } from '../../map/levels'
import { formatNumber } from '../../ui/number'
import {
  type Briefing,
  type Compared,
  dayWords,
  HARMS,
  type Harm,
  type Person,
  shownIndex,
  type Target,
} from './briefing'

/** A piece of a sentence; with a target it is a figure that opens its records. */
export interface Run {
  text: string
  to?: Target
  strong?: boolean
}

export type Block =
  | { kind: 'text'; runs: Run[] }
  | { kind: 'items'; items: Run[][] }
  | { kind: 'table'; columns: { head: string; part: number; right?: boolean }[]; rows: Run[][] }

export interface Section {
  heading: string
  blocks: Block[]
  sources: Run[]
}

export interface BriefingDocument {
  title: string
  /** Period and scope. */
  head: string
  asOf: string
  sections: Section[]
  notes: string[]
  maker: string
}

export interface Words {
  t: (key: string, values?: Record<string, unknown>) => string
  locale: string
}

export interface Setting {
  /** Who makes it. */
  maker: string
  demo: boolean
  /** The moment in words of the county. */
  time: string
}

type Value = string | number | Run

const MOST_ITEMS = 5
const VALID = 'reported,verified,assigned,rectifying,submitted,closed'

/** The document of a briefing in the words of a language. */
export function documentOf(b: Briefing, words: Words, setting: Setting): BriefingDocument {
  const w = writer(words)
  const { t } = words
  const scope = [
    b.scope.trail.map(({ name }) => name).join(' › '),
    b.scope.sector?.name ?? t(b.scope.sectors ? 'briefing.ownSectors' : 'briefing.allSectors'),
  ].join('　')
  const from = links(b)
  const sections = [
    overall(b, w, from),
    grids(b, w, from),
    sectors(b, w, from),
    hazards(b, w, from),
    accidents(b, w, from),
    duty(b, w, from),
    next(b, w, from),
  ]
  return {
    title: t('briefing.title', { name: b.scope.grid.name }),
    head: t('briefing.head', {
      from: dayWords(b.period.from, words.locale),
      to: dayWords(b.period.to, words.locale),
      days: b.period.days,
      scope,
    }),
    asOf: b.live
      ? t('briefing.asOf', { time: setting.time })
      : t('briefing.asOfDay', { day: dayWords(b.period.to, words.locale) }),
    sections: sections.filter((section) => section.blocks.length > 0),
    notes: [
      ...(b.scope.sectors ? [t('briefing.limited', { names: b.scope.sectors.join(t('briefing.comma')) })] : []),
      t('briefing.foot', { on: dayWords(b.risk.before.on, words.locale) }),
      ...(setting.demo ? [t('briefing.demo')] : []),
    ],
    maker: t('briefing.maker', { name: setting.maker }),
  }
}

type Writer = ReturnType<typeof writer>

/** Sentences whose values may be figures with a link. */
function writer({ t, locale }: Words) {
  const number = (value: number, digits = 1) => formatNumber(value, locale, digits)
  const say = (key: string, values: Record<string, Value> = {}): Run[] => {
    const runs: Run[] = []
    const named = Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        if (typeof value !== 'object') return [name, typeof value === 'number' ? number(value) : value]
        runs.push(value)
        return [name, `\u0001${runs.length - 1}\u0001`]
      }),
    )
    return t(`briefing.${key}`, named)
      .split('\u0001')
      .flatMap((piece, i) => {
        const run = i % 2 ? runs[Number(piece)] : { text: piece }
        return run?.text ? [run] : []
      })
  }
  return {
    t,
    locale,
    number,
    say,
    /** A figure that opens what it counts. */
    figure: (value: number, to?: Target | null, digits = 1): Run => ({
      text: number(value, digits),
      strong: true,
      ...(to ? { to } : {}),
    }),
    level: (level: number): Run => ({
      text: `${LEVEL_GLYPH[toLevel(level)]} ${t(`briefing.level.${toLevel(level)}`)}`,
      strong: true,
    }),
    index: (index: number): string => shownIndex(index).toFixed(1),
    day: (iso: string) => dayWords(iso, locale),
    person: (person: Person | null): string =>
      person ? `${person.name}${person.phone ? ` ${person.phone}` : ''}` : '',
    factor: (factor: string): string => t(`riskWhy.factor.${factor}`),
  }
}

/** How a figure moved, as one of three words; `by` is rounded as it is shown. */
const movedKey = (now: number, before: number, keys: readonly [string, string, string], digits = 0) => {
  const by = Math.round((now - before) * 10 ** digits) / 10 ** digits
  return { key: keys[by > 0 ? 0 : by < 0 ? 1 : 2], n: Math.abs(by) }
}
const arrow = (now: number, before: number, digits: number): string => {
  const by = Math.round((now - before) * 10 ** digits) / 10 ** digits
  return by > 0 ? `↑${by.toFixed(digits)}` : by < 0 ? `↓${Math.abs(by).toFixed(digits)}` : '–'
}

/** Which list counts what; of what was open on a past day the map has the reasons with their records. */
function links(b: Briefing) {
  const scope = { grid: b.scope.grid.code, ...(b.scope.sector ? { sector: String(b.scope.sector.id) } : {}) }
  const { from, to } = b.period
  const list = (path: string, query: Record<string, string> = {}): Target => ({ path, query: { ...scope, ...query } })
  const map = list('/map', b.live ? {} : { on: to })
  const now = (query: Record<string, string> = {}): Target => (b.live ? list('/hazards', query) : map)
  return {
    now,
    red: b.live ? list('/enterprises', { level: '1' }) : map,
    map,
    matrix: { path: '/industries', query: { grid: scope.grid, ...(b.live ? {} : { on: to }) } },
    found: (query: Record<string, string> = {}) => list('/hazards', { from, to, status: VALID, ...query }),
    closed: list('/hazards', { status: 'closed', closed_from: from, closed_to: to }),
    foundClosed: list('/hazards', { from, to, status: 'closed', closed_to: to }),
    accidents: (span: { from: string; to: string }, harm: Harm) =>
      list('/accidents', { ...span, ...(harm === 'accidents' ? {} : { harm }) }),
    warnings: (query: Record<string, string>) => list('/warnings', query),
    people: { path: `/people/${encodeURIComponent(b.scope.grid.code)}`, query: {} },
    grid: (code: string, sector?: number): Target => ({
      path: '/map',
      query: { ...scope, grid: code, ...(sector ? { sector: String(sector) } : {}), ...(b.live ? {} : { on: to }) },
    }),
  }
}
type Links = ReturnType<typeof links>

const text = (...runs: Run[][]): Block => ({ kind: 'text', runs: runs.flat() })
const section = (w: Writer, heading: string, blocks: Block[], sources: [string, Target | null][]): Section => ({
  heading: w.t(`briefing.h.${heading}`),
  blocks,
  sources: sources.flatMap(([name, to]) => (to ? [{ text: w.t(`briefing.source.${name}`), to }] : [])),
})

function overall(b: Briefing, w: Writer, from: Links): Section {
  const { risk, levels } = b
  const start = movedKey(risk.index, risk.before.index, ['startUp', 'startDown', 'startSame'], 1)
  const stock = movedKey(risk.open, risk.before.open, ['startMore', 'startLess', 'startEven'])
  const gravest = risk.parts.filter(({ points }) => points > 0).slice(0, 4)
  const named = (list: number[]) => ({ n1: list[1] ?? 0, n2: list[2] ?? 0, n3: list[3] ?? 0, n4: list[4] ?? 0 })
  const first = w.say('overall', {
    name: b.scope.grid.name,
    index: { text: w.index(risk.index), strong: true, to: from.map },
    level: w.level(risk.level),
    moved: w.t(`briefing.${start.key}`, { n: start.n, on: w.day(risk.before.on) }),
  })
  // only what made the level what it is
  const vetoes = risk.vetoes
    .filter(({ level }) => level === risk.level)
    .flatMap(({ rule, count }) =>
      w.say(`veto.${rule}`, {
        n: w.figure(count, rule === 'overdue_major' ? from.now({ severity: 'major', overdue: 'true' }) : null),
      }),
    )
  const parts = gravest.length
    ? w.say('parts', {
        points: w.number(risk.points),
        parts: gravest
          .map(({ factor, count, points }) =>
            w.t('briefing.part', {
              factor: w.factor(factor),
              count: w.number(count),
              share: w.number((100 * points) / risk.points, 0),
            }),
          )
          .join(w.t('briefing.comma')),
      })
    : []
  const open = w.say('stock', {
    open: w.figure(risk.open, from.now()),
    moved: w.t(`briefing.${stock.key}`, { n: stock.n }),
    major: w.figure(risk.major, from.now({ severity: 'major' })),
    overdue: w.figure(risk.overdue, from.now({ overdue: 'true' })),
    red: w.figure(risk.red_enterprises, from.red),
  })
  const below = levels.count ? w.say('levels', { count: levels.count, ...named(levels.now) }) : []
  const moved =
    levels.count && levels.now.join() !== levels.before.join() ? w.say('levelsMoved', named(levels.before)) : []
  return section(
    w,
    'overall',
    [text(first, vetoes, parts), text(open, below, moved)],
    [
      ['map', from.map],
      ['hazards', from.now()],
    ],
  )
}

const figuresOf = (w: Writer, row: { open: number; major: number; overdue: number }): string =>
  [row.open, row.major, row.overdue].map((n) => w.number(n)).join('/')

function grids(b: Briefing, w: Writer, from: Links): Section {
  const rows = b.grids.map((grid): Run[] => [
    w.level(grid.level),
    { text: grid.name, to: from.grid(grid.code) },
    { text: w.index(grid.index) },
    { text: arrow(grid.index, grid.before, 1) },
    {
      text: grid.parts.map(({ factor, count }) => `${w.factor(factor)} ${w.number(count)}`).join(w.t('briefing.comma')),
    },
    { text: figuresOf(w, grid) },
    { text: w.person(grid.leader) || w.t('briefing.noLeader') },
  ])
  const col = (key: string, part: number, right = false) => ({ head: w.t(`briefing.col.${key}`), part, right })
  const columns = [
    col('level', 1.3),
    col('grid', 1.8),
    col('index', 1, true),
    col('moved', 1.2, true),
    col('why', 6.7),
    col('hazards', 2.7, true),
    col('leader', 3.2),
  ]
  return section(w, 'grids', rows.length ? [{ kind: 'table', columns, rows }] : [], [['map', from.map]])
}

function sectors(b: Briefing, w: Writer, from: Links): Section {
  const rows = b.sectors
    .slice(0, MOST_ITEMS)
    .map((sector): Run[] => [
      w.level(sector.level),
      { text: sector.name, to: from.grid(b.scope.grid.code, sector.id) },
      { text: w.index(sector.index) },
      { text: arrow(sector.index, sector.before, 1) },
      { text: figuresOf(w, sector) },
      { text: sector.department?.name ?? w.t('briefing.noDepartment') },
      { text: w.person(sector.officer) || w.t('briefing.none') },
    ])
  const col = (key: string, part: number, right = false) => ({ head: w.t(`briefing.col.${key}`), part, right })
  const columns = [
    col('level', 1.35),
    col('sector', 2.4),
    col('index', 1.1, true),
    col('moved', 1.3, true),
    col('hazards', 2.7, true),
    col('department', 4),
    col('officer', 3.4),
  ]
  return section(w, 'sectors', rows.length ? [{ kind: 'table', columns, rows }] : [], [['matrix', from.matrix]])
}

function hazards(b: Briefing, w: Writer, from: Links): Section {
  const { hazards } = b
  const found = movedKey(hazards.new, hazards.before.new, ['more', 'less', 'even'])
  const closed = movedKey(hazards.closed, hazards.before.closed, ['more', 'less', 'even'])
  const sentences = [
    ...w.say('found', {
      new: w.figure(hazards.new, from.found()),
      moved: w.t(`briefing.${found.key}`, { n: found.n }),
      major: w.figure(hazards.new_major, from.found({ severity: 'major' })),
    }),
    ...w.say('closed', {
      closed: w.figure(hazards.closed, from.closed),
      moved: w.t(`briefing.${closed.key}`, { n: closed.n }),
    }),
    // a rate of nothing says nothing
    ...(hazards.new
      ? w.say('rate', {
          n: w.figure(hazards.new_closed, from.foundClosed),
          rate: w.number((100 * hazards.new_closed) / hazards.new, 1),
        })
      : []),
  ]
  return section(w, 'hazards', [text(sentences)], [['hazards', from.found()]])
}

function accidents(b: Briefing, w: Writer, from: Links): Section {
  const { period, year } = b.accidents
  const none = [period, year].every(({ figures }) => HARMS.every((harm) => !figures[harm].now && !figures[harm].before))
  const sources: [string, Target][] = [['accidents', from.accidents(year.period, 'accidents')]]
  if (none) return section(w, 'accidents', [text(w.say('noAccidents'))], sources)
  const inUnit = (harm: Harm, value: number) => (harm === 'loss' ? value / 10_000 : value)
  const pair = (compared: Compared, harm: Harm): Run[] => {
    const { now, before } = compared.figures[harm]
    return [
      w.figure(inUnit(harm, now), from.accidents(compared.period, harm)),
      w.figure(inUnit(harm, before), from.accidents(compared.before, harm)),
    ]
  }
  const rows = HARMS.map((harm): Run[] => {
    const { now, before } = year.figures[harm]
    const by = Math.round((inUnit(harm, now) - inUnit(harm, before)) * 10) / 10
    const moved = by > 0 ? `↑${w.number(by)}` : by < 0 ? `↓${w.number(-by)}` : '–'
    return [{ text: w.t(`briefing.harm.${harm}`) }, ...pair(period, harm), ...pair(year, harm), { text: moved }]
  })
  const col = (key: string, part: number, right = true) => ({ head: w.t(`briefing.col.${key}`), part, right })
  const columns = [
    col('what', 3, false),
    col('now', 2),
    col('before', 2),
    col('year', 2),
    col('before', 2),
    col('change', 2),
  ]
  return section(w, 'accidents', [{ kind: 'table', columns, rows }], sources)
}

function duty(b: Briefing, w: Writer, from: Links): Section {
  const { warnings, duties } = b
  const span = { from: b.period.from, to: b.period.to }
  const raised = w.say('warnings', {
    raised: w.figure(warnings.raised, from.warnings({ ...span, state: 'all' })),
    handled: w.figure(warnings.handled, from.warnings({ ...span, state: 'handled' })),
    wrong: w.figure(warnings.false_alarm, from.warnings({ ...span, state: 'false_alarm' })),
    open: w.figure(warnings.raised_open, from.warnings({ ...span, state: 'open' })),
  })
  const open = b.live ? w.say('warningsOpen', { n: w.figure(warnings.open, from.warnings({ state: 'open' })) }) : []
  const done = duties?.required
    ? w.say('duties', {
        required: duties.required,
        done: duties.done,
        missed: w.figure(duties.missed),
        rate: w.number((100 * duties.done) / duties.required, 1),
      })
    : []
  const four = duties ? w.say('fourWeeks', { n: w.figure(b.risk.duties_missed, from.map) }) : []
  const worst = (duties?.grids ?? []).slice(0, 2).map(({ name, missed, leader }) =>
    w.t('briefing.times', {
      grid: name,
      n: missed,
      leader: leader
        ? w.t('briefing.leaderIs', { name: leader.name, phone: leader.phone ? ` ${leader.phone}` : '' })
        : w.t('briefing.noLeader'),
    }),
  )
  const missed = worst.length ? w.say('dutiesMissed', { list: worst.join(w.t('briefing.comma')) }) : []
  const blocks = [text(raised, open), text(done, four, missed)].filter(
    (block) => block.kind === 'text' && block.runs.length > 0,
  )
  return section(w, 'duty', blocks, [
    ['warnings', from.warnings({ ...span, state: 'all' })],
    ['map', duties ? from.map : null],
  ])
}

function next(b: Briefing, w: Writer, from: Links): Section {
  if (!b.next) return section(w, 'next', [], [])
  const { majors, vacant, unowned } = b.next
  // late ones first, as many as leave the rest of the page its room
  const shown = [
    ...majors.rows.filter(({ overdue }) => overdue).slice(0, MOST_ITEMS),
    ...majors.rows.filter(({ overdue }) => !overdue),
  ].slice(0, MOST_ITEMS + 1)
  const rows = shown.map((row): Run[] => {
    const date = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(row.due_at))
    const term = row.overdue ? 'late' : row.days === 0 ? 'dueToday' : 'left'
    return [
      { text: row.title, to: { path: `/hazards/${row.id}`, query: {} } },
      { text: row.enterprise ?? row.grid },
      { text: date },
      { text: w.t(`briefing.${term}`, { n: row.days }), strong: row.overdue },
      { text: row.person ? `${row.person}${row.phone ? ` ${row.phone}` : ''}` : w.t('briefing.none') },
      {
        text: row.leader
          ? `${row.leader.name}${row.leader.phone ? ` ${row.leader.phone}` : ''}`
          : w.t('briefing.noLeader'),
      },
    ]
  })
  const col = (key: string, part: number, right = false) => ({ head: w.t(`briefing.col.${key}`), part, right })
  const columns = [
    col('hazard', 4.4),
    col('unit', 4.6),
    col('due', 2),
    col('term', 1.9),
    col('person', 1.8),
    col('grid_leader', 3),
  ]
  const items: Run[][] = []
  const left = majors.overdue - shown.filter(({ overdue }) => overdue).length
  if (left > 0) items.push(w.say('majorMore', { n: w.figure(left, from.now({ severity: 'major', overdue: 'true' })) }))
  if (b.warnings.open)
    items.push(w.say('openWarnings', { n: w.figure(b.warnings.open, from.warnings({ state: 'open' })) }))
  if (unowned.length)
    items.push(
      w.say('unowned', {
        list: unowned
          .map(({ name, enterprises, open }) =>
            w.t('briefing.unownedOne', { name, enterprises: w.number(enterprises), open: w.number(open) }),
          )
          .join(w.t('briefing.semicolon')),
      }),
    )
  if (vacant.count)
    items.push(
      w.say('vacant', {
        n: w.figure(vacant.count, from.people),
        list: vacant.rows.map(({ name }) => name).join(w.t('briefing.comma')),
        etc: vacant.count > vacant.rows.length ? w.t('briefing.etc') : '',
      }),
    )
  const blocks: Block[] = [
    ...(rows.length
      ? [
          text(
            w.say('majors', {
              overdue: w.figure(majors.overdue, from.now({ severity: 'major', overdue: 'true' })),
              soon: majors.soon,
            }),
          ),
          { kind: 'table' as const, columns, rows },
        ]
      : []),
    ...(items.length ? [{ kind: 'items' as const, items }] : []),
  ]
  return section(w, 'next', blocks, [
    ['hazards', from.now({ severity: 'major', overdue: 'true' })],
    ['people', vacant.count ? from.people : null],
  ])
}

const NUMBERS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']

/** 一、总体情况; 1. Overall. */
export const headingOf = (i: number, heading: string, locale: string): string =>
  locale.startsWith('zh') ? `${NUMBERS[i] ?? i + 1}、${heading}` : `${i + 1}. ${heading}`

const plain = (runs: readonly Run[]): string => runs.map(({ text: words }) => words).join('')

/** The same as a message of plain text. */
export function textOf(document: BriefingDocument, locale: string): string {
  const lines = [document.title, document.head, document.asOf, '']
  for (const [i, { heading, blocks }] of document.sections.entries()) {
    lines.push(headingOf(i, heading, locale))
    for (const block of blocks) {
      if (block.kind === 'text') lines.push(plain(block.runs))
      else if (block.kind === 'items') lines.push(...block.items.map((runs, n) => `${n + 1}. ${plain(runs)}`))
      else
        lines.push(
          ...block.rows.map((row) =>
            row.map(({ text: words }, n) => (n < 2 ? words : `${block.columns[n]?.head ?? ''} ${words}`)).join('，'),
          ),
        )
    }
    lines.push('')
  }
  return [...lines, ...document.notes, document.maker].join('\n')
}
