import { describe, expect, it } from 'vitest'
import { makeDemo } from '../../supabase/seed/index'
import { ACCOUNTS, DEMO_VILLAGE } from '../../supabase/seed/rows/accounts'
import { categoryOf } from '../../supabase/seed/rows/hazardCategories'
import { HAZARD_KINDS, VILLAGE_HAZARDS } from '../../supabase/seed/rows/hazardKinds'
import { DAY } from '../../supabase/seed/rows/hazards'
import { covers } from '../../supabase/seed/rows/places'
import { levelOfLec, levelOfLs } from '../../supabase/seed/rows/riskPoints'
import { DEPARTMENTS, SECTORS } from '../../supabase/seed/rows/sectors'
import { hazardRows } from '../../supabase/seed/sql'

const today = new Date('2026-11-21T09:00:00Z')
const demo = makeDemo(today)
const open = demo.hazards.filter((h) => h.state !== 'closed' && h.state !== 'rejected')

describe('the rows of the demo county', () => {
  it('are the same all day, and live on with the day', { timeout: 60_000 }, () => {
    expect(JSON.stringify(makeDemo(new Date('2026-11-21T15:59:00Z')).hazards)).toBe(JSON.stringify(demo.hazards))
    const later = makeDemo(new Date('2026-11-22T09:00:00Z'))
    expect(later.hazards.at(-1)!.found_at).toBeGreaterThan(demo.hazards.at(-1)!.found_at)
    expect(later.enterprises).toEqual(demo.enterprises)
  })

  it('count as the county does', () => {
    expect(demo.enterprises).toHaveLength(3_000)
    expect(demo.enterprises.filter((e) => e.sector === 'hazchem')).toHaveLength(67)
    expect(demo.enterprises.filter((e) => e.grid_code === null)).toHaveLength(6)
    expect(demo.hazards).toHaveLength(1_652 * 3)
    expect(open.length).toBeGreaterThanOrEqual(230)
    expect(open.length).toBeLessThanOrEqual(370)
    const overdue = open.filter((h) => h.due_at !== null && h.due_at < today.getTime())
    expect(overdue.length).toBeGreaterThan(30)
    expect(overdue.length).toBeLessThan(open.length / 2)
    const major = open.filter((h) => h.severity === 'major')
    expect(major.length).toBeGreaterThanOrEqual(12)
    expect(major.length).toBeLessThanOrEqual(32)
    expect(major.some((h) => h.assurance_person) && major.some((h) => !h.assurance_person)).toBe(true)
    expect(major.some((h) => h.listed_level)).toBe(true)
  })

  it('say of each hazard what kind it is, but for some of the general ones', () => {
    const without = demo.hazards.filter(({ category }) => category === null)
    expect(without.length).toBeGreaterThan(200)
    expect(without.length).toBeLessThan(450)
    expect(without.every(({ severity }) => severity === 'general')).toBe(true)
    // the same finding is of one kind wherever it is made
    const kinds = new Map<string, Set<string>>()
    for (const { title, category } of demo.hazards)
      if (category) kinds.set(title, (kinds.get(title) ?? new Set()).add(category))
    expect([...kinds].filter(([, codes]) => codes.size > 1)).toEqual([])
    expect(new Set([...kinds.values()].flatMap((codes) => [...codes])).size).toBe(15)
    const titles = [
      ...Object.values(HAZARD_KINDS).flatMap(({ general, major }) => [...general, ...major].map(([title]) => title)),
      ...VILLAGE_HAZARDS.map(([, title]) => title),
    ]
    for (const title of titles) expect(() => categoryOf(title), title).not.toThrow()
  })

  it('have 18 sectors, each with a department but one', () => {
    expect(SECTORS).toHaveLength(18)
    const departments = new Set(DEPARTMENTS.map(([code]) => code))
    for (const { department } of SECTORS) if (department) expect(departments.has(department)).toBe(true)
    expect(SECTORS.filter((s) => s.department === null).map((s) => s.name)).toEqual(['其他'])
  })

  it('put every enterprise inside its village, and nobody’s outside every village', () => {
    const villages = new Map(demo.county.villages.map((v) => [v.code, v]))
    for (const e of demo.enterprises) {
      if (e.grid_code) expect(covers(villages.get(e.grid_code)!, [e.lon, e.lat]), e.name).toBe(true)
      else
        expect(
          demo.county.villages.some((v) => covers(v, [e.lon, e.lat])),
          e.name,
        ).toBe(false)
    }
  })

  it('put every hazard inside its village', () => {
    const villages = new Map(demo.county.villages.map((v) => [v.code, v]))
    for (const h of demo.hazards)
      if (h.grid_code) expect(covers(villages.get(h.grid_code)!, [h.lon, h.lat]), h.code).toBe(true)
  })

  it('name each enterprise and number it once', () => {
    for (const key of ['id', 'code', 'name'] as const) {
      expect(new Set(demo.enterprises.map((e) => e[key])).size).toBe(demo.enterprises.length)
    }
    for (const { code } of demo.enterprises) expect(code).toMatch(/^[0-9A-HJ-NPQRTUWXY]{18}$/)
  })

  it('give an enterprise the level of its worst risk point', () => {
    const worst = new Map<string, number>()
    for (const p of demo.riskPoints) {
      const level = p.method === 'LEC' ? levelOfLec(p.l * p.e! * p.c!) : levelOfLs(p.l * p.s!)
      worst.set(p.enterprise_id, Math.min(worst.get(p.enterprise_id) ?? 4, level))
    }
    for (const e of demo.enterprises) {
      if (e.risk_level !== null && e.risk_level < 4) expect(worst.get(e.id), e.name).toBe(e.risk_level)
      else expect(worst.has(e.id), e.name).toBe(false)
    }
  })

  it('have few red, more orange, still more yellow, most blue', () => {
    const count = (level: number) => demo.enterprises.filter((e) => e.risk_level === level).length
    expect(count(1)).toBeGreaterThan(8)
    expect(count(1) * 3).toBeLessThan(count(2))
    expect(count(2) * 2).toBeLessThan(count(3))
    expect(count(3) * 2).toBeLessThan(count(4))
  })

  it('take hazards through the loop in its order, each step before now', () => {
    for (const h of demo.hazards) {
      const steps = [h.found_at, h.verified_at, h.assigned_at, h.listed_at, h.submitted_at, h.closed_at]
      const taken = steps.filter((t) => t !== null)
      expect(
        [...taken].sort((a, b) => a - b),
        h.code,
      ).toEqual(taken)
      expect(taken.at(-1)!, h.code).toBeLessThan(today.getTime())
      expect(h.found_at).toBeGreaterThan(today.getTime() - (3 * 365 + 2) * DAY)
      expect(h.state === 'closed', h.code).toBe(h.closed_at !== null)
      if (h.closed_at)
        expect(h.submitted_at && h.assigned_at && h.verified_at && h.reviewer && h.rectifier).toBeTruthy()
      if (h.state === 'rejected') expect(h.verified_by !== null && h.assigned_at === null).toBe(true)
    }
  })

  it('never let the rectifier review', () => {
    for (const h of demo.hazards) if (h.reviewer) expect(h.reviewer, h.code).not.toBe(h.rectifier)
  })

  it('let no major hazard leave assigned without its five assurances', () => {
    for (const h of demo.hazards.filter((x) => x.severity === 'major')) {
      if (['rectifying', 'submitted', 'closed'].includes(h.state)) {
        const five = [
          h.assurance_person,
          h.assurance_funds,
          h.assurance_measures,
          h.assurance_deadline,
          h.assurance_plan,
        ]
        expect(
          five.every((x) => x !== null),
          h.code,
        ).toBe(true)
      }
    }
  })

  it('number hazards by the day they were found, in order', () => {
    const codes = demo.hazards.map((h) => h.code)
    expect(new Set(codes).size).toBe(codes.length)
    expect([...codes].sort()).toEqual(codes)
    for (const row of hazardRows(demo)) {
      const day = new Date(Date.parse(row.found_at!) + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')
      expect(row.code).toMatch(new RegExp(`^YH-${day}-\\d{4}$`))
    }
  })

  it('point only at people, enterprises and grids that exist', () => {
    const people = new Set(demo.people.people.map((p) => p.id))
    const firms = new Set(demo.enterprises.map((e) => e.id))
    const grids = new Set([demo.county, ...demo.county.townships, ...demo.county.villages].map((g) => g.code))
    for (const h of demo.hazards) {
      for (const id of [h.reported_by, h.verified_by, h.assigned_to, h.assigned_by, h.rectifier, h.reviewer]) {
        if (id) expect(people.has(id), h.code).toBe(true)
      }
      if (h.enterprise_id) expect(firms.has(h.enterprise_id)).toBe(true)
    }
    for (const m of demo.people.memberships) expect(people.has(m.user_id) && grids.has(m.grid_code)).toBe(true)
  })

  it('make one township noteworthy: 别山镇 has the most open hazards', () => {
    const township = new Map(demo.county.villages.map((v) => [v.code, v.township]))
    const counts = new Map<string, number>()
    for (const h of open) {
      const code = township.get(h.grid_code ?? '') ?? ''
      counts.set(code, (counts.get(code) ?? 0) + 1)
    }
    expect([...counts].sort((a, b) => b[1] - a[1])[0]![0]).toBe('120119106')
  })
})

describe('the people of the demo county', () => {
  const of = (id: string) =>
    demo.people.memberships.filter((m) => m.user_id === id).map((m) => [m.grid_code, m.position])

  it('hold the positions of the nine sign-ins', () => {
    expect(Object.keys(ACCOUNTS)).toHaveLength(9)
    expect(new Set(Object.values(ACCOUNTS).map((a) => a.id)).size).toBe(9)
    expect(of(ACCOUNTS.leader.id)).toEqual([['120119', 'leader']])
    expect(of(ACCOUNTS.town.id)).toEqual([['120119106', 'leader']])
    expect(of(ACCOUNTS.town2.id)).toEqual([['120119105', 'leader']])
    expect(of(ACCOUNTS.village.id)).toEqual([[DEMO_VILLAGE, 'leader']])
    expect(of(ACCOUNTS.member.id)).toEqual([[DEMO_VILLAGE, 'member']])
    expect(of(ACCOUNTS.duty.id)).toEqual([['120119', 'duty']])
    expect(demo.people.officers.find((o) => o.user_id === ACCOUNTS.officer.id)?.department).toBe('emergency')
    expect(SECTORS.find((s) => s.name === '危险化学品')?.department).toBe('emergency')
    expect(demo.enterpriseOfDemo.grid_code).toBe(DEMO_VILLAGE)
    for (const { id } of Object.values(ACCOUNTS)) expect(demo.people.people.some((p) => p.id === id)).toBe(true)
  })

  it('lead every township and all villages but a few', () => {
    const led = new Set(demo.people.memberships.filter((m) => m.position === 'leader').map((m) => m.grid_code))
    for (const { code } of demo.county.townships) expect(led.has(code)).toBe(true)
    expect(demo.county.villages.filter((v) => !led.has(v.code))).toHaveLength(7)
  })

  it('have telephone numbers of nobody, each its own', () => {
    for (const { phone } of demo.people.people) expect(phone).toMatch(/^1390000\d{4}$/)
    expect(new Set(demo.people.people.map((p) => p.phone)).size).toBe(demo.people.people.length)
  })

  it('add up: the township counts its villages, the county its townships', () => {
    const sum = (codes: { code: string }[]) => codes.reduce((total, { code }) => total + demo.population.get(code)!, 0)
    for (const { code } of demo.county.townships) {
      expect(sum(demo.county.villages.filter((v) => v.township === code))).toBe(demo.population.get(code))
    }
    expect(sum(demo.county.townships)).toBe(demo.population.get('120119'))
  })
})
