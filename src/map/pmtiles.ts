import { addProtocol } from 'maplibre-gl'
import { Protocol } from 'pmtiles'

let known = false

/** Teaches the map to read `pmtiles://`. Imported only by deployments that use it. */
export function preparePmtiles(): void {
  if (known) return
  known = true
  addProtocol('pmtiles', new Protocol().tile)
}
