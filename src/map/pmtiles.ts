import { addProtocol } from 'maplibre-gl'

let ready: Promise<void> | undefined

/** Teaches the map to read `pmtiles://`. Fetched only by deployments that use it. */
export function preparePmtiles(): Promise<void> {
  ready ??= import('pmtiles').then(({ Protocol }) => addProtocol('pmtiles', new Protocol().tile))
  return ready
}
