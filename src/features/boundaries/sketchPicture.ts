// What is being drawn, and its measure beside it. Pure.
import type { Feature } from 'geojson'
import type { Position } from '../../geo/coverage/types'
import { areaM2 } from '../../geo/measure'
import { areaWords, lengthWords } from './areaWords'
import { asFeature } from './boundaryLayer'
import type { Sketch, ToolName } from './deskStore'
import { lengthOf } from './length'

/** Lines, areas and points of a sketch; properties role and, where it is measured, word. */
export function sketchFeatures(tool: ToolName, sketch: Sketch, locale: string): Feature[] {
  const { points, lines, cursor, done, snapped } = sketch
  const path: Position[] = cursor && !done ? [...points, cursor] : [...points]
  const features: Feature[] = lines.map((line) => lineOf([...line], 'line'))
  const area = tool === 'draw' || tool === 'give'
  if (path.length > 1) {
    if (area && path.length > 2) {
      const ring = [...path, path[0]!]
      features.push(asFeature({ type: 'Polygon', coordinates: [ring] }, { role: tool === 'give' ? 'taken' : 'fill' }))
    } else features.push(lineOf(path, 'line'))
  }
  points.forEach((at, i) => {
    features.push(asFeature({ type: 'Point', coordinates: at }, { role: i === 0 && area ? 'first' : 'point' }))
  })
  if (cursor && !done && snapped) features.push(asFeature({ type: 'Point', coordinates: cursor }, { role: 'snap' }))
  const word = wordOf(tool, path, locale)
  const at = path.at(-1)
  if (word && at) features.push(asFeature({ type: 'Point', coordinates: at }, { role: 'word', word }))
  return features
}

const lineOf = (points: Position[], role: string): Feature =>
  asFeature({ type: 'LineString', coordinates: points }, { role })

function wordOf(tool: ToolName, path: readonly Position[], locale: string): string {
  if (path.length < 2) return ''
  const length = lengthWords(lengthOf(path), locale)
  if (tool === 'split') return length
  if (path.length < 3) return length
  const area = areaWords(areaM2({ type: 'Polygon', coordinates: [[...path, path[0]!]] }), locale)
  return tool === 'measure' ? `${length}\n${area}` : area
}
