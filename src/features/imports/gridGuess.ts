import type { GridFile } from '../../files/gridFile'
import { cellText, type ExistingGrid, parentByPrefix } from './gridDraft'
import type { Columns, GridOptions } from './importSession'

export const GRID_FIELDS = ['code', 'name', 'parent', 'kind', 'population'] as const

/** Column names people use, most telling first. The parent comes before the code: 上级编码 holds 编码. */
const HEADERS: [string, RegExp[]][] = [
  ['parent', [/^(parent|pid|up_?code|sjdm|fdm)/i, /(上级|父级|所属|隶属).*(编码|代码|编号|code)?/i]],
  [
    'code',
    [
      /^(code|gridcode|grid_code|wgbm|wgdm|xzqdm|zldwdm|qxdm|bm|dm)$/i,
      /(网格|区划|行政区|村|社区|乡镇|街道).*(编码|代码|编号)/,
      /(编码|代码|编号)/,
      /code/i,
      /(dm|bm)$/i,
      /^(id|gid)$/i,
    ],
  ],
  [
    'name',
    [
      /^(name|gridname|grid_name|wgmc|xzqmc|zldwmc|mc)$/i,
      /(网格|区划|行政区|村|社区|乡镇|街道).*(名称|名)/,
      /(名称|名字)/,
      /name/i,
      /mc$/i,
    ],
  ],
  ['kind', [/^(kind|type|lx|wglx)$/i, /(网格)?(类型|类别)/]],
  ['population', [/^(population|pop|rk|rks)$/i, /人口/]],
]

/** Which column is what, by its name; a column is given away once. */
export function guessGridColumns(names: string[]): Columns {
  const columns: Columns = {}
  const free = new Set(names)
  for (const [field, patterns] of HEADERS) {
    for (const pattern of patterns) {
      const hit = [...free].find((name) => pattern.test(name.trim()))
      if (!hit) continue
      columns[field] = hit
      free.delete(hit)
      break
    }
  }
  return columns
}

/** How the grids of a file most likely find their parent. */
export function guessParents(file: GridFile, columns: Columns, existing: ExistingGrid[]): Partial<GridOptions> {
  if (columns.parent) return { parentMode: 'column' }
  const root = existing.find((grid) => grid.parent_id === null)
  if (!root && file.features.length === 1) return { parentMode: 'root' }
  const codes = columns.code ? file.features.map((feature) => cellText(feature.properties?.[columns.code!])) : []
  const known = new Set([...existing.map((grid) => grid.code), ...codes])
  const found = codes.filter((code) => code && parentByPrefix(code, known) !== null).length
  if (found > codes.length / 2 || !root) return { parentMode: 'prefix' }
  return { parentMode: 'under', under: root.code }
}

/** The first few values of a column that say something, for the person who maps it. */
export function samplesOf(values: Iterable<unknown>, most = 3): string[] {
  const seen = new Set<string>()
  for (const value of values) {
    const text = cellText(value)
    if (text) seen.add(text)
    if (seen.size >= most) break
  }
  return [...seen]
}
