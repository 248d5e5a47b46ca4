/** A page one can go to from everywhere. */
export interface NavItem {
  path: string
  /** Message key of its name. */
  title: string
  keys: string
}

const ITEMS: readonly NavItem[] = [
  { path: '/map', title: 'screens.nav.map', keys: 'g m' },
  { path: '/command', title: 'screens.nav.command', keys: 'g c' },
  { path: '/industries', title: 'screens.nav.industries', keys: 'g s' },
  { path: '/warnings', title: 'screens.nav.warnings', keys: 'g y' },
  { path: '/work', title: 'screens.nav.work', keys: 'g w' },
  { path: '/desk', title: 'screens.nav.desk', keys: 'g d' },
  { path: '/enterprises', title: 'screens.nav.enterprises', keys: 'g e' },
  { path: '/hazards', title: 'screens.nav.hazards', keys: 'g h' },
  { path: '/accidents', title: 'screens.nav.accidents', keys: 'g a' },
  { path: '/import', title: 'screens.nav.import', keys: 'g i' },
]

type Asker = { admin: boolean; positions: readonly { position: string }[]; departments?: readonly unknown[] }

/** Whether a person keeps watch, or answers for what is watched: who may acknowledge. */
const watches = (me: Asker): boolean => me.admin || me.positions.some(({ position }) => position !== 'member')

/** Whether a person leads, or judges an industry: for whom the command screen and the industries say something. */
const commands = (me: Asker): boolean => watches(me) || Boolean(me.departments?.length)

/** The pages a person may open. */
export function navItems(me: Asker | null): NavItem[] {
  const hidden = new Set([
    ...(me?.admin ? [] : ['/import']),
    ...(me && watches(me) ? [] : ['/desk']),
    ...(me && commands(me) ? [] : ['/command', '/industries']),
  ])
  return ITEMS.filter((item) => !hidden.has(item.path))
}
