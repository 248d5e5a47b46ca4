import type { Point } from './plane.ts'

/**
 * Where the seat of each township lies, WGS84 [lon, lat]. The ten marked G are GeoNames places (CC BY 4.0); 桑梓镇 is
 * moved 1.2 km east, into the schematic outline. The others are placed by hand: a sketch of how the county lies, no
 * survey. `hearts` is where the township's land lies when not around its seat; `room` is how much land one of its
 * villages takes against an ordinary one (mountain villages are wide, communities of the town are narrow).
 */
export interface Town {
  code: string
  seat: Point
  hearts?: readonly Point[]
  room?: number
}

export const TOWNS: readonly Town[] = [
  { code: '120119001', seat: [117.407, 40.043], room: 0.16 },
  { code: '120119100', seat: [117.392, 40.062], hearts: [[117.395, 40.075]], room: 0.62 },
  { code: '120119101', seat: [117.39639, 39.9825] /* G */, room: 0.75 },
  { code: '120119102', seat: [117.292, 40.052], hearts: [[117.3, 40.07]], room: 1.35 },
  { code: '120119103', seat: [117.567, 40.078], room: 1.0 },
  { code: '120119104', seat: [117.452, 40.182], room: 1.9 },
  { code: '120119105', seat: [117.26278, 39.99111] /* G */, hearts: [[117.27, 40.005]], room: 0.8 },
  { code: '120119106', seat: [117.466, 39.945], room: 0.95 },
  { code: '120119108', seat: [117.24611, 39.90583] /* G */, hearts: [[117.25, 39.9]], room: 0.95 },
  { code: '120119109', seat: [117.38806, 39.89944] /* G */, hearts: [[117.375, 39.915]], room: 0.75 },
  {
    code: '120119111',
    seat: [117.41667, 39.78639] /* G */,
    hearts: [
      [117.395, 39.79],
      [117.29, 39.79],
    ],
    room: 0.85,
  },
  { code: '120119112', seat: [117.372, 40.132], hearts: [[117.38, 40.15]], room: 1.7 },
  { code: '120119113', seat: [117.20861, 39.99417] /* G */, hearts: [[117.205, 40.005]], room: 1.0 },
  {
    code: '120119115',
    seat: [117.318, 39.838],
    hearts: [
      [117.31, 39.83],
      [117.235, 39.825],
    ],
    room: 0.95,
  },
  { code: '120119116', seat: [117.172, 39.9056] /* G, moved */, hearts: [[117.18, 39.92]], room: 0.85 },
  { code: '120119117', seat: [117.452, 39.873], hearts: [[117.46, 39.885]], room: 1.2 },
  { code: '120119118', seat: [117.478, 39.822], room: 1.3 },
  { code: '120119119', seat: [117.39806, 39.885] /* G */, hearts: [[117.395, 39.85]], room: 0.85 },
  { code: '120119120', seat: [117.715, 40.022], hearts: [[117.72, 40.02]], room: 1.25 },
  { code: '120119121', seat: [117.642, 40.048], hearts: [[117.64, 40.03]], room: 1.4 },
  {
    code: '120119122',
    seat: [117.5, 40.108],
    hearts: [
      [117.5, 40.12],
      [117.485, 40.065],
    ],
    room: 1.35,
  },
  { code: '120119123', seat: [117.27917, 39.9575] /* G */, room: 0.85 },
  { code: '120119124', seat: [117.238, 40.043], hearts: [[117.235, 40.05]], room: 1.2 },
  { code: '120119125', seat: [117.332, 39.976], hearts: [[117.33, 39.985]], room: 0.85 },
  { code: '120119126', seat: [117.37, 39.94889] /* G */, hearts: [[117.35, 39.945]], room: 0.85 },
  {
    code: '120119127',
    seat: [117.478, 39.996],
    hearts: [
      [117.447, 40.018],
      [117.55, 40.02],
    ],
    room: 1.0,
  },
  { code: '120119203', seat: [117.572, 40.125], hearts: [[117.57, 40.14]], room: 2.0 },
  { code: '120119401', seat: [117.352, 40.021], room: 3.2 },
]

/** Neighbouring counties, for the quiet labels outside the border. */
export const REGIONS: readonly { name: string; at: Point }[] = [
  { name: '平谷', at: [117.19, 40.19] },
  { name: '三河', at: [117.125, 40.02] },
  { name: '兴隆', at: [117.62, 40.29] },
  { name: '遵化', at: [117.8, 40.13] },
  { name: '玉田', at: [117.7, 39.86] },
  { name: '宝坻', at: [117.34, 39.69] },
]
