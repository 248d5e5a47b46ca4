/** A page one can go to from everywhere. */
export interface NavItem {
  path: string
  /** Message key of its name. */
  title: string
  keys: string
}

const ITEMS: readonly NavItem[] = [
  { path: '/map', title: 'screens.nav.map', keys: 'g m' },
  { path: '/work', title: 'screens.nav.work', keys: 'g w' },
  { path: '/enterprises', title: 'screens.nav.enterprises', keys: 'g e' },
  { path: '/hazards', title: 'screens.nav.hazards', keys: 'g h' },
  { path: '/import', title: 'screens.nav.import', keys: 'g i' },
]

/** The pages a person may open. */
export function navItems(me: { admin: boolean } | null): NavItem[] {
  return ITEMS.filter((item) => item.path !== '/import' || me?.admin)
}
