import type { Feature, MultiPolygon, Polygon } from 'geojson'
import { describe, expect, it } from 'vitest'
import { guessGridColumns } from '../../src/files/guessColumns'
import { readGridFile } from '../../src/files/readGridFile'
import { squareGrid } from './make/geojson'
import { jizhouShapefile } from './make/jizhouShapefile'

describe('a shapefile as a bureau would send it', () => {
  const holed = squareGrid('120119106002', '喆峰村', 117.5, 40.1)
  holed.geometry.coordinates.push([
    [117.502, 40.102],
    [117.502, 40.104],
    [117.504, 40.104],
    [117.504, 40.102],
    [117.502, 40.102],
  ])
  holed.properties = { code: '120119106002', name: '喆峰村', parent_code: '120119106', population: 812 }
  const parts: Feature<MultiPolygon> = {
    type: 'Feature',
    properties: { code: '120119106003', name: '飞地村' },
    geometry: {
      type: 'MultiPolygon',
      coordinates: [117.6, 117.7].map((x) => squareGrid('', '', x, 40.2).geometry.coordinates),
    },
  }
  const villages: Feature<Polygon | MultiPolygon>[] = [squareGrid('120119106001', '东村', 117.4, 40.05), holed, parts]

  it('comes back where and as it was, nothing asked', async () => {
    const file = await readGridFile('村级网格.zip', jizhouShapefile(villages))
    expect(file.error).toBeUndefined()
    expect(file.warnings).toEqual([])
    expect(file).toMatchObject({ crs: 'EPSG:4527', encoding: 'gb18030', layer: '村级网格', total: 3 })
    expect(file.features.map((f) => f.properties.名称)).toEqual(['东村', '喆峰村', '飞地村'])
    expect(file.features.map((f) => f.properties.人口)).toEqual([null, 812, null])
    expect(
      guessGridColumns(
        file.columns,
        file.features.map((f) => f.properties),
      ),
    ).toMatchObject({
      code: { column: '编码' },
      name: { column: '名称' },
      parent_code: { column: '上级编码' },
      population: { column: '人口' },
    })
    file.features.forEach((feature, i) => {
      const corners = (geometry: Polygon | MultiPolygon) =>
        (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates)
          .map((part) =>
            part.map((ring) =>
              ring
                .slice(1)
                .map((p) => p.map((v) => v.toFixed(7)).join(' '))
                .sort(),
            ),
          )
          .sort((a, b) => String(a).localeCompare(String(b)))
      expect(corners(feature.geometry)).toEqual(corners(villages[i]!.geometry))
    })
  })
})
