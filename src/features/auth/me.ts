/** A right over a grid. */
export interface Position {
  grid_id: number
  code: string
  name: string
  /** 1 county, 2 township, 3 village */
  level: number
  position: 'leader' | 'deputy' | 'member' | 'duty'
}

interface Sector {
  id: number
  code: string
  name: string
  department_id: number | null
  department: string | null
}

/** 隐患类别; a retired one is in old records only. */
export interface Category {
  id: number
  code: string
  name: string
  retired: boolean
}

/** Who is signed in and what they may see: the answer of the RPC `me`. */
export interface Me {
  user_id: string
  name: string | null
  title: string | null
  phone: string | null
  photo_path: string | null
  admin: boolean
  positions: Position[]
  /** `sectors` are ids of `Me.sectors`. */
  departments: { id: number; name: string; grid_id: number; sectors: number[] }[]
  enterprises: { id: string; name: string; grid_id: number | null }[]
  /** The smallest grid that holds all of the scope; bbox is [west, south, east, north] in degrees. */
  root: {
    grid_id: number
    code: string
    name: string
    level: number
    bbox: [number, number, number, number] | null
  } | null
  sectors: Sector[]
  /** Absent in what a phone kept from before there were any. */
  categories?: Category[]
  settings: { bounds?: [number, number, number, number] | null; demo?: boolean; county_name?: string }
  scope_version: string
}

/** Signed in, but nobody has given this person anything to do yet. */
export function hasNoRight(me: Me): boolean {
  return !me.admin && !me.positions.length && !me.departments.length && !me.enterprises.length
}

/** A path inside this app and nothing else: what follows `next=` may come from a stranger's link. */
export function safeNext(next: unknown): string | null {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : null
}

/** What somebody is, in one word (a key of `auth.position`) and where: the widest of all they hold. */
export interface PositionWord {
  word: 'admin' | 'countyLeader' | 'leader' | 'deputy' | 'member' | 'duty' | 'officer' | 'enterprise' | 'none'
  at: string
}

/** The position that goes beside somebody's name. */
export function positionOf(me: Me): PositionWord {
  const [first] = [...me.positions].sort((a, b) => a.level - b.level)
  const leads = first?.level === 1 && (first.position === 'leader' || first.position === 'deputy')
  if (leads) return { word: 'countyLeader', at: first.name }
  if (me.admin) return { word: 'admin', at: me.root?.name ?? '' }
  if (first) return { word: first.position, at: first.name }
  const department = me.departments[0]
  if (department) return { word: 'officer', at: department.name }
  const enterprise = me.enterprises[0]
  return enterprise ? { word: 'enterprise', at: enterprise.name } : { word: 'none', at: '' }
}
