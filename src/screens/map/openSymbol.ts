import type { EnterprisePoints } from '../../features/enterprises/enterprise'
import { enterpriseImages } from '../../features/enterprises/enterpriseLayer'
import { type HazardPoints, stageOf } from '../../features/hazards/hazard'
import { hazardSymbol } from '../../features/hazards/hazardLayer'
import type { Palette } from '../../map/palette'
import type { SymbolSpec } from '../../map/symbols'
import type { MapLink } from './mapLink'

/** The symbol of the enterprise or hazard that is open, whether or not its layer is on; null while it is not known. */
export function openSymbol(
  sel: MapLink['sel'],
  enterprises: EnterprisePoints,
  hazards: HazardPoints,
  palette: Palette,
): SymbolSpec | null {
  if (!sel) return null
  if (sel.kind === 'enterprise') {
    const at = enterprises.id.indexOf(sel.id)
    return at < 0 ? null : (enterpriseImages(palette)[`enterprise-${enterprises.level[at] ?? 0}`] ?? null)
  }
  const at = hazards.id.indexOf(sel.id)
  if (at < 0) return null
  const level = hazards.level[at] === 1 ? 1 : 3
  return hazardSymbol(level, stageOf(hazards.status[at] ?? 'assigned'), hazards.overdue[at] ?? false, palette)
}
