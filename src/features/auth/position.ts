import type { Me, Position } from './me'

/** Which word of `auth.position` says what somebody is. */
export type PositionWord = Position['position'] | 'countyLeader' | 'admin' | 'officer' | 'enterprise' | 'none'

/** What stands under a person's name: the word of the position and the place where it is held. */
export function positionOf(me: Me): { word: PositionWord; at: string } {
  if (me.admin) return { word: 'admin', at: '' }
  const widest = [...me.positions].sort((a, b) => a.level - b.level)[0]
  if (widest) {
    const county = widest.level === 1 && widest.position === 'leader'
    return { word: county ? 'countyLeader' : widest.position, at: widest.name }
  }
  if (me.departments[0]) return { word: 'officer', at: me.departments[0].name }
  if (me.enterprises[0]) return { word: 'enterprise', at: me.enterprises[0].name }
  return { word: 'none', at: '' }
}
