import type { County } from '../county.ts'
import { type Random, shuffled } from '../random.ts'
import { ACCOUNTS, type Account, BANGJUN, BIESHAN, DEMO_VILLAGE } from './accounts.ts'
import { DEPARTMENTS } from './sectors.ts'
import { demoPhone, personName } from './words.ts'

interface Person {
  id: string
  name: string
  phone: string
  title: string
}

type Position = 'leader' | 'deputy' | 'member' | 'duty'

interface Membership {
  user_id: string
  grid_code: string
  position: Position
  /** Days before the day of seeding. */
  since_days: number
}

/** Who answers for one grid; a blind spot has nobody. */
export interface Crew {
  leader?: Person
  deputy?: Person
  members: Person[]
}

export interface People {
  people: Person[]
  memberships: Membership[]
  officers: { user_id: string; department: string }[]
  crews: Map<string, Crew>
  /** Codes of villages without a leader. */
  leaderless: Set<string>
}

const VILLAGES_WITHOUT_LEADER = 7

/** Everyone who answers for something: county, townships, villages (leader and one or two members), departments. */
export function makePeople(next: Random, county: County, newId: () => string): People {
  const out: People = { people: [], memberships: [], officers: [], crews: new Map(), leaderless: new Set() }
  const add = (title: string, account?: Account): Person => {
    const person = {
      id: account?.id ?? newId(),
      name: account?.name ?? personName(next),
      phone: demoPhone(out.people.length + 1),
      title: account?.title ?? title,
    }
    out.people.push(person)
    return person
  }
  const seat = (person: Person, grid_code: string, position: Position): Person => {
    out.memberships.push({ user_id: person.id, grid_code, position, since_days: 200 + Math.floor(next() * 1200) })
    return person
  }

  add('', ACCOUNTS.admin)
  add('', ACCOUNTS.enterprise)
  out.crews.set(county.code, {
    leader: seat(add('', ACCOUNTS.leader), county.code, 'leader'),
    deputy: seat(add('常务副区长'), county.code, 'deputy'),
    members: [seat(add('副区长'), county.code, 'deputy')],
  })
  seat(add('', ACCOUNTS.duty), county.code, 'duty')
  seat(add('区应急指挥中心值班员'), county.code, 'duty')

  for (const { code, name } of county.townships) {
    const account = code === BIESHAN ? ACCOUNTS.town : code === BANGJUN ? ACCOUNTS.town2 : undefined
    out.crews.set(code, {
      leader: seat(add(`${name}${/区$/.test(name) ? '管委会主任' : '党委书记'}`, account), code, 'leader'),
      deputy: seat(add(`${name}安全生产分管负责人`), code, 'deputy'),
      members: [seat(add(`${name}应急管理办公室主任`), code, 'member'), seat(add(`${name}安监员`), code, 'member')],
    })
  }
  const leaderless = shuffled(
    next,
    county.villages.filter((v) => v.code !== DEMO_VILLAGE),
  )
  for (const { code } of leaderless.slice(0, VILLAGES_WITHOUT_LEADER)) out.leaderless.add(code)
  for (const { code, name } of county.villages) {
    const demo = code === DEMO_VILLAGE
    const head = /社区$/.test(name) ? '社区党委书记' : '村党支部书记'
    const leader = out.leaderless.has(code)
      ? undefined
      : seat(
          add(`${name}${head}`.replace('村村', '村').replace('社区社区', '社区'), demo ? ACCOUNTS.village : undefined),
          code,
          'leader',
        )
    const members = [seat(add(`${name}专职网格员`, demo ? ACCOUNTS.member : undefined), code, 'member')]
    if (next() < 0.45) members.push(seat(add(`${name}兼职网格员`), code, 'member'))
    out.crews.set(code, { leader, members })
  }
  for (const [department, name] of DEPARTMENTS) {
    const first = department === 'emergency' ? add('', ACCOUNTS.officer) : add(`${name}安全监管科科长`)
    for (const officer of [first, add(`${name}安全监管科科员`)]) out.officers.push({ user_id: officer.id, department })
  }
  return out
}

/** Inhabitants of each village: a few hundred in the hills, thousands in a community of the town. */
export function populationOf(next: Random, villageName: string): number {
  const spread = 0.45 + 1.3 * next() * next() + 0.5 * next()
  return Math.round((/社区$/.test(villageName) ? 4200 : 780) * spread)
}
