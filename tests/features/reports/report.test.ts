import { describe, expect, it } from 'vitest'
import type { OutboxEntry } from '../../../src/db/outbox'
import { fitted } from '../../../src/features/reports/photo'
import {
  argsOf,
  firstWords,
  isEmpty,
  likeliestFirst,
  missing,
  newId,
  newReport,
  type Report,
  sourceOf,
  suggestTitles,
} from '../../../src/features/reports/report'
import { canTake, hazardOf, progressOf, titleOf } from '../../../src/features/reports/sent'

const blob = new Blob(['x'], { type: 'image/jpeg' })
const whole = (): Report => ({
  ...newReport(),
  at: [117.123456789, 40.1],
  place: 'gps',
  accuracy: 9,
  sector: 3,
  title: ' 消防通道堵塞 ',
  photos: [{ id: 'p1', blob }],
})

describe('a report', () => {
  it('has an id that the database takes, a new one each time', () => {
    const ids = Array.from({ length: 200 }, newId)
    expect(new Set(ids).size).toBe(200)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('names what is missing in the order of the page', () => {
    expect(missing(newReport())).toEqual(['place', 'sector', 'title'])
    expect(missing(whole())).toEqual([])
    expect(missing({ ...whole(), place: 'guess' })).toEqual(['place'])
    expect(missing({ ...whole(), title: '长'.repeat(121), description: '长'.repeat(4001) })).toEqual([
      'titleLong',
      'descriptionLong',
    ])
    expect(missing({ ...whole(), title: '长'.repeat(120) })).toEqual([])
  })

  it('becomes the argument of report_hazard', () => {
    const report = whole()
    const found = new Date('2026-03-01T08:00:00Z')
    expect(argsOf(report, 'patrol', found)).toEqual({
      client_id: report.client_id,
      title: '消防通道堵塞',
      description: '',
      lon: 117.1234568,
      lat: 40.1,
      sector: '3',
      severity: 'general',
      source: 'patrol',
      photos: [`${report.client_id}/p1.jpg`],
      found_at: '2026-03-01T08:00:00.000Z',
    })
    expect(argsOf({ ...report, enterprise_id: 'e' }, 'patrol', found)).toMatchObject({ enterprise_id: 'e' })
    expect(argsOf({ ...report, category: 12 }, 'patrol', found)).toMatchObject({ category: '12' })
    // begun before there were categories
    const { category: _none, ...older } = report
    expect(argsOf(older as Report, 'patrol', found)).not.toHaveProperty('category')
    expect(() => argsOf(newReport(), 'patrol', found)).toThrow()
  })

  it('a place alone is nothing to keep', () => {
    expect(isEmpty({ ...newReport(), at: [117, 40], place: 'gps' })).toBe(true)
    expect(isEmpty({ ...newReport(), description: '漏油' })).toBe(false)
    expect(isEmpty({ ...newReport(), photos: [{ id: 'p', blob }] })).toBe(false)
  })

  it('says where it comes from by what the person is', () => {
    const nobody = { positions: [], departments: [], enterprises: [] }
    expect(sourceOf({ ...nobody, positions: [{ position: 'member' }, { position: 'leader' }] })).toBe('patrol')
    expect(sourceOf({ ...nobody, positions: [{ position: 'leader' }], enterprises: [1] })).toBe('inspection')
    expect(sourceOf({ ...nobody, departments: [1], enterprises: [1] })).toBe('department')
    expect(sourceOf({ ...nobody, enterprises: [1] })).toBe('enterprise')
    expect(sourceOf(nobody)).toBe('inspection')
  })
})

describe('titles', () => {
  const known = ['灭火器压力不足', '消防通道被占用', '配电箱门未关']
  it('begin with the most frequent, and with the likest once something is written', () => {
    expect(suggestTitles(known, '')).toEqual(known)
    expect(suggestTitles(known, '通道被货物堵了')[0]).toBe('通道被货物堵了')
    expect(suggestTitles(known, '通道')[0]).toBe('消防通道被占用')
  })
  it('are the first words of what was written, cut where a title ends', () => {
    expect(firstWords('氧气瓶与乙炔瓶间距不足，现场无人看管。')).toBe('氧气瓶与乙炔瓶间距不足')
    expect([...firstWords('长'.repeat(80))]).toHaveLength(30)
    expect(firstWords('  ')).toBe('')
  })
})

it('sectors and categories: the likely ones first, each once, the others in their order', () => {
  const all = [1, 2, 3, 4].map((id) => ({ id }))
  expect(likeliestFirst(all, [3, 9, 3, 2]).map(({ id }) => id)).toEqual([3, 2, 1, 4])
})

it('photos fit into 1600 pixels and are never made larger', () => {
  expect(fitted(4000, 3000)).toEqual({ width: 1600, height: 1200 })
  expect(fitted(3000, 4000)).toEqual({ width: 1200, height: 1600 })
  expect(fitted(800, 600)).toEqual({ width: 800, height: 600 })
  expect(fitted(10_000, 3)).toEqual({ width: 1600, height: 1 })
})

describe('an entry of the outbox', () => {
  const entry = (part: Partial<OutboxEntry>): OutboxEntry => ({
    id: 'i',
    user_id: 'u',
    call: 'report_hazard',
    args: { p_hazard: { title: '漏油' } },
    files: [
      { bucket: 'hazards', path: 'i/a.jpg', blob, sent: true },
      { bucket: 'hazards', path: 'i/b.jpg', blob, sent: false },
    ],
    state: 'waiting',
    reason: null,
    asked: false,
    tries: 0,
    next_at: 0,
    made_at: '2026-03-01T08:00:00Z',
    done_at: null,
    answer: null,
    ...part,
  })
  it('says where it stands', () => {
    expect(progressOf(entry({}))).toEqual({ word: 'waiting', sent: 1, total: 2 })
    expect(progressOf(entry({ reason: { kind: 'signIn', message: '' } })).word).toBe('signIn')
    expect(progressOf(entry({ reason: { kind: 'offline', message: '' } })).word).toBe('waiting')
    expect(progressOf(entry({ state: 'failed', reason: { kind: 'refused', message: '' } })).word).toBe('failed')
    expect(titleOf(entry({}))).toBe('漏油')
  })
  it('can be taken back as long as the server cannot have it', () => {
    expect(canTake(entry({}))).toBe(true)
    expect(canTake(entry({ asked: true }))).toBe(false)
    expect(canTake(entry({ state: 'failed' }))).toBe(true)
    expect(canTake(entry({ state: 'sending' }))).toBe(false)
    expect(canTake(entry({ state: 'done' }))).toBe(false)
  })
  it('names the hazard it has become', () => {
    expect(hazardOf(entry({}))).toBeNull()
    expect(hazardOf(entry({ answer: { status: 'ok', hazard: { code: 'YH-20260301-0001' } } }))?.code).toBe(
      'YH-20260301-0001',
    )
  })
})
