import type { EnterprisePoints } from '../../src/features/enterprises/enterprise'
import type { GridFeature } from '../../src/features/grids/grid'
import type { HazardPoints } from '../../src/features/hazards/hazard'

function grid(
  id: number,
  code: string,
  name: string,
  level: number,
  parent: number | null,
  box: number[],
): GridFeature {
  const [w = 0, s = 0, e = 0, n = 0] = box
  return {
    type: 'Feature',
    id,
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [w, s],
          [e, s],
          [e, n],
          [w, n],
          [w, s],
        ],
      ],
    },
    properties: {
      id,
      code,
      name,
      level,
      kind: 'area',
      parent_id: parent,
      version: 1,
      leader: level === 2 ? '孟宪国' : null,
      center: [(w + e) / 2, (s + n) / 2],
    },
  }
}

/** A county of two townships with two villages each. */
export const county: GridFeature[] = [
  grid(1, '120119', '蓟州区', 1, null, [117, 39.6, 117.8, 40.2]),
  grid(2, '120119106', '别山镇', 2, 1, [117, 39.6, 117.4, 40.2]),
  grid(3, '120119104', '邦均镇', 2, 1, [117.4, 39.6, 117.8, 40.2]),
  grid(4, '120119106201', '别山村村委会', 3, 2, [117, 39.6, 117.2, 40.2]),
  grid(5, '120119106200', '周庄子村村委会', 3, 2, [117.2, 39.6, 117.4, 40.2]),
  grid(6, '120119104200', '邦均村村委会', 3, 3, [117.4, 39.6, 117.6, 40.2]),
  grid(7, '120119104201', '<b>东后街</b>', 3, 3, [117.6, 39.6, 117.8, 40.2]),
]

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

export const enterprisePoints: EnterprisePoints = {
  id: [1, 2, 3, 4, 5].map(uuid),
  lon: [117.1, 117.1, 117.3, 117.5, 119],
  lat: [39.9, 39.9, 39.9, 39.9, 39.9],
  level: [1, 2, 0, 4, 3],
  sector: [10, 10, 11, 11, 10],
  status: ['active', 'active', 'suspended', 'active', 'active'],
  name: ['甲', '乙', '丙', '丁', '戊'],
  grid: [4, 4, 5, 6, null],
  total: 5,
  truncated: false,
}

export const hazardPoints: HazardPoints = {
  id: [11, 12, 13, 14].map(uuid),
  lon: [117.1, 117.3, 117.5, 119],
  lat: [39.9, 39.9, 39.9, 39.9],
  level: [1, 3, 3, 3],
  sector: [10, 11, 10, 10],
  status: ['reported', 'rectifying', 'submitted', 'verified'],
  overdue: [true, false, true, false],
  title: ['一', '二', '三', '四'],
  grid: [4, 5, 6, null],
  total: 4,
  truncated: false,
}
