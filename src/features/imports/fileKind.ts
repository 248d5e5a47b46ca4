import { MAX_FILE_BYTES } from '../../files/fileIssue'
import type { Failure, ImportKind } from './importSession'

/** Endings that each kind accepts, as the file dialog wants them. */
export const ACCEPTED: Record<ImportKind, string[]> = {
  grids: ['.zip', '.geojson', '.json', '.topojson', '.kml', '.kmz'],
  enterprises: ['.csv', '.xlsx', '.tsv', '.txt'],
  hazards: ['.csv', '.xlsx', '.tsv', '.txt'],
  riskPoints: ['.csv', '.xlsx', '.tsv', '.txt'],
}

/** Endings that people try, and the words that help them on. */
const REFUSED: Record<string, string> = {
  '.shp': 'bareShapefile',
  '.dbf': 'bareShapefile',
  '.shx': 'bareShapefile',
  '.prj': 'bareShapefile',
  '.xls': 'oldExcel',
  '.et': 'oldExcel',
  '.rar': 'otherArchive',
  '.7z': 'otherArchive',
  '.gz': 'otherArchive',
  '.dwg': 'drawing',
  '.dxf': 'drawing',
  '.mdb': 'geodatabase',
  '.gdb': 'geodatabase',
  '.gpkg': 'geodatabase',
}

/** The ending of a file name in lower case with its dot, '' without one. */
function ending(name: string): string {
  return /\.[^.\\/]+$/.exec(name)?.[0].toLowerCase() ?? ''
}

/**
 * What a file is for, judged by name and size only: nothing is read before its size is known to be bearable.
 * @returns the kind, or why the file is not taken.
 */
export function judgeFile(file: { name: string; size: number }): { kind: ImportKind } | { failure: Failure } {
  const end = ending(file.name)
  const kind = (Object.keys(ACCEPTED) as ImportKind[]).find((each) => ACCEPTED[each].includes(end))
  if (!kind) return { failure: { code: REFUSED[end] ?? 'wrongType', params: { name: file.name, ending: end || '—' } } }
  if (file.size === 0) return { failure: { code: 'empty', params: { name: file.name } } }
  if (file.size > MAX_FILE_BYTES) {
    const params = { name: file.name, size: Math.ceil(file.size / 1048576), most: MAX_FILE_BYTES / 1048576 }
    return { failure: { code: 'tooLarge', params } }
  }
  return { kind }
}
