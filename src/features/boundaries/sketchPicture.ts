// What is being drawn, and its measure beside it. Pure.
import type { Feature } from 'geojson'
import type { Position } from '../../geo/coverage/types'
import { labelPoint } from '../../geo/labelPoint'
import { areaWords, lengthWords } from './areaWords'
import { asFeature } from './boundaryLayer'
import type { Sketch, ToolName } from './deskStore'
import { lengthOf } from './length'
import { measuresOf } from './sketchMeasures'

/**
 * Lines, areas and points of a sketch; properties role and, where it is measured, word.
 * @param cuts what is drawn to be given is a line, not an area
 */
export function sketchFeatures(tool: ToolName, sketch: Sketch, locale: string, cuts = false): Feature[] {
  const { points, lines, cursor, done, snapped } = sketch
  const path: Position[] = cursor && !done ? [...points, cursor] : [...points]
  const features: Feature[] = lines.map((line) => lineOf([...line], 'line'))
  const area = tool === 'draw' || (tool === 'give' && !cuts)
  if (area && path.length > 2) {
    features.push(areaOf(path, tool === 'give' ? 'taken' : 'fill'))
  } else if (path.length > 1) {
    if (tool === 'measure') features.push(...around(path))
    features.push(lineOf(path, 'line'))
  }
  points.forEach((at, i) => {
    features.push(asFeature({ type: 'Point', coordinates: at }, { role: i === 0 && area ? 'first' : 'point' }))
  })
  if (cursor && !done && snapped) features.push(asFeature({ type: 'Point', coordinates: cursor }, { role: 'snap' }))
  features.push(...wordsOf(tool, path, locale))
  return features
}

const lineOf = (points: Position[], role: string): Feature =>
  asFeature({ type: 'LineString', coordinates: points }, { role })
const areaOf = (path: Position[], role: string): Feature =>
  asFeature({ type: 'Polygon', coordinates: [[...path, path[0]!]] }, { role })

/** What a line would enclose: a tint, and dashes back to where it began. */
const around = (path: Position[]): Feature[] =>
  path.length < 3 ? [] : [areaOf(path, 'tint'), lineOf([path.at(-1)!, path[0]!], 'dash')]

function wordsOf(tool: ToolName, path: Position[], locale: string): Feature[] {
  if (path.length < 2) return []
  const { length, area } = measuresOf(path)
  const word = (at: Position, words: string, role: string) =>
    asFeature({ type: 'Point', coordinates: at }, { role, word: words })
  const last = path.at(-1)!
  const inside = (): Position => labelPoint({ type: 'Polygon', coordinates: [[...path, path[0]!]] })
  if (tool === 'measure') {
    // legs give way to each other and to the sums
    const legs = path
      .slice(1)
      .map((b, i) =>
        word([(path[i]![0] + b[0]) / 2, (path[i]![1] + b[1]) / 2], lengthWords(lengthOf([path[i]!, b]), locale), 'leg'),
      )
    return [
      word(last, lengthWords(length, locale), 'word'),
      ...(area === null ? [] : [word(inside(), areaWords(area, locale), 'inside')]),
      ...(path.length > 2 ? legs : []),
    ]
  }
  if (tool === 'split' || area === null) return [word(last, lengthWords(length, locale), 'word')]
  return [word(inside(), areaWords(area, locale), 'inside')]
}
