/** The nine sign-ins of the demo county, by position. They exist only together with the demo data. */
export const DEMO_PEOPLE = [
  'leader',
  'town',
  'town2',
  'village',
  'member',
  'duty',
  'officer',
  'enterprise',
  'admin',
] as const

export type DemoPerson = (typeof DEMO_PEOPLE)[number]

export const DEMO_PASSWORD = 'safegrid-demo'
export const demoEmail = (person: DemoPerson): string => `${person}@demo.local`
