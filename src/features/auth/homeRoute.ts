import type { Me } from './me'

export interface HomeRoute {
  path: '/map' | '/import' | '/desk' | '/work' | '/m/'
  query: Record<string, string>
}

// An enterprise looks for itself first; the symbols of enterprises are off for everyone else, for quiet.
const ENTERPRISE_LAYERS = 'risk,borders,labels,hazards,enterprises'

/**
 * The first screen after sign-in: what this person's position is answerable for. One person can hold several; the
 * widest counts.
 * @param phone small and held in a hand: who works outdoors begins with what a thumb can do
 */
export function homeRoute(me: Me, phone = false): HomeRoute {
  const map = (query: Record<string, string> = {}): HomeRoute => ({ path: '/map', query })
  // Before the first grid there is nothing on a map; an administrator begins by importing.
  if (me.admin) return me.root ? map() : { path: '/import', query: {} }
  const widest = [...me.positions].sort((a, b) => a.level - b.level)
  const own = widest.find(({ position }) => position !== 'duty')
  if (own?.level === 1) return map()
  if (widest.some(({ position }) => position === 'duty')) return { path: '/desk', query: {} }
  // In a village one works rather than looks on.
  if (own && own.level > 2) return { path: phone ? '/m/' : '/work', query: {} }
  if (own) return map({ grid: own.code })
  const sectors = [...new Set(me.departments.flatMap((department) => department.sectors))]
  // The link holds one sector. Who has several already sees only these: no filter is all of them.
  if (me.departments.length) return map(sectors.length === 1 ? { sector: String(sectors[0]) } : {})
  const enterprise = me.enterprises[0]
  if (enterprise && phone) return { path: '/m/', query: {} }
  return map(enterprise ? { sel: `enterprise:${enterprise.id}`, layers: ENTERPRISE_LAYERS } : {})
}
