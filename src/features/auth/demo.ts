/** The nine sign-ins that come with the demo county, and only with it. Everybody may know them. */
export const DEMO_SIGN_INS = [
  { email: 'admin@demo.local', position: 'admin' },
  { email: 'leader@demo.local', position: 'leader' },
  { email: 'duty@demo.local', position: 'duty' },
  { email: 'town@demo.local', position: 'town' },
  { email: 'town2@demo.local', position: 'town2' },
  { email: 'village@demo.local', position: 'village' },
  { email: 'member@demo.local', position: 'member' },
  { email: 'officer@demo.local', position: 'officer' },
  { email: 'enterprise@demo.local', position: 'enterprise' },
] as const

export const DEMO_PASSWORD = 'safegrid-demo'
