import { describe, expect, it } from 'vitest'
import { readQuery } from '../../../src/features/ledgers/ledger'
import {
  type BasicData,
  confirmDraft,
  corrections,
  dayOf,
  daysBetween,
  type Licence,
  listLinks,
  pressing,
  type RadarAxis,
  radarSeries,
  rebase,
  weakest,
} from '../../../src/features/portrait/portrait'

const axis = (key: string, score: number | null, median_score: number | null): RadarAxis => ({
  key,
  unit: 'point',
  better: 'less',
  full: 10,
  value: score,
  score,
  median: median_score,
  median_score,
  n: 9,
})
const licence = (state: Licence['state'], days: number | null): Licence => ({
  version: 1,
  id: `${state}${days}`,
  kind: 'fire',
  number: null,
  issuer: null,
  issued_on: null,
  expires_on: null,
  state,
  days,
})
const data: BasicData = {
  name: '甲厂',
  address: null,
  scale: 'small',
  legal_rep: '王',
  phone: '1',
  safety_lead: null,
  safety_phone: null,
  employees: 12,
  licence_expiry: null,
  status: 'active',
  lon: 117.05,
  lat: 40.15,
}

describe('the figures of a portrait', () => {
  it('open lists that the ledger understands as they are meant', () => {
    const id = '00000000-0000-4000-8000-000000000021'
    const links = listLinks({ id, since: '2025-11-22' })
    const filter = (link: string) => readQuery('hazards', Object.fromEntries(new URL(link, 'http://x').searchParams))
    expect(filter(links.open)).toEqual({ enterprise: id })
    expect(filter(links.major)).toEqual({ enterprise: id, severity: 'major' })
    expect(filter(links.overdue)).toEqual({ enterprise: id, overdue: true })
    expect(filter(links.closed)).toEqual({ enterprise: id, status: ['closed'], closed_from: '2025-11-22' })
    expect(filter(links.found)).toMatchObject({ enterprise: id, from: '2025-11-22' })
    expect(filter(links.found).status).not.toContain('rejected')
  })

  it('lie in the middle of the radar when nothing is known', () => {
    expect(radarSeries([axis('a', 80, 50), axis('b', null, null)])).toEqual({ own: [80, 0], median: [50, 0] })
  })

  it('name what is clearly worse than half of the sector, the widest gap first', () => {
    const axes = [
      axis('close', 40, 50),
      axis('worse', 20, 50),
      axis('worst', 0, 90),
      axis('none', null, 90),
      axis('alone', 0, null),
    ]
    expect(weakest(axes).map(({ key }) => key)).toEqual(['worst', 'worse'])
  })
})

it('the licences to do something about come in the order of their haste', () => {
  const all = [
    licence('valid', 400),
    licence('within_90', 80),
    licence('expired', -2),
    licence('within_30', 3),
    licence('unlimited', null),
    licence('expired', -9),
  ]
  expect(pressing(all).map(({ id }) => id)).toEqual(['expired-9', 'expired-2', 'within_303', 'within_9080'])
})

describe('a confirmation', () => {
  it('sends nothing but what was corrected, and null for what was emptied', () => {
    const draft = confirmDraft(data)
    expect(corrections(draft, data)).toEqual({})
    expect(corrections({ ...draft, phone: ' ', employees: '13', name: '甲厂 ' }, data)).toEqual({
      phone: null,
      employees: '13',
    })
  })

  it('keeps one’s own corrections upon what somebody else wrote meanwhile', () => {
    const draft = { ...confirmDraft(data), phone: '2', legal_rep: '' }
    const now = { ...data, phone: '9', employees: 20, legal_rep: '李' }
    const next = rebase(draft, data, now)
    expect(next).toMatchObject({ phone: '2', employees: '20', legal_rep: '' })
    expect(corrections(next, now)).toEqual({ phone: '2', legal_rep: null })
  })
})

it('a day is one in China', () => {
  expect(dayOf('2026-01-01T16:30:00Z', 'zh-CN')).toBe('2026年1月2日')
  expect(daysBetween('2026-01-01T00:00:00Z', '2026-01-03T23:00:00Z')).toBe(2)
})
