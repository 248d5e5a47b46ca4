import type { Feature, Polygon } from 'geojson'
import { encodeUtf8 } from './gbk'

/** A counter-clockwise square with its lower left corner at (x, y), as a grid with its attributes. */
export function squareGrid(code: string, name: string, x: number, y: number, side = 0.01): Feature<Polygon> {
  const round = (v: number) => Math.round(v * 1e9) / 1e9
  const coordinates = [
    [
      [x, y],
      [round(x + side), y],
      [round(x + side), round(y + side)],
      [x, round(y + side)],
      [x, y],
    ],
  ]
  return { type: 'Feature', properties: { code, name }, geometry: { type: 'Polygon', coordinates } }
}

/** Bytes of a FeatureCollection; features may be anything, so that broken ones can be made. */
export function collection(features: unknown[], more: object = {}): Uint8Array {
  return encodeUtf8(JSON.stringify({ type: 'FeatureCollection', ...more, features }))
}
